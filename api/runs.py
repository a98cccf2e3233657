"""Score runs as they are kept: inputs and outputs by hash, results by subject, what later periods may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from api import clock
from api.bulk import add_rows
from api.cycles import Cycle
from api.rulebooks import Version
from schema.tables.scores import NON_VALUES, UNRANKED
from scoring.evaluation import Evaluation
from scoring.explain import why
from scoring.hashing import digest
from scoring.past import PastResult
from scoring.plan import ENGINE
from scoring.results import Result, codes_in, results
from scoring.rulebook import document as doc
from scoring.values import NonValue, encode


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run whose remembered results are read."""

    run_id: UUID
    result: PastResult


@dataclass(frozen=True, slots=True)
class Made:
    """A run as kept; `repeated` = the same inputs had been scored last and nothing was written."""

    id: UUID
    label: str
    kind: str
    input_hash: str
    result_hash: str
    evidence_rows: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What a run was given beside evidence: the runs of its parts, as kept and as evaluated, and earlier results."""

    runs: tuple[Made, ...] = ()
    parts: tuple[Evaluation, ...] | None = None
    history: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Under what a run is kept."""

    district_id: UUID
    version: Version
    kind: str
    known_at: datetime
    given: Given
    evidence_rows: int


@dataclass(frozen=True, slots=True)
class Subjects:
    """Ids of what the results are about, by the keys the rulebook knows."""

    companies: Mapping[str, UUID]
    compounds: Mapping[str, tuple[UUID, UUID, UUID]]
    inspections: Mapping[str, tuple[UUID, UUID | None]] = field(default_factory=dict)


async def history(connection: asyncpg.Connection, cycle: Cycle, version: Version) -> tuple[Earlier, ...]:
    """The earlier cycles of the same length, one run each: the newest of this version, else the newest official one."""
    rows = await connection.fetch(
        """SELECT DISTINCT ON (c.id) r.id, r.remembered
        FROM cycle c JOIN score_run r ON r.cycle_id = c.id AND r.state = 'SUCCEEDED'
        WHERE c.rulebook_id = $1 AND c.kind = $2 AND c.first_day < $3
            AND (r.rulebook_version_id = $4 OR r.kind = 'OFFICIAL')
        ORDER BY c.id, (r.rulebook_version_id = $4) DESC, r.given_at DESC, r.id DESC""",
        *(version.rulebook_id, cycle.kind, cycle.first_day, version.id),
    )
    earlier = [Earlier(row["id"], PastResult.from_json(row["remembered"])) for row in rows]
    return tuple(sorted(earlier, key=lambda each: each.result.period))


async def keep(connection: asyncpg.Connection, cycle: Cycle, evaluation: Evaluation, kept: Kept) -> Made:
    """Store a run with its results, unless the same inputs were scored before."""
    rulebook_hash = evaluation.plan.rulebook.hash
    inputs = {"rulebook": rulebook_hash, "evidence": evaluation.evidence_hash, "engine": ENGINE}
    input_hash = digest(inputs)
    found = await connection.fetchrow(
        "SELECT id, result_hash FROM score_run WHERE cycle_id = $1 AND input_hash = $2 AND kind = $3",
        *(cycle.id, input_hash, kept.kind),
    )
    if found is not None:
        assert found["result_hash"] == evaluation.result_hash, f"{cycle.label}: the same inputs gave other results"
        moved = await _give_again(connection, cycle, found["id"], kept)
        return Made(
            found["id"], cycle.label, kept.kind, input_hash, found["result_hash"], kept.evidence_rows, not moved
        )
    made = Made(
        clock.new_id(), cycle.label, kept.kind, input_hash, evaluation.result_hash, kept.evidence_rows, repeated=False
    )
    await _add_run(connection, cycle, evaluation, kept, made)
    await _add_results(connection, evaluation, kept, made, cycle)
    return made


