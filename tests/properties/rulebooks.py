"""Makes rulebooks nobody thought of: every operator and setting over random tables, grains and absences.

Each measure stands on a line of its own. What the checker refuses is taken out line by line until a sound rulebook is
left, so the generator may be bold. All choices come from one `Random`: a seed names a rulebook and its facts.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from scoring.decimals import MODES
from scoring.diagnostics import RulebookRefused
from scoring.plan import Plan, plan
from scoring.rulebook import read
from tests.properties.formulas import CODES, KINDS, Names, Writer
from tests.properties.made_facts import Scribe

PERIODS = {
    "month": ["2024-12", "2025-01", "2025-02"],
    "quarter": ["2024Q3", "2024Q4", "2025Q1"],
    "half": ["2024H1", "2024H2", "2025H1"],
    "year": ["2023", "2024", "2025"],
}
SHARES = ("0.25", "0.5", "1", "0")
SUMMARIES = "sum sum mean mean least greatest stdev quantile count distinct any every earliest latest list".split()  # noqa: SIM905


@dataclass(frozen=True)
class Case:
    """A rulebook with its facts and the periods to run, each reading those before it."""

    text: str
    plan: Plan
    facts: dict[str, list[dict[str, Any]]]
    periods: list[str]
    settings: dict[str, str]


class Maker(Writer):
    """Writes one rulebook."""

    def __init__(self, random: Random) -> None:
        """Draw the shape of the tables."""
        super().__init__(random)
        self.unit = random.choice(list(PERIODS))
        self.parts = "quarter" if self.unit in ("half", "year") and random.random() < 0.5 else None
        self.places = {name: random.choice([0, 0, 1, 2, 3]) for name in ("size", "points", "worth", "fee")}
        self.optional = {name: random.random() < 0.5 for name in ("points", "closed", "site", "tag", "grade")}
        number = ["size", "points", "worth", "fee", "base", "1", "0.5", "3", "-2.25", "100"]
        self.names = {
            "firm": Names(["worth", *number[4:]], [], ["big"], [], [], ["firm"]),
            "site": Names(["size", "firm.worth", *number[4:]], ["class"], [], ["opened"], [], ["site", "firm"]),
            "event": Names(
                ["points", "fee", "site.size", "days_between(day, period.last)", *number[4:]],
                ["kind", "tag"],
                ["paid"],
                ["day", "closed", "period.last", "as_of"],
                [],
                ["event", "site", "kind", "tag"],
            ),
            "held": Names(["share", "base", "2"], [], [], ["since", "until"], [], ["held", "site"]),
            "held_unit": Names(["held.share", "base", "1"], [], [], [], [], ["held"]),
            "firm_kind": Names(["base", "7", "firm.worth"], ["kind"], [], [], [], ["firm", "kind"]),
            "site_when": Names(["base", "4", "site.size"], [], [], [], [], ["site"]),
            "firm_when": Names(["base", "9"], [], [], [], [], ["firm"]),
            "whole": Names(["base", "11"], [], [], [], [], []),
        }
        self.when = "quarter" if self.parts else random.choice(["month", "quarter", "half", "year"])
        self.measures: dict[str, list[str]] = {space: [] for space in self.names}
        self.remember: dict[str, list[str]] = {"firm": [], "site": [], "site_when": [], "firm_when": []}
        self.count = 0

    def finer(self, space: str) -> str:
        """Return a table or grain to summarise at a space."""
        ways = {
            "firm": ["site", "event", "firm_kind", "firm_when", "held_unit", "held"],
            "site": ["event", "site_when", "held", "held_unit"],
            "firm_kind": ["event"],
            "site_when": ["event"],
            "firm_when": ["site_when", "event"],
            "whole": ["firm", "site", "event", "firm_kind", "held_unit"],
        }
        return str(self.pick(ways[space]))

    def aggregate(self, space: str) -> tuple[str, str]:
        """Return an aggregate and the kind of its result."""
        over = self.finer(space)
        names = self.names[over]
        how = self.pick(SUMMARIES)
        body = [f"over: {over}"]
        if self.chance(0.4):
            body.append(f'where: "{self.truth(over)}"')
        if self.chance(0.2):
            keys = ", ".join({self.pick([*names.keys, *names.codes, *names.numbers[:1]]) for _ in range(2)})
            best = self.pick([self.number(over, 1), *names.dates[:1]])
            body.append(f'once: {{per: [{keys}], {self.pick(["highest", "lowest"])}: "{best}"}}')
        if self.chance(0.2) and names.dates:
            body.append(f'last: {{rows: {self.random.randrange(1, 4)}, by: "{self.pick(names.dates)}"}}')
        if how in ("sum", "mean") and self.chance(0.3):
            body.append(f'weight: "{self.number(over, 1)}"')
        kinds = {"any": "truths", "every": "truths", "earliest": "dates", "latest": "dates", "list": "sets"}
        operand = {
            "count": "rows",
            "any": f'"{self.truth(over)}"',
            "every": f'"{self.truth(over)}"',
            "earliest": f'"{self.pick(names.dates or ["as_of"])}"',
            "latest": f'"{self.pick(names.dates or ["as_of"])}"',
            "distinct": f'"{self.pick([*names.keys, *names.codes, *names.numbers, "as_of"])}"',
            "list": f'"{self.pick([*names.keys, *names.codes, *names.numbers])}"',
            "quantile": f'{{of: "{self.number(over)}", share: "{self.pick(SHARES)}", method: type1}}',
        }
        body.append(f"{how}: " + operand.get(how, f'"{self.number(over)}"'))
        if how == "stdev":
            body.append(f"places: {self.random.randrange(5)}")
        if how in ("mean", "least", "greatest", "stdev", "quantile") or (
            how in ("sum", "distinct") and self.chance(0.3)
        ):
            body.append(f"empty: {self.give(space)}")
        if how in ("earliest", "latest"):
            body.append(f"empty: {{none: {self.pick(KINDS)}, reason: NEVER}}")
        return ", ".join(body), kinds.get(how, "numbers")

    def steps(self, space: str) -> tuple[str, str]:
        """Return a step table."""
        how = self.pick(["at_least", "above", "below", "at_most"])
        limits = sorted({self.random.randrange(-20, 120) for _ in range(3)}, reverse=how in ("at_least", "above"))
        codes = self.chance(0.3)
        marks = ["LOW", "HIGH", "{none: PENDING, reason: S}"]
        rows = "{" + ", ".join(f"{limit}: {self.pick(marks) if codes else self.give(space)}" for limit in limits) + "}"
        by = ""
        if self.names[space].codes and self.chance(0.3):
            code = self.pick(self.names[space].codes)
            known = ["S", "L"] if code == "class" else ["LOW", "HIGH"] if code.startswith("m") else CODES
            by = f"by: {code}, "
            rows = "{" + ", ".join(f"{each}: {rows}" for each in self.random.sample(known, len(known) - 1)) + "}"
        last = "LOW" if codes else self.give(space)
        body = f'steps: {{of: "{self.number(space)}", {by}{how}: {rows}, else: {last}}}'
        return body, "codes" if codes else "numbers"

    def operator(self, space: str) -> tuple[str, str]:
        """Return an operator and the kind of its result."""
        names = self.names[space]
        makers = [self._value, self._value, self._table, self.steps, self._ratio, self._blend, self._rank]
        makers += [self._curve, self._flags, self._truth]
        if space == "event":
            makers += [self._running, self._lookup, self._truth, self._running, self._lookup]
        if space in ("firm", "site", "firm_kind", "site_when", "firm_when", "whole"):
            makers += [self.aggregate] * 6
        if space in self.remember:
            makers += [self._history] * 6 + [self._truth] * 2
        assert names.numbers, "every space has a number"
        body, kind = self.pick(makers)(space)
        return body, kind

    def _value(self, space: str) -> tuple[str, str]:
        return f'value: "{self.number(space)}"', "numbers"

    def _truth(self, space: str) -> tuple[str, str]:
        return f'value: "{self.truth(space)}"', "truths"

    def _table(self, space: str) -> tuple[str, str]:
        rows = [
            f'{{when: "{self.truth(space)}", give: {self.give(space)}}}' for _ in range(self.random.randrange(1, 4))
        ]
        return f"table: [{', '.join(rows)}, {{else: {self.give(space)}}}]", "numbers"

    def _ratio(self, space: str) -> tuple[str, str]:
        of, by = self.number(space), self.number(space)
        return f'ratio: {{of: "{of}", by: "{by}", zero: {self.give(space)}}}', "numbers"

    def _blend(self, space: str) -> tuple[str, str]:
        parts = {self.pick(self.names[space].numbers): self.pick(["0.5", "3", "0.25", "base"]) for _ in range(3)}
        return "blend: {" + ", ".join(f'"{part}": {weight}' for part, weight in parts.items()) + "}", "numbers"

    def _rank(self, space: str) -> tuple[str, str]:
        keys = [f'{{key: "{self.number(space, 1)}", first: {self.pick(["high", "low"])}}}']
        if self.chance(0.3):
            keys.append(f'{{key: "{self.number(space, 0)}", first: low}}')
        body = [f"by: [{', '.join(keys)}]", f"from: {self.pick(['best', 'worst'])}"]
        body.append(f"ties: {self.pick(['competition', 'dense', 'last', 'mid'])}")
        inside = [*self.names[space].codes, *self.names[space].keys]
        if self.chance(0.4) and inside:
            body.append(f"within: [{self.pick(inside)}]")
        if self.chance(0.3):
            body.append(f'where: "{self.truth(space)}"')
        return f"rank: {{{', '.join(body)}}}", "numbers"

    def _running(self, space: str) -> tuple[str, str]:
        what = self.pick(["count: rows", f'sum: "{self.number(space, 1)}"'])
        per = self.random.sample(["site", "kind", "tag"], self.random.randrange(3))
        body = [what, f"per: [{', '.join(per)}]", f"by: {self.pick(['day', 'day', 'fee', 'points'])}"]
        if self.chance(0.5):
            body.append(f'within: "{self.pick(["0", "7", "30.5", "90", "base * base"])}"')
        if self.chance(0.3):
            body.append(f'where: "{self.truth(space)}"')
        return f"running: {{{', '.join(body)}}}", "numbers"

    def _lookup(self, space: str) -> tuple[str, str]:
        key, column = self.pick(["kind", "tag", "site.class"]), self.pick(["first", "second"])
        ways = [
            f"in: rate, key: [{key}], give: {column}",
            "in: grid, key: [kind, site.class], give: rate",
            f"in: held, key: [site], day: {self.pick(['day', 'closed'])}, give: share",
        ]
        return f"lookup: {{{self.pick(ways)}, otherwise: {self.give(space)}}}", "numbers"

    def _curve(self, space: str) -> tuple[str, str]:
        how = self.pick([f'ln: "{self.number(space, 1)}"', f'sqrt: "{self.number(space, 1)}"',
                         f'log: "{self.number(space, 1)}", base: "{self.pick(["10", "2", "base"])}"'])  # fmt: skip
        return f"curve: {{{how}, places: {self.random.randrange(5)}}}", "numbers"

    def _flags(self, space: str) -> tuple[str, str]:
        return f'flags: {{LOW: "{self.truth(space)}", HIGH: "{self.truth(space)}"}}', "sets"

    def _history(self, space: str) -> tuple[str, str]:
        known = self.remember[space]
        if not known:
            return self._value(space)
        of = self.pick(known)
        if of in self.names[space].truths:
            reset = self.pick(["", ", reset: year"])
            return str(
                self.pick([f"run: {{of: {of}{reset}}}", f"window: {{of: {of}, last: 3, take: count}}"])
            ), "numbers"
        take = self.pick(["sum", "mean", "least", "greatest", "count"])
        reset = self.pick(["", ", reset: half"])
        last, empty = self.random.randrange(1, 4), self.give(space)
        ways = [
            f"previous: {{of: {of}, back: {self.random.randrange(1, 3)}, otherwise: {empty}}}",
            f"window: {{of: {of}, last: {last}, take: {take}{reset}, empty: {empty}}}",
        ]
        return str(self.pick(ways)), "numbers"

    def measure(self, space: str) -> None:
        """Add a measure to a space, which those written later may read."""
        self.count += 1
        name = f"m{self.count}"
        body, kind = self.operator(space)
        around = []
        if self.chance(0.15):
            that = f'NO_A: "{self.truth(space)}", NO_B: "{self.truth(space)}"'
            around.append(f"require: {{that: {{{that}}}, else: {self.pick(KINDS)}}}")
        own = [each for each in self.names[space].numbers if each.startswith("m")]
        if self.chance(0.1) and own:
            around.append(f"needs: [{self.pick(own)}]")
        if kind == "numbers":
            around += [f'{side}: "{self.number(space, 1)}"' for side in ("floor", "cap") if self.chance(0.12)]
            if self.chance(0.5):
                around.append(f"round: {self.random.randrange(4)} {self.pick([*MODES, 'mode'])}")
        self.measures[space].append(f"    {name}: {{{', '.join([body, *around])}}}")
        getattr(self.names[space], kind).append(name)
        if space in self.remember and kind in ("numbers", "truths") and self.chance(0.7):
            self.remember[space].append(name)

    def lines(self) -> list[str]:
        """Return the rulebook's text, line by line; measures one a line."""
        for space in ("event", "event", "event", "site", "held", "firm_kind", "site_when", "site_when", "firm_when"):
            self.measure(space)
        for _ in range(self.random.randrange(4, 12)):
            self.measure(self.pick(["firm", "firm", "firm", "site", "event", "firm_when", "firm_kind", "whole"]))
        return [*self._head(), *self._tables(), *self._measures(), *self._results()]

    def _head(self) -> list[str]:
        parts = f", parts: {self.parts}" if self.parts else ""
        return [
            "rulebook: made",
            "version: x",
            "name: [造, made]",
            "in_force: {from: 2000-01-01}",
            f"period: {{unit: {self.unit}, evaluate_after: {self.random.randrange(20)}{parts}, history: optional}}",
            "settings:",
            "  base: {value: 2.5, type: number 1}",
            "  mode: {value: HALF_UP, type: 'enum UP, DOWN, FLOOR, CEILING, HALF_UP, HALF_DOWN, HALF_EVEN'}",
        ]

    def _tables(self) -> list[str]:
        some = {name: "optional " if yes else "" for name, yes in self.optional.items()}
        keep = self.pick(["", ', keep: "in_period(day)"', ', keep: "fee > -1 && paid"', ', keep: "day <= period.last"'])
        p, codes, every = self.places, ", ".join(CODES), self.pick(["day", "month", "quarter"])
        return [
            "facts:",
            f"  firm: {{most: 99, columns: {{worth: number {p['worth']} -50..500, big: bool}}}}",
            f'  site: {{most: 99, columns: {{firm: ref firm, size: number {p["size"]} 0..90, class: "enum S, L",'
            " opened: date}}",
            f"  event: {{most: 999{keep}, columns: {{site: {some['site']}ref site, day: date,"
            f" points: {some['points']}number {p['points']} -90..90, fee: number {p['fee']} 0..999,"
            f' kind: "enum {codes}", tag: "{some["tag"]}enum {codes}", paid: bool, closed: {some["closed"]}date}}}}',
            "  held: {most: 99, unique: [site], during: [since, until], columns: {site: ref site, since: optional date,"
            " until: optional date, share: number 1}}",
            "tables:",
            "  rate: {type: number 1, rows: {RED: {first: 1, second: 2.5}, GREEN: {first: 0, second: -1}}}",
            "  grid: {gives: rate, type: number 2, rows: {RED: {S: 1, L: 2.25}, BLUE: {S: 3, L: 0.5}}}",
            "grains:",
            "  firm_kind: {keys: [firm, kind], rows: event}",
            f"  site_when: {{keys: [site, {self.when}], rows: event}}",
            f"  firm_when: {{keys: [firm, {self.when}], rows: {self.pick(['site_when', 'site_when', 'all'])}}}",
            "  whole: {keys: [], rows: all}",
            f"  held_unit: {{expand: {{over: held, each: {every}}}}}",
        ]

    def _measures(self) -> list[str]:
        out = ["measures:"]
        self.measures["event"].insert(0, f'    {self.when}: {{value: "{self.when}(day)"}}')
        for space, lines in self.measures.items():
            out += [f"  {space}:", *lines] if lines else []
        return out

    def _results(self) -> list[str]:
        spaces = [space for space, lines in self.measures.items() if lines]
        return [
            "results:",
            *(f"  {space}: {{remember: [{', '.join(self.remember.get(space, []))}]}}" for space in spaces),
        ]


