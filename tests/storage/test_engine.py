"""The embedded engine as our child: start, ownership, secrecy, and its end whoever is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry.errors import DeadlineExceeded, EngineNotStarted, FolderOwned, IctipError, StoreUnavailable
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database, StoreLimits
from registry.storage.engine.embedded import EmbeddedEngine, EngineLimits, engine_on, heap_for, start_engine
from registry.storage.engine.folder import FolderLock
from tests.storage.processes import is_alive, processor_seconds, ps, wait_for, wait_until_gone
from tests.storage.statements import STATEMENTS, constrain

SMALL = EngineLimits(heap_mebibytes=512, statement_seconds=3.0)

OWNER = """
import pathlib, sys, time
from registry.storage.engine.embedded import EngineLimits, start_engine
engine = start_engine(pathlib.Path(sys.argv[1]), EngineLimits(heap_mebibytes=512))
print(engine.pid, engine.guard_pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An engine of this module's own, which its tests may kill and start again."""
    with engine_on(tmp_path_factory.mktemp("engine") / "data", SMALL) as running:
        yield running


@contextmanager
def owner_of(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """Another process that runs an engine on the folder: the process, its engine's and its guard's id."""
    command = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            engine_pid, guard_pid = map(int, process.stdout.readline().split())
            yield process, engine_pid, guard_pid
        finally:
            process.kill()


async def keys_of(address: StoreAddress) -> list[str]:
    """The keys of all things."""
    async with Database(address) as database:
        row = await database.read_one(STATEMENTS["keys"])
    assert row is not None
    return list(row["keys"])  # type: ignore[call-overload, no-any-return]


def test_everything_in_the_folder_is_for_its_owner_alone(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """Folders 0700, files 0600, whatever the process's own mask says."""
    before = os.umask(0)
    try:
        with engine_on(tmp_path / "data", SMALL):
            pass
    finally:
        os.umask(before)

    modes = {path.relative_to(tmp_path): path.stat().st_mode for path in (tmp_path / "data").rglob("*")}
    assert {stat.S_IMODE(mode) for mode in modes.values() if stat.S_ISDIR(mode)} == {0o700}
    assert {stat.S_IMODE(mode) for mode in modes.values() if stat.S_ISREG(mode)} == {0o600}
    assert Path("data/password") in modes
    assert Path("data/engine.log") in modes
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_the_password_is_not_in_the_process_list(engine: EmbeddedEngine) -> None:
    """Neither the arguments nor the environment of any process hold it."""
    assert engine.address.password not in ps("-eo", "args=")
    assert engine.address.password not in ps("-eo", "args=", "eww")


def test_the_engine_listens_on_loopback_alone(engine: EmbeddedEngine) -> None:
    """No port of it is open to other machines."""
    listing = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=False).stdout
    ours = [line.split()[3] for line in listing.splitlines() if f"pid={engine.pid}," in line]
    if not ours:
        pytest.skip("`ss` shows no ports here: install iproute2 to have this tested")

    assert all("127.0.0.1]:" in address or address.startswith("127.0.0.1:") for address in ours)
    assert len(ours) == 2


def test_commits_are_durable(engine: EmbeddedEngine) -> None:
    """The engine is told to fsync before each acknowledgement."""
    arguments = Path(ps("-o", "args=", "-p", str(engine.pid)).split("@")[-1].strip())

    assert '"-Darcadedb.txWalFlush=2"' in arguments.read_text(encoding="utf-8").splitlines()


def test_heap_is_a_bounded_quarter_of_memory() -> None:
    """512 MiB on a small machine, 4 GiB on a large one."""
    gibibyte = 1024**3

    assert [heap_for(size * gibibyte) for size in (1, 4, 8, 64)] == [512, 1024, 2048, 4096]


def test_a_second_owner_is_told_who_has_the_folder(tmp_path: Path) -> None:
    """One owner a folder, by process id."""
    with owner_of(tmp_path / "data") as (process, _, _), pytest.raises(FolderOwned) as caught:
        start_engine(tmp_path / "data", SMALL)

    assert caught.value.facts == {"owner": process.pid}


async def test_kill_9_of_the_owner_leaves_no_orphan_and_a_folder_that_opens(tmp_path: Path) -> None:
    """The guard ends the engine within a second, and the next owner finds what was stored."""
    with owner_of(tmp_path / "data") as (process, engine_pid, guard_pid):
        assert is_alive(engine_pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        waited = wait_until_gone([engine_pid, guard_pid], seconds=3.0)

    assert waited < 3.0
    with engine_on(tmp_path / "data", SMALL) as engine:
        assert await keys_of(engine.address) == []


def test_kill_9_of_the_guard_ends_the_engine(tmp_path: Path) -> None:
    """An engine that nobody guards is not left running."""
    engine = start_engine(tmp_path / "data", SMALL)
    os.kill(engine.guard_pid, signal.SIGKILL)
    wait_for(engine.ended, seconds=3.0, what="notice of the guard's end")

    assert not is_alive(engine.pid)
    engine.stop()


async def test_the_engine_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    """The end of a thread is not the end of its process."""
    started: list[EmbeddedEngine] = []
    thread = threading.Thread(target=lambda: started.append(start_engine(tmp_path / "data", SMALL)))
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0.3)

    assert await keys_of(started[0].address) == []
    started[0].stop()


async def test_kill_9_under_concurrent_writes_loses_no_acknowledged_write(engine: EmbeddedEngine) -> None:
    """Eight writers in both ways of writing, a kill in their midst, a restart: every acknowledged key is there."""
    acknowledged: list[str] = []
    enough = asyncio.Event()

    async def write(database: Database, writer: int) -> None:
        for number in range(100_000):
            key = f"{writer}-{number}"
            await (database.put if number % 2 else database.execute)(STATEMENTS["add"], {"key": key})
            acknowledged.append(key)
            if len(acknowledged) == 400:
                enough.set()

    async with Database(engine.address, StoreLimits(connection_attempts=1)) as database:
        await constrain(database)
        writers = [asyncio.ensure_future(write(database, writer)) for writer in range(8)]
        await enough.wait()
        os.kill(engine.pid, signal.SIGKILL)
        outcomes = await asyncio.gather(*writers, return_exceptions=True)
        wait_for(engine.ended, seconds=3.0, what="notice of the engine's end")
        engine.start()

        row = await database.read_one(STATEMENTS["keys"])

    assert all(isinstance(outcome, IctipError) for outcome in outcomes)
    assert row is not None
    assert set(acknowledged) <= set(row["keys"])  # type: ignore[call-overload]


async def test_calls_while_the_engine_is_down_are_unavailable(engine: EmbeddedEngine) -> None:
    """Killed mid-request the call ends as retriable trouble; after the restart the same database works."""
    async with Database(engine.address) as database:
        call = asyncio.ensure_future(database.read(STATEMENTS["run_away"], seconds=10.0))
        await asyncio.sleep(0.3)
        os.kill(engine.pid, signal.SIGKILL)
        with pytest.raises(StoreUnavailable):
            await call
        wait_for(engine.ended, seconds=3.0, what="notice of the engine's end")
        with pytest.raises(StoreUnavailable):
            await database.health()

        engine.start()

        await database.health(seconds=60.0)


async def test_runaway_queries_do_not_burn_the_processors(engine: EmbeddedEngine) -> None:
    """Embedded ignores the driver's timeout; its own ends abandoned queries after the longest statement."""
    async with Database(engine.address) as database:
        calls = [database.read(STATEMENTS["run_away"], seconds=0.3) for _ in range(4)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(outcome, DeadlineExceeded) for outcome in outcomes)
        await database.health(seconds=SMALL.statement_seconds + 2)
        await asyncio.sleep(SMALL.statement_seconds + 1.5)
        used = processor_seconds(engine.pid)
        await asyncio.sleep(2.0)

    assert processor_seconds(engine.pid) - used <= 1


def test_a_start_without_memory_is_told(tmp_path: Path) -> None:
    """An engine that ends instead of answering is an error that says so, and the folder is free again."""
    with pytest.raises(EngineNotStarted) as caught:
        start_engine(tmp_path / "data", EngineLimits(heap_mebibytes=1))

    assert caught.value.facts["reason"] == "it ended"
    FolderLock(tmp_path / "data").release()
