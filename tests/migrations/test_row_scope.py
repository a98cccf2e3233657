"""What the database enforces by itself is what the code declares; every table is fenced off."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database import Database
from api.postgres import roles
from schema import scopes
from schema.tables import METADATA
from schema.tables.base import MASKED_TWINS
from schema.viewer import MIXABLE, Viewer, ViewerKind
from tests.factories import World, founded, writing
from tests.schema.test_scopes import NAMES

UNFENCED = {"district"}
"""Tables whose rows are everybody's: names of districts."""
POLICIES = """
    SELECT tablename, policyname, roles::text[] AS roles, cmd, permissive, qual, with_check
    FROM pg_policies WHERE schemaname = 'public'
"""


async def policies(connection: AsyncConnection) -> dict[tuple[str, str], Any]:
    found = (await connection.execute(text(POLICIES))).mappings().all()
    return {(row["tablename"], row["policyname"]): row for row in found}


async def test_the_policies_are_those_that_are_declared(owner: AsyncConnection) -> None:
    for (table, kind), said in scopes.policies().items():
        role = f"zhunze_{kind}"
        await owner.execute(
            text(f"CREATE POLICY declared_{kind} ON {table} FOR SELECT TO {role} USING ({said})".replace(":", "\\:"))
        )
    found = await policies(owner)
    await owner.rollback()
    viewers = {key: row for key, row in found.items() if key[1].startswith("viewer_")}
    assert len(viewers) == len(scopes.policies())
    for table, kind in scopes.policies():
        frozen, declared = found[table, f"viewer_{kind}"], found[table, f"declared_{kind}"]
        named = {**declared, "policyname": frozen["policyname"]}
        assert dict(frozen) == named, f"{table}, {kind}: what is declared has changed, and needs a revision"


async def test_every_table_is_fenced_off_and_the_program_must_say_for_whom_it_works(owner: AsyncConnection) -> None:
    fenced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    tables = set((await owner.execute(text(fenced))).scalars().all())
    declared = {*scopes.ROWS, *scopes.OF_PROGRAM}
    assert declared <= tables
    of_districts = {name for name, table in METADATA.tables.items() if "district_id" in table.columns}
    assert of_districts - tables - UNFENCED == set()
    program = {key[0]: row for key, row in (await policies(owner)).items() if key[1] == "program"}
    assert set(program) >= declared
    me = (await owner.execute(text("SELECT current_user"))).scalar_one()
    for table in declared:
        assert (program[table]["cmd"], program[table]["roles"]) == ("ALL", [roles.APP, me])
        assert "app.viewer" in program[table]["qual"]


async def test_the_program_s_policy_is_the_declared_one(owner: AsyncConnection) -> None:
    await owner.execute(text(f"CREATE POLICY declared ON person USING ({scopes.APP_POLICY})"))
    found = await policies(owner)
    await owner.rollback()
    quals = {row["qual"] for (_, name), row in found.items() if name == "program"}
    assert quals == {found["person", "declared"]["qual"]}


