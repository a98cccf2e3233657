"""Each role sees its rows and no others, by every path; the expected rows are written by hand from the conventions."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, scopes, tables
from schema.fields import TYPES, Stored, columns_of
from schema.kinds import Sql
from schema.loaders import Reader
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.shapes import Order, Page, key_of
from schema.viewer import Viewer
from tests.asking import asker
from tests.scenes import Scene, staged, viewers

WHOLE = ("AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN")
RULES = ("RULE_DRAFTER", "RULE_APPROVER")
STREET = ("INSPECTOR", "community")
INSPECTORS = (*STREET, "department", "agency")
BOTH = "company and street 2"
CYCLE = "auditor of 2026-H1"

Seen = Mapping[str, set[str]]


def seen(everyone: set[str], **others: set[str]) -> Seen:
    """Rows by viewer; who is not named sees what everyone sees, and the bureau and auditors see all."""
    return {"everyone": everyone, **others}


def to(viewers_named: tuple[str, ...], rows: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(viewers_named, rows)


OWN_FACTS = seen(set(), COMPANY={"1"}, **to(STREET, {"1"}), **{BOTH: {"1", "2"}})
SESSIONS = seen(set(), **to(("COMPANY", *INSPECTORS, "TRAINING_ADMIN", BOTH, CYCLE), {"session"}))
EXPECTED: Mapping[str, Seen] = {
    "Area": seen({"street 1", "street 2", "community 1", "community 2"}),
    "Compound": seen({"1", "2"}),
    "Bundle": seen({"bundle"}),
    "Company": seen({"A", "B"}, **to((*STREET, "TRAINING_ADMIN", *RULES, CYCLE), {"A", "B", "X"})),
    "Engagement": seen({"A", "B"}, **to((*STREET, CYCLE), {"A", "B", "X"})),
    "Person": seen(
        {"official"},
        PUBLIC=set(),
        COMPANY={"A", "official"},
        **to(STREET, {"A", "visitor", "official"}),
        **to(("TRAINING_ADMIN", CYCLE), {"A", "B", "left A", "visitor", "official"}),
        **{BOTH: {"A", "B", "official"}},
    ),
    "TrainingSession": SESSIONS,
    "Enrollment": seen(set(), **to(("COMPANY", BOTH), {"A"}), **to(("TRAINING_ADMIN", CYCLE), {"A", "B"})),
    "Inspection": seen(
        set(),
        COMPANY={"1"},
        **to(STREET, {"1", "planned 1"}),
        agency={"agency 2"},
        **{BOTH: {"1", "2", "agency 2"}, CYCLE: {"1", "planned 1", "agency 2"}},
    ),
    "Finding": seen(
        set(),
        COMPANY={"1"},
        **to(STREET, {"1", "open B at 1", "done B at 1"}),
        agency={"2", "agency 2", "open B at 1"},
        **{BOTH: {"1", "2", "agency 2"}, CYCLE: {"1", "agency 2", "open B at 1", "done B at 1"}},
    ),
    "Complaint": {**OWN_FACTS, CYCLE: {"1", "2", "nowhere"}},
    "Mediation": {**OWN_FACTS, CYCLE: {"1", "2"}},
    "FeePeriod": seen(
        set(),
        **to(("COMPANY", *STREET), {"1", "before"}),
        **{BOTH: {"1", "2", "before"}, CYCLE: {"1", "2"}},
    ),
    "SurveyRound": {**OWN_FACTS, CYCLE: {"1", "2"}},
    "CreditItem": seen(set(), **to(("COMPANY", BOTH), {"A"}), **{CYCLE: {"A", "B"}}),
    "Meeting": seen(set(), **{CYCLE: {"meeting"}}),
    "ActionItem": seen(set(), **{CYCLE: {"task"}}),
    "Rulebook": seen({"rules"}),
    "RulebookVersion": seen({"in force"}, **to((*RULES, CYCLE), {"in force", "draft"})),
    "Cycle": seen({"2026-H1", "2025-H2"}, **{CYCLE: {"2026-H1"}}),
    "AuditLeaf": seen(
        set(),
        **to((*WHOLE, CYCLE), {"role", "import"}),
        SECURITY_ADMIN={"role", "key"},
        AUDIT_ADMIN={"role", "import", "key"},
    ),
    "Listing": seen(set(), **to((*RULES, CYCLE), {"A", "B"})),
    "ScoreRun": seen(set(), **to(RULES, {"2026-H1", "2025-H2"}), **{CYCLE: {"2026-H1"}}),
    "ScoreResult": seen(
        set(),
        **to(RULES, {"A 2026-H1", "B 2026-H1", "A 2025-H2", "B 2025-H2"}),
        **{CYCLE: {"A 2026-H1", "B 2026-H1"}},
    ),
}
"""By noun: what each viewer of the scene sees."""

NOUNS = {
    tables.METADATA.tables[noun.__table__.name].name: name
    for name, noun in vars(tables).items()
    if hasattr(noun, "__table__")
}


@dataclass(frozen=True)
class Staged:
    scene: Scene
    viewers: Mapping[str, Viewer]

    def expected(self, noun: str, viewer: str) -> set[str]:
        if viewer in WHOLE and noun != "AuditLeaf":
            return set(self.scene.ids[noun])
        return EXPECTED[noun].get(viewer, EXPECTED[noun]["everyone"])


@pytest_asyncio.fixture(scope="module")
async def stage(database: Database) -> AsyncIterator[Staged]:
    scene = await staged(database)
    yield Staged(scene, viewers(scene))


def of_ids() -> list[Stored]:
    return [each for each in TYPES.values() if each.tag]


async def listed(reader: Reader, stored: Stored) -> set[UUID]:
    """The ids in a list of all rows of a type."""
    key = key_of(stored.source.table)
    order = Order((key,))
    shape = Page(stored.source, order, conditions=stored.visible, columns=columns_of(stored))
    async with reader.snapshot.turn() as turn:
        rows = await turn.fetch(keyset.page(shape, Window(100, order), [None], reader.at))
    return {row["sort_0"] if key.sql is Sql.UUID else UUID(int=row["sort_0"]) for row in rows}


def test_every_type_with_an_id_has_its_rows_written_down() -> None:
    assert {NOUNS[each.source.table] for each in of_ids()} - set(EXPECTED) == set()


NAMES = (
    *("PUBLIC", "COMPANY", "INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "RULE_DRAFTER", "RULE_APPROVER"),
    *("DECISION_OFFICER", "BUREAU_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"),
    *("community", "department", "agency", CYCLE, BOTH),
)


@pytest.mark.parametrize("name", NAMES)
async def test_lists_and_node_show_the_same_rows_and_those_alone(stage: Staged, name: str) -> None:
    who = asker(stage.scene.world, viewer=stage.viewers[name])
    reader = who.source.reader(stage.viewers[name])
    for stored in of_ids():
        noun = NOUNS[stored.source.table]
        assert stage.scene.names(noun, await listed(reader, stored)) == stage.expected(noun, name), noun
    await reader.close()
    every = [
        (f"{noun}:{short}", ids.encode(stored.tag, made), short in stage.expected(noun, name))
        for stored in of_ids()
        for noun in [NOUNS[stored.source.table]]
        for short, made in [*stage.scene.ids[noun].items(), ("unknown", uuid4())]
    ]
    asked = " ".join(f'n{number}: node(id: "{each}") {{ id }}' for number, (_, each, _) in enumerate(every))
    found = await who.data(f"{{ {asked} }}")
    shown = {label: found[f"n{number}"] for number, (label, _, _) in enumerate(every)}
    assert shown == {label: {"id": each} if visible else None for label, each, visible in every}


@pytest.mark.parametrize("name", NAMES)
async def test_counts_and_pages_count_what_is_seen(stage: Staged, name: str) -> None:
    who = asker(stage.scene.world, viewer=stage.viewers[name])
    expected = len(stage.expected("Finding", name))
    first = (await who.data("{ findings(first: 1) { totalCount pageInfo { endCursor hasNextPage } } }"))["findings"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (expected, expected > 1)
    if expected:
        after = first["pageInfo"]["endCursor"]
        page = (
            "query($after: String) { findings(first: 9, after: $after) { nodes { id } pageInfo { hasPreviousPage } } }"
        )
        rest = (await who.data(page, after=after))["findings"]
        assert (len(rest["nodes"]), rest["pageInfo"]["hasPreviousPage"]) == (expected - 1, True)


async def test_a_cursor_is_good_for_those_who_see_the_same_rows(stage: Staged) -> None:
    page = "query($after: String) { companies(first: 1, after: $after) { pageInfo { endCursor } } }"
    one = asker(stage.scene.world, viewer=stage.viewers["COMPANY"])
    cursor = (await one.data(page))["companies"]["pageInfo"]["endCursor"]
    assert (await one.data(page, after=cursor))["companies"]["pageInfo"]["endCursor"]
    other = asker(stage.scene.world, viewer=stage.viewers["RULE_DRAFTER"])
    assert await other.refused(page, after=cursor) == ("BAD_USER_INPUT", "INVALID_CURSOR")


async def test_a_filter_over_hidden_rows_finds_nothing(stage: Staged) -> None:
    document = "{ companies(first: 9, filter: { withOverdueFindings: true }) { totalCount } }"
    counts = {
        name: (await asker(stage.scene.world, viewer=stage.viewers[name]).data(document))["companies"]["totalCount"]
        for name in ("PUBLIC", "COMPANY", "BUREAU_ADMIN", "agency")
    }
    assert counts == {"PUBLIC": 0, "COMPANY": 1, "BUREAU_ADMIN": 2, "agency": 1}


async def test_a_relation_to_a_hidden_row_is_null(stage: Staged) -> None:
    finding = ids.encode("Fi", stage.scene.ids["Finding"]["open B at 1"])
    document = "query($id: ID!) { node(id: $id) { ... on Finding { number company { name } inspection { number } } } }"
    found = (await asker(stage.scene.world, viewer=stage.viewers["agency"]).data(document, id=finding))["node"]
    assert (found["company"] is None, found["inspection"]) == (False, None)


@pytest.mark.parametrize(
    ("name", "purpose", "clear"),
    [
        ("COMPANY", None, {"A"}),
        ("INSPECTOR", None, {"A"}),
        ("community", None, {"A"}),
        ("TRAINING_ADMIN", None, {"A", "B"}),
        ("AUDITOR", None, set()),
        ("AUDITOR", "核查培训名单与在岗情况", set()),
        ("RULE_DRAFTER", "核查培训名单与在岗情况", set()),
        ("BUREAU_ADMIN", None, set()),
        ("BUREAU_ADMIN", "核查培训名单与在岗情况", {"A", "B", "left A", "visitor", "official"}),
        ("DECISION_OFFICER", "核查培训名单与在岗情况", {"A", "B", "left A", "visitor", "official"}),
    ],
)
async def test_personal_data_are_clear_for_those_alone_who_may_see_them(
    stage: Staged, name: str, purpose: str | None, clear: set[str]
) -> None:
    viewer = replace_purpose(stage.viewers[name], purpose)
    people = stage.scene.ids["Person"]
    visible = stage.expected("Person", name)
    asked = " ".join(
        f'n{number}: node(id: "{ids.encode("Pe", people[short])}") {{ ... on Person {{ name phone }} }}'
        for number, short in enumerate(people)
    )
    answer = await asker(stage.scene.world, viewer=viewer).answer(f"{{ {asked} }}")
    assert answer.errors == ()
    shown = dict(zip(people, answer.data.values(), strict=True))
    assert {short for short, row in shown.items() if row} == visible
    for short in visible:
        told = {"name": "张三丰", "phone": "13873200001"} if short in clear else {"name": "张*", "phone": "138****0001"}
        assert shown[short] == told, short
    assert answer.unmasked == ({people[short] for short in clear} if purpose and clear else set())


async def test_the_legal_representative_is_clear_for_the_own_company_alone(stage: Staged) -> None:
    document = "{ companies(first: 9) { nodes { id legalRepresentative } } }"
    found = (await asker(stage.scene.world, viewer=stage.viewers["COMPANY"]).data(document))["companies"]["nodes"]
    own = ids.encode("Co", stage.scene.ids["Company"]["A"])
    assert sorted((row["id"] == own, row["legalRepresentative"]) for row in found) == [(False, "孙*"), (True, "孙鹏佳")]


def replace_purpose(viewer: Viewer, purpose: str | None) -> Viewer:
    from dataclasses import replace

    return replace(viewer, purpose=purpose)


def test_a_table_that_is_not_declared_shows_nothing() -> None:
    assert scopes.visible("nowhere", "t", Viewer(UUID(int=1)), lambda *_: "$1") == ["t.district_id = $1", "false"]


@pytest.mark.parametrize("apart", ["SECURITY_ADMIN", "AUDIT_ADMIN"])
def test_security_and_audit_go_with_no_other_role(apart: str) -> None:
    from schema.directives import Role

    assert Viewer(UUID(int=1), frozenset({Role.PUBLIC, Role[apart]})).database_role.startswith("zhunze_")
    for other in set(Role) - {Role.PUBLIC, Role[apart]}:
        with pytest.raises(ValueError, match="no other role"):
            Viewer(UUID(int=1), frozenset({Role.PUBLIC, Role[apart], other}))
