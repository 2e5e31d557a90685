"""Columns of a row as typed values: the one place where what the store returned is looked into.

Lives here: getters that return the promised type or raise `RowMalformed`. Elsewhere: models made of them
(one module a port). Instants are stored as microseconds since 1970 in UTC, for the embedded engine gives zoned
datetimes back naive and shifted; the offset and the source's own text stand beside them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from registry.errors import RowMalformed
from registry.instants import datetime_of, instant_of
from registry.storage.bolt.named_queries import Row

Value = TypeVar("Value")


def text(row: Row, column: str) -> str:
    """The column's text."""
    return _of(str, row, column)


def optional_text(row: Row, column: str) -> str | None:
    """The column's text, None where there is none."""
    return None if row.get(column) is None else text(row, column)


def whole(row: Row, column: str) -> int:
    """The column's whole number; a flag is none."""
    value = _of(int, row, column)
    if isinstance(value, bool):
        raise RowMalformed(expected="int", column=column)
    return value


def optional_whole(row: Row, column: str) -> int | None:
    """The column's whole number, None where there is none."""
    return None if row.get(column) is None else whole(row, column)


def number(row: Row, column: str) -> float:
    """The column's number; a whole one is made a float."""
    value = row.get(column)
    return float(whole(row, column)) if isinstance(value, int) else _of(float, row, column)


def flag(row: Row, column: str) -> bool:
    """The column's yes or no."""
    return _of(bool, row, column)


def optional_flag(row: Row, column: str) -> bool | None:
    """The column's yes or no, None where there is none."""
    return None if row.get(column) is None else flag(row, column)


def texts(row: Row, column: str) -> tuple[str, ...]:
    """The column's list of texts."""
    return _all(str, row, column)


def optional_texts(row: Row, column: str) -> tuple[str | None, ...]:
    """A collected column of texts with gaps, position for position."""
    items = _of(list, row, column)
    if not all(item is None or isinstance(item, str) for item in items):
        raise RowMalformed(expected="list of str", column=column)
    return tuple(items)


def wholes(row: Row, column: str) -> tuple[int, ...]:
    """The column's list of whole numbers."""
    return _all(int, row, column)


def rows(row: Row, column: str) -> tuple[Row, ...]:
    """The column's list of maps."""
    return _all(dict, row, column)


def of_map(row: Row, column: str) -> Row:
    """The column's map."""
    return _of(dict, row, column)


def day(row: Row, column: str) -> date:
    """The column's date, which is stored as ISO 8601 text."""
    value = text(row, column)
    try:
        return date.fromisoformat(value)
    except ValueError:
        pass
    raise RowMalformed(expected="date", column=column)


def instant(row: Row, column: str) -> datetime:
    """The column's instant in UTC, to the microsecond."""
    return datetime_of(whole(row, column))


def optional_instant(row: Row, column: str) -> datetime | None:
    """The column's instant in UTC, None where there is none."""
    return None if row.get(column) is None else instant(row, column)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: how an instant is stored. A naive one is refused."""
    if moment.tzinfo is None:
        raise RowMalformed(expected="instant with an offset", column="value")
    return instant_of(moment)


def _of(kind: type[Value], row: Row, column: str) -> Value:
    value: Any = row.get(column)
    if not isinstance(value, kind):
        raise RowMalformed(expected=kind.__name__, column=column)
    return value


def _all(kind: type[Value], row: Row, column: str) -> tuple[Value, ...]:
    items: list[Any] = _of(list, row, column)
    for item in items:
        if not isinstance(item, kind):
            raise RowMalformed(expected=f"list of {kind.__name__}", column=column)
    return tuple(items)
