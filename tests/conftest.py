"""Fixtures for every test: the two engines, each started once a session, and an empty database on each.

``database`` runs a test twice, on the embedded engine and on Neo4j; ``embedded`` and ``neo4j_server`` are the
addresses of the two for tests about one of them.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from graphql_api.cli.installation import packaged_catalogue
from graphql_api.observability import QUIET
from registry.classification.catalogue import Catalogue
from registry.storage.address import StoreAddress
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.engine.embedded import EmbeddedEngine, EngineLimits, engine_on, machine_memory
from tests.engines.neo4j_server import Neo4jMissing
from tests.engines.neo4j_server import neo4j_server as running_neo4j
from tests.universe import build_universe

settings.register_profile(
    "suite",
    deadline=None,  # a timing is never a test: machines are noisy
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",  # the same examples for everybody who looks at a failure
)
settings.load_profile("suite")

TEST_STATEMENT_SECONDS = 30.0
"""The longest statement on the tests' embedded engine."""
MOST_PROCESSES = 4
"""Of the tests: each starts engines of its own, and those on Neo4j set an end to what more would gain."""
QUICKLY_COMPILED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
PROCESS_BYTES = 3 << 30
"""Memory of a test process with its engines and browser."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile plainly what the engines of the short tests run: better machine code comes too late for them."""
    if is_short(config) and not hasattr(config, "workerinput"):  # processes of tests have it from this one
        os.environ["JDK_JAVA_OPTIONS"] = " ".join((os.environ.get("JDK_JAVA_OPTIONS", ""), *QUICKLY_COMPILED)).strip()


def is_short(config: pytest.Config) -> bool:
    """Whether the long tests, which grow larger worlds, are left out."""
    return "not long" in str(config.option.markexpr)


def pytest_xdist_auto_num_workers() -> int:
    """Test processes for ``-n auto``: a processor and memory each; none beside this one where all share a server."""
    if "NEO4J_TEST_URI" in os.environ:
        return 0
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)), max(1, machine_memory() // PROCESS_BYTES))


class OneNeo4j(LoadFileScheduling):
    """A process takes a file at a time, and one takes all that is asked of Neo4j: each server makes all plans anew."""

    def _split_scope(self, nodeid: str) -> str:
        asks_neo4j = "neo4j" in re.split(r"\W", nodeid.partition("[")[2])
        return "neo4j" if asks_neo4j else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """How tests are dealt out: the long ones file by file."""
    return (OneNeo4j if is_short(config) else LoadFileScheduling)(config, log)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """What the package ships, compiled once for all tests."""
    return packaged_catalogue()


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Leave the process's logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    names = {name: logging.getLogger(name).level for name in QUIET}
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in names.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def embedded_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """One embedded engine for the session."""
    folder: Path = tmp_path_factory.mktemp("embedded")
    with engine_on(folder, EngineLimits(heap_mebibytes=1024, statement_seconds=TEST_STATEMENT_SECONDS)) as engine:
        yield engine


@pytest.fixture(scope="session")
def embedded(embedded_engine: EmbeddedEngine) -> StoreAddress:
    """The address of the session's embedded engine."""
    return embedded_engine.address


@pytest.fixture(scope="session")
def neo4j_server(pytestconfig: pytest.Config) -> Iterator[StoreAddress]:
    """The address of the session's Neo4j; where none can be had a failure in CI and a skip elsewhere.

    The worlds of the short tests are small; the long ones grow worlds that need plans of their own.
    """
    try:
        with running_neo4j(small_worlds=is_short(pytestconfig)) as address:
            yield address
    except Neo4jMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(params=["embedded", "neo4j"])
def store_address(request: pytest.FixtureRequest) -> StoreAddress:
    """Either engine's address."""
    fixture = {"embedded": "embedded", "neo4j": "neo4j_server"}[request.param]
    address: StoreAddress = request.getfixturevalue(fixture)
    return address


@pytest.fixture
async def database(store_address: StoreAddress) -> AsyncIterator[Database]:
    """An empty, migrated database marked as a test installation, on either engine."""
    async with Database(store_address) as opened:
        await migrate(opened, purpose=Purpose.TEST)
        await empty(opened)
        yield opened


@pytest.fixture
async def universe(database: Database) -> Database:
    """The database with the universe in it, on either engine."""
    await build_universe(BoltCaseStore(database))
    return database


async def empty(database: Database) -> None:
    """Delete every node but the installation's mark."""
    sweep = NamedQuery(
        name="sweep",
        text="MATCH (n) WHERE NOT n:Installation WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS gone",
        parameters={},
        writes=True,
        one=True,
    )
    while (await database.execute(sweep))[0]["gone"]:
        pass
