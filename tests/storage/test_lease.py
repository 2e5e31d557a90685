"""One bulk writer at a time a database."""

from __future__ import annotations

import asyncio

import pytest

from registry.errors import LeaseHeld, LeaseLost
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.lease import bulk_lease, kept
from tests.storage.statements import STATEMENTS


async def test_eight_writers_take_turns(database: Database) -> None:
    """Never two inside the block at once, and each gets its turn."""
    inside, most, done = 0, 0, 0

    async def write() -> None:
        nonlocal inside, most, done
        async with bulk_lease(database):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            inside -= 1
            done += 1

    await asyncio.gather(*(write() for _ in range(8)))

    assert (most, done) == (1, 8)


async def test_who_waits_too_long_is_told_who_writes(database: Database) -> None:
    """The second writer is refused after its patience, and may try again."""
    async with bulk_lease(database) as first:
        with pytest.raises(LeaseHeld) as caught:
            async with bulk_lease(database, patience=0.1):
                pytest.fail("two writers inside")

    assert caught.value.facts == {"holder": first.holder, "seconds": 0.1}
    assert caught.value.retriable


async def test_the_turn_of_a_dead_writer_runs_out(database: Database) -> None:
    """The next writer gets in after the term, and the late one's chunk is not written."""
    async with bulk_lease(database, term=0.2) as late:
        async with bulk_lease(database, patience=5.0):
            pass
        async with bulk_lease(database, patience=5.0):
            with pytest.raises(LeaseLost):
                await late.renew()


async def test_a_chunk_without_the_turn_is_not_written(things: Database) -> None:
    """Renewing stands in the chunk's own transaction, so losing the turn rolls the chunk back."""

    async def chunk(unit: UnitOfWork) -> None:
        await unit.run(STATEMENTS["add"], {"key": "late"})
        await late.renew_within(unit)

    async with bulk_lease(things, term=0.1) as late, bulk_lease(things, patience=5.0):
        with pytest.raises(LeaseLost):
            await things.write(chunk, name="chunk")

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_a_renewed_turn_does_not_run_out(database: Database) -> None:
    """Renewed with each chunk it outlives its term."""
    async with bulk_lease(database, term=0.5) as lease:
        for _ in range(6):
            await asyncio.sleep(0.2)
            await lease.renew()
        with pytest.raises(LeaseHeld):
            async with bulk_lease(database, patience=0.05):
                pytest.fail("two writers inside")


async def test_a_kept_turn_needs_no_chunks(database: Database) -> None:
    """Kept by the clock it outlives its term as well."""
    async with bulk_lease(database, term=0.6) as lease, kept(lease):
        await asyncio.sleep(1.2)
        with pytest.raises(LeaseHeld):
            async with bulk_lease(database, patience=0.05):
                pytest.fail("two writers inside")


async def test_turns_of_other_names_do_not_wait(database: Database) -> None:
    """Bulk writing and starting are two turns."""
    async with bulk_lease(database), bulk_lease(database, name="start", patience=0.0):
        pass
