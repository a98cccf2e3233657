"""A district where own and foreign rows differ: two companies, two streets, several persons; and a second district."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from api.database import Database
from api.desk import SYSTEM, desk
from schema import tables
from schema.directives import Role
from schema.viewer import Viewer
from tests.factories import World, founded

AGENCY = "长沙测评有限公司"
PHONE = "13873200001"
GONE = date(2025, 6, 1)


@dataclass
class Scene:
    """Two districts; the ids of the first by noun and short name."""

    world: World
    other: World
    ids: dict[str, dict[str, UUID]] = field(default_factory=dict)

    def put(self, short: str, noun: type, /, **columns: object) -> UUID:
        """A row of the first district under a short name."""
        made = self.world.add(noun, **columns)
        self.ids.setdefault(noun.__name__, {})[short] = made
        return made

    def names(self, noun: str, ids: set[UUID]) -> set[str]:
        """The short names of these rows; a row of nowhere keeps its id."""
        known = {made: name for name, made in self.ids[noun].items()}
        return {known.get(each, str(each)) for each in ids}


async def staged(database: Database) -> Scene:
    """The scene, written."""
    scene = Scene(await founded(database), await founded(database, "430302"))
    _places(scene)
    _companies(scene)
    _people(scene)
    _visits(scene)
    _facts(scene)
    _scores(scene)
    _listings(scene)
    _elsewhere(scene.other)
    await scene.world.save()
    await scene.other.save()
    await _log(scene)
    return scene


def _places(scene: Scene) -> None:
    for number in ("1", "2"):
        street = scene.put(f"street {number}", tables.Area, name=f"街道{number}")
        community = scene.put(f"community {number}", tables.Area, level="COMMUNITY", parent_id=street)
        place = {"street_id": street, "community_id": community}
        compound = scene.put(number, tables.Compound, **place, contact="周敏", phone=PHONE)
        scene.world.add(tables.GovernanceSpell, compound_id=compound, **place)
    scene.put("bundle", tables.Bundle)


def at(scene: Scene, number: str) -> dict[str, UUID]:
    """The compound with this number, and where it lies."""
    areas = scene.ids["Area"]
    return {
        "compound_id": scene.ids["Compound"][number],
        "street_id": areas[f"street {number}"],
        "community_id": areas[f"community {number}"],
    }


def _companies(scene: Scene) -> None:
    for name, state in (("A", "OPERATING"), ("B", "OPERATING"), ("X", "EXITED")):
        company = scene.put(name, tables.Company, legal_representative="孙鹏佳", phone=PHONE)
        scene.put(name, tables.Filing, company_id=company, reported_state=state)
        scene.put(name, tables.Standing, company_id=company)


def _people(scene: Scene) -> None:
    companies = scene.ids["Company"]
    for name in ("A", "B", "left A", "visitor", "official"):
        scene.put(name, tables.Person, name="张三丰", phone=PHONE)
    people = scene.ids["Person"]
    term = {"role": "PROJECT_MANAGER", "valid_from": date(2025, 1, 1), "manager_no": "XM1"}
    for name in ("A", "B"):
        scene.put(name, tables.Employment, person_id=people[name], company_id=companies[name], **term)
    scene.put(
        "left A", tables.Employment, person_id=people["left A"], company_id=companies["A"], **term | {"valid_to": GONE}
    )
    for name, number, manager in (("A", "1", "A"), ("B", "2", "B")):
        scene.put(name, tables.Engagement, company_id=companies[name], manager_id=people[manager], **at(scene, number))
    past = {"valid_from": date(2020, 1, 1), "valid_to": date(2025, 1, 1), "state": "ENDED"}
    scene.put("X", tables.Engagement, company_id=companies["X"], **at(scene, "1"), **past)
    session = scene.put("session", tables.TrainingSession)
    for name in ("A", "B"):
        scene.put(name, tables.Enrollment, session_id=session, company_id=companies[name], person_id=people[name])


def _visits(scene: Scene) -> None:
    companies, people = scene.ids["Company"], scene.ids["Person"]
    item = scene.put("item", tables.ChecklistItem)
    of_a = {"company_id": companies["A"], **at(scene, "1")}
    of_b = {"company_id": companies["B"], **at(scene, "2")}
    scene.put("1", tables.Inspection, **of_a, inspector_id=people["visitor"])
    scene.put("2", tables.Inspection, **of_b, inspected_on=date(2025, 9, 1))
    scene.put("planned 1", tables.Inspection, **of_a, state="ASSIGNED")
    scene.put("agency 2", tables.Inspection, **of_b, body_kind="THIRD_PARTY", body_name=AGENCY)
    visits = scene.ids["Inspection"]
    b_at_1 = {"company_id": companies["B"], **at(scene, "1")}
    for name, where, visit, state, found_on in (
        ("1", of_a, "1", "OPEN", date(2026, 2, 1)),
        ("2", of_b, "2", "VERIFIED", date(2025, 9, 1)),
        ("agency 2", of_b, "agency 2", "OPEN", date(2026, 2, 1)),
        ("open B at 1", b_at_1, "1", "OPEN", date(2026, 2, 1)),
        ("done B at 1", b_at_1, "1", "VERIFIED", date(2026, 2, 1)),
    ):
        scene.put(
            name, tables.Finding, **where, inspection_id=visits[visit], item_id=item, state=state, found_on=found_on
        )


def _facts(scene: Scene) -> None:
    companies = scene.ids["Company"]
    category = scene.put(
        "category", tables.ComplaintCategory, code="01", label="物业", aliases=[], counts_for_score=True
    )
    for name, number in (("A", "1"), ("B", "2")):
        of = {"company_id": companies[name], **at(scene, number)}
        scene.put(number, tables.Complaint, **of, category_id=category)
        scene.put(number, tables.Mediation, **of, mediator="李调解")
        scene.put(number, tables.FeePeriod, **of)
        scene.put(number, tables.SurveyRound, **of)
        scene.put(name, tables.CreditItem, company_id=companies[name])
    scene.put("before", tables.FeePeriod, company_id=companies["A"], **at(scene, "1"), period="2025-H2")
    scene.put("nowhere", tables.Complaint, category_id=category)
    meeting = scene.put(
        "meeting", tables.Meeting, number="HY1", quarter="2026-Q1", held_on=date(2026, 3, 1), chair="王主任"
    )
    scene.put(
        "task", tables.ActionItem, number="YD1", meeting_id=meeting, text="整改", owner="街道", due_on=date(2026, 4, 1),
        state="OPEN", reported_state="未完成",
    )  # fmt: skip


def _scores(scene: Scene) -> None:
    rulebook = scene.put("rules", tables.Rulebook)
    for name, state in (("in force", "IN_FORCE"), ("draft", "DRAFT")):
        scene.put(name, tables.RulebookVersion, rulebook_id=rulebook, state=state)
    version = scene.ids["RulebookVersion"]["in force"]
    halves = {"2026-H1": (date(2026, 1, 1), date(2026, 6, 30)), "2025-H2": (date(2025, 7, 1), date(2025, 12, 31))}
    for label, (first, last) in halves.items():
        days = {"first_day": first, "last_day": last, "evaluated_on": last}
        cycle = scene.put(label, tables.Cycle, rulebook_id=rulebook, label=label, **days)
        run = scene.put(label, tables.ScoreRun, cycle_id=cycle, rulebook_version_id=version)
        for name in ("A", "B"):
            scene.put(
                f"{name} {label}",
                tables.ScoreResult,
                run_id=run,
                company_id=scene.ids["Company"][name],
                period_from=first,
            )


async def _log(scene: Scene) -> None:
    """Entries of this district, of none and of the other."""
    districts = {"role": scene.world.district_id, "import": scene.world.district_id, "key": None}
    actions = {"role": "role.granted", "import": "import.applied", "key": "key.revoked"}
    entries = scene.ids.setdefault("AuditLeaf", {})
    for name, action in actions.items():
        async with desk(scene.world.database, actor=SYSTEM, district=districts[name]) as act:
            entries[name] = UUID(int=await act.record(action))
    async with desk(scene.world.database, actor=SYSTEM, district=scene.other.district_id) as act:
        await act.record("role.granted")


def _listings(scene: Scene) -> None:
    of = {"cycle_id": scene.ids["Cycle"]["2026-H1"], "run_id": scene.ids["ScoreRun"]["2026-H1"], "colour": "RED"}
    for name in ("A", "B"):
        result = scene.ids["ScoreResult"][f"{name} 2026-H1"]
        scene.put(name, tables.Listing, **of, result_id=result, company_id=scene.ids["Company"][name])


def _elsewhere(other: World) -> None:
    """Rows of another district, which nobody of the first may see."""
    street = other.street()
    place = {"street_id": street, "community_id": other.community(street)}
    compound = other.add(tables.Compound, **place)
    company = other.company(uscc="91430399MA99999999")
    here = {"compound_id": compound, "company_id": company, **place}
    person = other.add(tables.Person, phone=PHONE)
    visit = other.add(tables.Inspection, **here, body_kind="THIRD_PARTY", body_name=AGENCY)
    item = other.add(tables.ChecklistItem)
    other.add(tables.Engagement, **here, manager_id=person)
    other.add(tables.Finding, **here, inspection_id=visit, item_id=item)
    for noun in (tables.Complaint, tables.Mediation, tables.FeePeriod, tables.SurveyRound):
        other.add(noun, **here)
    other.add(tables.CreditItem, company_id=company)
    session = other.add(tables.TrainingSession)
    other.add(tables.Enrollment, session_id=session, company_id=company, person_id=person)
    rulebook = other.add(tables.Rulebook)
    version = other.add(tables.RulebookVersion, rulebook_id=rulebook)
    cycle = other.add(tables.Cycle, rulebook_id=rulebook)
    run = other.add(tables.ScoreRun, cycle_id=cycle, rulebook_version_id=version)
    other.add(tables.ScoreResult, run_id=run, company_id=company)
    other.add(tables.Bundle)


def viewers(scene: Scene) -> Mapping[str, Viewer]:
    """Somebody of each role, of each kind of inspector, and of two roles at once."""
    ids = scene.ids

    def of(*roles: Role, **bounds: object) -> Viewer:
        known = {"account_id": UUID(int=1), "person_id": ids["Person"]["official"], **bounds}
        return Viewer(scene.world.district_id, frozenset({Role.PUBLIC, *roles}), **known)  # type: ignore[arg-type]

    own = ids["Company"]["A"]
    street, community = frozenset({ids["Area"]["street 1"]}), frozenset({ids["Area"]["community 1"]})
    return {
        "PUBLIC": Viewer(scene.world.district_id),
        "COMPANY": of(Role.COMPANY, company_id=own),
        "INSPECTOR": of(Role.INSPECTOR, area_ids=street),
        "AUDITOR": of(Role.AUDITOR),
        "TRAINING_ADMIN": of(Role.TRAINING_ADMIN),
        "RULE_DRAFTER": of(Role.RULE_DRAFTER),
        "RULE_APPROVER": of(Role.RULE_APPROVER),
        "DECISION_OFFICER": of(Role.DECISION_OFFICER),
        "BUREAU_ADMIN": of(Role.BUREAU_ADMIN),
        "SECURITY_ADMIN": of(Role.SECURITY_ADMIN),
        "AUDIT_ADMIN": of(Role.AUDIT_ADMIN),
        "community": of(Role.INSPECTOR, area_ids=community),
        "department": of(Role.INSPECTOR, organisation="城管局"),
        "agency": of(Role.INSPECTOR, organisation=AGENCY),
        "auditor of 2026-H1": of(Role.AUDITOR, cycle_id=ids["Cycle"]["2026-H1"]),
        "company and street 2": of(
            Role.COMPANY, Role.INSPECTOR, company_id=own, area_ids=frozenset({ids["Area"]["street 2"]})
        ),
    }
