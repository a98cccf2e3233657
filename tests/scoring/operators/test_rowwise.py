"""Expressions, choices, lookups, quotients, blends and curves, one row at a time."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.values import ABSENT, NonValue
from tests.scoring.tiny import column, make

BODY = """
settings:
  base: {value: 5, type: number 1}
  mode: {value: HALF_EVEN, type: "enum HALF_EVEN, UP"}
tables:
  worth: {gives: points, type: number 1, rows: {LOW: 1.5, HIGH: 3}}
  grid: {gives: points, type: number 0, rows: {LOW: {S: 1, L: 2}, HIGH: {S: 3, L: 4}}}
  wide: {type: number 0, rows: {LOW: {here: 1, there: 2}, HIGH: {here: 3, there: 4}}}
facts:
  thing:
    most: 100
    columns:
      {level: "enum LOW, HIGH", size: "enum S, L", n: number 2 -1000..1000, d: optional number 0,
       day: date, end: optional date}
measures:
  thing:
    x: %s
results: {}
"""
FACTS: dict[str, list[dict[str, Any]]] = {
    "thing": [
        {"id": "a", "level": "LOW", "size": "S", "n": "10", "d": 4, "day": "2024-01-31", "end": "2024-02-29"},
        {"id": "b", "level": "HIGH", "size": "L", "n": "-2.50", "d": 0, "day": "2025-07-04", "end": None},
        {"id": "c", "level": "HIGH", "size": "S", "n": "0.01", "d": None, "day": "2026-02-28", "end": "2026-03-01"},
    ]
}
PENDING = NonValue("PENDING", ("P",))
ERROR = NonValue("ERROR", ("OUT_OF_DOMAIN",))
ZERO = "zero: {none: ERROR, reason: ZERO}"


def values(measure: str, **settings: Any) -> list[Any]:
    evaluation = evaluate(make(BODY % measure), FACTS, Run("2025", settings=settings))
    return list(column(evaluation, "x", "thing").values())


def d(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


ROWWISE: list[tuple[str, list[Any]]] = [
    ('{value: "n * 2 - 0.5"}', d("19.500", "-5.500", "-0.480")),
    ('{value: "-n + base"}', d("-5.00", "7.50", "4.99")),
    ('{value: "n + d"}', [Decimal("14.00"), Decimal("-2.50"), ABSENT]),
    ('{value: "default(d, 7) * 2"}', d("8", "0", "14")),
    ('{value: "abs(n)"}', d("10.00", "2.50", "0.01")),
    ('{value: "min(n, 1, default(d, 9))"}', d("1.00", "-2.50", "0.01")),
    ('{value: "max(n, 1)"}', d("10.00", "1.00", "1.00")),
    ('{value: "n > 5 || level == \'HIGH\'"}', [True, True, True]),
    ('{value: "!(n > 5) && size != \'L\'"}', [False, False, True]),
    ('{value: "present(end) && end > day"}', [True, False, True]),
    ('{value: "days_between(day, end)"}', [Decimal(29), ABSENT, Decimal(1)]),
    ('{value: "full_years(day, add_months(day, 25))"}', d("2", "2", "2")),
    ('{value: "in_period(day)"}', [False, True, False]),
    ('{value: "quarter(day) == quarter(period.last)"}', [False, False, False]),
    ('{flags: {BIG: "n > 5", ODD: "size == \'S\'"}}', [("BIG", "ODD"), (), ("ODD",)]),
    ('{table: [{when: "n > 5", give: 2.5}, {when: "n < 0", give: {none: PENDING, reason: P}}, {else: 1}]}',
     [Decimal("2.5"), PENDING, Decimal("1.0")]),
    ('{table: [{when: "level == \'LOW\'", give: BAD}, {else: GOOD}]}', ["BAD", "GOOD", "GOOD"]),
    ('{steps: {of: n, at_least: {10: A, 0.01: B}, else: C}}', ["A", "C", "B"]),
    ('{steps: {of: n, above: {10: A, 0.01: B}, else: C}}', ["B", "C", "C"]),
    ('{steps: {of: n, below: {-2.5: A, 0.02: B}, else: C}}', ["C", "B", "B"]),
    ('{steps: {of: n, at_most: {-2.5: A, 0.01: B}, else: C}}', ["C", "A", "B"]),
    ('{steps: {of: n, by: level, at_least: {LOW: {20: A}, HIGH: {0: A}}, else: B}}', ["B", "B", "A"]),
    ('{steps: {of: n, by: level, at_least: {HIGH: {0: A}}, else: B}}', [NonValue("ERROR", ("NO_LIMITS",)), "B", "A"]),
    ('{lookup: {in: worth, key: [level], give: points, otherwise: 0}}', d("1.5", "3.0", "3.0")),
    ('{lookup: {in: grid, key: [level, size], give: points, otherwise: 0}}', d("1", "4", "3")),
    ('{lookup: {in: wide, key: [level], give: there, otherwise: 0}}', d("2", "4", "4")),
    ('{lookup: {in: worth, key: [size], give: points, otherwise: {none: PENDING, reason: P}}}', [PENDING] * 3),
    (f'{{ratio: {{of: n, by: "3", {ZERO}}}}}', [Fraction(10, 3), Fraction(-5, 6), Fraction(1, 300)]),
    (f'{{ratio: {{of: n, by: d, {ZERO}}}}}', [Fraction(5, 2), NonValue("ERROR", ("ZERO",)), ABSENT]),
    ('{ratio: {of: n, by: d, zero: 0}, round: 0 up}', [Decimal(3), Decimal(0), ABSENT]),
    ('{blend: {n: 3, d: 1}}', [Fraction(17, 2), Fraction(-15, 8), Fraction(1, 100)]),
    ('{blend: {n: base, d: 5}}', [Fraction(7), Fraction(-5, 4), Fraction(1, 100)]),
    ('{curve: {ln: n, places: 4}}', [Decimal("2.3026"), ERROR, Decimal("-4.6052")]),
    ('{curve: {log: n, base: "10", places: 2}}', [Decimal("1.00"), ERROR, Decimal("-2.00")]),
    ('{curve: {sqrt: n, places: 3}}', [Decimal("3.162"), ERROR, Decimal("0.100")]),
    ('{value: "n", floor: "0", cap: "level == \'LOW\' ? 3 : 0.005"}', d("3.000", "0.000", "0.005")),
    ('{value: "n", round: 1 half_up}', d("10.0", "-2.5", "0.0")),
    ('{value: "n * 0.5", round: 1 mode}', d("5.0", "-1.2", "0.0")),
    ('{require: {that: {NEGATIVE: "n >= 0", LARGE: "n < 5"}, else: NO_RESULT}, value: "n"}',
     [NonValue("NO_RESULT", ("LARGE",)), NonValue("NO_RESULT", ("NEGATIVE",)), Decimal("0.01")]),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "want"), [one for one in ROWWISE if one[1]], ids=[t for t, w in ROWWISE if w])
def test_rowwise(measure: str, want: list[Any]) -> None:
    assert values(measure) == want


def test_a_setting_entered_replaces_the_value_of_the_rulebook() -> None:
    assert values('{value: "n + base"}', base="0.5") == d("10.50", "-2.00", "0.51")
    assert values('{value: "n * 0.5", round: 1 mode}', mode="UP") == d("5.0", "-1.3", "0.1")


def test_what_stands_in_for_a_gap_is_noted() -> None:
    evaluation = evaluate(make(BODY % '{value: "default(d, 0)"}'), FACTS, Run("2025"))
    assert [evaluation.counted("thing", row, "x") for row in range(3)] == [(), (), ("ABSENT",)]


HELD = """
facts:
  home: {key: code, most: 10, columns: {code: text}}
  owner: {key: code, most: 10, columns: {code: text}}
  held:
    most: 10
    unique: [home]
    during: [from, until]
    columns: {home: ref home, owner: ref owner, from: date, until: optional date}
  event: {most: 10, columns: {home: optional ref home, day: date}}
