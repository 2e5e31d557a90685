"""Referrals and contact requests in the store: `registry.access.exchange_ports.ExchangeStore` over Bolt.

Lives here: the units of work. Elsewhere: the statements (``cypher/exchange.cypher``), who may do what
(``registry.access.referral`` and ``.contact``), the tokens of records (``cases``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from registry.access.actor import Scope
from registry.access.audit import AuditRow
from registry.access.exchanges import ContactAct, ContactAnswer, ContactHit, ContactRequest, Referral, ReferralEnd
from registry.access.scope import scope_parameter
from registry.cases.model import IdentifierKind
from registry.errors import ContactBudgetSpent, GrantNotOpen, GrantUnknown, IdentifiersUnfit, RecordUnknown
from registry.identifiers import EntityId, EventId, PersonId
from registry.storage.bolt import records
from registry.storage.bolt.analysis import widen
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.code_use import count_in, count_out, lock_and_read, open_deltas, write_deltas
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import NamedQuery, Row, load_queries

QUERIES: Final = load_queries("exchange")

OF_A_PERSON: Final = (IdentifierKind.ACCOUNT, IdentifierKind.DOCUMENT, IdentifierKind.PHONE)
"""Identifiers that one person has; an address is shared by a house, and tells of neighbours."""
DECLINE: Final = ContactAct.DECLINE.value
HOURS: Final = 24


class BoltExchangeStore:
    """Where referrals and contact requests are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offer(self, referral: Referral, *, scope: Scope, audit: AuditRow) -> None:
        """Keep an offer of an event that its giver holds inside the scope."""

        async def work(unit: UnitOfWork) -> None:
            await _offer(unit, referral, scope)
            await add_rows(unit, [audit])

        await self._database.write(work, name="offer referral")

    async def end_referral(
        self, referral_id: str, judge: Callable[[Referral], Referral], *, scope: Scope, audit: AuditRow
    ) -> Referral:
        """Lock a referral of an event inside the scope, let ``judge`` end it; when accepted, its receiver holds it."""

        async def work(unit: UnitOfWork) -> Referral:
            asked = {"id": referral_id, "scope": scope_parameter(scope)}
            if not await unit.run(QUERIES["referral"], asked):
                raise GrantUnknown(kind="referral")
            await unit.run(QUERIES["lock_referral"], {"id": referral_id})
            found = await unit.run(QUERIES["referral"], asked)
            if not found:
                raise GrantUnknown(kind="referral")
            ended = judge(_referral(found[0]))
            if ended.end is ReferralEnd.ACCEPTED:
                await _take_over(unit, ended)
            await unit.run(
                QUERIES["end_referral"],
                {"id": ended.id, "end": ended.end, "by": ended.ended_by, "at": ended.ended_at},
            )
            facts = (("from", ended.giver), ("to", ended.to))
            await add_rows(unit, [replace(audit, records=(ended.event,), count=1, facts=facts)])
            return ended

        return await self._database.write(work, name="end referral")

    async def given(
        self, agency: EntityId, *, by: str, scope: Scope, open_at: int | None, limit: int
    ) -> Sequence[Referral]:
        """Referrals of the agency's events, newest first."""
        asked = {"agency": agency, "by": by, "scope": scope_parameter(scope), "open_at": open_at, "limit": limit}
        return [_referral(row) for row in await self._database.read(QUERIES["referrals_given"], asked)]

    async def received(self, agency: EntityId, *, scope: Scope, open_at: int | None, limit: int) -> Sequence[Referral]:
        """Referrals to the agency of events inside the scope, newest first."""
        asked = {"agency": agency, "scope": scope_parameter(scope), "open_at": open_at, "limit": limit}
        return [_referral(row) for row in await self._database.read(QUERIES["referrals_received"], asked)]

    async def mark_informant(
        self, event: EventId, is_informant: bool, *, agency: EntityId, scope: Scope, audit: AuditRow
    ) -> None:
        """Mark an event that the agency holds inside the scope, or take the mark away; counts of uses move with it."""

        async def work(unit: UnitOfWork) -> None:
            await _lock_held(unit, event, agency, scope)
            await _moved(unit, event, QUERIES["mark_informant"], {"id": event, "informant": is_informant})
            await add_rows(unit, [audit])

        await self._database.write(work, name="mark informant")

    async def ask_contact(
        self, request: ContactRequest, *, scope: Scope, since: int, budget: int, most: int, audit: AuditRow
    ) -> None:
        """Keep a request with the tokens of its person; nothing is compared."""
        asked = {
            "agency": request.agency,
            "person": request.person,
            "kinds": [kind.value for kind in OF_A_PERSON],
            "scope": scope_parameter(scope),
        }

        async def work(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["lock_budget"], {"agency": request.agency})
            made = await unit.run(QUERIES["requests_since"], {"agency": request.agency, "since": since})
            if records.whole(made[0], "made") >= budget:
                raise ContactBudgetSpent(agency=request.agency, limit=budget, hours=HOURS)
            own = (await unit.run(QUERIES["own_tokens"], asked))[0]
            if not records.whole(own, "events"):
                raise RecordUnknown(kind="person")
            tokens = sorted(records.texts(own, "tokens"))
            if not 0 < len(tokens) <= most:
                raise IdentifiersUnfit(actual=len(tokens), limit=most)
            await unit.run(QUERIES["add_request"], {**_request_parameters(request), "tokens": tokens})
            await add_rows(unit, [audit])

        await self._database.write(work, name="request contact")

    async def sent(self, agency: EntityId, *, scope: Scope, limit: int) -> Sequence[ContactRequest]:
        """The agency's requests about people in scope, newest first, with answers but those that decline."""
        asked = {"agency": agency, "id": None, "scope": scope_parameter(scope), "decline": DECLINE, "limit": limit}
        return [_request(row) for row in await self._database.read(QUERIES["requests_sent"], asked)]

    async def withdraw_contact(
        self, request_id: str, *, agency: EntityId, scope: Scope, at: int, audit: AuditRow
    ) -> ContactRequest | None:
        """End a request of the agency about somebody in scope; None without one that is open."""
        asked = {"agency": agency, "id": request_id, "scope": scope_parameter(scope), "decline": DECLINE, "limit": 1}

        async def work(unit: UnitOfWork) -> ContactRequest | None:
            if not await unit.run(QUERIES["requests_sent"], asked):
                return None
            await unit.run(QUERIES["lock_request"], {"id": request_id})
            found = [_request(row) for row in await unit.run(QUERIES["requests_sent"], asked)]
            if not found or found[0].withdrawn_at is not None or at >= found[0].expires:
                return None
            await unit.run(QUERIES["withdraw_request"], {"id": request_id, "at": at})
            await add_rows(unit, [replace(audit, records=(found[0].person,), count=1)])
            return replace(found[0], withdrawn_at=at)

        return await self._database.write(work, name="withdraw contact request")

    async def hits(self, agency: EntityId, *, scope: Scope, now: int, limit: int) -> Sequence[ContactHit]:
        """Open requests of other agencies that hit an event the agency holds in scope, newest first."""
        asked = _hits_of(agency, scope, now, limit)
        return [_hit(row) for row in await self._database.read(QUERIES["contact_hits"], asked)]

    async def answer_contact(
        self,
        request_id: str,
        event: EventId,
        answer: ContactAnswer,
        *,
        by: str,
        reason: str,
        expires: int,
        scope: Scope,
        audit: AuditRow,
    ) -> ContactHit | None:
        """Keep the answer about a hit, with its referral if it is one; None where there is no such hit."""
        asked = {**_hits_of(answer.agency, scope, answer.answered_at, 1), "id": request_id, "event": event}

        async def work(unit: UnitOfWork) -> ContactHit | None:
            if not await unit.run(QUERIES["contact_hits"], asked):
                return None
            await unit.run(QUERIES["lock_request"], {"id": request_id})
            found = [_hit(row) for row in await unit.run(QUERIES["contact_hits"], asked)]
            if not found:
                return None
            hit = found[0]
            if hit.answered in (ContactAct.SHARE, ContactAct.REFER):
                raise GrantNotOpen(kind="contact request", state="answered")
            if answer.referral is not None:
                offered = Referral(
                    answer.referral, event, answer.agency, hit.agency, reason, by, answer.answered_at, expires
                )
                await _offer(unit, offered, scope)
            await unit.run(QUERIES["put_answer"], _answer_parameters(request_id, event, answer, by))
            await add_rows(unit, [audit])
            return replace(hit, answered=answer.act)

        return await self._database.write(work, name="answer contact request")


