"""Every kind of remark with its sentences in Chinese and English, and the reason the interface gives for it.

A sentence says where, what and why; the remedy says what to write instead. `{where}` is the sheet, cell and column. A
kind that speaks differently by action has an entry `kind:ACTION`.
"""

from collections.abc import Mapping

from api.workbook.catalogue.cells import READ
from api.workbook.catalogue.entry import Entry
from api.workbook.catalogue.files import FILES, LAYOUT
from api.workbook.catalogue.refusals import REFUSED, UNREAD
from api.workbook.catalogue.rows import KEPT, ROWS, UNKNOWN
from schema.words import Words

CATALOGUE: Mapping[str, Entry] = {**READ, **REFUSED, **UNREAD, **ROWS, **LAYOUT, **FILES}

__all__ = ["CATALOGUE", "KEPT", "LAYOUT", "UNKNOWN", "Entry", "Words"]
