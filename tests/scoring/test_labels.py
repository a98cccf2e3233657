"""Labels belong to something: a measure, a code, a reason written anywhere, the value of a setting."""

import pytest

from tests.scoring.tiny import codes, document, teams

BODY = teams(
    "games: {over: game, count: rows}",
    "score: {value: \"games > 1 ? games : none('NO_RESULT', 'FEW_GAMES')\"}",
    results="{team: {actions: {CALL: day}}}",
)
BODY = BODY.replace("  team:\n    games", '  team:\n    day: {value: "as_of"}\n    games')
SETTINGS = 'settings: {ties: {value: SKIP, type: "enum SKIP, DENSE"}}\n'


@pytest.mark.parametrize("name", ["games", "team.games", "FEW_GAMES", "DENSE", "ties", "CALL", "HOME", "NO_RESULT"])
def test_a_label_may_name(name: str) -> None:
    assert codes(document(f"{SETTINGS}{BODY}labels: {{{name}: [一, one]}}\n")) == []


@pytest.mark.parametrize("name", ["gaems", "team.gaems", "MANY_GAMES", "SPARSE"])
def test_a_label_may_not_name(name: str) -> None:
    assert [code for code, _, _ in codes(document(f"{SETTINGS}{BODY}labels: {{{name}: [一, one]}}\n"))] == [
        "LABEL_UNKNOWN"
    ]
