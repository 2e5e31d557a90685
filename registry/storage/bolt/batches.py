"""Rows cut into requests by their encoded bytes: a request over 16 MiB hangs the driver on the embedded engine.

Lives here: measuring and cutting. Elsewhere: refusing what is too large (``driver``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

import orjson

BATCH_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of rows in one request: half of what the engine takes, so that other parameters never matter."""

REQUEST_LIMIT: Final = 16 * 1024 * 1024 - 64 * 1024
"""Bytes of all parameters of one request; the rest is left for the statement and the framing."""

_HEAD: Final = 9
"""Bytes that a number takes at most, and more than any marker with its length (PackStream 1.0: at most 5)."""

Item = TypeVar("Item", bound=Mapping[str, object])


def cut(rows: Iterable[Item], *, limit: int = BATCH_LIMIT, count: int = 10_000) -> Iterator[list[Item]]:
    """Lists of one to ``count`` rows, in order, each of at most ``limit`` bytes unless its only row is larger."""
    if isinstance(rows, list) and 0 < len(rows) <= count and encoded_size(rows, enough=limit) <= limit:
        yield rows
        return
    batch: list[Item] = []
    filled = 0
    for row in rows:
        size = encoded_size(row)
        if batch and (filled + size > limit or len(batch) >= count):
            yield batch
            batch, filled = [], 0
        batch.append(row)
        filled += size
    if batch:
        yield batch


def encoded_size(value: object, *, enough: int | None = None) -> int:
    """Bytes the value takes in PackStream, or more, up to thrice; never less.

    JSON made by C is the quick measure: nothing takes thrice its JSON (the worst are floats, ``0.0,`` is 4 bytes
    there and 9 here), so JSON of at most a third of ``enough`` bytes settles it. Larger values are walked, which costs
    a hundred times as much; ``enough`` is the limit that the caller compares with.
    """
    try:
        quick = len(orjson.dumps(value)) * 3
    except TypeError:  # bytes, or what cannot be stored anyway: the store call says so
        return _walk(value)
    return quick if quick <= (_SURELY_SMALL if enough is None else enough) else _walk(value)


_SURELY_SMALL: Final = 64 * 1024


def _walk(value: object) -> int:
    if isinstance(value, str):
        return 5 + (len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass")))
    if isinstance(value, bytes | bytearray):
        return 5 + len(value)
    if isinstance(value, Mapping):
        return 5 + sum(_walk(key) + _walk(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 5 + sum(map(_walk, value))
    return _HEAD
