"""Referral: one agency hands a case over, another takes it. Until it is taken, the giver holds it and answers for it.

Lives here: what a referral is, who may give, take, refuse and take back, and who is told of it. Elsewhere: keeping
(``exchange_ports``), the answer of a contact request that is a referral (``contact``).

::

    offered ──accepted by the receiver──> the receiver holds the event, the giver sees it no more
       ├──── refused by the receiver ───> nothing changes
       ├──── withdrawn by the giver ────> nothing changes
       └──── 30 days ───────────────────> lapsed; nothing changes

Who takes a case must be ready for it: an offer never moves a victim's file to a desk that nobody watches.
The receiver is told of an offer whose country and sensitivity their scope lets them see; of the record itself they
learn nothing before they take it. An account that works by single grants takes no case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from registry.access.actions import Act, allow
from registry.access.actor import Actor, Right, Scope
from registry.access.exchange_ports import ExchangeStore
from registry.access.exchanges import Referral, ReferralEnd
from registry.access.ports import Audit
from registry.errors import AgencyNotNamed, ArgumentsConflicting, GrantNotOpen, GrantUnknown, RecordUnknown
from registry.identifiers import EntityId, EventId

OFFER_LASTS: Final = 30 * 24 * 3600 * 1_000_000
"""Microseconds that an offer waits."""
REASONS: Final = ("jurisdiction", "victim-location", "assistance", "prosecution", "contact-request")
"""Why a case is referred: codes, so that no case value reaches the audit."""
MOST_TOLD: Final = 500


class Direction(StrEnum):
    """Which side of referrals and requests one's agency is on."""

    GIVEN = "given"
    RECEIVED = "received"


def agency_of(actor: Actor) -> EntityId:
    """The agency that the account acts as; raises `AgencyNotNamed`."""
    entities = actor.scope.entities
    agency = actor.agency or (next(iter(entities)) if entities is not None and len(entities) == 1 else None)
    if agency is None:
        raise AgencyNotNamed(actor=actor.name)
    return agency


def receiving(scope: Scope) -> Scope:
    """The scope of what may be taken over: its countries, tiers and grants, whoever holds it now."""
    return replace(scope, entities=None, opened=frozenset())


async def allow_exchange(audit: Audit, act: Act, right: Right, *, subject: str | None = None) -> EntityId:
    """The agency acted as, where the actor may act so and see whole records; raises `NotAllowed`, `AgencyNotNamed`."""
    await allow(audit, act, right, subject=subject)
    await allow(audit, act, Right.READ_IDENTIFIED, subject=subject)
    return agency_of(act.actor)


async def refer_case(
    store: ExchangeStore, audit: Audit, act: Act, *, referral_id: str, event: EventId, to: EntityId, reason: str
) -> Referral:
    """Offer an event that one's agency holds to another; the record stays its source's own: id, values, batch.

    Raises `NotAllowed`, `PurposeMissing`, `AgencyNotNamed`, `ArgumentsConflicting` for one's own agency, `GrantNotOpen`
    while it is offered already, and `RecordUnknown` alike for an event that is not there, one out of scope, one that
    another agency holds, and an unknown receiver.
    """
    agency = await allow_exchange(audit, act, Right.REFER_CASES, subject=to)
    if to == agency:
        raise ArgumentsConflicting(arguments="to", rule="that is the agency you act as")
    if reason not in REASONS:
        raise ArgumentsConflicting(arguments="reason", rule=f"give one of {', '.join(REASONS)}")
    referral = Referral(referral_id, event, agency, to, reason, act.actor.name, act.now, act.now + OFFER_LASTS)
    row = act.row("offer referral", records=[event], subject=referral_id, facts={"from": agency, "to": to})
    try:
        await store.offer(referral, scope=act.actor.scope, audit=row)
    except RecordUnknown:
        await audit.append(act.row("offer referral", records=[event], subject=to, allowed=False))
        raise
    return referral


async def accept_referral(store: ExchangeStore, audit: Audit, act: Act, referral_id: str) -> Referral:
    """Take the case over: one's agency holds it from now on. Raises `NotAllowed`, `GrantUnknown`, `GrantNotOpen`."""
    return await _end(store, audit, act, referral_id, ReferralEnd.ACCEPTED)


async def refuse_referral(store: ExchangeStore, audit: Audit, act: Act, referral_id: str) -> Referral:
    """Leave the case where it is. Raises `NotAllowed`, `GrantUnknown`, `GrantNotOpen`."""
    return await _end(store, audit, act, referral_id, ReferralEnd.REFUSED)


async def withdraw_referral(store: ExchangeStore, audit: Audit, act: Act, referral_id: str) -> Referral:
    """Take an offer of one's own agency back. Raises `NotAllowed`, `GrantUnknown`, `GrantNotOpen`."""
    return await _end(store, audit, act, referral_id, ReferralEnd.WITHDRAWN)


async def referrals(
    store: ExchangeStore, audit: Audit, act: Act, direction: Direction, *, ended: bool = False
) -> Sequence[Referral]:
    """Referrals that one's agency gave or received, newest first, at most `MOST_TOLD`, within one's scope.

    Of those given: one's own, and those of events one sees. Raises `NotAllowed`, `PurposeMissing`, `AgencyNotNamed`.
    """
    agency = await allow_exchange(audit, act, Right.REFER_CASES)
    now = None if ended else act.now
    if direction is Direction.GIVEN:
        found = await store.given(agency, by=act.actor.name, scope=act.actor.scope, open_at=now, limit=MOST_TOLD)
    else:
        found = await store.received(agency, scope=receiving(act.actor.scope), open_at=now, limit=MOST_TOLD)
    await audit.append(act.row("read referrals", records=[each.event for each in found], subject=direction.value))
    return found


async def _end(store: ExchangeStore, audit: Audit, act: Act, referral_id: str, end: ReferralEnd) -> Referral:
    """End an offer; what another agency offered, or another received, is answered as what there is not."""
    agency = await allow_exchange(audit, act, Right.REFER_CASES, subject=referral_id)

    def judge(referral: Referral) -> Referral:
        side = referral.giver if end is ReferralEnd.WITHDRAWN else referral.to
        if side != agency:
            raise GrantUnknown(kind="referral")
        state = referral.state(act.now)
        if state != "offered":
            raise GrantNotOpen(kind="referral", state=state)
        return replace(referral, end=end, ended_by=act.actor.name, ended_at=act.now)

    scope = act.actor.scope if end is ReferralEnd.WITHDRAWN else receiving(act.actor.scope)
    row = act.row(f"{VERBS[end]} referral", subject=referral_id)
    try:
        return await store.end_referral(referral_id, judge, scope=scope, audit=row)
    except GrantUnknown:
        await audit.append(act.row(f"{VERBS[end]} referral", subject=referral_id, allowed=False))
        raise


VERBS: Final = {ReferralEnd.ACCEPTED: "accept", ReferralEnd.REFUSED: "refuse", ReferralEnd.WITHDRAWN: "withdraw"}
