"""Names: what a word of a formula means at a row of a table or grain.

At a row a name is a column, a measure of the same grain, a key, a measure of a grain whose keys this row determines,
or the same one reference further. The nearest wins; two at the same distance are refused. `compound.area` follows a
reference explicitly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scoring.conditions.tree import Hop, Path
from scoring.rulebook import document as doc
from scoring.rulebook.types import NOT_APPLICABLE, Type

REACH_MOST: Final = 4


class UnknownName(Exception):  # noqa: N818  (the author's mistake, turned into a finding by whoever asks)
    """A name that means nothing at a row; `known` lists what would."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Keep the name and its possible replacements."""
        self.name, self.known = name, known
        super().__init__(name)


class AmbiguousName(Exception):  # noqa: N818  (as above)
    """A name with several meanings at the same distance."""

    def __init__(self, name: str, found: list[str]) -> None:
        """Keep the name and what it could mean."""
        self.name, self.found = name, found
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class Space:
    """Anything that has rows: a fact table, a table of constants, a grain of keys, or the units of an interval."""

    name: str
    kind: str
    keys: tuple[str, ...]
    key_types: tuple[Type, ...]
    columns: Mapping[str, Type]
    measures: frozenset[str]

    def has(self, name: str) -> str | None:
        """Return what kind of name this is here: column, measure, key, or none of them."""
        if name in self.columns:
            return "column"
        if name in self.measures:
            return "measure"
        return "key" if name in self.keys else None


