"""Rough edges of the language: keys of every kind, figures that do not exist, slips in constants; both evaluators."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.diagnostics import FactsRefused, RulebookRefused
from scoring.evaluate import Run
from scoring.past import PastResult
from scoring.plan import plan
from scoring.rulebook import read
from scoring.values import NonValue
from tests.properties.third.judge import compare
from tests.scoring.batch.same import both
from tests.scoring.tiny import GAMES, TEAM, codes, column, document, make, teams

KEYED = """
facts:
  visit: {most: 99, columns: {rate: number 2 0..9, paid: bool, day: date, points: number 0 0..9},
          keep: "in_period(day)"}
grains:
  group: {keys: [rate, paid, quarter], rows: visit}
  rate_group: {keys: [rate, paid], rows: visit}
measures:
  visit:
    quarter: {value: "quarter(day)"}
  group:
    twice: {value: "2 * rate"}
    points: {over: visit, sum: points}
  rate_group:
    points: {over: group, sum: points}
results: {group: {score: twice}, rate_group: {score: points, remember: [points]}}
"""
VISITS = [
    {"id": "1", "rate": "1.50", "paid": True, "day": "2025-01-10", "points": 3},
    {"id": "2", "rate": "1.50", "paid": True, "day": "2025-04-10", "points": 4},
    {"id": "3", "rate": "0.25", "paid": False, "day": "2025-04-11", "points": 5},
]


def test_keys_that_are_numbers_and_truths_come_back_from_parts_as_they_went() -> None:
    made = make(KEYED, "half", "quarter")
    run = both(made, {"visit": VISITS}, Run("2025H1"))
    assert column(run, "twice", "group") == {
        "0.25|false|2025Q2": Decimal("0.50"),
        "1.50|true|2025Q1": Decimal("3.00"),
        "1.50|true|2025Q2": Decimal("3.00"),
    }
    assert column(run, "points", "rate_group") == {"0.25|false": 5, "1.50|true": 7}
    stored = [PastResult.from_json(part.part().to_json()) for part in run.parts if not isinstance(part, PastResult)]
    again = both(made, {"visit": VISITS}, Run("2025H1", parts=stored))
    assert column(again, "points", "rate_group") == {"0.25|false": 5, "1.50|true": 7}


LOOKED_UP = """
facts:
  fee: {most: 9, columns: {year_no: number 0, rate: number 2, open: bool, half: period half, on: date, due: number 0},
        unique: [year_no, rate, open, half, on]}
  bill: {most: 9, columns: {year_no: number 1, rate: number 1, open: optional bool, on: date, code: text}}
tables:
  by_open: {gives: w, type: number 0, rows: {true: 7, false: 8}}
  by_half: {gives: w, type: number 0, rows: {2025H1: 5}}
  by_day: {gives: w, type: number 0, rows: {2025-01-02: 6}}
measures:
  bill:
    due: {lookup: {in: fee, key: [year_no, rate, "default(open, false)", "half(on)", on], give: due, otherwise: 0}}
    of_open: {lookup: {in: by_open, key: [open], give: w, otherwise: 0}}
    of_half: {lookup: {in: by_half, key: ["half(on)"], give: w, otherwise: 0}}
    of_day: {lookup: {in: by_day, key: [on], give: w, otherwise: 0}}
results: {bill: {}}
"""


def test_keys_of_a_lookup_meet_numbers_truths_days_and_periods() -> None:
    facts = {
        "fee": [{"id": "1", "year_no": 3, "rate": "1.5", "open": True, "half": "2025H1", "on": "2025-01-02", "due": 9}],
        "bill": [
            {"id": "a", "year_no": "3", "rate": "1.5", "open": True, "on": "2025-01-02", "code": "x"},
            {"id": "b", "year_no": "3.5", "rate": "1.5", "open": True, "on": "2025-01-02", "code": "x"},
            {"id": "c", "year_no": "3", "rate": "1.5", "open": None, "on": "2025-08-02", "code": "x"},
        ],
    }
    run = both(make(LOOKED_UP), facts, Run("2025"))
    absent = NonValue("NOT_APPLICABLE", ("ABSENT",))
    assert column(run, "due", "bill") == {"a": 9, "b": 0, "c": 0}
    assert column(run, "of_open", "bill") == {"a": 7, "b": 7, "c": absent}
    assert column(run, "of_half", "bill") == {"a": 5, "b": 5, "c": 0}
    assert column(run, "of_day", "bill") == {"a": 6, "b": 6, "c": 0}


def test_a_key_without_value_finds_no_row_whose_column_is_empty() -> None:
    body = """
facts:
  rate: {most: 9, columns: {kind: optional text, worth: number 0}, unique: [kind]}
  bill: {most: 9, columns: {kind: optional text}}
