"""What a read is asked at."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from schema.kinds import day_of
from schema.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Moment:
    """What a read is asked at: for whom, the instant at which a fact must hold, the one at which it was known."""

    viewer: Viewer
    now: datetime
    valid_at: datetime
    known_at: datetime | None = None
    """Null: what is known now."""

    @property
    def district_id(self) -> UUID:
        """The district asked about."""
        return self.viewer.district_id

    @property
    def valid_on(self) -> date:
        """The day on which a fact must hold, in Asia/Shanghai."""
        return day_of(self.valid_at)

    @property
    def today(self) -> date:
        """The day of the operation."""
        return day_of(self.now)
