"""Small values that many types show: intervals, spans of days, positions."""

from datetime import date, datetime

import strawberry


@strawberry.type(description="Half-open interval [from, to) in which a fact holds, and since when the system knew it.")
class Interval:
    """When a fact holds and since when it is known."""

    from_: datetime = strawberry.field(
        name="from", description="Start, inclusive. Calendar dates mean 00:00 in Asia/Shanghai."
    )
    to: datetime | None = strawberry.field(description="End, exclusive; null = open.")
    recorded_at: datetime = strawberry.field(description="When this row was recorded.")
    superseded_at: datetime | None = strawberry.field(
        description="When a correction replaced it; null = current knowledge."
    )


@strawberry.type(description="Closed span of days.")
class DateSpan:
    """Days, both ends included."""

    from_: date = strawberry.field(name="from", description="First day.")
    to: date = strawberry.field(description="Last day.")


@strawberry.type(description="WGS 84 position.")
class GeoPoint:
    """Where something is."""

    lat: float = strawberry.field(description="Latitude, degrees.")
    lng: float = strawberry.field(description="Longitude, degrees.")
