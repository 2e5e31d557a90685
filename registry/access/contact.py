"""Contact requests: whether another agency holds the same person, asked so that only a willing answer tells.

Lives here: who may ask, be told and answer; the budget. Elsewhere: tokens of identifiers (``registry.cases.identity``),
finding hits (``registry.storage.bolt.exchange``), how probing is met (docs/security.md).

- **Asking is noting.** A request keeps the tokens of one's own person; nothing is compared then. The answer, its time
  and its work are the same whether or not anybody holds such a person.
- **The holder looks.** Whoever may answer for an agency sees the requests that hit a record it holds, in their scope.
- **Only a willing answer tells.** The asker learns of a contact point or a referral; a decline is never told, so
  silence means nothing.
- **Both sides are bounded.** An agency has `BUDGET` requests a day, each about one person of a record of its own with
  at most `MOST_TOKENS` identifiers; and a hit counts only if the record told the identifier *before* the request, so
  that nobody fishes for requests with invented records. Whoever records the person later asks themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.access.actions import Act
from registry.access.actor import Right
from registry.access.exchange_ports import ExchangeStore
from registry.access.exchanges import ContactAct, ContactAnswer, ContactHit, ContactRequest
from registry.access.ports import Audit
from registry.access.referral import OFFER_LASTS, allow_exchange
from registry.errors import ArgumentsConflicting, ContactBudgetSpent, GrantUnknown, IctipError
from registry.identifiers import EventId, PersonId

DAY: Final = 24 * 3600 * 1_000_000
REQUEST_LASTS: Final = 90 * DAY
"""Microseconds that a request waits for answers."""
BUDGET: Final = 20
"""Requests an agency may make in 24 hours: more than any desk works through, far fewer than guessing needs."""
MOST_TOKENS: Final = 16
"""Identifiers that one request may rest on: few people have more documents and phones; a list of guesses has."""
MOST_TOLD: Final = 200
REASONS: Final = ("tracing", "assistance", "investigation", "prosecution", "family-reunification")
"""Why contact is sought: codes, told to the holder."""
LONGEST_CONTACT: Final = 200
"""Characters of a contact point."""


async def request_contact(
    store: ExchangeStore, audit: Audit, act: Act, *, request_id: str, person: PersonId, reason: str
) -> ContactRequest:
    """Note the request. Raises `NotAllowed`, `PurposeMissing`, `AgencyNotNamed`, `ArgumentsConflicting`,
    `ContactBudgetSpent`, `RecordUnknown` for a person that one's agency does not hold in scope, `IdentifiersUnfit`.
    """
    agency = await allow_exchange(audit, act, Right.REQUEST_CONTACT)
    if reason not in REASONS:
        raise ArgumentsConflicting(arguments="reason", rule=f"give one of {', '.join(REASONS)}")
    request = ContactRequest(request_id, agency, person, reason, act.actor.name, act.now, act.now + REQUEST_LASTS)
    row = act.row("request contact", records=[person], subject=request_id, facts={"as": agency, "reason": reason})
    try:
        await store.ask_contact(
            request, scope=act.actor.scope, since=act.now - DAY, budget=BUDGET, most=MOST_TOKENS, audit=row
        )
    except ContactBudgetSpent:
        await audit.append(act.row("contact budget spent", subject=agency, allowed=False))
        raise
    except IctipError:
        await audit.append(act.row("request contact", records=[person], subject=agency, allowed=False))
        raise
    return request


async def requests_sent(store: ExchangeStore, audit: Audit, act: Act) -> Sequence[ContactRequest]:
    """One's agency's requests about people in scope, newest first, with what was answered willingly."""
    agency = await allow_exchange(audit, act, Right.REQUEST_CONTACT)
    found = await store.sent(agency, scope=act.actor.scope, limit=MOST_TOLD)
    await audit.append(act.row("read own contact requests", records=[each.person for each in found], subject=agency))
    return found


async def withdraw_request(store: ExchangeStore, audit: Audit, act: Act, request_id: str) -> ContactRequest:
    """End a request of one's agency. Raises `NotAllowed`, `GrantUnknown` also for another agency's."""
    agency = await allow_exchange(audit, act, Right.REQUEST_CONTACT, subject=request_id)
    row = act.row("withdraw contact request", subject=request_id)
    found = await store.withdraw_contact(request_id, agency=agency, scope=act.actor.scope, at=act.now, audit=row)
    if found is None:
        raise GrantUnknown(kind="open contact request")
    return found


async def requests_received(store: ExchangeStore, audit: Audit, act: Act) -> Sequence[ContactHit]:
    """Open requests of other agencies that hit a record one's agency holds, in scope; noted before they are told."""
    agency = await allow_exchange(audit, act, Right.REQUEST_CONTACT)
    found = await store.hits(agency, scope=act.actor.scope, now=act.now, limit=MOST_TOLD)
    records = [id_ for hit in found for id_ in (hit.event, hit.person)]
    await audit.append(act.row("read contact requests", records=records, subject=agency))
    return found


async def answer_request(
    store: ExchangeStore,
    audit: Audit,
    act: Act,
    *,
    request_id: str,
    event: EventId,
    answer: ContactAct,
    contact_point: str = "",
    referral_id: str,
) -> ContactHit:
    """Answer for one's agency: share an office's contact point, offer the event to who asked, or decline, which nobody
    is told. Raises `NotAllowed`, `GrantUnknown` where the request hits no such record in scope, `GrantNotOpen` after an
    answer that was told, `ArgumentsConflicting`.
    """
    agency = await allow_exchange(audit, act, Right.REQUEST_CONTACT, subject=request_id)
    contact_point = contact_point.strip()
    _check_contact_point(answer, contact_point)
    refers = answer is ContactAct.REFER
    if refers:
        await allow_exchange(audit, act, Right.REFER_CASES, subject=request_id)
    told = ContactAnswer(agency, answer, contact_point, act.now, referral_id if refers else None)
    row = act.row("answer contact request", records=[event], subject=request_id, facts={"answer": answer.value})
    hit = await store.answer_contact(
        request_id,
        event,
        told,
        by=act.actor.name,
        reason="contact-request",
        expires=act.now + OFFER_LASTS,
        scope=act.actor.scope,
        audit=row,
    )
    if hit is None:
        await audit.append(act.row("answer contact request", records=[event], subject=request_id, allowed=False))
        raise GrantUnknown(kind="contact request")
    return hit


def _check_contact_point(answer: ContactAct, contact_point: str) -> None:
    """Raise `ArgumentsConflicting` unless a contact point is there exactly when one is shared."""
    if answer is ContactAct.SHARE:
        if not contact_point or len(contact_point) > LONGEST_CONTACT or not contact_point.isprintable():
            rule = f"give an office to call, in 1 to {LONGEST_CONTACT} printable characters"
            raise ArgumentsConflicting(arguments="contactPoint", rule=rule)
    elif contact_point:
        raise ArgumentsConflicting(arguments="contactPoint", rule="only sharing tells one")
