"""Personal data in the clear: for whom the reason to see them has ended, or never was, they are masked."""

from datetime import date

import pytest

from api.database import Database
from schema import ids, tables
from tests.asking import asker
from tests.scenes import at, staged, viewers

PAST = {"valid_from": date(2018, 1, 1), "valid_to": date(2019, 1, 1), "state": "ENDED"}
MASKED, CLEAR = "张*", "张三丰"


@pytest.mark.parametrize(("name", "enrolled", "was_here"), [("COMPANY", MASKED, None), ("INSPECTOR", None, MASKED)])
async def test_a_roster_shows_no_names_and_a_post_that_has_ended_no_more(
    fresh_database: Database, name: str, enrolled: str | None, was_here: str | None
) -> None:
    scene = await staged(fresh_database)
    company, session = scene.ids["Company"]["A"], scene.ids["TrainingSession"]["session"]
    for person in ("enrolled", "was here"):
        scene.put(person, tables.Person, name="张三丰")
    people = scene.ids["Person"]
    scene.world.add(tables.Enrollment, session_id=session, company_id=company, person_id=people["enrolled"])
    post = {"company_id": scene.ids["Company"]["X"], "manager_id": people["was here"], **PAST}
    scene.world.add(tables.Engagement, **post, **at(scene, "1"))
    await scene.world.save()
    asked = " ".join(
        f'{short.replace(" ", "_")}: node(id: "{ids.encode("Pe", people[short])}") {{ ... on Person {{ name }} }}'
        for short in ("A", "enrolled", "was here")
    )
    found = await asker(scene.world, viewer=viewers(scene)[name]).data(f"{{ {asked} }}")
    shown = {short: row and row["name"] for short, row in found.items()}
    assert shown == {"A": CLEAR, "enrolled": enrolled, "was_here": was_here}
