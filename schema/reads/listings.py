"""List entries: the rule behind each, and for how many cycles in a row it has stood."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.scores import wordings
from schema.reads.statement import Statement, conjunction
from schema.reads.where import Where, known, official_runs
from schema.shapes import source_named
from schema.wording import Rule


async def rules(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The rule of each entry's rulebook that gives its colour; a key is (run, colour)."""
    words = await wordings(at, turn, sorted({run for run, _ in keys}))
    found: dict[Any, Rule] = {}
    for run, colour in keys:
        stated = next((rule for rule in words[run].list_rules() if rule.gives == colour), None)
        found[run, colour] = stated or Rule(colour, words[run].words(colour), "", None)
    return found


async def streaks(at: Moment, turn: Turn, keys: Keys) -> Found:
    """Cycles in a row up to an entry's own in which its subject stood on its list.

    A key is (company, compound, colour, cycle). Cycles in a row are those of one rulebook and one length that have an
    official run.
    """
    order, own = await _cycles(at, turn)
    stood = await _stood(at, turn, keys)
    return {key: _streak(order[own[key[3]]], key, stood) for key in keys}


def _streak(order: list[UUID], key: Any, stood: dict[Any, set[UUID]]) -> int:
    back = reversed(order[: order.index(key[3]) + 1])
    on = stood[key[:3]]
    count = 0
    for cycle in back:
        if cycle not in on:
            break
        count += 1
    return count


async def _cycles(at: Moment, turn: Turn) -> tuple[dict[Any, list[UUID]], dict[UUID, Any]]:
    """Cycles with an official run in order, by rulebook and length, and the group of each cycle."""
    place = Where(Statement(), at, "c")
    scored = f"EXISTS (SELECT 1 FROM score_run s WHERE s.cycle_id = c.id AND s.id IN ({official_runs(place)}))"
    where = conjunction([scored, *known(source_named("cycle"), place)])
    rows = await turn.fetch(
        place.out.query(f"SELECT c.id, c.rulebook_id, c.kind FROM cycle c {where} ORDER BY c.last_day, c.id")
    )
    order: dict[Any, list[UUID]] = defaultdict(list)
    for row in rows:
        order[row["rulebook_id"], row["kind"]].append(row["id"])
    return order, {row["id"]: (row["rulebook_id"], row["kind"]) for row in rows}


async def _stood(at: Moment, turn: Turn, keys: Keys) -> dict[Any, set[UUID]]:
    """The cycles in which each subject stood on each list."""
    place = Where(Statement(), at)
    companies = place.out.parameter([key[0] for key in keys], "uuid[]")
    compounds = place.out.parameter([key[1] for key in keys], "uuid[]")
    where = conjunction(
        [
            f"(t.company_id = ANY({companies}) OR t.compound_id = ANY({compounds}))",
            f"t.run_id IN ({official_runs(place)})",
            *known(source_named("listing"), place),
        ]
    )
    columns = "t.company_id, t.compound_id, t.colour, t.cycle_id"
    found: dict[Any, set[UUID]] = defaultdict(set)
    for row in await turn.fetch(place.out.query(f"SELECT {columns} FROM listing t {where}")):
        found[row["company_id"], row["compound_id"], row["colour"]].add(row["cycle_id"])
    return found
