"""How an imported company's standing opens, and how names sort."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.companies import History, opening, pinyin, state_on
from schema.tables import OPEN_DAY

FOUNDED, FILED, CONTRACT, LEFT, FILE = (
    date(2002, 3, 27),
    date(2002, 8, 5),
    date(2003, 1, 1),
    date(2025, 9, 30),
    date(2026, 7, 10),
)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (
            History(FOUNDED, FILED, CONTRACT, LEFT, exited=False),
            [("APPLICANT", FOUNDED, FILED), ("ADMITTED", FILED, OPEN_DAY)],
        ),
        (History(FILED, FILED, CONTRACT, LEFT, exited=False), [("ADMITTED", FILED, OPEN_DAY)]),
        (History(None, FILED, None, None, exited=False), [("ADMITTED", FILED, OPEN_DAY)]),
        (History(None, None, CONTRACT, None, exited=False), [("ADMITTED", CONTRACT, OPEN_DAY)]),
        (History(None, None, None, None, exited=False), [("ADMITTED", FILE, OPEN_DAY)]),
        (
            History(FOUNDED, FILED, CONTRACT, LEFT, exited=True),
            [
                ("APPLICANT", FOUNDED, FILED),
                ("ADMITTED", FILED, date(2025, 10, 1)),
                ("EXITED", date(2025, 10, 1), OPEN_DAY),
            ],
        ),
        (
            History(FOUNDED, FILED, CONTRACT, None, exited=True),
            [("APPLICANT", FOUNDED, FILED), ("ADMITTED", FILED, FILE), ("EXITED", FILE, OPEN_DAY)],
        ),
        (History(None, None, None, None, exited=True), [("EXITED", FILE, OPEN_DAY)]),
    ],
)
def test_opening(history: History, expected: list[tuple[str, date, date]]) -> None:
    assert opening(history, FILE) == expected


DAYS = st.none() | st.integers(0, 4000).map(lambda days: date(2016, 1, 1) + timedelta(days=days))


@given(DAYS, DAYS, DAYS, DAYS, st.booleans())
def test_exactly_one_standing_a_day_from_the_first_on(
    founded: date | None, filed: date | None, contract: date | None, left: date | None, exited: bool
) -> None:
    spells = opening(History(founded, filed, contract, left, exited), FILE)
    assert all(first < end for _, first, end in spells)
    assert all(former[2] == later[1] for former, later in itertools.pairwise(spells))
    assert spells[-1][2] == OPEN_DAY
    assert spells[-1][0] == ("EXITED" if exited else "ADMITTED")


def test_state_of_an_engagement_on_the_day_of_the_file() -> None:
    assert state_on(FILE, None) == "ACTIVE"
    assert state_on(FILE, FILE) == "ENDING"
    assert state_on(FILE, FILE - timedelta(days=1)) == "ENDED"


def test_names_sort_by_pinyin() -> None:
    names = ["湘潭", "岳塘", "安居", "重庆"]
    assert sorted(names, key=pinyin) == ["安居", "重庆", "湘潭", "岳塘"]
