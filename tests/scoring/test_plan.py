"""What a rulebook's meaning is checked for, each with a failing example and its place."""

import pytest

from scoring.plan import load
from scoring.rulebooks import open_rulebook
from tests.scoring.test_yuetang import district_plan
from tests.scoring.tiny import codes, document, teams

WRONG: list[tuple[str, list[str]]] = [
    ('x: {value: "size > 1"}', ["NAME_UNKNOWN"]),
    ('x: {over: match, count: rows}', ["TABLE_UNKNOWN"]),
    ('x: {over: team, count: rows}', []),
    ('x: {over: game, sum: "points +"}', ["CEL_SYNTAX"]),
    ('x: {over: game, sum: "points / 2"}', ["CEL_REFUSED"]),
    ('x: {over: game, sum: "size % 2"}', ["CEL_REFUSED"]),
    ('x: {over: game, any: "[1, 2].exists(y, y > size)"}', ["CEL_REFUSED"]),
    ('x: {over: game, any: "kind.size() > 1"}', ["CEL_REFUSED"]),
    ('x: {over: game, any: "has(team.x)"}', ["CEL_REFUSED"]),
    ('x: {over: game, sum: "size + kind"}', ["CEL_TYPE"]),
    ('x: {over: game, any: "size == kind"}', ["CEL_TYPE"]),
    ('x: {over: game, any: "date > 3"}', ["CEL_TYPE"]),
    ('x: {over: game, any: "kind == \'NEUTRAL\'"}', ["CODE_UNKNOWN"]),
    ('x: {over: game, any: "points > 3"}', ["UNGUARDED"]),
    ('x: {over: game, any: "present(points) && points > 3"}', []),
    ('x: {over: game, any: "absent(points) || points > 3"}', []),
    ('x: {over: game, any: "present(points) || points > 3"}', ["UNGUARDED"]),
    ('x: {over: game, any: "present(points) ? points > 3 : false"}', []),
    ('x: {over: game, any: "default(points, 0) > 3"}', []),
    ('x: {over: game, sum: "kind"}', ["RESULT_TYPE"]),
    ('x: {over: game, where: "size", count: rows}', ["RESULT_TYPE"]),
    ('x: {over: game, where: "present(points)", any: "points > 3"}', []),
    ('x: {value: "y + 1"}\n    y: {value: "x + 1"}', ["CYCLE"]),
    ('x: {value: "true", round: 2 half_up}', ["RESULT_TYPE"]),
    ('x: {value: "1", round: 2 sideways}', ["CHOICE_WRONG"]),
    ('x: {table: [{when: "true", give: A}, {else: 3}]}', ["TYPES_DIFFER"]),
    ('x: {needs: [y], value: "1"}', ["MEASURE_UNKNOWN"]),
    ('x: {previous: {of: y, back: 1, otherwise: 0}}', ["MEASURE_UNKNOWN"]),
    ('x: {previous: {of: y, back: 1, otherwise: 0}}\n    y: {value: "1"}', ["NOT_REMEMBERED"]),
    ('x: {run: {of: y}}\n    y: {value: "1"}', ["NOT_REMEMBERED", "RESULT_TYPE"]),
    ('x: {blend: {y: 0}}\n    y: {value: "1"}', ["WEIGHTS"]),
    ('x: {value: "min(1, 2, 3, 4, 5, 6)"}', []),
    (f'x: {{value: "{"9" * 31} > 1"}}', ["CEL_REFUSED"]),
    (f'x: {{value: "{"+".join(["1"] * 99)}"}}', ["CEL_SYNTAX"]),
    ('x: {value: "none(\'GONE\', \'X\')"}', ["CEL_TYPE"]),
    ('x: {lookup: {in: game, key: [team, team], give: size, otherwise: 0}}', ["LOOKUP_KEYS"]),
    ('x: {lookup: {in: game, key: [team], give: weight, otherwise: 0}}', ["NAME_UNKNOWN"]),
    ('x: {lookup: {in: nothing, key: [team], give: weight, otherwise: 0}}', ["TABLE_UNKNOWN"]),
    ('games: {over: game, count: rows}\n    x: {rank: {by: [{key: games, first: high}], from: best, ties: dense}}', []),
    ('x: {over: game, mean: "points", empty: {none: NO_RESULT, reason: R}}\n    y: {value: "x > 3"}', ["UNGUARDED"]),
    ('x: {over: game, mean: "points", empty: {none: NO_RESULT, reason: R}}\n'
     '    y: {rank: {by: [{key: x, first: high}], from: best, ties: dense}}\n'
     '    z: {value: "present(y) && y < 3 && x > 3"}', []),
    ('x: {over: game, mean: "points", empty: {none: NO_RESULT, reason: R}}\n'
     '    y: {table: [{when: "absent(x)", give: NONE}, {when: "x > 3", give: GOOD}, {else: BAD}]}', []),
    ('x: {over: game, mean: "points", empty: {none: NO_RESULT, reason: R}}\n'
     '    y: {needs: [x], table: [{when: "x > 3", give: GOOD}, {else: BAD}]}', []),
]  # fmt: skip


