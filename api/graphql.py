"""Where GraphQL reads: one database, one district, one snapshot for each operation of a viewer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from api import clock
from api.database import Database
from schema.loaders import Reader, Snapshot
from schema.moments import Moment
from schema.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request reads: the database, the district that is shown, the secret that seals cursors."""

    database: Database
    district_id: UUID
    cursor_secret: bytes

    def reader(self, viewer: Viewer) -> Reader:
        """A reader for one operation of a viewer, at this instant."""
        now = clock.now()
        return Reader(Snapshot(partial(self._reading, viewer, [])), Moment(viewer, now, now), self.cursor_secret)

    @asynccontextmanager
    async def _reading(self, viewer: Viewer, failures: list[BaseException]) -> AsyncIterator[Any]:
        """A transaction whose connection is given up at once where it cannot be ended in peace.

        One that could not be had is not waited for again by the other fields of the operation: they fail alike.
        """
        if failures:
            raise failures[0]
        raw: Any = None
        try:
            async with self.database.reading(viewer) as connection:
                raw = await self.database.driver(connection)
                yield raw
        except BaseException as error:
            if raw is None:
                failures.append(error)
            else:
                raw.terminate()
            raise
