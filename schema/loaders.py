"""The batched reader: one snapshot for an operation, one statement for all keys that a level of it asks for.

Fields ask for keys while graphql-core walks a level; the statement goes out when the walk is over. Rows of the next
level wait for its answer. So the number of statements follows from the document, never from the size of a page.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from schema.moments import Moment
from schema.reads.statement import Query
from schema.viewer import Viewer

log = logging.getLogger("zhunze.reads")

END_SECONDS = 2
"""How long the end of a transaction may take; it has only been read from, so there is nothing to lose."""

Keys = Sequence[Any]
Found = Mapping[Any, Any]


class Snapshot:
    """A read-only transaction that all statements of one operation share; it begins with the first of them."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._opened = opened
        self._turn = asyncio.Lock()
        self._open = AsyncExitStack()
        self._connection: Any = None
        self._closed = False
        self.statements: list[str] = []

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """The connection, for as long as it takes; statements of one operation follow each other."""
        async with self._turn:
            assert not self._closed, "nothing is read after the operation has ended"
            if self._connection is None:
                self._connection = await self._open.enter_async_context(self._opened())
            yield Turn(self._connection, self.statements)

    async def close(self) -> None:
        """End the transaction and give the connection back; that this fails takes nothing away from what was read."""
        self._closed = True
        try:
            async with asyncio.timeout(END_SECONDS), self._turn:
                await self._open.aclose()
        except Exception as error:
            log.warning("a transaction did not end well: %s", type(error).__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to use the connection of the snapshot."""

    connection: Any
    statements: list[str]

    async def fetch(self, query: Query | str, *values: Any) -> list[Any]:
        """The rows of a statement, given whole or as text with its values."""
        text, given = (query.text, query.values) if isinstance(query, Query) else (query, values)
        self.statements.append(text)
        rows: list[Any] = await self.connection.fetch(text, *given)
        return rows

    @asynccontextmanager
    async def as_program(self) -> AsyncIterator[None]:
        """Read as the program itself, past the viewer's rows: what explains a row that the viewer may see.

        Whoever opens this has first made sure that the viewer sees that row, and shows nothing of what is read but
        what belongs to it. Where the way back fails the connection is given up: nobody reads on as the program.
        """
        role = await self.connection.fetchval("SELECT current_setting('role')")
        await self.connection.execute("SELECT set_config('role', 'none', true)")
        try:
            yield
        finally:
            try:
                await self.connection.execute("SELECT set_config('role', $1, true)", role)
            except BaseException as error:
                self.connection.terminate()
                if not isinstance(error, Exception):
                    raise


Reading = Callable[[Turn, Keys], Awaitable[Found]]
"""Reads what belongs to some keys; a key that is not in the answer has nothing, an exception is the key's own."""


class Batch:
    """Collects keys until the connection is free, reads them at once and remembers the answers."""

    def __init__(self, snapshot: Snapshot, reading: Reading, tasks: set["asyncio.Task[None]"]) -> None:
        self._snapshot = snapshot
        self._reading = reading
        self._tasks = tasks
        self._answers: dict[Hashable, asyncio.Future[Any]] = {}
        self._waiting: list[Hashable] = []

    def load(self, key: Hashable) -> "asyncio.Future[Any]":
        """What belongs to the key, when it is read.

        The future is shielded: a field that is given up because its sibling failed must not take the answer away from
        the others that wait for it.
        """
        if key not in self._answers:
            loop = asyncio.get_running_loop()
            self._answers[key] = loop.create_future()
            self._waiting.append(key)
            if len(self._waiting) == 1:
                loop.call_soon(self._start)
        answer = asyncio.shield(self._answers[key])
        answer.add_done_callback(_seen)
        return answer

    def _start(self) -> None:
        task = asyncio.get_running_loop().create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        keys: list[Hashable] = []
        try:
            async with self._snapshot.turn() as turn:
                keys, self._waiting = self._waiting, []
                found = await self._reading(turn, keys)
        except BaseException as error:
            unread, self._waiting = keys or self._waiting, [] if not keys else self._waiting
            for key in unread:
                _refuse(self._answers[key], error)
            if not isinstance(error, Exception):
                raise
        else:
            for key in keys:
                answer = found.get(key)
                if isinstance(answer, Exception):
                    self._answers[key].set_exception(answer)
                else:
                    self._answers[key].set_result(answer)


def _refuse(answer: "asyncio.Future[Any]", error: BaseException) -> None:
    if isinstance(error, Exception):
        answer.set_exception(error)
    else:
        answer.cancel()


def _seen(answer: "asyncio.Future[Any]") -> None:
    """Mark a failure as seen: whoever gave the answer up has failed with another, and that one is told."""
    if not answer.cancelled():
        answer.exception()


@dataclass(slots=True)
class Reader:
    """What one operation reads with: its snapshot, its moment and viewer, the secret of its cursors."""

    snapshot: Snapshot
    at: Moment
    cursor_secret: bytes
    unmasked: set[UUID] = field(default_factory=set)
    """Records of which personal data were read in the clear for the viewer's stated purpose: these are to be logged."""
    asked: set[str] = field(default_factory=set)
    """Tables of which pages or single records were asked for, whatever was selected of them."""
    _batches: dict[Hashable, Batch] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self.at.viewer

    @property
    def scope(self) -> str:
        """Names the rows the viewer may see; part of what a cursor is bound to."""
        return self.at.viewer.scope

    def load(self, identity: Hashable, reading: Reading, key: Hashable) -> "asyncio.Future[Any]":
        """What belongs to `key` under the reading with this identity; equal identities share their batch."""
        if identity not in self._batches:
            self._batches[identity] = Batch(self.snapshot, reading, self._tasks)
        return self._batches[identity].load(key)

    async def close(self) -> None:
        """Give everything back; what is still being read is no longer wanted."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_SECONDS)
        await self.snapshot.close()
