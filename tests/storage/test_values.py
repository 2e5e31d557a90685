"""Every type that we store comes back as it went in, from both engines."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import RowMalformed
from registry.storage.address import StoreAddress
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database
from tests.storage.statements import STATEMENTS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
WHOLES = st.integers(-(2**63), 2**63 - 1)
NUMBERS = st.floats(allow_nan=False)
VALUES = st.one_of(TEXTS, WHOLES, NUMBERS, st.booleans(), *(st.lists(s) for s in (TEXTS, WHOLES, NUMBERS)))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        "02041",
        "quotes ' \" ` and \\u0027 and \\ and // and $key",
        "line\nbreak\ttab\r\x00\x1f",
        "é ü ñ Ω Ж 中 ع 日本語",
        "𝒜 😀 𐍈 \U0010fffd",
        "e\u0301 is not é",
        "\u202e right to left",
        0,
        -1,
        2**63 - 1,
        -(2**63),
        0.0,
        -0.0,
        0.1,
        1e308,
        5e-324,
        math.inf,
        True,
        False,
        [],
        [""],
        ["b", "a", "a"],
        [2**63 - 1, -(2**63)],
        [0.5, 1.0],
        [True, False],
    ],
    ids=repr,
)
async def test_a_value_comes_back_as_it_went_in(things: Database, value: object) -> None:
    """Same value and same type, by itself and in a row of a batch."""
    await things.execute(STATEMENTS["put"], {"key": "a", "value": value})
    await things.execute(STATEMENTS["put_all"], {"rows": [{"key": "b", "value": value}]})

    for key in ("a", "b"):
        row = await things.read_one(STATEMENTS["get"], {"key": key})
        assert row is not None
        assert repr(row["value"]) == repr(value)


async def test_nothing_comes_back_as_nothing(things: Database) -> None:
    """A property set to null is a property that is not there."""
    await things.execute(STATEMENTS["put"], {"key": "a", "value": None})

    assert await things.read_one(STATEMENTS["get"], {"key": "a"}) == {"value": None}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=1, max_size=40))
def test_generated_values_come_back_as_they_went_in(store_address: StoreAddress, values: list[object]) -> None:
    """Write and read are inverse for whatever can be stored."""

    async def round_trip() -> list[object]:
        rows = [{"key": f"generated {place}", "value": value} for place, value in enumerate(values)]
        async with Database(store_address) as database:
            await database.execute(STATEMENTS["put_all"], {"rows": rows})
            read = [await database.read_one(STATEMENTS["get"], {"key": row["key"]}) for row in rows]
        return [row["value"] if row else None for row in read]

    assert repr(asyncio.run(round_trip())) == repr(values)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=-11))),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
    ids=str,
)
async def test_an_instant_is_the_same_instant(things: Database, moment: datetime) -> None:
    """Instants are microseconds since 1970: no engine shifts them by a zone."""
    await things.execute(STATEMENTS["put"], {"key": "a", "value": records.microseconds(moment)})

    row = await things.read_one(STATEMENTS["get"], {"key": "a"})
    assert row is not None
    assert records.instant(row, "value") == moment


def test_an_instant_without_an_offset_is_refused() -> None:
    """A naive time is no instant."""
    with pytest.raises(RowMalformed):
        records.microseconds(datetime(2024, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("getter", "value"),
    [
        (records.text, 1),
        (records.text, None),
        (records.whole, True),
        (records.whole, "1"),
        (records.number, "1"),
        (records.flag, 1),
        (records.texts, ["a", 1]),
        (records.texts, "a"),
        (records.optional_texts, ["a", 1]),
        (records.wholes, [1, "a"]),
        (records.rows, [1]),
        (records.day, "2024-13-01"),
        (records.instant, "2024"),
    ],
)
def test_a_column_of_another_type_is_refused(getter: object, value: object) -> None:
    """A getter returns its type or says which column does not hold it, never the value."""
    assert callable(getter)

    with pytest.raises(RowMalformed) as caught:
        getter({"column": value}, "column")

    assert caught.value.facts["column"] == "column"