READS = """
    SELECT c.relname, a.attname, array(
        SELECT r FROM unnest(cast(:roles AS text[])) r WHERE has_column_privilege(r, c.oid, a.attnum, 'SELECT')
    ) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relname = ANY(:tables) AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""


async def test_personal_columns_are_read_by_those_alone_who_see_them_clear(owner: AsyncConnection) -> None:
    """Every column of every table: read by nobody if it is declared unshown, clear by those who may, else alike."""
    kinds = {kind: f"zhunze_{kind.value}" for kind in ViewerKind}
    given = {"roles": list(kinds.values()), "tables": list(scopes.ROWS)}
    found = {(table, column): set(who) for table, column, who in (await owner.execute(text(READS), given)).all()}
    readers = {table: found[table, "id" if (table, "id") in found else "seq"] for table in scopes.ROWS}
    expected = {(table, column): readers[table] for table, column in found}
    for table, columns in scopes.UNSHOWN.items():
        expected |= {(table, column): set() for column in columns}
    for table, twins in scopes.MASKED.items():
        clear = {kinds[kind] for kind in scopes.CLEAR[table]}
        expected |= {(table, column): clear for column in twins}
        assert set(twins.values()) <= MASKED_TWINS
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "table", "column", "may"),
    [
        ("public", "person", "name", False),
        ("public", "person", "name_masked", True),
        ("public", "company", "legal_representative", False),
        ("public", "company", "phone", False),
        ("auditor", "person", "name", False),
        ("auditor", "person", "phone", False),
        ("auditor", "person", "phone_masked", True),
        ("auditor", "company", "legal_representative", False),
        ("auditor", "mediation", "mediator", False),
        ("auditor", "meeting", "chair", False),
        ("rules", "person", "name", False),
        ("security", "person", "name", False),
        ("audit", "person", "name", False),
        ("company", "person", "name", True),
        ("training", "person", "phone", True),
        ("inspector", "person", "phone", True),
        ("inspector", "company", "legal_representative", False),
        ("bureau", "person", "name", True),
        ("bureau", "compound", "contact", False),
        ("bureau", "audit_payload", "sealed", False),
        ("audit", "erasable_key", "secret", False),
        ("public", "record", "key", False),
        ("public", "import_batch", "file_name", False),
    ],
)
async def test_columns_that_a_kind_may_read(
    owner: AsyncConnection, kind: str, table: str, column: str, may: bool
) -> None:
    asked = text("SELECT has_column_privilege(:role, :table, :column, 'SELECT')")
    given = {"role": f"zhunze_{kind}", "table": table, "column": column}
    assert (await owner.execute(asked, given)).scalar_one() is may


async def test_viewers_write_nothing(owner: AsyncConnection) -> None:
    asked = text(
        "SELECT r.rolname, c.relname FROM pg_roles r, pg_class c WHERE r.rolname = ANY(:roles) AND c.relkind = 'r'"
        " AND c.relnamespace = 'public'::regnamespace"
        " AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
    )
    assert (await owner.execute(asked, {"roles": list(roles.VIEWERS)})).all() == []


def test_there_is_a_database_role_for_each_kind_of_viewer() -> None:
    assert {f"zhunze_{kind.value}" for kind in ViewerKind} | {roles.MIXED} == set(roles.VIEWERS)
    assert {f"zhunze_{kind.value}" for kind in MIXABLE} == set(roles.MIXABLE)
    assert NAMES


async def test_the_program_has_no_rights_of_a_viewer_by_itself(fresh_database: Database) -> None:
    asked = text("SELECT role FROM unnest(cast(:roles AS text[])) role WHERE pg_has_role(session_user, role, 'USAGE')")
    async with writing(fresh_database) as connection:
        assert (await connection.execute(asked, {"roles": list(roles.VIEWERS)})).all() == []


async def test_the_program_writes_nothing_without_saying_for_whom(fresh_database: Database) -> None:
    world: World = await founded(fresh_database)
    statement = text(
        "INSERT INTO record (id, district_id, noun, key) VALUES (gen_random_uuid(), :district, 'Area', 'x')"
    )
    async with fresh_database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.execute(statement, {"district": world.district_id})
    async with writing(fresh_database) as connection:
        await connection.execute(statement, {"district": world.district_id})


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13873200001", "138****0001"), ("0731-58221234", "073******1234"), ("1234567", "*******"), (None, None)],
)
async def test_masks(fresh_database: Database, phone: str | None, masked: str | None) -> None:
    from schema import tables

    world = await founded(fresh_database)
    world.add(tables.Person, name="欧阳明", phone=phone)
    await world.save()
    async with fresh_database.reading_everything() as connection:
        row = (await connection.execute(text("SELECT name_masked, phone_masked FROM person"))).one()
    assert tuple(row) == ("欧*", masked)
    assert Viewer(world.district_id).database_role == "zhunze_public"
