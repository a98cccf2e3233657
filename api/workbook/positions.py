"""Positions of compounds: latitude and longitude exchanged, or far from everything else in the district."""

from decimal import Decimal

from api.workbook.columns import Value
from api.workbook.draft import Draft
from api.workbook.flaws import warn

SOUTH, NORTH, WEST, EAST = Decimal(3), Decimal(54), Decimal(73), Decimal(136)
"""China, with its seas."""

AROUND = Decimal(1)
"""A district lies within a degree (about 100 km) of its middle."""

MIDDLE_FROM = 5
"""So many positions say where the middle is."""

Position = tuple[Decimal, Decimal]


def _in_china(latitude: Decimal, longitude: Decimal) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def check_positions(draft: Draft) -> None:
    """Report positions that cannot be right; their rows stay, their positions are not stored."""
    latitudes, longitudes = draft.values["latitude"], draft.values["longitude"]
    found = {
        row: (latitude, longitude)
        for row, (latitude, longitude) in enumerate(zip(latitudes, longitudes, strict=True))
        if isinstance(latitude, Decimal) and isinstance(longitude, Decimal) and row not in draft.skipped
    }
    inside = {row: position for row, position in found.items() if _in_china(*position)}
    middle = _middle(list(inside.values()))
    for row, (latitude, longitude) in found.items():
        if row not in inside:
            swapped = _in_china(longitude, latitude)
            kind = "lat_lon_swapped" if swapped else "coordinate_out_of_range"
            _drop(draft, row, "latitude", kind, _span((SOUTH, WEST), (NORTH, EAST)))
        elif middle and max(abs(latitude - middle[0]), abs(longitude - middle[1])) > AROUND:
            field = "latitude" if abs(latitude - middle[0]) > AROUND else "longitude"
            low, high = (middle[0] - AROUND, middle[1] - AROUND), (middle[0] + AROUND, middle[1] + AROUND)
            _drop(draft, row, field, "coordinate_out_of_range", _span(low, high))


def _middle(positions: list[Position]) -> Position | None:
    if len(positions) < MIDDLE_FROM:
        return None
    half = len(positions) // 2
    latitudes, longitudes = sorted(position[0] for position in positions), sorted(position[1] for position in positions)
    return latitudes[half], longitudes[half]


def _span(low: Position, high: Position) -> str:
    return f"{low[0]:.1f}–{high[0]:.1f} N, {low[1]:.1f}–{high[1]:.1f} E"


def _drop(draft: Draft, row: int, field: str, kind: str, span: str) -> None:
    nothing: Value = None
    draft.flag(row, field, warn(kind, nothing, "", span))
    draft.values["latitude"][row] = draft.values["longitude"][row] = nothing
