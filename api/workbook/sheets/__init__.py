"""The eighteen sheets of a district's workbook: the one declaration that reader, template and rejects are made from.

The order is that of the references: a sheet refers only to itself and to sheets above it.
"""

from collections.abc import Mapping

from api.workbook.columns import Sheet
from api.workbook.sheets.facts import CATEGORIES, COMPLAINTS, CREDIT_ITEMS, FEES, MEDIATION, SURVEYS
from api.workbook.sheets.inspections import FINDINGS, INSPECTIONS, ITEMS
from api.workbook.sheets.registry import APPOINTMENTS, AREA, COMPANIES, COMPOUNDS, ENGAGEMENTS
from api.workbook.sheets.training import ACTION_ITEMS, ENROLLED, MEETINGS, SESSIONS

SHEETS: tuple[Sheet, ...] = (
    *(AREA, COMPOUNDS, COMPANIES, APPOINTMENTS, ENGAGEMENTS, ITEMS, INSPECTIONS, FINDINGS, CATEGORIES, COMPLAINTS),
    *(MEDIATION, FEES, SURVEYS, CREDIT_ITEMS, SESSIONS, ENROLLED, MEETINGS, ACTION_ITEMS),
)
GUIDE = "说明"
"""The page for people: it holds no register."""
BY_NOUN: Mapping[str, Sheet] = {sheet.noun: sheet for sheet in SHEETS}
