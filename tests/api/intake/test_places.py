"""From which day on a compound is governed as a file says."""

import itertools
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.intake.places import Spell, governed
from schema.tables import OPEN_DAY

COMPOUND = UUID(int=1)
COMPANY_RUN = ("PROPERTY_COMPANY", "SERVICE_CONTRACT", True)
COMMUNITY_RUN = ("COMMUNITY_RUN", "GOVERNMENT_BACKSTOP", False)
JULY, AUGUST, OCTOBER = date(2026, 7, 10), date(2026, 8, 1), date(2026, 10, 1)


def spell(first: date, end: date, says: tuple[object, ...], source: str = "小区台账") -> Spell:
    return Spell(f"{COMPOUND}/{first}", COMPOUND, first, end, says, source)


def test_first_file_opens_a_spell_on_its_day() -> None:
    assert governed([], COMPOUND, COMPANY_RUN, JULY, "小区台账") == [spell(JULY, OPEN_DAY, COMPANY_RUN)]


def test_same_content_later_changes_nothing() -> None:
    assert governed([spell(JULY, OPEN_DAY, COMPANY_RUN)], COMPOUND, COMPANY_RUN, OCTOBER, "小区台账") == []


def test_other_content_later_closes_the_running_spell() -> None:
    known = [spell(JULY, OPEN_DAY, COMPANY_RUN)]
    assert governed(known, COMPOUND, COMMUNITY_RUN, OCTOBER, "小区台账") == [
        spell(JULY, OCTOBER, COMPANY_RUN),
        spell(OCTOBER, OPEN_DAY, COMMUNITY_RUN),
    ]


def test_other_content_on_the_same_day_is_a_correction() -> None:
    known = [spell(JULY, OPEN_DAY, COMPANY_RUN)]
    assert governed(known, COMPOUND, COMMUNITY_RUN, JULY, "小区台账") == [spell(JULY, OPEN_DAY, COMMUNITY_RUN)]


def test_an_older_file_ends_where_knowledge_begins() -> None:
    known = [spell(OCTOBER, OPEN_DAY, COMPANY_RUN)]
    assert governed(known, COMPOUND, COMMUNITY_RUN, JULY, "小区台账") == [spell(JULY, OCTOBER, COMMUNITY_RUN)]


def test_a_file_between_two_changes_splits_the_spell_it_falls_into() -> None:
    known = [spell(JULY, OCTOBER, COMPANY_RUN), spell(OCTOBER, OPEN_DAY, COMMUNITY_RUN)]
    assert governed(known, COMPOUND, COMMUNITY_RUN, AUGUST, "小区台账") == [
        spell(JULY, AUGUST, COMPANY_RUN),
        spell(AUGUST, OCTOBER, COMMUNITY_RUN),
    ]


DAYS = st.integers(0, 60).map(lambda days: JULY + timedelta(days=days))
SAYS = st.sampled_from([COMPANY_RUN, COMMUNITY_RUN])


@given(st.lists(st.tuples(DAYS, SAYS), max_size=8))
def test_spells_never_overlap_and_hold_on_the_day_of_the_last_file(
    files: list[tuple[date, tuple[object, ...]]],
) -> None:
    known: dict[str, Spell] = {}
    for day, says in files:
        for written in governed(sorted(known.values(), key=lambda each: each.first), COMPOUND, says, day, "小区台账"):
            known[written.key] = written
        held = [each for each in known.values() if each.first <= day < each.end]
        assert [each.says for each in held] == [says]
    ordered = sorted(known.values(), key=lambda each: each.first)
    assert all(former.end <= later.first for former, later in itertools.pairwise(ordered))
