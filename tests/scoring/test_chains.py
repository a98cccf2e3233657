"""The same row one period earlier: quarters in a row, within a run, over runs, and with history that is missing."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring.batch.evaluate import evaluate as by_column
from scoring.diagnostics import FactsRefused, RulebookRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.past import PastResult
from scoring.periods import Period
from tests.properties.third.judge import compare
from tests.scoring.tiny import column, make

CARDS = """
facts:
  compound: {most: 9, columns: {}}
  card: {most: 99, columns: {compound: ref compound, date: date}KEEP}
grains:
  compound_quarter: {keys: [compound, quarter], rows: ROWS}
measures:
  card:
    quarter: {value: "quarter(date)"}
  compound_quarter:
    cards: {over: card, count: rows}
    yellow: {value: "cards > 0"}
    in_a_row: {run: {of: yellow}}
    this_year: {run: {of: yellow, reset: year}}
    before: {previous: {of: cards, back: 2, otherwise: 9}}
    three: {window: {of: cards, last: 3, take: sum}}
  compound:
    cards: {over: compound_quarter, sum: cards}
results:
  compound_quarter: {remember: [cards, yellow]}
  compound: {remember: [cards]}
"""
DAYS = ("2024-08-01", "2024-11-01", "2025-02-01", "2025-05-01", "2025-05-02", "2025-11-01")
FACTS: dict[str, list[dict[str, Any]]] = {
    "compound": [{"id": "P"}],
    "card": [{"id": str(at), "compound": "P", "date": day} for at, day in enumerate(DAYS)],
}
Judge = Callable[..., Evaluation]
BOTH = pytest.mark.parametrize("judge", [evaluate, by_column])


def cards(rows: str = "all", keep: str = ', keep: "in_period(date)"') -> str:
    return CARDS.replace("ROWS", rows).replace("KEEP", keep)


def by_quarter(run: Evaluation, name: str) -> list[str]:
    return [str(value) for value in column(run, name, "compound_quarter").values()]


@BOTH
@pytest.mark.parametrize("parts", ["quarter", None])
def test_quarters_follow_each_other_within_a_year_and_over_years(judge: Judge, parts: str | None) -> None:
    made = make(cards(), "year", parts)
    first = judge(made, FACTS, Run("2024"))
    past = [first.remembered(), *(part.remembered() for part in first.parts if isinstance(part, Evaluation))]
    run = judge(made, FACTS, Run("2025", history=past))
    assert by_quarter(run, "in_a_row") == ["3", "4", "0", "1"]
    assert by_quarter(run, "this_year") == ["1", "2", "0", "1"]
    assert by_quarter(run, "before") == ["1", "1", "1", "2"]
    assert by_quarter(run, "three") == ["3", "4", "3", "3"]
    assert [str(value) for value in column(run, "cards", "compound").values()] == ["4"]
    assert compare(run).differ == []


@BOTH
def test_without_the_year_before_the_row_starts_anew(judge: Judge) -> None:
    run = judge(make(cards(), "year", "quarter"), FACTS, Run("2025"))
    assert by_quarter(run, "in_a_row") == ["1", "2", "0", "1"]
    assert by_quarter(run, "before") == ["9", "9", "1", "2"]


@BOTH
def test_parts_by_themselves_read_the_parts_before(judge: Judge) -> None:
    made = make(cards(), "half", "quarter")
    past: list[PastResult] = []
    for label, count in (("2024Q3", 1), ("2024Q4", 2), ("2025Q1", 3), ("2025Q2", 4), ("2025Q3", 0)):
        run = judge(made, FACTS, Run(label, history=past))
        assert by_quarter(run, "in_a_row") == [str(count)]
        past.append(PastResult.from_json(run.remembered().to_json()))


@BOTH
def test_the_newest_earlier_run_that_holds_the_row_is_read(judge: Judge) -> None:
    made = make(cards(), "year")
    key = ("P", "2023Q4")
    rows: list[Any] = [{"compound_quarter": {key: {"cards": count, "yellow": True}}} for count in (5, 6)]
    past = [
        PastResult(Period.parse(label), "tiny", "h", "r", held)
        for label, held in zip(("2022", "2023"), rows, strict=True)
    ]
    run = judge(made, FACTS, Run("2024", history=past))
    assert by_quarter(run, "three") == ["6", "6", "1", "2"]


def test_days_follow_each_other() -> None:
    body = """
facts:
  shift: {most: 99, columns: {site: text, day: date, late: bool}}
grains:
  site_day: {keys: [site, day], rows: shift}
measures:
  site_day:
    late: {over: shift, any: late}
    in_a_row: {run: {of: late, reset: month}}
