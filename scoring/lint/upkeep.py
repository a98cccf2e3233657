"""What is written and not used, what lacks a clause or a label, what is a reading, what nobody collects or can keep."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeAlias

from scoring.conditions.tree import Path
from scoring.decimals import ten
from scoring.diagnostics import Place
from scoring.formulas import formulas, gives
from scoring.lint.finding import Example
from scoring.lint.notes import Notes, names_of
from scoring.lint.ranges import Ranges
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.rulebook.shape import NAME
from scoring.values import shown

_CALENDAR: Final = "calendar"
Collected: TypeAlias = Mapping[str, Collection[str]]
"""The fact tables a district has, with their columns."""
LABELS_SHOWN: Final = 8
"""Names without a label that are told of one grain."""
STORED_DIGITS: Final = 12
"""How many digits before the point the records of a district hold of a score."""


class _Uses:
    """Every name something reads."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.measures: set[tuple[str, str]] = set()
        self.columns: set[tuple[str, str]] = set()
        self.settings: set[str] = set()
        self.spaces: set[str] = set(plan.document.results)
        self._declared()
        for measures in plan.document.measures.values():
            for measure in measures.values():
                self._measure(measure)

    def _declared(self) -> None:
        """Read what facts, grains and results name themselves."""
        document = self.plan.document
        for facts in document.facts.values():
            self.columns |= {(facts.name, name) for name in (facts.key, *facts.unique, *(facts.during or ())) if name}
            self.columns |= {(facts.name, name) for name, kind in facts.columns if kind.table is not None}
            self.spaces |= {kind.table for _, kind in facts.columns if kind.table is not None}
            if facts.keep is not None:
                self._formula(facts.keep, facts.name)
        for grain in document.grains.values():
            self.spaces |= {grain.over or grain.rows or ""} | (set(grain.keys) if grain.rows == "all" else set())
            for key in grain.keys if grain.rows not in (None, "all") else ():
                self._path(grain.rows or "", self.plan.scope.near(grain.rows or "", key))
        for outcome in document.results.values():
            names = [outcome.score, outcome.grade, outcome.rank, outcome.recommendation]
            dated = [name for _, name in outcome.actions]
            for name in (*names, *outcome.lists, *outcome.remember, *dated):
                self.measures.add((outcome.grain, name or ""))
                self.columns.add((outcome.grain, name or ""))

    def _measure(self, measure: doc.Measure) -> None:
        operator, grain = measure.operator, measure.grain
        self.spaces.add(grain)
        self.measures |= {(grain, name) for name in measure.needs}
        for formula, space in formulas(measure):
            self._formula(formula, space)
        if measure.round is not None:
            self.settings.add(measure.round.mode)
        if isinstance(operator, doc.Aggregate):
            self.spaces.add(operator.over)
            for path in self.plan.scope.mapping(operator.over, grain):
                self._path(operator.over, path)
        if isinstance(operator, doc.Lookup):
            self.spaces.add(operator.source)
            self._path(operator.source, self.plan.scope.path(operator.source, operator.give)[0])
        if isinstance(operator, doc.Previous | doc.Run | doc.Window):
            self.measures.add((grain, operator.of))

    def _formula(self, formula: doc.Cel, space: str) -> None:
        for node in names_of(self.plan.trees[formula.site]):
            if node.path is not None:
                self._path(space, node.path)
            else:
                self.settings.add(str(node.value))

    def _path(self, space: str, path: Path) -> None:
        at = space
        for hop in path.hops:
            self._name(at, hop.kind, hop.name)
            if hop.kind == "grain":
                for inner in self.plan.scope.mapping(at, hop.target):
                    self._path(at, inner)
            at = hop.target
            self.spaces.add(at)
        self._name(at, path.kind, path.name)

    def _name(self, space: str, kind: str, name: str) -> None:
        if kind == "measure":
            self.measures.add((space, name))
        elif kind == "column":
            self.columns.add((space, name))
        self.spaces.add(space)


def tell_unused(plan: Plan, notes: Notes) -> None:
    """Note measures, settings, tables and columns that nothing reads.

    >>> from scoring.example import league
    >>> notes = Notes()
    >>> tell_unused(league("{over: game, count: rows}"), notes)
    >>> [one.code for one in notes.found]
    ['TABLE_UNUSED', 'COLUMN_UNUSED', 'COLUMN_UNUSED', 'COLUMN_UNUSED']
    """
    uses, document = _Uses(plan), plan.document
    for grain, measures in document.measures.items():
        for name, measure in measures.items():
            labelled = {f"{grain}.{name}", name} & set(document.labels)
            if (grain, name) not in uses.measures and not labelled:
                notes.add("MEASURE_UNUSED", measure.place, name=f"{grain}.{name}")
    for setting in document.settings.values():
        if setting.name not in uses.settings:
            notes.add("SETTING_UNUSED", setting.place, name=setting.name)
    spaces = [(each.name, each.place) for each in document.tables.values()]
    spaces += [(each.name, each.place) for each in document.grains.values()]
    spaces += [(each.name, each.place) for each in document.facts.values()]
    for name, place in spaces:
        if name not in uses.spaces and name != _CALENDAR:
            notes.add("TABLE_UNUSED", place, name=name)
    _tell_columns(document, uses, notes)


