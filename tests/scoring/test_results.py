"""Actions: what is due for a subject, and on which day."""

from datetime import date

from scoring.evaluate import Run, evaluate
from scoring.results import results
from tests.scoring.tiny import GAMES, codes, document, make, teams

LATEST = "seen: {over: game, latest: date, empty: {none: NOT_APPLICABLE, reason: NEVER}}"
AGAIN = 'again: {value: "add_months(seen, 1)"}'
COUNT = "games: {over: game, count: rows}"


def test_an_action_is_told_with_its_day_where_it_has_one() -> None:
    body = teams(LATEST, AGAIN, results="{team: {actions: {SEEN: seen, CALL_AGAIN: again}}}")
    told = {result.key[0]: result.actions for result in results(evaluate(make(body), GAMES, Run("2025")))}
    assert told == {
        "A": (("SEEN", date(2025, 3, 10)), ("CALL_AGAIN", date(2025, 4, 10))),
        "B": (("SEEN", date(2025, 4, 30)), ("CALL_AGAIN", date(2025, 5, 30))),
        "C": (),
    }


def findings(actions: str) -> list[str]:
    return [code for code, _, _ in codes(document(teams(LATEST, COUNT, results=f"{{team: {{actions: {actions}}}}}")))]


def test_an_action_names_a_date() -> None:
    assert findings("{SEEN: seen}") == []
    assert findings("{SEEN: games}") == ["OUTCOME_KIND"]
    assert findings("{SEEN: nothing}") == ["MEASURE_UNKNOWN"]
    assert findings("{seen: seen}") == ["CODE_WRONG"]
    assert findings("[seen]") == ["SHAPE_WRONG"]


def test_the_order_of_actions_is_content() -> None:
    one, other = (
        make(teams(LATEST, AGAIN, results=f"{{team: {{actions: {{{order}}}}}}}")).rulebook.hash
        for order in ("SEEN: seen, CALL_AGAIN: again", "CALL_AGAIN: again, SEEN: seen")
    )
    assert one != other