async def _give_again(connection: asyncpg.Connection, cycle: Cycle, run_id: UUID, kept: Kept) -> bool:
    """Let a run made before count again, if another of its cycle and kind came after it; tells whether that was so."""
    newest = await connection.fetchval(
        "SELECT id FROM score_run WHERE cycle_id = $1 AND kind = $2 ORDER BY given_at DESC, id DESC LIMIT 1",
        *(cycle.id, kept.kind),
    )
    if newest == run_id:
        return False
    await connection.execute("UPDATE score_run SET given_at = $2 WHERE id = $1", run_id, kept.known_at)
    return True


async def _add_run(
    connection: asyncpg.Connection, cycle: Cycle, evaluation: Evaluation, kept: Kept, made: Made
) -> None:
    settings = {name: str(value) for name, value in sorted(evaluation.run.settings.items())}
    await connection.execute(
        """INSERT INTO score_run (id, district_id, cycle_id, rulebook_version_id, kind, state, valid_at, known_at,
            engine_version, rulebook_hash, evidence_hash, input_hash, result_hash, part_ids, history_ids, settings,
            remembered, evidence_rows, recorded_at, given_at)
        VALUES ($1, $2, $3, $4, $5, 'SUCCEEDED', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $7, $7)""",
        *(made.id, kept.district_id, cycle.id, kept.version.id, kept.kind, _start(cycle.evaluated_on), kept.known_at),
        *(ENGINE, evaluation.plan.rulebook.hash, evaluation.evidence_hash, made.input_hash, made.result_hash),
        _json([str(run.id) for run in kept.given.runs]),
        _json([str(each.run_id) for each in kept.given.history]),
        *(_json(settings), _json(evaluation.remembered().to_json()), made.evidence_rows),
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


async def subjects(connection: asyncpg.Connection, district_id: UUID) -> Subjects:
    """Ids of all companies, compounds and inspections a district's results can be about."""
    companies = await connection.fetch(
        "SELECT r.key, r.id FROM filing f JOIN record r ON r.id = f.company_id"
        " WHERE f.district_id = $1 AND f.superseded_at = 'infinity'",
        district_id,
    )
    compounds = await connection.fetch(
        "SELECT code, id, street_id, community_id FROM compound WHERE district_id = $1 AND superseded_at = 'infinity'",
        district_id,
    )
    inspections = await connection.fetch(
        "SELECT number, compound_id, company_id FROM inspection WHERE district_id = $1 AND superseded_at = 'infinity'",
        district_id,
    )
    return Subjects(
        {each["key"]: each["id"] for each in companies},
        {each["code"]: (each["id"], each["street_id"], each["community_id"]) for each in compounds},
        {each["number"]: (each["compound_id"], each["company_id"]) for each in inspections},
    )


def keys_of(document: doc.Document, result: Result) -> dict[str, str]:
    """The keys of a result by name: those of its grain, or the fact table itself."""
    grain = document.grains.get(result.grain)
    return dict(zip(grain.keys if grain else (result.grain,), result.key, strict=True))


def band_by_score(document: doc.Document, result: Result) -> str | None:
    """The band the score alone would give: that of the step table over the score at the same grain."""
    outcome = document.results[result.grain]
    for name, measure in document.measures.get(result.grain, {}).items():
        operator = measure.operator
        if isinstance(operator, doc.Steps) and outcome.score is not None and operator.of.text == outcome.score:
            value = result.measures[name]
            return value if isinstance(value, str) else None
    return None


def _placed(subjects: Subjects, keys: Mapping[str, str]) -> tuple[UUID | None, ...]:
    """Company, compound, street and community of a subject."""
    if "inspection" in keys:
        compound_id, company_id = subjects.inspections[keys["inspection"]]
        place = next(each for each in subjects.compounds.values() if each[0] == compound_id)
        return (company_id, *place)
    company_id = subjects.companies.get(keys.get("company", ""))
    compound = subjects.compounds.get(keys.get("compound", ""))
    return (company_id, *(compound or (None, None, None)))


def _total(score: Any) -> Decimal | None:
    """A score as stored for reading and sorting: six places at most; the exact one stands among the measures."""
    if score is None or isinstance(score, NonValue | str | bool):
        return None
    value = Fraction(score)
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return quotient.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class _Row:
    """A result on its way into the table."""

    id: UUID
    result: Result
    place: tuple[UUID | None, ...]
    band_by_score: str | None


def _rows(evaluation: Evaluation, about: Subjects) -> Iterator[_Row]:
    document = evaluation.plan.document
    found = list(results(evaluation))
    for identity, result in zip(clock.new_ids(len(found)), found, strict=True):
        place = _placed(about, keys_of(document, result))
        yield _Row(identity, result, place, band_by_score(document, result))


async def _add_results(
    connection: asyncpg.Connection, evaluation: Evaluation, kept: Kept, made: Made, cycle: Cycle
) -> None:
    rows = list(_rows(evaluation, await subjects(connection, kept.district_id)))
    records = [_record(row, (kept.district_id, made.id), cycle.first_day) for row in rows]
    await add_rows(connection, "score_result", columns=_COLUMNS, records=records)
    await _add_listings(connection, evaluation, rows, (kept.district_id, cycle.id, made.id))
    await _add_recommendations(connection, evaluation, rows, (kept.district_id, made.id))


_COLUMNS = (
    *("id", "district_id", "run_id", "grain", "subject", "company_id", "compound_id", "street_id", "community_id"),
    *("non_value", "reasons", "total", "band", "band_by_score", "rank", "listed", "recommendation", "measures"),
    *("period_from", "sort_rank"),
)


def _record(row: _Row, owner: tuple[UUID, UUID], first_day: date) -> tuple[Any, ...]:
    result = row.result
    return (
        *(row.id, *owner, result.grain, "/".join(result.key), *row.place),
        None if result.none is None else NON_VALUES[result.none.kind],
        _json([] if result.none is None else list(result.none.reasons)),
        *(_total(result.score), result.grade, row.band_by_score, result.rank),
        result.lists[0] if result.lists else None,
        result.recommendation,
        _json({name: encode(value) for name, value in result.measures.items()}),
        first_day,
        UNRANKED if result.rank is None else result.rank,
    )


def clause_behind(evaluation: Evaluation, result: Result, measure: str) -> str | None:
    """The clause of the row that decided a choice such as a list or a recommendation."""
    fired = [each.clause for each in why(evaluation, result.grain, result.key, measure) if each.holds]
    return fired[-1] if fired else None


async def _add_listings(
    connection: asyncpg.Connection, evaluation: Evaluation, rows: Sequence[_Row], ids: tuple[UUID, UUID, UUID]
) -> None:
    """List entries the rules propose, each with the clause that fired."""
    lists_of = evaluation.plan.document.results
    listed = [
        (row, colour, clause_behind(evaluation, row.result, measure))
        for row in rows
        for measure in lists_of[row.result.grain].lists
        for colour in codes_in(row.result.measures[measure])
    ]
    await add_rows(
        connection,
        "listing",
        columns=(
            *("id", "district_id", "cycle_id", "run_id", "result_id", "company_id", "compound_id"),
            *("colour", "clause", "state"),
        ),
        records=[
            (identity, *ids, row.id, row.place[0], row.place[1], colour, clause, "PROPOSED")
            for identity, (row, colour, clause) in zip(clock.new_ids(len(listed)), listed, strict=True)
        ],
    )


async def _add_recommendations(
    connection: asyncpg.Connection, evaluation: Evaluation, rows: Sequence[_Row], ids: tuple[UUID, UUID]
) -> None:
    """What the rules recommend for each result that can have a recommendation, with the clause that fired."""
    results_of = evaluation.plan.document.results
    recommended = [
        (row, measure)
        for row in rows
        if row.result.recommendation is not None and (measure := results_of[row.result.grain].recommendation)
    ]
    await add_rows(
        connection,
        "recommendation",
        columns=("id", "district_id", "run_id", "result_id", "company_id", "code", "clause"),
        records=[
            (
                *(identity, *ids, row.id, row.place[0], row.result.recommendation),
                clause_behind(evaluation, row.result, measure),
            )
            for identity, (row, measure) in zip(clock.new_ids(len(recommended)), recommended, strict=True)
        ],
    )