async def _offer(unit: UnitOfWork, referral: Referral, scope: Scope) -> None:
    """Keep the offer in an open unit of work; the event is locked first, so that of two offers one is told."""
    if not await unit.run(QUERIES["receiver"], {"id": referral.to}):
        raise RecordUnknown(kind="event")
    await _lock_held(unit, referral.event, referral.giver, scope)
    waiting = await unit.run(QUERIES["open_offers"], {"event": referral.event, "now": referral.given_at})
    if records.whole(waiting[0], "waiting"):
        raise GrantNotOpen(kind="event", state="offered already")
    await unit.run(
        QUERIES["add_referral"],
        {
            "id": referral.id,
            "event": referral.event,
            "giver": referral.giver,
            "to": referral.to,
            "reason": referral.reason,
            "given_by": referral.given_by,
            "given_at": referral.given_at,
            "expires": referral.expires,
        },
    )


async def _lock_held(unit: UnitOfWork, event: EventId, holder: EntityId, scope: Scope) -> None:
    """Lock an event that the agency holds inside the scope; `RecordUnknown` for any other, which is not touched.

    Scope and holder are tested before the lock, so that a hidden event makes no other work than an absent one, and
    again behind it.
    """
    await _require_held(unit, event, holder, scope)
    await unit.run(QUERIES["lock_event"], {"id": event})
    await _require_held(unit, event, holder, scope)


