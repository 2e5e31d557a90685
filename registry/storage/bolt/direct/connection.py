"""One Bolt connection to one server, for one statement at a time.

Lives here: opening, signing in, asking, closing. Elsewhere: the bytes (``messages``), who keeps connections (``pool``).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

from registry.storage.address import StoreAddress
from registry.storage.bolt.direct import messages
from registry.storage.bolt.direct.messages import Cutter, Kind
from registry.storage.bolt.named_queries import Parameters, Row

AGENT: Final = "ictip"
PORT: Final = 7687
"""Bolt's, where an address names none."""
GOODBYE_SECONDS: Final = 1.0
EXPIRED: Final = "Neo.ClientError.Security.AuthorizationExpired"
"""The server wants its callers to sign in anew."""


class StatementRefused(Exception):
    """The server answered with a failure. All that is kept of it is its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_expired(self) -> bool:
        """Whether the server wants every connection to sign in anew."""
        return self.code == EXPIRED


class NoBolt(ConnectionError):
    """Who answers there speaks none of the versions that we do, or not as they say."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server, and whether it is spoken to in secret."""

    host: str
    port: int
    secret: ssl.SSLContext | None


def peer_of(uri: str) -> Peer | None:
    """The server that an address names; None where it names a cluster (``neo4j://``), whose members the driver finds.

    ``bolt+s`` believes a certificate that the machine's authorities vouch for, ``bolt+ssc`` any.
    """
    try:
        parts = urlsplit(uri)
        port = parts.port or PORT
    except ValueError:  # no address at all: the driver says so
        return None
    if parts.hostname is None or parts.scheme not in _SECRETS:
        return None
    return Peer(parts.hostname, port, _SECRETS[parts.scheme]())


def _unvouched() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_SECRETS: Final[Mapping[str, Callable[[], ssl.SSLContext | None]]] = {
    "bolt": lambda: None,
    "bolt+s": ssl.create_default_context,
    "bolt+ssc": _unvouched,
}


@dataclass(slots=True, eq=False)
class _Reply:
    """What has come so far of the answer to a request that ends with so many summaries."""

    awaited: int
    whole: asyncio.Future[None]
    told: list[Mapping[str, object]] = field(default_factory=list, repr=False)
    rows: list[list[object]] = field(default_factory=list, repr=False)
    refused: str | None = None

    def take(self, message: bytearray) -> None:
        """One more message. The answer is whole at its last summary; what it ignores follows on a failure."""
        match message[1], messages.content(message):
            case Kind.RECORD, list(row):
                self.rows.append(row)
                return
            case Kind.SUCCESS, dict(told):
                self.told.append(told)
            case Kind.FAILURE, failure:
                self.refused = self.refused or messages.code_of(failure)
            case Kind.IGNORED, _ if self.refused:
                pass
            case _:
                raise NoBolt
        self.awaited -= 1
        if not self.awaited:
            self.end(None)

    def end(self, error: Exception | None) -> None:
        """Tell whoever waits. A server that hangs up after a refusal has said what it had to say."""
        if self.whole.done():
            return
        if error is None or self.refused:
            self.whole.set_result(None)
        else:
            self.whole.set_exception(error)


