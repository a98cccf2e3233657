"""Show where a result comes from: a tree down to single findings, and why each rule did or did not fire."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import typer
from rich.text import Text
from rich.tree import Tree

from api.console.edge import OUTPUT
from api.cycles import stored_label
from api.database import Database
from api.districts import the_district
from api.export.results import parsed_period
from api.refusals import Code, Refusal, Refused, Words
from schema.explanations import Explained, explained
from scoring.explain import PLACES, Line
from scoring.labels import label_of
from scoring.values import NonValue, shown

NEWEST = """
    SELECT s.id, s.grain, s.band, s.rank, s.listed, s.recommendation, s.total, s.reasons, s.measures, r.kind,
        l.clause AS listed_by, a.clause AS recommended_by
    FROM score_result s JOIN score_run r ON r.id = s.run_id JOIN cycle c ON c.id = r.cycle_id
    LEFT JOIN listing l ON l.result_id = s.id LEFT JOIN recommendation a ON a.result_id = s.id
    WHERE c.district_id = $1 AND c.label = $2 AND ({condition})
    ORDER BY (r.kind = 'OFFICIAL') DESC, r.given_at DESC, r.id DESC LIMIT 1"""
GRAINS = {"company": "s.grain IN ('company', 'company_quarter')", "compound": "s.grain = 'compound_quarter'"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as stored, under the name of its subject, with its explanation."""

    name: str
    period: str
    stored: asyncpg.Record
    explained: Explained


async def explain_subject(database: Database, subject: str, period: str, district: str | None) -> Shown:
    """The newest result of a company or compound in a period, explained. Refused NOT_FOUND where there is none."""
    label = stored_label(parsed_period(period))
    async with database.reading_everything() as reading:
        connection = await Database.driver(reading)
        found = await the_district(connection, district)
        what, subject_id, name = await _subject(connection, found.id, subject)
        condition = f"s.{what}_id = $3 AND {GRAINS[what]}"
        row = await connection.fetchrow(NEWEST.format(condition=condition), found.id, label, subject_id)
        if row is None:
            raise Refused(
                Refusal(
                    Code.NOT_FOUND,
                    Words(f"{name}在 {period} 没有评分结果。", f"{name} has no result for {period}."),
                    Words(f"先用 zhunze score {period} 评分。", f"Score it first: zhunze score {period}."),
                )
            )
        return Shown(name, label, row, (await explained(connection, [row["id"]]))[row["id"]])


async def _subject(connection: asyncpg.Connection, district_id: UUID, subject: str) -> tuple[str, UUID, str]:
    """What a clerk means: a credit code, a company's full name, a compound's code."""
    row = await connection.fetchrow(
        """SELECT 'company' AS what, c.id, c.name FROM company c
            WHERE c.superseded_at = 'infinity' AND (c.uscc = upper($2) OR c.name = $2)
        UNION ALL SELECT 'compound', id, name FROM compound
            WHERE superseded_at = 'infinity' AND district_id = $1 AND code IN ($2, upper($2)) LIMIT 1""",
        *(district_id, subject.strip()),
    )
    if row is None:
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words(f"没有企业或小区「{subject}」。", f"There is no company or compound {subject}."),
                Words(
                    "请给出统一社会信用代码、企业全名或小区编码。",
                    "Give a credit code, a company's name or a compound's code.",
                ),
            )
        )
    return row["what"], row["id"], row["name"]


def points(millionths: int) -> str:
    """Millionths of a point as points, without trailing zeros.

    >>> points(97578000), points(-4529)
    ('97.578', '-0.004529')
    """
    text = f"{Decimal(millionths).scaleb(-PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(found: Shown, *, depth: int, as_json: bool) -> None:
    """Print the tree, or all of it as JSON."""
    if as_json:
        typer.echo(orjson.dumps(as_plain(found), option=orjson.OPT_INDENT_2).decode())
        return
    OUTPUT.print(f"{found.name}  {found.period}  {found.stored['kind']}", markup=False)
    for line in _outcome(found):
        OUTPUT.print(line, markup=False)
    OUTPUT.print(_tree(found.explained.lines, depth), soft_wrap=False)


def _outcome(found: Shown) -> Iterator[str]:
    """Rank, grade, list, recommendation and reasons, in words, each with the clause that fired."""
    stored, document = found.stored, found.explained.evaluation.plan.document

    def words(code: str, clause: str | None = None) -> str:
        zh, en = label_of(document, code)
        return f"{zh} {en}" + (f"  第 {clause} 条" if clause else "")

    if stored["rank"]:
        yield f"名次 rank: {stored['rank']}"
    if stored["band"]:
        yield f"等级 grade: {words(stored['band'])}"
    for reason in stored["reasons"]:
        yield f"不予评定 not rated: {words(reason)}"
    for name, value in stored["measures"].items():
        if isinstance(value, list) and value:
            zh, en = label_of(document, f"{stored['grain']}.{name}", name)
            yield f"{zh} {en}: {', '.join(str(each) for each in value)}"
    if stored["listed"]:
        yield f"榜单 list: {words(stored['listed'], stored['listed_by'])}"
    if stored["recommendation"]:
        yield f"处理建议 recommendation: {words(stored['recommendation'], stored['recommended_by'])}"


def _tree(lines: Sequence[Line], depth: int) -> Tree:
    nodes: dict[str, tuple[Tree, int]] = {}
    root = Tree(_line(lines[0]))
    nodes[lines[0].path] = (root, 1)
    for line in lines[1:]:
        assert line.parent is not None, "only the first line has no parent"
        parent = nodes.get(line.parent)
        if parent is not None and parent[1] < depth:
            nodes[line.path] = (parent[0].add(_line(line)), parent[1] + 1)
    return root


def _line(line: Line) -> Text:
    """One line: points, label, formula, clause, and what a cap absorbed."""
    gone = line.none is not None
    text = Text(f"{'–' if gone else points(line.points):>12}  ", style="red" if line.points < 0 else "")
    text.append(line.label[0], style="bold")
    if line.none is not None:
        text.append(f"  {line.none.kind} {', '.join(line.none.reasons)}", style="yellow")
    if line.formula:
        text.append(f"  {line.formula}")
    if line.lost_to_cap:
        text.append(f"  封顶吸收 cap absorbed {points(line.lost_to_cap)}", style="cyan")
    if line.clause:
        text.append(f"  第 {line.clause} 条", style="dim")
    return text


def as_plain(found: Shown) -> dict[str, Any]:
    """The whole explanation as plain JSON: points as decimal text, facts as (table, row)."""
    return {
        "subject": found.name,
        "period": found.period,
        "total": None if found.stored["total"] is None else points(int(found.stored["total"].scaleb(PLACES))),
        "lines": [
            {
                "path": line.path,
                "parent": line.parent,
                "kind": line.kind,
                "label": {"zh": line.label[0], "en": line.label[1]},
                "clause": line.clause,
                "value": None if line.value is None or isinstance(line.value, NonValue) else shown(line.value),
                "none": None if line.none is None else {"kind": line.none.kind, "reasons": list(line.none.reasons)},
                "weight": None if line.weight is None else str(line.weight),
                "points": points(line.points),
                "points_max": None if line.points_max is None else points(line.points_max),
                "lost_to_cap": points(line.lost_to_cap),
                "formula": line.formula,
                "sentence": {"zh": line.sentence[0], "en": line.sentence[1]},
                "facts": [list(each) for each in line.facts],
            }
            for line in found.explained.lines
        ],
    }
