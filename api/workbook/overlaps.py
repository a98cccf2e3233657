"""Contracts of one compound: on any day at most one company is in charge."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date

from api.workbook.draft import Draft
from api.workbook.flaws import reject
from api.workbook.registry import Charge, Registry


class _Calendar:
    """Charges of one compound that do not overlap, by first day."""

    def __init__(self) -> None:
        self.first_days: list[date] = []
        self.charges: list[Charge] = []

    def clash(self, charge: Charge) -> Charge | None:
        """The charge that has a day in common with this one, if there is one."""
        at = bisect_right(self.first_days, charge.first_day)
        if at and (before := self.charges[at - 1]) and (before.last_day or date.max) >= charge.first_day:
            return before
        if at < len(self.charges) and self.charges[at].first_day <= (charge.last_day or date.max):
            return self.charges[at]
        return None

    def enter(self, charge: Charge) -> None:
        """Enter a charge that clashes with none."""
        at = bisect_right(self.first_days, charge.first_day)
        self.first_days.insert(at, charge.first_day)
        self.charges.insert(at, charge)


def check_overlaps(draft: Draft, registry: Registry) -> None:
    """Leave out contracts that overlap one stored, or one further up in the file; days of charge decide, not terms."""
    calendars: dict[object, _Calendar] = defaultdict(_Calendar)
    replaced = set(draft.accepted("contract_no"))
    for compound, charges in registry.known.charges.items():
        for charge in charges:
            if charge.contract_no not in replaced:
                calendars[compound].enter(charge)
    fields = (draft.values[name] for name in ("contract_no", "compound_code", "starts_on", "ended_on"))
    for row, (contract_no, compound, first_day, last_day) in enumerate(zip(*fields, strict=True)):
        if row in draft.rejected or row in draft.skipped or not isinstance(first_day, date):
            continue
        charge = Charge(str(contract_no), first_day, last_day if isinstance(last_day, date) else None)
        if clash := calendars[compound].clash(charge):
            draft.flag(row, "starts_on", reject("overlapping_contract", clash.contract_no))
        else:
            calendars[compound].enter(charge)
