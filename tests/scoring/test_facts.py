"""Facts that do not fit the rulebook: every one is named with its table, row and column, and nothing is computed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from scoring.diagnostics import FactsRefused, Place
from scoring.evaluate import Run, evaluate, load_facts
from tests.scoring.tiny import column, make

BODY = """
settings:
  limit: {value: 3, type: number 0 1..9}
  entered: {type: text}
facts:
  home: {key: code, most: 3, columns: {code: text, area: number 2 m2 0..100}}
  event:
    most: 10
    unique: [home, kind]
    columns: {home: optional ref home, day: date, kind: "enum A, B", half: optional period half, done: bool}
    keep: "done"
measures:
  home:
    events: {over: event, count: rows}
results: {}
"""
HOMES = [{"code": "h", "area": "1.50"}, {"code": "i", "area": 2}]
EVENT = {"id": "1", "home": "h", "day": "2025-03-01", "kind": "A", "half": "2025-H1", "done": True}


def refused(events: list[dict[str, Any]], homes: Any = HOMES, **run: Any) -> list[tuple[str, str]]:
    run = {"settings": {"entered": "yes"}, "period": "2025"} | run
    with pytest.raises(FactsRefused) as caught:
        evaluate(make(BODY), {"home": homes, "event": events}, Run(**run))
    return [(one.code, one.en) for one in caught.value.diagnostics]


CELLS: list[tuple[str, Any, str]] = [
    ("day", "2025-02-29", "which is no `date`: it is no date"),
    ("day", datetime(2025, 3, 1, 12), "it is no date"),  # noqa: DTZ001
    ("kind", "C", "it is none of A, B"),
    ("kind", None, "it is none of A, B"),
    ("done", "true", "it is neither true nor false"),
    ("done", 1, "it is neither true nor false"),
    ("half", "2025Q1", "it is no half"),
    ("half", "soon", "it is no period"),
    ("home", 7, "it is no text"),
]


@pytest.mark.parametrize(("name", "value", "why"), CELLS)
def test_a_wrong_value_is_named(name: str, value: Any, why: str) -> None:
    [(code, sentence)] = refused([EVENT | {name: value}])
    assert code == "FACT_VALUE_WRONG"
    assert f"Column `{name}` of row `1` of `event`" in sentence
    assert sentence.endswith(f"{why}.")


NUMBERS: list[tuple[Any, str]] = [
    (1.5, "a number comes as an integer, a Decimal or text"),
    (True, "a number comes as an integer, a Decimal or text"),
    ("1.505", "it has more than 2 decimal places"),
    ("-0.01", "it is outside 0 to 100"),
    (101, "it is outside 0 to 100"),
    (Decimal("NaN"), "it is no number"),
    ("many", "it is no number"),
    (Decimal("1E+999999999"), "it is too large"),
]


@pytest.mark.parametrize(("value", "why"), NUMBERS)
def test_a_wrong_number_is_named(value: Any, why: str) -> None:
    [(code, sentence)] = refused([], homes=[{"code": "h", "area": value}])
    assert code == "FACT_VALUE_WRONG"
    assert sentence.endswith(f"{why}.")


def test_rows_without_id_twice_the_same_and_unknown_references() -> None:
    wrong: list[dict[str, Any]] = [{"day": "x"}, EVENT, EVENT, EVENT | {"id": "2", "kind": "B", "home": "z"}]
    assert [code for code, _ in refused(wrong)] == ["FACT_KEY_MISSING", "FACT_REFERENCE_UNKNOWN", "FACT_KEY_TWICE"]


def test_a_column_left_out_is_missing_unless_optional() -> None:
    short = {name: value for name, value in EVENT.items() if name not in ("day", "half", "home")}
    assert [code for code, _ in refused([short])] == ["FACT_COLUMN_MISSING"]


def test_unique_columns_and_too_many_rows() -> None:
    assert [code for code, _ in refused([EVENT, EVENT | {"id": "2"}])] == ["FACT_NOT_UNIQUE"]
    many = [{"code": str(at), "area": 1} for at in range(4)]
    assert [code for code, _ in refused([], homes=many)] == ["FACT_TOO_MANY"]


def test_a_missing_table_and_wrong_settings() -> None:
    with pytest.raises(FactsRefused) as caught:
        load_facts(make(BODY), {"home": []})
    assert [one.code for one in caught.value.diagnostics] == ["FACT_TABLE_MISSING"]
    found = refused([], settings={"limit": 10, "colour": "red"})
    assert [code for code, _ in found] == ["SETTING_UNKNOWN", "SETTING_WRONG", "SETTING_MISSING"]


@pytest.mark.parametrize(
    ("period", "code"), [("2025H1", "PERIOD_WRONG"), ("soon", "PERIOD_WRONG"), ("1999", "NO_RULEBOOK")]
)
def test_a_period_that_is_none_of_the_rulebook(period: str, code: str) -> None:
    assert [one for one, _ in refused([], period=period)] == [code]


def test_rows_dropped_take_those_that_refer_to_them_along() -> None:
    body = """
