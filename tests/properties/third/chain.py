"""A query that grows step by step: each step adds one column, so that no expression is ever written twice."""

from itertools import count

_NUMBERS = count()


def fresh(stem: str = "t") -> str:
    """Return a name nothing else has."""
    return f"{stem}_{next(_NUMBERS)}"


class Chain:
    """Rows of a table with more and more columns, read as `p.name`; `live` is the condition that a row is worked on."""

    def __init__(self, space: str, table: str) -> None:
        """Start with the columns of a table; `space` is the table or grain whose rows they are."""
        self.space, self.sql, self.live = space, f"SELECT * FROM {table}", "true"

    def add(self, value: str, join: str = "") -> str:
        """Add a column, perhaps from a table joined on, and return how it is read."""
        name = fresh()
        self.sql = f"SELECT p.*, {value} AS {name} FROM ({self.sql}) p {join}"
        return f"p.{name}"
