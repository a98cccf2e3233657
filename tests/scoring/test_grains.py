"""Which rows a grain has, and what a name means at a row."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from tests.scoring.tiny import GAMES, TEAM, codes, column, document, make

STAYS = """
facts:
  home: {key: code, most: 10, columns: {code: text, rooms: number 0}}
  stay: {most: 10, unique: [home], during: [from, until], columns: {home: ref home, from: date, until: optional date}}
grains:
  night: {expand: {over: stay, each: day}}
  month_of_stay: {expand: {over: stay, each: month}}
measures:
  home:
    nights: {over: night, count: rows}
    room_nights: {over: night, sum: "home.rooms"}
    months: {over: month_of_stay, distinct: "month"}
    first: {over: night, earliest: "day", empty: {none: NO_RESULT, reason: NEVER}}
results: {}
"""
STAY_FACTS: dict[str, list[dict[str, Any]]] = {
    "home": [{"code": "H", "rooms": 3}],
    "stay": [
        {"id": "1", "home": "H", "from": "2024-12-30", "until": "2025-01-02"},
        {"id": "2", "home": "H", "from": "2025-02-28", "until": "2025-03-01"},
        {"id": "3", "home": "H", "from": "2025-12-31", "until": None},
        {"id": "4", "home": "H", "from": "2025-06-02", "until": "2025-06-01"},
    ],
}


def test_an_interval_has_one_row_per_day_or_month_inside_the_period() -> None:
    run = evaluate(make(STAYS), STAY_FACTS, Run("2025"))
    assert {name: column(run, name, "home")["H"] for name in ("nights", "room_nights", "months")} == {
        "nights": Decimal(5),
        "room_nights": Decimal(15),
        "months": Decimal(4),
    }
    assert str(column(run, "first", "home")["H"]) == "2025-01-01"


COMBINED = (
    TEAM
    + """
grains:
  team_quarter: {keys: [team, quarter], rows: all}
  played: {keys: [team, kind], rows: game}
  league: {keys: [], rows: all}
measures:
  game:
    quarter: {value: "quarter(date)"}
  team_quarter:
    games: {over: game, count: rows}
  played:
    games: {over: game, count: rows}
  league:
    games: {over: game, count: rows}
    teams: {over: team, count: rows}
  team:
    share: {ratio: {of: "mine", by: "games", zero: 0}}
    mine: {over: game, count: rows}
    busiest: {over: team_quarter, greatest: "games", empty: 0}
results: {}
"""
)


def test_every_combination_or_only_those_that_occur() -> None:
    run = evaluate(make(COMBINED), GAMES, Run("2025"))
    every = column(run, "games", "team_quarter")
    assert len(every) == 12
    assert {key: value for key, value in every.items() if value} == {
        "A|2025Q1": Decimal(3),
        "B|2025Q1": Decimal(1),
        "B|2025Q2": Decimal(1),
    }
    assert column(run, "games", "played") == {"A|AWAY": 1, "A|HOME": 2, "B|AWAY": 1, "B|HOME": 1}
    assert column(run, "games", "league") == {"": Decimal(5)}
    assert [str(value) for value in column(run, "share").values()] == ["3/5", "2/5", "0"]
    assert column(run, "busiest") == {"A": Decimal(3), "B": Decimal(1), "C": Decimal(0)}


NAMED = """
facts:
  town: {key: code, most: 9, columns: {code: text, size: number 0}}
  firm: {key: code, most: 9, columns: {code: text, town: ref town, size: number 0, area: number 0}}
  visit: {most: 9, columns: {firm: ref firm, guide: ref firm, date: date}}
measures:
  firm:
    tall: {value: "size > town.size"}
    big: {value: "area > 10"}
  visit:
    x: {value: "%s"}
results: {}
"""


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("firm.big", None),
        ("firm.town.size > 1", None),
        ("guide.tall", None),
        ("big", "NAME_AMBIGUOUS"),
        ("area > 1", "NAME_AMBIGUOUS"),
        ("height > 1", "NAME_UNKNOWN"),
        ("firm.height > 1", "NAME_UNKNOWN"),
        ("date.first > 1", "NAME_UNKNOWN"),
        ("period.middle == as_of", "NAME_UNKNOWN"),
        ("quarter(date) == quarter(as_of) && period.first <= as_of", None),
    ],
)
def test_names_and_paths(formula: str, code: str | None) -> None:
    assert [one[0] for one in codes(document(NAMED % formula))] == ([code] if code else [])
