"""Results computed before: of earlier periods, which rules look back on, and of the parts a period is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.diagnostics import Place
from scoring.periods import Period
from scoring.values import Value, decode, encode


@dataclass(frozen=True)
class PastResult:
    """Measures of a finished run: by grain, then by row key (as text), then by name.

    The values are those a caller of the engine sees; `to_json` and `from_json` keep them exactly.
    """

    period: Period
    rulebook: str
    rulebook_hash: str
    result_hash: str
    rows: Mapping[str, Mapping[tuple[str, ...], Mapping[str, Value]]]
    place: Place | None = field(default=None, compare=False)
    """Where it was read from, for what is said about it."""

    def value(self, grain: str, key: tuple[str, ...], name: str) -> Value | None:
        """Return one value, or None where that run had none to remember."""
        return self.rows.get(grain, {}).get(key, {}).get(name)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON, rows as [key, values] pairs."""
        return {
            "period": self.period.label,
            "unit": self.period.unit,
            "rulebook": self.rulebook,
            "rulebook_hash": self.rulebook_hash,
            "result_hash": self.result_hash,
            "rows": {
                grain: [
                    [list(key), {name: encode(value) for name, value in values.items()}] for key, values in many.items()
                ]
                for grain, many in self.rows.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PastResult":
        """Read back what `to_json` returned, as JSON text carries it.

        >>> past = PastResult(Period.parse("2025H2"), "r", "h", "x", {"company": {("A",): {"low": True}}})
        >>> PastResult.from_json(past.to_json()) == past
        True
        """
        rows = {
            grain: {tuple(key): {name: decode(value) for name, value in values.items()} for key, values in many}
            for grain, many in data["rows"].items()
        }
        period = Period.parse(data["period"])
        return cls(period, data["rulebook"], data["rulebook_hash"], data["result_hash"], rows)
