"""Reading the log: what was sealed is opened for a caller, and that it was is an entry of its own."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from api.audit.leaf import Actor, unseal
from api.database import Database
from api.desk import desk
from schema.context import Opened
from schema.directives import Role
from schema.scopes import ROWS
from schema.viewer import Viewer, ViewerKind

_SEALED = """
    SELECT l.seq, p.sealed, k.secret FROM audit_leaf l
    JOIN audit_payload p USING (seq) JOIN erasable_key k ON k.id = p.key_id
    WHERE l.seq = ANY($1)
"""
ERASED = Opened("已删除", Role.PUBLIC.name, None, None, None)
"""What is left of an entry whose key was erased: that there was one."""
CLEAR = (ViewerKind.BUREAU, ViewerKind.SECURITY)
"""Who reads the names of officials in the clear."""


LOG: Final = "audit_leaf"
"""The table of the log."""


@dataclass(slots=True)
class LogReading:
    """The log as one caller reads it; the caller's database role has chosen the entries before."""

    database: Database
    viewer: Viewer
    entered: bool = False
    """Whether this reading is an entry of the log already."""

    async def __call__(self, seqs: Sequence[int]) -> Mapping[int, Opened]:
        """Open these entries, and record that they were read."""
        async with desk(self.database, actor=self._actor(), district=self.viewer.district_id) as act:
            rows = await (await act.driver()).fetch(_SEALED, list(seqs))
            await act.record("auditlog.read", payload={"entries": len(seqs), "first": min(seqs), "last": max(seqs)})
        self.entered = True
        return {row["seq"]: self._opened(row) for row in rows}

    async def enter(self, asked: Set[str]) -> None:
        """Record that the log was among the tables asked, where nothing was opened that recorded it.

        Whoever sees no entry has read none: a stranger who guesses ids writes nothing.
        """
        if self.entered or LOG not in asked or ROWS[LOG].kinds.keys().isdisjoint(self.viewer.kinds):
            return
        async with desk(self.database, actor=self._actor(), district=self.viewer.district_id) as act:
            await act.record("auditlog.read", payload={"entries": 0})
        self.entered = True

    def _actor(self) -> Actor:
        viewer = self.viewer
        role = max(viewer.roles, key=list(Role).index)
        return Actor(f"account:{viewer.account_id}", viewer.name, role.name, viewer.organisation)

    def _opened(self, row: Mapping[str, Any]) -> Opened:
        if row["secret"] is None:
            return ERASED
        _, payload = unseal(row["secret"], row["seq"], row["sealed"])
        said = json.loads(payload)
        actor = said["actor"]
        name = actor["name"] if self._clear(actor) else masked(actor["name"])
        return Opened(name, actor["role"], actor["organisation"], said["subject"], said["detail"].get("reason"))

    def _clear(self, actor: Mapping[str, Any]) -> bool:
        return actor["role"] == "SYSTEM" or any(kind in CLEAR for kind in self.viewer.kinds)


def masked(name: str) -> str:
    """A name with its first character only.

    >>> masked("张三"), masked("")
    ('张*', '')
    """
    return f"{name[0]}*" if name else ""
