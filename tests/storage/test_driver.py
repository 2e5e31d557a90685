"""Reading and writing on both engines: rows, streams, deadlines, errors."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from registry.errors import (
    CodeUnknown,
    DeadlineExceeded,
    QueryMisused,
    StoreFault,
    StoreSignInRefused,
    StoreUnavailable,
    ValueNotStorable,
    ValueTooLarge,
)
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database, StoreLimits, UnitOfWork
from registry.storage.bolt.named_queries import NamedQuery
from tests.storage.statements import STATEMENTS


async def test_what_is_written_is_read(things: Database) -> None:
    """A committed write is what the next read sees."""

    async def add_two(unit: UnitOfWork) -> int:
        await unit.run(STATEMENTS["add"], {"key": "a"})
        await unit.run(STATEMENTS["add"], {"key": "b"})
        return 2

    added = await things.write(add_two, name="add two")

    assert added == 2
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": ["a", "b"]}


async def test_what_is_put_is_read(things: Database) -> None:
    """A statement put in one round trip is stored when the call returns; a refused one is told by its code."""
    await things.put(STATEMENTS["add"], {"key": "a"})

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": ["a"]}
    with pytest.raises(StoreFault):
        await things.put(STATEMENTS["add"], {"key": "a"})
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": ["a"]}


async def test_an_error_of_ours_rolls_the_whole_unit_back(things: Database) -> None:
    """What ran before the error is not stored, and the error comes out as it was raised."""

    async def add_and_fail(unit: UnitOfWork) -> None:
        await unit.run(STATEMENTS["add"], {"key": "a"})
        raise CodeUnknown(scheme="units", version="1.0", item="9")

    with pytest.raises(CodeUnknown):
        await things.write(add_and_fail, name="add and fail")

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_no_row_is_none(things: Database) -> None:
    """A query for one row answers None where nothing matches."""
    assert await things.read_one(STATEMENTS["get"], {"key": "absent"}) is None


async def test_a_second_row_is_a_fault_where_one_was_asked_for(things: Database) -> None:
    """read_one never picks a row by chance."""
    with pytest.raises(QueryMisused):
        await things.read_one(STATEMENTS["count_up"], {"most": 2})


async def test_a_stream_gives_every_row_in_order(things: Database) -> None:
    """More rows than one fetch holds come in their order."""
    rows = [row["number"] async for row in things.stream(STATEMENTS["count_up"], {"most": 3500})]

    assert rows == list(range(1, 3501))


async def test_a_stream_may_be_left_early(things: Database) -> None:
    """Leaving closes the stream's session; the database answers the next call."""
    async with aclosing(things.stream(STATEMENTS["count_up"], {"most": 100_000})) as rows:
        async for row in rows:
            assert row["number"] == 1
            break

    assert await things.read_one(STATEMENTS["times"]) == {"things": 0, "times": 0}


@pytest.mark.parametrize("parameters", [{}, {"key": "a", "more": 1}])
async def test_only_declared_parameters_are_sent(things: Database, parameters: dict[str, object]) -> None:
    """A missing or an undeclared parameter is a fault of the caller, found before anything is sent."""
    with pytest.raises(QueryMisused):
        await things.read(STATEMENTS["get"], parameters)


async def test_a_writing_query_is_not_read(things: Database) -> None:
    """Embedded would perform it: the driver refuses by the file's mode."""
    with pytest.raises(QueryMisused):
        await things.read(STATEMENTS["add"], {"key": "a"})

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_a_call_ends_at_its_deadline_and_the_next_one_works(things: Database) -> None:
    """A runaway read ends after its seconds, and its connection is not handed on."""
    began = time.monotonic()

    with pytest.raises(DeadlineExceeded) as caught:
        await things.read(STATEMENTS["run_away"], seconds=0.5)

    assert time.monotonic() - began < 2.0
    assert caught.value.facts == {"query": "run_away", "seconds": 0.5}
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_a_deadline_covers_all_of_a_unit_of_work(things: Database) -> None:
    """A write that dawdles is stopped and rolled back."""

    async def dawdle(unit: UnitOfWork) -> None:
        await unit.run(STATEMENTS["add"], {"key": "a"})
        await asyncio.sleep(5)

    with pytest.raises(DeadlineExceeded):
        await things.write(dawdle, name="dawdle", seconds=0.3)

    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_a_value_past_a_request_is_refused_before_it_is_sent(things: Database) -> None:
    """17 MB would hang the driver on the embedded engine."""
    began = time.monotonic()

    with pytest.raises(ValueTooLarge) as caught:
        await things.execute(STATEMENTS["put"], {"key": "a", "value": "x" * 17_000_000})

    assert caught.value.facts["bytes"] == 17_000_000 + 5 + 5 + 5 + 5 + 3 + 1 + 5 + 5
    assert time.monotonic() - began < 2.0
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_the_largest_request_that_is_let_through_is_stored(things: Database) -> None:
    """The limit is not above what the engines take."""
    value = "x" * 15_500_000

    await things.execute(STATEMENTS["put"], {"key": "a", "value": value})

    row = await things.read_one(STATEMENTS["get"], {"key": "a"})
    assert row is not None
    assert row["value"] == value


@pytest.mark.parametrize("value", [2**63, "\ud800", {1, 2}, object()], ids=["65 bits", "surrogate", "set", "object"])
async def test_a_value_that_cannot_be_sent_is_refused_by_type_alone(things: Database, value: object) -> None:
    """The error names no value, and the database goes on working."""
    with pytest.raises(ValueNotStorable) as caught:
        await things.execute(STATEMENTS["put"], {"key": "a", "value": value})

    assert caught.value.__context__ is None
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": []}


async def test_a_refused_statement_tells_the_code_alone(things: Database) -> None:
    """Nothing of the store's text is in the error or hangs on it."""
    broken = NamedQuery(name="broken", text="RETURN 1 +", parameters={}, writes=False, one=True)

    with pytest.raises(StoreFault) as caught:
        await things.read(broken)

    assert caught.value.facts == {"query": "broken", "store_code": "Neo.ClientError.Statement.SyntaxError"}
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


async def test_health_is_silence(things: Database) -> None:
    """The probe of a store that answers returns nothing."""
    await things.health()


async def test_a_wrong_password_is_told_as_such(store_address: StoreAddress) -> None:
    """The error names the address and the user, not the password."""
    wrong = StoreAddress(store_address.uri, store_address.user, "wrong-password", store_address.database)
    async with Database(wrong) as database:
        with pytest.raises(StoreSignInRefused) as caught:
            await database.health()

    assert caught.value.facts == {"address": store_address.uri, "user": store_address.user}
    assert "wrong-password" not in repr(wrong)


async def test_nobody_listening_is_unavailable() -> None:
    """A store that is not there is worth another try later, and said within seconds."""
    nobody = StoreAddress(uri="bolt://127.0.0.1:1", user="x", password="x", database="x")
    async with Database(nobody, StoreLimits(connect_seconds=1.0)) as database:
        with pytest.raises(StoreUnavailable) as caught:
            await database.health()

    assert caught.value.retriable
