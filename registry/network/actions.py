"""What may be changed about the network of cases: judgements that two records tell of the same.

Both records must lie in the actor's scope, else they are as good as absent. Each function leaves one audit row: with
the change, in one transaction, or alone where nothing was changed. Now and random ids come with the `Act`.
"""

from __future__ import annotations

from registry.access.actions import Act, allow
from registry.access.actor import Right
from registry.access.ports import Audit
from registry.access.scope import scope_parameter
from registry.errors import JudgementUnknown, RecordUnknown
from registry.network.judgements import Grounds, Judgement, Pair
from registry.network.ports import JudgementStore

JUDGE: str = "judge records the same"
WITHDRAW: str = "withdraw a judgement"


async def judge_same(
    store: JudgementStore, audit: Audit, act: Act, *, pair: Pair, grounds: Grounds, judgement_id: str
) -> Judgement:
    """Judge that both records tell of the same person or event.

    Raises `NotAllowed`, `PurposeMissing`, `RecordUnknown`, `AlreadyJudged`.
    """
    await _allow(audit, act)
    judgement = Judgement(judgement_id, pair, grounds, act.actor.name, act.now)
    row = act.row(JUDGE, records=(pair.one, pair.other), subject=judgement_id)
    try:
        await store.judge(judgement, scope=scope_parameter(act.actor.scope), audit=row)
    except RecordUnknown:
        await audit.append(act.row(JUDGE, records=(pair.one, pair.other), allowed=False))
        raise
    return judgement


async def withdraw_judgement(store: JudgementStore, audit: Audit, act: Act, *, pair: Pair) -> Judgement:
    """Take the judgement about a pair back, whoever made it; the judgement that stood.

    Raises `NotAllowed`, `PurposeMissing`, `JudgementUnknown`.
    """
    await _allow(audit, act)
    row = act.row(WITHDRAW, records=(pair.one, pair.other))
    withdrawn = await store.withdraw(pair, scope=scope_parameter(act.actor.scope), audit=row)
    if withdrawn is None:
        await audit.append(act.row(WITHDRAW, records=(pair.one, pair.other), allowed=False))
        raise JudgementUnknown(kind=pair.kind.word)
    return withdrawn


async def _allow(audit: Audit, act: Act) -> None:
    """Return for whoever may judge and looks records up by their ids."""
    await allow(audit, act, Right.JUDGE_RECORDS)
    await allow(audit, act, Right.READ_IDENTIFIED)
