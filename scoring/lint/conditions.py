"""Conditions that always or never hold, told of the smallest part of the formula for which it is proved."""

from collections.abc import Iterator

from scoring.conditions import cel
from scoring.conditions.cel import Parsed
from scoring.conditions.tree import Expr
from scoring.diagnostics import Place
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.notes import Notes, name_text, names_of
from scoring.lint.spans import NO, YES, Env
from scoring.rulebook.document import Cel


def tell_dead(judge: Judge, notes: Notes, formula: Cel, tree: Expr, env: Env) -> None:
    """Note every condition in a formula that cannot change; `env` is what is known where the formula stands.

    >>> from scoring.example import league
    >>> from scoring.lint import lint
    >>> [str(one.example) for one in lint(league("{value: 'games >= 0'}")) if one.code == "CONDITION_ALWAYS"]
    ['games = 0 .. 100 → true']
    """
    if notes.silent:
        return
    for part, parsed, known in _conditions(judge, tree, cel.parse(formula.text), env):
        truths = judge.span(part, known).truths
        if truths in (YES, NO):
            code = "CONDITION_ALWAYS" if truths == YES else "CONDITION_NEVER"
            start = _start(parsed)
            text = formula.text if part is tree else _piece(formula.text, start, parsed)
            given = tuple((name_text(one), judge.span(one, known).shown(one.type.kind)) for one in names_of(part))
            example = Example(given, "true" if truths == YES else "false")
            notes.add(code, moved(formula.place, formula.text, start), example, text=text)


def moved(place: Place, text: str, offset: int) -> Place:
    """Return the place of a character of a formula.

    >>> str(moved(Place("a.yaml", 3, 10), "a && b", 5))
    'a.yaml:3:15'
    """
    before = text[:offset]
    if "\n" in before:
        return Place(place.file, place.line + before.count("\n"), offset - before.rindex("\n"))
    return Place(place.file, place.line, place.column + offset)


def _conditions(judge: Judge, tree: Expr, parsed: Parsed, env: Env) -> Iterator[tuple[Expr, Parsed, Env]]:
    """Yield the conditions of a formula from the whole to its parts, not going into one that cannot change."""
    if tree.op == "if":
        yield from _conditions(judge, tree.args[0], parsed.args[0], env)
        for at, holds in ((1, True), (2, False)):
            known = judge.assume(tree.args[0], holds, env)
            if known is not None and tree.args[at].op != "const":
                yield from _conditions(judge, tree.args[at], parsed.args[at], known)
        return
    if tree.type.kind == "bool":
        yield tree, parsed, env
        if judge.span(tree, env).truths in (YES, NO):
            return
    if tree.op in ("and", "or"):
        yield from _conditions(judge, tree.args[0], parsed.args[0], env)
        known = judge.assume(tree.args[0], tree.op == "and", env)
        if known is not None:
            yield from _conditions(judge, tree.args[1], parsed.args[1], known)
    elif tree.op not in ("read", "present", "absent"):
        for arg, inner in zip(tree.args, parsed.args, strict=False):
            yield from _conditions(judge, arg, inner, env)


def _start(parsed: Parsed) -> int:
    """Return where the text of a node begins: its operator stands behind its first operand."""
    infix = parsed.kind == "call" and parsed.value.startswith("_") and parsed.args
    offsets = [parsed.offset] + ([_start(parsed.args[0])] if infix else [])
    return min(offsets)


def _piece(text: str, start: int, parsed: Parsed) -> str:
    """Return the text of a node, as far as brackets and connectives tell where it ends."""
    depth, end = 0, len(text)
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        stops = text.startswith(("&&", "||", "?", ":"), at) and at > parsed.offset
        if depth < 0 or (depth == 0 and stops):
            end = at
            break
    return text[start:end].strip()
