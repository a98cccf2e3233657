"""The bridge to CEL: trees, positions in the author's text, exact literals, and its type check."""

import pytest

from scoring.conditions.cel import CelError, Parsed, check, parse


def shape(node: Parsed) -> str:
    inner = ", ".join(shape(arg) for arg in node.args)
    return f"{node.value}({inner})" if node.kind == "call" else f"{node.kind}:{node.value}"


TREES = [
    ("a && b || !c", "_||_(_&&_(name:a, name:b), !_(name:c))"),
    ("a.b.c > 2 ? 'X' : \"y\"", "_?_:_(_>_(name:a.b.c, number:2), text:X, text:y)"),
    ("1 + 2 * -3", "_+_(number:1, _*_(number:2, number:-3))"),
    ("-x - 0.10", "_-_(-_(name:x), number:0.10)"),
    ("12345678901234567890.123 == x", "_==_(number:12345678901234567890.123, name:x)"),
    ("'1 + 1' == x9", "_==_(text:1 + 1, name:x9)"),
    ("max(a, 1, 2.5)", "max(name:a, number:1, number:2.5)"),
    ("true", "truth:true"),
    ("a / 2", "_/_(name:a, number:2)"),
    ("a[0]", "_[_](name:a, number:0)"),
    ("a.f(1)", "other:.f()"),
    ("has(a.b)", "other:has()"),
    ("[1]", "other:macros, lists and maps"),
    ("null", "other:null, bytes, unsigned and other numbers"),
    ("1e3", "other:null, bytes, unsigned and other numbers"),
    ("0x10", "other:null, bytes, unsigned and other numbers"),
    ("5u", "other:null, bytes, unsigned and other numbers"),
]


@pytest.mark.parametrize(("text", "want"), TREES)
def test_trees(text: str, want: str) -> None:
    assert shape(parse(text)) == want


def test_offsets_count_characters_of_the_authors_text() -> None:
    tree = parse("'湘潭' == x && 10 + 200 > y")
    right = tree.args[1]
    assert (tree.offset, tree.args[0].args[1].offset) == (10, 8)
    assert [right.args[0].args[0].offset, right.args[0].args[1].offset, right.args[1].offset] == [13, 18, 24]


def test_a_syntax_error_says_where() -> None:
    with pytest.raises(CelError) as caught:
        parse("10 + 20 +")
    [(offset, message)] = caught.value.findings
    assert offset == 9
    assert message.startswith("Syntax error")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n + 1", "number"),
        ("n > 1 && b", "bool"),
        ("quarter(d)", "period"),
        ("add_days(d, 3)", "date"),
        ("default(t, 'x')", "text"),
        ("b ? n : none('PENDING', 'R')", "any"),
        ("min(n, 1, 2, 3, 4, 5)", "number"),
        ("has_code(c, 'X')", "bool"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert check(text, {"n": "number", "b": "bool", "d": "date", "t": "text", "c": "codes"}) == kind


@pytest.mark.parametrize(("text", "offset"), [("1 + 2 + b", 6), ("b && n", 2), ("d < n", 2), ("abs(t)", 3)])
def test_kinds_that_do_not_fit_say_where(text: str, offset: int) -> None:
    with pytest.raises(CelError) as caught:
        check(text, {"n": "number", "b": "bool", "d": "date", "t": "text"})
    assert caught.value.findings[0][0] == offset