results: {site_day: {remember: [late]}}
"""
    days = ("2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-04")
    facts = {"shift": [{"id": day, "site": "S", "day": day, "late": True} for day in days]}
    for judge in (evaluate, by_column):
        run = judge(make(body), facts, Run("2025"))
        assert [str(value) for value in column(run, "in_a_row", "site_day").values()] == ["1", "2", "1", "2", "1"]
        assert compare(run).differ == []


@BOTH
def test_a_part_has_rows_of_its_own_period_only(judge: Judge) -> None:
    """Without `keep` every quarter sees all cards; the other quarters' rows are still theirs, counted once."""
    facts = {"compound": FACTS["compound"], "card": FACTS["card"][2:]}
    run = judge(make(cards("card", ""), "year", "quarter"), facts, Run("2025"))
    assert list(column(run, "cards", "compound_quarter")) == ["P|2025Q1", "P|2025Q2", "P|2025Q4"]
    assert [str(value) for value in column(run, "cards", "compound").values()] == ["4"]
    assert compare(run).differ == []


def refused(body: str, parts: str | None = None) -> list[tuple[str, int]]:
    with pytest.raises(RulebookRefused) as found:
        make(body, "year", parts)
    return [(one.code, one.place.line) for one in found.value.diagnostics]


def test_a_row_that_needs_itself_before_is_a_circle_within_one_run() -> None:
    body = cards().replace("in_a_row: {run: {of: yellow}}", "led: {previous: {of: cards, back: 1, otherwise: 0}}")
    body = body.replace("cards: {over: card, count: rows}", 'cards: {value: "led + 1"}')
    assert refused(body) == [("CYCLE", 16)]
    run = evaluate(make(body, "year", "quarter"), FACTS, Run("2025"))
    assert by_quarter(run, "cards") == ["1", "2", "3", "4"]


def test_two_keys_that_are_periods_leave_the_row_before_open() -> None:
    body = cards().replace("    this_year: {run: {of: yellow, reset: year}}\n", "")
    body = body.replace("keys: [compound, quarter], rows: all", "keys: [compound, quarter, month], rows: card")
    body = body.replace(
        "  compound_quarter:\n    cards", '    month: {value: "month(date)"}\n  compound_quarter:\n    cards'
    )
    assert {code for code, _ in refused(body)} == {"CHAIN_UNCLEAR"}


def test_a_part_cannot_look_back_at_a_grain_of_the_whole() -> None:
    body = cards().replace(
        "  compound:\n    cards", "  compound:\n    led: {previous: {of: cards, back: 1, otherwise: 0}}\n    cards"
    )
    body = body.replace("sum: cards}", "sum: cards}\n    own: {over: card, count: rows}").replace(
        "of: cards, back: 1", "of: own, back: 1"
    )
    body = body.replace("remember: [cards]}", "remember: [own]}").replace('"cards > 0"', '"cards > compound.led"')
    assert refused(body, "quarter") == [("PART_LOOKS_BACK", 23)]


SEASON = """
facts:
  firm: {most: 9, columns: {bad: bool}}
measures:
  firm:
    low: {value: bad}
    lows: {run: {of: low}}
    two: {window: {of: low, last: 2, take: any}}
results: {firm: {remember: [low]}}
"""
FIRM = {"firm": [{"id": "F", "bad": True}]}


@BOTH
def test_history_that_is_stated_must_be_there(judge: Judge) -> None:
    made = make(SEASON, "half", history="2024H1")
    past: list[PastResult] = []
    for label, count in (("2024H1", 1), ("2024H2", 2), ("2025H1", 3)):
        run = judge(made, FIRM, Run(label, history=past))
        assert [str(value) for value in column(run, "lows", "firm").values()] == [str(count)]
        past.append(run.remembered())
    for given, missing in ((past[1:2], "2024H1"), (past[:1], "2024H2"), ([], "2024H1, 2024H2")):
        with pytest.raises(FactsRefused) as found:
            judge(made, FIRM, Run("2025H1", history=given))
        [one] = found.value.diagnostics
        assert one.code == "HISTORY_MISSING"
        assert one.en == f"`2025H1` looks back on earlier results, and these are missing: {missing}."


@BOTH
def test_only_as_far_back_as_the_rules_look(judge: Judge) -> None:
    made = make(SEASON.replace("    lows: {run: {of: low}}\n", ""), "half", history="2020H1")
    before = judge(make(SEASON, "half"), FIRM, Run("2024H2")).remembered()
    run = judge(made, FIRM, Run("2025H1", history=[before]))
    assert [str(value) for value in column(run, "two", "firm").values()] == ["True"]


@BOTH
def test_a_part_needs_the_parts_before_it(judge: Judge) -> None:
    made = make(cards(), "half", "quarter", history="2024H2")
    first = judge(made, FACTS, Run("2024H2"))
    with pytest.raises(FactsRefused, match="2024Q3, 2024Q4"):
        judge(made, FACTS, Run("2025H1", history=[first.remembered()]))
    parts = [part.remembered() for part in first.parts if isinstance(part, Evaluation)]
    assert by_quarter(judge(made, FACTS, Run("2025H1", history=parts)), "in_a_row") == ["3", "4"]


@pytest.mark.parametrize("written", ["2024Q1", "soon", "2024"])
def test_the_first_period_is_one_of_the_rulebook(written: str) -> None:
    with pytest.raises(RulebookRefused) as found:
        make(SEASON, "half", history=written)
    assert [one.code for one in found.value.diagnostics] == ["SHAPE_WRONG"]
