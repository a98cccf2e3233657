"""What operations come to: against the figures written in the contract's own documents, and in the time it takes."""

import re
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse
from graphql.language import Lexer, Source, TokenKind

from api.front import limits, refusals
from api.front.admission import RATES, beyond
from api.front.analysis import Price, Size, Text, size_of
from api.front.documents import FOLDER
from api.front.plans import parsed
from api.front.rates import Rates, rates_of
from api.front.refusals import Inadmissible
from tests.api.front.shapes import PAGES, chain

CONTRACT = Path(__file__).parents[4] / "shared" / "graphql"
GOLDEN = sorted((CONTRACT / "operations").glob("*.graphql"))
HEAD = re.compile(r"# nodes (\d+) \(page-size product\), cost (\d+), depth (\d+), fields (\d+)")
MAXIMA = {
    "nodes": limits.NODES_MAX,
    "cost": limits.COST_MAX,
    "depth": limits.DEPTH_MAX,
    "fields": limits.FIELDS_MAX,
    "aliases": limits.ALIASES_MAX,
    "directives": limits.DIRECTIVES_MAX,
    "roots": limits.ROOTS_MAX,
    "tokens": limits.TOKENS_MAX,
}


def measured(rates: Rates, text: str, **variables: Any) -> Size:
    document = parse(text)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    size = size_of(rates, document, operation, variables)
    assert size is not None
    return size


def tokens(text: str) -> int:
    lexer, count = Lexer(Source(text)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


def used(size: Size, text: str) -> dict[str, int]:
    """What a document takes of each limit."""
    found = size.text
    return {
        "nodes": size.price.nodes,
        "cost": size.price.cost,
        "depth": found.depth,
        "fields": found.fields,
        "aliases": found.aliases,
        "directives": found.directives,
        "roots": found.width,
        "tokens": tokens(text),
    }


@pytest.fixture(scope="module")
def contract() -> Rates:
    if not CONTRACT.exists():
        pytest.skip(f"the contract is not at {CONTRACT}")
    return rates_of((CONTRACT / "schema.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_documents_of_the_contract_come_to_what_they_say(contract: Rates, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    size, head = measured(contract, text), HEAD.search(text)
    assert head is not None
    assert (size.price.nodes, size.price.cost, size.text.depth, size.text.fields) == tuple(map(int, head.groups()))
    assert {name: taken for name, taken in used(size, text).items() if taken > 0.9 * MAXIMA[name]} == {}
    assert not size.wrong_page


def test_the_largest_of_them(contract: Rates) -> None:
    sizes = {path.stem: used(measured(contract, text), text) for path in GOLDEN if (text := path.read_text("utf-8"))}
    largest = {
        name: max((size[name], stem) for stem, size in sizes.items()) for name in ("cost", "nodes", "depth", "tokens")
    }
    assert largest["cost"] == (4362, "auditor_verify_run")
    assert largest["nodes"] == (1050, "training_gap")
    assert (largest["depth"][0], largest["tokens"][0]) == (8, 265)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.graphql")), ids=lambda path: path.stem)
def test_our_own_documents_stay_within_nine_tenths_of_every_limit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    size = measured(RATES, text)
    assert beyond(size) is None
    assert {name: taken for name, taken in used(size, text).items() if taken > 0.9 * MAXIMA[name]} == {}


PAGED = '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])'
FORGE = f"""
type Query {{ viewer: User }}
type User {{ repositories(first: Int!): Repositories! {PAGED} followers(first: Int!): Users! {PAGED} login: String! }}
type Users {{ edges: [UserEdge!]! nodes: [User!]! totalCount: Int! }}
type UserEdge {{ node: User! }}
type Repositories {{ edges: [RepositoryEdge!]! nodes: [Repository!]! }}
type RepositoryEdge {{ node: Repository! }}
type Repository {{ name: String! issues(first: Int!): Issues! {PAGED} pullRequests(first: Int!): Issues! {PAGED} }}
type Issues {{ edges: [IssueEdge!]! nodes: [Issue!]! totalCount: Int! }}
type IssueEdge {{ node: Issue! }}
type Issue {{ title: String! comments(first: Int!): Comments! {PAGED} }}
type Comments {{ edges: [CommentEdge!]! nodes: [Comment!]! }}
type CommentEdge {{ node: Comment! }}
type Comment {{ bodyHTML: String! }}
"""
SMALL = (
    "{ viewer { repositories(first: 50) { edges { node { name"
    " issues(first: 10) { totalCount edges { node { title } } } } } } } }"
)
COMMENTED = "title comments(first: 10) { edges { comment: node { bodyHTML } } }"
LARGE = f"""{{ viewer {{
  repositories(first: 50) {{ edges {{ repository: node {{ name
    pullRequests(first: 20) {{ edges {{ pullRequest: node {{ {COMMENTED} }} }} }}
    issues(first: 20) {{ totalCount edges {{ issue: node {{ {COMMENTED} }} }} }}
  }} }} }}
  followers(first: 10) {{ edges {{ follower: node {{ login }} }} }}
}} }}"""


@pytest.mark.parametrize(("text", "nodes"), [(SMALL, 550), (LARGE, 22_060)])
def test_the_two_known_examples(text: str, nodes: int) -> None:
    rows = re.sub(r"edges \{ (?:\w+: )?node (\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}) \}", r"nodes \1", text)
    sizes = [measured(rates_of(FORGE), each) for each in (text, rows)]
    assert [size.price.nodes for size in sizes] == [nodes, nodes]
    assert sizes[0].price.cost == sizes[1].price.cost
    assert sizes[0].text.depth == sizes[1].text.depth


PLAIN = """
directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT
directive @listSize(assumedSize: Int) on FIELD_DEFINITION
type Query { a: A @cost(weight: "5") list: [A!]! @listSize(assumedSize: 7) some: Some node: Node text: [String!]! }
interface Node { id: ID! }
type A implements Node { id: ID! b: B list: [B!]! @listSize(assumedSize: 3) }
type B implements Node @cost(weight: "4") { id: ID! a: A }
union Some = A | B
"""


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ text }", 0),
        ("{ a { id } }", 6),
        ("{ list { id } }", 7),
        ("{ list { list { id } } }", 7 * (1 + 3 * 4)),
        ("{ a { b { id } } x: a { b { id } } }", 20),
        ("{ some { ... on A { list { id } } ... on B { a { id } } } }", 1 + 3 * 4),
        ("{ some { ...f } } fragment f on B { a { b { id } } }", 1 + 1 + 4),
        ("{ node { ... on A { b { id } } ... { ... on B { a { id } } } } }", 5),
        ("{ node { ...f } } fragment f on Node { ... on A { b { id } } }", 5),
        ("{ unknown { more } ...missing }", 0),
    ],
)
def test_cost(text: str, cost: int) -> None:
    assert measured(rates_of(PLAIN), text).price.cost == cost


