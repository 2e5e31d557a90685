"""The process tree of ``ictip serve``: a supervisor, the embedded engine, and workers that share one socket.

::

    supervisor            starts the rest, restarts what dies, answers no request
    ├── sh guard          kills the engine when the supervisor is gone
    │   └── engine        none with NEO4J_URI
    ├── worker            exits when the supervisor is gone
    └── worker

Lives here: starting and stopping in order, and opening a store for a command. Elsewhere: a worker's inside
(``worker``), the engine (``registry.storage.engine``), what is prepared (given by the caller).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson
import structlog

from graphql_api.observability import configure_logging
from graphql_api.settings import SECRET_BYTES, Neo4jSettings, Purpose, Settings
from graphql_api.worker import APPLICATION, GRACE_SECONDS, WorkerOrder
from registry.access.audit import Head
from registry.access.sealing import seal_forever
from registry.errors import (
    AddressNotLoopback,
    EngineNotStarted,
    FolderOwned,
    FolderWithoutStore,
    IctipError,
    PortTaken,
    SecretMissing,
    WorkerNotStarted,
)
from registry.storage.address import StoreAddress
from registry.storage.bolt import migrate as schema
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import DEFAULT_LIMITS, Database
from registry.storage.bolt.lease import bulk_lease, kept
from registry.storage.engine.embedded import EmbeddedEngine, EngineLimits, address_beside
from registry.storage.engine.folder import FolderLock, has_engine

Prepare = Callable[[Database, Settings], Awaitable[None]]
"""What must be in the store before workers start: the words, a sample. May find it all there already."""

WATCH_SECONDS: Final = 0.1
SEALING: Final = "sealing"
"""The lease under which one host at a time seals the audit."""
PATIENCE_SECONDS: Final = 3600.0
WORKER_START_SECONDS: Final = 60.0
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
STEADY_SECONDS: Final = 30.0
"""Who lived this long before dying is restarted after the first, shortest pause again."""


def serve(settings: Settings, *, prepare: Prepare | None = None, factory: str = APPLICATION) -> int:
    """Serve until SIGINT or SIGTERM; the exit code. ``factory`` names what makes a worker's application.

    Refuses with `AddressNotLoopback`, `PortTaken`, `FolderOwned`, `EngineNotStarted`, `StoreSignInRefused`,
    `SchemaNewer`, `InstallationForeign` or `WorkerNotStarted` before anything is served.
    """
    configure_logging(settings.log_level)
    require_gate(settings)
    with contextlib.closing(listen(settings.host, settings.port)) as listener:
        asyncio.run(_until_signal(_Supervisor(settings, listener, prepare, factory).run()))
    return 0


@contextlib.asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Database]:
    """The settings' store, migrated, for the time of a block: for commands that run beside no server.

    `FolderOwned` if a server, or another command, has the data folder.
    """
    async with contextlib.AsyncExitStack() as stack:
        engine = None if settings.neo4j else await stack.enter_async_context(engine_for(settings))
        database = await stack.enter_async_context(Database(address_for(settings, engine)))
        await schema.migrate(database, purpose=purpose_of(settings))
        yield database


@contextlib.asynccontextmanager
async def joined_store(settings: Settings) -> AsyncIterator[Database]:
    """The settings' store for the time of a block, also beside a running server on the same folder.

    For commands that write little and lock what they change: keys, the audit. `StoreUnavailable` if the server's
    engine does not answer.
    """
    async with contextlib.AsyncExitStack() as stack:
        yield await _open_or_join(stack, settings)


def require_store(settings: Settings) -> Settings:
    """The settings, for commands that need what is there: a data folder in which no engine ever ran is refused.

    Makes nothing. Raises `FolderWithoutStore`.
    """
    if settings.neo4j is None and not has_engine(settings.data):
        raise FolderWithoutStore(folder=str(settings.data))
    return settings


def require_gate(settings: Settings) -> None:
    """Refuse to serve beyond loopback without authentication, and callers of names without an audit that is sealed.

    Raises `AddressNotLoopback`, `SecretMissing`.
    """
    if not settings.authenticates:
        require_loopback(settings.host)
    elif settings.secrets.audit_key is None or settings.secrets.pseudonym_key is None:
        raise SecretMissing(
            secret="What the audit is sealed and pseudonyms are made with",  # noqa: S106
            bytes=SECRET_BYTES,
            reason="callers are authenticated, so both are needed",
            setting="ICTIP_SECRET_FILE",
        )


def require_loopback(host: str) -> None:
    """Refuse to listen where others could act as the local user."""
    with contextlib.suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return
    raise AddressNotLoopback(host=host)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; `PortTaken` if something else listens there. Requests wait in it until a worker is up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
        return listener
    except OSError:
        listener.close()
    raise PortTaken(host=host, port=port)


def address_for(settings: Settings, engine: EmbeddedEngine | None) -> StoreAddress:
    """The store's address: the running engine's, else the Neo4j of the settings."""
    if engine is not None:
        return engine.address
    if settings.neo4j is None:
        raise EngineNotStarted(seconds=0, reason="no store is configured")
    named = settings.neo4j
    return StoreAddress(uri=named.uri, user=named.user, password=named.password, database=named.database)


def purpose_of(settings: Settings) -> schema.Purpose | None:
    """The mark to ask for. A plain ``serve`` takes an installation as it is, so that a sample can be looked at."""
    return None if settings.purpose is Purpose.REAL else schema.Purpose(settings.purpose.value)


@contextlib.asynccontextmanager
async def engine_for(settings: Settings) -> AsyncIterator[EmbeddedEngine]:
    """The running embedded engine on the settings' folder, stopped after the block."""
    limits = EngineLimits(heap_mebibytes=settings.engine_heap_mebibytes, statement_seconds=DEFAULT_LIMITS.write_seconds)
    lock = FolderLock(settings.data)
    engine = EmbeddedEngine(settings.data, lock, limits)
    try:
        await launch(engine, limits.start_seconds)
        yield engine
    finally:
        await asyncio.shield(asyncio.to_thread(engine.stop))


