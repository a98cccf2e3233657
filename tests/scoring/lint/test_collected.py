"""Facts a rulebook asks for and the district does not have are told before anything is run."""

from typing import Any

from schema.tables.scores import ScoreResult
from scoring.lint import examine
from scoring.lint.upkeep import STORED_DIGITS
from tests.scoring.tiny import document, teams

TEXT = document(teams('x: {over: game, sum: "size"}'))
COLUMNS = ("team", "date", "points", "size", "kind")


def told(collected: dict[str, tuple[str, ...]]) -> list[tuple[str, bool, str]]:
    found = (one for one in examine(TEXT, "tiny.yaml", collected) if one.code == "FACT_NOT_COLLECTED")
    return [
        (f"{one.place.line}:{one.place.column}", one.blocks, f"{one.diagnostic.en} {one.diagnostic.remedy_en}")
        for one in found
    ]


def test_all_collected() -> None:
    assert told({"team": ("id",), "game": COLUMNS}) == []


def test_a_table_of_another_name() -> None:
    [(place, blocks, text)] = told({"team": ("id",), "games": COLUMNS})
    assert (place, blocks) == ("9:3", True)
    assert text == "The rulebook asks for `game`, which the district does not collect. At hand: games, team."


def test_a_column_of_another_name() -> None:
    [(place, blocks, text)] = told({"team": ("id",), "game": ("team", "date", "points", "sizes", "kind")})
    assert (place, blocks) == ("12:76", True)
    assert text == (
        "The rulebook asks for `game.size`, which the district does not collect. "
        "At hand: sizes, date, kind, points, team."
    )


def test_nothing_is_compared_without_a_catalogue() -> None:
    assert {one.code for one in examine(TEXT, "tiny.yaml")} & {"FACT_NOT_COLLECTED"} == set()


def stored(low: str, high: str) -> list[tuple[str, bool, str]]:
    """What is said of a score between two ends where the records of a district are to keep it."""
    facts = f"facts:\n  team: {{most: 5, columns: {{points: number 2 {low}..{high}}}}}\n"
    rules = "measures:\n  team: {x: {value: points}}\nresults: {team: {score: x}}\n"
    found = examine(document(facts + rules), "tiny.yaml", {"team": ("id", "points")})
    return [(one.code, one.blocks, str(one.example)) for one in found if one.code == "SCORE_NOT_STORABLE"]


def test_a_score_of_twelve_digits_is_kept() -> None:
    assert stored("-999999999999.99", "999999999999.99") == []


def test_a_score_of_thirteen_digits_is_not() -> None:
    assert stored("0", "1000000000000") == [("SCORE_NOT_STORABLE", True, "team.x = 1000000000000")]
    assert stored("-1000000000000", "0") == [("SCORE_NOT_STORABLE", True, "team.x = -1000000000000")]


def test_the_limit_is_that_of_the_records() -> None:
    kind: Any = ScoreResult.metadata.tables["score_result"].c.total.type
    assert kind.precision - kind.scale == STORED_DIGITS
