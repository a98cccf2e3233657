"""Generated requests, a few of them; the command of the same name sends thousands."""

from api.database import Database
from api.graphql import Source
from tests.conformance.http.generated import run
from tests.factories import founded


async def test_no_generated_request_meets_a_bug(database: Database) -> None:
    world = await founded(database)
    world.street(code="430399001")
    await world.save()
    found = await run(Source(database, world.district_id, b"s" * 32), 60, 1)
    assert (found.bugs, found.passed, found.cases >= 60) == ((), True, True), found.report
