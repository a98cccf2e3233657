"""Runs made rulebooks through the third evaluator: `python -m tests.properties.third --pairs 500 [--seed N]`.

A pair is one rulebook with one set of facts over three periods. A pair counts as compared when at least nine tenths of
its measures were worked out in SQL; what SQL does not reach is taken over from the reference, counted by reason.
`--sample` takes the sample district instead: both half-years with their quarters, every measure of every row.
"""

import argparse
import sys
from random import SystemRandom

from tests.properties.third.judge import compare
from tests.properties.third.pairs import Tally
from tests.scoring.test_yuetang import halves


def main() -> int:
    """Compare as many pairs as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--sample", action="store_true")
    options = parser.parse_args()
    if options.sample:
        return sample()
    sys.stdout.write(f"seed {options.seed}\n")
    tally = Tally()
    for number in range(options.pairs):
        for line in tally.pair(options.seed + number):
            sys.stdout.write(f"seed {options.seed + number}: {line}\n")
    sys.stdout.write(f"{tally}\n")
    return 1 if tally.wrong else 0


def sample() -> int:
    """Compare the two half-years of the sample district."""
    wrong = 0
    for label, found in halves().items():
        verdict = compare(found)
        wrong += len(verdict.differ)
        taken = ", ".join(f"{why} {count}" for why, count in verdict.taken.items())
        counts = f"{verdict.measures} measures, {verdict.values} values, {len(verdict.differ)} differ"
        sys.stdout.write(f"{label}: {counts}; taken over: {taken or 'none'}\n")
        sys.stdout.writelines(f"  {line}\n" for line in verdict.differ)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
