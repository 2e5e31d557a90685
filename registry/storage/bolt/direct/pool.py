"""Connections to one server, shared by all tasks of a process.

Lives here: how many there are and which is taken. Elsewhere: a connection (``connection``); retry and the deadline of a
call (``bolt.driver``).
"""

from __future__ import annotations

import asyncio
from typing import Final

from registry.storage.address import StoreAddress
from registry.storage.bolt.direct.connection import Connection, Peer, StatementRefused
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row

ANSWER_SECONDS: Final = 1.0
"""For a server that is there to say so."""


class DirectStatements:
    """`registry.storage.bolt.single.Statements` at one server.

    ``most`` connections at a time; a call waits for its turn, within its caller's deadline. ``connect_seconds`` bound
    the opening of one, at each address of a name. A connection that was silent for ``quiet_seconds`` is tried before
    it is used, for a firewall may have forgotten it; one is used for ``lasting_seconds`` at most, for a server behind
    the same name may have taken another's place.
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
            except StatementRefused as refused:
                if refused.is_expired:
                    connection.abort()
                    self._drop_idle()
                raise
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
            try:
                if await self._works(connection):
                    return connection
            except BaseException:
                connection.abort()
                raise
            finally:
                if connection.closed:
                    self._all.discard(connection)
        connection = await Connection.open(self._peer, self._address, seconds=self._connect_seconds)
        if self._shut:
            connection.abort()
            raise ConnectionAbortedError
        self._all.add(connection)
        return connection

    async def _works(self, connection: Connection) -> bool:
        """Whether it can be used; else it is closed. With one that answers no more go those unused for longer."""
        now = asyncio.get_running_loop().time()
        if now - connection.opened > self._lasting_seconds:
            connection.leave()
        if connection.closed or now - connection.used < self._quiet_seconds:
            return not connection.closed
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.reset()
        except OSError:
            self._drop_idle()
        return not connection.closed

    def _drop_idle(self) -> None:
        for connection in self._idle:
            connection.abort()
        self._all.difference_update(self._idle)
        self._idle.clear()

    def _give_back(self, connection: Connection) -> None:
        if connection.closed:
            self._all.discard(connection)
        else:
            self._idle.append(connection)
