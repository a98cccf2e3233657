"""The bridge to the CEL package: text → parsed tree, and the type check of a text against declared names.

The package hands out its tree only in the protobuf form of `cel.expr.ParsedExpr`; the few message fields needed are
read here directly. One number type exists: integer literals are rewritten as decimals before CEL sees them, and the
value of a literal is taken from the text it stands in, so no binary floating point is ever touched.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cel_expr_python import cel

_TOKEN: Final = re.compile(
    r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?[eE][+-]?\d+|(?P<real>\d+\.\d+)|(?P<int>\d+)(?![.\w])|."""
    r"""|\n""",
    re.VERBOSE,
)
_LITERAL: Final = re.compile(r"-?\s*(\d+(?:\.\d+)?)(?![\w.])")
_ERROR: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_ANY_VALUE, _PARSED_EXPR, _PARSED_INFO, _INFO_POSITIONS = 2, 2, 3, 4
_EXPR_ID, _CONST, _IDENT, _SELECT, _CALL = 2, 3, 4, 5, 6
_ARITIES_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Parsed:
    """A node of the parsed text: `kind` is number, text, truth, name or call; `offset` counts characters from 0.

    A dotted path is one `name` with the whole path; a macro, list, index or anything else is `other`.
    """

    kind: str
    value: str
    args: tuple["Parsed", ...]
    offset: int


class CelError(Exception):
    """A text CEL refuses: (offset in characters, message) for each finding; `syntax` tells parse from type errors."""

    def __init__(self, findings: list[tuple[int, str]]) -> None:
        """Keep the findings."""
        self.findings = findings
        super().__init__("; ".join(message for _, message in findings))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its integer literals rewritten, and the way back from a rewritten offset to the original one."""

    rewritten: str
    inserted: tuple[int, ...]

    def original(self, offset: int) -> int:
        """Return the offset in the author's text."""
        return offset - 2 * sum(1 for at in self.inserted if at < offset)


def _rewrite(text: str) -> _Text:
    """Append `.0` to every integer literal; strings and names are left alone."""
    out, inserted, length = [], [], 0
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if token["int"]:
            piece += ".0"
            inserted.append(length + len(token[0]))
        out.append(piece)
        length += len(piece)
    return _Text("".join(out), tuple(inserted))


def parse(text: str) -> Parsed:
    """Parse a text; raises CelError.

    >>> tree = parse("due <= quarter.as_of && count > 2")
    >>> tree.value, tree.args[0].args[1].value, tree.args[1].args[1].value
    ('_&&_', 'quarter.as_of', '2')
    """
    source = _rewrite(text)
    expression = _compile(cel.NewEnv(), source, disable_check=True)
    message = _field(_fields(expression.serialize()), _ANY_VALUE)
    parsed = _fields(message)
    info = _fields(_field(parsed, _PARSED_INFO))
    positions = {}
    for entry in (value for number, value in info if number == _INFO_POSITIONS):
        pair = dict(_fields(entry))
        positions[pair.get(1, 0)] = pair.get(2, 0)
    return _node(_field(parsed, _PARSED_EXPR), positions, source)


def check(text: str, names: Mapping[str, str]) -> str:
    """Type-check a text against names and their kinds; return the kind of its result. Raises CelError.

    >>> check("count > 2 && present(done)", {"count": "number", "done": "date"})
    'bool'
    """
    source = _rewrite(text)
    types = _types()
    env = cel.NewEnv(variables={name: types[kind] for name, kind in names.items()}, functions=_functions())
    result = _compile(env, source).return_type()
    for kind, declared in types.items():
        if result == declared:
            return kind
    return str(result.name()).lower()


def _compile(env: cel.Env, source: _Text, disable_check: bool = False) -> cel.Expression:
    """Compile, turning the package's message into findings with offsets in the author's text."""
    try:
        return env.compile(source.rewritten, disable_check=disable_check)
    except RuntimeError as error:
        lines = source.rewritten.split("\n")
        findings = []
        for line, column, message in _ERROR.findall(str(error)):
            start = sum(len(each) + 1 for each in lines[: int(line) - 1])
            findings.append((source.original(start + int(column) - 1), _readable(message)))
        raise CelError(findings or [(0, str(error).splitlines()[0])]) from None


def _readable(message: str) -> str:
    """Say in the words of the language what CEL says in its own."""
    for theirs, ours in (("double", "number"), ("string", "text"), ("timestamp", "date"), ("list(string)", "codes")):
        message = message.replace(theirs, ours)
    return message.replace(" (in container '')", "")


