"""Which tokens are believed: those of the provider, for us, now, made for access; and nothing near them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey

from graphql_api.authentication.issuer import FLOOR, FRESH, LONGEST, Issuer
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.settings import OidcSettings
from registry.errors import CredentialsRefused, IssuerUnavailable, SettingInvalid
from tests.oidc.conftest import Clock
from tests.oidc.provider import AUDIENCE, NOW, Provider, make_key

Forge = Callable[[Provider], str]


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "Ed25519"])
async def test_a_sound_token_of_each_algorithm_is_believed(
    provider: Provider, verifier: TokenVerifier, algorithm: str
) -> None:
    """Public-key signatures all."""
    provider.rotate(algorithm)

    believed = await verifier.verify(provider.token(), now=NOW)

    assert believed.claims["sub"] == "asha"
    assert believed.expires == NOW + 300


async def test_a_token_fetched_as_a_service_does_is_believed(provider: Provider, verifier: TokenVerifier) -> None:
    """Client credentials at the provider's token address."""
    async with httpx.AsyncClient(trust_env=False) as client:
        form = {"grant_type": "client_credentials", "client_id": "survey", "client_secret": "secret"}
        answer = await client.post(f"{provider.url}/token", data=form)

    believed = await verifier.verify(answer.json()["access_token"], now=NOW)

    assert believed.claims["sub"] == "survey"


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def unsigned(provider: Provider) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{encoded(provider.claims())}."


def shared_secret(provider: Provider) -> str:
    """The classic: the public key taken for the secret of an HMAC."""
    secret = OctKey.import_key(json.dumps(provider.keys[-1].as_dict(private=False)))
    header = {"alg": "HS256", "typ": "at+jwt", "kid": provider.keys[-1].kid}
    return jwt.encode(header, provider.claims(), secret, algorithms=["HS256"])


def own_key_in_header(provider: Provider) -> str:
    forged = make_key("ES256", "key-1")
    return provider.token(key=forged, header={"jwk": forged.as_dict(private=False)})


def encrypted(provider: Provider) -> str:
    told = {
        name: value for name, value in provider.keys[-1].as_dict(private=False).items() if name not in {"use", "alg"}
    }
    key = ECKey.import_key(told)
    header = {"alg": "ECDH-ES+A128KW", "enc": "A128GCM", "kid": key.kid, "typ": "at+jwt"}
    return jwe.encrypt_compact(header, json.dumps(provider.claims()), key)


def other_header(provider: Provider, **changed: object) -> str:
    """A sound payload and signature under a header they were not made with."""
    _, payload, signature = provider.token().split(".")
    return f"{encoded({'alg': 'ES256', 'typ': 'at+jwt', 'kid': 'key-1', **changed})}.{payload}.{signature}"


def changed_payload(provider: Provider) -> str:
    header, _, signature = provider.token().split(".")
    return f"{header}.{encoded(provider.claims(roles=['auditor']))}.{signature}"


