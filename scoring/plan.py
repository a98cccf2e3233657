"""A checked rulebook as an ordered plan: every name resolved, every formula a typed tree, measures in order.

Checking needs the CEL package; a plan kept as JSON is read back and run without it. A plan also knows which measures
belong to the parts of a period (quarters fixed before the half-year is computed) and which to the whole.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from scoring.chains import part_findings, periods_back
from scoring.conditions.tree import Expr
from scoring.diagnostics import Diagnostic, RulebookRefused, diagnostic
from scoring.formulas import Graph, measure_needs, row_needs, rows_of
from scoring.inference import Inference
from scoring.labels import label_findings
from scoring.moments import period_findings
from scoring.outcomes import grain_findings, outcome_findings
from scoring.periods import Period
from scoring.rulebook import Rulebook, read
from scoring.rulebook import document as doc
from scoring.rulebook.canonical import hash_of
from scoring.rulebook.types import PLACES_MOST, Type
from scoring.scope import AmbiguousName, Scope, UnknownName
from scoring.written import written_findings

ENGINE: Final = "zhunze-1"
"""Changes whenever the same rulebook and facts could give other bytes."""

NodeName: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """A rulebook ready to run; `order` lists (grain, measure) so that each comes after all it needs."""

    rulebook: Rulebook
    scope: Scope
    trees: dict[str, Expr]
    order: tuple[NodeName, ...]

    @property
    def document(self) -> doc.Document:
        """Return the rulebook's document."""
        return self.rulebook.document

    def type_of(self, grain: str, measure: str) -> Type:
        """Return the type of a measure."""
        return self.scope.types[grain, measure]

    @cached_property
    def needs(self) -> dict[NodeName, tuple[NodeName, ...]]:
        """Return what each measure needs, rows of spaces included."""
        return {node: tuple(sorted(many)) for node, many in _graph(self.scope).items()}

    @cached_property
    def part_grains(self) -> tuple[str, ...]:
        """Return the grains with a key that is a part of the period: fixed at the part's own evaluation."""
        unit = self.document.period.parts
        if unit is None:
            return ()
        spaces = (self.scope.spaces[grain] for grain in self.document.grains)
        return tuple(space.name for space in spaces if any(kind.unit_of_time == unit for kind in space.key_types))

    @cached_property
    def part_results(self) -> frozenset[str]:
        """Return the grains whose results a part's run gives: those keyed by it, those whose rows know it."""
        unit = self.document.period.parts
        dated = {grain for (grain, _), kind in self.scope.types.items() if unit is not None and kind.period == unit}
        return frozenset((dated | set(self.part_grains)) & set(self.document.results))

    @cached_property
    def remembers_parts(self) -> bool:
        """Tell whether later parts may read what earlier parts were."""
        return any(self.document.results[grain].remember for grain in self.part_results)

    @cached_property
    def part_measures(self) -> frozenset[NodeName]:
        """Return the measures a part's run computes: those at its grains, all they need, and what stands beside these.

        Beside these stand the other measures of the tables and grains that feed the parts (how many findings of an
        inspection were overdue), unless they themselves look at the parts or belong to a result of the whole.
        """
        roots = [(grain, name) for grain in self.part_grains for name in self.document.measures.get(grain, ())]
        needed = self._behind([*roots, *(rows_of(grain) for grain in self.part_grains)], frozenset())
        feeding = {space for space, _ in needed} - (set(self.document.results) - self.part_results)
        beside = {(space, name) for space in feeding for name in self.document.measures[space]} - needed
        ours = set(self.part_grains)
        free = [node for node in beside if not ours & {space for space, _ in self._behind([node], frozenset())}]
        return needed | self._behind(free, frozenset(ours))

    @cached_property
    def whole_measures(self) -> frozenset[NodeName]:
        """Return the measures a whole run computes: all but those that only serve the parts."""
        everything = [(grain, name) for grain, many in self.document.measures.items() for name in many]
        results = set(self.document.results) - self.part_results
        own = [node for node in everything if node not in self.part_measures or node[0] in results]
        return self._behind(own, frozenset(self.part_grains))

    def reach(self, period: Period) -> int:
        """Return how many periods of a run's unit its measures look back, none before the first of the regime."""
        mine = self.part_measures if period.unit != self.document.period.unit else self.whole_measures
        return periods_back(self.scope, period, mine)

    def _behind(self, roots: Iterable[NodeName], cut: frozenset[str]) -> frozenset[NodeName]:
        """Return the measures behind some roots, not going into the grains that are cut off."""
        seen: set[NodeName] = set()
        todo = list(roots)
        while todo:
            node = todo.pop()
            if node in seen or node[0] in cut or (node[0] == "" and node[1] in cut):
                continue
            seen.add(node)
            todo.extend(self.needs.get(node, ()))
        return frozenset(node for node in seen if node[0])

    @cached_property
    def canonical(self) -> str:
        """Return the whole plan as canonical JSON, the rulebook inside."""
        types = {f"{grain}.{name}": kind.to_json() for (grain, name), kind in sorted(self.scope.types.items())}
        keys = {
            grain: [kind.to_json() for kind in self.scope.spaces[grain].key_types] for grain in self.document.grains
        }
        data = {
            "engine": ENGINE,
            "hash": self.rulebook.hash,
            "file": self.rulebook.file,
            "keys": keys,
            "order": [list(node) for node in self.order],
            "rulebook": self.rulebook.canonical,
            "trees": {site: tree.to_json() for site, tree in sorted(self.trees.items())},
            "types": types,
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """Return the name of the plan's content."""
        return hash_of(self.canonical)


def plan(rulebook: Rulebook) -> Plan:
    """Check what a rulebook means and return its plan; raises RulebookRefused with every finding at once.

    >>> from scoring.rulebooks import open_rulebook
    >>> plan(open_rulebook("yuetang-2025-1")).part_grains
    ('compound_quarter', 'unit_quarter', 'company_quarter')
    """
    scope = Scope(rulebook.document)
    found: list[Diagnostic] = []
    _lay_out(scope, found)
    if found:
        raise RulebookRefused(found)
    order = _ordered(scope, found)
    if found:
        raise RulebookRefused(found)
    inference = _infer(scope, order)
    looped = _reads_itself_back(rulebook.document, order)
    if looped or not inference.found:
        # Only now is it known which keys are periods, and so which rows of one run follow each other.
        typed_order = _ordered(scope, found)
        if found:
            raise RulebookRefused([*(() if looped else inference.found), *found])
        if typed_order != order or looped:
            order = typed_order
            inference = _settled(scope, order)
    findings = [*inference.found, *outcome_findings(scope), *label_findings(scope, inference.trees.values())]
    if findings:
        raise RulebookRefused(list(dict.fromkeys(findings)))
    measures = tuple(node for node in order if node[0])
    made = Plan(rulebook, scope, inference.trees, measures)
    unkept = list(part_findings(rulebook.document, made.part_measures, made.part_results))
    unkept += period_findings(scope, made.trees, made.part_measures, made.whole_measures)
    if unkept:
        raise RulebookRefused(list(dict.fromkeys(unkept)))
    return made


def load(text: str) -> Plan:
    """Read back a plan kept as canonical JSON, without checking it again and without CEL.

    >>> from scoring.example import league
    >>> kept = league("{over: game, count: rows}")
    >>> load(kept.canonical).hash == kept.hash
    True
    """
    data: dict[str, Any] = json.loads(text)
    rulebook = read(data["rulebook"], data["file"])
    assert rulebook.hash == data["hash"], "a stored plan holds the rulebook it was made from"
    scope = Scope(rulebook.document)
    _lay_out(scope, [])
    for grain, kinds in data["keys"].items():
        scope.set_key_types(grain, tuple(Type.from_json(kind) for kind in kinds))
    scope.types.update({_split(name): Type.from_json(kind) for name, kind in data["types"].items()})
    trees = {site: Expr.from_json(tree) for site, tree in data["trees"].items()}
    return Plan(rulebook, scope, trees, tuple((grain, name) for grain, name in data["order"]))


def _split(name: str) -> NodeName:
    grain, _, measure = name.partition(".")
    return grain, measure


def _lay_out(scope: Scope, found: list[Diagnostic]) -> None:
    """Add the grains to the scope, each after the grain its rows come from, and note names that are none."""
    document = scope.document
    left = dict(document.grains)
    while left:
        ready = [grain for grain in left.values() if _basis(grain) in scope.spaces or grain.rows == "all"]
        if not ready:
            for grain in left.values():
                words = {"name": _basis(grain), "known": ", ".join(scope.spaces)}
                found.append(diagnostic("TABLE_UNKNOWN", grain.place, **words))
            return
        for grain in ready:
            _add(scope, grain, found)
            del left[grain.name]
    _name_findings(scope, found)
    found.extend(grain_findings(scope))
    found.extend(written_findings(document))


def _basis(grain: doc.Grain) -> str:
    """Return the table or grain a grain's rows come from."""
    return grain.over or grain.rows or ""


def _add(scope: Scope, grain: doc.Grain, found: list[Diagnostic]) -> None:
    """Add one grain, its key types as far as references tell them."""
    if grain.over is not None:
        scope.add_expanded(grain)
        facts = scope.document.facts.get(grain.over)
        if facts is None or facts.during is None:
            words = {"where": f"facts.{grain.over}", "key": "during"}
            found.append(diagnostic("KEY_MISSING", grain.place, **words))
        return
    kinds = []
    for key in grain.keys:
        kind = Type("any")
        if grain.rows == "all":
            kind = _combined(scope, grain, key, found)
        else:
            assert grain.rows is not None, "a grain of keys has rows"
            try:
                kind = scope.type_of(grain.rows, scope.near(grain.rows, key)).present()
            except (UnknownName, AmbiguousName):
                words = {"source": grain.rows, "target": grain.name, "key": key, "why": "–"}
                found.append(diagnostic("GRAIN_NOT_DETERMINED", grain.place, **words))
        kinds.append(kind)
    scope.add_grain(grain, tuple(kinds))


def _combined(scope: Scope, grain: doc.Grain, key: str, found: list[Diagnostic]) -> Type:
    """Return the type of a key of which every combination exists: a table, or a unit of the calendar."""
    if key in ("day", "month", "quarter", "half", "year"):
        return Type("date") if key == "day" else Type("period", period=key)
    if key not in scope.spaces:
        found.append(diagnostic("TABLE_UNKNOWN", grain.place, name=key, known=", ".join(scope.spaces)))
    return Type("ref", table=key)


def _name_findings(scope: Scope, found: list[Diagnostic]) -> None:
    """Note references to no table, measures at no grain, and names with two meanings at one place."""
    document, spaces = scope.document, scope.spaces
    known = ", ".join(spaces)
    for facts in document.facts.values():
        for _, kind in facts.columns:
            if kind.table is not None and kind.table not in spaces:
                found.append(diagnostic("TABLE_UNKNOWN", facts.place, name=kind.table, known=known))
    for grain, measures in document.measures.items():
        for measure in measures.values():
            space = spaces.get(grain)
            if space is None:
                found.append(diagnostic("TABLE_UNKNOWN", measure.place, name=grain, known=known))
            elif measure.name in space.columns or measure.name in space.keys:
                second = ("a column", "列") if measure.name in space.columns else ("a key", "键")
                words = {"name": measure.name, "first": "a measure", "first_zh": "指标"}
                words |= {"second": second[0], "second_zh": second[1]}
                found.append(diagnostic("NAME_TWICE", measure.place, **words))
    for name in set(document.facts) & set(document.tables) | set(document.grains) & {*document.facts, *document.tables}:
        place = (document.grains.get(name) or document.tables[name]).place
        words = {"name": name, "first": "a table", "first_zh": "表"}
        words |= {"second": "another table or grain", "second_zh": "另一个表或粒度"}
        found.append(diagnostic("NAME_TWICE", place, **words))


def _graph(scope: Scope) -> Graph:
    """Return what every node needs."""
    graph: Graph = {rows_of(space): row_needs(scope, space) for space in scope.spaces}
    for grain, measures in scope.document.measures.items():
        for measure in measures.values():
            graph[grain, measure.name] = measure_needs(scope, measure)
    return graph


def _ordered(scope: Scope, found: list[Diagnostic]) -> tuple[NodeName, ...]:
    """Return every node after all it needs, otherwise in document order; circles are noted."""
    graph = _graph(scope)
    out: list[NodeName] = []
    state: dict[NodeName, int] = {}
    for root in graph:
        stack: list[tuple[NodeName, list[NodeName]]] = [(root, sorted(graph[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            node, todo = stack[-1]
            if not todo:
                state[node] = 2
                out.append(node)
                stack.pop()
                continue
            following = todo.pop(0)
            if state.get(following) == 1:
                _note_cycle(scope, [each for each, _ in stack], following, found)
            elif following not in state and following in graph:
                state[following] = 1
                stack.append((following, sorted(graph[following])))
    return tuple(out)


def _note_cycle(scope: Scope, path: list[NodeName], back: NodeName, found: list[Diagnostic]) -> None:
    """Note a circle at the first measure in it."""
    circle = path[path.index(back) :]
    measures = [node for node in circle if node[0]]
    words = " → ".join(".".join(node) if node[0] else node[1] for node in [*circle, back])
    if measures:
        place = scope.document.measures[measures[0][0]][measures[0][1]].place
    else:
        table = back[1]
        place = (scope.document.facts.get(table) or scope.document.grains[table]).place
    found.append(diagnostic("CYCLE", place, path=words))


def _reads_itself_back(document: doc.Document, order: tuple[NodeName, ...]) -> bool:
    """Tell whether some earlier result is read before the measure it remembers is typed."""
    at = {node: index for index, node in enumerate(order)}
    operators = [
        (measure.operator, at[grain, measure.name], grain)
        for grain, measures in document.measures.items()
        for measure in measures.values()
    ]
    return any(
        isinstance(operator, doc.Previous) and at.get((grain, operator.of), -1) > index
        for operator, index, grain in operators
    )


def _settled(scope: Scope, order: tuple[NodeName, ...]) -> Inference:
    """Type everything until the measures that read themselves back gain no code, no absence, no decimal place more.

    Decimal places can grow without end (a half of the value before); such a measure is noted.
    """
    while True:
        known = dict(scope.types)
        inference = _infer(scope, order)
        moved = [node for node in order if node[0] and _gist(scope.types[node]) != _gist(known[node])]
        endless = [node for node in moved if (scope.types[node].places or 0) > PLACES_MOST]
        for grain, name in endless[:1]:
            place = scope.document.measures[grain][name].place
            inference.note("PLACES_ENDLESS", place, name=f"{grain}.{name}")
        if endless or not moved:
            return inference


def _gist(kind: Type) -> tuple[object, ...]:
    return kind.kind, kind.places, frozenset(kind.codes or ()), kind.absent


def _infer(scope: Scope, order: tuple[NodeName, ...]) -> Inference:
    """Type everything in order: a grain's keys once the measures they come from are typed."""
    inference = Inference(scope)
    document = scope.document
    for grain, name in order:
        if grain:
            scope.types[grain, name] = inference.measure(document.measures[grain][name])
            continue
        declared = document.grains.get(name)
        if name in document.facts:
            inference.keep(document.facts[name])
        elif declared is not None and declared.over is None and declared.rows != "all":
            assert declared.rows is not None, "a grain of keys has rows"
            kinds = [scope.type_of(declared.rows, scope.near(declared.rows, key)) for key in declared.keys]
            scope.set_key_types(name, tuple(kind.present() for kind in kinds))
    return inference
