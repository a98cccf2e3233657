"""A whole synthetic district as one workbook, for the demonstration."""

from datetime import date
from importlib.resources import files

NAME = "yuetang-2026H1.xlsx"
AS_OF = date(2026, 7, 10)
DISTRICT_NAME = "岳塘区"
PERIODS = ("2025H2", "2026H1")


def data() -> bytes:
    """The bytes of the sample workbook."""
    return files(__name__).joinpath(NAME).read_bytes()
