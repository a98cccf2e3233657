"""The district in a few numbers: what is known now, and what the half-years came to."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import asyncpg

from api.workbook.sheets.labels import FORMS

KNOWN = "district_id = $1 AND superseded_at = 'infinity'"
COUNTS = (
    ("companies", f"SELECT count(*) FROM filing WHERE {KNOWN}"),
    ("inspections", f"SELECT count(*) FROM inspection WHERE {KNOWN}"),
    (
        "inspections_counted",
        f"SELECT count(*) FROM inspection WHERE {KNOWN} AND state IN ('SUBMITTED', 'LOCKED')",
    ),
    ("findings", f"SELECT count(*) FROM finding WHERE {KNOWN}"),
    ("hotline_cases", f"SELECT count(*) FROM complaint WHERE {KNOWN}"),
    ("hotline_duplicates", f"SELECT count(*) FROM complaint WHERE {KNOWN} AND duplicate_of_id IS NOT NULL"),
    ("hotline_codes_outside_list", f"SELECT count(*) FROM complaint WHERE {KNOWN} AND category_id IS NULL"),
    (
        "pre_litigation_successes",
        f"SELECT count(*) FROM mediation WHERE {KNOWN} AND kind = 'PRE_LITIGATION' AND succeeded",
    ),
    ("oral_successes", f"SELECT count(*) FROM mediation WHERE {KNOWN} AND kind = 'ORAL' AND succeeded"),
)
SUMS = (
    ("mediated_yuan", f"SELECT coalesce(sum(amount_fen), 0) FROM mediation WHERE {KNOWN} AND succeeded"),
    ("arrears_recovered_yuan", f"SELECT coalesce(sum(arrears_recovered_fen), 0) FROM mediation WHERE {KNOWN}"),
)
SPLITS = (("grade", "band"), ("list", "listed"), ("decision", "recommendation"))


async def totals(
    connection: asyncpg.Connection, district_id: UUID, half_year_runs: Sequence[UUID]
) -> list[tuple[str, str]]:
    """(what, value) in a fixed order; percentages and money are rounded once, half away from zero."""
    found = [*await _coverage(connection, district_id)]
    found += [(name, str(await connection.fetchval(query, district_id))) for name, query in COUNTS]
    for name, query in SUMS:
        fen = Decimal(await connection.fetchval(query, district_id))
        found.append((name, f"{fen / 100:.2f}"))
    for run_id in half_year_runs:
        found += await _outcomes(connection, run_id)
    return found


async def _coverage(connection: asyncpg.Connection, district_id: UUID) -> list[tuple[str, str]]:
    rows = await connection.fetch(
        f"SELECT form, covered, count(*) AS compounds FROM governance_spell WHERE {KNOWN} AND valid_to = 'infinity'"
        " GROUP BY 1, 2",
        district_id,
    )
    total = await connection.fetchval(f"SELECT count(*) FROM compound WHERE {KNOWN}", district_id)
    covered = sum(row["compounds"] for row in rows if row["covered"])
    forms = [
        (f"management_form {name}", str(sum(row["compounds"] for row in rows if row["form"] == code)))
        for name, code in FORMS.items()
    ]
    percent = (Decimal(100 * covered) / total).quantize(Decimal("0.01"), ROUND_HALF_UP) if total else Decimal(0)
    return [("compounds", str(total)), *forms, ("covered", str(covered)), ("coverage_percent", str(percent))]


async def _outcomes(connection: asyncpg.Connection, run_id: UUID) -> list[tuple[str, str]]:
    """How many companies per grade, list and recommendation; `-` stands for none."""
    label = await connection.fetchval(
        "SELECT label FROM cycle JOIN score_run r ON r.cycle_id = cycle.id WHERE r.id = $1", run_id
    )
    found = []
    for what, column in SPLITS:
        rows = await connection.fetch(
            f"SELECT coalesce({column}, '-') AS code, count(*) AS companies FROM score_result"
            " WHERE run_id = $1 AND grain = 'company' GROUP BY 1",
            run_id,
        )
        counts = {row["code"]: row["companies"] for row in rows}
        found += [(f"{label.replace('-', '')} {what} {code}", str(counts[code])) for code in sorted(counts)]
    return found