async def launch(engine: EmbeddedEngine, seconds: float) -> None:
    """Start the engine, or start it again, and wait until it answers; `EngineNotStarted` after ``seconds``."""
    engine.launch()
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(engine.answers):
        if time.monotonic() > deadline:
            raise EngineNotStarted(seconds=seconds, reason="no answer")
        await asyncio.sleep(0.05)


async def _open_or_join(stack: contextlib.AsyncExitStack, settings: Settings) -> Database:
    try:
        return await stack.enter_async_context(open_store(settings))
    except FolderOwned:
        address = address_beside(settings.data)
        if address is None:
            raise
    return await stack.enter_async_context(Database(address))


class HeadsOutside:
    """Where sealed heads leave the database's reach: ``tell`` (a log) always, and a file where one is set.

    The file is only appended to, and is on the disk before the next block is begun.
    """

    def __init__(self, file: Path | None, tell: Callable[[Head], None]) -> None:
        self._file = file
        self._tell = tell

    def __call__(self, head: Head) -> None:
        """Send one head; raises `OSError` when the file cannot be written."""
        if self._file is not None:
            with self._file.open("ab") as out:
                out.write(orjson.dumps({"number": head.number, "mac": head.mac}) + b"\n")
                out.flush()
                os.fsync(out.fileno())
        self._tell(head)


async def seal_audit(address: StoreAddress, settings: Settings, key: bytes) -> None:
    """Seal the audit until cancelled, whenever the turn is ours: one host at a time, and another when it dies."""
    log = structlog.get_logger()
    async with Database(address) as database:
        while True:
            try:
                async with bulk_lease(database, name=SEALING, patience=PATIENCE_SECONDS) as lease, kept(lease):
                    await seal_forever(
                        BoltAuditStore(database),
                        key,
                        HeadsOutside(
                            settings.audit_heads,
                            lambda head: log.info("audit_sealed", number=head.number, mac=head.mac),
                        ),
                        trouble=lambda raised: log.warning("audit_not_sealed", error=type(raised).__name__),
                    )
            except IctipError as raised:
                log.info("audit_sealing_waits", error=raised.code)
                await asyncio.sleep(WATCH_SECONDS)


