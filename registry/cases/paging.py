"""Pages of records that a store keeps in order: what to fetch, and the page made of it.

Lives here: the keyset of one request. Elsewhere: pages and cursors themselves (``registry.classification.paging``).

A record's *place* is a text that sorts as the list does and is unique, so that records added meanwhile neither
repeat nor skip one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from registry.classification.paging import (
    DEFAULT_A_PAGE,
    Edge,
    Page,
    PageRequest,
    check_request,
    question_fingerprint,
    read_cursor,
    write_cursor,
)
from registry.errors import CursorForeign

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keyset:
    """Which stretch of an ordered list is wanted: places strictly between ``after`` and ``before``.

    ``backward`` wants the ``size`` last of them, otherwise the first.
    """

    size: int
    backward: bool
    after: str | None
    before: str | None

    @property
    def limit(self) -> int:
        """Records to fetch: one more than the page holds tells whether there are others."""
        return self.size + 1


@dataclass(frozen=True, slots=True)
class Question:
    """A page request with its cursors read, bound to one query and its arguments."""

    keyset: Keyset
    fingerprint: str

    def page(self, found: Sequence[tuple[str, T]], total: int | None) -> Page[T]:
        """The page of fetched ``(place, record)`` pairs, which are in the list's order."""
        size, backward = self.keyset.size, self.keyset.backward
        more = len(found) > size
        kept = found[len(found) - size :] if backward and more else found[:size]
        return Page(
            edges=tuple(Edge(record, write_cursor((place,), self.fingerprint)) for place, record in kept),
            has_next=self.keyset.before is not None if backward else more,
            has_previous=more if backward else self.keyset.after is not None,
            total=total,
        )


def read_question(request: PageRequest, query: str, arguments: Sequence[object]) -> Question:
    """The request against this query; raises `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`."""
    check_request(request)
    fingerprint = question_fingerprint(query, arguments, ())
    keyset = Keyset(
        size=request.last or request.first or DEFAULT_A_PAGE,
        backward=request.last is not None,
        after=_place(request.after, fingerprint, "after"),
        before=_place(request.before, fingerprint, "before"),
    )
    return Question(keyset, fingerprint)


def _place(cursor: str | None, fingerprint: str, argument: str) -> str | None:
    if cursor is None:
        return None
    key = read_cursor(cursor, fingerprint, argument)
    if len(key) != 1 or not isinstance(key[0], str):
        raise CursorForeign(argument=argument)
    return key[0]
