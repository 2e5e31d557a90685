"""Too much at once, too long, too often: what is refused, as what, and that the rest goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from graphql_api.settings import Limits, Secrets
from registry.access.actor import local_user
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.driver import Database
from tests.api.conftest import QUIET, opened, rooms_of

ASK = '{ scheme(id: "units") { id } }'
UNITS = {"data": {"scheme": {"id": "units"}}}


async def test_an_answer_that_takes_too_long_is_stopped(database: Database, catalogue: Catalogue) -> None:
    """A 504 that says so and is retriable, whatever the store was doing; the store goes on answering others."""
    rooms = rooms_of(catalogue, database)
    hurried = replace(QUIET, limits=Limits(request_seconds=1e-4))
    async with opened(lambda: rooms, settings=hurried, actor=local_user()) as doors:
        answer = await doors.http.post("/graphql", json={"query": "{ reportingEntities { nodes { id } } }"})
        assert (await doors.http.post("/graphql", json={"query": ASK})).json() == UNITS

    (error,) = answer.json()["errors"]
    assert answer.status_code == 504
    assert (error["extensions"]["code"], error["extensions"]["retriable"]) == ("deadline_exceeded", True)
    await database.health()


async def test_so_many_requests_are_under_way_at_once(catalogue: Catalogue) -> None:
    """Of one caller, then of all; what is in memory is answered meanwhile, and places are given back."""
    gate = asyncio.Event()

    entered: asyncio.Queue[None] = asyncio.Queue()

    async def waiting() -> None:
        entered.put_nowait(None)
        await gate.wait()

    rooms = replace(rooms_of(catalogue), health=waiting)
    busy = replace(QUIET, limits=Limits(requests=2, requests_an_actor=1))
    async with (
        opened(lambda: rooms, settings=busy) as doors,
        opened(lambda: rooms, settings=busy, client=("192.0.2.7", 1)) as elsewhere,
    ):
        await doors.data(ASK)
        elsewhere.app._requests = doors.app._requests
        mine = asyncio.create_task(doors.http.get("/ready"))
        await entered.get()
        second = await doors.http.get("/ready")
        other = asyncio.create_task(elsewhere.http.get("/ready"))
        await entered.get()
        third = await elsewhere.http.post("/graphql", json={"query": "{ schemes { id } }"})
        remembered = await doors.data(ASK)
        gate.set()

        assert [(await mine).status_code, (await other).status_code] == [200, 200]
        assert (second.status_code, second.json()["error"]["code"]) == (429, "requests_exceeded")
        assert (third.status_code, third.json()["error"]["facts"]) == (429, {"open": 1, "whose": "yours", "limit": 1})
        assert remembered == UNITS["data"]
        assert (await doors.http.get("/ready")).status_code == 200


async def test_an_answer_from_memory_is_charged_what_making_it_took(catalogue: Catalogue) -> None:
    """So that a costly question is not free for being asked twice; a refused caller is told when to come again."""
    rooms = rooms_of(catalogue)
    limits = Limits(allowance_ms=10_000, allowance_ms_a_second=1)
    settings = replace(QUIET, secrets=Secrets(pepper=b"p" * 32), limits=limits)
    async with opened(lambda: rooms, settings=settings, actor=local_user("asha")) as doors:
        await doors.data(ASK)
        (answer,) = doors.app.answers._kept.values()
        doors.app.answers._kept[next(iter(doors.app.answers._kept))] = replace(answer, cost=4_000.0)
        allowances = doors.app._allowances
        assert allowances is not None
        before = allowances._bucket("asha").left
        for _ in range(2):
            await doors.data(ASK)
        assert before - allowances._bucket("asha").left == pytest.approx(8_000, abs=100)  # some came back meanwhile
        await doors.data(ASK)
        refused = await doors.http.post("/graphql", json={"query": ASK})

    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_exceeded")


@pytest.mark.parametrize("path", ["/graphql", "/"])
async def test_a_websocket_is_refused(catalogue: Catalogue, path: str) -> None:
    """Wherever it is asked for, and whatever protocol it names."""
    rooms = rooms_of(catalogue)
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    scope = {
        "type": "websocket",
        "path": path,
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "subprotocols": ["graphql-ws", "graphql-transport-ws"],
    }
    async with opened(lambda: rooms) as doors:
        await doors.app(scope, receive, send)

    assert [message["type"] for message in sent] == ["websocket.close"]  # type: ignore[index]