def sound(lines: list[str]) -> tuple[str, Plan]:
    """Take out lines the checker refuses until none is left, and return the rulebook and its plan."""
    for _ in range(40):
        text = "\n".join(lines) + "\n"
        try:
            return text, plan(read(text, "made.yaml"))
        except RulebookRefused as refused:
            wrong = {one.place.line - 1 for one in refused.diagnostics}
            if any("remember" in lines[at] for at in wrong):
                gone = {word for at in wrong for word in lines[at].replace("]", ",").replace("[", ",").split(",")}
                lines = _forget(lines, gone, text)
                wrong = {at for at in wrong if "remember" not in lines[at]}
            lines = _tidy([line for at, line in enumerate(lines) if at not in wrong])
    raise AssertionError("no rulebook is left of\n" + "\n".join(lines))


def _forget(lines: list[str], words: set[str], text: str) -> list[str]:
    """Take names that are no measures any more out of `remember`."""
    lost = {word.strip() for word in words if word.strip().startswith("m") and f"    {word.strip()}: {{" not in text}
    out = []
    for line in lines:
        if "remember" in line:
            head, _, rest = line.partition("[")
            kept = [word.strip() for word in rest.partition("]")[0].split(",") if word.strip() not in lost]
            line = f"{head}[{', '.join(word for word in kept if word)}]}}"  # noqa: PLW2901
        out.append(line)
    return out


def _tidy(lines: list[str]) -> list[str]:
    """Take out sections nothing is left of."""
    at = lines.index("measures:")
    head, rest = lines[: at + 1], lines[at + 1 :]
    out = []
    for number, line in enumerate(rest):
        following = rest[number + 1] if number + 1 < len(rest) else ""
        if line.endswith(":") and line != "results:" and not following.startswith("    "):
            continue
        out.append(line)
    return head + out


def make(random: Random, count: int = 1) -> list[Case]:
    """Return a sound rulebook, with several sets of facts and settings."""
    maker = Maker(random)
    text, checked = sound(maker.lines())
    cases = []
    for _ in range(count):
        settings = (
            {} if maker.chance(0.5) else {"mode": maker.pick(MODES).upper(), "base": maker.pick(["1", "0.5", "7"])}
        )
        cases.append(
            Case(text, checked, Scribe(random, maker.places, maker.optional).facts(), PERIODS[maker.unit], settings)
        )
    return cases
