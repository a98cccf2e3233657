"""Entries of the red, yellow and black lists that the rules put forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import strawberry

from schema import tables
from schema.arguments import where
from schema.directives import PUBLIC
from schema.fields import column, descending, identity, one, own, stored
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.listings import rules, streaks
from schema.shapes import AnyOf, Equal, Figure, OfficialRun, column_of
from schema.types.codes.scores import ListColour, ListingState
from schema.types.node import Node
from schema.types.rules import Clause

if TYPE_CHECKING:
    from schema.types.companies import Company
    from schema.types.places import Compound
    from schema.types.scores import Cycle

LISTING = tables.Listing
OF_NEWEST = OfficialRun(column_of(LISTING.run_id))
"""Of the newest official run of its cycle; what older runs put forward is past."""


NEWEST_ENTRY = descending(LISTING.id)
"""Entries as they were put forward, the last first: ids grow with time."""


def of_rule(row: Mapping[str, Any], _arguments: object) -> object:
    """The key of the rule behind an entry."""
    return row["run_id"], row["colour"]


def of_subject(row: Mapping[str, Any], _arguments: object) -> object:
    """The key of a streak: whose entry, on which list, in which cycle."""
    return row["company_id"], row["compound_id"], row["colour"], row["cycle_id"]


async def clauses(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The rule behind each entry."""
    return {key: Clause(rule=rule) for key, rule in (await rules(at, turn, keys)).items()}


@strawberry.input(description="List entries wanted.")
class ListingFilter:
    """Conditions on list entries."""

    colours: list[ListColour] | None = where(AnyOf((column_of(LISTING.colour),)), "List.")
    cycle_id: strawberry.ID | None = where(Equal(column_of(LISTING.cycle_id)), "Cycle.")
    states: list[ListingState] | None = where(AnyOf((column_of(LISTING.state),)), "State.")


@stored(LISTING, "Li", "Entry of a red, yellow or black list.", marks=[PUBLIC], visible=[OF_NEWEST])
class Listing(Node):
    """An entry; until people publish it, it is put forward only."""

    id: strawberry.ID = identity(LISTING)
    colour: ListColour = column(LISTING.colour, "List.")
    company: Company | None = one(LISTING.company_id, "Company; null = entry of a compound as such.")
    compound: Compound | None = one(LISTING.compound_id, "Set if the entry is for one compound.")
    cycle: Cycle = one(LISTING.cycle_id, "Cycle.")
    state: ListingState = column(LISTING.state, "State.")
    clause: Clause = own(Figure(clauses, of_rule), "Rule that fired.", LISTING.run_id, LISTING.colour)
    streak: int = own(
        Figure(streaks, of_subject),
        "Consecutive cycles on this colour.",
        LISTING.company_id,
        LISTING.compound_id,
        LISTING.colour,
        LISTING.cycle_id,
    )