def _node(message: bytes, positions: Mapping[int, int], source: _Text) -> Parsed:
    """Turn an Expr message into a node."""
    fields = dict(_fields(message))
    start = positions.get(fields.get(_EXPR_ID, 0), 0)
    offset = source.original(start)
    if _CONST in fields:
        return _constant(fields[_CONST], start, source)
    if _IDENT in fields:
        return Parsed("name", _word(fields[_IDENT], 1), (), offset)
    if _SELECT in fields:
        inner = dict(_fields(fields[_SELECT]))
        operand = _node(inner[1], positions, source)
        if operand.kind == "name" and not inner.get(3):
            return Parsed("name", f"{operand.value}.{inner[2].decode()}", (), operand.offset)
        return Parsed("other", "has()" if inner.get(3) else "." + inner[2].decode(), (), offset)
    if _CALL in fields:
        call = _fields(fields[_CALL])
        function = _word(fields[_CALL], 2)
        if any(number == 1 for number, _ in call):
            return Parsed("other", f".{function}()", (), offset)
        args = tuple(_node(value, positions, source) for number, value in call if number == 3)
        return Parsed("call", function, args, offset)
    return Parsed("other", "macros, lists and maps", (), offset)


def _constant(message: bytes, start: int, source: _Text) -> Parsed:
    """Turn a Constant message into a node; a number's digits come from the text, not from the message."""
    number, value = next(iter(_fields(message)), (1, b""))
    offset = source.original(start)
    if number == 2:
        return Parsed("truth", "true" if value else "false", (), offset)
    if number == 6:
        return Parsed("text", value.decode(), (), offset)
    found = _LITERAL.match(source.rewritten, start) if number == 5 else None
    if found is None:
        return Parsed("other", "null, bytes, unsigned and other numbers", (), offset)
    digits = found[1].removesuffix(".0") if found.end() in {at + 2 for at in source.inserted} else found[1]
    sign = "-" if source.rewritten[start] == "-" else ""
    return Parsed("number", sign + digits, (), offset)


def _word(message: bytes, number: int) -> str:
    """Return a string field."""
    value: bytes = _field(_fields(message), number)
    return value.decode()


def _field(fields: list[tuple[int, Any]], number: int) -> bytes:
    """Return the first field of that number, empty when absent."""
    return next((value for found, value in fields if found == number), b"")


def _fields(message: bytes) -> list[tuple[int, Any]]:
    """Split a protobuf message into (field number, value): integers for varints, bytes for the rest."""
    return list(_walk(message))


def _walk(message: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == 0:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        size, at = (8, at) if tag & 7 == 1 else _varint(message, at)
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


@lru_cache(maxsize=1)
def _types() -> dict[str, cel.Type]:
    """Return the CEL type each of our kinds is checked as."""
    t = cel.Type
    return {
        "number": t.DOUBLE,
        "bool": t.BOOL,
        "text": t.STRING,
        "date": t.TIMESTAMP,
        "codes": t.List(t.STRING),
        "period": t.AbstractType("period"),
        "any": t.DYN,
    }


@lru_cache(maxsize=1)
def _functions() -> list[cel.FunctionDecl]:
    """Declare the functions of the language."""
    kinds = _types()
    number, date, text, codes, period = (kinds[name] for name in ("number", "date", "text", "codes", "period"))
    truth, anything = kinds["bool"], cel.Type.DYN

    def declare(name: str, *overloads: tuple[cel.Type, list[cel.Type]]) -> cel.FunctionDecl:
        many = [cel.Overload(f"{name}_{index}", gives, takes) for index, (gives, takes) in enumerate(overloads)]
        return cel.FunctionDecl(name, many)

    several = range(2, _ARITIES_MOST + 1)
    extremes = [(kind, [kind] * count) for kind in (number, date) for count in several]
    units = [declare(unit, (period, [date])) for unit in ("day", "month", "quarter", "half", "year")]
    return [
        declare("present", (truth, [anything])),
        declare("absent", (truth, [anything])),
        declare("default", *((kind, [kind, kind]) for kind in (number, date, text, truth, period))),
        declare("none", (anything, [text, text])),
        declare("min", *extremes),
        declare("max", *extremes),
        declare("abs", (number, [number])),
        declare("in_period", (truth, [date])),
        *(declare(name, (date, [date, number])) for name in ("add_days", "add_months", "add_years", "add_workdays")),
        declare("days_between", (number, [date, date])),
        declare("full_years", (number, [date, date])),
        *units,
        declare("any_code", (truth, [codes])),
        declare("has_code", (truth, [codes, text])),
    ]