measures:
  bill: {worth: {lookup: {in: rate, key: [kind], give: worth, otherwise: 0}}}
results: {bill: {}}
"""
    facts = {"rate": [{"id": "1", "kind": None, "worth": 4}], "bill": [{"id": "a", "kind": None}]}
    assert column(both(make(body), facts, Run("2025")), "worth", "bill") == {
        "a": NonValue("NOT_APPLICABLE", ("ABSENT",))
    }


def refusal(rule: str, settings: str = "", facts: Any = GAMES, entered: Any = None) -> list[tuple[str, str, str]]:
    """What both evaluators refuse to compute: code, place, the English sentence."""
    made = make(f"{settings}{teams(rule)}")
    with pytest.raises(FactsRefused) as refused:
        both(made, facts, Run("2025", settings=entered or {}))
    return [(one.code, f"{one.place.line}:{one.place.column}", one.en) for one in refused.value.diagnostics]


def test_weights_that_add_up_to_nothing_are_told_with_the_settings() -> None:
    settings = "settings:\n  a: {type: number 0 0..9}\n  b: {type: number 0 0..9, value: 1}\n"
    sentence = "The weights (a, b) of the parts that apply to `team.x` at row `A` add up to 0."
    rule = 'x: {blend: {"1": a, "2": b}}'
    assert refusal(rule, settings, entered={"a": 0, "b": 0}) == [("WEIGHTS_ARE_ZERO", "19:5", sentence)]
    run = both(make(settings + teams(rule)), GAMES, Run("2025", settings={"a": 3}))
    assert column(run, "x")["A"] == Decimal("1.25")


def test_weights_of_a_row_that_add_up_to_nothing_are_its_own_error() -> None:
    rule = 'x: {blend: {"1": size, "3": "2 * size"}}'
    facts = {"game": [GAMES["game"][0], GAMES["game"][1] | {"size": 0}], "team": GAMES["team"]}
    body = (
        TEAM.replace("size: number 0 1..9", "size: number 0 0..9") + f"measures:\n  game:\n    {rule}\nresults: {{}}\n"
    )
    run = both(make(body), facts, Run("2025"))
    assert column(run, "x", "game") == {"1": Fraction(7, 3), "2": NonValue("ERROR", ("NO_WEIGHT",))}


ASKED = """
facts:
  one: {most: 9, columns: {x: number 0 -9..9, veto: bool, seen: optional bool}}
measures:
  one:
    root: {curve: {sqrt: x, places: 0}}
    grade:
      table:
        - {when: veto, give: D}
        - {when: "absent(seen)", give: UNSEEN}
        - {when: "absent(root)", give: LOST}
        - {else: A}
    last: {needs: [grade], table: [{when: "grade == 'A'", give: 1}, {else: 0}]}
results: {one: {grade: grade}}
"""


def test_an_error_is_never_asked_away_by_a_row_of_a_table() -> None:
    """A veto above keeps its word, an absence of another kind its row; the ERROR behind stays an ERROR."""
    rows = [(4, False, True), (-4, True, True), (-4, False, None), (-4, False, True)]
    facts = {"one": [{"id": str(at), "x": x, "veto": v, "seen": s} for at, (x, v, s) in enumerate(rows)]}
    run = both(make(ASKED), facts, Run("2025"))
    error = NonValue("ERROR", ("OUT_OF_DOMAIN",))
    assert column(run, "grade", "one") == {"0": "A", "1": "D", "2": "UNSEEN", "3": error}
    assert column(run, "last", "one") == {"0": 1, "1": 0, "2": 0, "3": error}
    assert compare(run).differ == []


@pytest.mark.parametrize("code", ["NOT_APPLICABLE", "WITHHELD", "NO_RESULT", "PENDING", "ERROR"])
def test_a_kind_of_absence_is_no_code_to_give(code: str) -> None:
    with pytest.raises(RulebookRefused) as refused:
        make(teams(f"x: {{table: [{{when: 'true', give: {code}}}, {{else: A}}]}}"))
    assert [one.code for one in refused.value.diagnostics] == ["ABSENCE_AS_CODE"]
    assert f"{{none: {code}, reason: …}}" in refused.value.diagnostics[0].remedy_en


def test_a_total_waits_for_what_is_pending_in_its_window() -> None:
    body = """
facts:
  bill: {most: 9, columns: {day: date, paid: number 0 0..99, state: "enum DONE, OPEN, VOID"}}
measures:
  bill:
    gap: {value: "state == 'VOID' ? none('NOT_APPLICABLE', 'VOID') : none('PENDING', 'UNPAID')"}
    sure: {value: "state == 'DONE' ? paid : gap"}
    total: {running: {sum: sure, per: [], by: day, within: 2}}
