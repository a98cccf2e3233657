"""How much an operation asks for: one pass over its document, before it is validated or executed.

Every fragment is measured once as text and once for each type that it is read on, in an order in which what it spreads
is measured before; so the pass is linear in the document, while the answer it refuses may be exponential in it. Numbers
stop at a ceiling.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from api.front.rates import Kind, Rate, Rates
from schema.arguments import FIRST_MAX

CEILING: Final = 10**9
META: Final = frozenset({"__schema", "__type"})
META_LISTS: Final = frozenset({"fields", "inputFields", "interfaces", "possibleTypes"})
"""Lists of introspection that lead back to types; nested in each other they multiply."""
EXPLAINED: Final = frozenset({"lines", "summary"})
"""Fields that evaluate a run again."""
DIGITS_MAX: Final = 10
"""A number of more digits is no page size; longer ones are not even read."""


@dataclass(slots=True)
class Text:
    """What a selection comes to as text, its fragments flattened, whatever the types."""

    width: int = 0
    """Fields of this level."""
    depth: int = 0
    """Selection sets below; a page and its rows count two in either spelling."""
    meta_depth: int = 0
    """Selection sets below `__schema` and `__type`."""
    meta_lists: int = 0
    """Lists of introspection nested in each other."""
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    repeats: int = 0
    """Fields that stand a second time under the same name in the same braces."""
    explains: bool = False
    introspects: bool = False

    def add(self, other: "Text") -> None:
        """Have the other in the same selection set."""
        self.width = min(self.width + other.width, CEILING)
        self.depth = max(self.depth, other.depth)
        self.meta_depth = max(self.meta_depth, other.meta_depth)
        self.meta_lists = max(self.meta_lists, other.meta_lists)
        self.fields = min(self.fields + other.fields, CEILING)
        self.aliases = min(self.aliases + other.aliases, CEILING)
        self.directives = min(self.directives + other.directives, CEILING)
        self.repeats = min(self.repeats + other.repeats, CEILING)
        self.explains = self.explains or other.explains
        self.introspects = self.introspects or other.introspects

    def below(self, asked: FieldNode) -> "Text":
        """As it stands below a field."""
        name = asked.name.value
        meta = name in META
        # `edges` counts with its `node`: both spellings of a page's rows are equally deep.
        depth = 0 if asked.selection_set is None else self.depth + (name != "edges")
        return Text(
            1,
            0 if meta else depth,
            depth if meta else self.meta_depth,
            self.meta_lists + (name in META_LISTS),
            min(self.fields + 1, CEILING),
            self.aliases + (asked.alias is not None),
            self.directives + len(asked.directives or ()),
            self.repeats,
            self.explains or name in EXPLAINED,
            self.introspects or meta,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a selection comes to on a type: points, rows, and which roles it takes."""

    cost: int = 0
    nodes: int = 0
    needs: Mapping[frozenset[str], str] = field(default_factory=dict)
    """Each set of roles of which one must be held, and the name by which the caller ran into it."""

    def beside(self, other: "Price") -> "Price":
        """Both in one selection set."""
        return Price(
            min(self.cost + other.cost, CEILING),
            min(self.nodes + other.nodes, CEILING),
            {**other.needs, **self.needs} if other.needs else self.needs,
        )

    def dearest(self, other: "Price") -> "Price":
        """Either, as the type turns out."""
        return Price(max(self.cost, other.cost), max(self.nodes, other.nodes), {**other.needs, **self.needs})

    def times(self, rows: int, nodes: int) -> "Price":
        """So many of them: `nodes` counts rows of pages only, plain lists do not multiply it."""
        return Price(min(self.cost * rows, CEILING), min(self.nodes * nodes, CEILING), self.needs)

    def needing(self, roles: frozenset[str] | None, name: str) -> "Price":
        """The same, for these roles only."""
        if roles is None or "PUBLIC" in roles or roles in self.needs:
            return self
        return Price(self.cost, self.nodes, {**self.needs, roles: name})


@dataclass(frozen=True, slots=True)
class Size:
    """Everything an operation asks for."""

    text: Text
    price: Price
    wrong_page: bool = False
    """A page size is outside 1 to 100."""


