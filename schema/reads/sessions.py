"""Seats of training sessions, and who waits for one.

Seats are counted over the enrolments of all companies, also for a viewer who sees only some of these: how many are left
is the same for everybody. So the counts are read as the program, for sessions and enrolments that the viewer sees.
"""

from dataclasses import dataclass

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment

SEATS = """
    SELECT s.id AS key, s.seats AS all_seats,
        (count(e.id) FILTER (WHERE e.state NOT IN ('WAITLISTED', 'CANCELLED')))::int AS taken,
        (count(e.id) FILTER (WHERE e.state = 'WAITLISTED'))::int AS waiting
    FROM training_session s
    LEFT JOIN enrollment e ON e.session_id = s.id AND e.superseded_at = 'infinity'
    WHERE s.id = ANY($1) AND s.district_id = $2 AND s.superseded_at = 'infinity'
    GROUP BY s.id, s.seats
"""
QUEUE = """
    SELECT e.id AS key,
        row_number() OVER (PARTITION BY e.session_id ORDER BY e.enrolled_on, e.number, e.id)::int AS place
    FROM enrollment e
    WHERE e.state = 'WAITLISTED' AND e.superseded_at = 'infinity' AND e.district_id = $2 AND e.session_id IN (
        SELECT m.session_id FROM enrollment m WHERE m.id = ANY($1) AND m.superseded_at = 'infinity')
"""


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of a session: all, taken, and how many wait for one."""

    all: int
    taken: int
    waiting: int

    @property
    def left(self) -> int:
        """Seats free; none where more are enrolled than there are seats.

        >>> Seats(100, 98, 3).left, Seats(100, 101, 0).left
        (2, 0)
        """
        return max(0, self.all - self.taken)


async def seats(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The seats of some sessions that the viewer sees."""
    async with turn.as_program():
        rows = await turn.fetch(SEATS, list(keys), at.district_id)
    return {row["key"]: Seats(row["all_seats"], row["taken"], row["waiting"]) for row in rows}


async def queue(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The place of some waiting enrolments, which the viewer sees, in the queue of their session."""
    async with turn.as_program():
        rows = await turn.fetch(QUEUE, list(keys), at.district_id)
    places = {row["key"]: row["place"] for row in rows}
    return {key: places.get(key) for key in keys}
