"""Which rows each kind of viewer sees: declared once for every table.

From here come the condition that every read carries and the policies that the database enforces by itself; a revision
freezes the text of the policies, and a test compares the two. A condition is SQL over the row `{t}` and the viewer's
bounds: `{district}`, `{company}`, `{areas}`, `{agency}`, `{person}`, `{cycle}`. A bound that a viewer does not have is
null, so a condition over it is never true. What a kind is not given it does not see.

No rating is published yet. So nobody sees a run or a result but those who prepare them: not the public, not companies,
not inspectors. No meeting says yet who was invited, so companies and inspectors see none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, Final

from schema.viewer import MIXABLE, Viewer, ViewerKind

Parameter = Callable[[object, str], str]
"""The place of a value in a statement that is being written: (value, cast)."""

ALL: Final = "true"
CASTS: Final[Mapping[str, str]] = {
    "district": "uuid",
    "person": "uuid",
    "company": "uuid",
    "areas": "uuid[]",
    "agency": "text",
    "cycle": "uuid",
}
APP_POLICY: Final = "(SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL"
"""What the program's own role sees and writes: everything, once it has said for whom it works."""


def placed(row: str = "{t}") -> str:
    """The row lies in one of the areas."""
    return f"({row}.street_id = ANY({{areas}}) OR {row}.community_id = ANY({{areas}}))"


def filed(company: str, more: str = "") -> str:
    """The company has filed with the district's bureau."""
    return f"EXISTS (SELECT 1 FROM filing f WHERE f.company_id = {company} AND f.district_id = {{district}}{more})"


def operating(company: str) -> str:
    """The company is filed as in business now."""
    return filed(company, " AND f.superseded_at = 'infinity' AND f.reported_state = 'OPERATING'")


def serving(company: str) -> str:
    """The company serves, or has served, a compound in one of the areas."""
    return (
        f"EXISTS (SELECT 1 FROM engagement g WHERE g.company_id = {company} AND g.district_id = {{district}}"
        f" AND g.superseded_at = 'infinity' AND {placed('g')})"
    )


def visited(column: str) -> str:
    """What own inspections of a third party have in this column."""
    return (
        f"{{t}}.{column} IN (SELECT i.{column} FROM inspection i WHERE i.district_id = {{district}}"
        f" AND i.superseded_at = 'infinity' AND i.body_kind = 'THIRD_PARTY' AND i.body_name = {{agency}})"
    )


def posted(person: str, more: str = "") -> str:
    """The person manages, or has managed, a compound in one of the areas."""
    return (
        f"EXISTS (SELECT 1 FROM engagement g WHERE g.manager_id = {person} AND g.district_id = {{district}}"
        f" AND g.superseded_at = 'infinity'{more} AND {placed('g')})"
    )


def pointing(table: str, key: str, more: str) -> str:
    """A row known now points here by `key`."""
    return (
        f"EXISTS (SELECT 1 FROM {table} p WHERE p.{key} = {{t}}.id AND p.district_id = {{district}}"
        f" AND p.superseded_at = 'infinity' AND {more})"
    )


def during(day: str) -> str:
    """The day lies in the cycle."""
    return (
        f"{{t}}.{day} BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = {{cycle}})"
        " AND (SELECT c.last_day FROM cycle c WHERE c.id = {cycle})"
    )


LABELLED: Final = "{t}.period IN (SELECT c.label FROM cycle c WHERE c.id = {cycle})"
OF_CYCLE: Final = "(SELECT c.id FROM cycle c WHERE c.id = {cycle} OR c.whole_id = {cycle})"
OF_RUN: Final = f"{{t}}.run_id IN (SELECT r.id FROM score_run r WHERE r.cycle_id IN {OF_CYCLE})"
OWN: Final = "{t}.company_id = {company}"
STAFF: Final = pointing("employment", "person_id", "p.company_id = {company} AND p.valid_to > current_date")
ENROLLED: Final = pointing("enrollment", "person_id", "p.company_id = {company}")
SUBMITTED: Final = f"{OWN} AND {{t}}.state IN ('SUBMITTED', 'RETURNED', 'LOCKED')"
OF_AGENCY: Final = "{t}.body_kind = 'THIRD_PARTY' AND {t}.body_name = {agency}"
OPEN_THERE: Final = f"{{t}}.state IN ('OPEN', 'RECTIFYING', 'DISPUTED') AND {visited('company_id')}"
HERE_OR_NOWHERE: Final = "({district} IS NOT NULL AND coalesce({t}.district_id, {district}) = {district})"
"""Of the district, or of none; without a viewer nothing."""
OF_SECURITY: Final = f"{HERE_OR_NOWHERE} AND split_part({{t}}.action, '.', 1) IN ('role', 'key', 'session', 'person')"


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one table: alternatives by kind of viewer."""

    kinds: Mapping[ViewerKind, tuple[str, ...]]
    of_district: bool = True
    """Rows carry their district, and nobody sees another's."""


def rows(of_cycle: str = ALL, **kinds: str | tuple[str, ...]) -> Rows:
    """Rows of a district: the bureau and auditors see all; whose key is for one cycle, those `of_cycle`."""
    return Rows(_by_kind({"auditor": ALL, "cycle_auditor": of_cycle, "bureau": ALL, **kinds}))


