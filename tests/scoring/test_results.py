"""Results: what is published of a subject, and the actions due for it with their days."""

from datetime import date
from decimal import Decimal

from scoring.evaluate import Run, evaluate
from scoring.results import results
from scoring.values import NonValue
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


def test_who_is_not_graded_has_no_score_published() -> None:
    """The points stay among the measures; what stands as the score is what is said about a subject."""
    grade = "grade: {table: [{when: 'games >= 2', give: PASS}, {else: {none: PENDING, reason: RECORD}}]}"
    body = teams(COUNT, grade, results="{team: {score: games, grade: grade}}")
    told = {result.key[0]: result for result in results(evaluate(make(body), GAMES, Run("2025")))}
    assert [(one.score, one.grade, one.none) for one in told.values()] == [
        (Decimal(3), "PASS", None),
        (Decimal(2), "PASS", None),
        (None, None, NonValue("PENDING", ("RECORD",))),
    ]
    assert told["C"].measures["games"] == Decimal(0)
