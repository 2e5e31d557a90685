"""One real process: the command line serves a sample, answers over a socket, and stops when it is told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_api.cli.commands import run_command

START = "import sys; from graphql_api.cli import main; main()"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder."""
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``ictip serve --sample --graphiql``, ready."""
    port = free_port()
    command = [sys.executable, "-c", START, "serve", "--data", str(data), "--port", str(port), "--sample", "--graphiql"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{address}/ready", timeout=60).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
            assert process.poll() is None
        yield process, address
    finally:
        process.terminate()
        process.wait(30)


def ask(address: str, query: str) -> dict[str, Any]:
    """The data of an answer."""
    body = httpx.post(f"{address}/graphql", json={"query": query}, timeout=60).json()
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


def test_a_sample_world_is_served(served: tuple[subprocess.Popen[bytes], str]) -> None:
    """Marked a sample, with events to look at and releases that have their digests."""
    _, address = served
    data = ask(
        address,
        '{ installation { purpose schemes } events(first: 1) { nodes { id } } version(scheme: "isic") { digest } }',
    )

    assert data["installation"] == {"purpose": "SAMPLE", "schemes": 26}
    assert len(data["events"]["nodes"]) == 1
    assert len(data["version"]["digest"]) == 64
    assert "This is a sample world." in httpx.get(address, timeout=60).text


def test_a_second_process_is_told_who_has_the_folder(
    served: tuple[subprocess.Popen[bytes], str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a second server on the port, that it is taken."""
    _, address = served
    assert run_command(["check", "--store", "--data", str(data)]) == 2
    assert capsys.readouterr().err.splitlines()[0] == "Error: folder_owned"

    port, other = address.rpartition(":")[2], data.parent / "other"
    assert run_command(["serve", "--port", port, "--data", str(other)]) == 2
    assert "Error: port_taken" in capsys.readouterr().err


def test_it_stops_when_told_and_the_store_is_sound(
    served: tuple[subprocess.Popen[bytes], str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0; `check --store` finds nothing; a version is exported from it."""
    process, _ = served
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0

    assert run_command(["check", "--store", "--data", str(data)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "No errors."
    out = data.parent / "units.csv"
    assert run_command(["export", "units", "--format", "csv", "--out", str(out), "--data", str(data)]) == 0
    assert out.read_text(encoding="utf-8-sig").startswith("code,parent,level,uri,label_en")
