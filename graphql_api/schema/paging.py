"""Relay's connections over the rooms' pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

import strawberry

from graphql_api.schema.reading import computed, told

T = TypeVar("T")

First = Annotated[int | None, strawberry.argument(description="How many from the start, or after a cursor.")]
After = Annotated[str | None, strawberry.argument(description="The items after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end, or before a cursor.")]
Before = Annotated[str | None, strawberry.argument(description="The items before this cursor.")]


class RoomEdge(Protocol):
    """What the rooms' edges have in common."""

    @property
    def cursor(self) -> str:
        """The place, opaque."""


class RoomPage(Protocol):
    """What the rooms' pages have in common."""

    @property
    def edges(self) -> Sequence[Any]:
        """Items with their cursors."""

    @property
    def has_next(self) -> bool:
        """Whether more follows."""

    @property
    def has_previous(self) -> bool:
        """Whether something stands before."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Relay's PageInfo of a page."""

    has_next: bool
    has_previous: bool
    start: str | None
    end: str | None


@strawberry.type(description="Where a page stands in the whole (Relay).")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = told("has_next", "Whether more items follow this page.")
    has_previous_page: bool = told("has_previous", "Whether items stand before this page.")
    start_cursor: str | None = told("start", "Cursor of the first item; null on an empty page.")
    end_cursor: str | None = told("end", "Cursor of the last item; null on an empty page.")


def page_info(root: strawberry.Parent[Any]) -> PageFacts:
    """Where the page stands."""
    page: RoomPage = root
    edges = page.edges
    return PageFacts(
        has_next=page.has_next,
        has_previous=page.has_previous,
        start=edges[0].cursor if edges else None,
        end=edges[-1].cursor if edges else None,
    )


@strawberry.type(description="An item and its place.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = told("cursor", "The item's place, to page from; it belongs to this query and its arguments.")
    node: T = told("node", "The item.")


@strawberry.type(description="A page of a longer list (Relay cursor connection).")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[Edge[T]] = told("edges", "The items with their cursors.")
    nodes: list[T] = told("nodes", "The items alone.")
    page_info: PageInfo = computed(page_info, "Where this page stands.")
    total_count: int | None = told(
        "total", "Items in the whole list, within what you may see; null where it was not counted."
    )
