"""Random formulas over the names at hand at the rows of a space, guarded as the checker asks where it can be known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

KINDS = ("NOT_APPLICABLE", "WITHHELD", "NO_RESULT", "PENDING", "ERROR")
CODES = ("RED", "GREEN", "BLUE", "GREY")
READABLE = re.compile(r"[a-z][a-z_.0-9]*")


@dataclass
class Names:
    """What can be read at the rows of one space."""

    numbers: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class Writer:
    """Writes formulas; `names` holds what can be read in each space."""

    def __init__(self, random: Random) -> None:
        """Start with no names."""
        self.random = random
        self.names: dict[str, Names] = {}

    def pick(self, many: Iterable[Any]) -> Any:
        """Return one of several."""
        return self.random.choice(list(many))

    def chance(self, share: float) -> bool:
        """Return True with this chance."""
        return self.random.random() < share

    def number(self, space: str, depth: int = 2) -> str:
        """Return a formula that is a number."""
        names = self.names[space].numbers
        form = self.random.randrange(12) if depth else 0
        if form < 4:
            return str(self.pick(names[-6:] if self.chance(0.3) else names))
        one, two = self.number(space, depth - 1), self.number(space, depth - 1)
        forms = [
            f"({one} {self.pick('+-*')} {two})",
            f"({one} {self.pick('+-*')} {two})",
            f"(-{self.pick(names)})",
            f"{self.pick(['min', 'max'])}({one}, {two})",
            f"abs({one})",
            f"default({one}, {two})",
            f"({self.truth(space, depth - 1)} ? {one} : {two})",
            f"({self.truth(space, depth - 1)} ? {one} : none('{self.pick(KINDS)}', '{self.pick('VWX')}'))",
        ]
        return forms[form - 4]

    def truth(self, space: str, depth: int = 2) -> str:
        """Return a condition."""
        names = self.names[space]
        form = self.random.randrange(9)
        if not depth or form < 3:
            one, two = (str(self.pick(names.numbers)) for _ in range(2))
            sign = self.pick(["<", "<=", ">", ">=", "==", "!="])
            if self.chance(0.5) and "m" not in (one[0], two[0]):
                return f"default({one}, 1) {sign} default({two}, 2.5)"
            guards = [f"present({name})" for name in (one, two) if READABLE.fullmatch(name) and name != "base"]
            return f"({' && '.join([*guards, f'{one} {sign} {two}'])})"
        if form == 3 and names.codes:
            code = self.pick(names.codes)
            known = "SL" if code == "class" else ["LOW", "HIGH"] if code.startswith("m") else CODES
            return f"(present({code}) && {code} {self.pick(['==', '!='])} '{self.pick(known)}')"
        if form == 4 and names.dates:
            one, two = self.pick(names.dates), self.pick(names.dates)
            sign = self.pick(["<", ">=", "==", "!="])
            guards = [f"absent({name})" for name in (one, two) if READABLE.fullmatch(name) and "." not in name]
            guards = [guard for guard in guards if "as_of" not in guard]
            return f"({' || '.join([*guards, f'{one} {sign} {self.day(space, two)}'])})"
        if form == 5 and names.truths:
            truth = self.pick(names.truths)
            return f"(present({truth}) && {truth})"
        if form == 6 and names.sets:
            chosen = self.pick(names.sets)
            return str(self.pick([f"any_code({chosen})", f"has_code({chosen}, 'LOW')"]))
        joint = self.pick(["&&", "||"])
        left, right = self.truth(space, depth - 1), self.truth(space, depth - 1)
        return str(self.pick([f"({left} {joint} {right})", f"!{left}" if left[0] == "(" else left]))

    def day(self, space: str, name: str) -> str:
        """Return a formula that is a date."""
        shift = self.random.randrange(-40, 41)
        functions = [name, name, f"add_days({name}, {shift})", f"add_months({name}, {shift // 8})"]
        return str(self.pick([*functions, f"add_workdays({name}, {shift // 4})", f"add_years({name}, {shift // 20})"]))

    def give(self, space: str) -> str:
        """Return something given."""
        return str(
            self.pick(
                [
                    self.pick(["0", "1.5", "-3", "80"]),
                    f'{{value: "{self.number(space, 1)}", reason: {self.pick("PQR")}}}',
                    f'{{value: "{self.number(space, 1)}"}}',
                    f"{{none: {self.pick(KINDS)}, reason: {self.pick('PQR')}}}",
                ]
            )
        )
