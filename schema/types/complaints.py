"""The taxonomy of hotline cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from schema import tables
from schema.directives import bounded
from schema.fields import after, column, instance, only_text, stored
from schema.kinds import json_value
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.complaints import CATEGORY, categories

UNMAPPED: Mapping[str, Any] = {"code": "UNMAPPED", "label": "未归类", "aliases": [], "counts_for_score": False}
"""Where cases stand whose category the list does not have."""


@stored(tables.ComplaintCategory, "", "Item of the taxonomy; two levels.")
class ComplaintCategory:
    """An item."""

    code: str = column(tables.ComplaintCategory.code, "Item code.")
    label: str = only_text(tables.ComplaintCategory.label, "Item name (小项).")
    aliases: list[str] = after(
        lambda names, _today: json_value(names),
        "Names folded into it; an unknown name maps to UNMAPPED, never fails.",
        tables.ComplaintCategory.aliases,
    )
    counts_for_score: bool = column(tables.ComplaintCategory.counts_for_score, "May enter a score.")


def category(row: Mapping[str, Any] | None) -> ComplaintCategory:
    """The item of a row; without one, the item for what the list does not have."""
    found: ComplaintCategory = instance(ComplaintCategory, UNMAPPED if row is None else row)
    return found


@strawberry.type(description="Version of the case taxonomy (诉求分类).")
class ComplaintTaxonomy:
    """All items of the district's list."""

    categories: list[ComplaintCategory] = strawberry.field(description="All items, in order.", directives=[bounded(60)])


async def of_complaints(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The category of each case; a key is its category's id or null."""
    listed = {row["id"]: row for row in await turn.fetch(categories(at))}
    return {key: category(listed.get(key[0])) for key in keys}


async def taxonomies(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The list of the district."""
    listed = [category(row) for row in await turn.fetch(categories(at))]
    return dict.fromkeys(keys, ComplaintTaxonomy(categories=listed))


def category_of(row: Mapping[str, Any], _arguments: object) -> object:
    """The key of a case's category."""
    return (row["category_id"],)


assert set(CATEGORY) >= set(UNMAPPED), "what is shown of an item is read"
