"""The shape of a rulebook: what is refused, where, and what the canonical text leaves out."""

import pytest

from scoring.diagnostics import RulebookRefused
from scoring.rulebook import read
from scoring.rulebooks import names, open_rulebook, text
from tests.scoring.tiny import document, teams

GOOD = document(teams("x: {over: game, count: rows}"))


def refused(source: str) -> list[tuple[str, int, int]]:
    with pytest.raises(RulebookRefused) as caught:
        read(source, "a.yaml")
    return [(one.code, one.place.line, one.place.column) for one in caught.value.diagnostics]


SHAPES: list[tuple[str, str, list[str]]] = [
    ("version: t\n", "", ["KEY_MISSING"]),
    ("version: t\n", "version: t\nauthor: me\n", ["KEY_UNKNOWN"]),
    ("version: t\n", "version: t\nversion: t\n", ["DUPLICATE_KEY"]),
    ("version: t\n", "version: &v t\n", ["YAML_FEATURE"]),
    ("version: t\n", "version: !!str t\n", ["YAML_FEATURE"]),
    ("version: t\n", "version: [\n", ["YAML_SYNTAX"]),
    ("version: t\n", "version: null\n", ["KEY_MISSING"]),
    ("name: [小, tiny]", "name: [小]", ["SHAPE_WRONG"]),
    ("name: [小, tiny]", "name: tiny", ["SHAPE_WRONG"]),
    ("rulebook: tiny", "rulebook: Tiny", ["NAME_WRONG"]),
    ("from: 2000-01-01", "from: 2000-02-30", ["SHAPE_WRONG"]),
    ("from: 2000-01-01", "from: 2000-01-01, until: 1999-01-01", ["VERSION_DATES"]),
    ("unit: year", "unit: decade", ["CHOICE_WRONG"]),
    ("unit: year", "unit: year, parts: year", ["PARTS_UNIT"]),
    ("unit: year", "unit: year, evaluate_after: -1", ["SHAPE_WRONG"]),
    ("unit: year", "unit: year, evaluate_after: 1.5", ["SHAPE_WRONG"]),
    ("date: date", "date: day", ["TYPE_WRONG"]),
    ("date: date", "list: date", ["NAME_RESERVED"]),
    ("date: date", "Date: date", ["NAME_WRONG"]),
    ('"enum HOME, AWAY"', '"enum HOME, away"', ["TYPE_WRONG"]),
    ("number 0 1..9", "number 0 9..1", ["TYPE_WRONG"]),
    ("x: {over: game, count: rows}", "x: {over: game}", ["KEY_MISSING"]),
    ("x: {over: game, count: rows}", 'x: {over: game, count: rows, sum: "size"}', ["KEYS_EXCLUDE"]),
    ("x: {over: game, count: rows}", "x: {over: game, count: 3}", ["CHOICE_WRONG"]),
    ("x: {over: game, count: rows}", "x: {law: 3}", ["OPERATOR_COUNT"]),
    ("x: {over: game, count: rows}", 'x: {value: "1", over: game, count: rows}', ["OPERATOR_COUNT"]),
    ("x: {over: game, count: rows}", 'x: {value: "1", where: "true"}', ["KEY_UNKNOWN"]),
    ("x: {over: game, count: rows}", "x: {value: a + b}", ["TEXT_UNQUOTED"]),
    ("x: {over: game, count: rows}", "x: {value: min(1, 2)}", ["TEXT_UNQUOTED", "KEY_UNKNOWN"]),
    ("x: {over: game, count: rows}", 'x: {over: game, mean: "size"}', ["STATED_CHOICE"]),
    ("x: {over: game, count: rows}", 'x: {over: game, stdev: "size", empty: 0}', ["STATED_CHOICE"]),
    ("x: {over: game, count: rows}", 'x: {ratio: {of: "1", by: "2"}}', ["KEY_MISSING"]),
    ("x: {over: game, count: rows}", 'x: {table: [{when: "true", give: A}]}', ["TABLE_ROWS"]),
    ("x: {over: game, count: rows}", 'x: {table: [{else: A}, {when: "true", give: A}]}', ["TABLE_ROWS", "TABLE_ROWS"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, at_least: {1: A, 2: B}, else: C}}", ["LIMITS_ORDER"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, below: {1: A, 1: B}, else: C}}", ["DUPLICATE_KEY"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, below: {1.0: A, 1: B}, else: C}}", ["LIMITS_ORDER"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, at_least: {1: a}, else: C}}", ["CODE_WRONG"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, at_least: {1: A}, below: {1: A}, else: C}}", ["KEYS_EXCLUDE"]),
    ("x: {over: game, count: rows}", 'x: {value: "1", round: 2}', ["SHAPE_WRONG"]),
    ("x: {over: game, count: rows}", 'x: {require: {that: {A: "true"}, else: GONE}, value: "1"}', ["KIND_UNKNOWN"]),
    ("x: {over: game, count: rows}", "x: {curve: {log: y, places: 2}}", ["KEY_MISSING"]),
    ("x: {over: game, count: rows}", "x: {value: 1e3}", ["TEXT_UNQUOTED"]),
    ("x: {over: game, count: rows}", "x: {steps: {of: y, at_least: {1: 0x10}, else: 3}}", ["SHAPE_WRONG"]),
]


