"""GraphQL types and root fields of what agencies exchange: referrals, contact requests and their answers.

Each type reads one model of ``registry.access.exchanges``; the acts are ``access.referral`` and ``access.contact``.
What an agency may not know changes no byte here: a contact request is noted in the same words whoever holds such a
person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from graphql_api.context import fresh_id
from graphql_api.schema.access import words_id
from graphql_api.schema.classification import Info
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import Instant
from graphql_api.schema.words import ArgumentFault, Words
from registry.access import contact, exchanges, marking, referral
from registry.access.actor import Right
from registry.access.exchange_ports import ExchangeStore
from registry.access.exchanges import ContactAct, ContactHit, Referral
from registry.access.referral import Direction
from registry.errors import ArgumentsConflicting, FieldFault, IdentifiersUnfit, NotReady
from registry.identifiers import EntityId, EventId, PersonId

strawberry.enum(Direction, name="ExchangeDirection", description="Which side your agency is on.")
strawberry.enum(ContactAct, name="ContactAct", description="What a holder does about a contact request.")


def state_now(root: strawberry.Parent[Any], info: Info) -> str:
    """The state at this request's moment."""
    state: str = root.state(info.context.circumstances.at)
    return state


# --- referrals ---------------------------------------------------------------------------------------------


@strawberry.type(name="Referral", description="A case offered by the agency that holds it to another.")
class ReferralTold:
    """`exchanges.Referral`."""

    id: strawberry.ID = told("id", "Its id.")
    event: strawberry.ID = told("event", "The event's id; what it holds is seen by who takes it over, and not before.")
    giver: strawberry.ID = told("giver", "The agency that offers it.")
    to: strawberry.ID = told("to", "The agency it is offered to.")
    reason: str = told("reason", "Why, by a code of the list.")
    given_at: Instant = told("given_at", "When it was offered.")
    expires: Instant = told("expires", "Until when the offer waits.")
    state: str = computed(state_now, "offered, accepted, refused, withdrawn or lapsed.")
    ended_at: Instant | None = told("ended_at", "When it was accepted, refused or withdrawn.")


@dataclass(frozen=True, slots=True)
class ReferralOutcome:
    """A referral after an act, or what is wrong with the words."""

    referral: Referral | None = None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="A referral after an act, or what is wrong with what you sent.")
class ReferralPayload:
    """`ReferralOutcome`."""

    referral: ReferralTold | None = told("referral", "The referral as it is now; null with faults.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was done then.")


ReferralId = Annotated[strawberry.ID, strawberry.argument(description="The referral's id.")]
EventArgument = Annotated[strawberry.ID, strawberry.argument(description="The event's id.")]


async def referrals(
    info: Info,
    direction: Annotated[Direction, strawberry.argument(description="Those given, or those received.")],
    ended: Annotated[bool, strawberry.argument(description="Also those that ended or lapsed.")] = False,
) -> Sequence[Referral]:
    """Referrals of one's agency, newest first."""
    context = info.context
    return await referral.referrals(store_of(info), context.rooms.audit, context.act(), direction, ended=ended)


async def refer_case(
    info: Info,
    event: EventArgument,
    to: Annotated[strawberry.ID, strawberry.argument(description="The reporting entity that is to take it over.")],
    reason: Annotated[str, strawberry.argument(description=f"Why: {', '.join(referral.REASONS)}.")],
) -> ReferralOutcome:
    """Offer a case to another agency."""
    context, words = info.context, Words()
    act, audit = context.act(), context.rooms.audit
    agency = await referral.allow_exchange(audit, act, Right.REFER_CASES)
    record, receiver = words.identifier("event", event, EventId), words.identifier("to", to, EntityId)
    why = words.one_of("reason", reason, referral.REASONS)
    if receiver == agency:
        words.add("to", ArgumentsConflicting(arguments="to", rule="that is the agency you act as"))
    if words.faults or record is None or receiver is None:
        return ReferralOutcome(faults=words.faults)
    return ReferralOutcome(
        await referral.refer_case(
            store_of(info), audit, act, referral_id=fresh_id(16), event=record, to=receiver, reason=why
        )
    )


async def accept_referral(info: Info, id: ReferralId) -> ReferralOutcome:
    """Take a case over."""
    context = info.context
    ended = await referral.accept_referral(store_of(info), context.rooms.audit, context.act(), words_id(id))
    return ReferralOutcome(ended)


async def refuse_referral(info: Info, id: ReferralId) -> ReferralOutcome:
    """Leave a case with who offers it."""
    context = info.context
    ended = await referral.refuse_referral(store_of(info), context.rooms.audit, context.act(), words_id(id))
    return ReferralOutcome(ended)


async def withdraw_referral(info: Info, id: ReferralId) -> ReferralOutcome:
    """Take an offer back."""
    context = info.context
    ended = await referral.withdraw_referral(store_of(info), context.rooms.audit, context.act(), words_id(id))
    return ReferralOutcome(ended)


async def mark_informant(
    info: Info,
    event: EventArgument,
    informant: Annotated[bool, strawberry.argument(description="Whether it is; false takes the mark away.")] = True,
) -> bool:
    """Mark an event as an informant's."""
    context = info.context
    await marking.mark_informant(
        store_of(info), context.rooms.audit, context.act(), event=EventId(event), is_informant=informant
    )
    return informant


# --- contact requests --------------------------------------------------------------------------------------


