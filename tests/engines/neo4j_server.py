"""A real Neo4j Community server for the tests, fetched from Maven Central once and started on loopback.

Lives here: finding or fetching it, starting and stopping it. Elsewhere: the fixtures that hand it out
(``tests/conftest.py``).

Settings, all from the environment: ``NEO4J_TEST_URI`` (with ``_USER``, ``_PASSWORD``, ``_DATABASE``) names a server
to use instead; ``NEO4J_TEST_VERSION`` another version to fetch; ``JAVA_HOME`` another Java. Neo4j 5 runs on
Java 17 and 21, the calendar versions (2025 and later) on Java 21 and 25.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import silence_driver
from registry.storage.engine.embedded import free_ports
from registry.storage.engine.guard import GuardedProcess

HERE: Final = Path(__file__).parent
CACHE: Final = HERE.parent.parent / ".neo4j-test"
DEFAULT_VERSION: Final = "5.26.30"
START_SECONDS: Final = 240.0
PLAN_SECONDS: Final = 10
"""How long a statement's plan is kept at least, however the store changes: Neo4j's own default."""
LONG_PLAN_SECONDS: Final = 3_600
_FOLDERS: Final[dict[str, Path]] = {}
"""Where a server of our own keeps its data and logs."""


class Neo4jMissing(Exception):
    """No Neo4j can be had here; the text says what to install."""


@contextlib.contextmanager
def neo4j_server(*, small_worlds: bool = False) -> Iterator[StoreAddress]:
    """The address of a Neo4j server for the time of a block: the named one, or one of our own.

    Ours is set up as Neo4j comes, or for many small worlds one after the other, in which any plan does.
    """
    if "NEO4J_TEST_URI" in os.environ:
        yield _named_server()
        return
    version = os.environ.get("NEO4J_TEST_VERSION") or DEFAULT_VERSION
    java, jars = _java_for(version), _jars(version)
    with tempfile.TemporaryDirectory(prefix="ictip-neo4j-") as folder:
        (port,) = free_ports(1)
        server = GuardedProcess(
            [
                str(java),
                "-Xmx1g",
                "-cp",
                f"{jars}/*",
                str(HERE / "Neo4jTestServer.java"),
                folder,
                str(port),
                str(LONG_PLAN_SECONDS if small_worlds else PLAN_SECONDS),
            ],
            log=Path(folder) / "server.log",
        )
        try:
            address = _sign_in(f"bolt://127.0.0.1:{port}", server, Path(folder) / "server.log")
            _FOLDERS[address.uri] = Path(folder)
            yield address
        finally:
            _FOLDERS.clear()
            server.kill()  # its folder is thrown away


def folder_of(address: StoreAddress) -> Path | None:
    """The folder of a server that was started here; None for any other."""
    return _FOLDERS.get(address.uri)


def _named_server() -> StoreAddress:
    return StoreAddress(
        uri=os.environ["NEO4J_TEST_URI"],
        user=os.environ.get("NEO4J_TEST_USER", "neo4j"),
        password=os.environ.get("NEO4J_TEST_PASSWORD", ""),
        database=os.environ.get("NEO4J_TEST_DATABASE", "neo4j"),
    )


def _sign_in(uri: str, server: GuardedProcess, log: Path) -> StoreAddress:
    """Wait for the server and change its first password."""
    password = secrets.token_urlsafe(16)
    deadline = time.monotonic() + START_SECONDS
    silence_driver()
    while time.monotonic() < deadline and not server.ended():
        try:
            with GraphDatabase.driver(uri, auth=("neo4j", "neo4j"), connection_timeout=2.0) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                    {"old": "neo4j", "new": password},
                    database_="system",
                )
            return StoreAddress(uri=uri, user="neo4j", password=password, database="neo4j")
        except AuthError:
            raise
        except (DriverError, Neo4jError):
            time.sleep(0.2)
    raise Neo4jMissing(f"Neo4j did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def _java_for(version: str) -> Path:
    """A Java that this Neo4j runs on, of ``JAVA_HOME``, the PATH or the usual folder; its compiler is needed too."""
    accepted = (17, 21) if version.startswith("5.") else (21, 25)
    homes = [Path(os.environ["JAVA_HOME"]) / "bin" / "java"] if os.environ.get("JAVA_HOME") else []
    found = shutil.which("java")
    candidates = [*homes, *([Path(found)] if found else []), *sorted(Path("/usr/lib/jvm").glob("*/bin/java"))]
    for java in candidates:
        if java.exists() and _java_version(java) in accepted:
            return java
    wanted = " or ".join(map(str, accepted))
    raise Neo4jMissing(f"Neo4j {version} needs Java {wanted} (a JDK): install it, or set JAVA_HOME or NEO4J_TEST_URI.")


def _java_version(java: Path) -> int:
    answer = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=30)
    match = re.search(r'version "(\d+)', answer.stderr)
    return int(match[1]) if match else 0


def _jars(version: str) -> Path:
    """The folder of the server's jars, fetched at the first call; whole or not there at all."""
    jars = CACHE / f"neo4j-{version}"
    if jars.exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise Neo4jMissing("Neo4j for the tests is fetched with Maven: install it (`mvn`), or set NEO4J_TEST_URI.")
    CACHE.mkdir(exist_ok=True)
    with _alone(CACHE / "fetching"), tempfile.TemporaryDirectory(dir=CACHE) as draft:
        if jars.exists():
            return jars
        command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), f"-Dneo4j.version={version}"]
        fetched = subprocess.run(
            [*command, "dependency:copy-dependencies", f"-DoutputDirectory={draft}/jars"],
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        if fetched.returncode != 0:
            raise Neo4jMissing(f"Maven did not fetch Neo4j {version}:\n{fetched.stdout[-2000:]}")
        (Path(draft) / "jars").rename(jars)
    return jars


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One test process at a time: Maven's own store is not made for two."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
