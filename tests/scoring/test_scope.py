"""What is known to be present: a row whose key has a value has its row in the grain of that key."""

from scoring.evaluate import Run, evaluate
from tests.scoring.tiny import GAMES, codes, document, make

BODY = """
facts:
  team: {most: 100, columns: {}}
  game:
    most: 1000
    columns:
      {team: ref team, date: date, points: optional number 1 point 0..100, size: number 0 1..9, kind: "enum HOME, AWAY"}
grains:
  class_of_games: {keys: [class], rows: game}
measures:
  game:
    class: {value: "size > 1 ? kind : none('NOT_APPLICABLE', 'SMALL')"}
    crowded: {value: "CONDITION"}
  class_of_games:
    games: {over: game, count: rows}
results: {}
"""


def findings(condition: str) -> list[str]:
    return [code for code, _, _ in codes(document(BODY.replace("CONDITION", condition)))]


def test_a_present_key_guards_what_its_grain_knows() -> None:
    assert findings("games > 1") == ["UNGUARDED"]
    assert findings("present(class) && games > 1") == []
    assert findings("present(points) && games > 1") == ["UNGUARDED"]


def test_the_guarded_condition_is_true_or_false_everywhere() -> None:
    evaluation = evaluate(make(BODY.replace("CONDITION", "present(class) && games > 1")), GAMES, Run("2025"))
    got = [evaluation.measure("game", game, "crowded") for game in "12345"]
    assert got == [False, True, False, False, True]
