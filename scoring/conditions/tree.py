"""The small typed tree every formula is lowered to, stored with the plan and run without CEL.

A `Path` says how to get from a row to a name: hops along references or to a coarser grain, then a column, measure or
key. An `Expr` is one node of a formula; numbers in constants are scaled integers at the places of their type.
"""

from dataclasses import dataclass
from typing import Any

from scoring.rulebook.types import Type


@dataclass(frozen=True, slots=True, order=True)
class Hop:
    """One step to another table or grain: by the reference in a column, measure or key, or by this row's keys."""

    kind: str
    name: str
    target: str


@dataclass(frozen=True, slots=True, order=True)
class Path:
    """The way from a row to a column, measure or key."""

    hops: tuple[Hop, ...]
    kind: str
    name: str

    def then(self, target: str) -> Hop:
        """Return the hop this path's value makes when it is a reference."""
        return Hop(self.kind, self.name, target)

    def __str__(self) -> str:
        """Write the path with dots."""
        return ".".join([*(hop.name or hop.target for hop in self.hops), self.name])

    def to_json(self) -> list[Any]:
        """Return plain JSON."""
        return [[[hop.kind, hop.name, hop.target] for hop in self.hops], self.kind, self.name]

    @classmethod
    def from_json(cls, data: list[Any]) -> "Path":
        """Read back what `to_json` wrote."""
        hops, kind, name = data
        return cls(tuple(Hop(*hop) for hop in hops), kind, name)


@dataclass(frozen=True, slots=True)
class Expr:
    """One node: `op` with its arguments; `value` for constants, settings and attributes, `path` for reads."""

    op: str
    type: Type
    args: tuple["Expr", ...] = ()
    value: int | str | bool | None = None
    path: Path | None = None

    def reads(self) -> "list[Expr]":
        """Return every read below, from left to right."""
        if self.op == "read":
            return [self]
        return [read for arg in self.args for read in arg.reads()]

    def absences(self) -> "list[Expr]":
        """Return every absence given below, from left to right."""
        if self.op == "none":
            return [self]
        return [gap for arg in self.args for gap in arg.absences()]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON holding only what is set."""
        data: dict[str, Any] = {"op": self.op, "type": self.type.to_json()}
        if self.args:
            data["args"] = [arg.to_json() for arg in self.args]
        if self.value is not None:
            data["value"] = self.value
        if self.path is not None:
            data["path"] = self.path.to_json()
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Expr":
        """Read back what `to_json` wrote."""
        args = tuple(cls.from_json(arg) for arg in data.get("args", ()))
        path = Path.from_json(data["path"]) if "path" in data else None
        return cls(data["op"], Type.from_json(data["type"]), args, data.get("value"), path)
