"""Wrong requests and their right answers, each with its exact status and code."""

import json
import time
from typing import Any

import pytest

from schema.directives import Role
from tests.api.front.conftest import Callers
from tests.api.front.strict import FORM, Strict

PARSE, BAD, BATCH = "JSON_PARSE_FAILED", "BAD_REQUEST", "BATCHING_DISABLED"


def body(**parts: Any) -> str:
    return json.dumps({"query": "{ __typename }", **parts})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", PARSE),
        (b"{", PARSE),
        (b'{"query": "{ __typename }", "variables": {"n": NaN}}', PARSE),
        (b'{"query": "{ __typename }", "variables": {"n": -Infinity}}', PARSE),
        (b'{"query": "{ a }", "query": "{ __typename }"}', PARSE),
        (b'{"query": "{ __typename }", "variables": {"a": {"b": 1, "b": 2}}}', PARSE),
        (b'\xef\xbb\xbf{"query": "{ __typename }"}', PARSE),
        (b"[" * 100_000, PARSE),
        (b'{"query":"{ a }","variables":' + b'{"a":' * 40_000 + b"1" + b"}" * 40_000 + b"}", PARSE),
        (b'{"query": "\xff"}', PARSE),
        (b'{"query": "{ __typename } # \\ud800"}', PARSE),
        (b'{"query": "{ __typename }", "operationName": "a\\udfffb"}', PARSE),
        (b'{"query": "{ __typename }", "variables": {"a\\uDABC": 1}}', PARSE),
        (b'"str"', BAD),
        (b"5", BAD),
        (b"null", BAD),
        (b"true", BAD),
        (b"{}", BAD),
        (b'{"query": null}', BAD),
        (b'{"query": 1}', BAD),
        (b'{"query": ["{ a }"]}', BAD),
        (body(variables=[]).encode(), BAD),
        (body(variables="x").encode(), BAD),
        (body(operationName=5).encode(), BAD),
        (body(extensions=[]).encode(), BAD),
        (body(documentId="sha256:0").encode(), BAD),
        (b'{"documentId": 5}', BAD),
        (b"[]", BATCH),
        (b'[{"query": "{ __typename }"}]', BATCH),
    ],
    ids=range(29),
)
@pytest.mark.parametrize("form", [FORM, "application/json", "text/event-stream"])
async def test_what_is_no_request(staff: Strict, content: bytes, code: str, form: str) -> None:
    before = time.monotonic()
    answer = await staff.post(content, Accept=form)
    assert time.monotonic() - before < 0.25
    assert answer.brief == (400, [code])


async def test_a_pair_of_surrogates_is_a_character(staff: Strict) -> None:
    answer = await staff.post('{"query": "{ __typename } # \\ud83d\\ude00"}')
    assert answer.brief == (200, [])


async def test_a_body_may_have_256_kib(staff: Strict) -> None:
    for size, status in ((256 * 1024, 200), (256 * 1024 + 1, 413)):
        answer = await staff.post(b'{"query": "{ __typename }"}'.ljust(size))
        assert (answer.status, answer.codes) == (status, [BAD] if status == 413 else [])


async def test_a_body_in_pieces_is_read_no_further_than_it_may_be_long(staff: Strict) -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * 65_536

    headers = {"Content-Type": "application/json", "Accept": FORM}
    answer = await staff.request("POST", content=endless(), headers=headers)
    assert (answer.status, answer.codes, taken) == (413, [BAD], 5)


async def test_a_body_that_says_it_is_too_large_is_not_read(staff: Strict) -> None:
    answer = await staff.post(b"", Content_Length=str(256 * 1024 + 1))
    assert answer.status == 413


