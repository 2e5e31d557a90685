"""How fast the doors are, as ratios of one run: ours against a plain route or a plain library with the same answer.

Ours and the other run as two servers on loopback, in turns of a second, under the same client: raw sockets that are
kept open, so that the client costs less than either server. The processor time that a request cost each server is
compared beside the rates: a busy machine disturbs it less.

What is on: limits, actor, log (to /dev/null), security headers. Nothing is needed beyond the project itself.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from benchmarks.report import Better, Ratio, table
from benchmarks.words import isic_catalogue
from graphql_api.app import Building, build_app
from graphql_api.context import RequestContext, Rooms
from graphql_api.rooms import settle_memory
from graphql_api.schema.door import JSON, read_body
from graphql_api.settings import Purpose, Settings
from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue, VersionChoice

LIST: Final = (
    '{ codelist(scheme: "isic", version: "5.0") '
    "{ version { version } entries { code uri parent level label { text language } } } }"
)
"""The 830 codes with six fields."""
ONE: Final = '{ concept(scheme: "isic", version: "5.0", code: "0111") { code uri label { text language } } }'
CONNECTIONS: Final = 8
TURNS: Final = 7
TURN_SECONDS: Final = 1.0
MEMORY_ONLY: Final = Settings(log_level="info")


def rooms_of(catalogue: Catalogue) -> Rooms:
    """Rooms with a catalogue and no store: nothing here asks one."""

    async def healthy() -> None:
        return None

    nothing: Any = None
    return Rooms(
        catalogue,
        CatalogueCodebook(catalogue),
        nothing,
        nothing,
        nothing,
        nothing,
        Purpose.TEST,
        healthy,
    )


def doors_app(catalogue: Catalogue) -> Building:
    """Our application over a catalogue."""
    rooms = rooms_of(catalogue)
    settle_memory()  # as a worker does when its catalogue is compiled

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: rooms

    return build_app(MEMORY_ONLY, opened)


def static_app(body: bytes) -> ASGIApp:
    """A Starlette application with one route that gives these bytes."""

    async def same(_request: Request) -> Response:
        return Response(body, media_type=JSON)

    return Starlette(routes=[Route("/static", same)])


async def first_answer(app: Building, query: str) -> bytes:
    """The body of the answer to a query, made, not remembered."""
    context = RequestContext(local_user(), "bench", datetime.now(UTC).date(), rooms_of(isic_catalogue()))
    request = read_body(orjson.dumps({"query": query}), MEMORY_ONLY.limits)
    return (await app._door.answer(request, JSON, context)).body


# --- servers and client ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """Processor time it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(which: str) -> Iterator[Server]:
    """One of the applications of `main`, served until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.doors", "--serve", which, "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait()


def wait_for(port: int) -> None:
    """Return once something listens there."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def request_bytes(method: str, path: str, body: bytes = b"") -> bytes:
    """One HTTP request on a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", "accept: application/json"]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """Some open connections that ask the same again and again."""

    def __init__(self, port: int, request: bytes) -> None:
        self._request = request
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        self._buffer = bytearray(1 << 20)
        self._length = self._measure()

    def _measure(self) -> int:
        """Bytes of a whole answer, which is the same each time (but for the digits of the request id)."""
        one = self._sockets[0]
        for _ in range(20):  # the first ones fill the caches, and make the request id as long as it stays
            one.sendall(self._request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += one.recv(1 << 16)
            head, _, body = answer.partition(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(head.decode())
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            while len(body) < length:
                body += one.recv(1 << 20)
        return length

    def _read(self, one: socket.socket) -> None:
        """One answer, read to its end."""
        got = one.recv_into(self._buffer)
        head = self._buffer.find(b"\r\n\r\n", 0, got)
        while head < 0:
            got += one.recv_into(memoryview(self._buffer)[got:])
            head = self._buffer.find(b"\r\n\r\n", 0, got)
        missing = head + 4 + self._length - got
        while missing > 0:
            missing -= one.recv_into(self._buffer, missing)

    def ask_for(self, seconds: float) -> tuple[int, float]:
        """How many were answered in about so many seconds, and in how many exactly."""
        answered, started = 0, time.perf_counter()
        while (passed := time.perf_counter() - started) < seconds:
            for one in self._sockets:
                one.sendall(self._request)
            for one in self._sockets:
                self._read(one)
            answered += CONNECTIONS
        return answered, passed


def compare(name: str, ours: str, ours_request: bytes, other: str, other_request: bytes) -> Ratio:
    """Both servers in turns; medians over the turns. A ratio of rates; ``cpu`` is told beside it."""
    with serving(ours) as first, serving(other) as second:
        pairs = [(first, Client(first.port, ours_request)), (second, Client(second.port, other_request))]
        rates: list[list[float]] = [[], []]
        cpus: list[list[float]] = [[], []]
        for _ in range(TURNS):
            for place, (server, client) in enumerate(pairs):
                before = server.cpu_seconds()
                answered, seconds = client.ask_for(TURN_SECONDS)
                rates[place].append(answered / seconds)
                cpus[place].append((server.cpu_seconds() - before) / answered)
    rate, other_rate = map(statistics.median, rates)
    cpu, other_cpu = map(statistics.median, cpus)
    remark = f"processor time a request {cpu / other_cpu:.2f} of the other's"
    return Ratio(name, rate, "requests/s", other_rate, target=0.8, remark=remark)


# --- the measurements ------------------------------------------------------------------------------------


def repeated_list() -> Ratio:
    """The 830 codes, repeated, against a Starlette route with the same bytes. Wanted: at least 0.8."""
    body = orjson.dumps({"query": LIST})
    return compare(
        "repeated list / static bytes",
        "ours",
        request_bytes("POST", "/graphql", body),
        "static-list",
        request_bytes("GET", "/static"),
    )


def repeated_code() -> Ratio:
    """One code, repeated, against a small Starlette route with the same bytes. Wanted: at least 0.8."""
    body = orjson.dumps({"query": ONE})
    return compare(
        "one code / small route",
        "ours",
        request_bytes("POST", "/graphql", body),
        "static-one",
        request_bytes("GET", "/static"),
    )


@strawberry.type
class PlainLabel:
    """What one would write first: a class with attributes."""

    text: str
    language: str


@strawberry.type
class PlainEntry:
    """One code."""

    code: str
    uri: str
    parent: str | None
    level: int
    label: PlainLabel


@strawberry.type
class PlainVersion:
    """What the list was resolved to."""

    version: str


@strawberry.type
class PlainCodelist:
    """The list."""

    version: PlainVersion
    entries: list[PlainEntry]


@strawberry.type
class PlainQuery:
    """The plain schema; it answers the same query with the same data."""

    @strawberry.field
    def codelist(self, info: strawberry.Info, scheme: str, version: str) -> PlainCodelist:
        """All codes."""
        release = info.context["catalogue"].resolve(scheme, VersionChoice(version))
        entries = [
            PlainEntry(
                code=concept.code,
                uri=concept.uri,
                parent=concept.parent,
                level=concept.level,
                label=PlainLabel(text=concept.labels[0].text, language=concept.labels[0].language),
            )
            for concept in release.content.concepts
        ]
        return PlainCodelist(version=PlainVersion(version=release.tag), entries=entries)


def first_list(*, known_document: bool = False) -> Ratio:
    """The 830 codes made anew, against plain Strawberry; in milliseconds. Wanted: at most 0.1.

    Ours starts from nothing each time: the document too is parsed, validated and compiled again, as Strawberry does;
    with ``known_document`` it is remembered and only the answer is made anew.
    """
    catalogue = isic_catalogue()
    app = doors_app(catalogue)
    context = RequestContext(local_user(), "bench", datetime.now(UTC).date(), rooms_of(catalogue))
    body = orjson.dumps({"query": LIST})
    plain = strawberry.Schema(PlainQuery)

    async def make_ours() -> None:
        if not known_document:
            app._door.documents._known.clear()
        answer = await app._door.answer(read_body(body, MEMORY_ONLY.limits), JSON, context)
        if answer.status != 200 or b'"errors"' in answer.body:
            raise RuntimeError(answer.body[:500].decode())

    async def make_plain() -> None:
        query = orjson.loads(body)["query"]
        result = await plain.execute(query, context_value={"catalogue": catalogue})
        if result.errors:
            raise RuntimeError(str(result.errors[0]))
        orjson.dumps({"data": result.data})

    ours, other = asyncio.run(in_turns(make_ours, make_plain))
    name = "first list (document known) / plain Strawberry" if known_document else "first list / plain Strawberry"
    return Ratio(name, ours * 1000, "ms", other * 1000, target=0.1, better=Better.LOWER)


async def in_turns(ours: Callable[[], Any], other: Callable[[], Any], rounds: int = 15) -> tuple[float, float]:
    """Median processor seconds of each, run in turns after two warm rounds."""
    taken: list[list[float]] = [[], []]
    for turn in range(rounds + 2):
        for place, make in enumerate((ours, other)):
            started = time.process_time()
            await make()
            if turn >= 2:
                taken[place].append(time.process_time() - started)
    return statistics.median(taken[0]), statistics.median(taken[1])


def measure() -> list[Ratio]:
    """Every ratio of the doors."""
    return [repeated_list(), repeated_code(), first_list(), first_list(known_document=True)]


def serve(which: str, port: int) -> None:
    """Run one of the applications: ``ours``, ``static-list``, ``static-one``."""
    logging.disable()
    app: ASGIApp = doors_app(isic_catalogue())
    if which != "ours":
        query = LIST if which == "static-list" else ONE
        app = static_app(asyncio.run(first_answer(doors_app(isic_catalogue()), query)))
    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
    )


def main() -> None:
    """Print the ratios, or serve one application for them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", default="")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
        return
    print(table(measure()))


if __name__ == "__main__":
    main()
