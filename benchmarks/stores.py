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
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from graphql_api.settings import Neo4jSettings, Purpose, Settings
from registry.storage.address import StoreAddress
from registry.storage.engine.embedded import EngineLimits, engine_on
from tests.engines.neo4j_server import neo4j_server

ENGINES: Final = ("embedded", "neo4j")
SERVE: Final = "import sys; from graphql_api.cli import main; sys.argv[0] = 'ictip'; main()"


@contextlib.contextmanager
def fresh_store(engine: str) -> Iterator[StoreAddress]:
    """An empty store on one engine, thrown away after the block."""
    if engine == "neo4j":
        with neo4j_server() as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="ictip-bench-") as folder, engine_on(Path(folder), EngineLimits()) as own:
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


@contextlib.contextmanager
def served(arguments: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    """``ictip serve`` with one worker until the end of the block; its port, once it is ready."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port), *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port, process)
        yield port
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


def resident_mebibytes(pid: int) -> float:
    """A process's resident memory, from /proc; 0 where there is none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0