NOTHING: Final = Price()
NO_TEXT: Final = Text()


def size_of(
    rates: Rates, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> Size | None:
    """What an operation comes to; None if fragments go round in a circle."""
    named = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    order = _measurable(named)
    if order is None:
        return None
    texts = Texts()
    for name in order:
        texts.fragments[name] = texts.of(named[name].selection_set)
    text = texts.of(operation.selection_set)
    directives = len(operation.directives or ()) + sum(
        len(each.directives or ()) for each in operation.variable_definitions or ()
    )
    root = rates.kinds.get(rates.roots.get(operation.operation.value, ""))
    prices = Prices(rates, named, _conditions(document), _values(operation) | dict(variables or {}))
    price = prices.of(operation.selection_set, root) if root else NOTHING
    whole = replace(text, depth=min(text.depth + 1, CEILING), directives=text.directives + directives)
    return Size(whole, price, prices.wrong_page)


class Texts:
    """Measures selections as text."""

    def __init__(self) -> None:
        self.fragments: dict[str, Text] = {}

    def of(self, selected: SelectionSetNode, names: set[str] | None = None) -> Text:
        """What a selection set comes to; fragments it spreads have been measured.

        `names` are the response names met so far in the same braces: an inline fragment shares them.
        """
        met: set[str] = set() if names is None else names
        size = Text()
        for each in selected.selections:
            if isinstance(each, FieldNode):
                size.add((self.of(each.selection_set) if each.selection_set else Text()).below(each))
                name = (each.alias or each.name).value
                size.repeats += name in met
                met.add(name)
                continue
            size.directives += len(each.directives or ())
            if isinstance(each, FragmentSpreadNode):
                size.add(self.fragments.get(each.name.value, NO_TEXT))
            else:
                assert isinstance(each, InlineFragmentNode), "there are no other selections"
                size.add(self.of(each.selection_set, met))
        return size


class Prices:
    """Measures selections on types, under some variables."""

    def __init__(
        self,
        rates: Rates,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: set[str],
        variables: Mapping[str, Any],
    ) -> None:
        self._kinds = rates.kinds
        self._fragments = fragments
        self._variables = variables
        self._memo: dict[tuple[str, str, int, frozenset[str]], Price] = {}
        self._kept: dict[str, tuple[Kind, ...]] = {}
        self._conditions = conditions & rates.kinds.keys()
        self.wrong_page = False

    def of(self, selected: SelectionSetNode, kind: Kind, page: int = 1, sized: frozenset[str] = frozenset()) -> Price:
        """What a selection set comes to on a type; of a page, its `sized` fields have `page` rows."""
        total = NOTHING
        for each in selected.selections:
            if isinstance(each, FieldNode):
                part = self._field(each, kind, page, sized)
            elif isinstance(each, FragmentSpreadNode):
                part = self._spread(each.name.value, kind, page, sized)
            else:
                assert isinstance(each, InlineFragmentNode), "there are no other selections"
                condition = each.type_condition.name.value if each.type_condition else kind.name
                part = self._narrowed(each.selection_set, condition, kind, (page, sized))
            total = total.beside(part)
        return total

    def _spread(self, name: str, kind: Kind, page: int, sized: frozenset[str]) -> Price:
        fragment = self._fragments.get(name)
        if fragment is None:
            return NOTHING
        key = (name, kind.name, page, sized)
        if key not in self._memo:
            condition = fragment.type_condition.name.value
            self._memo[key] = self._narrowed(fragment.selection_set, condition, kind, (page, sized))
        return self._memo[key]

    def _narrowed(
        self, selected: SelectionSetNode, condition: str, kind: Kind, paged: tuple[int, frozenset[str]]
    ) -> Price:
        """What a fragment comes to where a value is of this type; nothing if the value cannot be of the fragment's."""
        narrow = self._kinds.get(condition)
        if narrow is None or not kind.members <= narrow.members:
            return NOTHING
        price = self.of(selected, kind, *paged)
        return price if condition == kind.name and not narrow.roles else price.needing(narrow.roles, condition)

    def _field(self, asked: FieldNode, kind: Kind, page: int, sized: frozenset[str]) -> Price:
        rate = kind.fields.get(asked.name.value)
        if rate is None:
            return NOTHING
        name = asked.name.value
        own = Price(cost=rate.weight).needing(rate.roles, name)
        target = self._kinds.get(rate.type)
        if rate.leaf or target is None or asked.selection_set is None:
            return own
        if rate.sized:
            rows = self._page(asked)
            inside = self._rows(asked.selection_set, target, rows, rate)
            nodes = min(inside.nodes + rows, CEILING)
            return own.beside(Price(min(inside.cost + 1, CEILING), nodes, inside.needs))
        # An edge is a spelling of its row, not a thing beside it.
        one = Price(cost=0 if name == "edges" and sized else target.weight)
        inside = self._rows(asked.selection_set, target, 1, rate).beside(one)
        rows, nodes = (page, page) if name in sized else (rate.rows, 1)
        return own.beside(inside.times(rows, nodes)).needing(target.roles, name)

    def _rows(self, selected: SelectionSetNode, target: Kind, page: int, rate: Rate) -> Price:
        """What is selected of a value of this type, at the dearest of the types it can turn out to be."""
        if target.members == {target.name}:
            return self.of(selected, target, page, rate.sized)
        found = NOTHING
        for each in self._alternatives(target):
            found = found.dearest(self.of(selected, each))
        return found

    def _alternatives(self, abstract: Kind) -> tuple[Kind, ...]:
        """Object types that the fragments of the document tell apart, one of each sort that they do not."""
        if abstract.name not in self._kept:
            kept: dict[object, Kind] = {}
            for name in sorted(abstract.members):
                told = frozenset(each for each in self._conditions if name in self._kinds[each].members)
                kept.setdefault((name if name in self._conditions else None, told), self._kinds[name])
            self._kept[abstract.name] = tuple(kept.values())
        return self._kept[abstract.name]

    def _page(self, asked: FieldNode) -> int:
        """The page size; one that the field itself refuses counts as the largest it takes."""
        value = next((each.value for each in asked.arguments or () if each.name.value == "first"), None)
        given: Any = None
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value)
        elif isinstance(value, IntValueNode) and len(value.value) < DIGITS_MAX:
            given = int(value.value)
        elif isinstance(value, IntValueNode):
            given = CEILING
        if type(given) is not int:
            return FIRST_MAX
        if not 1 <= given <= FIRST_MAX:
            self.wrong_page = True
            return FIRST_MAX
        return given


