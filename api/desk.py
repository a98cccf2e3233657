"""One piece of work: a transaction, who works, one moment, and the entry in the log.

    async with desk(database, actor=clerk, district=yuetang) as d:
        ...                                   # rows get d.moment; reads and writes go through d
        await d.record("import.applied", subject=..., payload={...})

Application code never commits: the desk commits once at its end, rows and log entry together, or nothing at all. Every
desk takes the log's lock at its start and keeps it, so acts that write run one after the other in the order of the log,
each `moment` is later than all that was recorded before it, and what an act reads no other act is changing.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NoReturn
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from api import clock
from api.audit import log
from api.audit.leaf import SYSTEM, Act, Actor
from api.database import FAILED, Database, unreachable
from api.refusals import Code, Obstacle, Refusal, Refused, Words

__all__ = ["SYSTEM", "Actor", "Desk", "desk"]

WAIT: Final = "30s"
"""How long an act waits for a lock, the log's first of all."""
BUSY_STATES: Final = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a serialisation failure, a deadlock, a lock not had in time."""
CONSTRAINTS: Final = {"23505": Code.DUPLICATE, "23P01": Code.OVERLAP, "23503": Code.NOT_FOUND, "23514": Code.INVALID}
"""SQLSTATE of a row that the tables themselves refuse, and the reason it comes to."""
LOST_STATES: Final = frozenset({"57P01", "57P02", "57P03", "08000", "08003", "08006"})
"""SQLSTATE of a server that is going or gone."""

_OPEN = text("SELECT set_config('app.viewer', :viewer, true), set_config('lock_timeout', :wait, true)")
_WRITTEN = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE schemaname = 'public'
"""


class DeskSession(AsyncSession):
    """A session that belongs to a desk: it flushes, the desk commits."""

    async def commit(self) -> NoReturn:
        raise AssertionError("application code never commits: the desk does, once")


@dataclass(slots=True)
class Desk:
    """One act while it runs."""

    actor: Actor
    district: UUID | None
    moment: datetime
    """The one instant of the act: `recorded_at` of every row it writes."""
    connection: AsyncConnection
    session: AsyncSession
    _head: log.Head
    _written_before: int
    """The server's count at the start: it may still hold rows of the transaction before on the same connection."""
    _recorded: list[int] = field(default_factory=list)

    async def driver(self) -> asyncpg.Connection:
        """The driver's connection, in the same transaction: for COPY."""
        return await Database.driver(self.connection)

    async def record(
        self,
        action: str,
        *,
        subject: str | None = None,
        payload: Mapping[str, object] | None = None,
        occurred_at: datetime | None = None,
        holder: str | None = None,
    ) -> int:
        """Put the act in the log and return the entry's number; an act that writes does so at least once.

        `action` is `<entity>.<done>`, `payload` exact values only (no float). Personal data go in the payload only with
        `holder`, the person (`person:<id>`) under whose erasable key it is then encrypted. `occurred_at` is when the
        fact holds, by default the moment of the act.
        """
        act = Act(action, self.actor, self.district, subject, occurred_at or self.moment, payload or {})
        seq = await log.append(await self.driver(), self._head, act, holder)
        self._recorded.append(seq)
        return seq

    async def _finish(self) -> None:
        """Commit what was recorded; refuse to keep what was not."""
        await self.session.flush()
        if self._recorded:
            await self.connection.commit()
            return
        written = await (await self.driver()).fetchval(_WRITTEN) - self._written_before
        assert written == 0, f"the act wrote {written} rows and recorded nothing: nothing is kept"


@asynccontextmanager
async def desk(database: Database, *, actor: Actor, district: UUID | None = None) -> AsyncIterator[Desk]:
    """Begin an act. At the end of the block everything is committed; after an exception nothing is kept.

    Raises `Refused` BUSY where a lock was not had in time or the database asks to try again, `Obstacle` DATABASE_LOST
    where the connection broke, `AssertionError` after writes without `record`.
    """
    try:
        async with _connected(database) as connection:
            await connection.execute(_OPEN, {"viewer": actor.ref, "wait": WAIT})
            head = await log.take(await Database.driver(connection), clock.now())
            async with DeskSession(
                bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only"
            ) as session:
                written = await (await Database.driver(connection)).fetchval(_WRITTEN)
                act = Desk(actor, district, head.not_before, connection, session, head, written)
                yield act
                await act._finish()
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError) as error:
        raise _said(error) from error


@asynccontextmanager
async def _connected(database: Database) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(database.engine.connect())
        except FAILED as error:
            raise unreachable(error) from error
        yield connection


def _said(error: Exception) -> Exception:
    """What an error of the database means to the caller; anything unforeseen stays as it is."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(origin, "sqlstate", None)
    if state in BUSY_STATES:
        return Refused(
            Refusal(
                Code.BUSY,
                Words("另一项操作正在进行。", "Another act is under way."),
                Words("本次没有写入任何内容,请稍后重试。", "Nothing was written; try again in a moment."),
            )
        )
    if state in CONSTRAINTS:
        return Refused(_against(CONSTRAINTS[state], getattr(origin, "constraint_name", None) or ""))
    invalid = isinstance(error, DBAPIError) and error.connection_invalidated
    if invalid or state in LOST_STATES or isinstance(origin, asyncpg.ConnectionDoesNotExistError | ConnectionError):
        return Obstacle(
            "DATABASE_LOST",
            Words("与数据库的连接中断了。", "The connection to the database was lost."),
            Words(
                "本次操作要么全部写入,要么完全没有写入;请查看结果后重试。",
                "The act was kept either whole or not at all; look at the result, then try again.",
            ),
        )
    return error


def _against(code: Code, constraint: str) -> Refusal:
    """What the tables refuse, by the constraint's name alone: the database's own words quote the row."""
    return Refusal(
        code,
        Words(f"数据库不接受其中一行(约束 {constraint})。", f"The database refuses one of the rows ({constraint})."),
        Words(
            "本次没有写入任何内容;请核对重复、重叠或超出范围的内容,仍不能解决时请报告该约束名。",
            "Nothing was written; look for what is repeated, overlaps or is out of range, else report that name.",
        ),
    )
