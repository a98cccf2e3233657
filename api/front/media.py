"""What stands in the headers of a request: media types, languages, how much they are."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from starlette.datastructures import Headers

from api import clock
from api.front import refusals
from api.front.limits import HEADERS_MAX
from api.front.refusals import Inadmissible

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Media(StrEnum):
    """Forms of an answer."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"


def accepted(header: str | None) -> Media:
    """The form of answer that the caller likes best; `Inadmissible` if there is none.

    >>> accepted(None), accepted("*/*"), accepted("application/json, application/graphql-response+json").name
    (<Media.JSON: 'application/json'>, <Media.JSON: 'application/json'>, 'GRAPHQL')
    """
    if header is None or not header.strip():
        return Media.JSON
    liked = dict(_liked(header))
    best: tuple[float, int, Media] | None = None
    for rank, (media, wide) in enumerate(((Media.EVENTS, False), (Media.JSON, True), (Media.GRAPHQL, True))):
        quality, said = _quality(media, liked, wide=wide)
        # Of two that are liked equally, the one that was named wins over the one a wildcard covers.
        offer = (quality, rank if said else -1, media)
        if quality > 0 and (best is None or offer[:2] > best[:2] or (offer[:2] == best[:2] and media is Media.JSON)):
            best = offer
    if best is None:
        raise Inadmissible(refusals.NOT_ACCEPTABLE)
    return best[2]


def _quality(media: Media, liked: dict[str, float], *, wide: bool) -> tuple[float, bool]:
    """How much a form is liked, and whether by its name."""
    if media in liked:
        return liked[media], True
    if wide:
        for wildcard in ("application/*", "*/*"):
            if wildcard in liked:
                return liked[wildcard], False
    return 0.0, False


def _liked(header: str) -> Iterable[tuple[str, float]]:
    for each in header.split(","):
        name, *parameters = (part.strip().lower() for part in each.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _number(value.strip())
        yield name, quality


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.[0-9]{0,3})?", text) else 0.0


def require_json(headers: Headers) -> None:
    """`Inadmissible` unless the body is said to be JSON in UTF-8, as it is."""
    kind, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charset = [each.partition("=")[2].strip('" ') for each in parameters if each.startswith("charset")]
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if kind != "application/json" or any(each not in {"utf-8", "utf8"} for each in charset) or encoding != "identity":
        raise Inadmissible(refusals.WRONG_MEDIA)


def within_bounds(headers: Headers) -> bool:
    """Whether the headers are few and short enough."""
    return sum(len(name) + len(value) + 4 for name, value in headers.raw) <= HEADERS_MAX


def language(header: str | None) -> str | None:
    """The language in which errors are told, `zh` or `en`; None = both.

    >>> language("en-GB, zh;q=0.5"), language("zh-TW"), language("fr"), language(None)
    ('en', 'zh', None, None)
    """
    liked = sorted(_liked(header or ""), key=lambda each: -each[1])
    return next((name[:2] for name, quality in liked if name[:2] in {"zh", "en"} and quality > 0), None)


def request_id(offered: str | None) -> str:
    """The caller's request id if it is a usable one, else a new one."""
    return offered if offered and REQUEST_ID.fullmatch(offered) else clock.new_id().hex
