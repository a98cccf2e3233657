"""Random facts for the tables of made rulebooks, gaps and half-open intervals among them."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.properties.formulas import CODES

FIRST = date(2023, 11, 1)
Rows = list[dict[str, Any]]


class Scribe:
    """Writes facts for tables of one shape: the places of their numbers, and which columns may be empty."""

    def __init__(self, random: Random, places: Mapping[str, int], optional: Mapping[str, bool]) -> None:
        """Keep the shape."""
        self.random, self.places, self.optional = random, places, optional

    def amount(self, name: str, low: int, high: int) -> str:
        """Return a number of a column."""
        whole, places = self.random.randrange(low, high), self.places[name]
        if not places or whole < 0:
            return str(whole)
        return f"{whole}.{self.random.randrange(10**places):0{places}d}"

    def moment(self) -> str:
        """Return a day."""
        return (FIRST + timedelta(days=self.random.randrange(730))).isoformat()

    def perhaps(self, name: str, value: Any) -> Any:
        """Return a value, or nothing where the column may be empty."""
        return None if self.optional[name] and self.random.random() < 0.3 else value

    def facts(self) -> dict[str, Rows]:
        """Return facts for all tables, in no order."""
        sites = [self.site(at) for at in range(self.random.randrange(1, 7))]
        tables = {
            "firm": [self.firm(at) for at in range(4)],
            "site": sites,
            "event": [self.event(at, sites) for at in range(self.random.choice([0, 3, 25, 25, 60]))],
            "held": self.tenures(sites),
        }
        for rows in tables.values():
            self.random.shuffle(rows)
        return tables

    def firm(self, at: int) -> dict[str, Any]:
        """Return a firm."""
        return {"id": f"F{at}", "worth": self.amount("worth", -50, 499), "big": self.random.random() < 0.5}

    def site(self, at: int) -> dict[str, Any]:
        """Return a site of one of the firms."""
        row = {"id": f"S{at}", "firm": f"F{self.random.randrange(4)}", "size": self.amount("size", 0, 89)}
        return row | {"class": self.random.choice("SL"), "opened": self.moment()}

    def event(self, at: int, sites: Rows) -> dict[str, Any]:
        """Return an event at one of the sites."""
        row = {"id": f"E{at}", "site": self.perhaps("site", self.random.choice(sites)["id"]), "day": self.moment()}
        row |= {"points": self.perhaps("points", self.amount("points", -90, 89)), "fee": self.amount("fee", 0, 40)}
        row |= {"kind": self.random.choice(CODES), "tag": self.perhaps("tag", self.random.choice(CODES))}
        return row | {"paid": self.random.random() < 0.6, "closed": self.perhaps("closed", self.moment())}

    def tenures(self, sites: Rows) -> Rows:
        """Return who held which site when: intervals without overlap, some open, some of no day."""
        rows: Rows = []
        for site in sites:
            start = FIRST
            for turn in range(self.random.randrange(3)):
                start += timedelta(days=self.random.randrange(1, 200))
                until = start + timedelta(days=self.random.randrange(-1, 150))
                no_start, no_end = turn == 0 and self.random.random() < 0.2, self.random.random() < 0.2
                since, end = None if no_start else start.isoformat(), None if no_end else until.isoformat()
                row = {"id": f"H{len(rows)}", "site": site["id"], "since": since, "until": end}
                rows.append(row | {"share": str(len(rows) % 3)})
                if no_end:
                    break
                start = max(start, until)
        return rows
