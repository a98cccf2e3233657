"""Show what a draft would have changed, period by period."""

from collections.abc import Sequence

from api.backtest import Backtest
from api.console.edge import OUTPUT
from api.console.reports import table
from scoring.simulate import Change, Comparison, Outcome


def show_backtests(found: Sequence[Backtest]) -> None:
    """The transition matrix and every changed recommendation of each period."""
    for each in found:
        comparison = each.comparison
        OUTPUT.print(
            f"{each.period}: 得分变化 totals moved {comparison.totals_moved},"
            f" 等级或建议变化 grades or recommendations changed {len(comparison.changes)},"
            f" 其中建议 recommendations {comparison.decisions_changed}",
            markup=False,
        )
        _matrix(comparison)
        for change in comparison.changes:
            OUTPUT.print(_line(change, each.names.get(change.subject, "")), markup=False)


def _matrix(comparison: Comparison) -> None:
    grades = sorted({grade or "–" for pair in comparison.transitions for grade in pair})
    shown = table("等级 grade: 原 before ↓ 试行 after →", *grades)
    for old in grades:
        counts = [
            sum(
                count
                for pair, count in comparison.transitions.items()
                if (pair[0] or "–", pair[1] or "–") == (old, new)
            )
            for new in grades
        ]
        shown.add_row(old, *(str(count) if count else "·" for count in counts))
    OUTPUT.print(shown)


def _line(change: Change, name: str) -> str:
    return f"{change.subject} {name}: {_said(change.before)} → {_said(change.after)}"


def _said(outcome: Outcome) -> str:
    total = "–" if outcome.total is None else f"{outcome.total.normalize():f}"
    clause = f"(第 {outcome.clause} 条)" if outcome.clause else ""
    return f"{total} {outcome.grade or '–'} {outcome.recommendation or '–'}{clause}"
