"""Rules of a rulebook version, and what differs between two versions."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from schema.types.rules import CHANGES_MAX, changes
from schema.viewer import Viewer
from tests.asking import Asker, asker
from tests.factories import RULES, World, founded

RULED: dict[str, Any] = json.loads(json.dumps(RULES))
RULED["measures"]["company"]["listed"] = {
    "law": "7",
    "table": [{"law": "7.2", "when": "low", "give": "BLACK"}, {"when": "rank == 1", "give": "NONE"}, {"else": "NONE"}],
}
RULED["results"]["company"]["lists"] = ["listed"]
LATER: dict[str, Any] = json.loads(json.dumps(RULED))
LATER["measures"]["company"]["points_grade"]["steps"]["at_least"] = {"85": "A", "80": "B"}
LATER["measures"]["company"]["recommendation"]["table"].insert(0, {"law": "8.0", "when": "new", "give": "NONE"})
DIFF = """query($id: ID!, $against: ID!) { node(id: $id) { ... on RulebookVersion {
    diff(against: $against) { path before after } } } }"""


@pytest_asyncio.fixture(scope="module")
async def versions(database: Database) -> AsyncIterator[tuple[Asker, World, list[str]]]:
    world = await founded(database)
    rulebook = world.add(tables.Rulebook)
    added = [
        world.add(
            tables.RulebookVersion,
            rulebook_id=rulebook,
            number=number,
            state=state,
            text=json.dumps(text, ensure_ascii=False),
        )
        for number, (state, text) in enumerate([("RETIRED", RULED), ("IN_FORCE", LATER), ("DRAFT", RULED)], start=1)
    ]
    await world.save()
    yield asker(world), world, [ids.encode("Rv", each) for each in added]


async def test_rules_are_those_that_give_a_code_under_a_condition(versions: tuple[Asker, World, list[str]]) -> None:
    ask, _, known = versions
    document = """query($id: ID!) { node(id: $id) { ... on RulebookVersion {
        vetoes { code label(lang: EN) expression effect legalBasis } listRules { code expression legalBasis }
        decisionRules { code label expression } } } }"""
    assert (await ask.data(document, id=known[0]))["node"] == {
        "vetoes": [
            {"code": "D", "label": "Fail", "expression": "vetoed", "effect": "D", "legalBasis": "6.1"},
        ],
        "listRules": [{"code": "BLACK", "expression": "low", "legalBasis": "7.2"}],
        "decisionRules": [{"code": "PROPOSE_EXIT", "label": "建议退出", "expression": "vetoed"}],
    }


async def test_what_a_version_says_otherwise(versions: tuple[Asker, World, list[str]]) -> None:
    ask, _, (first, second, draft) = versions
    found = (await ask.data(DIFF, id=second, against=first))["node"]["diff"]
    places = "measures/company"
    assert [(each["path"], each["before"], each["after"]) for each in found] == [
        (f"{places}/points_grade/steps/at_least/85", None, "A"),
        (f"{places}/points_grade/steps/at_least/90", "A", None),
        (f"{places}/recommendation/table/0/give", "PROPOSE_EXIT", "NONE"),
        (f"{places}/recommendation/table/0/law", "8.1", "8.0"),
        (f"{places}/recommendation/table/0/when", "vetoed", "new"),
        (f"{places}/recommendation/table/1/else", "NONE", None),
        (f"{places}/recommendation/table/1/give", None, "PROPOSE_EXIT"),
        (f"{places}/recommendation/table/1/law", "8.6", "8.1"),
        (f"{places}/recommendation/table/1/when", None, "vetoed"),
        (f"{places}/recommendation/table/2/else", None, "NONE"),
        (f"{places}/recommendation/table/2/law", None, "8.6"),
    ]
    assert (await ask.data(DIFF, id=draft, against=first))["node"]["diff"] == []


async def test_a_version_that_is_not_seen_is_nothing_to_compare_with(
    versions: tuple[Asker, World, list[str]],
) -> None:
    ask, world, (first, _, draft) = versions
    public = asker(world, viewer=Viewer(world.district_id))
    for asking, other in ((public, draft), (ask, ids.encode("Rb", ids.decode(first).uuid))):
        assert await asking.refused(DIFF, id=first, against=other) == ("BAD_USER_INPUT", None)


@pytest.mark.parametrize(("count", "shown"), [(CHANGES_MAX, CHANGES_MAX), (CHANGES_MAX + 1, 1)])
def test_too_many_changes_are_told_as_one(count: int, shown: int) -> None:
    after = {"a": 1, "facts": {f"n{number:04}": number for number in range(count)}}
    found = changes('{"a": 1}', json.dumps(after))
    assert len(found) == shown
    assert found[0].before is None
