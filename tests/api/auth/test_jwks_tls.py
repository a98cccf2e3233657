"""The provider's keys over HTTPS from a real server: trusted by its certificate, followed nowhere, read only so far."""

import ssl
import time
import urllib.error
from pathlib import Path

import pytest

import api.auth.jwks
from api.auth.jwks import BYTES_MAX, PublishedKeys, keys_in, reader
from tests.api.auth.provider import Provider
from tests.api.auth.site import Authority, response, site

PROVIDER = Provider.made()
OURS, THEIRS = Authority.made("trusted"), Authority.made("nobody")
GOOD = response(PROVIDER.key_set())


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One authority is trusted: the one an administrator put in the place OpenSSL is told to look."""
    monkeypatch.setenv("SSL_CERT_FILE", str(OURS.kept_in(tmp_path / "authority.pem")))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))


async def test_keys_come_over_tls(tmp_path: Path) -> None:
    async with site(OURS.serving(tmp_path), [GOOD]) as there:
        assert set(keys_in(await reader(there.address)())) == {"RS256", "ES256", "EdDSA"}
        assert there.asked == 1


@pytest.mark.parametrize("wrong", ["other authority", "other address", "ended", "signed by itself"])
async def test_a_wrong_certificate_is_not_even_asked(tmp_path: Path, wrong: str) -> None:
    context = {
        "other authority": lambda: THEIRS.serving(tmp_path),
        "other address": lambda: OURS.serving(tmp_path, "192.0.2.1"),
        "ended": lambda: OURS.serving(tmp_path, ended=True),
        "signed by itself": lambda: Authority.made("site").serving(tmp_path),
    }[wrong]()
    async with site(context, [GOOD]) as there:
        with pytest.raises(urllib.error.URLError) as refused:
            await reader(there.address)()
        assert isinstance(refused.value.reason, ssl.SSLCertVerificationError)
        assert await PublishedKeys(reader(there.address)).key("RS256") is None
        assert there.asked == 0


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect"])
async def test_nobody_is_sent_elsewhere(tmp_path: Path, status: str) -> None:
    context = OURS.serving(tmp_path)
    async with (
        site(context, [GOOD]) as elsewhere,
        site(context, [response(b"", status, Location=elsewhere.address)]) as there,
    ):
        with pytest.raises(urllib.error.HTTPError):
            await reader(there.address)()
        assert await PublishedKeys(reader(there.address)).key("RS256") is None
        assert (there.asked, elsewhere.asked) == (2, 0)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
async def test_an_error_is_no_key_set_whatever_its_body(tmp_path: Path, status: str) -> None:
    async with site(OURS.serving(tmp_path), [response(PROVIDER.key_set(), status)]) as there:
        assert await PublishedKeys(reader(there.address)).key("RS256") is None
        assert there.asked == 1


async def test_the_limit_of_bytes(tmp_path: Path) -> None:
    body = PROVIDER.key_set()
    for size, whole in ((BYTES_MAX, True), (BYTES_MAX + 1, False)):
        async with site(OURS.serving(tmp_path), [response(body.ljust(size))]) as there:
            known = await PublishedKeys(reader(there.address)).key("RS256")
            assert (known is not None, there.asked) == (whole, 1), size


async def test_an_endless_answer_is_left(tmp_path: Path) -> None:
    endless = [b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 65_536] * 400]
    async with site(OURS.serving(tmp_path), endless) as there:
        with pytest.raises(ValueError, match="too much"):
            await reader(there.address)()


async def test_a_site_that_never_answers_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.auth.jwks, "READ_SECONDS", 0.2)
    async with site(OURS.serving(tmp_path), [GOOD], pause=1.5) as there:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await reader(there.address)()
        assert time.monotonic() - begun < 1


async def test_a_site_that_drips_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.auth.jwks, "READ_SECONDS", 0.5)
    drops = [GOOD[:200], *(bytes([each]) for each in GOOD[200:260])]
    async with site(OURS.serving(tmp_path), drops, pause=0.1) as there:
        begun = time.monotonic()
        with pytest.raises(ValueError, match="too slow"):
            await reader(there.address)()
        assert time.monotonic() - begun < 2