def test_the_refused_shape_of_the_contract() -> None:
    assert measured(RATES, PAGES % (20, 10, 5, 10)).price.cost == 12_641


def test_page_sizes_come_from_variables_and_their_defaults() -> None:
    rates, text = rates_of(FORGE), "query(%s) { viewer { followers(first: $n) { totalCount } } }"
    assert measured(rates, text % "$n: Int!", n=7).price.nodes == 7
    assert measured(rates, text % "$n: Int = 8").price.nodes == 8
    for wrong in (10**30, 0, -1, 101):
        size = measured(rates, text % "$n: Int = 8", n=wrong)
        assert (size.price.nodes, size.wrong_page) == (100, True)
    assert (measured(rates, text % "$n: Int", n="1").price.nodes, measured(rates, text % "$n: Int").price.nodes) == (
        100,
        100,
    )


@pytest.mark.parametrize(
    ("size", "refusal"),
    [
        (Text(depth=10), None),
        (Text(depth=11), refusals.TOO_DEEP),
        (Text(meta_depth=20), None),
        (Text(meta_depth=21), refusals.TOO_DEEP),
        (Text(meta_lists=2), None),
        (Text(meta_lists=3), refusals.TOO_DEEP),
        (Text(fields=1500), None),
        (Text(fields=1501), refusals.TOO_MANY_FIELDS),
        (Text(width=10), None),
        (Text(width=11), refusals.TOO_MANY_ROOTS),
        (Text(aliases=15), None),
        (Text(aliases=16), refusals.TOO_MANY_ALIASES),
        (Text(directives=25), None),
        (Text(directives=26), refusals.TOO_MANY_DIRECTIVES),
        (Text(repeats=15), None),
        (Text(repeats=16), refusals.TOO_MANY_REPEATS),
        (Price(nodes=50_000), None),
        (Price(nodes=50_001), refusals.TOO_MANY_NODES),
        (Price(cost=5_000), None),
        (Price(cost=5_001), refusals.TOO_DEAR),
    ],
    ids=range(20),
)
def test_each_limit_is_the_last_thing_allowed(size: Any, refusal: Any) -> None:
    whole = Size(size, Price()) if isinstance(size, Text) else Size(Text(), size)
    assert beyond(whole) is refusal