async def test_variables_may_have_128_kib(staff: Strict) -> None:
    for size, status in ((128 * 1024 - 8, 200), (128 * 1024 - 7, 413)):
        assert (await staff.ask("{ __typename }", variables={"a": "x" * size})).status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "multipart/form-data; boundary=x"},
        {"Content_Type": "application/json; charset=gbk"},
        {"Content_Type": "application/graphql"},
        {"Content_Type": ""},
        {"Content_Encoding": "gzip"},
        {"Content_Encoding": "br"},
    ],
)
async def test_what_is_no_plain_json_is_not_read(staff: Strict, headers: dict[str, str]) -> None:
    answer = await staff.post(body(), **headers)
    assert (answer.status, answer.codes) == (415, [BAD])


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/xml;q=0.9", "application/json;q=0"])
async def test_an_answer_that_cannot_be_given(staff: Strict, accept: str) -> None:
    answer = await staff.post(body(), Accept=accept)
    assert (answer.status, answer.codes, answer.headers["content-type"]) == (
        *(406, [BAD]),
        "application/json; charset=utf-8",
    )


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
async def test_other_methods(staff: Strict, method: str) -> None:
    answer = await staff.request(method, content=body())
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("query", ["mutation { a }", "query A { __typename } mutation B { a }"])
@pytest.mark.parametrize("mode", ["development", "production"])
async def test_no_act_by_get(caller: Callers, query: str, mode: str) -> None:
    client = caller(Role.BUREAU_ADMIN, mode=mode)
    answer = await client.request(
        "GET", params={"query": query, "operationName": "B"} if "A" in query else {"query": query}
    )
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


async def test_long_addresses_and_headers(staff: Strict) -> None:
    assert (await staff.request("GET", params={"documentId": "x" * 8192})).status == 414
    assert (await staff.post(body(), X_Long="x" * 16_384)).status == 431


@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("query A { __typename } query B { __typename }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { __typename }", {"operationName": "C"}, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { __typename }", {"operationName": ""}, "OPERATION_RESOLUTION_FAILURE"),
        ("fragment f on Query { __typename }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("{ areas(first: 1 { totalCount } }", {}, "GRAPHQL_PARSE_FAILED"),
        ("", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ a\0 }", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ areas(first: 1) {} }", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ area { id } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ areas(first: 1, last: 1) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ node(id: 1) { ... on Nothing { id } } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ areas { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { a }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{...a} fragment a on Query {...b ...b} fragment b on Query {...a}", {}, "GRAPHQL_VALIDATION_FAILED"),
    ],
    ids=range(15),
)
async def test_a_wrong_document(staff: Strict, query: str, more: dict[str, Any], code: str) -> None:
    answer = await staff.ask(query, **more)
    assert answer.brief == (400, [code])
    loose = await staff.post(json.dumps({"query": query, **more}), Accept="application/json")
    assert (loose.status, loose.codes) == (200, [code])


async def test_no_more_than_five_mistakes_are_reported_and_none_with_a_hint(staff: Strict) -> None:
    answer = await staff.ask("{ " + " ".join(f"compan{n}" for n in range(9)) + " }")
    assert answer.brief == (400, ["GRAPHQL_VALIDATION_FAILED"] * 5)
    assert "Did you mean" not in str(answer.body)


NUMBER = "query($n: Int!) { areas(first: $n) { totalCount } }"
SINCE = "query($d: DateTime!) { coverage(asOf: { validAt: $d }) { total } }"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        *(
            (NUMBER, f'{{"n": {value}}}')
            for value in (
                "2147483648",
                "18446744073709551616",
                "-9223372036854775809",
                "1e400",
                '"1"',
                "1.5",
                "null",
                "true",
                "[1]",
            )
        ),
        *((NUMBER, f'{{"n": {value}}}') for value in ("0", "-1", "101", "99999999")),
        (NUMBER, "{}"),
        *((f"{{ areas(first: {value}) {{ totalCount }} }}", "{}") for value in ("2147483648", "1e400", '\\"1\\"')),
        *((f"{{ areas(first: {value}) {{ totalCount }} }}", "{}") for value in ("0", "-1", "101", "9" * 5000)),
        *(
            (SINCE, f'{{"d": "{value}"}}')
            for value in (
                "2026-02-30T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T00:00:00",
                "10000-01-01T00:00:00Z",
                "x",
            )
        ),
        ('{ coverage(asOf: { validAt: \\"2026\\" }) { total } }', "{}"),
    ],
)
async def test_a_wrong_value(staff: Strict, anybody: Strict, query: str, variables: str) -> None:
    for client in (staff, anybody):
        answer = await client.post(f'{{"query": "{query}", "variables": {variables}}}')
        assert answer.brief == (400, ["BAD_USER_INPUT"])


