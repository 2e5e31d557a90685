"""``ictip serve`` as processes: supervisor, guard, engine, workers; whoever is killed, nobody is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graphql_api.serving import listen, require_loopback
from registry.errors import AddressNotLoopback, PortTaken
from registry.storage.engine.embedded import free_ports
from tests.storage.processes import children, family, is_alive, ps, wait_for, wait_until_gone

SERVER = """
import pathlib, sys
from graphql_api.serving import serve
from graphql_api.settings import Settings
from registry.errors import IctipError

async def prepare(database, settings):
    print("prepared", flush=True)

data, port, factory = sys.argv[1:]
settings = Settings(data=pathlib.Path(data), port=int(port), workers=2, engine_heap_mebibytes=512)
try:
    sys.exit(serve(settings, prepare=prepare, factory=f"tests.storage.tiny_app:{factory}"))
except IctipError as error:
    print(error.code, flush=True)
    sys.exit(2)
"""


@dataclass(frozen=True)
class Tree:
    """A running server and its processes."""

    process: subprocess.Popen[str]
    folder: Path
    port: int
    log: Path

    def is_complete(self) -> bool:
        """Whether every worker has said that it answers."""
        return '"event":"serving"' in self.log.read_text(encoding="utf-8")

    def ask(self) -> dict[str, object]:
        """What a worker answers, on a connection of its own; nothing while none does."""
        try:
            answer: dict[str, object] = httpx.get(f"http://127.0.0.1:{self.port}/", timeout=5.0).json()
        except httpx.HTTPError:
            return {}
        return answer

    def serves(self) -> bool:
        """Whether a worker reaches the store."""
        return "purpose" in self.ask()

    def workers(self) -> list[int]:
        """The workers' process ids."""
        return [pid for pid, line in children(self.process.pid).items() if "graphql_api.worker" in line]

    def engine(self) -> int:
        """The engine's process id; there is one."""
        (pid,) = (pid for pid, line in family(self.process.pid).items() if "/java " in line and "guard.sh" not in line)
        return pid

    def everyone(self) -> list[int]:
        """Every process of the tree."""
        return [self.process.pid, *family(self.process.pid)]


@contextmanager
def serving(folder: Path, *, factory: str = "create_app", port: int | None = None) -> Iterator[Tree]:
    """A server of two workers on the folder."""
    chosen = port or free_ports(1)[0]
    command = [sys.executable, "-c", SERVER, str(folder), str(chosen), factory]
    log = folder.with_name(f"{chosen}.log")
    with (
        log.open("w", encoding="utf-8") as lines,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=lines, text=True) as process,
    ):
        tree = Tree(process, folder, chosen, log)
        try:
            yield tree
        finally:
            process.kill()


@pytest.fixture(scope="module")
def lasting_tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A server that several tests share, which leave it serving."""
    with serving(tmp_path_factory.mktemp("lasting") / "data") as running:
        wait_for(running.is_complete, seconds=60.0, what="workers that serve")
        yield running


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    """A server that serves, with both workers up."""
    with serving(tmp_path / "data") as running:
        wait_for(running.is_complete, seconds=60.0, what="workers that serve")
        yield running


def test_workers_share_one_engine_and_sigterm_ends_all(tree: Tree) -> None:
    """Supervisor, guard, one engine, two workers; a graceful end has exit code 0 and leaves nobody."""
    everyone, engine = tree.everyone(), tree.engine()
    tree.process.send_signal(signal.SIGTERM)

    assert tree.process.wait(30) == 0
    assert engine in everyone
    assert len(everyone) == 5
    wait_until_gone(everyone, seconds=1.0)


def test_ctrl_c_ends_all(tree: Tree) -> None:
    """SIGINT is as graceful as SIGTERM."""
    everyone = tree.everyone()

    tree.process.send_signal(signal.SIGINT)

    assert tree.process.wait(30) == 0
    wait_until_gone(everyone, seconds=1.0)


def test_kill_9_of_the_supervisor_leaves_nobody(tree: Tree) -> None:
    """Engine, guard and workers end within seconds, and the port is free again."""
    everyone = tree.everyone()

    tree.process.kill()
    tree.process.wait()

    wait_until_gone(everyone, seconds=3.0)
    # A connection of another test may have taken it for a moment.
    wait_for(lambda: is_free(tree.port), seconds=10.0, what="free port")


def is_free(port: int) -> bool:
    """Whether one may listen there."""
    try:
        listen("127.0.0.1", port).close()
    except PortTaken:
        return False
    return True


def test_kill_9_of_a_worker_brings_another(lasting_tree: Tree) -> None:
    """The other worker answers meanwhile; then there are two again."""
    killed, spared = lasting_tree.workers()

    os.kill(killed, signal.SIGKILL)

    wait_for(lambda: not is_alive(killed), seconds=3.0, what="the worker's end")
    assert lasting_tree.ask() == {"worker": spared, "purpose": "real"}
    wait_for(lambda: len(lasting_tree.workers()) == 2, seconds=20.0, what="a new worker")
    assert spared in lasting_tree.workers()


def test_kill_9_of_the_engine_brings_it_back(lasting_tree: Tree) -> None:
    """Workers stay, say that the store is away, and answer from it again at the same address."""
    killed, workers = lasting_tree.engine(), lasting_tree.workers()

    os.kill(killed, signal.SIGKILL)

    wait_for(lambda: lasting_tree.ask().get("error") == "store_unavailable", seconds=10.0, what="the trouble")
    wait_for(lasting_tree.serves, seconds=30.0, what="an answer")
    assert lasting_tree.workers() == workers
    assert lasting_tree.engine() != killed


def test_the_store_s_password_is_in_no_process_s_arguments_or_environment(lasting_tree: Tree) -> None:
    """Workers are told through their pipe."""
    password = (lasting_tree.folder / "password").read_text(encoding="utf-8")

    assert password not in ps("-eo", "args=", "e")


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    """No engine is started for a server that cannot serve."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with serving(tmp_path / "data", port=port) as tree:
            output, _ = tree.process.communicate(timeout=30)

    assert output.split() == ["port_taken"]
    assert tree.process.returncode == 2
    assert not (tmp_path / "data").exists()


def test_a_second_server_on_the_folder_is_refused(lasting_tree: Tree) -> None:
    """The first goes on serving."""
    with serving(lasting_tree.folder) as second:
        output, _ = second.process.communicate(timeout=30)

    assert (output.split(), second.process.returncode) == (["folder_owned"], 2)
    assert lasting_tree.serves()


def test_an_application_that_cannot_start_ends_the_server(tmp_path: Path) -> None:
    """One clear error instead of a worker that dies for ever, and nobody left."""
    with serving(tmp_path / "data", factory="create_broken_app") as tree:
        output, _ = tree.process.communicate(timeout=60)

    assert (output.split(), tree.process.returncode) == (["prepared", "worker_not_started"], 2)
    assert str(tmp_path) not in ps("-eo", "args=")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104
def test_no_address_but_loopback_is_listened_on(host: str) -> None:
    """Without authentication everyone there would act as the local user."""
    with pytest.raises(AddressNotLoopback):
        require_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_is_listened_on(host: str) -> None:
    """By any of its names."""
    require_loopback(host)


def test_a_port_taken_while_its_owner_only_listens_is_told() -> None:
    """Host and port are named."""
    with listen("127.0.0.1", 0) as first, pytest.raises(PortTaken) as caught:
        listen("127.0.0.1", first.getsockname()[1])

    assert caught.value.facts["host"] == "127.0.0.1"
