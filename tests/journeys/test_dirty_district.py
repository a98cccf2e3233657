"""A workbook with 58 defects: each one answered, good rows scored as if the bad ones had never been there."""

import csv
from typing import Any

import pytest

from tests.journeys.conftest import District
from tests.workbooks import YUETANG

COMPARED = ("sheet", "cell", "row_key", "column", "kind", "raw_value", "action", "normalised_value")
MAY_GO_UNREPORTED = {"44", "51"}
OUTSIDE_LIST = 74


def rows(name: str) -> list[dict[str, str]]:
    with (YUETANG / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def as_compared(each: dict[str, Any]) -> tuple[str, ...]:
    return tuple(each[name] or "" for name in COMPARED)


async def test_every_defect_is_answered_and_nothing_else(dirty: District) -> None:
    reported = [as_compared(each) for each in dirty.imported.report()["diagnostics"]]
    defects = rows("dirty_defects.csv")
    assert len(defects) == 58
    missing = [each["id"] for each in defects if as_compared(each) not in reported]
    assert set(missing) <= MAY_GO_UNREPORTED
    expected = {as_compared(each) for each in defects}
    others = [each for each in reported if each not in expected]
    assert {each[COMPARED.index("kind")] for each in others} == {"unknown_category"}
    assert len(others) == OUTSIDE_LIST
    assert len(reported) == len(set(reported))


async def test_counts_per_sheet(dirty: District) -> None:
    counts = dirty.imported.report()["counts"]
    names = ("found", "rejected", "skipped", "imported")
    assert {sheet: tuple(each[name] for name in names) for sheet, each in counts.items()} == {
        each["sheet"]: tuple(int(each[name]) for name in names) for each in rows("dirty_defects_rows.csv")
    }


@pytest.mark.parametrize(
    "name",
    [
        "inspection_scores.csv",
        "compound_quarter.csv",
        "unit_quarter.csv",
        "company_quarter.csv",
        "company_half_2025H2.csv",
        "company_half_2026H1.csv",
    ],
)
async def test_results_are_those_of_the_good_rows(dirty: District, name: str) -> None:
    assert (dirty.files / name).read_bytes() == (YUETANG / "dirty_expected" / name).read_bytes()


async def test_every_message_says_what_and_how_to_mend_it(dirty: District) -> None:
    for each in dirty.imported.report()["diagnostics"]:
        for text in (each["message"]["zh"], each["message"]["en"], each["remedy"]["zh"], each["remedy"]["en"]):
            assert len(text) > 3, each
