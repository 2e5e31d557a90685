"""What may be asked about when a revision is due: shares of residual codes, and terms of free texts; always protected.

Lives here: right, scope and threshold. Elsewhere: the rules (``disclosure``, ``indicators``, ``emerging``).

Both answers are protected for everybody alike, also for those who may read the records: they can be passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.cases.code_use import counted_singly, counts_of
from registry.errors import ArgumentsConflicting, check_range
from registry.identifiers import Notation
from registry.statistics.disclosure import LEAST_THRESHOLD, THRESHOLD
from registry.statistics.emerging import RESIDUAL_FORMS, EmergingTerm, ResidualText, emerging_terms
from registry.statistics.indicators import (
    LIST,
    IndicatorCount,
    RevisionIndicator,
    indicator_uses,
    read_counts,
    shares_of,
)
from registry.statistics.ports import StatisticsStore

HIGHEST_THRESHOLD: Final = 1_000
MOST_TEXTS: Final = 100_000
"""Texts of one answer, which are read one by one; more are refused rather than left out."""


async def revision_indicators(
    store: StatisticsStore, *, threshold: int = THRESHOLD, actor: Actor
) -> tuple[RevisionIndicator, ...]:
    """Shares of residual codes, unknowns and unmapped local codes, by period and entity, within the actor's scope."""
    require(actor, Right.COUNT_CASES)
    require_threshold(threshold)
    scope = actor.scope
    counts: list[IndicatorCount] = []
    if scope.cases is None:
        counts += await store.indicator_counts(scope=scope)
    counted = await counted_singly(store, scope)
    counts += read_counts(counts_of(((each.record.entity, indicator_uses(each)) for each in counted), [LIST], None))
    return shares_of(counts, threshold)


async def emerging_categories(
    store: StatisticsStore, codes: Sequence[str] = (), *, threshold: int = THRESHOLD, actor: Actor
) -> tuple[EmergingTerm, ...]:
    """Frequent terms of free texts given with residual codes, by code, period and entity, within the actor's scope."""
    require(actor, Right.COUNT_CASES)
    require_threshold(threshold)
    asked = [Notation(code) for code in codes] or list(RESIDUAL_FORMS)
    if not set(asked) <= set(RESIDUAL_FORMS):
        raise ArgumentsConflicting(arguments="codes", rule=f"give residual codes: {', '.join(RESIDUAL_FORMS)}")
    texts: list[ResidualText] = []
    async for text in store.residual_texts(asked, scope=actor.scope):
        texts.append(text)
        check_range("texts", len(texts), 0, MOST_TEXTS)
    return emerging_terms(texts, threshold)


def require_threshold(threshold: int) -> None:
    """Raise `ArgumentOutOfRange` unless cells are kept large enough."""
    check_range("threshold", threshold, LEAST_THRESHOLD, HIGHEST_THRESHOLD)