class Scope:
    """All spaces of a document and the ways between them; measure types are added while they become known."""

    def __init__(self, document: doc.Document) -> None:
        """Lay out tables first, then grains in the order in which their rows follow from each other."""
        self.document = document
        self.types: dict[tuple[str, str], Type] = {}
        self.spaces: dict[str, Space] = {}
        self._reach: dict[str, tuple[tuple[tuple[str, tuple[Hop, ...]], ...], ...]] = {}
        for table in document.facts.values():
            self._add(table.name, "fact", (table.name,), (Type("ref", table=table.name),), dict(table.columns))
        for constants in document.tables.values():
            keys = (constants.name,) if constants.keys == 1 else (constants.name, f"{constants.name}_2")
            types = (Type("ref", table=constants.name),) if constants.keys == 1 else (Type("text"), Type("text"))
            self._add(constants.name, "table", keys, types, dict(constants.columns))

    def _add(
        self, name: str, kind: str, keys: tuple[str, ...], key_types: tuple[Type, ...], columns: Mapping[str, Type]
    ) -> None:
        measures = frozenset(self.document.measures.get(name, ()))
        self.spaces[name] = Space(name, kind, keys, key_types, columns, measures)

    def add_expanded(self, grain: doc.Grain) -> None:
        """Add a grain with one row per unit of an interval."""
        assert grain.over is not None, "an expanded grain has a table"
        unit = Type("date") if grain.each == "day" else Type("period", period=grain.each)
        self._add(grain.name, "expand", grain.keys, (Type("ref", table=grain.over), unit), {})

    def add_grain(self, grain: doc.Grain, key_types: tuple[Type, ...]) -> None:
        """Add a grain of keys."""
        self._add(grain.name, "grain", grain.keys, key_types, {})

    def type_of(self, space: str, path: Path, present: frozenset[Path] = frozenset()) -> Type:
        """Return the type of a path's end, with every absence the hops may bring; `present` is known to be there."""
        absent: frozenset[str] = frozenset()
        at = space
        for count, hop in enumerate(path.hops):
            if hop.kind == "grain":
                known = present if count == 0 else frozenset[Path]()
                absent |= frozenset() if self.always(at, hop.target, known) else NOT_APPLICABLE
            elif Path(path.hops[:count], hop.kind, hop.name) not in present:
                absent |= self._own(at, hop.kind, hop.name).absent
            at = hop.target
        return self._own(at, path.kind, path.name).or_absent(absent)

    def _own(self, space: str, kind: str, name: str) -> Type:
        """Return the type of a name at its own space."""
        here = self.spaces[space]
        if kind == "column":
            return here.columns[name]
        if kind == "key":
            return here.key_types[here.keys.index(name)]
        known = self.types.get((space, name))
        if known is not None:
            return known
        table = self.reference(space, name)
        return Type("ref", table=table) if table else Type("any")

    def end(self, space: str, path: Path) -> str:
        """Return the space a path ends in."""
        return path.hops[-1].target if path.hops else space

    def always(self, source: str, grain: str, present: frozenset[Path] = frozenset()) -> bool:
        """Tell whether every row of `source` at which `present` has values surely has its row in `grain`."""
        target = self.spaces[grain]
        if not target.keys:
            return True
        declared = self.document.grains.get(grain)
        if declared is None or declared.rows is None:
            return False
        if any(path not in present and self.type_of(source, path).absent for path in self.mapping(source, grain)):
            return False
        return declared.rows in (source, "all") or (
            declared.rows in self.document.grains and self.always(source, declared.rows, present)
        )

    def reference(self, space: str, measure: str, busy: frozenset[tuple[str, str]] = frozenset()) -> str | None:
        """Return the table a measure refers to, as far as its operator alone tells: a lookup that gives a reference."""
        declared = self.document.measures[space][measure]
        operator = declared.operator
        if not isinstance(operator, doc.Lookup) or (space, measure) in busy:
            return None
        source = self.spaces.get(operator.source)
        if source is None:
            return None
        if operator.give in source.columns:
            return source.columns[operator.give].table
        if operator.give in source.measures:
            return self.reference(source.name, operator.give, busy | {(space, measure)})
        return None

    def _references(self, space: str) -> Iterator[Hop]:
        """Return every reference a row of the space holds."""
        here = self.spaces[space]
        for name, kind in here.columns.items():
            if kind.table in self.spaces:
                yield Hop("column", name, kind.table)
        for name in sorted(here.measures):
            table = self.reference(space, name)
            if table in self.spaces:
                yield Hop("measure", name, table)
        for name, kind in zip(here.keys, here.key_types, strict=True):
            if kind.table in self.spaces and kind.table != space:
                yield Hop("key", name, kind.table)

    def near(self, space: str, name: str) -> Path:
        """Resolve one word along references only; raises UnknownName or AmbiguousName."""
        seen = {space}
        level = [(space, tuple[Hop, ...]())]
        for _ in range(REACH_MOST):
            found = [Path(hops, kind, name) for at, hops in level if (kind := self.spaces[at].has(name))]
            if len(found) > 1:
                raise AmbiguousName(name, [str(path) for path in found])
            if found:
                return found[0]
            further = [(hop.target, (*hops, hop)) for at, hops in level for hop in self._references(at)]
            level = [(target, hops) for target, hops in further if target not in seen]
            seen |= {target for target, _ in level}
        raise UnknownName(name, [])

    def mapping(self, source: str, target: str) -> tuple[Path, ...]:
        """Return the paths that give a target's keys at a row of the source; raises like `near`."""
        return tuple(self.near(source, key) for key in self.spaces[target].keys)

    def _levels(self, space: str) -> tuple[tuple[tuple[str, tuple[Hop, ...]], ...], ...]:
        """Return the spaces a row reaches, by distance: itself, then references and determined grains, and so on."""
        if space in self._reach:
            return self._reach[space]
        grains: dict[int, list[str]] = {}
        for grain in self.document.grains:
            if grain != space and grain in self.spaces:
                try:
                    paths = self.mapping(space, grain)
                except (UnknownName, AmbiguousName):
                    continue
                grains.setdefault(1 + max((len(path.hops) for path in paths), default=0), []).append(grain)
        seen = {space}
        levels: list[tuple[tuple[str, tuple[Hop, ...]], ...]] = [((space, ()),)]
        for distance in range(1, REACH_MOST + 1):
            further = [
                (hop.target, (*hops, hop))
                for at, hops in levels[-1]
                for hop in self._references(at)
                if self.spaces[at].kind != "grain" or at == space
            ]
            reached = [(target, hops) for target, hops in further if target not in seen]
            reached += [(grain, (Hop("grain", "", grain),)) for grain in grains.get(distance, ()) if grain not in seen]
            seen |= {target for target, _ in reached}
            levels.append(tuple(reached))
        self._reach[space] = tuple(levels)
        return self._reach[space]

    def set_key_types(self, grain: str, key_types: tuple[Type, ...]) -> None:
        """State the types of a grain's keys once the measures they come from are typed."""
        self.spaces[grain] = replace(self.spaces[grain], key_types=key_types)
        self._reach.clear()

    def word(self, space: str, name: str) -> Path:
        """Resolve one word; raises UnknownName or AmbiguousName."""
        for level in self._levels(space):
            found = [Path(hops, kind, name) for at, hops in level if (kind := self.spaces[at].has(name))]
            if len(found) > 1:
                raise AmbiguousName(name, sorted(str(path) for path in found))
            if found:
                return found[0]
        raise UnknownName(name, self.known(space))

    def known(self, space: str) -> list[str]:
        """Return the names at hand at a row, nearest first."""
        here = self.spaces[space]
        names = [*here.columns, *sorted(here.measures), *here.keys]
        for level in self._levels(space)[1:]:
            names += [
                f"{at}.{name}" for at, _ in level for name in (*self.spaces[at].columns, *self.spaces[at].measures)
            ]
        return list(dict.fromkeys([*names, *self.document.settings, "period", "as_of"]))[:40]

    def path(self, space: str, dotted: str) -> tuple[Path, tuple[str, ...]]:
        """Resolve a dotted path; what is left over are attributes of a period. Raises like `word`."""
        head, *rest = dotted.split(".")
        path = self._head(space, head, rest)
        while rest:
            table = self.type_of(space, path).table
            if table is None:
                break
            own_key = path.kind == "key" and table == self.end(space, path)
            hops = path.hops if own_key else (*path.hops, path.then(table))
            path = self._at(table, hops, rest.pop(0))
        return path, tuple(rest)

    def _head(self, space: str, head: str, rest: list[str]) -> Path:
        """Resolve the first word: a name, or a grain this row determines, which takes the next word as well."""
        try:
            return self.word(space, head)
        except UnknownName:
            for level in self._levels(space)[1:] if rest else ():
                for at, hops in level:
                    if at == head:
                        return self._at(at, hops, rest.pop(0))
            raise

    def _at(self, space: str, hops: tuple[Hop, ...], name: str) -> Path:
        """Return the path to a name at the end of hops."""
        here = self.spaces[space]
        holder = here.has(name)
        if holder is None:
            raise UnknownName(name, [*here.columns, *sorted(here.measures), *here.keys])
        return Path(hops, holder, name)