@strawberry.type(name="ContactAnswer", description="What a holder chose to tell.")
class AnswerTold:
    """`exchanges.ContactAnswer`."""

    agency: strawberry.ID = told("agency", "The agency that holds such a person.")
    act: ContactAct = told("act", "Whether it shares a contact point or refers the case.")
    contact_point: str = told("contact_point", "The office to call; empty with a referral.")
    referral: strawberry.ID | None = told("referral", "The referral to your agency, if it is one.")
    answered_at: Instant = told("answered_at", "When.")


@strawberry.type(description="A request of your agency. It reads the same whether or not anybody holds such a person.")
class ContactRequest:
    """`exchanges.ContactRequest`."""

    id: strawberry.ID = told("id", "Its id.")
    person: strawberry.ID = told("person", "The person of your own records.")
    reason: str = told("reason", "Why contact is sought, by a code of the list.")
    asked_at: Instant = told("asked_at", "When.")
    expires: Instant = told("expires", "Until when it waits.")
    state: str = computed(state_now, "noted, answered, withdrawn or lapsed.")
    answers: list[AnswerTold] = told("answers", "What holders chose to tell; nobody is told of a decline.")


@strawberry.type(description="A request of another agency that hits a record which yours holds.")
class IncomingContact:
    """`exchanges.ContactHit`."""

    request: strawberry.ID = told("request", "The request's id.")
    agency: strawberry.ID = told("agency", "The agency that asks.")
    reason: str = told("reason", "Why, by a code of the list.")
    asked_at: Instant = told("asked_at", "When.")
    expires: Instant = told("expires", "Until when it waits.")
    event: strawberry.ID = told("event", "The event of yours that it hits.")
    person: strawberry.ID = told("person", "The person of yours whose identifier it is.")
    kinds: list[str] = told("kinds", "Kinds of the identifiers in common: document, phone, account.")
    answered: ContactAct | None = told("answered", "What your agency did about it so far.")


@dataclass(frozen=True, slots=True)
class ContactOutcome:
    """A request after an act, or what is wrong with the words."""

    request: exchanges.ContactRequest | None = None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="Your request as it was noted, or what is wrong with what you sent.")
class ContactPayload:
    """`ContactOutcome`."""

    request: ContactRequest | None = told("request", "The request, noted; null with faults.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was noted then.")


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """A hit after an answer, or what is wrong with the words."""

    hit: ContactHit | None = None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="A request of another agency after your answer, or what is wrong with what you sent.")
class AnswerPayload:
    """`AnswerOutcome`."""

    contact: IncomingContact | None = told("hit", "The request with your answer; null with faults.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was done then.")


RequestId = Annotated[strawberry.ID, strawberry.argument(description="The request's id.")]


async def contact_requests(info: Info) -> Sequence[exchanges.ContactRequest]:
    """Requests of one's agency, newest first."""
    context = info.context
    return await contact.requests_sent(store_of(info), context.rooms.audit, context.act())


async def incoming_contacts(info: Info) -> Sequence[ContactHit]:
    """Requests of others that hit a record of one's agency, newest first."""
    context = info.context
    return await contact.requests_received(store_of(info), context.rooms.audit, context.act())


async def request_contact(
    info: Info,
    person: Annotated[strawberry.ID, strawberry.argument(description="A person of your agency's own records.")],
    reason: Annotated[str, strawberry.argument(description=f"Why: {', '.join(contact.REASONS)}.")],
) -> ContactOutcome:
    """Ask whether another agency holds the same person."""
    context, words = info.context, Words()
    act, audit = context.act(), context.rooms.audit
    await referral.allow_exchange(audit, act, Right.REQUEST_CONTACT)
    whom = words.identifier("person", person, PersonId)
    why = words.one_of("reason", reason, contact.REASONS)
    if words.faults or whom is None:
        return ContactOutcome(faults=words.faults)
    try:
        noted = await contact.request_contact(
            store_of(info), audit, act, request_id=fresh_id(16), person=whom, reason=why
        )
    except IdentifiersUnfit as error:
        words.add("person", error)
        return ContactOutcome(faults=words.faults)
    return ContactOutcome(noted)


async def withdraw_contact(info: Info, id: RequestId) -> ContactOutcome:
    """End a request of one's agency."""
    context = info.context
    return ContactOutcome(
        await contact.withdraw_request(store_of(info), context.rooms.audit, context.act(), words_id(id))
    )


async def answer_contact(
    info: Info,
    request: RequestId,
    event: EventArgument,
    answer: Annotated[ContactAct, strawberry.argument(description="What to do; a decline is told to nobody.")],
    contact_point: Annotated[
        str, strawberry.argument(description="With SHARE: the office to call. Nothing of the case.")
    ] = "",
) -> AnswerOutcome:
    """Answer a request that hits a record of one's agency."""
    context, words = info.context, Words()
    act, audit = context.act(), context.rooms.audit
    await referral.allow_exchange(audit, act, Right.REQUEST_CONTACT)
    record = words.identifier("event", event, EventId)
    if record is None:
        return AnswerOutcome(faults=words.faults)
    try:
        hit = await contact.answer_request(
            store_of(info),
            audit,
            act,
            request_id=words_id(request),
            event=record,
            answer=answer,
            contact_point=contact_point,
            referral_id=fresh_id(16),
        )
    except ArgumentsConflicting as error:
        words.add(str(error.facts["arguments"]), error)
        return AnswerOutcome(faults=words.faults)
    return AnswerOutcome(hit)


def store_of(info: Info) -> ExchangeStore:
    """Where exchanges are kept; `NotReady` where this server has no store."""
    store = info.context.rooms.exchange
    if store is None:
        raise NotReady(reason="no store of exchanges is open")
    return store
