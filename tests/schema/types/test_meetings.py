"""Quarterly meetings and their action items."""

from datetime import date

from api.database import Database
from schema import tables
from tests.asking import asker
from tests.factories import founded

MEETINGS = """query($quarter: PeriodLabel) { meetings(first: 5, quarter: $quarter) { totalCount nodes {
    quarter state heldAt place minutes items { text dueOn state } } } }"""


async def test_a_meeting_is_closed_when_nothing_of_it_is_open(fresh_database: Database) -> None:
    world = await founded(fresh_database)
    held = {"number": "HY1", "quarter": "2026-Q1", "held_on": date(2026, 3, 30), "chair": "区住建局"}
    later = {**held, "number": "HY2", "quarter": "2026-Q2", "held_on": date(2026, 6, 29)}
    first = world.add(tables.Meeting, **held, venue="三楼", minutes="纪要")
    second = world.add(tables.Meeting, **later)
    for number, (meeting, state) in enumerate(
        [(first, "DONE"), (first, "DROPPED"), (second, "DONE"), (second, "OPEN")], start=1
    ):
        world.add(
            tables.ActionItem,
            number=f"SX{number}",
            meeting_id=meeting,
            text=f"事项{number}",
            owner="街道",
            due_on=date(2026, 7, number),
            state=state,
            reported_state="进行中",
        )
    await world.save()
    page = (await asker(world).data(MEETINGS))["meetings"]
    assert page == {
        "totalCount": 2,
        "nodes": [
            {
                "quarter": "2026-Q2",
                "state": "HELD",
                "heldAt": "2026-06-28T16:00:00.000Z",
                "place": "",
                "minutes": None,
                "items": [
                    {"text": "事项3", "dueOn": "2026-07-03", "state": "DONE"},
                    {"text": "事项4", "dueOn": "2026-07-04", "state": "OPEN"},
                ],
            },
            {
                "quarter": "2026-Q1",
                "state": "CLOSED",
                "heldAt": "2026-03-29T16:00:00.000Z",
                "place": "三楼",
                "minutes": "纪要",
                "items": [
                    {"text": "事项1", "dueOn": "2026-07-01", "state": "DONE"},
                    {"text": "事项2", "dueOn": "2026-07-02", "state": "DROPPED"},
                ],
            },
        ],
    }
    only = (await asker(world).data(MEETINGS, quarter="2026Q1"))["meetings"]
    assert [each["quarter"] for each in only["nodes"]] == ["2026-Q1"]
