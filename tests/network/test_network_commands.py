"""``ictip network`` beside a running engine, as an operator types it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api.cli.commands import run_command
from graphql_api.cli.console import DONE, REFUSED
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.engine.embedded import EngineLimits, engine_on
from tests.universe import build_universe, person_id

Ictip = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose engine runs and holds the universe."""
    folder = tmp_path_factory.mktemp("whole")

    async def fill() -> None:
        async with Database(engine.address) as database:
            await migrate(database, purpose=Purpose.TEST)
            await build_universe(BoltCaseStore(database))

    with engine_on(folder / "data", EngineLimits(heap_mebibytes=512)) as engine:
        asyncio.run(fill())
        yield folder


@pytest.fixture
def ictip(folder: Path, capsys: pytest.CaptureFixture[str]) -> Ictip:
    """Runs a command on the folder: exit code, output, errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run_command(["network", *arguments, "--data", str(folder / "data")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_the_life_of_an_analysis(ictip: Ictip) -> None:
    """Planned, refused for memory, made, listed, read, and taken away."""
    code, out, _ = ictip("analyse", "--plan")
    assert (code, out.startswith("14 people, 6 events, 19 links; up to ")) == (DONE, True)
    code, _, err = ictip("analyse", "--memory", "1")
    assert (code, "memory_short" in err) == (REFUSED, True)

    code, out, _ = ictip("analyse", "--seed", "7")
    assert code == DONE
    assert "14 people, 6 events" in out.splitlines()[2]
    assert "3 components" in out
    made = out.splitlines()[1].partition(" ")[0]

    assert made in ictip("list")[1]
    code, out, _ = ictip("measures", "--by", "cut_off", "--first", "1")
    assert (code, out.split()[0], "cuts off 4" in out) == (DONE, person_id("kofi"), True)
    assert len(out.splitlines()) == 1
    assert out.split()[1:3] == ["person", "component"]
    code, out, _ = ictip("measures", "--by", "cut_off", "--first", "1", "--why")
    assert out.splitlines()[3] == "    removing this person cuts off 4 people from the largest rest"
    assert ictip("remove", made)[:2] == (DONE, "20 results are gone.\n")
    code, _, err = ictip("measures")
    assert (code, "analysis_unknown" in err) == (REFUSED, True)
    assert ictip("list")[1] == "There is none; `ictip network analyse` makes one.\n"


def test_patterns_are_looked_for_beside_a_running_engine(ictip: Ictip) -> None:
    """The server need not stop for it."""
    assert ictip("patterns", "RING")[:2] == (DONE, "RING: 0 found, 0 printed\n")


@pytest.mark.parametrize(
    "command",
    [
        ("network", "list"),
        ("network", "measures"),
        ("network", "patterns"),
        ("key", "list"),
        ("check", "--store"),
        ("indicators",),
        ("diff", "isic@4.0", "isic@5.0"),
        ("translate", "isic@4.0", "isic@5.0", "5520"),
        ("timeline", "units", "5.4"),
        ("languages", "units"),
        ("history", "units"),
        ("impact", "isic", "--old", "4.0", "--stored"),
        ("recount",),
        ("recode", "--undo", "nobodys-batch"),
    ],
    ids=" ".join,
)
def test_a_folder_without_a_store_is_refused_and_stays_away(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped folder is one error, no empty answer; nothing is made."""
    typo = tmp_path / "typo"

    code = run_command([*command, "--data", str(typo)])

    assert (code, "folder_without_store" in capsys.readouterr().err, typo.exists()) == (REFUSED, True, False)


def test_what_lies_around_somebody_becomes_a_file(ictip: Ictip, tmp_path: Path) -> None:
    """The same file each time, and what is not in it is said; a start that is none, or a place that cannot be written,
    is refused with what to do."""
    target = tmp_path / "kofi.svg"
    start = f"person:{person_id('kofi')}"

    code, out, _ = ictip("export", start, "--out", str(target), "--depth", "4")
    assert (code, out.startswith("Around person ")) == (DONE, True)
    assert "Nothing that was found is left out." in out
    first = target.read_text()
    assert first.startswith("<svg ")
    assert ">form 1</text>" in first  # a test store holds no words
    assert ictip("export", start, "--out", str(target), "--depth", "4")[0] == DONE
    assert target.read_text() == first
    assert ictip("export", start, "--out", str(target), "--format", "gexf", "--pseudonyms")[0] == DONE
    assert person_id("kofi") not in target.read_text()

    code, _, err = ictip("export", "kofi", "--out", str(target))
    assert (code, "arguments_conflicting" in err) == (REFUSED, True)
    code, _, err = ictip("export", "person:nobody", "--out", str(target))
    assert (code, "record_unknown" in err) == (REFUSED, True)
    code, _, err = ictip("export", start, "--out", str(tmp_path / "no" / "folder.svg"))
    assert (code, "file_not_writable" in err) == (REFUSED, True)
