"""What is printed of subjects whose results are no points: choices opened, measures where there is nothing else."""

from collections.abc import Callable

import pytest

from api.console.telling import Subject, Teller
from scoring.batch.evaluate import evaluate as by_columns
from scoring.evaluate import Evaluation, Run, evaluate
from tests.scoring.tiny import make

RULES = """
facts:
  firm: {most: 9, columns: {}}
  case: {most: 9, columns: {firm: ref firm, level: "enum LIGHT, GRAVE", open: bool}, unique: [firm, level]}
measures:
  firm:
    grave: {law: "2", over: case, where: "level == 'GRAVE'", count: rows}
    pending: {law: "3", over: case, any: open}
    barred: {law: "4", value: "pending && grave >= 1"}
    standing:
      table:
        - {law: "4", when: barred, give: BARRED}
        - {law: "5", when: "grave > 1 || !pending && grave == 0", give: CLEAN}
        - {else: LISTED}
  case:
    heavy: {law: "1", value: "level == 'GRAVE'"}
results: {firm: {grade: standing}, case: {}}
"""
FACTS = {
    "firm": [{"id": "A"}, {"id": "B"}],
    "case": [
        {"id": "1", "firm": "A", "level": "GRAVE", "open": True},
        {"id": "2", "firm": "A", "level": "LIGHT", "open": False},
    ],
}
Evaluate = Callable[..., Evaluation]
BOTH = pytest.mark.parametrize("evaluator", [evaluate, by_columns])


def told(evaluator: Evaluate, grain: str, key: str) -> list[str]:
    run = evaluator(make(RULES), FACTS, Run("2025"))
    return list(Teller(Subject(run, grain, (key,))).lines())


@BOTH
def test_a_grade_that_rests_on_a_named_condition_leads_to_the_cases(evaluator: Evaluate) -> None:
    assert told(evaluator, "firm", "A") == [
        "firm A 2025",
        "  standing: BARRED",
        "    ✓ barred → BARRED  [4]",
        "      barred: 是 / yes  pending 且 grave ≥ 1 (pending = 是, grave = 1)  [4]",
        "        pending and grave ≥ 1 (pending = yes, grave = 1)",
        "        pending: 是 / yes  存在 open[case:2] / any open [case: 2]  [3]",
        "          case 1 (GRAVE): open = 是 / open = yes",
        "          其余各行 / the other rows: case 2 (LIGHT) = 否 / case 2 (LIGHT) = no",
        "        grave: 1  计数[case:1],条件 level = GRAVE  [2]",
        "          count [case: 1] where level = GRAVE",
        "          case 1 (GRAVE): level = GRAVE",
        "          没有计入的 / not counted: case 2 (LIGHT)",
        "    · grave > 1 或 非 pending 且 grave = 0 / grave > 1 or not pending and grave = 0  [5]",
        "    · 其他 / else",
    ]


@BOTH
def test_a_condition_with_truths_and_numbers_is_told_by_its_names(evaluator: Evaluate) -> None:
    assert told(evaluator, "firm", "B") == [
        "firm B 2025",
        "  standing: CLEAN",
        "    ✗ barred  [4]",
        "      barred: 否 / no  pending 且 grave ≥ 1 (pending = 否)  [4]",
        "        pending and grave ≥ 1 (pending = no)",
        "    ✓ grave > 1 或 非 pending 且 grave = 0 / grave > 1 or not pending and grave = 0"
        " (pending = 否, grave = 0 / pending = no, grave = 0) → CLEAN  [5]",
        "      pending: 否 / no  存在 open[case:0] / any open [case: 0]  [3]",
        "      grave: 0  计数[case:0],条件 level = GRAVE  [2]",
        "        count [case: 0] where level = GRAVE",
        "    · 其他 / else",
    ]


@BOTH
def test_a_subject_without_score_and_grade_is_told_by_its_measures(evaluator: Evaluate) -> None:
    assert told(evaluator, "case", "1") == [
        "case 1 2025",
        "  heavy: 是 / yes  level = GRAVE (level = GRAVE)  [1]",
    ]
