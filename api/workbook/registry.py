"""The keys that rows may refer to: those stored in the district already, and those of the file's accepted rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from api.workbook.draft import Draft


@dataclass(frozen=True, slots=True)
class Charge:
    """A stored contract: the days on which its company is in charge, both included; no last day = still in charge."""

    contract_no: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What the district has stored, as far as a file may refer to it or contradict it."""

    keys: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Noun → business keys."""
    item_caps: Mapping[str, Decimal] = field(default_factory=dict)
    """Code of a checklist item → the most points it may cost."""
    inspection_compounds: Mapping[str, str] = field(default_factory=dict)
    """Number of an inspection → code of its compound."""
    charges: Mapping[str, Sequence[Charge]] = field(default_factory=dict)
    """Code of a compound → contracts."""


class Registry:
    """Keys by noun, growing sheet by sheet in the order of references."""

    def __init__(self, known: KnownKeys) -> None:
        self.known = known
        self.keys: dict[str, set[object]] = {noun: set(keys) for noun, keys in known.keys.items()}
        self.lost: dict[str, set[object]] = {}
        """Keys of rows that stood in the file but were left out."""
        self.refused: set[str] = set()
        """Nouns whose sheet was left out: what refers to them cannot be judged."""
        self.item_caps: dict[object, object] = dict(known.item_caps.items())
        self.compounds: dict[object, object] = dict(known.inspection_compounds.items())

    def of(self, noun: str) -> set[object]:
        """Keys of a noun that may be referred to."""
        return self.keys.get(noun, set())

    def add(self, draft: Draft) -> None:
        """Enter the accepted rows of a sheet."""
        noun = draft.sheet.noun
        if draft.refusals:
            self.refused.add(noun)
            return
        if len(draft.sheet.key) == 1:
            key = draft.sheet.key[0]
            self.keys.setdefault(noun, set()).update(draft.accepted(key))
            self.lost[noun] = {draft.values[key][row] for row in draft.rejected}
        if noun == "checklist_item":
            self.item_caps.update(zip(draft.accepted("code"), draft.accepted("points_max"), strict=True))
        if noun == "inspection":
            self.compounds.update(zip(draft.accepted("number"), draft.accepted("compound_code"), strict=True))
