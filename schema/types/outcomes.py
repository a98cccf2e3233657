"""What a result says beside its figures: bands, reasons and recommendations in its rulebook's words, and its peers."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import strawberry

from schema.answers import said_in
from schema.arguments import Lang, Language
from schema.codes import shown
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.scores import Count, Peers, counts, peers, wordings
from schema.types.rulebooks import Band
from schema.wording import Wording
from schema.words import Words

PERCENT_PLACES = Decimal("0.01")


def mid_rank(totals: Sequence[Decimal], total: Decimal | None) -> Decimal | None:
    """Which percentage of the totals is below one of them, ties counted by half, rounded once to 2 decimals.

    >>> ninety, seventy = Decimal(90), Decimal(70)
    >>> mid_rank((ninety, seventy, seventy), ninety), mid_rank((ninety, seventy, seventy), seventy)
    (Decimal('83.33'), Decimal('33.33'))
    """
    if total is None:
        return None
    below, equal = sum(each < total for each in totals), sum(each == total for each in totals)
    return (Decimal(100 * (2 * below + equal)) / (2 * len(totals))).quantize(PERCENT_PLACES, ROUND_HALF_UP)


@strawberry.type(description="Why there is no result.")
class NotRatedReason:
    """A requirement of the rulebook that is not met."""

    words: strawberry.Private[Words]
    code: str = strawberry.field(description="Code, e.g. FEW_INSPECTIONS, FEW_DAYS.")
    clause: str | None = strawberry.field(description="Clause of the rulebook.")

    @shown("Sentence.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(self.words.by_language(), lang)


@strawberry.type(description="What the rules recommend; computed, changes nothing (处理建议).")
class Recommendation:
    """A recommendation of the rulebook."""

    words: strawberry.Private[Words]
    code: str = strawberry.field(
        description="Code, e.g. PROPOSE_EXIT, WATCH_NO_NEW_CONTRACTS, INTERVIEW, COMMEND, NOT_RATED, NONE."
    )
    clause: str | None = strawberry.field(description="Clause of the rulebook.")

    @shown("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """As the rulebook says it."""
        return said_in(self.words.by_language(), lang)


@strawberry.type(description="Count of one band.")
class BandCount:
    """How many companies are in a band."""

    band: Band = strawberry.field(description="Band.")
    count: int = strawberry.field(description="Companies.")


@strawberry.type(description="Peer group.")
class Cohort:
    """The results that a result is compared with: those of the same run and grain that have a total."""

    peers: strawberry.Private[Peers]
    words: strawberry.Private[Words]
    total: strawberry.Private[Decimal | None]

    @shown("Name.")
    def label(self, lang: Language = Lang.ZH_CN) -> str:
        """The grain's name in the rulebook."""
        return said_in(self.words.by_language(), lang)

    @shown("Members.")
    def size(self) -> int:
        """Results with a total."""
        return len(self.peers.totals)

    @shown("Mid-rank percentile; null below the minimum size.")
    def percentile(self) -> Decimal | None:
        """0 to 100: those below and half of those equal; null without a total."""
        return mid_rank(self.peers.totals, self.total)

    @shown("Median total; null below the minimum size.")
    def median(self) -> Decimal | None:
        """Null without members; no rulebook states a minimum yet."""
        return self.peers.median


def _reason(words: Wording, grain: str, code: str) -> NotRatedReason:
    return NotRatedReason(words=words.words(code), code=code, clause=words.clause(grain, code))


def _put(words: Wording, grain: str, what: str, code: Any) -> Any:
    match what:
        case "band":
            return Band(grade=words.grade(grain, code))
        case "recommendation":
            return Recommendation(words=words.words(code), code=code, clause=words.recommended_by(grain, code))
        case _:
            return [_reason(words, grain, each) for each in code]


async def worded(at: Moment, turn: Turn, keys: Keys) -> Found:
    """Codes of results in the words of their rulebook versions; a key is (run, grain, what, code)."""
    found = await wordings(at, turn, sorted({run for run, *_ in keys}))
    return {key: _put(found[key[0]], *key[1:]) for key in keys}


async def distributions(at: Moment, turn: Turn, keys: Keys) -> Found:
    """Companies per band of each run, in the order of the scale."""
    found = await counts(at, turn, keys)
    words = await wordings(at, turn, keys)
    return {key: _scale(words[key], found[key]) for key in keys}


def _scale(words: Wording, found: Sequence[Count]) -> list[BandCount]:
    by_band = {(count.grain, count.band): count.companies for count in found}
    return [
        BandCount(band=Band(grade=grade), count=by_band.get((grain, grade.code), 0))
        for grain in sorted({count.grain for count in found})
        for grade in words.grades(grain)
    ]


async def cohorts(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The peers of each result; a key is (run, grain, total)."""
    groups = sorted({(run, grain) for run, grain, _ in keys})
    found = await peers(at, turn, groups)
    words = await wordings(at, turn, sorted({run for run, _ in groups}))
    return {
        (run, grain, total): Cohort(peers=found[run, grain], words=words[run].words(grain), total=total)
        for run, grain, total in keys
    }
