"""Runs made rulebooks through both evaluators: `python -m tests.properties.evaluators --pairs 2000 [--seed N]`.

A pair is one rulebook with one set of facts, run over three periods, each reading the results of those before it.
Prints the seed it started from and every seed that differs; the exit status tells whether all agreed.
"""

import argparse
import sys
from collections import Counter
from random import Random, SystemRandom

from scoring.batch.evaluate import evaluate as by_column
from scoring.batch.evaluate import load_facts
from scoring.diagnostics import FactsRefused
from scoring.evaluate import Run
from scoring.evaluate import evaluate as by_row
from scoring.past import PastResult
from tests.properties.rulebooks import Case, make
from tests.scoring.batch.same import assert_same


def check(case: Case) -> int:
    """Assert that both evaluators agree on every period of a case; return how many periods had an answer.

    What makes the reference evaluator fail (a day after the year 9999) must make the columnar one fail as well.
    """
    facts = load_facts(case.plan, case.facts)
    history: list[PastResult] = []
    done = 0
    for period in case.periods:
        run = Run(period, history=tuple(history), settings=case.settings)
        try:
            reference = by_row(case.plan, facts, run)
        except (FactsRefused, ArithmeticError, ValueError, IndexError, TypeError, AssertionError) as failed:
            _fails_alike(case, run, failed)
            return done
        assert_same(reference, by_column(case.plan, facts, run))
        history.append(reference.remembered())
        done += 1
    return done


def _fails_alike(case: Case, run: Run, failed: Exception) -> None:
    try:
        by_column(case.plan, case.facts, run)
    except (FactsRefused, ArithmeticError, ValueError, IndexError, TypeError, AssertionError):
        return
    raise AssertionError(f"the reference fails ({failed!r}), the columnar evaluator does not")


def operators(case: Case) -> Counter[str]:
    """Return how often a case uses each operator."""
    found: Counter[str] = Counter()
    for measures in case.plan.document.measures.values():
        for measure in measures.values():
            operator = measure.operator
            found[getattr(operator, "how", None) or type(operator).__name__.lower()] += 1
    return found


def main() -> int:
    """Check as many pairs as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    used: Counter[str] = Counter()
    wrong, periods = 0, 0
    for number in range(options.pairs):
        seed = options.seed + number
        (case,) = make(Random(seed))
        used += operators(case)
        try:
            periods += check(case)
        except Exception as failed:
            wrong += 1
            sys.stdout.write(f"seed {seed}: {type(failed).__name__}: {str(failed)[:400]}\n")
    sys.stdout.write(f"{options.pairs} pairs, {periods} periods, {wrong} differ\n")
    sys.stdout.write(", ".join(f"{name} {count}" for name, count in sorted(used.items())) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
