"""The house rules that a machine can keep."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("api", "scoring", "schema", "migrations", "tests", "benchmarks")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
SOURCES = [path for path in MODULES if not path.is_relative_to(ROOT / "tests")]
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
STRAY_NAMES = {"utils", "helpers", "common", "misc", "manager", "util"}
CLOCK = ROOT / "api" / "clock.py"
OUTSIDE_WORDS = re.compile(
    r"\bissue [0-9]|#[0-9]+\b(?=.*\bissue)|/(?:work|root)/|pypi\.org|registry\.npmjs|files\.pythonhosted"
)
TEXTS = ("*.py", "*.md", "*.yaml", "*.toml", "*.sql", "*.graphql", "*.txt", "run")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_module_is_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LINES_MAX
    if text.strip():
        assert ast.get_docstring(tree), "a module opens with one sentence"
    assert path.stem not in STRAY_NAMES
    long = [
        f"{each.name} {each.end_lineno - each.lineno + 1}" for each in functions(tree) if each.end_lineno is not None
    ]
    assert [each for each in long if int(each.split()[1]) > FUNCTION_LINES_MAX] == []


@pytest.mark.parametrize("path", [each for each in SOURCES if each != CLOCK], ids=named)
def test_only_the_clock_tells_time_and_makes_ids(path: Path) -> None:
    calls = {
        ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    }
    forbidden = {
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "time.time_ns",
        "uuid4",
        "uuid.uuid4",
        "uuid1",
    }
    assert calls & forbidden == set()


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_what_the_type_checker_is_not_asked_has_a_reason(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    silent = re.compile(r"# type: ignore(?:\[[a-z, -]+\])?\s*(?:$|# noqa)")
    assert [number for number, line in enumerate(lines, 1) if silent.search(line)] == []


def test_scoring_has_no_float() -> None:
    found = []
    for path in (ROOT / "scoring").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{named(path)}:{node.lineno}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
                found.append(f"{named(path)}:{node.lineno}")
    assert found == []


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for pattern in TEXTS:
        for path in ROOT.rglob(pattern):
            if {".venv", ".git", "node_modules", "graphiql"} & set(path.parts) or path == Path(__file__):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if OUTSIDE_WORDS.search(line):
                    found.append(f"{named(path)}:{number}: {line.strip()[:80]}")
    assert found == []
