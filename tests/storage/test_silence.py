"""A made-up name, sent through every path that fails, is found in no log, no error and no engine file but its data."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from registry.errors import IctipError
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database, StoreLimits, UnitOfWork
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.engine.embedded import EmbeddedEngine
from tests.storage.statements import STATEMENTS

CANARY = "Wilhelmina Canary"

Failing = Callable[[Database], Awaitable[object]]

FAILING: Final[dict[str, Failing]] = {
    "a taken key": lambda db: db.execute(STATEMENTS["add"], {"key": CANARY}),
    "a syntax error": lambda db: db.read(statement(f"MATCH (n {{name: '{CANARY}'}} RETURN n")),
    "a type error": lambda db: db.read(statement(f"WITH '{CANARY}' AS name RETURN name.x + date(name) AS x")),
    "a division": lambda db: db.read(statement(f"WITH '{CANARY}' AS name RETURN toInteger(size(name)) / 0 AS x")),
    "a map as value": lambda db: db.execute(STATEMENTS["put"], {"key": CANARY, "value": {"name": CANARY}}),
    "a surrogate": lambda db: db.execute(STATEMENTS["put"], {"key": CANARY, "value": CANARY + "\ud800"}),
    "a large value": lambda db: db.execute(STATEMENTS["put"], {"key": "a", "value": CANARY * 1_000_000}),
    "undeclared": lambda db: db.read(STATEMENTS["get"], {CANARY: CANARY}),
    "a deadline": lambda db: db.read(statement(f"{STATEMENTS['run_away'].text} + '{CANARY}'"), seconds=0.3),
    "an unknown function": lambda db: db.read(statement(f"RETURN nothing.like('{CANARY}') AS x")),
}


def statement(text: str) -> NamedQuery:
    """A statement that quotes the name, as none of ours may: the worst case of what a store's text can quote."""
    return NamedQuery(name="failing", text=text, parameters={}, writes=False, one=False)


@pytest.mark.parametrize("path", FAILING)
async def test_a_failing_call_is_silent_about_what_it_sent(
    things: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], path: str
) -> None:
    """Neither the error with all that hangs on it, nor any log at any level, nor the screen."""
    caplog.set_level(logging.DEBUG)
    await things.execute(STATEMENTS["add"], {"key": CANARY})

    with pytest.raises(IctipError) as caught:
        await FAILING[path](things)

    error = caught.value
    assert CANARY not in "".join(traceback.format_exception(error))
    assert CANARY not in f"{error!r} {error.facts} {error.__context__!r} {error.__cause__!r}"
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


async def test_racing_writers_are_silent_about_what_they_wrote(
    things: Database, store_address: StoreAddress, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver prints the store's texts when a transaction is retried; ours says nothing."""
    caplog.set_level(logging.DEBUG)

    async def merge(unit: UnitOfWork) -> None:
        await unit.run(STATEMENTS["merge"], {"keys": [CANARY, f"{CANARY} again"]})

    async with Database(store_address, StoreLimits(attempts=2)) as database:
        await asyncio.gather(*(database.write(merge, name="merge") for _ in range(16)), return_exceptions=True)

    assert CANARY not in caplog.text


async def test_the_engine_writes_the_name_nowhere_but_into_its_data(
    embedded_engine: EmbeddedEngine, embedded: StoreAddress, tmp_path: Path
) -> None:
    """After every failing path its logs, configuration and events are searched."""
    async with Database(embedded) as database:
        for call in FAILING.values():
            with pytest.raises(IctipError):
                await call(database)
        await database.execute(STATEMENTS["merge"], {"keys": [CANARY]})

    found = [path for path in files_beside_data(embedded_engine.folder) if CANARY.encode() in path.read_bytes()]
    assert files_beside_data(embedded_engine.folder)
    assert found == []


def files_beside_data(folder: Path) -> list[Path]:
    """Every file under the data folder that is not the database itself."""
    data = folder / "engine" / "databases"
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(data)]
