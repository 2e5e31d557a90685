"""What statistics need of a store: sums of cells, and the free texts of residual codes; all inside a scope."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from registry.access.actor import Scope
from registry.cases.code_use import PlacedStore
from registry.identifiers import Notation
from registry.statistics.emerging import ResidualText
from registry.statistics.indicators import IndicatorCount


class StatisticsStore(PlacedStore, Protocol):
    """Where statistics come from."""

    async def indicator_counts(self, *, scope: Scope) -> Sequence[IndicatorCount]:
        """Sums inside the scope's agencies, countries and tiers; grants and openings are not looked at."""
        ...

    def residual_texts(self, codes: Sequence[Notation], *, scope: Scope) -> AsyncIterator[ResidualText]:
        """The free texts of records with one of these forms, a text once for each; in no order."""
        ...
