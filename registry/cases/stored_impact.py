"""What a new version does to stored records: by code, variable and reporting entity.

Lives here: the join of what happens to each code with how often it is used. Elsewhere: the two sides
(``registry.classification.impact``, ``code_use``), doing it (``recode_actions``).
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.cases.code_use import CodeUse, CodeUseStore, code_use
from registry.classification.impact import CodeImpact, Impact, Treatment


@dataclass(frozen=True, slots=True)
class StoredImpact:
    """A code that changes, and how often records of one entity hold it under one variable."""

    code: CodeImpact
    use: CodeUse

    @property
    def is_automatic(self) -> bool:
        """Whether a rule re-codes it; else a person decides."""
        return self.code.rule is not None


async def stored_impact(store: CodeUseStore, impact: Impact, *, actor: Actor) -> tuple[StoredImpact, ...]:
    """The codes that change and that records within the actor's scope hold, by code, variable and entity.

    A read of the table of counts, whatever the number of records. Raises `NotAllowed`.
    """
    require(actor, Right.READ_CASES)
    changed = {each.code: each for each in impact.codes if each.treatment is not Treatment.UNCHANGED}
    if not changed:
        return ()
    used = await code_use(store, impact.old.scheme, impact.old.version, list(changed), actor=actor)
    return tuple(StoredImpact(changed[each.code], each) for each in used)
