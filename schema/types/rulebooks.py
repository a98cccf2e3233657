"""Rulebooks, their versions and the bands of their scales."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from schema import tables
from schema.answers import said_in
from schema.arguments import Argument, Lang, Language
from schema.codes import shown
from schema.connections import Connection
from schema.directives import PUBLIC, bounded, cost
from schema.fields import (
    LastDay,
    Said,
    after,
    column,
    descending,
    fact,
    identity,
    inside,
    label,
    one,
    own,
    page,
    stored,
    version,
)
from schema.scalars import Sha256
from schema.shapes import AnyOf, Figure, InForce, column_of
from schema.types.codes.companies import Ground
from schema.types.codes.scores import RulebookState
from schema.types.node import Node, Record
from schema.types.rules import (
    Clause,
    DecisionRule,
    RuleChange,
    compared,
    decision_rules,
    differences,
    list_rules,
    vetoes,
)
from schema.types.values import Interval
from schema.wording import Grade, wording


@strawberry.type(description="Band of the scale.")
class Band:
    """A grade of a rulebook version."""

    grade: strawberry.Private[Grade]

    @shown("Code, e.g. AAA.")
    def code(self) -> str:
        """As the rulebook writes it."""
        return self.grade.code

    @shown("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(self.grade.words.by_language(), lang)

    @shown("Lowest total, inclusive; null = lowest band or rank-based.")
    def total_min(self) -> Decimal | None:
        """Points."""
        return self.grade.total_min

    @shown("Extra condition, e.g. no bad record.")
    def predicate(self) -> str | None:
        """The condition as the rulebook writes it."""
        return self.grade.predicate


def bands(text: str, _today: date) -> list[Band]:
    """The bands of a version, best first."""
    words = wording(text)
    return [Band(grade=grade) for grade in words.grades(words.grain_of_grades())]


def legal_basis(text: str, _today: date) -> list[str]:
    """The documents a version rests on."""
    return wording(text).legal_basis


@stored(tables.Rulebook, "Rb", "Assessment rules (考核评价办法).", marks=[PUBLIC])
class Rulebook(Node):
    """A rulebook over all its versions."""

    id: strawberry.ID = identity(tables.Rulebook)
    code: str = column(tables.Rulebook.code, "Code.")
    name: str = label(tables.Rulebook.name, "Name.")
    in_force: RulebookVersion | None = fact(
        tables.RulebookVersion.rulebook_id,
        "Version in force.",
        AnyOf((column_of(tables.RulebookVersion.state),), ("IN_FORCE", "RETIRED")),
        InForce(
            column_of(tables.RulebookVersion.in_force_from),
            column_of(tables.RulebookVersion.in_force_until),
            column_of(tables.RulebookVersion.recorded_at),
        ),
    )
    versions: Connection[RulebookVersion] = page(
        tables.RulebookVersion.rulebook_id,
        "Versions, newest first; PUBLIC sees IN_FORCE and RETIRED.",
        descending(tables.RulebookVersion.number, tables.RulebookVersion.id),
    )


@stored(tables.RulebookVersion, "Rv", "Version of a rulebook.", marks=[PUBLIC])
class RulebookVersion(Record):
    """One text of a rulebook."""

    id: strawberry.ID = identity(tables.RulebookVersion)
    version: int = version(tables.RulebookVersion)
    rulebook: Rulebook = one(tables.RulebookVersion.rulebook_id, "Rulebook.")
    number: int = column(tables.RulebookVersion.number, "Number.")
    state: RulebookState = column(tables.RulebookVersion.state, "State.")
    validity: Interval | None = inside(
        "When in force; null = not adopted.",
        from_=tables.RulebookVersion.in_force_from,
        to=LastDay(tables.RulebookVersion.in_force_until),
        recorded_at=tables.RulebookVersion.recorded_at,
        superseded_at=None,
    )
    ground: Ground | None = column(
        tables.RulebookVersion.ground, "ACT, or IMPORTED if dated back by import; null = not adopted."
    )
    content_hash: Sha256 = column(tables.RulebookVersion.content_hash, "Digest of the canonical text.")
    text: str = column(tables.RulebookVersion.text, "Canonical text.")
    legal_basis: list[str] = after(legal_basis, "Documents behind it.", tables.RulebookVersion.text)
    vetoes: list[Clause] = after(
        vetoes, "One-vote vetoes (一票否决).", tables.RulebookVersion.text, marks=(bounded(20),)
    )
    list_rules: list[Clause] = after(
        list_rules, "Rules of the red, yellow and black lists.", tables.RulebookVersion.text, marks=(bounded(6),)
    )
    decision_rules: list[DecisionRule] = after(
        decision_rules,
        "What a result recommends; first match wins.",
        tables.RulebookVersion.text,
        marks=(bounded(12),),
    )
    diff: list[RuleChange] = own(
        Figure(differences, compared),
        "Changes against another version.",
        tables.RulebookVersion.id,
        said=Said((Argument("against", strawberry.ID, "Other version."),), (bounded(50), cost(10))),
    )
    bands: list[Band] = after(
        bands, "Bands, best first; half-open, no gap.", tables.RulebookVersion.text, marks=(bounded(8),)
    )
