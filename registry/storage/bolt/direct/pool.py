"""Connections to one server, shared by all tasks of a process.

Lives here: how many there are and which is taken. Elsewhere: a connection (``connection``); retry and the deadline of a
call (``bolt.driver``).
"""

from __future__ import annotations

import asyncio

from registry.storage.address import StoreAddress
from registry.storage.bolt.direct.connection import Connection, Peer
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row


class DirectStatements:
    """`registry.storage.bolt.single.Statements` at one server.

    ``most`` connections at a time; a call waits for its turn, within its caller's deadline. ``connect_seconds`` bound
    the opening of one. A connection that was silent for ``quiet_seconds`` is tried before it is used, for a firewall
    may have forgotten it; one is used for ``lasting_seconds`` at most, for a server behind the same name may have
    taken another's place.
    """

    def __init__(
        self,
        peer: Peer,
        address: StoreAddress,
        *,
        most: int,
        connect_seconds: float,
        quiet_seconds: float = 30.0,
        lasting_seconds: float = 3600.0,
    ) -> None:
        self._peer = peer
        self._address = address
        self._turns = asyncio.Semaphore(most)
        self._connect_seconds = connect_seconds
        self._quiet_seconds = quiet_seconds
        self._lasting_seconds = lasting_seconds
        self._all: set[Connection] = set()
        self._idle: list[Connection] = []
        self._shut = False

    async def run(self, query: NamedQuery, values: Parameters, *, seconds: float) -> list[Row]:
        """All rows. Raises `StatementRefused` or an `OSError`."""
        async with self._turns:
            connection = await self._take()
            try:
                return await connection.run(
                    query.text, values, database=self._address.database, seconds=seconds, writes=query.writes
                )
            finally:
                self._give_back(connection)

    async def close(self) -> None:
        """Close every connection. No call may follow."""
        self._shut = True
        await asyncio.gather(*(connection.close() for connection in self._all))

    async def _take(self) -> Connection:
        """The connection that was used last, of those that still work; else a new one."""
        while self._idle:
            connection = self._idle.pop()
            if await self._works(connection):
                return connection
            self._all.discard(connection)
        async with asyncio.timeout(self._connect_seconds):
            connection = await Connection.open(self._peer, self._address)
        if self._shut:
            connection.abort()
            raise ConnectionAbortedError
        self._all.add(connection)
        return connection

    async def _works(self, connection: Connection) -> bool:
        now = asyncio.get_running_loop().time()
        if connection.closed:
            return False
        if now - connection.opened > self._lasting_seconds:
            await connection.close()
            return False
        if now - connection.used <= self._quiet_seconds:
            return True
        try:
            async with asyncio.timeout(self._connect_seconds):
                await connection.reset()
        except OSError:
            return False
        return True

    def _give_back(self, connection: Connection) -> None:
        if connection.closed:
            self._all.discard(connection)
        else:
            self._idle.append(connection)
