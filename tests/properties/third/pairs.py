"""Made rulebooks and their facts, run by the reference and by SQL, and how much was compared."""

from dataclasses import dataclass, field
from random import Random

from scoring.batch.evaluate import load_facts
from scoring.diagnostics import FactsRefused
from scoring.evaluate import Run, evaluate
from scoring.past import PastResult
from tests.properties.rulebooks import Case, make
from tests.properties.third.judge import Verdict, compare

ENOUGH = 10
"""A pair with more than one measure in ten taken over does not count as compared."""


def verdict_of(case: Case) -> Verdict:
    """Compare every period of a case that the reference can answer."""
    facts, history, total = load_facts(case.plan, case.facts), list[PastResult](), Verdict()
    for period in case.periods:
        try:
            reference = evaluate(case.plan, facts, Run(period, history=tuple(history), settings=case.settings))
        except (FactsRefused, ArithmeticError, ValueError, IndexError, TypeError, AssertionError):
            return total
        total.add(compare(reference))
        history.append(reference.remembered())
    return total


@dataclass
class Tally:
    """How many pairs were seen, compared and found to differ."""

    seen: int = 0
    compared: int = 0
    unanswered: int = 0
    wrong: int = 0
    whole: Verdict = field(default_factory=Verdict)

    def pair(self, seed: int) -> list[str]:
        """Compare the pair of a seed; return what differs."""
        (case,) = make(Random(seed))
        found = verdict_of(case)
        self.seen += 1
        self.unanswered += not found.measures
        taken = sum(found.taken.values())
        self.compared += bool(found.measures) and taken * ENOUGH <= found.measures + taken
        self.wrong += bool(found.differ)
        self.whole.add(found)
        return found.differ[:3]

    def __str__(self) -> str:
        """Tell the figures in two lines."""
        taken = ", ".join(f"{why} {count}" for why, count in self.whole.taken.most_common())
        counts = (
            f"{self.seen} pairs, {self.compared} compared, {self.unanswered} without an answer, {self.wrong} differ"
        )
        return f"{counts}\n{self.whole.measures} measures, {self.whole.values} values; taken over: {taken or 'none'}"