facts:
  visit: {most: 9, columns: {day: date}, keep: "in_period(day)"}
  note: {most: 9, columns: {visit: ref visit, about: optional ref note, public: bool}, keep: "public"}
  reply: {most: 9, columns: {note: ref note}}
grains:
  all_of_it: {keys: [], rows: all}
measures:
  all_of_it:
    visits: {over: visit, count: rows}
    notes: {over: note, list: "note"}
    replies: {over: reply, list: "reply"}
results: {}
"""
    facts: dict[str, list[dict[str, Any]]] = {
        "visit": [{"id": "in", "day": date(2025, 1, 1)}, {"id": "out", "day": date(2026, 1, 1)}],
        "note": [
            {"id": "1", "visit": "in", "public": True, "about": "2"},
            {"id": "2", "visit": "in", "public": False},
            {"id": "3", "visit": "out", "public": True},
        ],
        "reply": [{"id": "a", "note": "1"}, {"id": "b", "note": "2"}, {"id": "c", "note": "3"}],
    }
    run = evaluate(make(body), facts, Run("2025"))
    assert column(run, "visits", "all_of_it") == {"": Decimal(1)}
    assert column(run, "notes", "all_of_it") == {"": ("1",)}
    assert column(run, "replies", "all_of_it") == {"": ("a",)}


@pytest.mark.parametrize("value", ["\uff12", " 2", "2 ", "2\u3000"])
def test_full_width_digits_and_spaces_are_told_apart_from_words(value: str) -> None:
    [(code, sentence)] = refused([], homes=[{"code": "h", "area": value}])
    assert code == "FACT_VALUE_WRONG"
    assert sentence.endswith("it holds full-width characters or spaces.")


@pytest.mark.parametrize("value", ["20250301", "2025-W09-6", "2025-3-1", "2025/03/01", "2025-03-01T00:00"])
def test_a_date_is_written_one_way(value: str) -> None:
    [(code, sentence)] = refused([EVENT | {"day": value}])
    assert (code, sentence.endswith("it is no date.")) == ("FACT_VALUE_WRONG", True)


def test_places_name_table_and_row_unless_a_file_is_known() -> None:
    plan = make(BODY)
    events: list[dict[str, Any]] = [
        EVENT,
        EVENT | {"id": "2", "kind": "C"},
        EVENT | {"id": "3", "home": "z", "kind": "B"},
    ]
    raw: dict[str, Any] = {
        "home": HOMES,
        "event": events,
    }
    with pytest.raises(FactsRefused) as caught:
        load_facts(plan, raw)
    assert [str(one.place) for one in caught.value.diagnostics] == ["event:1:1", "event:2:1"]
    with pytest.raises(FactsRefused) as caught:
        load_facts(plan, raw, lambda table, row, column: Place(f"{table}.csv", 10 + int(row), len(column or "")))
    assert [str(one.place) for one in caught.value.diagnostics] == ["event.csv:12:4", "event.csv:13:4"]
