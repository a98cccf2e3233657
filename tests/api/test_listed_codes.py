"""A district keeps three lists; a rulebook that names another is refused before anything is scored."""

import pytest

from api.refusals import Code, Refused
from api.rulebooks import Text, plan_of
from scoring.rulebooks import text


def test_a_list_the_district_does_not_keep_is_refused_before_scoring() -> None:
    source = text("yuetang-2025-1").replace("give: YELLOW", "give: ORANGE").replace("  YELLOW:", "  ORANGE:")
    source = source.replace("'YELLOW'", "'ORANGE'").replace(" YELLOW: [", " ORANGE: [")
    with pytest.raises(Refused) as refused:
        plan_of(Text("mine.yaml", source, adopted=False))
    [one] = refused.value.refusals
    assert one.code == Code.LINT_ERROR
    assert one.message.zh == "名单「company.listed」会给出 ORANGE,本区只保存 RED、YELLOW、BLACK 三种名单。"
    assert (
        one.message.en == "The list `company.listed` may give ORANGE; the district keeps the lists RED, YELLOW, BLACK."
    )


def test_the_district_s_own_lists_are_kept() -> None:
    assert plan_of(Text("own.yaml", text("yuetang-2025-1"), adopted=True)).document.name == "yuetang"
