"""How many stored events hold each code of the units: what a revision of them would touch.

Lives here: the question and its port. Elsewhere: what happens to the codes (``registry.classification.impact``), the
statement (``registry.storage.bolt.form_use``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from registry.access.actor import Actor, Right, Scope
from registry.access.policy import require
from registry.errors import ArgumentsConflicting
from registry.identifiers import EntityId, Notation, VersionTag

MOST_FORMS: Final = 500
"""Codes asked about at once: more than the units will ever have."""


@dataclass(frozen=True, slots=True)
class FormUse:
    """Events of one reporting entity that have one form. An event with several forms counts once under each."""

    code: Notation
    entity: EntityId
    events: int


class FormUseStore(Protocol):
    """Counts events by form and reporting entity."""

    async def form_use(self, version: VersionTag, codes: Sequence[Notation], *, scope: Scope) -> tuple[FormUse, ...]:
        """Counts above nought of events inside the scope, in no order."""
        ...


async def form_use(
    store: FormUseStore, version: VersionTag, codes: Sequence[Notation], *, actor: Actor
) -> tuple[FormUse, ...]:
    """Events within the actor's scope by form and entity, sorted; nothing of entities outside it, not even a nought."""
    require(actor, Right.READ_CASES)
    if len(codes) > MOST_FORMS:
        raise ArgumentsConflicting(arguments="codes", rule=f"give at most {MOST_FORMS}")
    found = await store.form_use(version.version, codes, scope=actor.scope)
    return tuple(sorted(found, key=lambda each: (each.code, each.entity)))
