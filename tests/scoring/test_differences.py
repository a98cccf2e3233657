"""What changed between two rulebooks: place, clause, before and after, and a sentence in both languages."""

import pytest

from scoring.differences import Difference, differences
from scoring.rulebook import read
from scoring.rulebooks import open_rulebook, text

BOOK = "yuetang-2025-1"
ROW_84 = '        - {law: "8.4", when: "listed == \'YELLOW\'", give: INTERVIEW}\n'
ROW_85 = '        - {law: "8.5", when: "listed == \'RED\'", give: COMMEND}\n'
COMPANY = "measures.company"


def changed(find: str, replace: str) -> tuple[Difference, ...]:
    source = text(BOOK)
    assert source.count(find) == 1
    return differences(open_rulebook(BOOK), read(source.replace(find, replace), "new.yaml"))


@pytest.mark.parametrize(
    ("find", "replace", "path", "law", "before", "after"),
    [
        ("inspection_part: 0.60", "inspection_part: 0.55", f"{COMPANY}.base.blend.inspection_part", "5.1",
         "0.6", "0.55"),
        ('sum: "points", cap: "5"', 'sum: "points", cap: "4"', f"{COMPANY}.bonus.cap", "5.3", "5", "4"),
        ("{value: 60, type", "{value: 45, type", "settings.few_days.value", "6.2", "60", "45"),
        ("{90: A, 80: B", "{91: A, 80: B", f"{COMPANY}.points_grade.steps.at_least.(key)", "6.3", "90", "91"),
        ('        - {law: "6.3", when: "vetoed", give: D}\n', "", f"{COMPANY}.grade.table.1", "6.3",
         "{give: D, law: 6.3, when: vetoed}", None),
        ("give: COMMEND}\n", "give: COMMEND}\n        - {law: \"8.7\", when: \"low\", give: TALK}\n",
         f"{COMPANY}.recommendation.table.6", "8.7", None, "{give: TALK, law: 8.7, when: low}"),
        (ROW_84 + ROW_85, ROW_85 + ROW_84, f"{COMPANY}.recommendation.table.5", "8.4", "5", "4"),
        ("evaluate_after: 10", "evaluate_after: 15", "period.evaluate_after", None, "10", "15"),
        ("房屋本体: 10", "房屋本体: 12", "tables.category.rows.房屋本体", "2.6", "10", "12"),
        ("remember: [low, grade]", "remember: [low]", "results.company.remember", None, "[low, grade]", "[low]"),
        ("RED: [红榜, Red list]", "RED: [红榜, Honours]", "labels.RED", None, "[红榜, Red list]", "[红榜, Honours]"),
    ],
)  # fmt: skip
def test_one_change(find: str, replace: str, path: str, law: str | None, before: str | None, after: str | None) -> None:
    [one] = changed(find, replace)
    assert (one.path, one.law, one.before, one.after) == (path, law, before, after)


def test_the_sentences() -> None:
    [weight] = changed("inspection_part: 0.60", "inspection_part: 0.55")
    assert weight.zh == "指标 measures.company.base.blend.inspection_part「基础分」(第 5.1 条):由 0.6 改为 0.55。"
    assert weight.en == "measures.company.base.blend.inspection_part “Base” (clause 5.1): 0.6 became 0.55."
    [moved] = changed(ROW_84 + ROW_85, ROW_85 + ROW_84)
    assert moved.en == "measures.company.recommendation.table.5 “Recommendation” (clause 8.4): moved to row 4."
    [gone] = changed('        - {law: "6.3", when: "vetoed", give: D}\n', "")
    assert gone.zh == "指标 measures.company.grade.table.1「等级」(第 6.3 条):删去 {give: D, law: 6.3, when: vetoed}。"
    [come] = changed("give: COMMEND}\n", 'give: COMMEND}\n        - {law: "8.7", when: "low", give: TALK}\n')
    assert come.en == (
        "measures.company.recommendation.table.6 “Recommendation” (clause 8.7): "
        "{give: TALK, law: 8.7, when: low} was added."
    )


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("few_days: {value: 60, type: number 0 d 0..184, law: \"6.2\"}",
         "few_days: {law: \"6.2\", type: number 0 d 0..184, value: 60}"),
        ("inspection_part: 0.60", "inspection_part: 0.6"),
        ("# 1.1、1.2: 半年为一期", "# 半年为一期"),
    ],
)  # fmt: skip
def test_layout_is_no_change(find: str, replace: str) -> None:
    assert changed(find, replace) == ()


def test_changes_come_in_the_order_of_the_document() -> None:
    old, new = text("yuetang-2025-1"), text("yuetang-2025-1")
    for find, replace in (
        ("training_part: 0.05", "training_part: 0.04"),
        ("few_days: {value: 60", "few_days: {value: 61"),
    ):
        new = new.replace(find, replace)
    paths = [one.path for one in differences(read(old, "old.yaml"), read(new, "new.yaml"))]
    assert sorted(paths) == ["measures.company.base.blend.training_part", "settings.few_days.value"]
    assert [one.path for one in differences(read(old, "old.yaml"), read(old, "other.yaml"))] == []