FORGERIES: dict[str, Forge] = {
    "unsigned": unsigned,
    "HMAC with the public key": shared_secret,
    "a key of its own in the header": own_key_in_header,
    "another key under our key id": lambda provider: provider.token(key=make_key("ES256", "key-1")),
    "encrypted instead of signed": encrypted,
    "payload changed": changed_payload,
    "signature cut": lambda provider: provider.token()[:-4],
    "unknown critical header": lambda provider: other_header(provider, crit=["x"], x=1),
    "another issuer": lambda provider: provider.token(iss="https://evil.example"),
    "the issuer with a slash": lambda provider: provider.token(iss=provider.url + "/"),
    "another audience": lambda provider: provider.token(aud="https://other.example"),
    "no audience": lambda provider: provider.token(aud=None),
    "no issuer": lambda provider: provider.token(iss=None),
    "no subject": lambda provider: provider.token(sub=None),
    "an empty subject": lambda provider: provider.token(sub=""),
    "no end": lambda provider: provider.token(exp=None),
    "an end that is no number": lambda provider: provider.token(exp="2099"),
    "ended": lambda provider: provider.token(exp=NOW - 31),
    "not begun": lambda provider: provider.token(nbf=NOW + 31),
    "a type of its own": lambda provider: provider.token(header={"typ": "logout+jwt"}),
    "type JWT": lambda provider: provider.token(header={"typ": "JWT"}),
    "no type": lambda provider: provider.token(header={"typ": None}),
    "not a token": lambda provider: "a.b.c",
    "empty": lambda provider: "",
    "nested past reading": lambda provider: f"{'[' * 5000}.{'[' * 5000}.x",
    "a header that is a list": lambda provider: f"{base64.urlsafe_b64encode(b'[1]').decode()}.e30.x",
    "a key id that is a number": lambda provider: other_header(provider, kid=1),
    "too long": lambda provider: provider.token(padding="x" * 20_000),
    "other scripts": lambda provider: "ä.ö.ü",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_nothing_else_is_believed(provider: Provider, verifier: TokenVerifier, forge: Forge) -> None:
    """Each forgery is refused as a token, never as a fault of ours."""
    with pytest.raises(CredentialsRefused):
        await verifier.verify(forge(provider), now=NOW)


async def test_one_audience_among_several_is_enough(provider: Provider, verifier: TokenVerifier) -> None:
    """As providers with several services tell it."""
    await verifier.verify(provider.token(aud=["https://other.example", AUDIENCE]), now=NOW)


async def test_clocks_may_differ_by_half_a_minute(provider: Provider, verifier: TokenVerifier) -> None:
    """Either way, and no more (see the forgeries)."""
    await verifier.verify(provider.token(exp=NOW - 29), now=NOW)
    await verifier.verify(provider.token(nbf=NOW + 29), now=NOW)


async def test_plain_jwt_is_believed_only_where_allowed_and_never_an_id_token(
    provider: Provider, oidc: OidcSettings, clock: Clock
) -> None:
    """Providers that do not mark access tokens can be used; what marks a sign-in token is still refused."""
    lenient = TokenVerifier(replace(oidc, plain_jwt=True), Issuer(oidc.issuer, monotonic=clock.monotonic))

    await lenient.verify(provider.token(header={"typ": "JWT"}), now=NOW)
    await lenient.verify(provider.token(header={"typ": None}), now=NOW)
    for name, value in (("nonce", "n"), ("at_hash", "h"), ("typ", "ID"), ("typ", "Refresh")):
        sign_in: dict[str, Any] = {name: value}
        with pytest.raises(CredentialsRefused):
            await lenient.verify(provider.token(header={"typ": "JWT"}, **sign_in), now=NOW)


async def test_a_rotated_key_is_found_and_the_old_serves_while_it_is_published(
    provider: Provider, verifier: TokenVerifier, clock: Clock
) -> None:
    """Tokens of both keys are believed; one further fetch is all it takes."""
    old = provider.token()
    await verifier.verify(old, now=NOW)
    provider.rotate(keep=1)
    clock.seconds += FLOOR

    await verifier.verify(provider.token(), now=NOW)
    await verifier.verify(old, now=NOW)

    assert provider.asked["/keys"] == 2


async def test_a_withdrawn_key_counts_no_more_within_the_hour(
    provider: Provider, verifier: TokenVerifier, clock: Clock
) -> None:
    """Keys are fetched anew even when none is missing."""
    old = provider.token(exp=NOW + 10 * int(FRESH))
    await verifier.verify(old, now=NOW)
    provider.rotate(keep=0)
    clock.seconds += FRESH + 1

    with pytest.raises(CredentialsRefused):
        await verifier.verify(old, now=NOW)


async def test_a_flood_of_unknown_key_ids_asks_the_provider_once(
    provider: Provider, verifier: TokenVerifier, clock: Clock
) -> None:
    """The floor holds however many come, and sound tokens are believed meanwhile."""
    await verifier.verify(provider.token(), now=NOW)
    clock.seconds += FLOOR
    stray = make_key("ES256", "key-x")
    for number in range(50):
        with pytest.raises(CredentialsRefused):
            await verifier.verify(provider.token(key=stray, header={"kid": f"stray-{number}"}), now=NOW)

    assert provider.asked["/keys"] == 2
    await verifier.verify(provider.token(), now=NOW)


async def test_keys_serve_a_day_while_the_provider_is_away(
    provider: Provider, verifier: TokenVerifier, clock: Clock
) -> None:
    """Then nobody is believed, and the error says that waiting may help."""
    token = provider.token(exp=NOW + 10 * int(LONGEST))
    await verifier.verify(token, now=NOW)
    provider.is_down = True
    clock.seconds += LONGEST - 1

    await verifier.verify(token, now=NOW)
    clock.seconds += FLOOR + 2
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(token, now=NOW)


async def test_a_provider_never_reached_is_told_as_such(
    provider: Provider, verifier: TokenVerifier, clock: Clock
) -> None:
    """And asked again after the floor."""
    provider.is_down = True
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(provider.token(), now=NOW)
    provider.is_down = False
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(provider.token(), now=NOW)

    clock.seconds += FLOOR
    await verifier.verify(provider.token(), now=NOW)


async def test_a_discovery_document_of_another_issuer_is_not_followed(
    provider: Provider, verifier: TokenVerifier
) -> None:
    """The document must name the issuer it was asked of."""
    provider.told_issuer = "https://evil.example"

    with pytest.raises(IssuerUnavailable):
        await verifier.verify(provider.token(), now=NOW)
    assert provider.asked["/keys"] == 0


async def test_an_endless_answer_of_the_provider_is_cut_off(provider: Provider, verifier: TokenVerifier) -> None:
    """A quarter of a megabyte is read, no more."""
    provider.extra_bytes = 300 * 1024

    with pytest.raises(IssuerUnavailable):
        await verifier.verify(provider.token(), now=NOW)


@pytest.mark.parametrize(
    "url", ["http://id.example.org", "ftp://id.example.org", "https://user@id.example.org", "https://id.example.org?x"]
)
def test_an_issuer_over_an_open_line_is_refused_at_the_start(url: str, clock: Clock) -> None:
    """Only HTTPS, or loopback."""
    with pytest.raises(SettingInvalid):
        Issuer(url, monotonic=clock.monotonic)
