"""Rules of a rulebook version as they are shown, and what differs between two versions."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import strawberry

from schema import ids
from schema.answers import said_in
from schema.arguments import Lang, Language
from schema.codes import shown
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads.rulebooks import texts
from schema.wording import Rule, wording

TAG = "Rv"
CHANGES_MAX = 250
"""Changes listed one by one; where there are more, whole parts are compared."""
DEEPEST = 12


@strawberry.type(description="Rule that forces a result.")
class Clause:
    """A rule that gives a band or puts on a list."""

    rule: strawberry.Private[Rule]

    @shown("Code.")
    def code(self) -> str:
        """What the rule gives."""
        return self.rule.gives

    @shown("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(self.rule.words.by_language(), lang)

    @shown("Rule text.")
    def expression(self) -> str:
        """The condition as the rulebook writes it."""
        return self.rule.when

    @shown("Band, cap or list it sets.")
    def effect(self) -> str:
        """By code."""
        return self.rule.gives

    @shown("Article.")
    def legal_basis(self) -> str | None:
        """The clause of the text."""
        return self.rule.law


@strawberry.type(description="Rule that recommends, and may propose a decision.")
class DecisionRule:
    """A rule that recommends."""

    rule: strawberry.Private[Rule]

    @shown("Code of the recommendation, e.g. PROPOSE_EXIT, INTERVIEW, COMMEND.")
    def code(self) -> str:
        """What it recommends."""
        return self.rule.gives

    @shown("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(self.rule.words.by_language(), lang)

    @shown("Condition, also over several cycles.")
    def expression(self) -> str:
        """As the rulebook writes it."""
        return self.rule.when


@strawberry.type(description="One change between two versions.")
class RuleChange:
    """A place that says something else, or only in one of the two."""

    path: str = strawberry.field(description="Place in the rulebook.")
    before: str | None = strawberry.field(description="Text before; null = added.")
    after: str | None = strawberry.field(description="Text after; null = removed.")


def vetoes(text: str, _today: date) -> list[Clause]:
    """The rules that force a band."""
    return [Clause(rule=rule) for rule in wording(text).vetoes()]


def list_rules(text: str, _today: date) -> list[Clause]:
    """The rules of the lists."""
    return [Clause(rule=rule) for rule in wording(text).list_rules()]


def decision_rules(text: str, _today: date) -> list[DecisionRule]:
    """The rules that recommend."""
    return [DecisionRule(rule=rule) for rule in wording(text).recommending()]


def compared(row: Mapping[str, Any], arguments: Mapping[str, Any]) -> object:
    """The key of a comparison: this version and the other."""
    other = ids.decode(str(arguments["against"]))
    return row["id"], other.uuid if other.tag == TAG else None


async def differences(at: Moment, turn: Turn, keys: Keys) -> Found:
    """What each version says otherwise than the other; one that the caller does not see is a mistake."""
    found = await texts(at, turn, sorted({each for key in keys for each in key if each is not None}))
    return {
        (mine, other): changes(found[other], found[mine]) if other in found and mine in found else _unknown()
        for mine, other in keys
    }


def _unknown() -> BadInput:
    return BadInput("against 不是可见的办法版本。", "against names no version of a rulebook that you can see.")


def changes(before: str, after: str) -> list[RuleChange]:
    """The places at which two canonical texts differ, as deep as can be listed.

    >>> [(each.path, each.before, each.after) for each in changes('{"a":{"b":1,"c":"x"}}', '{"a":{"b":2}}')]
    [('a/b', '1', '2'), ('a/c', 'x', None)]
    """
    texts_of = json.loads(before, parse_float=str), json.loads(after, parse_float=str)
    for depth in range(DEEPEST, 0, -1):
        old, new = (dict(_places(text, "", depth)) for text in texts_of)
        paths = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
        if len(paths) <= CHANGES_MAX:
            break
    return [RuleChange(path=path, before=old.get(path), after=new.get(path)) for path in paths]


def _places(part: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Each place of a text and what stands there."""
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else None
    if members is None or not depth or not part:
        yield path, part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, sort_keys=True)
        return
    for name, inner in members:
        yield from _places(inner, f"{path}/{name}".lstrip("/"), depth - 1)
