"""Sort keys that are worked out for each company: rank, cases, overdue findings, the last change of standing."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from schema.kinds import Sql
from schema.reads.statement import conjunction
from schema.reads.where import Where, known, official_runs, visible
from schema.shapes import SortFigure, source_named
from schema.tables.inspections import UNREPAIRED
from schema.tables.scores import UNRANKED

YEAR = timedelta(days=365)
"""The last 12 months."""


def figured(term: SortFigure, place: Where) -> str:
    """The sort key of the row as text; never null."""
    return FIGURES[term.name](place)


def _counted(place: Where, table: str, *terms: str) -> str:
    row = place.at_row(place.out.alias())
    of_company = [f"{row.row}.company_id = {place.row}.id", *known(source_named(table), row)]
    conditions = " AND ".join([*of_company, *(term.format(row=row.row) for term in terms)])
    return f"(SELECT count(*)::bigint FROM {table} {row.row} WHERE {conditions})"


def _complaints(place: Where) -> str:
    since = place.out.parameter(place.at.today - YEAR, "date")
    return _counted(place, "complaint", f"{{row}}.received_on > {since}", "{row}.state <> 'DUPLICATE'")


def _overdue(place: Where) -> str:
    today = place.out.parameter(place.at.today, "date")
    terms = (f"{{row}}.state IN {UNREPAIRED}", "{row}.rectified_on IS NULL", f"{{row}}.rectify_by < {today}")
    return _counted(place, "finding", *terms)


def _standing_since(place: Where) -> str:
    row = place.at_row(place.out.alias())
    today = place.out.parameter(place.at.today, "date")
    conditions = [
        f"{row.row}.company_id = {place.row}.id",
        f"{row.row}.valid_from <= {today}",
        *known(source_named("standing"), row),
    ]
    return (
        f"coalesce((SELECT max({row.row}.valid_from) FROM standing {row.row} WHERE {' AND '.join(conditions)}),"
        " '1900-01-01'::date)"
    )


def _newest_rank(place: Where) -> str:
    """Rank in the newest ranked run; behind all ranks where there is none."""
    newest = (
        f"SELECT r.id FROM score_run r JOIN cycle c ON c.id = r.cycle_id WHERE r.id IN ({official_runs(place)})"
        " AND c.whole_id IS NULL ORDER BY c.last_day DESC, r.id DESC LIMIT 1"
    )
    terms = [f"s.company_id = {place.row}.id", "s.compound_id IS NULL", f"s.run_id = ({newest})"]
    terms += visible(source_named("score_result"), place.at_row("s"))
    return f"coalesce((SELECT s.sort_rank FROM score_result s {conjunction(terms)}), {UNRANKED})"


FIGURES: Mapping[str, Callable[[Where], str]] = {
    "rank": _newest_rank,
    "complaints": _complaints,
    "overdue": _overdue,
    "standing since": _standing_since,
}

RANK = SortFigure("rank", Sql.INTEGER)
COMPLAINTS = SortFigure("complaints", Sql.INTEGER)
OVERDUE = SortFigure("overdue", Sql.INTEGER)
STANDING_SINCE = SortFigure("standing since", Sql.DATE)
