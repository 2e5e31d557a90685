"""The provider, a clock that tests move, and a verifier of its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from graphql_api.authentication.issuer import Issuer
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.settings import OidcSettings
from tests.oidc.provider import AUDIENCE, NOW, Provider, running_provider


@dataclass
class Clock:
    """Seconds since 1970, moved by hand; the monotonic reading moves with it."""

    seconds: float = NOW

    def microseconds(self) -> int:
        """For instants."""
        return round(self.seconds * 1_000_000)

    def monotonic(self) -> float:
        """For durations."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """A clock at `NOW`."""
    return Clock()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider with one key."""
    with running_provider() as running:
        yield running


@pytest.fixture
def oidc(provider: Provider) -> OidcSettings:
    """Settings that name the provider."""
    return OidcSettings(issuer=provider.url, audience=AUDIENCE)


@pytest.fixture
def verifier(oidc: OidcSettings, clock: Clock) -> TokenVerifier:
    """Believes the provider's tokens."""
    return TokenVerifier(oidc, Issuer(oidc.issuer, monotonic=clock.monotonic))
