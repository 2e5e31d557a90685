"""A proxy on loopback in front of a real engine, which counts connections and spoils what passes on request."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from registry.storage.address import StoreAddress

Spoil = Callable[[bytes], bytes]


@dataclass(slots=True)
class Proxy:
    """What passes: ``spoil`` is applied to every piece from the engine; ``silent`` holds it back, five seconds at
    most; ``crumble`` passes it on byte by byte."""

    address: StoreAddress
    opened: int = 0
    open_now: int = 0
    most_at_once: int = 0
    spoil: Spoil | None = None
    silent: bool = False
    crumble: bool = False
    callers: set[asyncio.StreamWriter] = field(default_factory=set)
    engine: set[asyncio.StreamWriter] = field(default_factory=set)

    def pieces(self, data: bytes) -> list[bytes]:
        """What is passed on of a piece from the engine."""
        data = self.spoil(data) if self.spoil else data
        return [data[at : at + 1] for at in range(len(data))] if self.crumble else [data]

    def cut(self) -> None:
        """Every connection, at once and without a word."""
        for writer in self.callers | self.engine:
            writer.transport.abort()

    def say(self, data: bytes) -> None:
        """Something to every caller that the engine did not say."""
        for writer in self.callers:
            writer.write(data)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something, five seconds at most."""
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@contextlib.asynccontextmanager
async def proxy_to(address: StoreAddress, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Proxy]:
    """A proxy until the end of the block; its ``address`` is plain ``bolt`` unless the caller says otherwise."""
    target = urlsplit(address.uri)
    proxy = Proxy(address)
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if answers:
                    await until(lambda: not proxy.silent)
                for piece in proxy.pieces(data) if answers else [data]:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxy.opened += 1
        proxy.open_now += 1
        proxy.most_at_once = max(proxy.most_at_once, proxy.open_now)
        theirs, to_engine = await asyncio.open_connection(target.hostname, target.port)
        proxy.callers.add(writer)
        proxy.engine.add(to_engine)
        there = asyncio.create_task(pump(reader, to_engine, answers=False))
        back = asyncio.create_task(pump(theirs, writer, answers=True))
        tasks.update((there, back))
        await asyncio.wait((there, back))
        proxy.open_now -= 1

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    proxy.address = replace(address, uri=f"bolt://127.0.0.1:{port}")
    try:
        yield proxy
    finally:
        server.close()
        proxy.silent = False
        proxy.cut()
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.sleep(0)
