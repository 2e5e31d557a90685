"""The provider, a clock that tests move, a verifier of its tokens, and the application behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest

from graphql_api.app import build_app
from graphql_api.authentication.beliefs import Beliefs
from graphql_api.authentication.issuer import Issuer
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.context import Rooms
from graphql_api.settings import OidcSettings, Purpose, Secrets, Settings
from registry.access.actions import Act, create_key
from registry.access.actor import Account, local_user
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow, Circumstances
from registry.access.ports import AuditFilter
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.api.conftest import lifespan, rooms_of
from tests.oidc.provider import AUDIENCE, NOW, Provider, running_provider

SECRETS = Secrets(b"p" * 32, b"a" * 32, b"n" * 32)
Json = dict[str, Any]


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


@dataclass
class Gate:
    """The application as a caller meets it."""

    http: httpx.AsyncClient
    provider: Provider
    held: list[Rooms]
    database: Database
    beliefs: Beliefs

    async def refresh(self) -> None:
        """Let the application see changed grants and keys now, as its poll would within a second."""
        await self.beliefs._look()

    async def settle(self) -> None:
        """Return once what is noted behind answers is noted."""
        await asyncio.gather(*self.beliefs._notes)

    async def post(
        self, query: str, token: str | None = None, purpose: str | None = None, **variables: Any
    ) -> httpx.Response:
        """One request with these credentials."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        if purpose is not None:
            headers["ictip-purpose"] = purpose
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(
        self, query: str, token: str | None = None, purpose: str | None = "investigation", **variables: Any
    ) -> Json:
        """The body of an answer."""
        body: Json = orjson.loads((await self.post(query, token, purpose, **variables)).content)
        return body

    async def code(
        self, query: str, token: str | None = None, purpose: str | None = "investigation", **variables: Any
    ) -> str:
        """The code of the only error."""
        (error,) = (await self.ask(query, token, purpose, **variables))["errors"]
        return str(error["extensions"]["code"])

    def investigator(self, **changed: Any) -> str:
        """A token of somebody of ke-police who sees all its records without grants."""
        open_to = {"ictip_grants": "not-needed", "ictip_countries": "*", "ictip_tiers": ["child", "sexual"]}
        return self.provider.token(**{**open_to, **changed})

    async def rows(self, **where: str) -> Sequence[AuditRow]:
        """Audit rows, oldest first."""
        return list(reversed(await BoltAuditStore(self.database).search(AuditFilter(**where), after=None, limit=100)))  # type: ignore[arg-type]


@pytest.fixture
async def gate(database: Database, provider: Provider, oidc: OidcSettings, catalogue: Catalogue) -> AsyncIterator[Gate]:
    """The application over the universe, on either engine."""
    await universe.build_universe(BoltCaseStore(database))
    settings = Settings(log_level="info", purpose=Purpose.TEST, oidc=oidc, secrets=SECRETS)
    async with opened_gate(settings, database, provider, catalogue) as opened:
        yield opened


@asynccontextmanager
async def opened_gate(
    settings: Settings, database: Database, provider: Provider, catalogue: Catalogue
) -> AsyncIterator[Gate]:
    """The application with these settings over a store, for the time of a block."""
    held = [rooms_of(catalogue, database)]

    @asynccontextmanager
    async def opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: held[0]

    app = build_app(settings, opened, clock=lambda: NOW)
    assert isinstance(app._authentication, Beliefs)
    app._authentication._monotonic = lambda: 0.0  # a machine under load is no access poll that failed
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.7", 5000))
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield Gate(http, provider, held, database, app._authentication)


async def key_of(gate: Gate, account: Account) -> str:
    """A key for an account, believed after the next look."""
    audit = AuditAppender(BoltAuditStore(gate.database))
    act = Act(local_user("admin"), Circumstances("r", "o", NOW * 1_000_000), "row-key")
    _, text = await create_key(
        BoltAccessStore(gate.database),
        audit,
        act,
        account=account,
        life=10**15 // 40,
        random=bytes(41),
        pepper=b"p" * 32,
    )
    return text
