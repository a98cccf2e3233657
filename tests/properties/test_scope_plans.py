"""At the size of a district row scope leaves the main lists their indexes, and costs little."""

import os
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy import make_url

from api.database import Database
from schema import tables
from schema.directives import Role
from schema.fields import ascending
from schema.moments import Moment
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.reads.statement import Query
from schema.shapes import Page, column_of, source_of
from schema.types.filters import IN_DISTRICT
from schema.viewer import Viewer
from tests.asking import NOW
from tests.cluster import Place

FINDINGS = int(os.environ.get("ZHUNZE_SCOPE_FINDINGS", "60000"))
BIG = {"finding", "inspection", "complaint"}
ROUNDS = 15
RATIO_MAX = 1.3
AGENCY_RATIO_MAX = 4
"""An agency's rows are found through its visits, once for our filter and once for the policy."""
FEW_MS = 5.0
"""Below this the ratio does not matter: where few rows are seen, finding them twice takes up to twice as long."""
NOISE_MS = 0.3
"""Statements of a fraction of a millisecond differ by this much from one run to the next."""

DISTRICT = UUID("018f0000-0000-7000-8000-000000000001")
FILLED = """
    INSERT INTO district VALUES ('018f0000-0000-7000-8000-000000000001', '430304', '岳塘区');
    CREATE TEMP TABLE numbers AS SELECT n, md5('record' || n)::uuid AS id FROM generate_series(0, {last}) n;
    INSERT INTO record SELECT id, CASE WHEN n >= 200 THEN '{district}'::uuid END, 'Probe', n::text FROM numbers;
    CREATE TEMP TABLE known AS SELECT n, id, '{district}'::uuid AS district_id, 1 AS version,
        '2026-07-01'::timestamptz AS recorded_at FROM numbers;
    INSERT INTO company (id, version, recorded_at, uscc, name, name_pinyin)
        SELECT id, version, recorded_at, n::text, '物业' || n, 'wu4 ye4 ' || n FROM known WHERE n < 200;
    INSERT INTO filing (id, district_id, version, recorded_at, company_id, reported_state)
        SELECT f.id, f.district_id, 1, f.recorded_at, c.id, CASE WHEN c.n % 20 = 0 THEN 'EXITED' ELSE 'OPERATING' END
        FROM known c JOIN known f ON f.n = c.n + 200 WHERE c.n < 200;
    INSERT INTO area (id, district_id, version, recorded_at, code, name, level, parent_id)
        SELECT a.id, a.district_id, 1, a.recorded_at, a.n::text, '街区' || a.n,
            CASE WHEN a.n < 410 THEN 'STREET' ELSE 'COMMUNITY' END, CASE WHEN a.n >= 410 THEN s.id END
        FROM known a JOIN known s ON s.n = 400 + (a.n - 410 + 100) % 10 WHERE a.n BETWEEN 400 AND 509;
    INSERT INTO compound (id, district_id, version, recorded_at, code, name, street_id, community_id, households)
        SELECT p.id, p.district_id, 1, p.recorded_at, p.n::text, '小区' || p.n, s.id, c.id, 100 FROM known p
        JOIN known c ON c.n = 410 + p.n % 100 JOIN known s ON s.n = 400 + p.n % 10 WHERE p.n BETWEEN 1000 AND 2999;
    INSERT INTO engagement (id, district_id, street_id, community_id, valid_from, version, recorded_at, contract_no,
            compound_id, company_id, kind, state, ground)
        SELECT e.id, e.district_id, s.id, c.id, '2025-01-01', 1, e.recorded_at, e.n::text, p.id, f.id,
            'OWNERS_CONTRACT', 'ACTIVE', 'IMPORTED' FROM known e JOIN known p ON p.n = e.n - 2000
        JOIN known c ON c.n = 410 + p.n % 100 JOIN known s ON s.n = 400 + p.n % 10 JOIN known f ON f.n = p.n % 200
        WHERE e.n BETWEEN 3000 AND 4999;
    INSERT INTO checklist_item (id, district_id, version, recorded_at, code, section, section_points, text, points_each,
            points_max, severity)
        SELECT id, district_id, 1, recorded_at, 'JC', '综合', 15, '未公示', 2, 4, 'MODERATE' FROM known WHERE n = 600;
    CREATE TEMP TABLE fact AS SELECT k.*, p.id AS compound_id, f.id AS company_id, s.id AS street_id,
            c.id AS community_id, '2025-01-01'::date + k.n % 540 AS day FROM known k
        JOIN known p ON p.n = 1000 + mod(abs(hashint4(k.n)), 2000) JOIN known c ON c.n = 410 + p.n % 100
        JOIN known s ON s.n = 400 + p.n % 10 JOIN known f ON f.n = p.n % 200 WHERE k.n >= 5000;
    INSERT INTO inspection (id, district_id, street_id, community_id, version, recorded_at, number, compound_id,
            company_id, inspected_on, body_kind, body_name, state)
        SELECT id, district_id, street_id, community_id, 1, recorded_at, n::text, compound_id, company_id, day,
            CASE WHEN n % 50 = 0 THEN 'THIRD_PARTY' ELSE 'STREET' END, '长沙测评', 'LOCKED' FROM fact WHERE n % 10 = 0;
    INSERT INTO complaint (id, district_id, version, recorded_at, external_ref, channel, kind, received_on, compound_id,
            street_id, community_id, company_id, category_code, callback, state)
        SELECT id, district_id, 1, recorded_at, n::text, 'HOTLINE_12345', 'COMPLAINT', day, compound_id, street_id,
            community_id, company_id, '01', 'NOT_CALLED', 'CLOSED' FROM fact WHERE n % 10 IN (1, 2, 3);
    INSERT INTO finding (id, district_id, street_id, community_id, version, recorded_at, number, inspection_id,
            compound_id, company_id, item_id, item_code, severity, occurrences, place, found_on, rectify_by,
            repeat, state)
        SELECT f.id, f.district_id, f.street_id, f.community_id, 1, f.recorded_at, f.n::text, f.id, f.compound_id,
            f.company_id, (SELECT id FROM checklist_item), 'JC', 'MODERATE', 1, 'COMMON', f.day, f.day + 14, false,
            CASE WHEN f.n % 7 = 0 THEN 'OPEN' ELSE 'VERIFIED' END FROM fact f WHERE f.n % 10 > 3;
    ANALYZE
"""