def beyond(**kinds: str | tuple[str, ...]) -> Rows:
    """Rows that are not of one district each."""
    return Rows(_by_kind(kinds), of_district=False)


def _by_kind(kinds: Mapping[str, str | tuple[str, ...]]) -> dict[ViewerKind, tuple[str, ...]]:
    return {ViewerKind(name): (some,) if isinstance(some, str) else some for name, some in kinds.items()}


def of_company(company: str, own: str) -> dict[str, str | tuple[str, ...]]:
    """Companies and what belongs to a company's public entry, seen together."""
    listed = filed(company)
    return {
        "public": operating(company),
        "company": own,
        "inspector": serving(company),
        **dict.fromkeys(("training", "rules", "auditor", "cycle_auditor", "bureau"), listed),
    }


ROWS: Final[Mapping[str, Rows]] = {
    "area": rows(public=ALL),
    "compound": rows(public=ALL),
    "governance_spell": rows(public=ALL),
    "bundle": rows(public=ALL),
    "company": beyond(**of_company("{t}.id", "{t}.id = {company}")),
    "filing": rows(
        public="{t}.reported_state = 'OPERATING'",
        company=OWN,
        inspector=ALL,
        training=ALL,
        rules=ALL,
    ),
    "standing": Rows(
        _by_kind(
            {**of_company("{t}.company_id", OWN), **dict.fromkeys(("auditor", "cycle_auditor", "bureau"), ALL)},
        )
    ),
    "engagement": rows(public=operating("{t}.company_id"), company=OWN, inspector=placed()),
    "person": rows(
        public="{t}.id = {person}",
        company=(STAFF, ENROLLED),
        inspector=(posted("{t}.id"), pointing("inspection", "inspector_id", placed("p"))),
        training=ALL,
    ),
    "employment": rows(
        company=OWN, inspector=posted("{t}.person_id", " AND g.company_id = {t}.company_id"), training=ALL
    ),
    "checklist_item": rows(company=ALL, inspector=ALL, agency=ALL, rules=ALL),
    "inspection": rows(during("inspected_on"), company=SUBMITTED, inspector=placed(), agency=OF_AGENCY),
    "finding": rows(during("found_on"), company=OWN, inspector=placed(), agency=(visited("compound_id"), OPEN_THERE)),
    "complaint_category": rows(public=ALL),
    "complaint": rows(during("received_on"), company=OWN, inspector=placed()),
    "mediation": rows(during("received_on"), company=OWN, inspector=placed()),
    "fee_period": rows(LABELLED, company=OWN, inspector=placed()),
    "survey_round": rows(during("held_on"), company=OWN, inspector=placed()),
    "credit_item": rows(during("determined_on"), company=OWN),
    "training_session": rows(company=ALL, inspector=ALL, agency=ALL, training=ALL),
    "enrollment": rows(company=OWN, training=ALL),
    "meeting": rows(during("held_on")),
    "action_item": rows(
        "{t}.meeting_id IN (SELECT m.id FROM meeting m WHERE " + during("held_on").replace("{t}", "m") + ")"
    ),
    "rulebook": rows(public=ALL),
    "rulebook_version": rows(public="{t}.state IN ('IN_FORCE', 'RETIRED')", rules=ALL),
    "cycle": rows("({t}.id = {cycle} OR {t}.whole_id = {cycle})", public=ALL),
    "score_run": rows(f"{{t}}.cycle_id IN {OF_CYCLE}", rules=ALL),
    "score_result": rows(OF_RUN, rules=ALL),
    "listing": rows(OF_RUN, public="{t}.state = 'PUBLISHED'", rules=ALL),
    "recommendation": rows(OF_RUN, rules=ALL),
    "import_batch": Rows({ViewerKind.BUREAU: (ALL,)}),
    "record": beyond(auditor=HERE_OR_NOWHERE, cycle_auditor=HERE_OR_NOWHERE, bureau=HERE_OR_NOWHERE),
    "audit_leaf": beyond(
        auditor="{t}.district_id = {district}",
        cycle_auditor="{t}.district_id = {district}",
        bureau="{t}.district_id = {district}",
        security=OF_SECURITY,
        audit=HERE_OR_NOWHERE,
    ),
}
"""Tables that viewers see rows of; of any other they see nothing."""

OF_PROGRAM: Final = ("audit_payload", "erasable_key")
"""Tables that only the program's own role may read: what the log's hashes stand for, and the keys to it."""

MASKED: Final[Mapping[str, Mapping[str, str]]] = {
    "person": {"name": "name_masked", "phone": "phone_masked"},
    "company": {"legal_representative": "legal_representative_masked"},
}
"""Personal columns and their masked twins."""

UNSHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "company": ("phone",),
    "area": ("head", "phone"),
    "compound": ("contact", "phone"),
    "mediation": ("mediator",),
    "meeting": ("chair", "participants"),
}
"""Personal columns that no field shows; no viewer's database role may read them."""

