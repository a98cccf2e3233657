"""The caller: roles, areas, company, operations; what the request costs."""

from typing import Any

import pytest

from api.database import Database
from schema import ids
from schema.directives import Role
from schema.viewer import Viewer
from tests.asking import asker
from tests.factories import founded

VIEWER = """{ viewer { actor { name role organisation } roles scopeAreas { id } company { name } operations }
    rateLimit { cost nodeCount limit remaining resetAt } }"""
EVERYBODY = [
    *("areas", "bundles", "company", "companies", "complaintTaxonomy", "compound", "compoundPins", "compounds"),
    *("coverage", "cycles", "listings", "node", "rateLimit", "rulebooks", "viewer"),
]
OF_CASES = ["complaints", "findings", "inspections"]
"""Written down from the table of operations by role."""
MORE: dict[Role, list[str]] = {
    Role.PUBLIC: [],
    Role.COMPANY: [*OF_CASES, "meetings", "trainingSessions"],
    Role.INSPECTOR: [*OF_CASES, "meetings", "report", "trainingSessions"],
    Role.AUDITOR: [*OF_CASES, "auditLog", "meetings", "report", "trainingSessions"],
    Role.TRAINING_ADMIN: ["meetings", "report", "trainingSessions"],
    Role.RULE_DRAFTER: [],
    Role.RULE_APPROVER: [],
    Role.DECISION_OFFICER: [*OF_CASES, "auditLog", "meetings", "report", "trainingSessions"],
    Role.BUREAU_ADMIN: [*OF_CASES, "auditLog", "meetings", "report", "trainingSessions"],
    Role.SECURITY_ADMIN: ["auditLog"],
    Role.AUDIT_ADMIN: ["auditLog"],
}


async def asked(database: Database, **holds: Any) -> Any:
    """What a viewer is told of itself."""
    world = await founded(database)
    street = world.street()
    company = world.company(name="甲物业")
    await world.save()
    named = {"company_id": company, "area_ids": frozenset({street})}
    given: dict[str, Any] = {name: named.get(name, value) for name, value in holds.items()}
    viewer = Viewer(world.district_id, **given)
    return await asker(world, viewer=viewer).data(VIEWER), ids.encode("Aa", street)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
async def test_operations_are_those_of_the_role(fresh_database: Database, role: Role) -> None:
    data, _ = await asked(fresh_database, roles=frozenset({Role.PUBLIC, role}))
    assert data["viewer"]["roles"] == list(dict.fromkeys(["PUBLIC", role.name]))
    assert sorted(data["viewer"]["operations"]) == sorted([*EVERYBODY, *MORE[role]])


async def test_an_inspector_is_told_its_areas_and_body(fresh_database: Database) -> None:
    data, street = await asked(
        fresh_database,
        roles=frozenset({Role.PUBLIC, Role.INSPECTOR}),
        area_ids=None,
        organisation="东街街道",
        name="张三",
    )
    viewer = data["viewer"]
    assert viewer["actor"] == {"name": "张三", "role": "INSPECTOR", "organisation": "东街街道"}
    assert (viewer["scopeAreas"], viewer["company"]) == ([{"id": street}], None)


async def test_a_company_is_told_which_it_is(fresh_database: Database) -> None:
    data, _ = await asked(fresh_database, roles=frozenset({Role.PUBLIC, Role.COMPANY}), company_id=None)
    assert data["viewer"]["company"] == {"name": "甲物业"}
    assert data["viewer"]["scopeAreas"] == []


async def test_nobody_in_particular(fresh_database: Database) -> None:
    data, _ = await asked(fresh_database)
    assert data["viewer"]["actor"] == {"name": "", "role": "PUBLIC", "organisation": None}
    assert data["rateLimit"] == {
        "cost": 7,
        "nodeCount": 5,
        "limit": 20_000,
        "remaining": 19_993,
        "resetAt": "2026-07-20T04:00:00.000Z",
    }