SEARCH = "query($s: String) { companies(first: 1, filter: { text: $s }) { nodes { name } } }"


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z"])
async def test_instants_at_the_ends_of_time(staff: Strict, instant: str) -> None:
    answer = await staff.ask(f'{{ coverage(asOf: {{validAt: "{instant}"}}) {{ total }} }}')
    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert "range" not in str(answer.body)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('{ areas(first: 1) { totalCount } node(id: "a\\u0000b") { id } }', {}),
        ('query($a: String = "\\u0000") { areas(first: 1, after: $a) { totalCount } }', {}),
        ("query($a: String) { areas(first: 1, after: $a) { totalCount } }", {"a": "a\0"}),
        ("{ areas(first: 1) { totalCount } }", {"unused": [{"deep\0": 1}]}),
        *((SEARCH, {"s": f"物业{chr(code)}"}) for code in (1, 0x7F, 0x85, 0x200B, 0x200D, 0x202E, 0x2066, 0xFEFF)),
        (SEARCH.replace("$s }", '"\u202e物业" }').replace("query($s: String)", ""), {}),
    ],
    ids=range(13),
)
async def test_texts_that_hide_something_are_refused_before_any_statement(
    staff: Strict, monkeypatch: pytest.MonkeyPatch, query: str, variables: dict[str, Any]
) -> None:
    monkeypatch.delattr("schema.loaders.Turn.fetch")
    assert (await staff.ask(query, variables=variables)).brief == (400, ["BAD_USER_INPUT"])


@pytest.mark.parametrize("length", [0, 1, 51, 100_000])
async def test_a_text_of_a_wrong_length(staff: Strict, length: int) -> None:
    assert (await staff.ask(SEARCH, variables={"s": "物" * (length // (3 if length > 51 else 1))})).codes == [
        "BAD_USER_INPUT"
    ]


async def test_a_decomposed_text_finds_what_a_composed_one_does(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[Any] = []

    async def looking(_turn: object, query: Any, *values: Any) -> list[Any]:
        met.extend(values or getattr(query, "values", ()))
        return []

    monkeypatch.setattr("schema.loaders.Turn.fetch", looking)
    await staff.ask(SEARCH, variables={"s": "Cafe\u0301"})
    await staff.ask(SEARCH.replace("$s }", '"Cafe\u0301" }').replace("query($s: String)", ""))
    assert len([each for each in met if "Caf\u00e9" in str(each)]) >= 2
    assert not [each for each in met if "e\u0301" in str(each)]


@pytest.mark.parametrize("cursor", ["!!!", "", "AAAA", "x" * 5000])
async def test_a_cursor_that_is_none(staff: Strict, cursor: str) -> None:
    answer = await staff.ask(
        "query($a: String) { areas(first: 1, after: $a) { nodes { id } } }", variables={"a": cursor}
    )
    assert (answer.status, answer.codes) == (200, ["BAD_USER_INPUT"])
    assert answer.body["errors"][0]["extensions"]["reason"] == "INVALID_CURSOR"


async def test_an_id_that_is_none(staff: Strict) -> None:
    answer = await staff.ask('{ node(id: "!!!") { id } }')
    assert (answer.status, answer.codes, answer.body["data"]) == (200, ["BAD_USER_INPUT"], {"node": None})


async def test_a_number_of_thousands_of_digits_is_not_told_in_the_words_of_the_interpreter(staff: Strict) -> None:
    answer = await staff.ask(f"{{ areas(first: {'1' * 5_000}) {{ totalCount }} }}")
    assert answer.brief == (400, ["BAD_USER_INPUT"])
    assert len(answer.body["errors"][0]["message"]) < 100
    assert "sys." not in str(answer.body)
