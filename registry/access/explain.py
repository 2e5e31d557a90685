"""Why somebody may act so, or may not, rule by rule; and how much of that is told to whom.

Lives here: the explanation. Elsewhere: the decision itself (``policy``), what a scope is (``actor``).

An explanation never tells more of a record than whoever asks for it sees:

- of a record inside the asker's own scope each rule is told with its outcome;
- of any other id the answer is that of an id that nothing has, byte for byte: only the account's own side of each
  rule is told (which agencies, which countries, whether the id was granted), never the record's;
- so an auditor or an administrator of keys, who sees no record, learns what an account may see, not what there is.

Everybody may ask about themselves; asking about others needs the right to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry.access.actions import Act, allow
from registry.access.actor import STRANGER, Actor, Right, Scope
from registry.access.grants import GrantKind, Standing
from registry.access.policy import Decision, Reason, may
from registry.access.ports import AccessStore, Audit
from registry.identifiers import EventId

NOT_THERE: Final = Reason("record", False, "there is no such record that may be seen")
EVERY: Final = "every one"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Condition:
    """The account's side of one rule, in words: what it may see, whatever records there are."""

    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with the rules that made it, and what the account may see at all."""

    account: str
    right: Right
    decision: Decision
    conditions: tuple[Condition, ...]


async def why_allowed(
    store: AccessStore,
    audit: Audit,
    act: Act,
    *,
    right: Right,
    standing: Standing | None = None,
    purpose: str | None = None,
    event: EventId | None = None,
) -> Explanation:
    """The decision about an act, on an event or at all; ``standing`` and ``purpose`` are of another account.

    Leaves a row, found or not. Raises `NotAllowed`.
    """
    asked = act.actor
    if standing is not None:
        await allow(audit, act, Right.ASK_WHY, subject=standing.account.name)
        asked = standing.actor(now=act.now, purpose=purpose)
    placed = None if event is None else await store.placed(event, scope=scope_of_asker(act.actor))
    if act.actor is not STRANGER:
        await audit.append(act.row("ask why", records=[event] if event else [], subject=asked.name))
    decision = may(asked, right, placed)
    if event is not None and placed is None:
        decision = Decision(False, (*decision.reasons, NOT_THERE))
    return Explanation(asked.name, right, decision, tuple(conditions_of(asked, standing, event)))


def scope_of_asker(actor: Actor) -> Scope:
    """The asker's scope where they may look records up by their ids; else nothing at all."""
    looks_up = Right.READ_IDENTIFIED in actor.rights and may(actor, Right.READ_CASES).allowed
    return actor.scope if looks_up else Scope()


def conditions_of(actor: Actor, standing: Standing | None, event: EventId | None) -> Iterable[Condition]:
    """The account's side of each rule."""
    scope = actor.scope
    yield Condition("right", listed(right.value for right in actor.rights))
    yield Condition("purpose", actor.purpose.value if actor.purpose else NONE)
    yield Condition("agency", listed(scope.entities))
    yield Condition("country", listed(scope.countries))
    yield Condition("sensitivity", listed(scope.tiers))
    yield Condition("case grant", "not needed" if scope.cases is None else granted(scope.cases, event))
    yield Condition("emergency opening", granted(scope.opened, event))
    if standing is not None and event is not None:
        for grant in standing.grants:
            if grant.event == event:
                kind = "granted" if grant.kind is GrantKind.CASE else "opened"
                yield Condition(f"{grant.kind.value} {grant.id}", f"{kind} until {moment(grant.expires)}")


def listed(names: Iterable[str] | None) -> str:
    """The names in order; every one for None."""
    return EVERY if names is None else ", ".join(sorted(names)) or NONE


def granted(events: frozenset[EventId], event: EventId | None) -> str:
    """How many there are, or whether this one is among them."""
    if event is None:
        return f"{len(events)} now" if events else NONE
    return "this one" if event in events else "not this one"


def moment(microseconds: int) -> str:
    """An instant to the second, in UTC."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).isoformat(timespec="seconds")
