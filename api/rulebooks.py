"""The rulebooks of a district: find the text, know it again by its hash, keep every version."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import orjson

from api import clock
from api.refusals import Code, Refusal, Refused, Words
from schema import evidence
from schema.tables.scores import COLOURS
from scoring import rulebooks as shipped
from scoring.plan import Plan, plan
from scoring.rulebook import Rulebook, read
from scoring.rulebooks import names

SHIPPED = "yuetang-2025-1"
"""The rulebook a district is scored by unless another is named."""


@dataclass(frozen=True, slots=True)
class Text:
    """A rulebook as it was given: where it comes from, what it says; `adopted` if it is the district's own."""

    name: str
    source: str
    adopted: bool


def text_of(name: str | None) -> Text:
    """The rulebook of that name: a shipped one, or a file; None is the district's own.

    Refused NOT_FOUND if it is neither.
    """
    if name is None or name in names():
        chosen = name or SHIPPED
        return Text(f"{chosen}.yaml", shipped.text(chosen), adopted=True)
    path = Path(name)
    if not path.is_file():
        known = "、".join(names())
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words(f"没有规则文件 {name}。", f"There is no rulebook {name}."),
                Words(f"给出 YAML 文件,或随附的规则:{known}。", f"Name a YAML file, or one of those shipped: {known}."),
                ("rulebook",),
            )
        )
    try:
        return Text(path.name, path.read_text(encoding="utf-8"), adopted=False)
    except UnicodeDecodeError:
        raise Refused(
            Refusal(
                Code.INVALID,
                Words(f"{name} 不是 UTF-8 文本。", f"{name} is no UTF-8 text."),
                Words("用编辑器另存为 UTF-8 后再试。", "Save it as UTF-8 and try again."),
                ("rulebook",),
            )
        ) from None


def plan_of(text: Text) -> Plan:
    """The checked plan of a rulebook, all of whose facts the district collects.

    Raises RulebookRefused for a wrong text, Refused LINT_ERROR for facts that nobody collects.
    """
    made = plan(read(text.source, text.name))
    _refuse_unknown_lists(made)
    missing = evidence.not_collected(asked(made))
    if missing:
        listed = "、".join(missing)
        raise Refused(
            Refusal(
                Code.LINT_ERROR,
                Words(
                    f"规则要用到本区不采集的数据:{listed}。", f"The rulebook asks for facts not collected: {listed}."
                ),
                Words("删去这些数据,或改用已采集的表和列。", "Leave them out, or use tables and columns that are."),
                ("rulebook", "facts"),
            )
        )
    return made


def _refuse_unknown_lists(made: Plan) -> None:
    """Refuse a rulebook that puts a subject on a list the district does not keep."""
    kept = "、".join(COLOURS)
    for outcome in made.document.results.values():
        for name in outcome.lists:
            codes = made.scope.types[outcome.grain, name].codes
            other = ["…"] if codes is None else [code for code in codes if code not in (*COLOURS, "NONE")]
            if other:
                listed, where = "、".join(other), f"{outcome.grain}.{name}"
                zh = f"名单「{where}」会给出 {listed},本区只保存 {kept} 三种名单。"
                en = f"The list `{where}` may give {listed}; the district keeps the lists {', '.join(COLOURS)}."
                raise Refused(
                    Refusal(
                        Code.LINT_ERROR,
                        Words(zh, en),
                        Words(
                            f"改用 {kept} 或 NONE;其他代码可另设指标,不写入 results 的 lists。",
                            "Give one of these or NONE; keep other codes in a measure outside `lists`.",
                        ),
                        ("rulebook", "results", outcome.grain, "lists"),
                    )
                )


def asked(made: Plan) -> dict[str, tuple[str, ...]]:
    """The fact tables and columns a rulebook reads."""
    return {facts.name: tuple(name for name, _ in facts.columns) for facts in made.document.facts.values()}


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version of a rulebook; `known` = it was stored before."""

    id: UUID
    rulebook_id: UUID
    number: int
    state: str
    known: bool


async def stored(connection: asyncpg.Connection, district_id: UUID, made: Plan, text: Text) -> Version:
    """The version with this rulebook's hash, stored now if it is new; an adopted one retires the one before.

    The moment is the caller's transaction; an edited text has another hash and so is another version.
    """
    rulebook = made.rulebook
    rulebook_id = await _rulebook(connection, district_id, rulebook)
    found = await connection.fetchrow(
        "SELECT id, number, state FROM rulebook_version WHERE rulebook_id = $1 AND content_hash = $2",
        *(rulebook_id, rulebook.hash),
    )
    if found is not None and (found["state"] == "IN_FORCE" or not text.adopted):
        return Version(found["id"], rulebook_id, found["number"], found["state"], known=True)
    if text.adopted:
        await connection.execute(
            "UPDATE rulebook_version SET state = 'RETIRED', version = version + 1"
            " WHERE rulebook_id = $1 AND state = 'IN_FORCE'",
            rulebook_id,
        )
    if found is not None:
        await connection.execute(
            "UPDATE rulebook_version SET state = 'IN_FORCE', ground = 'IMPORTED', version = version + 1 WHERE id = $1",
            found["id"],
        )
        return Version(found["id"], rulebook_id, found["number"], "IN_FORCE", known=False)
    return await _add(connection, (district_id, rulebook_id), made, text)


async def _rulebook(connection: asyncpg.Connection, district_id: UUID, rulebook: Rulebook) -> UUID:
    found: UUID | None = await connection.fetchval(
        "SELECT id FROM rulebook WHERE district_id = $1 AND code = $2", district_id, rulebook.name
    )
    if found is not None:
        return found
    zh, en = rulebook.document.title
    made = clock.new_id()
    await connection.execute(
        "INSERT INTO rulebook (id, district_id, code, name) VALUES ($1, $2, $3, $4)",
        *(made, district_id, rulebook.name, orjson.dumps({"ZH_CN": zh, "EN": en}).decode()),
    )
    return made


async def _add(connection: asyncpg.Connection, owner: tuple[UUID, UUID], made: Plan, text: Text) -> Version:
    number = await connection.fetchval(
        "SELECT coalesce(max(number), 0) + 1 FROM rulebook_version WHERE rulebook_id = $1", owner[1]
    )
    state = "IN_FORCE" if text.adopted else "DRAFT"
    version_id, document = clock.new_id(), made.document
    await connection.execute(
        """INSERT INTO rulebook_version (id, version, district_id, rulebook_id, number, label, state, ground,
            content_hash, text, plan, source, in_force_from, in_force_until, recorded_at)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
        *(version_id, *owner, number, document.version, state, "IMPORTED" if text.adopted else None),
        *(made.rulebook.hash, made.rulebook.canonical, made.canonical, text.source),
        *(document.start, document.until, clock.now()),
    )
    return Version(version_id, owner[1], number, state, known=False)
