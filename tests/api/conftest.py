"""Doors over the shipped classification, without a store and over the universe on either engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest

from graphql_api.app import Building, build_app
from graphql_api.authentication import LocalMode
from graphql_api.context import Investigating, Rooms
from graphql_api.settings import Purpose, Settings
from registry.access.actor import Actor, local_user
from registry.access.appender import AuditAppender
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore
from registry.storage.bolt.exports import BoltFactsStore
from registry.storage.bolt.networks import network_stores
from registry.storage.bolt.recoding import BoltRecodeStore
from registry.storage.bolt.saved import BoltSavedStore
from registry.storage.bolt.statistics import BoltStatisticsStore

DAY = 1_760_000_000.0
"""A fixed clock: 2025-10-09."""
QUIET = Settings(log_level="error", purpose=Purpose.TEST, graphiql=True)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doors:
    """An application and a client that speaks with it."""

    app: Building
    http: httpx.AsyncClient

    async def ask(self, query: str, **variables: object) -> Json:
        """The whole answer to a query."""
        answer = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        body: Json = orjson.loads(answer.content)
        return body

    async def data(self, query: str, **variables: object) -> Json:
        """The data of an answer without errors."""
        body = await self.ask(query, **variables)
        assert "errors" not in body, body["errors"]
        data: Json = body["data"]
        return data

    async def error(self, query: str, **variables: object) -> Json:
        """The only error of an answer: its code, facts, hint and path."""
        body = await self.ask(query, **variables)
        (error,) = body["errors"]
        told: Json = {**error["extensions"], "message": error["message"], "path": error.get("path")}
        return told


@asynccontextmanager
async def opened(
    rooms: Callable[[], Rooms],
    *,
    settings: Settings = QUIET,
    actor: Actor | None = None,
    shaping: bool = True,
    client: tuple[str, int] = ("127.0.0.1", 5000),
) -> AsyncIterator[Doors]:
    """Doors over these rooms, with the application's own start and end."""

    @asynccontextmanager
    async def rooms_opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield rooms

    app = build_app(settings, rooms_opened, authentication=LocalMode(actor), shaping=shaping, clock=lambda: DAY)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=client)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield Doors(app, http)


@asynccontextmanager
async def lifespan(app: Building) -> AsyncIterator[None]:
    """Start the application as a server does, and end it."""
    told: asyncio.Queue[Json] = asyncio.Queue()
    heard: asyncio.Queue[Json] = asyncio.Queue()

    async def send(message: Any) -> None:
        await heard.put(message)

    running = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, told.get, send))
    await told.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    yield
    await told.put({"type": "lifespan.shutdown"})
    assert (await heard.get())["type"] == "lifespan.shutdown.complete"
    await running


def rooms_of(catalogue: Catalogue, database: Database | None = None, purpose: Purpose = Purpose.TEST) -> Rooms:
    """Rooms with the classification alone, or over a store."""
    nothing: Any = None

    async def healthy() -> None:
        return None

    codebook = CatalogueCodebook(catalogue)
    return Rooms(
        catalogue=catalogue,
        codebook=codebook,
        cases=nothing if database is None else BoltCaseStore(database),
        network=nothing if database is None else network_stores(database, codebook),
        access=nothing if database is None else BoltAccessStore(database),
        audit=nothing if database is None else AuditAppender(BoltAuditStore(database)),
        purpose=purpose,
        health=healthy if database is None else database.health,
        recoding=None if database is None else BoltRecodeStore(database),
        code_use=None if database is None else BoltCodeUseStore(database),
        investigating=None
        if database is None
        else Investigating(BoltFactsStore(database), BoltAnalysisStore(database), BoltSavedStore(database)),
        statistics=None if database is None else BoltStatisticsStore(database),
        audits=None if database is None else BoltAuditStore(database),
        exchange=None if database is None else BoltExchangeStore(database),
    )


@pytest.fixture
async def doors(catalogue: Catalogue) -> AsyncIterator[Doors]:
    """Doors over the classification, for questions that ask no store."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms) as opened_doors:
        yield opened_doors


@pytest.fixture
async def case_doors(universe: Database, catalogue: Catalogue) -> AsyncIterator[Doors]:
    """Doors over the universe on either engine, as a user who may see all of it."""
    rooms = rooms_of(catalogue, universe)
    async with opened(lambda: rooms, actor=local_user()) as opened_doors:
        yield opened_doors
