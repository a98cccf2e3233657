"""Facts a rulebook asks for and the district does not have are told before anything is run."""

from scoring.lint import examine
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
