"""The day on which a rulebook has to be in force: the last of the period, or an earlier one the run is asked for."""

from datetime import date

import pytest

from scoring.diagnostics import FactsRefused
from scoring.evaluate import Run, evaluate
from scoring.plan import plan
from scoring.rulebook import read
from tests.scoring.tiny import GAMES, document, teams

TEXT = document(teams("games: {over: game, count: rows}")).replace(
    "{from: 2000-01-01}", "{from: 2025-06-01, until: 2026-05-31}"
)
DAYS = [
    ("2025", None, True),
    ("2024", None, False),
    ("2026", None, False),
    ("2025", date(2025, 5, 31), False),
    ("2025", date(2025, 6, 1), True),
    ("2026", date(2026, 5, 31), True),
    ("2026", date(2026, 6, 1), False),
    ("2025", date(2026, 7, 1), True),
]


@pytest.mark.parametrize(("period", "as_of", "good"), DAYS)
def test_a_rulebook_judges_only_while_it_is_in_force(period: str, as_of: date | None, good: bool) -> None:
    made = plan(read(TEXT, "tiny.yaml"))
    if good:
        assert evaluate(made, GAMES, Run(period, as_of=as_of)).measure("team", "A", "games") == 3
        return
    with pytest.raises(FactsRefused) as caught:
        evaluate(made, GAMES, Run(period, as_of=as_of))
    assert [one.code for one in caught.value.diagnostics] == ["NO_RULEBOOK"]