measures:
  event:
    owner: {lookup: {in: held, key: [home], day: day, give: owner, otherwise: {none: NOT_APPLICABLE, reason: NOBODY}}}
  owner:
    events: {over: event, count: rows}
results: {}
"""


def test_events_are_charged_to_whoever_held_the_home_that_day() -> None:
    facts: dict[str, list[dict[str, Any]]] = {
        "home": [{"code": "H"}, {"code": "E"}],
        "owner": [{"code": "A"}, {"code": "B"}],
        "held": [
            {"id": "1", "home": "H", "owner": "A", "from": "2025-01-10", "until": "2025-03-31"},
            {"id": "2", "home": "H", "owner": "B", "from": "2025-04-02", "until": None},
        ],
        "event": [
            {"id": str(at), "home": home, "day": day}
            for at, (home, day) in enumerate(
                [
                    ("H", "2025-01-09"),
                    ("H", "2025-01-10"),
                    ("H", "2025-03-31"),
                    ("H", "2025-04-01"),
                    ("H", "2025-04-02"),
                    ("H", "2099-01-01"),
                    ("E", "2025-05-05"),
                    (None, "2025-05-05"),
                ]
            )
        ],
    }
    run = evaluate(make(HELD), facts, Run("2025"))
    nobody = NonValue("NOT_APPLICABLE", ("NOBODY",))
    assert list(column(run, "owner", "event").values()) == [nobody, "A", "A", nobody, "B", "B", nobody, ABSENT]
    assert column(run, "events", "owner") == {"A": Decimal(2), "B": Decimal(2)}
    assert run.left_out("event", "owner") == [("0", nobody), ("3", nobody), ("6", nobody), ("7", ABSENT)]
