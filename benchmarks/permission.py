"""What believing and allowing costs of one code list's answer: the share of a request that is permission work.

The same requests go through two applications, in turns: one believes an API key and charges an allowance, the other
believes everybody to be the same actor. Both in this process, answered from memory, without a socket, by processor
time: what differs, and one question to the policy, is permission work. It is compared with the processor time of an
answer made anew, and with what a repeated request costs a whole server. Wanted: at most a tenth of either.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final, cast

import orjson

from benchmarks.doors import LIST, Client, request_bytes, rooms_of, serving
from benchmarks.report import Better, Ratio, table
from benchmarks.words import isic_catalogue
from graphql_api.app import Building, build_app
from graphql_api.authentication import Authentication, Caller
from graphql_api.authentication.beliefs import Beliefs
from graphql_api.context import Rooms
from graphql_api.settings import Limits, Secrets, Settings
from registry.access.actor import Account, Actor, Right
from registry.access.audit import AuditRow
from registry.access.grants import Grant
from registry.access.keys import ID_BYTES, SECRET_BYTES, KeyRecord, digest_of, write_key
from registry.access.policy import require
from registry.access.ports import AccessStore

PEPPER: Final = b"p" * 32
ENDLESS: Final = replace(Limits(), allowance_ms=10**12, allowance_ms_a_second=10**9)
QUIET: Final = Settings(log_level="error", secrets=Secrets(pepper=PEPPER), limits=ENDLESS)
TURNS: Final = 41
FROM_MEMORY: Final = 500
"""Requests a turn."""
ANEW: Final = 30
TURNS_OF_A_SERVER: Final = 5
WANTED: Final = 0.1


class OneKey:
    """What `Beliefs` asks of a store, for a single key: after the first request it is asked for the revision alone."""

    def __init__(self) -> None:
        key_id, self.text = write_key(bytes(ID_BYTES + SECRET_BYTES))
        account, at = Account("app", ("app",)), now()
        self.record = KeyRecord(key_id, digest_of(self.text, PEPPER), account, "bench", at, at + 10**12)

    async def revision(self) -> int:
        """Nothing ever changes."""
        return 0

    async def key(self, key_id: str) -> KeyRecord | None:
        """The key, if it is that one."""
        return self.record if key_id == self.record.id else None

    async def grants(self, account: str, *, since: int) -> Sequence[Grant]:
        """None."""
        return ()

    async def note_use(self, key_id: str, *, at: int, audit: AuditRow) -> None:
        """Nothing is noted."""


class Everybody:
    """An authentication without any work."""

    def __init__(self) -> None:
        self.caller = Caller.of(Actor("app", frozenset({Right.READ_REGISTRY})))

    def remembered(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """The one caller."""
        return self.caller

    async def believe(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """The one caller."""
        return self.caller

    @asynccontextmanager
    async def opened(self, store: AccessStore) -> AsyncIterator[None]:
        """Nothing to follow."""
        yield


def now() -> int:
    """Microseconds since 1970."""
    return int(time.time() * 1_000_000)


@asynccontextmanager
async def opened(settings: Settings, authentication: Authentication, rooms: Rooms) -> AsyncIterator[Building]:
    """An application that has started."""

    @asynccontextmanager
    async def rooms_opened() -> AsyncIterator[Any]:
        yield lambda: rooms

    app = build_app(settings, rooms_opened, authentication=authentication)
    messages: asyncio.Queue[Any] = asyncio.Queue()
    told: asyncio.Queue[Any] = asyncio.Queue()
    running = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, messages.get, told.put))
    await messages.put({"type": "lifespan.startup"})
    await told.get()
    yield app
    await messages.put({"type": "lifespan.shutdown"})
    await told.get()
    await running


class Requests:
    """One request, again and again, at one application."""

    def __init__(self, app: Building, key: str) -> None:
        self.app = app
        self.body = orjson.dumps({"query": LIST})
        self.headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
            (b"authorization", f"Bearer {key}".encode()),
        ]
        self.status = 0

    async def receive(self) -> dict[str, object]:
        """The whole body."""
        return {"type": "http.request", "body": self.body}

    async def send(self, message: Any) -> None:
        """Remember the status."""
        self.status = message.get("status", self.status)

    async def seconds(self, number: int, *, forgetting: bool) -> float:
        """Processor seconds a request, over so many; ``forgetting`` has each answer made anew."""
        spent = 0.0
        for _ in range(number):
            if forgetting:
                self.app.answers.clear()
            scope = {
                "type": "http",
                "method": "POST",
                "path": "/graphql",
                "query_string": b"",
                "client": ("127.0.0.1", 5000),
                "headers": self.headers,
            }
            started = time.process_time()
            await self.app(scope, cast(Any, self.receive), self.send)
            spent += time.process_time() - started
            if self.status != 200:
                raise RuntimeError(f"status {self.status}")
        return spent / number


async def spent_in_process() -> tuple[float, float]:
    """Processor seconds of permission work a request, and of an answer that is made anew."""
    store = OneKey()
    rooms = replace(rooms_of(isic_catalogue()), access=cast(Any, store))
    beliefs = Beliefs(tokens=None, pepper=PEPPER, clock=now, monotonic=time.monotonic)
    bare = replace(QUIET, secrets=Secrets())
    async with opened(QUIET, beliefs, rooms) as asked, opened(bare, Everybody(), rooms) as trusting:
        pair = Requests(asked, store.text), Requests(trusting, store.text)
        differences: list[float] = []
        for turn in range(TURNS + 2):
            taken = [0.0, 0.0]
            for place in (0, 1) if turn % 2 else (1, 0):
                await asyncio.sleep(0.002)  # lets the poll of the access revision run
                taken[place] = await pair[place].seconds(FROM_MEMORY, forgetting=False)
            if turn >= 2:
                differences.append(taken[0] - taken[1])
        anew = [await pair[0].seconds(1, forgetting=True) for _ in range(ANEW)]
    return statistics.median(differences) + policy_seconds(), statistics.median(anew)


def policy_seconds() -> float:
    """Processor seconds of asking the policy once, which an answer from memory is spared."""
    actor = Everybody().caller.actor
    started = time.process_time()
    for _ in range(FROM_MEMORY):
        require(actor, Right.READ_REGISTRY)
    return (time.process_time() - started) / FROM_MEMORY


def spent_by_a_server() -> float:
    """Processor seconds that a repeated request costs a whole server, HTTP and socket with it."""
    request = request_bytes("POST", "/graphql", orjson.dumps({"query": LIST}))
    with serving("ours") as server:
        client = Client(server.port, request)
        found = []
        for _ in range(TURNS_OF_A_SERVER):
            before = server.cpu_seconds()
            answered, _seconds = client.ask_for(1.0)
            found.append((server.cpu_seconds() - before) / answered)
    return statistics.median(found)


def measure() -> list[Ratio]:
    """The share of an answer made anew, and of one from memory."""
    permission, anew = asyncio.run(spent_in_process())
    row = Ratio("", permission * 1e6, "µs", None, target=WANTED, better=Better.LOWER)
    return [
        replace(row, name="permission work / a code list made anew", other=anew * 1e6),
        replace(row, name="permission work / a code list from memory", other=(spent_by_a_server() + permission) * 1e6),
    ]


if __name__ == "__main__":
    print(table(measure()))
