"""Compounds on a map, and the sheet of one compound."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import strawberry
from strawberry.types import Info

from schema import ids
from schema.arguments import conditions, given
from schema.codes import shown
from schema.context import Context
from schema.fields import TYPES
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads.compounds import Problems, Window, pins, problems
from schema.shapes import Figure
from schema.types.codes.places import GovernanceForm
from schema.viewer import ViewerKind


@strawberry.input(description="Map window; south < north, west < east.")
class GeoBox:
    """A part of the map, in degrees of WGS 84."""

    south: float = strawberry.field(description="Latitude.")
    north: float = strawberry.field(description="Latitude.")
    west: float = strawberry.field(description="Longitude.")
    east: float = strawberry.field(description="Longitude.")


@strawberry.type(description="Compound as a map pin; flat on purpose.")
class CompoundPin:
    """A compound and what a map shows of it."""

    row: strawberry.Private[Mapping[str, Any]]

    @shown("Compound.")
    def id(self) -> strawberry.ID:
        """Its global id."""
        return strawberry.ID(ids.encode(TYPES["Compound"].tag, self.row["id"]))

    @shown("Name.")
    def name(self) -> str:
        """Of the compound."""
        return str(self.row["name"])

    @shown("Latitude.")
    def lat(self) -> float:
        """Degrees."""
        return float(self.row["latitude"])

    @shown("Longitude.")
    def lng(self) -> float:
        """Degrees."""
        return float(self.row["longitude"])

    @shown("Form now.")
    def form(self) -> GovernanceForm | None:
        """Null where none is recorded for today."""
        return GovernanceForm(self.row["form"]) if self.row["form"] else None

    @shown("Covered now.")
    def covered(self) -> bool:
        """As recorded for today."""
        return bool(self.row["covered"])

    @shown("Open findings, cases and escalations; 0 for PUBLIC.")
    async def open_problems(self, info: Info[Context, None]) -> int:
        """Those the caller may see."""
        reader = info.context.reader
        if reader.viewer.kinds == (ViewerKind.PUBLIC,):
            return 0
        found: Problems = await reader.load("problems", partial(problems, reader.at), self.row["id"])
        return found.findings + found.cases


def window(_row: object, arguments: Mapping[str, Any]) -> Window:
    """The window asked for; one that is turned round or leaves the earth is refused."""
    box: GeoBox = arguments["box"]
    finite = all(map(math.isfinite, (box.south, box.north, box.west, box.east)))
    if not (finite and -90 <= box.south < box.north <= 90 and -180 <= box.west < box.east <= 180):
        raise BadInput(
            "地图范围须 south < north、west < east，纬度在 ±90、经度在 ±180 之内。",
            "A map window has south < north and west < east, latitudes within ±90 and longitudes within ±180.",
        )
    asked = conditions({}, {"filter": arguments["filter"]}) if given(arguments.get("filter")) else ()
    return Window(box.south, box.north, box.west, box.east, asked)


async def pinned(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The pins of each window."""
    return {key: [CompoundPin(row=row) for row in await turn.fetch(pins(key, at))] for key in keys}


PINS = Figure(pinned, window)


@strawberry.type(description="Operations sheet of one compound (作战图).")
class OperationsSheet:
    """What stands open at a compound."""

    problems: strawberry.Private[Problems]

    @shown("Findings not closed.")
    def open_findings(self) -> int:
        """Those the caller may see."""
        return self.problems.findings

    @shown("Cases not closed.")
    def open_complaints(self) -> int:
        """Those the caller may see."""
        return self.problems.cases


async def sheets(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The sheet of each compound."""
    return {key: OperationsSheet(problems=each) for key, each in (await problems(at, turn, keys)).items()}
