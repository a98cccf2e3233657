"""A slip whose cause can be guessed is answered with what was probably meant, in both languages."""

import pytest

from scoring.diagnostics import Diagnostic, RulebookRefused
from scoring.plan import plan
from scoring.rulebook import read
from tests.scoring.tiny import document

FACTS = """facts:
  team:
    most: 10
    columns:
      {level: "enum A, B", since: date, opt: optional number 0 0..9, score: number 0 0..9, mate: optional ref team}
  game: {most: 10, columns: {team: ref team, points: number 0 0..9}}
measures:
  team:
"""


def told(measure: str) -> Diagnostic:
    """The one finding about a measure."""
    with pytest.raises(RulebookRefused) as refused:
        plan(read(document(f"{FACTS}    x: {measure}\nresults: {{}}\n"), "tiny.yaml"))
    (one,) = refused.value.diagnostics
    return one


QUOTED = "A code stands in single quotes: 'A'."
DATED = "A date cannot stand in a formula: declare a setting of type date and compare with that."
ADDED = "Rows are summed up by a measure of their own, such as {over: table, sum: column}."
TURNED = "Codes have no order; turn them into numbers first, with a table or a lookup."
PERCENT = "Write a percentage as a decimal: 0.70"


@pytest.mark.parametrize(
    ("measure", "code", "remedy"),
    [
        ('{value: "level == A"}', "NAME_UNKNOWN", QUOTED),
        (
            '{value: "game.points > 3"}',
            "NAME_UNKNOWN",
            "One row of `team` has many of `game`: read a measure such as {over: game, sum: points}.",
        ),
        ('{value: "since >= 2025-01-01"}', "CEL_TYPE", DATED),
        ("{value: \"since >= '2025-01-01'\"}", "CEL_TYPE", DATED),
        ('{value: "opt == null"}', "CEL_REFUSED", "Ask with absent(name) or present(name)."),
        ('{value: "round(score)"}', "CEL_REFUSED", "Rounding is a key of the measure, such as `round: 2 half_up`."),
        ('{value: "sum(score)"}', "CEL_REFUSED", ADDED),
        ('{value: "score / 2"}', "CEL_REFUSED", "Divide with ratio, mean or blend."),
        ("{value: \"level in ['A', 'B']\"}", "CEL_REFUSED", "Write x == 'A' || x == 'B'."),
        ('{value: "score * 70%"}', "CEL_SYNTAX", "Write a percentage as a decimal: 0.70 for 70%."),
        ("{value: score, cap: 70%}", "TEXT_UNQUOTED", "Write a percentage as a decimal: 0.7"),
        ("{steps: {of: score, at_least: {70%: A}, else: B}}", "SHAPE_WRONG", "Write a percentage as a decimal: 0.7"),
        (
            '{over: game, count: "points > 3"}',
            "CHOICE_WRONG",
            'Write `count: rows`, and which rows count in `where`: where: "points > 3".',
        ),
        (
            "{over: game, count: points}",
            "CHOICE_WRONG",
            "Write `count: rows`; how many different values a column has is told by `distinct`.",
        ),
        ("{rank: {by: [{key: level, first: high}], from: best, ties: competition}}", "RESULT_TYPE", TURNED),
        ("{table: [{when: score, give: 1}, {else: 0}]}", "RESULT_TYPE", "Write a comparison, such as score > 0."),
        ("{flags: {HIGH: \"score || level == 'A'\"}}", "RESULT_TYPE", "Write a comparison, such as score > 0."),
        (
            "{over: game, sum: points, mean: points, empty: 0}",
            "KEYS_EXCLUDE",
            "Keep one, and make another measure of the other.",
        ),
        (
            "{steps: {of: score, at_least: {9: A}, below: {3: B}, else: C}}",
            "KEYS_EXCLUDE",
            "Keep one, and make another measure of the other.",
        ),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(measure: str, code: str, remedy: str) -> None:
    one = told(measure)
    assert (one.code, one.remedy_en) == (code, remedy)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in one.remedy_zh)


@pytest.mark.parametrize(
    ("condition", "mended"),
    [
        ("opt > 3", "present(opt) && (opt > 3)"),
        ("opt > 3 || score > 1", "present(opt) && opt > 3 || score > 1"),
        ("score > 1 || opt > 3 && level == 'A'", "score > 1 || present(opt) && opt > 3 && level == 'A'"),
        ("score > 9 && (opt > 3 || level == 'A')", "score > 9 && (present(opt) && opt > 3 || level == 'A')"),
        ("!(opt > 3 || score > 1)", "present(opt) && !(opt > 3 || score > 1)"),
        ("opt > 3 || score > 1 ? 1 : 0", "present(opt) && opt > 3 || score > 1 ? 1 : 0"),
        ("opt > 3 || mate.score > 3", "present(opt) && opt > 3 || present(mate.score) && mate.score > 3"),
    ],
)
def test_a_guard_stands_only_before_the_alternative_that_needs_it(condition: str, mended: str) -> None:
    one = told(f'{{value: "{condition}"}}')
    assert (one.code, one.remedy_en) == ("UNGUARDED", f"Write `{mended}`.")
    plan(read(document(f'{FACTS}    x: {{value: "{mended}"}}\nresults: {{}}\n'), "tiny.yaml"))


def test_a_reference_that_is_there_guards_what_lies_behind_it() -> None:
    rule = '{value: "present(mate) && mate.score > 3"}'
    plan(read(document(f"{FACTS}    x: {rule}\nresults: {{}}\n"), "tiny.yaml"))
    behind = '{value: "present(opt) && mate.score > 3"}'
    assert told(behind).code == "UNGUARDED"
