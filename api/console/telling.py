"""Where a result of plain files comes from, as lines for a reader: points down to facts, then every choice made."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from scoring.conditions.tree import Expr
from scoring.evaluation import Evaluation
from scoring.explain import PLACES, Consideration, Explainer, Line, why
from scoring.explain.deciding import deciding
from scoring.explain.figures import Figures
from scoring.explain.grounds import DEEPEST, Ground, Grounds
from scoring.explain.wording import Text, Wording
from scoring.explain.words import TRUTHS, read_texts
from scoring.labels import label_of
from scoring.rulebook import document as doc
from scoring.values import NonValue, Value, shown

KINDS: Final = {
    "NOT_APPLICABLE": ("不适用", "not applicable"),
    "WITHHELD": ("有结果而无依据", "result without inputs"),
    "NO_RESULT": ("无结果", "no result"),
    "PENDING": ("待定", "pending"),
    "ERROR": ("数据有误", "error in the data"),
}
_SIGNS: Final = (
    (re.compile(r"none\('[A-Z_]+', '([A-Z_]+)'\)"), r"\1", r"\1"),
    (re.compile(r"\bpresent\("), "已填(", "given("),
    (re.compile(r"\babsent\("), "未填(", "not given("),
    (re.compile(r"\bdefault\(([^(),]+), ([^(),]+)\)"), r"\1(未填为 \2)", r"\1 (\2 if not given)"),
    (re.compile(r"\bas_of\b"), "评价日", "day of evaluation"),
    (re.compile(r"\bfull_years\("), "满年数(", "full years("),
    (re.compile(r" \? "), " → ", " → "),
    (re.compile(r" : "), ";否则 ", ", else "),
    (re.compile(r" && "), " 且 ", " and "),
    (re.compile(r" \|\| "), " 或 ", " or "),
    (re.compile(r"!(?!=)"), "非 ", "not "),
    (re.compile(r"=="), "=", "="),
    (re.compile(r"!="), "≠", "≠"),
    (re.compile(r">="), "≥", "≥"),
    (re.compile(r"<="), "≤", "≤"),
)
"""What formulas write and a reader of either language reads."""
_CODE: Final = re.compile(r"'([A-Za-z0-9_]+)'|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b")
_TWICE: Final = re.compile(r" = (\S+) = \1(?=$| →|;)")
_LOGIC: Final = (
    (re.compile(r"\((true|false)\)"), r"\1"),
    (re.compile(r" ∧ "), " 且/and "),
    (re.compile(r" ∨ "), " 或/or "),
    (re.compile(r"¬"), "非/not "),
)
_TRUTHS: Final = frozenset({"true", "false"})
CHOICES_MOST: Final = 9
"""How far a choice is followed into the choices it takes over, in steps of indentation."""
SHORT: Final = 60
"""Letters of both languages together that stand on one line."""
ERRORS_SHOWN: Final = 3
"""Values in error that are named when a run is summed up."""
MARKS: Final = {True: "✓", False: "✗", None: "·"}


class Subject(NamedTuple):
    """One row of results: the run it belongs to, its grain, its key."""

    run: Evaluation
    grain: str
    key: tuple[str, ...]
    runs: tuple[Evaluation, ...] = ()
    """The runs computed together, in which earlier periods may be followed."""


class Teller:
    """Tells of one subject."""

    def __init__(self, subject: Subject) -> None:
        self.run, self.grain, self.key = subject[:3]
        self.row = self.run.row(self.grain, self.key)
        self.explainer, self.runs = Explainer(self.run), subject.runs or (self.run,)
        self.grounds = Grounds(self.runs)
        self.document = self.run.plan.document
        self.figures = Figures(self.run)
        self.wording = Wording(self.figures)

    def lines(self) -> Iterator[str]:
        """Yield every line: the subject, the tree of its points, the choices."""
        outcome, known = self.document.results[self.grain], self.document.measures.get(self.grain, {})
        yield f"{_both(label_of(self.document, self.grain))} {'|'.join(self.key)} {self.run.period.label}"
        if outcome.score is not None and outcome.score in known:
            yield from self._points(self.explainer.explain(self.grain, self.key))
        self.grounds = Grounds(self.runs, self.explainer.explained)
        actions = [name for _, name in outcome.actions]
        chosen = [outcome.grade, outcome.rank, *outcome.lists, outcome.recommendation, *actions]
        told = [name for name in dict.fromkeys(chosen) if name is not None and name in known]
        for name in told:
            yield from self._choice(name)
        if not told and outcome.score is None:
            for name in known:
                if (self.grain, name) in self.run.measures:
                    yield from self._grounds(self.grounds.measure(self.run, (self.grain, self.row, name)), 1)

    def _points(self, lines: Sequence[Line]) -> Iterator[str]:
        """Yield the tree of points, one line each, children indented; formulas in both languages where they differ."""
        depth: dict[str, int] = {}
        plain = _plain_bases(lines)
        for line in lines:
            level = depth.get(line.parent or "", -1) + 1
            depth[line.path] = level
            if line.path in plain:
                continue
            told = points(line.points) if line.none is None else self._gap(line.none)
            zh, en = ("", "") if line.worded is None else (self._read(line.worded[0], 0), self._read(line.worded[1], 1))
            clause = f"  [{line.clause}]" if line.clause else ""
            weight = (
                "" if line.none is not None or line.weight in (None, 1) else f"  (权重 / weight {shown(line.weight)})"
            )
            indent = "  " * (level + 1)
            yield f"{indent}{told}  {_both(line.label)}  {zh}{weight}{clause}".rstrip()
            if en != zh:
                yield f"{indent}{' ' * len(told)}  {en}"

    def _choice(self, name: str, depth: int = 1) -> Iterator[str]:
        """Yield a choice and why it came out as it did; what it took over from another choice, below it."""
        operator = self.document.measures[self.grain][name].operator
        if not isinstance(operator, doc.Flags | doc.Table | doc.Steps):
            yield from self._grounds(self.grounds.measure(self.run, (self.grain, self.row, name)), depth)
            return
        value, indent = self.run.measure(self.grain, self.key, name), "  " * depth
        yield f"{indent}{_both(label_of(self.document, f'{self.grain}.{name}', name))}: {self._told(value)}"
        considered = why(self.run, self.grain, self.key, name)
        last = any(each.role == "ELSE" and each.holds for each in considered)
        for each in considered:
            yield f"{indent}{self._considered(each)}"
            yield from self._asked(each, depth + 2, last=last)
        if isinstance(operator, doc.Flags) and not isinstance(value, NonValue):
            for code, condition in operator.codes:
                yield f"{indent}{self._flag(code, condition)}"
                tree = self.run.plan.trees[condition.site]
                held = isinstance(value, tuple) and code in value
                yield from self._grounds(self._behind(tree, whole=held), depth + 2)
        behind = self._taken_over(name)
        if behind is not None and depth <= CHOICES_MOST:
            yield from self._choice(behind, depth + 2)

    def _asked(self, each: Consideration, depth: int, *, last: bool) -> Iterator[str]:
        """Yield what a row of a choice rests on: wholly where it decided, else only what its named conditions were."""
        if each.tree is None or each.holds is None:
            return
        decided = each.holds or last or each.role == "REQUIREMENT"
        if each.role == "REQUIREMENT" and each.holds:
            decided = False
        behind = self._behind(each.tree, whole=decided)
        yield from self._grounds(
            (line for line in behind if not line.seen or (each.holds and isinstance(line.value, bool))), depth
        )

    def _behind(self, tree: Expr, *, whole: bool) -> Iterator[Ground]:
        """Yield the measures behind a condition: opened, or only the conditions it names with what they read."""
        lines = self.grounds.behind(self.run, [tree], (self.grain, self.row), deepest=DEEPEST if whole else 0)
        yield from (each for each in lines if whole or (isinstance(each.value, bool) and not each.seen))

    def _grounds(self, lines: Iterable[Ground], depth: int) -> Iterator[str]:
        """Yield grounds, one line each, indented by their depth; a second line where the languages differ."""
        for line in lines:
            indent = "  " * (depth + line.level)
            value = "" if line.value is None else f" {self._valued(line.value)}"
            clause = f"  [{line.clause}]" if line.clause else ""
            head = f"{_both(line.label)}:{value}"
            zh, en = self._read(line.text.zh, 0), self._read(line.text.en, 1)
            seen = "  见上 / see above" if line.seen else ""
            head = head if value or zh else head.rstrip(":")
            short = len(zh) + len(en) <= SHORT
            zh, en = (_both((zh, en)), "") if short else (zh, "" if en == zh else en)
            yield f"{indent}{head}{'  ' if zh and value else ' ' if zh else ''}{zh}{seen}{clause}"
            if en:
                yield f"{indent}  {en}"

    def _valued(self, value: Value) -> str:
        """Write a value; a truth as a word."""
        return _both(TRUTHS[value]) if isinstance(value, bool) else self._told(value)

    def _taken_over(self, name: str) -> str | None:
        """Return the choice of the same subject whose value a choice took over as it is."""
        measure, row = self.document.measures[self.grain][name], self.row
        choices = self.wording.choices
        if choices.failed(measure, row) or choices.missing(measure, row):
            return None
        tree = None
        if isinstance(measure.operator, doc.Table):
            tree = choices.given(measure, row)
        elif isinstance(measure.operator, doc.ValueOf):
            tree = self.run.plan.trees[measure.operator.cel.site]
        if tree is None or tree.path is None or tree.path.hops or tree.path.kind != "measure":
            return None
        behind = self.document.measures[self.grain][tree.path.name].operator
        return tree.path.name if isinstance(behind, doc.Table | doc.Steps | doc.Lookup) else None

    def _considered(self, each: Consideration) -> str:
        """Write one row of a choice: did it hold, what it asks, with which figures, what it gives."""
        asked = "其他 / else" if each.condition is None else self._condition(each.condition, each.figures, each.tree)
        gives = "" if each.gives is None else f" → {self._told(each.gives)}"
        return f"  {MARKS[each.holds]} {asked}{gives}" + (f"  [{each.clause}]" if each.clause else "")

    def _flag(self, code: str, condition: doc.Cel) -> str:
        """Write one code of a set, and whether its condition holds."""
        tree, row = self.run.plan.trees[condition.site], self.row
        holds = bool(self.figures.raw(tree, self.grain, row))
        asked = self._condition(condition.text, self.figures.text(tree, self.grain, row), tree)
        return f"  {MARKS[holds]} {self._code(code)}: {asked}"

    def _condition(self, text: str, figures: str | None, tree: Expr | None) -> str:
        """Write a condition in both languages, then with its figures where these say more than whether it holds."""
        worded: Text = self.wording.named(text, self.grain)
        told = _both((self._read(worded.zh, 0), self._read(worded.en, 1)))
        plain = "" if figures is None else re.sub(r"[()¬∧∨ ]", " ", figures)
        words = set(plain.split())
        if figures is None or words <= _TRUTHS or figures.split("(")[0] in KINDS:
            return told
        if tree is not None and words & {*_TRUTHS, *KINDS}:
            side = self.grounds.side(self.run)
            read = read_texts(side, deciding(side.figures, [tree], self.grain, self.row), self.grain, self.row)
            return f"{told} ({_both((self._read(read.zh, 0), self._read(read.en, 1)))})"
        for pattern, instead in _LOGIC:
            figures = pattern.sub(instead, figures)
        return f"{told} ({figures})"

    def _read(self, text: str, language: int) -> str:
        """Write a formula without the signs only its author reads; codes by their label."""
        for pattern, *instead in _SIGNS:
            text = pattern.sub(instead[language], text)
        return _TWICE.sub(r" = \1", _CODE.sub(lambda found: self._word(found[1] or found[2], language), text))

    def _word(self, code: str, language: int) -> str:
        return label_of(self.document, code)[language]

    def _told(self, value: Value) -> str:
        """Write a value; codes with their labels, an absence in words."""
        if isinstance(value, NonValue):
            return self._gap(value)
        if isinstance(value, tuple):
            return ", ".join(self._told(each) for each in value) or "–"
        return self._code(value) if isinstance(value, str) else shown(value)

    def _code(self, code: str) -> str:
        label = label_of(self.document, code)
        return code if label[1] == code else f"{code} {_both(label)}"

    def _gap(self, gap: NonValue) -> str:
        """Write an absence: its kind in words, then its reasons."""
        reasons = ", ".join(self._code(reason) for reason in gap.reasons)
        kind = _both(KINDS[gap.kind])
        return f"{kind}: {reasons}" if reasons else kind


def errors_told(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield one line that counts the values that contradict themselves and names the first; none where all is well.

    >>> row = {"grain": "team", "subject": "A", "status": "GRADED", "team.x": "ERROR(NO_ROW)"}
    >>> list(errors_told([row, {"team.x": "1"}]))
    ['数据有误 / errors in the data: 1 (team A: x = ERROR(NO_ROW))']
    """
    found = [
        f"{row['grain']} {row['subject']}: {name.removeprefix(row['grain'])[1:]} = {value}"
        for row in rows
        for name, value in row.items()
        if "." in name and value.startswith("ERROR(")
    ]
    if found:
        more = "; …" if len(found) > ERRORS_SHOWN else ""
        yield f"数据有误 / errors in the data: {len(found)} ({'; '.join(found[:ERRORS_SHOWN])}{more})"


def _plain_bases(lines: Sequence[Line]) -> frozenset[str]:
    """Return the lines that are nothing but the fixed figure the line above them has said already."""
    children: dict[str, list[Line]] = {}
    for line in lines:
        children.setdefault(line.parent or "", []).append(line)
    return frozenset(only.path for many in children.values() for only in many[:1] if len(many) == 1 and _is_base(only))


def _is_base(line: Line) -> bool:
    return line.path.endswith("/=base")


def _both(label: tuple[str, str]) -> str:
    """Write a label in both languages, once where they are the same."""
    return label[0] if label[0] == label[1] else f"{label[0]} / {label[1]}"


def points(millionths: int) -> str:
    """Write millionths of a point as points, without trailing zeros.

    >>> points(-2500000), points(18000000)
    ('-2.5', '18')
    """
    whole, rest = divmod(abs(millionths), 10**PLACES)
    text = f"{whole}.{rest:0{PLACES}d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text
