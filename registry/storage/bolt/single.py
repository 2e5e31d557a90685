"""A single statement in a transaction of its own, in one round trip: the port, and the driver's way for clusters.

Lives here: the choice between the two ways. Elsewhere: the way to one server (``direct``), retry, deadlines and what an
error is called (``driver``).
"""

from __future__ import annotations

from typing import LiteralString, Protocol

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncResult, Query

from registry.storage.address import StoreAddress
from registry.storage.bolt.direct.connection import peer_of
from registry.storage.bolt.direct.pool import DirectStatements
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row


class Statements(Protocol):
    """Runs statements, each in a transaction of its own, with a timeout for servers that obey one."""

    async def run(self, query: NamedQuery, values: Parameters, *, seconds: float) -> list[Row]:
        """All rows, read to the end; stored durably where the statement writes.

        A value that cannot be sent is a `TypeError`, `ValueError` or `OverflowError`; other errors are the way's own.
        """

    async def close(self) -> None:
        """Let go of what it opened itself."""


class RoutedStatements:
    """`Statements` over the driver, which knows the members of a cluster."""

    def __init__(self, driver: AsyncDriver, database: str) -> None:
        self._driver = driver
        self._database = database

    async def run(self, query: NamedQuery, values: Parameters, *, seconds: float) -> list[Row]:
        """All rows. Raises what the driver raises."""
        access = WRITE_ACCESS if query.writes else READ_ACCESS
        async with self._driver.session(database=self._database, default_access_mode=access, fetch_size=-1) as session:
            return await rows_of(await session.run(Query(text_of(query), timeout=seconds), dict(values)))

    async def close(self) -> None:
        """Nothing: the driver is somebody else's."""


def statements_at(address: StoreAddress, driver: AsyncDriver, *, most: int, connect_seconds: float) -> Statements:
    """Our own connections where the address names one server, the driver's where it names a cluster."""
    peer = peer_of(address.uri)
    if peer is None:
        return RoutedStatements(driver, address.database)
    return DirectStatements(peer, address, most=most, connect_seconds=connect_seconds)


async def rows_of(result: AsyncResult) -> list[Row]:
    """All rows of what the driver answers, read to the end."""
    keys = result.keys()
    return [dict(zip(keys, record, strict=True)) async for record in result]


def text_of(query: NamedQuery) -> LiteralString:
    """The statement. It is literal in the driver's sense: it comes from a packaged file, never from input."""
    return query.text
