"""Writers that meet: every count exact on both engines."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from registry.errors import StoreFault, WriteContended
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database, StoreLimits, UnitOfWork
from tests.storage.statements import STATEMENTS

TASKS = 8


async def test_racing_merges_of_nodes_lose_nothing(things: Database) -> None:
    """Eight tasks merge the same twenty things in ten rounds: twenty things, every merge counted."""

    async def merge(task: int) -> None:
        for round_ in range(10):
            keys = [f"k{(task + round_ + step) % 20:02}" for step in range(20)]
            await things.execute(STATEMENTS["merge"], {"keys": sorted(keys)})

    await asyncio.gather(*(merge(task) for task in range(TASKS)))

    assert await things.read_one(STATEMENTS["times"]) == {"things": 20, "times": TASKS * 10 * 20}


async def test_racing_merges_of_a_keyed_relationship_make_one(things: Database) -> None:
    """Eight tasks merge the same link of a hub at the same moment, link after link: one of each.

    Without the constraint on its key embedded makes five of each, silently.
    """
    links = 30

    for number in range(links):
        link = {"one": "hub", "other": f"spoke {number % 7}", "key": f"link {number}"}
        await asyncio.gather(*(things.execute(STATEMENTS["link"], link) for _ in range(TASKS)))

    assert await things.read_one(STATEMENTS["links"]) == {"links": links}


async def test_a_guarded_change_has_one_winner(things: Database) -> None:
    """Of eight tasks that see the same revision one changes it: locked first, then looked at."""
    await things.execute(STATEMENTS["add"], {"key": "guarded"})

    async def change(unit: UnitOfWork, revision: int) -> bool:
        await unit.run(STATEMENTS["lock"], {"key": "guarded"})
        return bool(await unit.run(STATEMENTS["change"], {"key": "guarded", "revision": revision}))

    for revision in range(10):
        won = await asyncio.gather(
            *(things.write(partial(change, revision=revision), name="change") for _ in range(TASKS))
        )
        assert sum(won) == 1


async def test_only_a_repeated_constraint_error_is_a_fault(things: Database) -> None:
    """A key that is truly taken ends as a fault with the store's code, after its attempts."""
    await things.execute(STATEMENTS["add"], {"key": "taken"})
    attempts = 0

    async def add(unit: UnitOfWork) -> None:
        nonlocal attempts
        attempts += 1
        await unit.run(STATEMENTS["add"], {"key": "taken"})

    with pytest.raises(StoreFault) as caught:
        await things.write(add, name="add")

    assert caught.value.facts["store_code"] == "Neo.ClientError.Schema.ConstraintValidationFailed"
    assert attempts == things.limits.constraint_attempts
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": ["taken"]}


async def test_a_constraint_met_once_is_retried(things: Database) -> None:
    """A key taken by another writer between two attempts is found by the next."""
    await things.execute(STATEMENTS["add"], {"key": "a"})
    attempts = 0

    async def add_other(unit: UnitOfWork) -> None:
        nonlocal attempts
        attempts += 1
        await unit.run(STATEMENTS["add"], {"key": "a" if attempts == 1 else "b"})

    await things.write(add_other, name="add other")

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": ["a", "b"]}


async def test_retries_end_at_their_limit(things: Database, store_address: StoreAddress) -> None:
    """Among racing writers with a single attempt some are given up, and the count says exactly who was."""

    async def merge(database: Database) -> bool:
        try:
            await database.execute(STATEMENTS["merge"], {"keys": ["one", "two", "three"]})
        except (WriteContended, StoreFault):  # a fault where a constraint was met
            return False
        return True

    async with Database(store_address, StoreLimits(attempts=1)) as impatient:
        stored = await asyncio.gather(*(merge(impatient) for _ in range(40)))

    assert await things.read_one(STATEMENTS["times"]) == {"things": 3, "times": 3 * sum(stored)}
