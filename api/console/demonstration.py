"""The demonstration: the sample district goes in, both half-years are scored, the totals come out."""

from api import sample
from api.actions.import_workbook import Order, import_workbook
from api.actions.score_period import Order as ScoreOrder
from api.actions.score_period import score_period
from api.console.edge import OUTPUT, clerk
from api.console.progress import steps
from api.console.reports import show_runs, show_totals
from api.database import Database
from api.export.results import scored


async def demonstrate(database: Database) -> None:
    """Import and score the sample; doing it again changes nothing."""
    order = Order(sample.NAME, sample.data(), sample.AS_OF, district_name=sample.DISTRICT_NAME)
    with steps() as told:
        outcome = await import_workbook(database, clerk(), order, told)
    counts = outcome.reading.counts.values()
    rows = sum(each.imported for each in counts)
    OUTPUT.print(f"{sample.DISTRICT_NAME} {sample.NAME}: {rows} 行 rows{'(已导入 known)' if outcome.repeated else ''}")
    for period in sample.PERIODS:
        with steps() as told:
            runs = await score_period(database, clerk(), ScoreOrder(period), told)
        show_runs(runs)
    show_totals((await scored(database, None)).totals)