class Worker:
    """One worker process and the two pipes to it."""

    def __init__(self, listener: socket.socket, factory: str) -> None:
        """Start the process; it loads the application's code and waits for its order (`serve_with`)."""
        self._ready, self._sign = os.pipe()
        self._listener, self._factory = listener.fileno(), factory
        self.began = time.monotonic()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "graphql_api.worker", factory],
                stdin=subprocess.PIPE,
                pass_fds=(self._listener, self._sign),
                process_group=0,  # a terminal's Ctrl-C reaches the supervisor alone, which stops all in order
            )
        finally:
            os.close(self._sign)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def ended(self) -> bool:
        """Whether the worker is gone."""
        return self._process.poll() is not None

    def serve_with(self, settings: Settings) -> Worker:
        """Give the worker its order, which holds the store's password; the worker itself."""
        self.began = time.monotonic()
        order = WorkerOrder(settings, self._listener, self._sign, self._factory)
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it died already: the watch sees that
                self._process.stdin.write(pickle.dumps(order))
                self._process.stdin.flush()
        return self

    async def wait_until_ready(self) -> None:
        """Return once the worker answers; `WorkerNotStarted` if it ended or takes too long."""
        os.set_blocking(self._ready, False)
        while time.monotonic() < self.began + WORKER_START_SECONDS and not self.ended():
            with contextlib.suppress(BlockingIOError):
                if os.read(self._ready, 1):
                    return
            await asyncio.sleep(0.02)
        raise WorkerNotStarted(code=self._process.poll())

    def ask_to_stop(self) -> None:
        """Ask for a graceful end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    async def stop(self) -> None:
        """Return when the worker is gone, killed if it takes longer than its grace."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, GRACE_SECONDS + 5)
        self.discard()

    def discard(self) -> None:
        """Kill what is left and close the pipes."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        os.close(self._ready)


class _Supervisor:
    """What one ``ictip serve`` holds."""

    def __init__(self, settings: Settings, listener: socket.socket, prepare: Prepare | None, factory: str) -> None:
        self._factory = factory
        self._settings = settings
        self._listener = listener
        self._prepare = prepare
        self._engine: EmbeddedEngine | None = None
        self._workers: list[Worker] = []
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Start everything in order, then watch until cancelled, then stop everything in order."""
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(self._stop_workers)
            # Workers load their code while the engine starts: a second less to the first answer.
            self._workers = [Worker(self._listener, self._factory) for _ in range(self._settings.workers)]
            if self._settings.neo4j is None:
                self._engine = await stack.enter_async_context(engine_for(self._settings))
            address = address_for(self._settings, self._engine)
            await self._make_ready(address)
            stack.push_async_callback(self._stop_workers)  # before the engine; a second call finds nobody
            named = Neo4jSettings(address.uri, address.user, address.password, address.database)
            await self._start_workers(replace(self._settings, neo4j=named))
            host, port = self._listener.getsockname()[:2]
            self._log.info("serving", host=host, port=port, workers=self._settings.workers, pid=os.getpid())
            await self._watch(replace(self._settings, neo4j=named))

    async def _make_ready(self, address: StoreAddress) -> None:
        """Migrate and prepare, one host at a time."""
        async with Database(address) as database:
            await schema.migrate(database, purpose=purpose_of(self._settings))
            if self._prepare is None:
                return
            async with bulk_lease(database, name=schema.START, patience=600.0) as lease, kept(lease):
                await self._prepare(database, self._settings)

    async def _start_workers(self, settings: Settings) -> None:
        await asyncio.gather(*(worker.serve_with(settings).wait_until_ready() for worker in self._workers))

    async def _watch(self, settings: Settings) -> None:
        """Restart what dies, each after a pause that grows while it keeps dying."""
        async with asyncio.TaskGroup() as tasks:
            if settings.secrets.audit_key is not None:
                address = address_for(settings, self._engine)
                tasks.create_task(seal_audit(address, settings, settings.secrets.audit_key))
            for place in range(settings.workers):
                tasks.create_task(self._watch_worker(place, settings))
            if self._engine is not None:
                tasks.create_task(self._watch_engine(self._engine))

    async def _watch_worker(self, place: int, settings: Settings) -> None:
        pause = FIRST_PAUSE
        while True:
            worker = self._workers[place]
            if not worker.ended():
                await asyncio.sleep(WATCH_SECONDS)
                continue
            pause = FIRST_PAUSE if time.monotonic() - worker.began > STEADY_SECONDS else min(LONGEST_PAUSE, pause * 2)
            self._log.warning("worker_ended", pid=worker.pid, restart_in_seconds=pause)
            await asyncio.sleep(pause)
            worker.discard()
            self._workers[place] = Worker(self._listener, self._factory).serve_with(settings)

    async def _watch_engine(self, engine: EmbeddedEngine) -> None:
        pause, began = FIRST_PAUSE, time.monotonic()
        while True:
            if not engine.ended():
                await asyncio.sleep(WATCH_SECONDS)
                continue
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY_SECONDS else min(LONGEST_PAUSE, pause * 2)
            self._log.error("engine_ended", restart_in_seconds=pause)
            await asyncio.sleep(pause)
            began = time.monotonic()
            with contextlib.suppress(EngineNotStarted):  # it is seen as ended again
                await launch(engine, EngineLimits().start_seconds)
                self._log.info("engine_restarted", seconds=round(time.monotonic() - began, 2))

    async def _stop_workers(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.ask_to_stop()
        await asyncio.gather(*(worker.stop() for worker in workers))


async def _until_signal(work: Awaitable[None]) -> None:
    """Run ``work`` until SIGINT or SIGTERM cancels it; its clean-up runs to the end."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