@dataclass(frozen=True)
class District:
    """A filled district, for viewers and for an administrator whom no policy binds."""

    database: Database
    admin: asyncpg.Connection


@pytest_asyncio.fixture
async def filled(fresh_place: Place, fresh_database: Database) -> AsyncIterator[District]:
    url = make_url(fresh_place.admin_url).set(database=fresh_place.name).render_as_string(hide_password=False)
    admin = await asyncpg.connect(url)
    for statement in FILLED.format(last=5000 + FINDINGS * 10 // 6, district=DISTRICT).split(";"):
        await admin.execute(statement)
    yield District(fresh_database, admin)
    await admin.close()


def id_of(number: int) -> UUID:
    from hashlib import md5

    return UUID(bytes=md5(f"record{number}".encode(), usedforsecurity=False).digest())


def viewers() -> Mapping[str, Viewer]:
    def of(role: Role, **bounds: Any) -> Viewer:
        return Viewer(DISTRICT, frozenset({Role.PUBLIC, role}), **bounds)

    return {
        "public": Viewer(DISTRICT),
        "company": of(Role.COMPANY, company_id=id_of(7)),
        "street": of(Role.INSPECTOR, area_ids=frozenset({id_of(403)})),
        "community": of(Role.INSPECTOR, area_ids=frozenset({id_of(433)})),
        "agency": of(Role.INSPECTOR, organisation="长沙测评"),
        "auditor": of(Role.AUDITOR),
        "training": of(Role.TRAINING_ADMIN),
        "rules": of(Role.RULE_DRAFTER),
        "bureau": of(Role.BUREAU_ADMIN),
    }


def lists(viewer: Viewer) -> Mapping[str, Query]:
    """The main lists as a viewer reads them."""
    at = Moment(viewer, NOW, NOW)
    findings, inspections, complaints = map(source_of, (tables.Finding, tables.Inspection, tables.Complaint))
    by_deadline = ascending(tables.Finding.rectify_by, tables.Finding.id)
    roots = {
        "findings": Page(findings, by_deadline, columns=("id", "number")),
        "inspections": Page(
            inspections, ascending(tables.Inspection.inspected_on, tables.Inspection.id), columns=("id", "number")
        ),
        "complaints": Page(
            complaints, ascending(tables.Complaint.received_on, tables.Complaint.id), columns=("id", "external_ref")
        ),
        "compounds": Page(
            source_of(tables.Compound), ascending(tables.Compound.code, tables.Compound.id), columns=("id", "name")
        ),
        "companies": Page(
            source_of(tables.Company),
            ascending(tables.Company.name_pinyin, tables.Company.id),
            conditions=(IN_DISTRICT,),
            columns=("id", "name"),
        ),
    }
    of_companies = Page(findings, by_deadline, column_of(tables.Finding.company_id), "id", columns=("id", "number"))
    keys = [id_of(number) for number in range(1, 21)]
    return {
        **{name: keyset.page(shape, Window(50, shape.order), [None], at) for name, shape in roots.items()},
        "findings of 20 companies": keyset.page(of_companies, Window(10, by_deadline), keys, at),
    }


def scanned(plan: Mapping[str, Any]) -> set[str]:
    """Tables that are read from end to end."""
    here = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return here.union(*(scanned(each) for each in plan.get("Plans", ())))


async def seconds(connection: asyncpg.Connection, query: Query) -> float:
    begun = time.perf_counter()
    await connection.fetch(query.text, *query.values)
    return time.perf_counter() - begun


async def test_main_lists_keep_their_indexes_and_their_speed(filled: District) -> None:
    slow, scans, told = [], [], []
    for kind, viewer in viewers().items():
        for name, query in lists(viewer).items():
            async with filled.database.reading(viewer) as reading:
                raw = await Database.driver(reading)
                explained = await raw.fetchval(f"EXPLAIN (FORMAT JSON) {query.text}", *query.values)
                if over := scanned(explained[0]["Plan"]) & BIG:
                    scans.append((kind, name, over))
                pairs = [(await seconds(raw, query), await seconds(filled.admin, query)) for _ in range(ROUNDS)]
            scoped, plain = (min(each) * 1000 for each in zip(*pairs, strict=True))
            told.append(
                f"{kind:10} {name:25} {scoped:8.2f} ms, without policies {plain:8.2f} ms, {scoped / plain:5.2f}"
            )
            limit = AGENCY_RATIO_MAX if kind == "agency" else RATIO_MAX
            if scoped > plain * limit + NOISE_MS and scoped > FEW_MS:
                slow.append(told[-1])
    print("", *told, sep="\n")  # noqa: T201
    assert scans == []
    assert slow == []