def test_tools_that_ask_for_the_schema_nest_deeper() -> None:
    size = measured(RATES, get_introspection_query(input_value_deprecation=True))
    assert (size.text.depth, 10 < size.text.meta_depth < 20, size.text.introspects, beyond(size)) == (
        1,
        True,
        True,
        None,
    )


def test_directives_count_wherever_they_stand() -> None:
    text = (
        "query($n: Int @a) @b { a @c { id } ...f @d ... @e { a { id } } ... on Query @g { a { id } } }"
        " fragment f on Query { a @h { id } }"
    )
    assert measured(rates_of(PLAIN), text).text.directives == 7


def test_types_told_apart_by_an_interface_alone_are_priced_apart() -> None:
    types = "interface Named { name: Name } type Name { zh: String }"
    objects = "type A { id: ID } type B implements Named { name: Name }"
    rates = rates_of(f"type Query {{ some: Some }} union Some = A | B {types} {objects}")
    assert measured(rates, "{ some { ... on Named { name { zh } } } }").price.cost == 2


@pytest.mark.parametrize("field", ["lines { path }", "summary"])
def test_fields_that_evaluate_a_run_again_are_noticed_by_any_path(field: str) -> None:
    plain = measured(RATES, "{ node(id: 1) { ... on ScoreResult { total } } }")
    spread = measured(RATES, "{ node(id: 1) { ...f } } fragment f on ScoreResult { more: " + field + " }")
    assert (plain.text.explains, spread.text.explains) == (False, True)


def test_fields_that_stand_twice_are_counted_where_they_stand_twice() -> None:
    for text, repeats in (
        ("{ a a b: a ... { a } }", 2),
        ("{ ...f a } fragment f on Query { a }", 0),
        ("{ a { a } }", 0),
    ):
        assert measured(rates_of(PLAIN), text).text.repeats == repeats


def seconds(work: Any, rounds: int = 5) -> float:
    """The shortest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        before = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - before)
    return best


@pytest.mark.parametrize("count", [22, 60, 90])
@pytest.mark.parametrize(
    "leaf", ["__typename", "__schema { types { name } }", "coverage { total }", "areas(first: 1) { nodes { id } }"]
)
def test_fragments_that_double_are_measured_at_once(count: int, leaf: str) -> None:
    document = parse(chain(count, leaf))
    operation: Any = document.definitions[0]
    assert beyond(size_of(RATES, document, operation, {})) is refusals.TOO_MANY_FIELDS
    assert seconds(lambda: size_of(RATES, document, operation, {})) < 0.02


def test_a_chain_of_a_hundred_is_refused_by_its_tokens() -> None:
    def refuse() -> None:
        with pytest.raises(Inadmissible) as refused:
            parsed(chain(100))
        assert refused.value.refusal is refusals.TOO_MANY_TOKENS

    assert seconds(refuse) < 0.02


def test_time_is_linear_in_the_document() -> None:
    """Four times the fields take four times as long; measured side by side, far from twice that."""
    documents = {}
    for count in (60, 240):
        inner = " ".join(f"a{n}: coverage {{ total rate }}" for n in range(count))
        documents[count] = parse("{ " + inner + " }")
    taken = dict.fromkeys(documents, float("inf"))
    for _ in range(7):  # in turn, so that a busy machine slows both down
        for count, each in documents.items():
            operation: Any = each.definitions[0]
            taken[count] = min(taken[count], seconds(partial(size_of, RATES, each, operation, {}), 3))
    assert taken[240] / taken[60] < 8
