"""A clerk's slips: each is named for what it is, with the text she meant, in sentences she can act on."""

import pytest

from scoring.lint import examine
from scoring.rulebooks import text
from tests.scoring.tiny import document, teams

BOOK = "yuetang-2025-1"


def told(find: str, replace: str) -> list[tuple[str, str, str]]:
    """What blocks, or tells of weights, after one change to the district's rulebook: code, place, both sentences."""
    source = text(BOOK)
    assert source.count(find) == 1
    found = examine(source.replace(find, replace), "mine.yaml")
    kinds = [one for one in found if one.blocks or one.code == "WEIGHTS_DO_NOT_SUM"]
    return [(one.code, str(one.place), f"{one.diagnostic.zh}{one.diagnostic.remedy_zh}") for one in kinds]


def english(find: str, replace: str) -> list[str]:
    found = examine(text(BOOK).replace(find, replace), "mine.yaml")
    kinds = [one.diagnostic for one in found if one.blocks or one.code == "WEIGHTS_DO_NOT_SUM"]
    return [f"{one.en} {one.remedy_en}" for one in kinds]


def line_of(find: str) -> int:
    return text(BOOK)[: text(BOOK).index(find)].count("\n") + 1


def test_a_wrong_weight() -> None:
    change = ("inspection_part: 0.60", "inspection_part: 0.06")
    line = line_of("blend: {inspection_part")
    [(code, place, zh)] = told(*change)
    assert (code, place) == ("WEIGHTS_DO_NOT_SUM", f"mine.yaml:{line}:32")
    assert zh == "「company.base」的权重合计为 0.46,不是 1 或 100。请核对每一个权重;若有意如此(权重之比),可不改。"
    assert english(*change) == [
        "The weights of `company.base` add up to 0.46, not to 1 or 100. "
        "Check every weight; leave it if a proportion is meant."
    ]


def test_a_gap_in_bands() -> None:
    steps = 'points_grade: {law: "6.3", steps: {of: "composite", at_least: {90: A, 80: B, 70: C}, else: D}}'
    table = (
        'points_grade: {law: "6.3", needs: [composite], table: [{when: "composite >= 90", give: A}, '
        '{when: "composite >= 80 && composite <= 89", give: B}, '
        '{when: "composite >= 70 && composite < 80", give: C}, {else: D}]}'
    )
    [(code, place, zh)] = told(steps, table)
    line = line_of(steps)
    column = len("    ") + table.index('{when: "composite >= 80') + 1
    assert (code, place) == ("BAND_GAP", f"mine.yaml:{line}:{column}")
    assert zh == (
        "「company.points_grade」的分段之间有空隙:composite 在 89 与 90 之间时落入 else。"
        "请让相邻两段首尾相接,或改用 steps。"
    )
    assert english(steps, table) == [
        "The bands of `company.points_grade` leave a gap: composite between 89 and 90 falls to `else`. "
        "Let each band begin where the next ends, or use steps."
    ]


def test_a_misspelt_fact() -> None:
    change = ('sum: "item.each * count * multiplier"', 'sum: "item.eech * count * multiplier"')
    [(code, place, zh)] = told(*change)
    assert (code, place) == ("NAME_UNKNOWN", f"mine.yaml:{line_of(change[0])}:50")
    assert zh == (
        "在「finding」处没有名称「item.eech」。请检查拼写;可用的名称有:each, item, code, category, cap, severity。"
    )
    assert english(*change) == [
        "There is no `item.eech` at `finding`. "
        "Check the spelling; names at hand: each, item, code, category, cap, severity."
    ]


def test_letters_for_digits() -> None:
    change = ('"100 - deducted"', '"1OO - deducted"')
    [(code, place, zh)] = told(*change)
    assert (code, place) == ("LOOKS_LIKE_A_NUMBER", f"mine.yaml:{line_of(change[0])}:43")
    assert zh == "「1OO」含字母 O,不是数字。应为 100 吗?请把字母改成数字。"
    assert english(*change) == [
        "`1OO` holds the letter O, so it is no number. Is 100 meant? Replace the letter by the digit."
    ]


def test_a_tab_for_spaces() -> None:
    change = ("    bonus: {law", "\tbonus: {law")
    [(code, place, zh)] = told(*change)
    assert (code, place) == ("TAB", f"mine.yaml:{line_of(change[0])}:1")
    assert zh == "此行缩进用了制表符(Tab)。请把制表符换成空格,与上下行对齐。"
    assert english(*change) == [
        "This line is indented with a tab. Replace the tab by spaces, in line with the lines around it."
    ]


def test_full_width_digits() -> None:
    change = ('"unsafe ? 69 : 100"', '"unsafe ? ６９ : 100"')
    [(code, place, zh)] = told(*change)
    assert (code, place) == ("FULL_WIDTH", f"mine.yaml:{line_of(change[0])}:75")
    assert zh == "「unsafe ? ６９ : 100」含全角字符。请改用半角:unsafe ? 69 : 100。"
    assert english(*change) == [
        "`unsafe ? ６９ : 100` holds full-width characters. Write it with half-width characters: unsafe ? 69 : 100"
    ]


@pytest.mark.parametrize(
    ("find", "replace", "code", "mended"),
    [
        ("most: 10000000\n    law: \"2.2\"", "most: 1O000000\n    law: \"2.2\"", "LOOKS_LIKE_A_NUMBER", "10000000"),
        ("hotline_part: 0.15", "hotline_part: O.15", "LOOKS_LIKE_A_NUMBER", "0.15"),
        ("round: 0 floor", "round: ０ floor", "FULL_WIDTH", "0 floor"),
        ("household 0..99999", "household 0..９9999", "FULL_WIDTH", "0..99999"),
        ("minutes: optional", "minutes：optional", "FULL_WIDTH", "minutes: "),
        ("where: \"overdue\"", "where: “overdue”", "FULL_WIDTH", '"overdue"'),
    ],
)  # fmt: skip
def test_further_slips(find: str, replace: str, code: str, mended: str) -> None:
    assert text(BOOK).count(find) == 1
    found = [one for one in examine(text(BOOK).replace(find, replace), "mine.yaml") if one.code == code]
    assert len(found) == 1
    assert mended in found[0].diagnostic.remedy_en
    assert found[0].blocks


def test_free_text_may_hold_anything() -> None:
    body = teams('x: {law: "第１条 1OO", over: game, count: rows}') + "labels: {x: [得分（１OO）, 1OO points]}\n"
    codes = {one.code for one in examine(document(body), "tiny.yaml")}
    assert codes & {"LOOKS_LIKE_A_NUMBER", "FULL_WIDTH", "TAB"} == set()