@pytest.mark.parametrize(("find", "replace", "want"), SHAPES, ids=[f"{a} > {b}" for a, b, _ in SHAPES])
def test_wrong_shapes(find: str, replace: str, want: list[str]) -> None:
    assert GOOD.count(find) == 1
    assert [code for code, _, _ in refused(GOOD.replace(find, replace))] == want


def test_findings_carry_line_and_column_and_both_languages() -> None:
    with pytest.raises(RulebookRefused) as caught:
        read("rulebook: tiny\nversion: [1]\n", "a.yaml")
    first = next(one for one in caught.value.diagnostics if one.code == "SHAPE_WRONG")
    assert (first.place.file, first.place.line, first.place.column) == ("a.yaml", 2, 10)
    assert first.zh.startswith("此处应为文字")
    assert first.en.startswith("Text is expected here")
    assert first.remedy_zh
    assert first.remedy_en


def test_an_empty_document_and_a_deep_one_are_refused() -> None:
    assert refused("") == [("SHAPE_WRONG", 1, 1)]
    assert [code for code, _, _ in refused("a: " + "[" * 40 + "]" * 40)] == ["TOO_LARGE"]
    assert [code for code, _, _ in refused("#" * 2_000_001)] == ["TOO_LARGE"]


@pytest.mark.parametrize("name", names())
def test_the_canonical_text_is_a_rulebook_that_says_the_same(name: str) -> None:
    rulebook = open_rulebook(name)
    again = read(rulebook.canonical)
    assert (again.document, again.hash, again.canonical) == (rulebook.document, rulebook.hash, rulebook.canonical)


def test_layout_is_not_content_and_content_is() -> None:
    same = GOOD.replace("version: t", '# a remark\nversion:   "t"').replace(
        "name: [小, tiny]", "name:\n  - 小\n  - tiny"
    )
    moved = GOOD.replace("rulebook: tiny\nversion: t\n", "version: t\nrulebook: tiny\n")
    assert read(same).hash == read(moved).hash == read(GOOD).hash
    assert read(GOOD.replace("1..9", "1..8")).hash != read(GOOD).hash


def test_trailing_zeros_are_layout() -> None:
    source = text("yuetang-2025-1")
    assert read(source.replace("inspection_part: 0.60", "inspection_part: 0.6")).hash == read(source).hash
    assert read(source.replace("0.90: 60}", "0.9: 60}")).hash == read(source).hash


@pytest.mark.parametrize(
    "measure",
    [
        'x: {value: "1", round: 99 half_up}',
        'x: {value: "1", round: 999999999 half_up}',
        "x: {curve: {ln: y, places: 1000000}}",
        'x: {over: game, stdev: "size", places: 99, empty: 0}',
        f"x: {{steps: {{of: y, at_least: {{{'9' * 31}: A}}, else: B}}}}",
        f"x: {{ratio: {{of: y, by: y, zero: {'9' * 31}}}}}",
    ],
)
def test_numbers_nobody_means_are_refused(measure: str) -> None:
    assert [code for code, _, _ in refused(GOOD.replace("x: {over: game, count: rows}", measure))] == ["SHAPE_WRONG"]
