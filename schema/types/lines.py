"""The explanation of a result: its lines, and the facts behind each."""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from schema.answers import said_in
from schema.arguments import Lang, Language, given, page_size
from schema.codes import shown as field
from schema.connections import Slice, connection_of
from schema.context import Context
from schema.cursors import list_key, open_, seal
from schema.directives import PAGED, STAFF
from schema.fields import TYPES, columns_of, instance
from schema.lines import Shown, number, points, shown, summary
from schema.loaders import Found, Keys, Reader, Turn
from schema.moments import Moment
from schema.reads import facts as read
from schema.reads.facts import Explanation, FactKey, by_table, explanations
from schema.tables.scores import NON_VALUES
from schema.types.codes.scores import LineKind, NonValue
from schema.types.facts import Complaint, CreditItem, FeePeriod, Mediation, SurveyRound
from schema.types.inspections import Finding
from schema.types.training import Enrollment

FACTS: Mapping[str, Any] = {
    "finding": Finding,
    "case": Complaint,
    "mediation": Mediation,
    "fee": FeePeriod,
    "survey": SurveyRound,
    "credit": CreditItem,
    "enrolment": Enrollment,
}
"""Fact tables whose rows can be listed, and the type of the rows."""

Fact = Annotated[
    Finding | Complaint | Mediation | FeePeriod | SurveyRound | CreditItem | Enrollment,
    strawberry.union("Fact", description="Fact that moves points."),
]
FactConnection = connection_of(Fact)


@dataclass(frozen=True, slots=True)
class FactPages:
    """The facts behind a line by table and key; a cursor is a place in that order, in whatever line."""

    reader: Reader
    facts: tuple[FactKey, ...]
    first: int
    start: int
    key: bytes

    async def slice(self) -> Slice:
        """Those of the facts asked for that the viewer sees."""
        wanted = self.facts[self.start : self.start + self.first]
        futures = [self.reader.load("facts", partial(read_facts, self.reader.at), each) for each in wanted]
        read = zip(wanted, await asyncio.gather(*futures), strict=True)
        seen = [(key, node) for key, node in read if node is not None]
        more = self.start + self.first < len(self.facts)
        return Slice(
            [node for _, node in seen], lambda index: seal(self.key, [seen[index][0].table, seen[index][0].key]), more
        )

    async def total(self) -> int:
        """How many facts stand behind the line."""
        return len(self.facts)

    async def preceded(self) -> bool:
        """Whether facts stand before."""
        return self.start > 0 and bool(self.facts)


async def read_facts(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The rows of some facts, one statement for each table."""
    found = {}
    for (table, known_at), some in by_table(keys).items():
        stored = TYPES[FACTS[table].__name__]
        for row in await turn.fetch(read.facts(table, columns_of(stored), some, at)):
            found[FactKey(table, row["fact_key"], known_at)] = instance(stored.type, row)
    return found


@strawberry.type(description="Line of the explanation tree.")
class ScoreLine:
    """One line; what it shows comes from the engine's explanation."""

    shown: strawberry.Private[Shown]
    explanation: strawberry.Private[Explanation]

    @field("Place, e.g. service/cleaning/C05.")
    def path(self) -> str:
        """Names of measures and rows from the total down."""
        return self.shown.line.path

    @field("Path of the parent; null = total.")
    def parent(self) -> str | None:
        """The line above."""
        return self.shown.line.parent

    @field("Level.")
    def kind(self) -> LineKind:
        """What sort of line it is."""
        return LineKind(self.shown.line.kind)

    @field("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(_by_language(self.shown.line.label), lang)

    @field("Legal basis.")
    def clause(self) -> str | None:
        """The clause cited."""
        return self.shown.line.clause

    @field("Value read; unit in `formula`.")
    def value(self) -> Decimal | None:
        """Numbers only."""
        return number(self.shown.line.value)

    @field("Why there is no value.")
    def non_value(self) -> NonValue | None:
        """The kind of absence."""
        none = self.shown.line.none
        return NonValue(NON_VALUES[none.kind]) if none is not None else None

    @field("Effective weight.")
    def weight(self) -> Decimal | None:
        """Share of the line above, where it has one."""
        return number(self.shown.line.weight)

    @field("Points given.")
    def points(self) -> Decimal:
        """Points of the total, exact."""
        return points(self.shown.line.points)

    @field("Most possible.")
    def points_max(self) -> Decimal | None:
        """Null where the rules set no limit."""
        most = self.shown.line.points_max
        return None if most is None else points(most)

    @field("Points absorbed by a cap.")
    def lost_to_cap(self) -> Decimal:
        """What would have counted without caps."""
        return points(self.shown.line.lost_to_cap)

    @field("Formula with figures filled in.")
    def formula(self) -> str | None:
        """How the value came about."""
        return self.shown.line.formula

    @field("Sentence.")
    def text(self, lang: Language = Lang.ZH_CN) -> str:
        """The line in words."""
        return said_in(_by_language(self.shown.line.sentence), lang)

    @field("Facts behind the line.", PAGED, STAFF, served=FactConnection)
    def facts(
        self,
        info: Info[Context, None],
        first: Annotated[int, strawberry.argument(description="Page size, 1 to 100.")],
        after: Annotated[
            str | None, strawberry.argument(description="`endCursor` of the page before.")
        ] = strawberry.UNSET,
    ) -> Any:
        """Findings, cases and other rows, as the run knew them."""
        reader = info.context.reader
        key = list_key(reader.cursor_secret, f"ScoreLine.facts|{reader.scope}")
        ordered = sorted(self.shown.facts)
        start = bisect_right(ordered, tuple(open_(key, str(after), 2))) if given(after) else 0
        keys = tuple(FactKey(table, row, self.explanation.known_at) for table, row in ordered)
        return FactConnection(FactPages(reader, keys, page_size(first), start, key))


def _by_language(texts: tuple[str, str]) -> dict[str, str]:
    return {"ZH_CN": texts[0], "EN": texts[1]}


async def explained_lines(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The lines of each result."""
    return {
        key: [ScoreLine(shown=each, explanation=explanation) for each in shown(explanation.explained, FACTS.keys())]
        for key, explanation in (await explanations(at, turn, keys)).items()
    }


def sentences(found: list[ScoreLine], arguments: Mapping[str, Any]) -> str:
    """The upper lines in words."""
    return said_in(_by_language(summary([each.shown for each in found])), arguments.get("lang"))
