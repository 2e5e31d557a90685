"""Pages of an ordered answer, with cursors that name a place by its key and belong to one question only.

Lives here: the page and the cursor. Elsewhere: Relay's connection types (``graphql_api.schema``).

A cursor is the URL-safe base64 of ``[fingerprint, key]``: the key is that of the row (keyset, not offset, so a page
does not shift when rows are added), the fingerprint is of the query, its arguments and the releases it was answered
from. A cursor of another question, or of nothing, is `CursorForeign`. Cursors hold no secret and grant no right:
anybody can write one, so a store looks behind a place within the question alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from registry.errors import ArgumentsConflicting, CursorForeign, check_range

T = TypeVar("T")
R = TypeVar("R")
Key = tuple[int | str, ...]

MOST_A_PAGE: Final = 100
"""Rows a page: what a person reads and a caller can hold; more is asked for by cursor."""
DEFAULT_A_PAGE: Final = 20
LONGEST_CURSOR: Final = 1_000
"""Characters; ours are far shorter, and a longer one is not decoded at all."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The first rows after a cursor, or the last before one. Neither count given means the first 20."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


FIRST_PAGE: Final = PageRequest()


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    """One row and the cursor of its place."""

    node: T
    cursor: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of an ordered answer. ``total`` counts the whole answer; None where nobody asked for it."""

    edges: tuple[Edge[T], ...]
    has_next: bool
    has_previous: bool
    total: int | None

    @property
    def nodes(self) -> tuple[T, ...]:
        """The rows without their cursors."""
        return tuple(edge.node for edge in self.edges)

    @property
    def start_cursor(self) -> str | None:
        """The first row's cursor; None on an empty page."""
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        """The last row's cursor; None on an empty page."""
        return self.edges[-1].cursor if self.edges else None


def cut_page(
    rows: Sequence[R], key: Callable[[R], Key], node: Callable[[R], T], request: PageRequest, fingerprint: str
) -> Page[T]:
    """The requested page of rows already sorted by ``key``; ``node`` is called for the page's rows alone."""
    check_request(request)
    keys = [key(row) for row in rows]
    low = find_place(keys, request.after, fingerprint, after=True)
    high = max(low, find_place(keys, request.before, fingerprint, after=False))
    if request.last is not None:
        start, end = max(low, high - request.last), high
    else:
        start, end = low, min(high, low + (request.first or DEFAULT_A_PAGE))
    edges = tuple(Edge(node(rows[at]), write_cursor(keys[at], fingerprint)) for at in range(start, end))
    return Page(edges=edges, has_next=end < len(rows), has_previous=start > 0, total=len(rows))


def find_place(keys: Sequence[Key], cursor: str | None, fingerprint: str, *, after: bool) -> int:
    """Where the rows after (or those from) the cursor's key begin; the outermost place without a cursor."""
    if cursor is None:
        return 0 if after else len(keys)
    argument = "after" if after else "before"
    key = read_cursor(cursor, fingerprint, argument)
    try:
        return bisect_right(keys, key) if after else bisect_left(keys, key)
    except TypeError as error:  # a forged key of other types than ours
        raise CursorForeign(argument=argument) from error


def check_request(request: PageRequest) -> None:
    """Raise `ArgumentsConflicting` or `ArgumentOutOfRange` unless the request can be answered."""
    if request.first is not None and request.last is not None:
        raise ArgumentsConflicting(arguments="first, last", rule="give one of them")
    for name, count in (("first", request.first), ("last", request.last)):
        if count is not None:
            check_range(name, count, 1, MOST_A_PAGE)


def question_fingerprint(query: str, arguments: Sequence[object], digests: Sequence[str]) -> str:
    """What a cursor belongs to: 16 hexadecimal digits of the query, its arguments and the releases that answer it."""
    text = json.dumps([query, [str(each) for each in arguments], list(digests)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_cursor(key: Key, fingerprint: str) -> str:
    """The cursor of the row with that key."""
    text = json.dumps([fingerprint, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, fingerprint: str, argument: str) -> Key:
    """The key inside; `CursorForeign` when the cursor is none of this question's."""
    if len(cursor) > LONGEST_CURSOR:
        raise CursorForeign(argument=argument)
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise CursorForeign(argument=argument) from error
    is_ours = isinstance(found, list) and len(found) > 1 and found[0] == fingerprint
    if not is_ours or not all(isinstance(part, (int, str)) for part in found):
        raise CursorForeign(argument=argument)
    return tuple(found[1:])
