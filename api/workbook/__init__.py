"""Workbooks of a district: read, checked, reported, and written back for correction."""

from api.workbook.diagnostics import Action, Diagnostic
from api.workbook.reader import read_workbook
from api.workbook.reading import Counts, Reading, RejectedRows, Rows
from api.workbook.registry import Charge, KnownKeys

__all__ = ["Action", "Charge", "Counts", "Diagnostic", "KnownKeys", "Reading", "RejectedRows", "Rows", "read_workbook"]