def _values(operation: OperationDefinitionNode) -> dict[str, Any]:
    """The page sizes that stand as defaults of variables."""
    found = {}
    for each in operation.variable_definitions or ():
        if isinstance(each.default_value, IntValueNode) and len(each.default_value.value) < DIGITS_MAX:
            found[each.variable.name.value] = int(each.default_value.value)
    return found


def _conditions(document: DocumentNode) -> set[str]:
    """The types that fragments anywhere in the document are on."""
    found = set()
    left: list[Any] = list(document.definitions)
    while left:
        each = left.pop()
        if (condition := getattr(each, "type_condition", None)) is not None:
            found.add(condition.name.value)
        if (below := getattr(each, "selection_set", None)) is not None:
            left.extend(below.selections)
    return found


def _measurable(named: Mapping[str, FragmentDefinitionNode]) -> list[str] | None:
    """The fragments, each after those that it spreads; None if there is no such order."""
    order: dict[str, None] = {}
    for start in named:
        path: dict[str, Iterator[str]] = {} if start in order else {start: _spread(named[start])}
        while path:
            name = next(reversed(path))
            following = next((each for each in path[name] if each in named and each not in order), None)
            if following in path:
                return None
            if following is None:
                order[name] = None
                del path[name]
            else:
                path[following] = _spread(named[following])
    return list(order)


def _spread(fragment: FragmentDefinitionNode) -> Iterator[str]:
    """The fragments that a fragment spreads, at any level."""
    left: list[SelectionSetNode] = [fragment.selection_set]
    while left:
        for each in left.pop().selections:
            if isinstance(each, FragmentSpreadNode):
                yield each.name.value
            elif (below := getattr(each, "selection_set", None)) is not None:
                left.append(below)