def _tell_columns(document: doc.Document, uses: _Uses, notes: Notes) -> None:
    """Note columns that nothing reads."""
    for facts in document.facts.values():
        for name, _ in facts.columns if facts.name != _CALENDAR else ():
            if (facts.name, name) not in uses.columns:
                place = facts.column_places.get(name, facts.place)
                notes.add("COLUMN_UNUSED", place, name=f"{facts.name}.{name}")


def tell_text(plan: Plan, notes: Notes) -> None:
    """Note missing clauses and labels, and settings that are readings.

    >>> from scoring.example import league
    >>> notes = Notes()
    >>> tell_text(league("{law: '1', over: game, count: rows}"), notes)
    >>> [one.code for one in notes.found]
    ['CLAUSE_MISSING', 'LABEL_MISSING']
    """
    document = plan.document
    for name, law, place in _clauses(document):
        if law is None:
            notes.add("CLAUSE_MISSING", place, name=name)
    _tell_labels(document, notes)
    for setting in document.settings.values():
        if setting.reading:
            value = "" if setting.value is None else str(setting.value)
            notes.add("READING", setting.place, Example(((setting.name, value),)), name=setting.name)


def _tell_labels(document: doc.Document, notes: Notes) -> None:
    """Note what has no label, once for every grain and once for the settings, where the first of them stands."""
    missing: dict[str, list[tuple[str, Place]]] = {}
    for where, names, place in _labelled(document):
        if not set(names) & set(document.labels):
            missing.setdefault(where, []).append((names[0], place))
    for where, found in missing.items():
        listed = ", ".join(name for name, _ in found[:LABELS_SHOWN]) + (", …" if len(found) > LABELS_SHOWN else "")
        notes.add("LABEL_MISSING", found[0][1], where=where, count=len(found), names=listed)


def _clauses(document: doc.Document) -> Iterator[tuple[str, str | None, Place]]:
    """Yield everything that should name a clause."""
    for grain, measures in document.measures.items():
        for name, measure in measures.items():
            rows = measure.operator.rows if isinstance(measure.operator, doc.Table) else ()
            by_row = bool(rows) and all(row.law for row in rows)
            yield f"{grain}.{name}", measure.law or ("rows" if by_row else None), measure.place
    for setting in document.settings.values():
        yield setting.name, setting.law, setting.place


def _labelled(document: doc.Document) -> Iterator[tuple[str, tuple[str, ...], Place]]:
    """Yield everything that should have a label: measures, the codes and reasons they give, and settings."""
    seen: set[str] = set()
    for grain, measures in document.measures.items():
        for name, measure in measures.items():
            yield grain, (f"{grain}.{name}", name), measure.place
            for code, place in _codes(measure):
                if code not in seen:
                    seen.add(code)
                    yield grain, (code,), place
    for setting in document.settings.values():
        yield "settings", (setting.name,), setting.place


def _codes(measure: doc.Measure) -> Iterator[tuple[str, Place]]:
    for reason, condition in measure.require.that if measure.require else ():
        yield reason, condition.place
    for give in gives(measure.operator):
        for code in (give.literal, give.reason):
            if isinstance(code, str):
                yield code, give.place
    if isinstance(measure.operator, doc.Flags):
        for code, condition in measure.operator.codes:
            yield code, condition.place


def tell_collected(plan: Plan, notes: Notes, collected: Collected) -> None:
    """Note facts the rulebook asks for and the district does not have, the nearest names first.

    >>> from scoring.example import league
    >>> notes = Notes()
    >>> tell_collected(league("{over: game, count: rows}"), notes, {"team": ["id"]})
    >>> [str(one.diagnostic.en) for one in notes.found]
    ['The rulebook asks for `game`, which the district does not collect.']
    """
    for facts in plan.document.facts.values():
        if facts.name not in collected:
            notes.add("FACT_NOT_COLLECTED", facts.place, None, name=facts.name, known=", ".join(sorted(collected)))
            continue
        known = collected[facts.name]
        for name, _ in facts.columns:
            if name not in known and NAME.fullmatch(name):
                place = facts.column_places.get(name, facts.place)
                words = {"name": f"{facts.name}.{name}", "known": ", ".join(sorted(known))}
                notes.add("FACT_NOT_COLLECTED", place, None, **words)


def tell_stored(ranges: Ranges, notes: Notes) -> None:
    """Note scores that may grow longer than the records of a district hold.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> notes = Notes()
    >>> tell_stored(ranges_of(league("{value: '1000000000000 * games'}"), notes), notes)
    >>> notes.found[-1].code
    'SCORE_NOT_STORABLE'
    """
    most = ten(STORED_DIGITS)
    for grain, outcome in ranges.document.results.items():
        span = ranges.spans.get((grain, outcome.score or ""))
        if span is None or span.amount is None:
            continue
        ends = [end for end in (span.amount.low, span.amount.high) if end is not None and abs(end) >= most]
        if ends:
            name = f"{grain}.{outcome.score}"
            words = {"measure": name, "range": str(span.amount), "digits": STORED_DIGITS}
            place = ranges.document.measures[grain][outcome.score or ""].place
            notes.add("SCORE_NOT_STORABLE", place, Example(((name, shown(max(ends, key=abs))),)), **words)
