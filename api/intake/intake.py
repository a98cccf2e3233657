"""What the steps of one import share: the reading, the ids of records, and who is in charge where."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from api.knowledge import Knowledge
from api.workbook import Reading, Rows
from schema.tables import District
from schema.tables.base import Known
from schema.tables.companies import IN_CHARGE

Columns = dict[str, Sequence[Any]]


def private_key(kind: str, *parts: str | None) -> str:
    """The business key of a person who has no number: a digest, so that no name stands in a key.

    >>> private_key("staff", "91430399MA8PH6PD9J", "张三") == private_key("staff", "91430399MA8PH6PD9J", "张三")
    True
    """
    return f"{kind}/{sha256('|'.join(part or '' for part in parts).encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a compound lies."""

    compound_id: UUID
    street_id: UUID
    community_id: UUID


@dataclass(slots=True)
class InCharge:
    """Which company was in charge of a compound on a day; at most one."""

    spells: Mapping[UUID, Sequence[tuple[date, date, UUID]]]

    def on(self, compound_id: UUID | None, day: date) -> UUID | None:
        """The company in charge, None if nobody was."""
        if compound_id is None:
            return None
        for first, end, company_id in self.spells.get(compound_id, ()):
            if first <= day < end:
                return company_id
        return None


@dataclass(slots=True)
class Intake:
    """One import in progress."""

    reading: Reading
    knowledge: Knowledge
    district: District
    as_of: date
    stated: dict[str, set[UUID]] = field(default_factory=dict)
    recharged: set[UUID] = field(default_factory=set)
    _ids: dict[str, dict[str, UUID]] = field(default_factory=dict)
    _places: dict[str, Place] | None = None
    _in_charge: InCharge | None = None

    def rows(self, noun: str) -> Rows:
        """The accepted rows of a noun."""
        return self.reading.rows[noun]

    def plain(self, noun: str, *fields: str) -> Columns:
        """Fields that are stored as they were read; those whose column was absent are left out."""
        rows = self.rows(noun)
        return {name: rows.column(name) for name in fields if name in rows.present}

    async def ids(self, noun: str, keys: Iterable[str | None] = ()) -> Mapping[str, UUID]:
        """Record ids by business key, asked of the database once per key."""
        have = self._ids.setdefault(noun, {})
        missing = {key for key in keys if key is not None} - have.keys()
        if missing:
            have |= await self.knowledge.identities(noun, sorted(missing), everywhere=noun == "company")
        return have

    async def references(self, noun: str, keys: Sequence[str | None]) -> list[UUID | None]:
        """The id of each key, None where there is none."""
        have = await self.ids(noun, keys)
        return [None if key is None else have[key] for key in keys]

    async def put(
        self,
        noun: type[Known],
        ids: Sequence[UUID],
        columns: Mapping[str, Sequence[Any]],
        derived: Collection[str] = (),
    ) -> None:
        """State these columns of these records."""
        rows = list(zip(ids, *columns.values(), strict=True))
        await self.knowledge.put(noun, tuple(columns), rows, derived=frozenset(derived))
        self.stated.setdefault(str(noun.__tablename__), set()).update(ids)

    async def places(self) -> Mapping[str, Place]:
        """Where each compound known now lies, by its code."""
        if self._places is None:
            found = await self.knowledge.connection.fetch(
                "SELECT code, id, street_id, community_id FROM compound"
                " WHERE district_id = $1 AND superseded_at = 'infinity'",
                self.knowledge.district_id,
            )
            self._places = {each["code"]: Place(each["id"], each["street_id"], each["community_id"]) for each in found}
        return self._places

    async def placed(self, codes: Sequence[str | None]) -> Columns:
        """Compound, street and community of each compound code."""
        places = await self.places()
        found = [None if code is None else places[code] for code in codes]
        return {
            "compound_id": [place and place.compound_id for place in found],
            "street_id": [place and place.street_id for place in found],
            "community_id": [place and place.community_id for place in found],
        }

    async def in_charge(self) -> InCharge:
        """Who is known now to be in charge where and when; read once the engagements of the file are in."""
        if self._in_charge is None:
            spells: dict[UUID, list[tuple[date, date, UUID]]] = {}
            for each in await self.knowledge.connection.fetch(
                "SELECT compound_id, valid_from, valid_to, company_id FROM engagement"
                f" WHERE district_id = $1 AND superseded_at = 'infinity' AND {IN_CHARGE}",
                self.knowledge.district_id,
            ):
                spell = (each["valid_from"], each["valid_to"], each["company_id"])
                spells.setdefault(each["compound_id"], []).append(spell)
            self._in_charge = InCharge(spells)
        return self._in_charge

    async def charged(self, compounds: Sequence[UUID | None], days: Sequence[date]) -> list[UUID | None]:
        """The company each fact is charged to: whoever was in charge of the compound that day."""
        in_charge = await self.in_charge()
        return [in_charge.on(compound, day) for compound, day in zip(compounds, days, strict=True)]
