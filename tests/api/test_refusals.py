"""Codes are those of the contract; every refusal has its exit status."""

import re
from pathlib import Path

import pytest

from api.refusals import Code, Obstacle, Refusal, Refused, Words

CONTRACT = Path(__file__).parent.parent.parent.parent / "shared" / "graphql" / "schema.graphql"
WORDS = Words("不行", "no")


def test_codes_are_those_of_the_contract() -> None:
    if not CONTRACT.exists():
        pytest.skip("the papers are not here")
    _, _, rest = CONTRACT.read_text(encoding="utf-8").partition("enum ErrorCode {")
    told = re.sub(r'"[^"]*"', "", rest.partition("}")[0]).split()
    assert [str(code) for code in Code] == told


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ([Code.INVALID], 65),
        ([Code.NOT_FOUND, Code.OVERLAP], 65),
        ([Code.BUSY], 75),
        ([Code.TOO_EARLY, Code.LOCKED], 75),
        ([Code.BUSY, Code.INVALID], 65),
        ([Code.FORBIDDEN], 77),
        ([Code.SELF_APPROVAL, Code.CONFLICT_OF_INTEREST], 77),
        ([Code.FORBIDDEN, Code.BUSY], 65),
    ],
)
def test_exit_statuses(codes: list[Code], status: int) -> None:
    assert Refused(*(Refusal(code, WORDS) for code in codes)).exit_status == status


def test_only_busy_and_too_early_may_be_tried_again_unchanged() -> None:
    assert [code for code in Code if Refusal(code, WORDS).retryable] == [Code.TOO_EARLY, Code.BUSY]


def test_a_refusal_reads_in_both_languages() -> None:
    refused = Refused(
        Refusal(Code.OVERLAP, Words("与另一合同重叠", "overlaps another contract")), Refusal(Code.BUSY, WORDS)
    )
    assert str(refused) == "OVERLAP: 与另一合同重叠 / overlaps another contract\nBUSY: 不行 / no"


def test_an_obstacle_says_what_and_how_to_mend_it() -> None:
    obstacle = Obstacle("ROLE_MISSING", WORDS, Words("请执行", "run"), ("CREATE ROLE x;", "GRANT x TO y;"))
    assert str(obstacle) == "ROLE_MISSING\n不行\nno\n请执行\nrun\n    CREATE ROLE x;\n    GRANT x TO y;"
    assert obstacle.exit_status == 69