@pytest.mark.parametrize(("measures", "want"), WRONG, ids=[text for text, _ in WRONG])
def test_findings(measures: str, want: list[str]) -> None:
    assert sorted(one[0] for one in codes(document(teams(measures)))) == sorted(want)


def test_a_finding_stands_where_the_word_stands() -> None:
    text = document(teams('x: {over: game, any: "size > 100 && points > 3"}'))
    [(code, line, column)] = codes(text)
    assert code == "UNGUARDED"
    assert text.splitlines()[line - 1][column - 1 :].startswith("> 3")


def test_all_findings_come_at_once() -> None:
    text = document(teams('x: {value: "nothing"}', 'y: {over: game, sum: "size / 2"}', "z: {over: match, count: rows}"))
    assert [code for code, _, _ in codes(text)] == ["NAME_UNKNOWN", "CEL_REFUSED", "TABLE_UNKNOWN"]


@pytest.mark.parametrize(
    ("results", "want"),
    [
        ("{team: {score: y}}", ["MEASURE_UNKNOWN"]),
        ("{team: {score: x, remember: [x, z]}}", ["MEASURE_UNKNOWN"]),
        ("{group: {score: x}}", ["TABLE_UNKNOWN"]),
    ],
)
def test_results_name_measures(results: str, want: list[str]) -> None:
    text = document(teams('x: {value: "1"}', results=results))
    assert [code for code, _, _ in codes(text)] == want


def test_a_label_belongs_to_something() -> None:
    body = teams('x: {table: [{when: "true", give: GOOD}, {else: BAD}]}')
    good = document(body + "labels: {team.x: [甲, x], GOOD: [好, good], game: [场, game]}\n")
    assert codes(good) == []
    assert [code for code, _, _ in codes(document(body + "labels: {FINE: [好, fine]}\n"))] == ["LABEL_UNKNOWN"]


def test_a_plan_kept_as_text_is_the_same_plan() -> None:
    kept = load(district_plan().canonical)
    assert (kept.hash, kept.trees, kept.order) == (district_plan().hash, district_plan().trees, district_plan().order)
    assert kept.scope.types == district_plan().scope.types
    assert kept.rulebook.document == open_rulebook("yuetang-2025-1").document


def test_quarters_are_the_parts_of_the_district() -> None:
    assert district_plan().part_grains == ("compound_quarter", "unit_quarter", "company_quarter")
    assert ("company", "composite") not in district_plan().part_measures
    assert ("inspection", "score") not in district_plan().whole_measures
    assert {("inspection", "company"), ("company", "inspections")} <= district_plan().whole_measures


def test_a_name_means_one_thing() -> None:
    twice = document(teams('team: {value: "1"}'))
    assert [code for code, _, _ in codes(twice)] == ["NAME_TWICE"]
    again = twice.replace("measures:", "tables: {game: {gives: x, type: number 0, rows: {A: 1}}}\nmeasures:")
    assert [code for code, _, _ in codes(again)] == ["NAME_TWICE", "NAME_TWICE"]


def test_days_are_counted_in_whole_numbers() -> None:
    text = document(teams('x: {over: game, any: "add_days(date, size * 0.5) > as_of"}'))
    assert [code for code, _, _ in codes(text)] == ["CEL_TYPE"]
    assert codes(text.replace("size * 0.5", "size")) == []
