"""What may be asked of analyses of the whole graph: only by who may see every record that went in.

For others an analysis is not there: not in the list, not by its id, no number of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.cases.paging import read_question
from registry.classification.paging import FIRST_PAGE, Page, PageRequest
from registry.errors import AnalysisUnknown, ArgumentsConflicting, check_range
from registry.network.analysis import Analysis, Measured, MeasureOrder, explained, may_read
from registry.network.analysis_ports import AnalysisStore, MeasureFilter
from registry.network.judgements import MAX_ASKED


async def analyses(store: AnalysisStore, *, actor: Actor) -> tuple[Analysis, ...]:
    """The analyses that the actor may read, the newest first."""
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    return tuple(each for each in await store.analyses() if may_read(actor.scope, each.fed))


async def analysis(store: AnalysisStore, id_: str | None = None, *, actor: Actor) -> Analysis:
    """The analysis of that id, or the newest that may be read; raises `AnalysisUnknown`."""
    for each in await analyses(store, actor=actor):
        if id_ is None or each.id == id_:
            return each
    raise AnalysisUnknown()


async def measures(
    store: AnalysisStore,
    of: Analysis,
    order: MeasureOrder = MeasureOrder.COMPONENT,
    where: MeasureFilter | None = None,
    page: PageRequest = FIRST_PAGE,
    *,
    actor: Actor,
) -> Page[Measured]:
    """Results of an analysis in an order, read forward only.

    Raises `AnalysisUnknown`, `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`.
    """
    if page.last is not None or page.before is not None:
        raise ArgumentsConflicting(arguments="last, before", rule="results are read forward: first and after")
    found = await analysis(store, of.id, actor=actor)
    question = read_question(page, "measures", (found.id, order, where))
    rows = await store.measures(found.id, order, where or MeasureFilter(), question.keyset)
    return question.page([(place, explained(row, found)) for place, row in rows], None)


async def are_apart(store: AnalysisStore, one: str, other: str, *, actor: Actor) -> bool:
    """Whether an analysis *proves* that no chain of participations joins two records, so none need be looked for.

    Only an analysis of every record, of the store's present data revision, that the actor may read proves it; False
    says nothing. Two round trips at most.
    """
    require(actor, Right.EXPLORE_NETWORK)
    present = await store.at_present()
    whole = [each for each in present if each.wish.entities is None and may_read(actor.scope, each.fed)]
    if not whole:
        return False
    found = await store.measured(whole[0].id, [one, other])
    return one in found and other in found and found[one].component != found[other].component


async def measured(store: AnalysisStore, of: Analysis, records: Sequence[str], *, actor: Actor) -> tuple[Measured, ...]:
    """The results of these records, in their order; of records that went in alone. Raises `ArgumentOutOfRange`."""
    check_range("ids", len(records), 1, MAX_ASKED)
    kept = await analysis(store, of.id, actor=actor)
    found = await store.measured(kept.id, records)
    return tuple(explained(found[record], kept) for record in records if record in found)
