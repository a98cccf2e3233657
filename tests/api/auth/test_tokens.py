"""Access tokens: the three algorithms are taken, and nothing that is wrong in any way."""

from datetime import timedelta
from typing import Any

import pytest

from api.auth.jwks import keys_in
from api.auth.tokens import LENGTH_MAX, Claims, Trust, VerifyingKey, WrongToken, claims_of
from tests.api.auth.conftest import NOON
from tests.api.auth.provider import AUDIENCE, ISSUER, Provider, encoded, right_claims

PROVIDER = Provider.made()
T = int(NOON.timestamp())


class Published:
    """The provider's key set, read once."""

    keys = keys_in(PROVIDER.key_set())

    async def key(self, kid: str) -> VerifyingKey | None:
        return self.keys.get(kid)


TRUSTED = {ISSUER: Trust(ISSUER, AUDIENCE, Published(), acr=frozenset({"mfa"}))}


async def judged(text: str, seconds: int = 0) -> Claims:
    return await claims_of(text, TRUSTED, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
async def test_the_three_algorithms_are_taken(algorithm: str) -> None:
    claims = await judged(PROVIDER.token(header={"alg": algorithm}))
    assert claims == Claims(ISSUER, "li.ming", NOON, NOON + timedelta(minutes=15), second_factor=False)


@pytest.mark.parametrize(
    ("said", "shown"),
    [({"acr": "mfa"}, True), ({"acr": "pwd"}, False), ({"acr": ["mfa"]}, False), ({"amr": ["otp", "mfa"]}, False)],
)
async def test_a_second_factor_is_what_the_settings_say(said: dict[str, Any], shown: bool) -> None:
    assert (await judged(PROVIDER.token(said))).second_factor is shown


async def test_one_audience_of_several_is_enough() -> None:
    assert (await judged(PROVIDER.token({"aud": ["other", AUDIENCE]}))).subject == "li.ming"


@pytest.mark.parametrize(("seconds", "right"), [(-61, False), (-60, True), (959, True), (960, False)])
async def test_a_minute_of_leeway_either_way(seconds: int, right: bool) -> None:
    if right:
        assert await judged(PROVIDER.token(), seconds)
    else:
        with pytest.raises(WrongToken, match=r"valid|expired"):
            await judged(PROVIDER.token(), seconds)


WRONG_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": None}, "issuer"),
    ({"iss": "https://id.example/realms/other"}, "issuer"),
    ({"iss": ISSUER + "/"}, "issuer"),
    ({"iss": [ISSUER]}, "issuer"),
    ({"aud": None}, "audience"),
    ({"aud": "other"}, "audience"),
    ({"aud": []}, "audience"),
    ({"exp": None}, "exp"),
    ({"exp": "9999999999"}, "exp"),
    ({"exp": True}, "exp"),
    ({"exp": T - 61, "nbf": T - 300, "iat": T - 300}, "expired"),
    ({"exp": T + 901}, "lifetime"),
    ({"exp": T + 901, "nbf": T + 1}, "lifetime"),
    ({"exp": T + 1e99}, "exp"),
    ({"exp": 10**30}, "exp"),
    ({"nbf": None}, "nbf"),
    ({"nbf": T + 61, "exp": T + 900}, "not yet valid"),
    ({"iat": T + 61, "exp": T + 900}, "not yet valid"),
    ({"nbf": T + 30, "iat": T + 30, "exp": T + 20}, "lifetime"),
    ({"jti": None}, "jti"),
    ({"jti": ""}, "jti"),
    ({"sub": None}, "sub"),
    ({"sub": 7}, "sub"),
    ({"sub": "a" * 256}, "sub"),
]
WRONG_HEADERS: list[tuple[dict[str, Any], str]] = [
    ({"alg": None}, "form|algorithm"),
    ({"alg": "none", "kid": "RS256"}, "algorithm"),
    ({"alg": "NONE", "kid": "RS256"}, "algorithm"),
    ({"alg": "HS256", "kid": "RS256"}, "algorithm"),
    ({"alg": "RS512", "kid": "RS256"}, "algorithm"),
    ({"alg": "ES256", "kid": "RS256"}, "algorithm of the key"),
    ({"kid": None}, "key id"),
    ({"kid": "unknown"}, "unknown key"),
    ({"kid": ["EdDSA"]}, "key id|form"),
    ({"crit": ["exp"]}, "header|form"),
    ({"crit": []}, "header|form"),
    ({"jku": "https://evil.example/keys"}, "header"),
    ({"x5u": "https://evil.example/cert"}, "header"),
    ({"x5c": ["MIIB"]}, "header"),
    ({"jwk": {"kty": "OKP"}}, "header"),
    ({"typ": "id_token"}, "type"),
]


@pytest.mark.parametrize(("claims", "reason"), WRONG_CLAIMS, ids=lambda each: str(each)[:40])
async def test_wrong_claims_are_refused(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(WrongToken, match=reason):
        await judged(PROVIDER.token(claims))


@pytest.mark.parametrize(("header", "reason"), WRONG_HEADERS, ids=lambda each: str(each)[:40])
async def test_wrong_headers_are_refused(header: dict[str, Any], reason: str) -> None:
    with pytest.raises(WrongToken, match=reason):
        await judged(PROVIDER.token(header=header))


async def test_a_signature_of_another_key_or_none_is_refused() -> None:
    forged = Provider.made()
    right = PROVIDER.token()
    texts = [forged.token(), right[: right.rindex(".") + 1], right[:-4] + "AAAA", PROVIDER.token(by="RS256")]
    for text in texts:
        with pytest.raises(WrongToken, match=r"signature|form"):
            await judged(text)


async def test_a_changed_payload_is_refused() -> None:
    head, _, signature = PROVIDER.token().split(".")
    with pytest.raises(WrongToken, match="signature"):
        await judged(f"{head}.{encoded({**right_claims(), 'sub': 'somebody.else'})}.{signature}")


@pytest.mark.parametrize(
    "text",
    ["", "a", "a.b", "a.b.c", "..", "....", "令牌.a.b", "e30.e30.", "eyJ9.e30.e30", "W10.W10.W10", "x" * 9000],
)
async def test_garbled_texts_are_refused(text: str) -> None:
    with pytest.raises(WrongToken):
        await judged(text)


async def test_deep_nesting_is_refused_without_recursion() -> None:
    from base64 import urlsafe_b64encode

    deep = urlsafe_b64encode(b'{"iss":' + b"[" * 2800 + b"]" * 2800 + b"}").decode().rstrip("=")
    with pytest.raises(WrongToken):
        await judged(f"{encoded({'alg': 'EdDSA', 'kid': 'EdDSA'})}.{deep}.AAAA")


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
async def test_the_types_of_an_access_token_are_taken_in_any_case(kind: str) -> None:
    assert (await judged(PROVIDER.token(header={"typ": kind}))).subject == "li.ming"


async def test_a_genuine_token_that_is_too_long_is_not_read() -> None:
    with pytest.raises(WrongToken, match="size"):
        await judged(PROVIDER.token({"more": "x" * LENGTH_MAX}))


@pytest.mark.parametrize("kid", ["", "k" * 256])
async def test_no_key_is_looked_for_under_an_unlikely_name(kid: str) -> None:
    with pytest.raises(WrongToken, match="key id"):
        await judged(PROVIDER.token(header={"kid": kid}))
