"""The text of pages: row comparison with the order, one lateral select for all parents, every parameter used."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from schema import tables
from schema.directives import Role
from schema.fields import ascending, descending
from schema.moments import Moment
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.reads.statement import Query
from schema.shapes import AnyOf, Page, column_of, source_of
from schema.viewer import Viewer

NOW = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
DISTRICT = UUID(int=1)
VIEWER = Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.BUREAU_ADMIN}))
AT = Moment(VIEWER, NOW, NOW)
ORDER = ascending(tables.Finding.rectify_by, tables.Finding.id)
KEY = column_of(tables.Finding.company_id)
FINDINGS = Page(source_of(tables.Finding), ORDER, KEY, "id", columns=("id", "number"))
ROOT = Page(source_of(tables.Finding), ORDER, columns=("id", "number"))
POSITION = (date(2026, 4, 14), UUID(int=7))
PARENTS = [UUID(int=2), UUID(int=3)]


def on_one_line(query: Query) -> str:
    """The text without its layout."""
    return " ".join(query.text.split())


def test_a_page_of_many_parents() -> None:
    given = ((AnyOf((column_of(tables.Finding.state),)), ("OPEN",)),)
    found = keyset.page(FINDINGS, Window(5, ORDER, POSITION, given), PARENTS, AT)
    assert on_one_line(found) == (
        "SELECT k.key, p.* FROM unnest($6::uuid[]) AS k(key) CROSS JOIN LATERAL"
        " (SELECT t.id, t.number, t.rectify_by AS sort_0, t.id AS sort_1 FROM finding t"
        " WHERE t.company_id = k.key AND t.district_id = $3::uuid AND t.superseded_at = 'infinity'"
        " AND (t.state = ANY($4::text[])) AND (t.rectify_by, t.id) > ($1::date, $2::uuid)"
        " ORDER BY t.rectify_by, t.id LIMIT $5::bigint) p ORDER BY k.key, p.sort_0, p.sort_1"
    )
    assert found.values == (*POSITION, DISTRICT, ["OPEN"], 6, PARENTS)


def test_a_root_page_from_the_other_end() -> None:
    window = Window(2, descending(tables.Finding.rectify_by, tables.Finding.id), POSITION)
    found = keyset.page(ROOT, window, [None], AT)
    assert on_one_line(found) == (
        "SELECT t.id, t.number, t.rectify_by AS sort_0, t.id AS sort_1 FROM finding t"
        " WHERE t.district_id = $3::uuid AND t.superseded_at = 'infinity'"
        " AND (t.rectify_by, t.id) < ($1::date, $2::uuid)"
        " ORDER BY t.rectify_by DESC, t.id DESC LIMIT $4::bigint"
    )
    assert found.values == (*POSITION, DISTRICT, 3)


def test_what_was_known_at_a_moment() -> None:
    at = Moment(VIEWER, NOW, NOW, known_at=NOW)
    found = keyset.total(ROOT, Window(1, ORDER), [None], at)
    assert on_one_line(found) == (
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM finding t"
        " WHERE t.district_id = $1::uuid AND t.recorded_at <= $2::timestamptz AND t.superseded_at > $2::timestamptz"
        " LIMIT $3::bigint) counted) AS figure"
    )
    assert found.values == (DISTRICT, NOW, 10_000)


@pytest.mark.parametrize("shape", [FINDINGS, ROOT])
@pytest.mark.parametrize("render", [keyset.page, keyset.total, keyset.preceded])
def test_every_parameter_is_used_and_typed(render: Callable[..., Query], shape: Page) -> None:
    found = render(shape, Window(5, ORDER, POSITION), PARENTS, AT)
    used = {int(number) for number in re.findall(r"\$(\d+)::[a-z]+", found.text)}
    assert used == set(range(1, len(found.values) + 1))
    assert len(re.findall(r"\$\d+", found.text)) == len(re.findall(r"\$\d+::", found.text))
