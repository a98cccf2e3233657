"""The provider's keys: read once, looked for again at most once a minute, waited for never long."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import api.auth.jwks
from api.auth.jwks import PublishedKeys, keys_in, reader
from tests.api.auth.provider import Provider

PROVIDER = Provider.made()


class Site:
    """Where the keys are published, and a clock of its own."""

    def __init__(self, *names: str) -> None:
        self.text, self.seconds, self.reads, self.pause = PROVIDER.key_set(*names), 0.0, 0, 0.0
        self.broken: Exception | None = None
        self.keys = PublishedKeys(self.read, lambda: self.seconds)

    async def read(self) -> bytes:
        self.reads += 1
        await asyncio.sleep(self.pause)
        if self.broken:
            raise self.broken
        return self.text

    async def has(self, kid: str) -> bool:
        return await self.keys.key(kid) is not None

    async def settled(self) -> None:
        """After every look under way."""
        for _ in range(5):
            await asyncio.sleep(0)


async def test_keys_are_read_once_for_many_callers() -> None:
    site = Site()
    assert await asyncio.gather(*(site.has("RS256") for _ in range(50))) == [True] * 50
    assert site.reads == 1


async def test_an_unknown_key_is_looked_for_at_most_once_a_minute() -> None:
    site = Site("RS256")
    assert await site.has("RS256")
    site.seconds = 30
    assert [await site.has(f"guess{n}") for n in range(100)] == [False] * 100
    assert site.reads == 1
    site.seconds, site.text = 61, PROVIDER.key_set("RS256", "EdDSA")
    assert await site.has("EdDSA")
    assert site.reads == 2


async def test_a_key_taken_back_goes_when_the_keys_are_read_again() -> None:
    site = Site("RS256", "EdDSA")
    assert await site.has("EdDSA")
    site.seconds, site.text = 601, PROVIDER.key_set("RS256")
    assert await site.has("EdDSA")
    await site.settled()
    assert not await site.has("EdDSA")
    assert await site.has("RS256")


@pytest.mark.parametrize("broken", [OSError("away"), ValueError("no key set"), TimeoutError()])
async def test_keys_serve_on_for_an_hour_while_the_provider_is_away(broken: Exception) -> None:
    site = Site()
    assert await site.has("ES256")
    site.broken = broken
    for seconds, there in ((601, True), (3600, True), (3601, False)):
        site.seconds = seconds
        assert await site.has("ES256") is there
        await site.settled()


async def test_a_slow_provider_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.auth.jwks, "WAIT_SECONDS", 0.05)
    site = Site()
    site.pause = 0.4
    begun = asyncio.get_running_loop().time()
    assert not await site.has("RS256")
    assert asyncio.get_running_loop().time() - begun < 0.3
    await asyncio.sleep(0.5)
    assert await site.has("RS256")
    assert site.reads == 1


def with_key(**changes: Any) -> bytes:
    entry = json.loads(PROVIDER.key_set("RS256"))["keys"][0]
    return json.dumps({"keys": [{**entry, **changes}]}).encode()


@pytest.mark.parametrize(
    "text",
    [
        with_key(use="enc"),
        with_key(kid=7),
        with_key(kty="oct", k="c2VjcmV0"),
        with_key(alg="RS512"),
        with_key(alg="HS256"),
        with_key(n="AQAB"),
        with_key(kty="EC"),
        b'{"keys": []}',
        b'{"keys": [7, null, {}]}',
    ],
)
def test_keys_that_are_none_of_ours_are_left_out(text: bytes) -> None:
    assert keys_in(text) == {}


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"keys": {}}', json.dumps({"keys": [{}] * 101}).encode()])
def test_what_is_no_key_set_is_an_error(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        keys_in(text)


async def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(PROVIDER.key_set("RS256"))
    read = reader(str(file))
    assert set(keys_in(await read())) == {"RS256"}
    file.write_bytes(PROVIDER.key_set())
    assert set(keys_in(await read())) == {"RS256", "ES256", "EdDSA"}
