"""One text in the two languages of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and in English.

    >>> str(Words("忙", "busy")), Words("忙", "busy").by_language()
    ('忙\\nbusy', {'ZH_CN': '忙', 'EN': 'busy'})
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"

    def by_language(self) -> dict[str, str]:
        """The texts by language code; other languages fall back to Chinese."""
        return {"ZH_CN": self.zh, "EN": self.en}