class Connection(asyncio.Protocol):
    """A connection that is signed in; `Connection.open` makes one.

    After a call that ended otherwise than with rows or a refusal it is ``closed``: what would still come belongs to no
    later question, and a server that sees its caller gone stops working for it.
    """

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._cutter = Cutter()
        self._greeting: asyncio.Future[bytes] = self._loop.create_future()
        self._greeted = b""
        self._reply: _Reply | None = None
        self._lost: asyncio.Future[None] = self._loop.create_future()
        self.closed = False
        self.opened = self.used = self._loop.time()

    @classmethod
    async def open(cls, peer: Peer, address: StoreAddress, *, seconds: float) -> Connection:
        """A connection to the server, signed in; each address that its name stands for is given so many seconds.

        Raises `StatementRefused`, or the `OSError` of the last address.
        """
        loop = asyncio.get_running_loop()
        error: OSError = ConnectionRefusedError()
        for *_, place in await loop.getaddrinfo(peer.host, peer.port, type=socket.SOCK_STREAM):
            try:
                async with asyncio.timeout(seconds):
                    return await cls._open_at(str(place[0]), peer, address)
            except OSError as raised:
                error = raised
        raise error

    @classmethod
    async def _open_at(cls, host: str, peer: Peer, address: StoreAddress) -> Connection:
        name = peer.host if peer.secret else None
        _, connection = await asyncio.get_running_loop().create_connection(
            cls, host, peer.port, ssl=peer.secret, server_hostname=name
        )
        try:
            await connection._sign_in(address)
        except BaseException:
            connection.abort()
            raise
        return connection

    async def run(self, text: str, values: Parameters, *, database: str, seconds: float, writes: bool) -> list[Row]:
        """All rows of a statement, stored durably where it writes.

        Raises `StatementRefused`, after which the connection is as good as before, or an `OSError`.
        """
        reply = await self._ask(messages.run(text, values, database=database, seconds=seconds, writes=writes), 2)
        if reply.refused is not None:
            with contextlib.suppress(OSError):
                await self.reset()
            raise StatementRefused(reply.refused)
        names = reply.told[0].get("fields")
        if not isinstance(names, list) or any(len(row) != len(names) for row in reply.rows):
            self.abort()
            raise NoBolt
        return [dict(zip(names, row, strict=True)) for row in reply.rows]

    async def reset(self) -> None:
        """Nothing, once the server has left a failed statement behind, or simply answers."""
        if (await self._ask(messages.RESET, 1)).refused is not None:
            self.abort()
            raise NoBolt

    async def close(self) -> None:
        """Say goodbye and close, whoever waits for an answer."""
        self.leave()
        await asyncio.wait([self._lost], timeout=GOODBYE_SECONDS)
        self.abort()

    def leave(self) -> None:
        """Say goodbye, and leave the closing to the loop."""
        if not self.closed:
            self.closed = True
            self._transport.write(messages.GOODBYE)
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.closed = True
        self._transport.abort()

    async def _sign_in(self, address: StoreAddress) -> None:
        self._transport.write(messages.GREETING)
        if await self._greeting not in messages.SPOKEN:
            raise NoBolt
        reply = await self._ask(messages.hello(AGENT) + messages.logon(address.user, address.password), 2)
        if reply.refused is not None:
            raise StatementRefused(reply.refused)

    async def _ask(self, request: bytes, summaries: int) -> _Reply:
        if self.closed:
            raise ConnectionResetError
        reply = self._reply = _Reply(summaries, self._loop.create_future())
        try:
            self._transport.write(request)
            await reply.whole
        except BaseException:
            self.abort()
            raise
        self._reply = None
        self.used = self._loop.time()
        return reply

    # --- what asyncio calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, and have the system notice a peer that is gone for good."""
        self._transport = cast(asyncio.Transport, transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        """Hand on what is whole. What nobody asked for, or nobody can read, ends the connection."""
        if not self._greeting.done():  # four bytes, after which a server waits for us
            self._greeted += data
            if len(self._greeted) >= 4:
                self._greeting.set_result(self._greeted)
            return
        try:
            for message in self._cutter.feed(data):
                if self._reply is None or not self._reply.awaited:
                    raise NoBolt
                self._reply.take(message)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # the codec's panics too: the loop would write to the log what it quotes
            self._end(NoBolt())
            self.abort()

    def connection_lost(self, reason: Exception | None) -> None:
        """Whoever waits for an answer is told."""
        self.closed = True
        self._end(ConnectionResetError())
        if not self._lost.done():
            self._lost.set_result(None)

    def _end(self, error: Exception) -> None:
        if not self._greeting.done():
            self._greeting.set_exception(error)
            self._greeting.exception()  # nobody need wait for it any more
        if self._reply is not None:
            self._reply.end(error)
