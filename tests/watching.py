"""Watches everything that is logged while the tests run: no secret and no number of a person may stand in it."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATTERNS: Final = {
    "mobile number": re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"),
    "identity number": re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])"),
    "access token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\."),
    "API key": re.compile(r"zhunze_[a-z0-9]{2,12}_[0-9a-f]{32}_[0-9a-f]{8}"),
    "authorization": re.compile(r"\b(?:Bearer|Basic) [\w.~+/=-]{8,}"),
    "password in an address": re.compile(r"\w+://[^\s/:@]+:[^\s/@]+@"),
    "private key": re.compile(r"PRIVATE KEY"),
}
STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def betrayed(text: str) -> list[str]:
    """What kinds of secrets a text holds."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]


class Watcher(logging.Handler):
    """Looks at each record as it is made: the message, what came with it, and the traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen = 0
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += 1
        more = {name: value for name, value in vars(record).items() if name not in STANDARD}
        text = f"{self.format(record)} {more}"
        self.found += [f"{record.name}: {kind}" for kind in betrayed(text)]


@contextmanager
def watching(*names: str) -> Iterator[Watcher]:
    """A watcher on these loggers; a logger that passes nothing on to its parents is named by itself."""
    watcher = Watcher()
    loggers = [logging.getLogger(name) for name in names]
    for each in loggers:
        each.addHandler(watcher)
    try:
        yield watcher
    finally:
        for each in loggers:
            each.removeHandler(watcher)