results: {bill: {}}
"""
    states = ["DONE", "VOID", "OPEN", "DONE", "DONE", "DONE"]
    days = [f"2025-01-0{at}" for at in range(1, 7)]
    facts = {"bill": [{"id": d, "day": d, "paid": 5, "state": s} for d, s in zip(days, states, strict=True)]}
    run = both(make(body), facts, Run("2025"))
    waits, void = NonValue("PENDING", ("UNPAID",)), NonValue("NOT_APPLICABLE", ("VOID",))
    assert list(column(run, "total", "bill").values()) == [5, void, waits, waits, waits, 15]
    assert compare(run).differ == []


def test_a_score_is_a_number() -> None:
    with pytest.raises(RulebookRefused) as refused:
        make(
            teams("x: {over: game, latest: date, empty: {none: NO_RESULT, reason: NONE}}", results="{team: {score: x}}")
        )
    assert [one.code for one in refused.value.diagnostics] == ["OUTCOME_KIND"]


def test_a_day_beyond_the_calendar_is_told_with_its_row() -> None:
    facts = {"team": GAMES["team"], "game": [*GAMES["game"], GAMES["game"][0] | {"id": "6", "date": "9999-12-31"}]}
    told = refusal('x: {over: game, count: rows}\n  game:\n    due: {value: "add_days(date, 1)"}', facts=facts)
    sentence = "`game.due` leaves the calendar (years 1 to 9999) at row `6`: 9999-12-31 + 1 days."
    assert told == [("DAY_OUTSIDE_CALENDAR", "18:5", sentence)]
    for formula in (
        "add_months(date, 1)",
        "add_years(date, 1)",
        "add_workdays(date, 1)",
        "add_days(date, 99999999999)",
    ):
        rule = f'x: {{over: game, count: rows}}\n  game:\n    due: {{value: "{formula}"}}'
        assert [code for code, _, _ in refusal(rule, facts=facts)] == ["DAY_OUTSIDE_CALENDAR"]
    body = document(teams("x: {over: game, count: rows}")).replace(
        "most: 1000", 'most: 1000\n    keep: "add_days(date, 1) > as_of"'
    )
    with pytest.raises(FactsRefused) as refused:
        both(plan(read(body, "t.yaml")), facts, Run("2024"))
    assert "`game.keep` leaves the calendar" in refused.value.diagnostics[0].en


def test_a_window_or_share_that_makes_no_sense_is_told() -> None:
    settings = "settings:\n  n: {type: number 1}\n"
    rule = "x: {over: game, count: rows}\n  game:\n    y: {running: {count: rows, per: [team], by: date, within: n}}"
    sentence = "The `within` of `game.y` is -1 at row `1`, below 0."
    assert refusal(rule, settings, entered={"n": -1}) == [("WITHIN_NEGATIVE", "20:5", sentence)]
    rule = "x: {over: game, quantile: {of: size, share: n, method: type1}, empty: 0}"
    sentence = "The `share` of `team.x` is 1.5 at row `A`, not between 0 and 1."
    assert refusal(rule, settings, entered={"n": "1.5"}) == [("SHARE_OUTSIDE", "18:5", sentence)]


def test_a_part_whose_weight_may_be_zero_does_not_hold_the_whole() -> None:
    settings = "settings:\n  a: {type: number 0 0..9, value: 0}\n"
    rules = 'best: {over: game, greatest: "points", empty: {none: NOT_APPLICABLE, reason: NO_GAME}}'
    text = document(settings + teams(rules, 'x: {blend: {best: 1, "2": a}}', 'y: {value: "x > 3"}'))
    assert [code for code, _, _ in codes(text)] == ["UNGUARDED"]
    run = both(make(settings + teams(rules, 'x: {blend: {best: 1, "2": a}}')), GAMES, Run("2025"))
    assert column(run, "x")["C"] == NonValue("NOT_APPLICABLE", ("NO_GAME",))


AUTHORED = [
    ("x: {rank: {by: [], from: best, ties: dense}}", ["NOTHING_WRITTEN"]),
    ("x: {blend: {}}", ["NOTHING_WRITTEN"]),
    ("x: {flags: {}}", ["NOTHING_WRITTEN"]),
    ("x: {steps: {of: '1', at_least: {}, else: 1}}", ["NOTHING_WRITTEN"]),
    ("x: {lookup: {in: team, key: [], give: y, otherwise: 0}}", ["NOTHING_WRITTEN"]),
    ('x: {require: {that: {}, else: ERROR}, value: "1"}', ["NOTHING_WRITTEN"]),
    ("x: {over: game, count: rows, empty: 0}", ["KEY_IDLE"]),
    ('x: {over: game, any: "size > 1", empty: false}', ["KEY_IDLE"]),
    ("x: {over: game, sum: size, places: 2}", ["KEY_IDLE"]),
    ("x: {over: game, distinct: size, weight: size}", ["KEY_IDLE"]),
    ("x: {over: game, sum: size, last: {rows: 0, by: date}}", ["SHAPE_WRONG"]),
    ('x: {value: "1"}\n    y: {previous: {of: x, back: 0, otherwise: 0}}', ["SHAPE_WRONG"]),
    ('x: {value: "1"}\n    y: {window: {of: x, last: 0, take: sum}}', ["SHAPE_WRONG"]),
    ("x: {over: game, quantile: {of: size, share: 2, method: type1}, empty: 0}", ["NUMBER_OUTSIDE"]),
    ('x: {over: game, quantile: {of: size, share: "-0.5", method: type1}, empty: 0}', ["NUMBER_OUTSIDE"]),
    ('x: {running: {count: rows, per: [], by: "1", within: "-1"}}', ["NUMBER_OUTSIDE"]),
    (
        "x: {over: game, least: points, empty: 0}\n    y: {blend: {\"1\": \"none('ERROR', 'A')\"}}",
        ["PART_MAY_BE_ABSENT"],
    ),
    ('x: {blend: {"1": "0 * 1"}}\n    y: {blend: {"1": "-1"}}', ["WEIGHTS"]),
    ("x: {lookup: {in: by_day, key: [team], give: w, otherwise: 0}}", ["TABLE_UNKNOWN"]),
]


@pytest.mark.parametrize(("rule", "want"), AUTHORED, ids=[rule for rule, _ in AUTHORED])
def test_what_means_nothing_is_refused_when_it_is_written(rule: str, want: list[str]) -> None:
    assert [code for code, _, _ in codes(document(teams(rule, results="{team: {remember: [x]}}")))][:1] == want[:1]


def test_an_optional_weight_is_refused_with_the_text_that_passes() -> None:
    body = f"{TEAM}\nmeasures:\n  game:\n    x: {{blend: {{size: points}}}}\nresults: {{}}\n"
    with pytest.raises(RulebookRefused) as refused:
        plan(read(document(body), "t.yaml"))
    [one] = refused.value.diagnostics
    assert (one.code, one.place.line, one.place.column) == ("PART_MAY_BE_ABSENT", 16, 23)
    assert "default(points, 0)" in one.remedy_zh
    assert codes(document(body.replace("{size: points}", '{size: "default(points, 0)"}'))) == []


def test_all_weights_zero_is_refused_before_any_run() -> None:
    settings = "settings:\n  a: {type: number 0 0..9, value: 0}\n"
    assert codes(document(settings + teams('x: {blend: {"1": a}}'))) == [("WEIGHTS_ALL_ZERO", 18, 22)]


def test_wrong_cells_settings_and_results_are_told_where_they_stand() -> None:
    tables = "tables:\n  w: {gives: f, type: number 1, rows: {HOME: 1OO, AWAY: 1.55}}\n"
    settings = "settings:\n  s: {type: number 0 0..5, value: 9}\n  o: {type: optional number 0}\n"
    text = document(tables + settings + teams('x: {value: "1"}', results="{nowhere: {score: x}}"))
    assert codes(text) == [
        ("CELL_WRONG", 7, 46),
        ("CELL_WRONG", 7, 57),
        ("SETTING_WRONG", 9, 3),
        ("SETTING_TYPE", 10, 3),
        ("TABLE_UNKNOWN", 22, 11),
    ]
    with pytest.raises(RulebookRefused) as refused:
        plan(read(text, "t.yaml"))
    assert refused.value.diagnostics[0].remedy_zh.startswith("应为 100 吗?")


def test_a_boundary_no_longer_than_the_period_is_refused() -> None:
    rules = ('low: {value: "true"}', "n: {run: {of: low, reset: quarter}}")
    body = teams(*rules, results="{team: {remember: [low]}}")
    assert [code for code, _, _ in codes(document(body, "quarter"))] == ["RESET_TOO_SHORT"]
    assert codes(document(body.replace("reset: quarter", "reset: year"), "quarter")) == []


def test_a_default_inside_an_aggregate_is_told_at_the_row_it_counts_towards() -> None:
    rules = 'x: {over: game, sum: "default(points, 1)"}\n  game:\n    x: {value: "size"}'
    run = both(make(teams(rules)), GAMES, Run("2025"))
    assert [run.counted("team", row, "x") for row in range(3)] == [(), ("ABSENT",), ()]
    assert run.frames.frame("game").counted == {}
