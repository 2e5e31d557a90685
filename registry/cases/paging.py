"""Pages of a keyset connection and the opaque cursors that bind them to one query and its arguments.

A cursor holds the place of an item in the order, never its number, so that records added meanwhile
neither repeat nor skip an item. A cursor of another query, or of other arguments, is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, CursorForeign

MAX_PAGE: Final = 500
"""Items a page at most: what one answer may reasonably hold in memory."""
_MARK: Final = 8
"""Bytes of the digest that binds a cursor; against mistakes, not against forgery (a cursor grants nothing)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    """An item and its cursor."""

    node: T
    cursor: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a longer list, in its order; ``total`` only where the caller asked for it."""

    edges: tuple[Edge[T], ...]
    has_next: bool
    has_previous: bool
    total: int | None = None

    @property
    def nodes(self) -> tuple[T, ...]:
        """The items without their cursors."""
        return tuple(edge.node for edge in self.edges)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: ``first`` after a cursor, or ``last`` before one (Relay's cursor connections)."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Keyset:
    """A page request with its cursors read: places in the order, and one item more than asked to know of a next."""

    size: int
    backward: bool
    after: str | None
    before: str | None
    binding: bytes

    @property
    def limit(self) -> int:
        """Items to fetch: one more than the page holds."""
        return self.size + 1

    def page(self, items: Sequence[tuple[str, T]], total: int | None = None) -> Page[T]:
        """The page of fetched ``(place, item)`` pairs, which are in the list's order."""
        more = len(items) > self.size
        kept = items[more:] if self.backward else items[: self.size]
        return Page(
            edges=tuple(Edge(item, _write(self.binding, place)) for place, item in kept),
            has_next=bool(self.before) if self.backward else more,
            has_previous=more if self.backward else bool(self.after),
            total=total,
        )


def read_page(request: PageRequest, *, query: str, arguments: object, default: int = 50) -> Keyset:
    """The request against this query; raises `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`.

    ``arguments`` must have a stable ``repr``: a frozen dataclass or a tuple of texts.
    """
    if request.last is not None and (request.first is not None or request.after is not None):
        raise ArgumentsConflicting(arguments="first, after, last, before", rule="page forward or backward, not both")
    if request.before is not None and request.last is None:
        raise ArgumentsConflicting(arguments="before", rule="give it together with last")
    backward = request.last is not None
    size = request.last if request.last is not None else request.first if request.first is not None else default
    if not 0 <= size <= MAX_PAGE:
        raise ArgumentOutOfRange(argument="last" if backward else "first", actual=size, lowest=0, highest=MAX_PAGE)
    binding = hashlib.blake2b(repr((query, arguments)).encode(), digest_size=_MARK).digest()
    after, before = _read(binding, "after", request.after), _read(binding, "before", request.before)
    return Keyset(size, backward, after, before, binding)


def _write(binding: bytes, place: str) -> str:
    return base64.urlsafe_b64encode(binding + place.encode()).decode().rstrip("=")


def _read(binding: bytes, argument: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = content[_MARK:].decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise CursorForeign(argument=argument) from None
    if content[:_MARK] != binding:
        raise CursorForeign(argument=argument)
    return place