async def _require_held(unit: UnitOfWork, event: EventId, holder: EntityId, scope: Scope) -> None:
    """Return where the agency holds the event inside the scope; raise `RecordUnknown` else."""
    held = await unit.run(QUERIES["held_event"], {"id": event, "scope": scope_parameter(scope)})
    if not held or records.text(held[0], "holder") != holder:
        raise RecordUnknown(kind="event")


async def _take_over(unit: UnitOfWork, referral: Referral) -> None:
    """Make the receiver the holder, and the counts of uses theirs; `GrantNotOpen` when the giver holds it no more."""
    await unit.run(QUERIES["lock_event"], {"id": referral.event})
    parameters = {"id": referral.event, "giver": referral.giver, "to": referral.to}
    if not await _moved(unit, referral.event, QUERIES["take_over"], parameters):
        raise GrantNotOpen(kind="referral", state="overtaken: its giver holds the case no more")


async def _moved(unit: UnitOfWork, event: EventId, statement: NamedQuery, parameters: Row) -> bool:
    """Run what changes who sees a locked event, and move its counts of uses along; whether there was such an event."""
    told, deltas = await lock_and_read(unit, [event]), await open_deltas(unit)
    await count_out(unit, deltas, told)
    if not await unit.run(statement, parameters):
        return False
    if deltas.counts:
        await count_in(unit, deltas, told)
        await write_deltas(unit, deltas)
    await widen(unit, [event])
    return True


def _hits_of(agency: EntityId, scope: Scope, now: int, limit: int) -> dict[str, object]:
    shown = {"scope": scope_parameter(scope), "now": now, "limit": limit}
    return {"agency": agency, "id": None, "event": None, **shown}


def _request_parameters(request: ContactRequest) -> dict[str, object]:
    return {
        "id": request.id,
        "agency": request.agency,
        "person": request.person,
        "reason": request.reason,
        "asked_by": request.asked_by,
        "asked_at": request.asked_at,
        "expires": request.expires,
    }


def _answer_parameters(request: str, event: EventId, answer: ContactAnswer, by: str) -> dict[str, object]:
    return {
        "key": f"{request}|{answer.agency}|{event}",
        "request": request,
        "agency": answer.agency,
        "event": event,
        "act": answer.act.value,
        "contact_point": answer.contact_point,
        "referral": answer.referral,
        "by": by,
        "at": answer.answered_at,
    }


def _referral(row: Row) -> Referral:
    end = records.optional_text(row, "end")
    return Referral(
        id=records.text(row, "id"),
        event=EventId(records.text(row, "event")),
        giver=EntityId(records.text(row, "giver")),
        to=EntityId(records.text(row, "to")),
        reason=records.text(row, "reason"),
        given_by=records.text(row, "given_by"),
        given_at=records.whole(row, "given_at"),
        expires=records.whole(row, "expires"),
        end=None if end is None else ReferralEnd(end),
        ended_by=records.optional_text(row, "ended_by"),
        ended_at=records.optional_whole(row, "ended_at"),
    )


def _request(row: Row) -> ContactRequest:
    names = ("agencies", "acts", "contact_points", "referrals")
    columns = [records.texts(row, name) for name in names]
    answers = tuple(
        ContactAnswer(EntityId(agency), ContactAct(act), contact_point, at, referral or None)
        for agency, act, contact_point, referral, at in zip(*columns, records.wholes(row, "answered"), strict=True)
    )
    return ContactRequest(
        id=records.text(row, "id"),
        agency=EntityId(records.text(row, "agency")),
        person=PersonId(records.text(row, "person")),
        reason=records.text(row, "reason"),
        asked_by=records.text(row, "asked_by"),
        asked_at=records.whole(row, "asked_at"),
        expires=records.whole(row, "expires"),
        withdrawn_at=records.optional_whole(row, "withdrawn_at"),
        answers=answers,
    )


def _hit(row: Row) -> ContactHit:
    answered = records.optional_text(row, "answered")
    return ContactHit(
        request=records.text(row, "request"),
        agency=EntityId(records.text(row, "agency")),
        reason=records.text(row, "reason"),
        asked_at=records.whole(row, "asked_at"),
        expires=records.whole(row, "expires"),
        event=EventId(records.text(row, "event")),
        person=PersonId(records.text(row, "person")),
        kinds=tuple(sorted(records.texts(row, "kinds"))),
        answered=None if answered is None else ContactAct(answered),
    )
