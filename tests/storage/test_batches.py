"""Requests cut by their encoded bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from neo4j._codec.packstream import v1 as packstream

from registry.storage.bolt.batches import BATCH_LIMIT, cut, encoded_size
from registry.storage.bolt.driver import Database
from tests.storage.statements import STATEMENTS

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(st.characters(codec="utf-8"))
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("ab\u00e9\U0001f600"), inner))


@given(VALUES)
def test_the_measure_is_never_less_than_what_is_sent(value: object) -> None:
    """Compared with the driver's own packer."""
    buffer = packstream.PackableBuffer()  # type: ignore[attr-defined,no-untyped-call]
    packstream.Packer(buffer).pack(value)  # type: ignore[no-untyped-call]

    assert encoded_size(value) >= len(buffer.data)


def test_many_floats_are_not_underrated() -> None:
    """A float takes nine bytes however short its text is."""
    assert encoded_size([0.0] * 100_000) >= 900_000


def test_batches_hold_all_rows_in_order_within_the_limit() -> None:
    """Rows of 3 kB under a limit of 100 kB."""
    rows = [{"key": f"{place:04}", "value": "x" * 3000} for place in range(500)]

    batches = list(cut(rows, limit=100_000))

    assert [row for batch in batches for row in batch] == rows
    assert len(batches) > 15
    assert all(sum(map(encoded_size, batch)) <= 100_000 for batch in batches)


def test_a_row_past_the_limit_travels_alone() -> None:
    """It is the store call that refuses it, if it is past a request too."""
    rows = [{"value": "x"}, {"value": "x" * 1000}, {"value": "x"}]

    assert [len(batch) for batch in cut(rows, limit=500)] == [1, 1, 1]


def test_batches_are_bounded_by_rows_too() -> None:
    """Small rows are not gathered without end."""
    assert [len(batch) for batch in cut([{"a": 1}] * 25, count=10)] == [10, 10, 5]


async def test_rows_past_a_request_are_stored_batch_by_batch(things: Database) -> None:
    """40 MB of rows, more than either engine takes at once, all arrive."""
    rows = [{"key": f"{place:03}", "value": "é" * 100_000} for place in range(200)]

    batches = list(cut(rows))
    for batch in batches:
        await things.execute(STATEMENTS["put_all"], {"rows": batch})

    assert len(batches) == 5
    assert all(encoded_size(batch) <= BATCH_LIMIT + 5 for batch in batches)
    assert await things.read_one(STATEMENTS["keys"]) == {"keys": [row["key"] for row in rows]}
