"""Two or more ways of asking the same, taken in turns so that a busy moment of the machine falls on each alike.

Lives here: taking turns, asking from several users at once, an open connection to a server, the raw driver. Elsewhere:
what is asked (``network``, ``paths``).
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import orjson
from neo4j import AsyncDriver

Ask = Callable[[str], Awaitable[None]]
ROUNDS: Final = 12
WARM_UP: Final = 3
"""Rounds that are not counted: both engines compile their plans."""


class Asker:
    """One open connection to a server."""

    def __init__(self, port: int, path: str = "/graphql") -> None:
        self._path = path
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, query: str, variables: dict[str, object]) -> bytes:
        """The body of the answer."""
        body = orjson.dumps({"query": query, "variables": variables})
        head = (
            f"POST {self._path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(1 << 20)
        headers, _, content = answer.partition(b"\r\n\r\n")
        length = int(headers.lower().partition(b"content-length:")[2].split()[0])
        while len(content) < length:
            content += self._socket.recv(1 << 20)
        return content


async def raw_row(driver: AsyncDriver, database: str, query: str, parameters: dict[str, object]) -> list[object]:
    """The rows of one auto-commit query, as a team would write it that wants speed and nothing else."""
    async with driver.session(database=database, fetch_size=-1) as session:
        result = await session.run(query, parameters)
        return [record.values() async for record in result]


async def in_turns(ways: Sequence[Ask], starts: Sequence[str], *, rounds: int = ROUNDS) -> list[float]:
    """Median milliseconds of each way, start by start; the first rounds warm all of them up.

    Each way goes first as often as any other: whoever does finds the store cold to that start, which costs a tenth.
    """
    taken: list[list[float]] = [[] for _ in ways]
    for turn in range(rounds + WARM_UP):
        for place, start in enumerate(starts):
            for step in range(len(ways)):
                number = (turn + place + step) % len(ways)
                before = time.perf_counter()
                await ways[number](start)
                if turn >= WARM_UP:
                    taken[number].append((time.perf_counter() - before) * 1000)
    return [statistics.median(times) for times in taken]


def rate_over_http(port: int, path: str, query: str, starts: Sequence[str], *, users: int, rounds: int = 12) -> float:
    """Answers a second to so many users, each on a connection of its own with one question under way."""

    def one(user: int) -> int:
        asker, asked = Asker(port, path), 0
        for turn in range(rounds):
            for start in starts[user % 2 :: 2] if users > 1 else starts:
                asker.ask(query, {"id": start})
                asked += turn > 0
            if turn == 0:
                begun.append(time.perf_counter())
        return asked

    begun: list[float] = []
    with ThreadPoolExecutor(users) as pool:
        answered = sum(pool.map(one, range(users)))
    return answered / (time.perf_counter() - min(begun))


async def rate_of(way: Ask, starts: Sequence[str], *, users: int, rounds: int = 6) -> float:
    """The same of a function in this process."""

    async def one(user: int) -> int:
        asked = 0
        for _ in range(rounds):
            for start in starts[user % 2 :: 2] if users > 1 else starts:
                await way(start)
                asked += 1
        return asked

    for start in starts:
        await way(start)
    begun = time.perf_counter()
    answered = sum(await asyncio.gather(*map(one, range(users))))
    return answered / (time.perf_counter() - begun)
