"""Made rulebooks of deductions and bonuses, of which the linter says in which direction each column moves the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from scoring.decimals import MODES
from scoring.diagnostics import RulebookRefused
from scoring.lint.monotony import Monotony
from scoring.lint.ranges import ranges_of
from scoring.lint.slopes import DOWN, UP
from scoring.plan import Plan
from tests.scoring.tiny import make

Rows = list[dict[str, Any]]
Directions = Mapping[tuple[str, str], int]

TABLES = """
facts:
  firm: {most: 9, columns: {size: number 0 1..50}}
  finding: {most: 99, columns: {firm: ref firm, points: number 1 0..20, weight: number 0 0..5, severe: bool,
    kind: "enum A, B"}}
  bonus: {most: 99, columns: {firm: ref firm, points: number 1 0..10}}
"""
ENDS = {("finding", "points"): 20, ("finding", "weight"): 5, ("bonus", "points"): 10, ("firm", "size"): 50}
GROWING = (
    "{over: finding, sum: points}",
    "{over: finding, sum: points, weight: weight}",
    '{over: finding, where: "severe", count: rows}',
    '{over: finding, where: "points > 5", sum: points}',
    '{over: finding, where: "points >= 10 && weight > 1", count: rows}',
    "{over: finding, greatest: points, empty: 0}",
    "{over: finding, once: {per: [kind], highest: points}, sum: points}",
    "{over: finding, where: \"kind == 'A'\", sum: points, cap: 30}",
)
"""Summaries that no further finding makes smaller."""
OTHER = (
    "{over: finding, mean: points, empty: 0}",
    "{over: finding, mean: points, weight: weight, empty: 0}",
    "{over: finding, least: points, empty: 0}",
    "{over: finding, stdev: points, places: 2, empty: 0}",
)
BONUS = ("{over: bonus, sum: points, cap: 15}", "{over: bonus, greatest: points, empty: 0}")


@dataclass(frozen=True)
class Scored:
    """A rulebook whose measure `total` is judged; `directions` is the linter's word on each column."""

    text: str
    plan: Plan
    directions: Directions


def bad(random: Random, names: Sequence[str]) -> str:
    """Return a measure that grows with measures that grow."""
    one, two = random.choice(names), random.choice(names)
    low, high = sorted(random.sample(range(1, 60), 2))
    return random.choice(
        [
            f'{{value: "{one} + 2 * {two}"}}',
            f'{{value: "{one} * {two}", cap: 500}}',
            f'{{value: "min(max({one}, 3), {two} + 4)"}}',
            f'{{value: "{one} > {low} ? {two} + 40 : 0", cap: 90}}',
            f'{{table: [{{when: "{one} >= {high}", give: 30}}, {{when: "{one} >= {low}", give: 12.5}}, {{else: 0}}]}}',
            f'{{steps: {{of: "{one}", above: {{{high}: 20, {low}: 5.5}}, else: 1}}}}',
            f'{{ratio: {{of: "{one}", by: size, zero: 0}}, round: 3 {random.choice(MODES)}}}',
            f"{{blend: {{{one}: 3, {two}: 1.5}}}}" if one != two else f'{{value: "{one} + 1"}}',
            f'{{curve: {{sqrt: "{one}", places: 4}}}}',
        ]
    )


def measures(random: Random, wild: bool) -> list[str]:
    """Return the lines of the measures; `wild` lets in summaries and bands that go both ways."""
    lines = [f"    b{at}: {random.choice(GROWING)}" for at in range(3)]
    names = ["b0", "b1", "b2"]
    for at in range(random.randrange(1, 4)):
        lines.append(f"    c{at}: {bad(random, names)}")
        names.append(f"c{at}")
    if wild:
        lines.append(f"    odd: {random.choice(OTHER)}")
        lines.append("    band: {steps: {of: b0, above: {40: 2, 15: 30}, else: 0}}")
        names += ["odd", "band"]
    lines.append(f"    good: {random.choice(BONUS)}")
    worst = random.choice(names[3:])
    mode = random.choice([f"{random.randrange(3)} {random.choice(MODES)}", ""])
    ending = f", round: {mode}" if mode else ""
    lines.append(f'    total: {{value: "100 - {worst} - {random.choice(names)} + good", floor: 0, cap: 100{ending}}}')
    return lines


def scored(random: Random, wild: bool = False) -> Scored | None:
    """Return a rulebook with the linter's word on it, or None where its checks refuse what was made."""
    body = "\n".join(measures(random, wild))
    text = f"{TABLES}\nmeasures:\n  firm:\n{body}\nresults: {{firm: {{score: total}}}}\n"
    try:
        plan = make(text)
    except RulebookRefused:
        return None
    return Scored(text, plan, directions(plan))


def directions(plan: Plan) -> Directions:
    """Return the columns that move the total one way only, as the linter says: 1 upwards, -1 downwards."""
    found: dict[tuple[str, str], set[frozenset[int]]] = {}
    for driver, slope in Monotony(ranges_of(plan)).known["firm", "total"].items():
        found.setdefault((driver.table, driver.column), set()).add(slope.signs)
    return {at: 1 if signs == {UP} else -1 for at, signs in found.items() if signs in ({UP}, {DOWN})}


def facts(random: Random) -> dict[str, Rows]:
    """Return three firms with findings and bonuses."""

    def tenths(most: int) -> str:
        return f"{random.randrange(most)}.{random.randrange(10)}"

    firms = [{"id": f"F{at}", "size": random.randrange(1, 51)} for at in range(3)]
    findings = [finding(random, f"N{at}", tenths(20)) for at in range(random.randrange(1, 9))]
    bonuses = [
        {"id": f"B{at}", "firm": f"F{random.randrange(3)}", "points": tenths(10)} for at in range(random.randrange(4))
    ]
    return {"firm": firms, "finding": findings, "bonus": bonuses}


def finding(random: Random, name: str, points: str) -> dict[str, Any]:
    """Return one finding."""
    row = {"id": name, "firm": f"F{random.randrange(3)}", "points": points, "weight": random.randrange(6)}
    return row | {"severe": random.random() < 0.3, "kind": random.choice("AB")}


def worsened(random: Random, rows: Mapping[str, Rows], at: tuple[str, str], direction: int) -> dict[str, Rows] | None:
    """Return the facts with one value of a column moved to where the total must not rise; None without such a row."""
    table, column = at
    out = {name: [dict(row) for row in many] for name, many in rows.items()}
    if not out[table]:
        return None
    row = random.choice(out[table])
    if column == "severe":
        row[column] = direction < 0
        return out
    least = 1 if column == "size" else 0
    now, most = int(str(row[column]).partition(".")[0]), ENDS[at]
    row[column] = random.randrange(now + 1, most + 1) if direction < 0 and now < most else row[column]
    row[column] = random.randrange(least, now + 1) if direction > 0 and now >= least else row[column]
    return out
