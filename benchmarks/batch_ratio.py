"""Time of the reference evaluator as a ratio to the columnar one, on the sample district and on a multiple of it.

`python benchmarks/batch_ratio.py [--rounds N] [--times 1 10] [--json FILE]`: one half-year with its two quarters, both
evaluators in turn in one process, facts typed before the clock runs; the columns are made by a first run, whose extra
time is told. Every inspection, finding, case, survey and credit item of the district is repeated so many times.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scoring.batch.evaluate import evaluate as by_column
from scoring.batch.facts import columns
from scoring.evaluate import Evaluation, Facts, Run, load_facts
from scoring.evaluate import evaluate as by_row
from scoring.plan import Plan, plan
from scoring.rulebooks import open_rulebook
from tests.scoring.workbook import SHARED, district_facts

Rows = list[dict[str, Any]]
Judge = Callable[[Plan, Facts, Run], Evaluation]
REPEATED = ("case", "survey", "credit")


def grown(facts: dict[str, Rows], times: int) -> dict[str, Rows]:
    """Return the district with its evidence repeated under new ids."""
    out = {name: list(rows) for name, rows in facts.items()}
    for copy in range(1, times):
        for name in ("inspection", *REPEATED):
            out[name] += [row | {"id": f"{row['id']}-{copy}"} for row in facts[name]]
        for row in facts["finding"]:
            out["finding"].append(row | {"id": f"{row['id']}-{copy}", "inspection": f"{row['inspection']}-{copy}"})
    return out


def half_year(judge: Judge, checked: Plan, facts: Facts) -> tuple[float, str]:
    """Return the time of one half-year with its quarters, and the name of its results."""
    start = perf_counter()
    quarters = [judge(checked, facts, Run(name)) for name in ("2025Q3", "2025Q4")]
    half = judge(checked, facts, Run("2025H2", parts=quarters))
    return perf_counter() - start, half.result_hash


def measured(checked: Plan, raw: dict[str, Rows], times: int, rounds: int) -> dict[str, Any]:
    """Return the times of both evaluators and their ratios, in turn."""
    typed = load_facts(checked, grown(raw, times))
    held = columns(checked, typed)
    first, _ = half_year(by_column, checked, held)
    pairs = []
    for _ in range(rounds):
        slow, one = half_year(by_row, checked, typed)
        fast, two = half_year(by_column, checked, held)
        assert one == two, "both evaluators give the same bytes"
        pairs.append((slow, fast))
    ratios = [slow / fast for slow, fast in pairs]
    fast = median(fast for _, fast in pairs)
    return {
        "times": times,
        "evidence_rows": sum(len(table.ids) for table in typed.tables.values()),
        "reference_s": round(median(slow for slow, _ in pairs), 3),
        "columnar_s": round(fast, 3),
        "making_columns_s": round(max(0.0, first - fast), 3),
        "ratio": round(median(ratios), 1),
        "ratio_range": [round(min(ratios), 1), round(max(ratios), 1)],
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not SHARED.is_dir():
        sys.stderr.write(f"The sample workbook is not at {SHARED}; put it there and run this again.\n")
        return 1
    checked, raw = plan(open_rulebook("yuetang-2025-1")), district_facts()
    found = [measured(checked, raw, times, options.rounds) for times in options.times]
    for one in found:
        low, high = one["ratio_range"]
        times = f"reference {one['reference_s']:.2f} s, columnar {one['columnar_s']:.3f} s"
        ratio = f"{one['ratio']:.1f}x [{low:.1f}-{high:.1f}]"
        once = f"making the columns {one['making_columns_s']:.2f} s once"
        sys.stdout.write(f"{one['evidence_rows']:>8,} rows: {times}, {ratio}; {once}\n")
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
