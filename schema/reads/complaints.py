"""The items of the case taxonomy."""

from schema.moments import Moment
from schema.reads.statement import Query, Statement, conjunction
from schema.reads.where import Where, known
from schema.shapes import source_named

CATEGORY = ("id", "code", "label", "aliases", "counts_for_score")


def categories(at: Moment) -> Query:
    """All items of the district's list by code."""
    place = Where(Statement(), at, "t")
    columns = ", ".join(f"t.{name}" for name in CATEGORY)
    terms = conjunction(known(source_named("complaint_category"), place))
    return place.out.query(f"SELECT {columns} FROM complaint_category t {terms} ORDER BY t.code, t.id")
