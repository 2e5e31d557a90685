"""What a new version does to stored records: by code, variable and reporting entity.

Lives here: the join of what happens to each code with how often it is used, and what of it a custodian is told.
Elsewhere: the two sides (``registry.classification.impact``, ``registry.cases.code_use``), doing it
(``registry.cases.recode_actions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.cases.code_use import CodeUse, CodeUseStore, use_of_lists
from registry.classification.impact import CodeImpact, Impact, Treatment
from registry.statistics.disclosure import THRESHOLD, stepped
from registry.statistics.queries import require_threshold


@dataclass(frozen=True, slots=True)
class StoredImpact:
    """A code that changes, and how often records of one entity hold it under one variable."""

    code: CodeImpact
    use: CodeUse

    @property
    def is_automatic(self) -> bool:
        """Whether a rule re-codes it; else a person decides."""
        return self.code.rule is not None


async def stored_impact(
    store: CodeUseStore, impact: Impact, *, threshold: int = THRESHOLD, actor: Actor
) -> tuple[StoredImpact, ...]:
    """The codes that change and that records within the actor's scope hold, by code, variable and entity.

    Who may read the records is told exact counts; who may only count them (a custodian) those that `protected` tells.
    A read of the table of counts, whatever the number of records. Raises `NotAllowed`.
    """
    may_read = Right.READ_CASES in actor.rights
    require(actor, Right.READ_CASES if may_read else Right.COUNT_CASES)
    require_threshold(threshold)
    changed = {each.code: each for each in impact.codes if each.treatment is not Treatment.UNCHANGED}
    if not changed:
        return ()
    version = f"{impact.old.scheme}/{impact.old.version.version}"
    used = await use_of_lists(store, [version], list(changed), scope=actor.scope)
    told = used if may_read else protected(used, threshold)
    return tuple(StoredImpact(changed[each.code], each) for each in told)


def protected(used: Iterable[CodeUse], threshold: int) -> Iterator[CodeUse]:
    """Counts in steps of the threshold, none below it; sums over entities, codes or variables are told nowhere."""
    for each in used:
        if each.events >= threshold:
            yield replace(
                each,
                events=stepped(each.events, threshold),
                on_events=stepped(each.on_events, threshold),
                victims=stepped(each.victims, threshold),
                perpetrators=stepped(each.perpetrators, threshold),
                groups=stepped(each.groups, threshold),
            )
