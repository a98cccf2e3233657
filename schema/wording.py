"""The words and bands of a stored rulebook version: labels, clauses and grades come from its canonical text.

The canonical text is JSON and says everything the rulebook says, so no code, band or label of a district stands in
Python. Texts never change under their hash, which makes reading them once enough.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schema.words import Words

LIMITED_BELOW = "at_least"
LIMITED_ABOVE = "below"
COMPARISONS = (LIMITED_BELOW, LIMITED_ABOVE, "above", "at_most")


@dataclass(frozen=True, slots=True)
class Grade:
    """A band of the scale: the lowest total it takes, or the condition under which it is given."""

    code: str
    words: Words
    total_min: Decimal | None = None
    predicate: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that gives a code under a condition."""

    gives: str
    words: Words
    when: str
    law: str | None


@dataclass(frozen=True)
class Wording:
    """A rulebook version as its readers need it."""

    document: Mapping[str, Any]

    def words(self, *names: str) -> Words:
        """The label of the first of these names that has one, the last name itself otherwise."""
        labels = self.document.get("labels", {})
        found = next((labels[name] for name in names if name in labels), (names[-1], names[-1]))
        return Words(*found)

    @property
    def legal_basis(self) -> list[str]:
        """The documents the rulebook names as its source."""
        source = self.document.get("source")
        return [source] if source else []

    def grain_of_grades(self) -> str | None:
        """The first grain whose results have a grade."""
        results = self.document["results"]
        return next((grain for grain, outcome in results.items() if "grade" in outcome), None)

    def grades(self, grain: str | None) -> tuple[Grade, ...]:
        """The bands of the results at a grain, best first; none where they have no grade.

        Bands with limits come in the order of the limits, those that only a condition gives behind them as written.
        """
        measure = self.document["results"].get(grain, {}).get("grade")
        if grain is None or measure is None:
            return ()
        found = list(self._grades(grain, measure))
        first = {grade.code: grade for limited, grade in reversed(found) if not limited}
        first |= {grade.code: grade for limited, grade in reversed(found) if limited}
        order = [grade.code for wanted in (True, False) for limited, grade in found if limited is wanted]
        return tuple(first[code] for code in dict.fromkeys(order))

    def grade(self, grain: str, code: str) -> Grade:
        """The band with this code."""
        return next((each for each in self.grades(grain) if each.code == code), Grade(code, self.words(code)))

    def vetoes(self) -> tuple["Rule", ...]:
        """Rules that force a band, where the band is otherwise found by another measure."""
        grain = self.grain_of_grades()
        name = self.document["results"].get(grain, {}).get("grade")
        table = self._table(grain, name)
        elsewhere = any(isinstance(row.get("give", row.get("else")), Mapping) for row in table)
        return self._rules(grain, name) if elsewhere else ()

    def list_rules(self) -> tuple["Rule", ...]:
        """Rules that put a company on a list."""
        grain = self.grain_of_grades()
        names = self.document["results"].get(grain, {}).get("lists", ())
        return tuple(rule for name in names for rule in self._rules(grain, name) if rule.gives != "NONE")

    def recommending(self) -> tuple["Rule", ...]:
        """Rules that recommend something, the first that matches wins; what is left over is not one."""
        grain = self.grain_of_grades()
        return self._rules(grain, self.document["results"].get(grain, {}).get("recommendation"))

    def _table(self, grain: str | None, name: str | None) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = self.document["measures"].get(grain, {}).get(name, {}).get("table", ())
        return rows

    def _rules(self, grain: str | None, name: str | None) -> tuple["Rule", ...]:
        """The rows of a table that give a code under a condition."""
        return tuple(
            Rule(row["give"], self.words(row["give"]), row["when"], row.get("law"))
            for row in self._table(grain, name)
            if "when" in row and isinstance(row.get("give"), str)
        )

    def recommended_by(self, grain: str, code: str) -> str | None:
        """The clause under which the rules recommend a code; the same word may stand elsewhere for something else."""
        name = self.document["results"].get(grain, {}).get("recommendation")
        measure = self.document["measures"].get(grain, {}).get(name, {})
        return next(iter(_laws(measure, code, None)), None)

    def clause(self, grain: str, code: str) -> str | None:
        """The clause under which a code or reason is given, looked for at the grain first."""
        measures = self.document["measures"]
        for place in (grain, *measures):
            for measure in measures.get(place, {}).values():
                for law in _laws(measure, code, None):
                    return law
        return None

    def _grades(self, grain: str, name: str) -> Iterator[tuple[bool, Grade]]:
        """The bands a measure gives, and whether limits make them."""
        measure = self.document["measures"][grain][name]
        if "steps" in measure:
            yield from ((True, grade) for grade in self._steps(measure["steps"]))
        for row in measure.get("table", ()):
            give = row.get("give", row.get("else"))
            if isinstance(give, str):
                yield False, Grade(give, self.words(give), predicate=row.get("when"))
            elif give.get("value") in self.document["measures"][grain]:
                yield from self._grades(grain, give["value"])

    def _steps(self, steps: Mapping[str, Any]) -> Iterator[Grade]:
        comparison = next(each for each in COMPARISONS if each in steps)
        limits = steps[comparison]
        if "by" in steps:
            limits = {limit: code for of_class in limits.values() for limit, code in of_class.items()}
        ordered = sorted(((Decimal(limit), code) for limit, code in limits.items()), reverse=True)
        yield from self._bands(comparison, ordered, steps["else"], exact="by" not in steps)

    def _bands(
        self, comparison: str, limits: Sequence[tuple[Decimal, Any]], otherwise: Any, *, exact: bool
    ) -> Iterator[Grade]:
        floors = [limit for limit, _ in limits]
        codes = [code for _, code in limits]
        if comparison in (LIMITED_BELOW, "above"):
            pairs = zip([*codes, otherwise], [*floors, None], strict=True)
        else:
            pairs = zip([otherwise, *codes], [*floors, None], strict=True)
        told = exact and comparison in (LIMITED_BELOW, LIMITED_ABOVE)
        for code, floor in pairs:
            if isinstance(code, str):
                yield Grade(code, self.words(code), floor if told else None)


def _laws(part: Any, code: str, law: str | None) -> Iterator[str]:
    """The clauses under which a part of a measure gives a code, each the nearest around it."""
    if isinstance(part, Mapping):
        law = part.get("law", law)
        named = code in (part.get("reason"), part.get("give"), part.get("else")) or code in part.get("that", {})
        if named and law is not None:
            yield law
        for inner in part.values():
            yield from _laws(inner, code, law)
    elif isinstance(part, list):
        for inner in part:
            yield from _laws(inner, code, law)


@lru_cache(maxsize=256)
def wording(text: str) -> Wording:
    """What a canonical text says."""
    return Wording(json.loads(text, parse_float=Decimal))
