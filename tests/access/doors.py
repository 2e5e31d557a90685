"""The whole application over a store, asked as any actor: requests are alike but for what is asked and who asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson

from graphql_api.app import build_app
from graphql_api.authentication import Caller
from graphql_api.context import Rooms
from graphql_api.rooms import OpenedRooms
from graphql_api.settings import Limits, Purpose, Secrets, Settings
from registry.access.actor import STRANGER, Actor
from registry.access.ports import AccessStore
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.driver import Database
from registry.storage.bolt.networks import network_stores
from tests.access.questions import Question
from tests.api.conftest import DAY, lifespan

SETTINGS = Settings(
    log_level="error",
    purpose=Purpose.TEST,
    reads_audited=True,
    secrets=Secrets(pseudonym_key=b"n" * 32),
    limits=Limits(request_seconds=300),  # a slow machine is no difference between two answers
)
AT_ONCE = 4
"""Questions under way together."""


class Chosen:
    """An authentication that believes every caller to be the actor chosen last."""

    def __init__(self) -> None:
        self.actor = STRANGER

    def remembered(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """The actor."""
        return Caller.of(self.actor)

    async def believe(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """The actor."""
        return Caller.of(self.actor)

    @asynccontextmanager
    async def opened(self, store: AccessStore) -> AsyncIterator[None]:
        """Nothing to follow."""
        yield


@dataclass(frozen=True)
class Told:
    """Everything of an answer that reaches a caller."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class AnyDoors:
    """The application and how to ask it."""

    http: httpx.AsyncClient
    chosen: Chosen

    async def told(self, question: Question, actor: Actor) -> Told:
        """One answer. Every request bears the same id, so that nothing need be left out of a comparison."""
        self.chosen.actor = actor
        answer = await self.http.post("/graphql", json=question.body, headers={"x-request-id": "the-same-id"})
        return Told(answer.status_code, tuple(sorted(answer.headers.items())), answer.content)

    async def all_told(self, questions: Iterable[Question], actor: Actor) -> list[Told]:
        """Every answer, in the order of the questions."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def ask(question: Question) -> Told:
            async with turns:
                return await self.told(question, actor)

        return list(await asyncio.gather(*(ask(question) for question in questions)))

    async def data(self, question: Question, actor: Actor) -> Any:
        """The data of the root field, None with an error."""
        self.chosen.actor = actor
        answer = await self.http.post("/graphql", json=question.body)
        body: Mapping[str, Any] = answer.json()
        return (body.get("data") or {}).get(question.field)


@asynccontextmanager
async def doors_over(
    database: Database, catalogue: Catalogue, settings: Settings = SETTINGS
) -> AsyncIterator[AnyDoors]:
    """Doors over all rooms that an application opens, with the packaged classification instead of a loaded one."""
    opened = OpenedRooms(database, Purpose.TEST)
    codebook = CatalogueCodebook(catalogue)
    rooms: Rooms = replace(
        opened.now(), catalogue=catalogue, codebook=codebook, network=network_stores(database, codebook)
    )
    chosen = Chosen()

    @asynccontextmanager
    async def rooms_opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: rooms

    app = build_app(settings, rooms_opened, authentication=chosen, clock=lambda: DAY)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 5000))
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield AnyDoors(http, chosen)


def differences(was: Told, is_now: Told) -> list[str]:
    """Where two answers differ: status, headers, and each place of their bodies."""
    told = [f"status {was.status} {is_now.status}"] if was.status != is_now.status else []
    told += [f"header {header}" for header in sorted(set(was.headers) ^ set(is_now.headers))]
    if was.body != is_now.body:
        told += _apart(orjson.loads(was.body), orjson.loads(is_now.body), "") or ["the order of the body's keys"]
    return told


def _apart(one: Any, other: Any, place: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [text for key in one for text in _apart(one[key], other[key], f"{place}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            text for at, pair in enumerate(zip(one, other, strict=True)) for text in _apart(*pair, f"{place}[{at}]")
        ]
    return [] if one == other else [f"{place}: {str(one)[:80]} / {str(other)[:80]}"]


def leaves(told: Any) -> Iterable[str]:
    """Every text in an answer."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for each in told.values():
            yield from leaves(each)
    elif isinstance(told, Sequence):
        for each in told:
            yield from leaves(each)
