"""The watcher over the logs of all tests sees what it is there for."""

import logging

import pytest

from tests.watching import betrayed, watching

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ6aGFuZyJ9.c2ln"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("reached 13812345678 at last", "mobile number"),
        ("holder 430304199001011234", "identity number"),
        (f"token {TOKEN}", "access token"),
        ("key zhunze_live_" + "0" * 32 + "_" + "a" * 48, "API key"),
        ("Authorization: Bearer abcdefgh", "authorization"),
        ("postgresql://zhunze_app:geheim@db/zhunze", "password in an address"),
        ("-----BEGIN PRIVATE KEY-----", "private key"),
    ],
)
def test_each_kind_is_seen(text: str, kind: str) -> None:
    assert betrayed(text) == [kind]


@pytest.mark.parametrize(
    "text",
    ["138****1234", "request 4f13812345678ab", "2026-11-22T07:50:00.123Z", "postgresql://zhunze_app@db/zhunze", ""],
)
def test_what_is_harmless_is_passed_over(text: str) -> None:
    assert betrayed(text) == []


def test_messages_and_what_comes_with_them_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("zhunze.watched")
    monkeypatch.setattr(logger, "parent", None)
    with watching("zhunze.watched") as watcher:
        logger.warning("called %s", "13812345678")
        logger.warning("asked", extra={"facts": {"token": TOKEN}})
        logger.warning("nothing")
    assert watcher.seen == 3
    assert watcher.found == ["zhunze.watched: mobile number", "zhunze.watched: access token"]