CLEAR: Final[Mapping[str, Mapping[ViewerKind, tuple[str, ...]]]] = {
    "person": {
        ViewerKind.COMPANY: (STAFF,),
        ViewerKind.INSPECTOR: (posted("{t}.id", " AND g.valid_to > current_date"),),
        ViewerKind.TRAINING: (pointing("enrollment", "person_id", ALL),),
        ViewerKind.BUREAU: (ALL,),
    },
    "company": {ViewerKind.COMPANY: ("{t}.id = {company}",), ViewerKind.BUREAU: (ALL,)},
}
"""Rows whose personal columns a kind reads clear: own staff, rosters, posts in own areas; the bureau with a purpose."""


def visible(table: str, row: str, viewer: Viewer, parameter: Parameter) -> list[str]:
    """Conditions under which the viewer sees a row; no condition = all rows of the table.

    >>> from uuid import UUID
    >>> visible("rulebook_version", "v", Viewer(UUID(int=1)), lambda value, cast: f"$1::{cast}")
    ['v.district_id = $1::uuid', "(v.state IN ('IN_FORCE', 'RETIRED'))"]
    """
    declared = ROWS.get(table, Rows({}))
    given = _Given(row, viewer, parameter)
    terms = [given.text("{t}.district_id = {district}")] if declared.of_district else []
    found = _seen(declared.kinds, viewer)
    if ALL not in found:
        terms.append(given.either(found))
    return terms


def shown(table: str, column: str, row: str, viewer: Viewer, parameter: Parameter) -> str:
    """The column as the viewer may read it, under its own name: masked, clear, or the one or the other row by row.

    >>> from uuid import UUID
    >>> shown("person", "name", "p", Viewer(UUID(int=1)), lambda value, cast: f"$1::{cast}")
    'p.name_masked AS name'
    """
    masked = MASKED.get(table, {}).get(column)
    if masked is None:
        return f"{row}.{column}"
    found = _seen(CLEAR[table], viewer)
    if not found or not _unmasks(viewer):
        return f"{row}.{masked} AS {column}"
    if ALL in found:
        return f"{row}.{column}"
    clear = _Given(row, viewer, parameter).either(found)
    return f"CASE WHEN {clear} THEN {row}.{column} ELSE {row}.{masked} END AS {column}"


def unmasked_by_purpose(viewer: Viewer) -> bool:
    """Whether this viewer reads personal columns in the clear for a stated purpose, which is to be logged."""
    return viewer.kinds == (ViewerKind.BUREAU,) and bool(viewer.purpose)


def _unmasks(viewer: Viewer) -> bool:
    return viewer.kinds != (ViewerKind.BUREAU,) or bool(viewer.purpose)


def _seen(kinds: Mapping[ViewerKind, tuple[str, ...]], viewer: Viewer) -> list[str]:
    """The alternatives of all kinds the viewer is of, without those over a bound the viewer does not have."""
    bounds = viewer.bounds
    return [
        text
        for kind in viewer.kinds
        for text in kinds.get(kind, ())
        if all(name == "t" or bounds[name] is not None for name in _names(text))
    ]


@cache
def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


class _Given(dict[str, str]):
    """The names in a condition, as text of a statement: each bound becomes a parameter where it is first used."""

    def __init__(self, row: str, viewer: Viewer, parameter: Parameter) -> None:
        super().__init__(t=row)
        self._viewer, self._parameter = viewer, parameter

    def __missing__(self, name: str) -> str:
        self[name] = self._parameter(self._viewer.bounds[name], CASTS[name])
        return self[name]

    def text(self, condition: str) -> str:
        """One condition."""
        return condition.format_map(self)

    def either(self, conditions: list[str]) -> str:
        """One of these; of none, never."""
        return f"({' OR '.join(map(self.text, conditions))})" if conditions else "false"


def policies() -> dict[tuple[str, str], str]:
    """The policy of each table for each kind of viewer, by (table, kind): what a SELECT by that kind's role may see.

    >>> policies()["enrollment", "training"].splitlines()[0]
    "(SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))"
    """
    return {
        (table, kind.value): _policy(table, declared, kind)
        for table, declared in ROWS.items()
        for kind in declared.kinds
    }


def _policy(table: str, declared: Rows, kind: ViewerKind) -> str:
    """Terms stand on a line each. Sub-selects make each setting be read once in a statement, not once a row."""
    names: Any = {name: _setting(name, cast) for name, cast in CASTS.items()} | {"t": table}
    terms = []
    if kind in MIXABLE:
        terms.append(f"(SELECT '{kind.value}' = ANY (string_to_array(current_setting('app.kinds', true), ',')))")
    if declared.of_district:
        terms.append("{t}.district_id = {district}".format_map(names))
    if ALL not in declared.kinds[kind]:
        either = [text.format_map(names) for text in declared.kinds[kind]]
        terms.append(either[0] if len(either) == 1 else f"({' OR '.join(either)})")
    return "\nAND ".join(terms)


def _setting(name: str, cast: str) -> str:
    read = f"(SELECT nullif(current_setting('app.{name}', true), '')::{cast})"
    return f"{read}::{cast}" if cast.endswith("[]") else read
