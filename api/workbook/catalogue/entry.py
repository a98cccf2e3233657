"""The shape of a kind of remark: a message, a remedy and the reason of a refusal."""

from dataclasses import dataclass

from schema.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of remark."""

    message: Words
    remedy: Words
    code: str = "INVALID"


def entry(message_zh: str, message_en: str, remedy_zh: str, remedy_en: str, code: str = "INVALID") -> Entry:
    """Make an entry; a refusal without a reason of its own is INVALID."""
    return Entry(Words(message_zh, message_en), Words(remedy_zh, remedy_en), code)
