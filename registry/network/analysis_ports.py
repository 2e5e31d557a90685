"""What analyses of the whole graph need from a store: links in pages, and a place for results.

Lives here: the protocols. Elsewhere: how a store keeps them (``registry.storage.bolt.analysis``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from registry.access.actor import Scope
from registry.access.audit import AuditRow
from registry.cases.paging import Keyset
from registry.network.analysis import Analysis, Fed, GraphResults, GraphSize, Measured, MeasureOrder


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Some events in columns, in order of id: what decides who sees each, and everybody in it."""

    events: Sequence[str]
    holders: Sequence[str]
    countries: Sequence[str]
    """"" where none is told."""
    marks: Sequence[int]
    people: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MeasureFilter:
    """Which results are wanted; what is None does not bind. Read of one analysis alone."""

    component: int | None = None
    community: int | None = None
    least_component_size: int | None = None
    least_degree: int | None = None
    articulation_only: bool = False
    people_only: bool = False


class AnalysisReader(Protocol):
    """The turn under which links are read: nobody imports meanwhile."""

    async def revision(self) -> int:
        """The data revision."""

    def pages(self, scope: Scope, *, events: int) -> AsyncIterator[LinkPage]:
        """Every event inside the scope, in order of id; each page keeps the turn. ``events`` is about how many."""


class AnalysisWriter(Protocol):
    """The turn under which results are written."""

    async def put(self, analysis: Analysis, results: GraphResults) -> None:
        """Write every result of an analysis that nobody can read yet, each page in a transaction of its own."""

    async def placed_now(self, analysis: str) -> Fed:
        """What decides now who sees the events that went in, those that are still there."""

    async def finish(self, analysis: Analysis, *, audit: AuditRow) -> None:
        """Let it be read: in one transaction with what fed it and the audit row."""


class AnalysisStore(Protocol):
    """Where analyses are kept."""

    async def graph_size(self, scope: Scope) -> GraphSize:
        """How much there is inside the scope: counted, not read."""

    def reading(self) -> AbstractAsyncContextManager[AnalysisReader]:
        """The one turn of writing in bulk, held while links are read."""

    def writing(self) -> AbstractAsyncContextManager[AnalysisWriter]:
        """The same, held while results are written."""

    async def analyses(self) -> Sequence[Analysis]:
        """Every finished analysis, the newest first."""

    async def at_present(self) -> Sequence[Analysis]:
        """Those of the store's present data revision, the newest first."""

    async def unfinished(self) -> Sequence[str]:
        """Analyses that were begun and never finished."""

    async def remove(self, analysis: str, *, audit: AuditRow | None) -> int:
        """Remove an analysis with its results, the analysis itself first; how many results there were."""

    async def measures(
        self, analysis: str, order: MeasureOrder, where: MeasureFilter, keyset: Keyset
    ) -> Sequence[tuple[str, Measured]]:
        """At most ``keyset.limit`` results with their places in that order; of a component alone in order of id where
        the filter names one and the order is that of components."""

    async def measured(self, analysis: str, records: Sequence[str]) -> Mapping[str, Measured]:
        """The results of these records, those that have any."""
