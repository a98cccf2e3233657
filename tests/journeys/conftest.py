"""Whole districts, imported and scored once per module."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from api.actions.import_workbook import Order, Outcome, import_workbook
from api.actions.score_period import Order as ScoreOrder
from api.actions.score_period import score_period
from api.database import Database
from api.desk import Actor
from api.export.results import scored, write_csv
from tests.workbooks import sample

CLERK = Actor("console:clerk", "clerk", "BUREAU_ADMIN")
SNAPSHOT = date(2026, 7, 10)


@dataclass(frozen=True)
class District:
    """A district after import, scoring and export."""

    database: Database
    imported: Outcome
    files: Path


@asynccontextmanager
async def evaluated(database: Database, name: str, folder: Path) -> AsyncIterator[District]:
    order = Order(name, sample(name), SNAPSHOT, district_name="岳塘区")
    imported = await import_workbook(database, CLERK, order)
    for period in ("2025H2", "2026H1"):
        await score_period(database, CLERK, ScoreOrder(period))
    write_csv(await scored(database, None), folder)
    yield District(database, imported, folder)


@pytest_asyncio.fixture(scope="module")
async def clean(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[District]:
    folder = tmp_path_factory.mktemp("clean")
    async with evaluated(database, "yuetang_2026H1.xlsx", folder) as district:
        yield district


@pytest_asyncio.fixture(scope="module")
async def dirty(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[District]:
    folder = tmp_path_factory.mktemp("dirty")
    async with evaluated(database, "yuetang_dirty.xlsx", folder) as district:
        yield district
