"""Stores to measure on: either engine, fresh, with the words and a sample world in it; and servers over them.

Lives here: starting, filling, stopping. Elsewhere: what is measured (``doors``, ``intake``, ``network``, ``start``).
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphql_api.settings import Neo4jSettings, Purpose, Settings
from registry.storage.address import StoreAddress
from registry.storage.engine.embedded import EngineLimits, engine_on
from tests.engines.neo4j_server import neo4j_server

ENGINES: Final = ("embedded", "neo4j")
SERVE: Final = "import sys; from graphql_api.cli import main; sys.argv[0] = 'ictip'; main()"


@contextlib.contextmanager
def fresh_store(engine: str, folder: Path) -> Iterator[StoreAddress]:
    """An empty store on one engine until the end of the block; the embedded one keeps its data in the folder."""
    if engine == "neo4j":
        with neo4j_server() as address:
            yield address
        return
    with engine_on(folder, EngineLimits()) as own:
        yield own.address


def settings_of(address: StoreAddress) -> Settings:
    """Settings by which commands and doors use that store; both engines are reached over Bolt alike."""
    named = Neo4jSettings(address.uri, address.user, address.password, address.database)
    return Settings(purpose=Purpose.SAMPLE, neo4j=named)


def environment_of(address: StoreAddress) -> dict[str, str]:
    """The same for a process of its own."""
    return {
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password,
        "NEO4J_DATABASE": address.database,
    }


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Served:
    """A running ``ictip serve``; ``seconds`` passed from its start until it was ready."""

    port: int
    pid: int
    seconds: float


@contextlib.contextmanager
def served(arguments: list[str], environment: Mapping[str, str]) -> Iterator[Served]:
    """``ictip serve`` with one worker until the end of the block, once it is ready."""
    port, begun = free_port(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port), *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port, process)
        yield Served(port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def wait_until_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 120.0) -> None:
    """Return at the first 200 of ``/ready``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise TimeoutError("the server did not become ready")


def resident_mebibytes(root: int) -> dict[str, float]:
    """Resident memory of a process and all below it by program name, from /proc; empty where there is none."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            before, _, after = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")
            parents[int(entry.parent.name)] = (int(after.split()[1]), before.partition("(")[2])
    found: dict[str, float] = {}
    for pid, (_, name) in parents.items():
        if root in ancestry(pid, parents):
            found[name] = found.get(name, 0.0) + resident_of(pid)
    return found


def ancestry(pid: int, parents: Mapping[int, tuple[int, str]]) -> list[int]:
    """The process itself and all above it."""
    line = [pid]
    while line[-1] in parents and parents[line[-1]][0] > 0:
        line.append(parents[line[-1]][0])
    return line


def resident_of(pid: int) -> float:
    """One process's resident memory in MiB; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0
