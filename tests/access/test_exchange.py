"""Referrals and contact requests between two agencies, on either engine: who learns what, and who learns nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count

import pytest

from registry.access.actions import Act
from registry.access.actor import Actor, Right, Scope, Sensitivity
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.contact import (
    BUDGET,
    DAY,
    REQUEST_LASTS,
    answer_request,
    request_contact,
    requests_received,
    requests_sent,
    withdraw_request,
)
from registry.access.exchanges import ContactAct, ContactHit, ContactRequest, Referral
from registry.access.marking import MARK, UNMARK, mark_informant
from registry.access.ports import AuditFilter
from registry.access.referral import (
    OFFER_LASTS,
    Direction,
    accept_referral,
    refer_case,
    referrals,
    refuse_referral,
    withdraw_referral,
)
from registry.cases import actions, queries
from registry.cases.model import EventRecord, IdentifierKind
from registry.errors import (
    AgencyNotNamed,
    ArgumentsConflicting,
    ContactBudgetSpent,
    GrantNotOpen,
    GrantUnknown,
    IdentifiersUnfit,
    NotAllowed,
    RecordUnknown,
)
from registry.identifiers import EntityId, EventId, PersonId
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore
from tests import universe
from tests.access.conftest import NOW
from tests.universe import CARER, CODEBOOK, EVERYONE, IDS, OFFICER, POLICE, SHELTER, batch_of

E1, E2, E5 = (EventId(universe.event_id(name)) for name in ("E1", "E2", "E5"))
ADA, XIA = (PersonId(universe.person_id(name)) for name in ("ada", "xia"))
UNCLEARED = replace(CARER, name="novice", scope=replace(CARER.scope, tiers=frozenset({Sensitivity.INFORMANT})))
"""Of the shelter, cleared for no child and nothing sexual: E1 is both."""


def telling(record: EventRecord, person: str, **told: str | list[str]) -> EventRecord:
    """The record with these identifiers of the person, by kind."""
    found = [
        IDS.identifier(IdentifierKind(kind), text)
        for kind, texts in told.items()
        for text in ([texts] if isinstance(texts, str) else texts)
    ]
    identifiers = tuple(sorted(each for each in found if each is not None))
    parts = [
        replace(part, identifiers=identifiers) if part.person == universe.person_id(person) else part
        for part in record.participations
    ]
    return replace(record, participations=tuple(parts))


@dataclass
class World:
    """The two agencies and the desk between them; ids count up."""

    database: Database
    exchange: BoltExchangeStore
    audit: AuditAppender
    numbers: Callable[[], int]

    def act(self, actor: Actor, now: int = NOW) -> Act:
        return Act(actor, Circumstances("r", "o", now), f"row-{self.numbers()}")

    async def tell(self, record: EventRecord, *, at: int = NOW - DAY) -> None:
        """Store a record, told at that moment."""
        cases = BoltCaseStore(self.database)
        told = Circumstances("r", "o", at)
        await actions.store_events(
            cases, CODEBOOK, batch_of(record.entity), [record], actor=EVERYONE, circumstances=told
        )

    async def ask(self, actor: Actor = OFFICER, person: PersonId = ADA, *, now: int = NOW) -> ContactRequest:
        id_ = f"contact-{self.numbers()}"
        act = self.act(actor, now)
        return await request_contact(self.exchange, self.audit, act, request_id=id_, person=person, reason="tracing")

    async def hits(self, actor: Actor = CARER, *, now: int = NOW + 1) -> list[ContactHit]:
        return list(await requests_received(self.exchange, self.audit, self.act(actor, now)))

    async def sent(self, actor: Actor = OFFICER, *, now: int = NOW + 2) -> list[ContactRequest]:
        return list(await requests_sent(self.exchange, self.audit, self.act(actor, now)))

    async def answer(self, request: str, answer: ContactAct, point: str = "", actor: Actor = CARER) -> ContactHit:
        act = self.act(actor, NOW + 2)
        return await answer_request(
            self.exchange, self.audit, act, request_id=request, event=E5, answer=answer, contact_point=point,
            referral_id=f"referral-{self.numbers()}",
        )  # fmt: skip

    async def refer(self, actor: Actor = OFFICER, event: EventId = E1, to: str = SHELTER) -> Referral:
        act = self.act(actor)
        return await refer_case(
            self.exchange, self.audit, act, referral_id=f"referral-{self.numbers()}", event=event, to=EntityId(to),
            reason="jurisdiction",
        )  # fmt: skip

    async def sees(self, actor: Actor, event: EventId) -> bool:
        try:
            await queries.event(BoltCaseStore(self.database), event, actor=actor)
        except RecordUnknown:
            return False
        return True


@pytest.fixture
async def world(database: Database) -> World:
    """The universe; ada of the police and xia of the shelter have one document."""
    await universe.build_universe(BoltCaseStore(database))
    audit = AuditAppender(BoltAuditStore(database))
    made = World(database, BoltExchangeStore(database), audit, count(1).__next__)
    await made.tell(telling(universe.police_events()[0], "ada", document="KE A 123", address="1 Hill Road"))
    await made.tell(telling(universe.shelter_events()[0], "xia", document="ke-a-123", address="1 Hill Road"))
    return made


async def test_a_referral_is_offered_then_accepted_and_only_then_the_case_moves(world: World) -> None:
    """The giver holds it until then; the receiver is told of the offer, within their clearance, and of no value."""
    offer = await world.refer()
    assert await world.sees(OFFICER, E1)
    assert not await world.sees(CARER, E1)
    listed = await referrals(world.exchange, world.audit, world.act(CARER), Direction.RECEIVED)
    assert listed == [offer]
    assert await referrals(world.exchange, world.audit, world.act(UNCLEARED), Direction.RECEIVED) == []
    with pytest.raises(GrantUnknown):
        await accept_referral(world.exchange, world.audit, world.act(UNCLEARED), offer.id)
    with pytest.raises(GrantUnknown):
        await accept_referral(world.exchange, world.audit, world.act(OFFICER), offer.id)

    taken = await accept_referral(world.exchange, world.audit, world.act(CARER, NOW + 5), offer.id)

    assert (taken.state(NOW + 6), taken.ended_by) == ("accepted", "carer")
    assert not await world.sees(OFFICER, E1)
    assert await world.sees(CARER, E1)
    rows = await BoltAuditStore(world.database).search(AuditFilter(subject=offer.id), after=None, limit=9)
    assert [(row.act, row.actor, row.allowed) for row in rows] == [
        ("accept referral", "carer", True), ("accept referral", "officer", False),
        ("accept referral", "novice", False), ("offer referral", "officer", True),
    ]  # fmt: skip
    given = await referrals(world.exchange, world.audit, world.act(OFFICER), Direction.GIVEN, ended=True)
    assert [each.state(NOW + 6) for each in given] == ["accepted"]


@pytest.mark.parametrize(("end", "who"), [(refuse_referral, CARER), (withdraw_referral, OFFICER)])
async def test_an_offer_that_is_refused_or_withdrawn_moves_nothing(
    world: World, end: Callable[..., Awaitable[Referral]], who: Actor
) -> None:
    """And cannot be accepted afterwards; the case may be offered anew."""
    offer = await world.refer()
    with pytest.raises(GrantNotOpen, match="offered already"):
        await world.refer()
    await end(world.exchange, world.audit, world.act(who), offer.id)

    with pytest.raises(GrantNotOpen):
        await accept_referral(world.exchange, world.audit, world.act(CARER), offer.id)
    assert await world.sees(OFFICER, E1)
    assert (await world.refer()).id != offer.id


async def test_nobody_offers_what_they_do_not_hold_and_an_offer_lapses(world: World) -> None:
    """Hidden, absent, another's, and an unknown receiver are one answer; nothing is written."""
    everything = replace(OFFICER, name="central", agency=POLICE, scope=Scope.everything())
    for actor, event, to in (
        (CARER, E1, POLICE), (CARER, EventId("nobody-knows"), POLICE),
        (everything, E5, SHELTER), (OFFICER, E1, "nobody"),
    ):  # fmt: skip
        with pytest.raises(RecordUnknown) as told:
            await world.refer(actor, event, to)
        assert str(told.value) == str(RecordUnknown(kind="event"))
    with pytest.raises(ArgumentsConflicting):
        await world.refer(OFFICER, E1, POLICE)
    with pytest.raises(AgencyNotNamed):
        await world.refer(replace(everything, agency=None), E1)
    with pytest.raises(NotAllowed):
        await world.refer(replace(OFFICER, rights=OFFICER.rights - {Right.READ_IDENTIFIED}))
    assert await referrals(world.exchange, world.audit, world.act(OFFICER), Direction.GIVEN, ended=True) == []

    offer = await world.refer()
    with pytest.raises(GrantNotOpen, match="lapsed"):
        await accept_referral(world.exchange, world.audit, world.act(CARER, NOW + OFFER_LASTS), offer.id)


async def test_racing_acceptances_move_a_case_once(world: World) -> None:
    """Eight officers of the receiver at once: one takes it, the others are told that it is taken."""
    offer = await world.refer()
    people = [replace(CARER, name=f"carer-{number}") for number in range(8)]

    outcomes = await asyncio.gather(
        *(accept_referral(world.exchange, world.audit, world.act(person), offer.id) for person in people),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, GrantNotOpen) for outcome in outcomes) == 7
    assert await world.sees(CARER, E1)


async def test_the_holder_is_told_of_the_hit_and_the_asker_only_of_a_willing_answer(world: World) -> None:
    """Who asks and which own record; then, and not before, whom to call."""
    request = await world.ask()
    assert await world.sent() == [request]

    (hit,) = await world.hits()
    assert (hit.request, hit.agency, hit.event, hit.person) == (request.id, POLICE, E5, XIA)
    assert (hit.kinds, hit.answered) == (("document",), None)
    assert await world.sent() == [request]

    await world.answer(request.id, ContactAct.SHARE, "Desk 4, +256 41 000")
    (told,) = await world.sent()
    assert told.state(NOW + 3) == "answered"
    assert [(each.agency, each.act, each.contact_point) for each in told.answers] == [
        (SHELTER, ContactAct.SHARE, "Desk 4, +256 41 000")
    ]
    with pytest.raises(GrantNotOpen):
        await world.answer(request.id, ContactAct.DECLINE)
    rows = await BoltAuditStore(world.database).search(AuditFilter(subject=request.id), after=None, limit=9)
    assert [(row.act, row.records) for row in rows] == [
        ("answer contact request", (E5,)),
        ("request contact", (ADA,)),
    ]


async def test_a_decline_is_never_told(world: World) -> None:
    """The holder's own list says it; the asker's is, to the byte, what it is when nobody holds such a person."""
    request = await world.ask()
    before = await world.sent()

    await world.answer(request.id, ContactAct.DECLINE)

    assert [hit.answered for hit in await world.hits()] == [ContactAct.DECLINE]
    assert await world.sent() == before
    await world.answer(request.id, ContactAct.SHARE, "Desk 4")
    assert (await world.sent())[0].state(NOW + 3) == "answered"


async def test_an_answer_may_be_a_referral(world: World) -> None:
    """The event is offered to who asked, in the same transaction as the answer."""
    request = await world.ask()
    await world.answer(request.id, ContactAct.REFER)

    ((offer),) = await referrals(world.exchange, world.audit, world.act(OFFICER, NOW + 3), Direction.RECEIVED)
    assert (offer.event, offer.giver, offer.reason) == (E5, SHELTER, "contact-request")
    assert (await world.sent())[0].answers[0].referral == offer.id
    await accept_referral(world.exchange, world.audit, world.act(OFFICER, NOW + 4), offer.id)
    assert await world.sees(OFFICER, E5)


async def test_only_who_sees_the_record_is_told_of_the_hit_or_may_answer(world: World) -> None:
    """Neither another agency, nor a colleague without the clearance, nor the asking agency itself."""
    await world.tell(telling(replace(universe.shelter_events()[0], forms=universe.police_events()[0].forms), "xia",
                             document="KEA123"))  # fmt: skip
    request = await world.ask()

    assert len(await world.hits()) == 1
    assert await world.hits(UNCLEARED) == []
    assert await world.hits(OFFICER) == []
    for nobody in (UNCLEARED, replace(CARER, agency=POLICE)):
        with pytest.raises(GrantUnknown):
            await world.answer(request.id, ContactAct.SHARE, "Desk 4", nobody)
    with pytest.raises(NotAllowed):
        await world.hits(replace(CARER, rights=CARER.rights - {Right.REQUEST_CONTACT}))
    assert (await world.sent())[0].answers == ()


async def test_nobody_fishes_for_requests_with_records_made_afterwards(world: World) -> None:
    """An identifier told after the request hits nothing, not even on a record that was there; one told again does."""
    request = await world.ask()
    guess = telling(universe.shelter_events()[1], "yan", document="KE-A-123")
    await world.tell(guess, at=NOW + 1)
    assert {hit.event for hit in await world.hits()} == {E5}

    again = telling(universe.shelter_events()[0], "xia", document="KE-A-123", phone="+256 1")
    await world.tell(again, at=NOW + 1)
    assert {hit.event for hit in await world.hits()} == {E5}
    late = await world.ask(now=NOW + 2)
    assert {(hit.request, hit.event) for hit in await world.hits(now=NOW + 3)} == {
        (request.id, E5), (late.id, E5), (late.id, EventId(guess.id))
    }  # fmt: skip


async def test_what_is_shared_by_a_house_or_hidden_from_the_asker_is_not_asked(world: World) -> None:
    """An address tells of neighbours; with no document, phone or account, or a list of guesses, nothing is noted."""
    await world.tell(telling(universe.police_events()[0], "ada", address="1 Hill Road"))
    with pytest.raises(IdentifiersUnfit):
        await world.ask()
    await world.tell(telling(universe.police_events()[0], "ada", phone=[str(number) for number in range(17)]))
    with pytest.raises(IdentifiersUnfit, match="17"):
        await world.ask()
    for person in (XIA, PersonId("nobody-knows")):
        with pytest.raises(RecordUnknown) as told:
            await world.ask(person=person)
        assert str(told.value) == str(RecordUnknown(kind="person"))

    assert await world.sent() == []
    rows = await BoltAuditStore(world.database).search(AuditFilter(act="request contact"), after=None, limit=9)
    assert [row.allowed for row in rows] == [False] * 4


async def test_an_agency_has_a_budget_that_no_process_and_no_withdrawal_widens(world: World) -> None:
    """Twenty a day, also when they come at once; the day after there are more."""
    outcomes = await asyncio.gather(*(world.ask() for _ in range(BUDGET + 4)), return_exceptions=True)

    noted = [each for each in outcomes if isinstance(each, ContactRequest)]
    assert len(noted) == BUDGET
    assert sum(isinstance(each, ContactBudgetSpent) for each in outcomes) == 4
    await withdraw_request(world.exchange, world.audit, world.act(OFFICER), noted[0].id)
    with pytest.raises(ContactBudgetSpent):
        await world.ask()
    assert (await world.ask(now=NOW + DAY + 1)).agency == POLICE


async def test_a_request_ends(world: World) -> None:
    """Withdrawn by its own agency, or after 90 days; then nobody is told of it."""
    first, second = await world.ask(), await world.ask()
    with pytest.raises(GrantUnknown):
        await withdraw_request(world.exchange, world.audit, world.act(CARER), first.id)
    ended = await withdraw_request(world.exchange, world.audit, world.act(OFFICER), first.id)

    assert ended.state(NOW + 1) == "withdrawn"
    assert [hit.request for hit in await world.hits()] == [second.id]
    assert await world.hits(now=NOW + REQUEST_LASTS) == []
    with pytest.raises(GrantUnknown):
        await world.answer(first.id, ContactAct.DECLINE)


async def test_an_informants_event_is_seen_by_who_is_cleared_for_these(world: World) -> None:
    """Marked by its holder alone; hidden from the marker too; a delivery leaves the mark, and it comes off again."""
    uncleared = replace(OFFICER, scope=replace(OFFICER.scope, tiers=OFFICER.scope.tiers - {Sensitivity.INFORMANT}))
    for actor, event in ((CARER, E1), (OFFICER, E5), (OFFICER, EventId("e" * 26))):
        with pytest.raises(RecordUnknown):
            await mark_informant(world.exchange, world.audit, world.act(actor), event=event)

    for _ in range(2):  # the second changes nothing
        await mark_informant(world.exchange, world.audit, world.act(OFFICER), event=E1)
    assert [await world.sees(actor, E1) for actor in (uncleared, OFFICER)] == [False, True]
    (record,) = [each for each in universe.all_events() if each.id == E1]
    await world.tell(replace(record, forms=()))
    assert [await world.sees(actor, E1) for actor in (uncleared, OFFICER)] == [False, True]
    with pytest.raises(RecordUnknown):
        await mark_informant(world.exchange, world.audit, world.act(uncleared), event=E1, is_informant=False)

    for _ in range(2):
        await mark_informant(world.exchange, world.audit, world.act(OFFICER), event=E1, is_informant=False)
    assert await world.sees(uncleared, E1)
    rows = await BoltAuditStore(world.database).search(AuditFilter(record=E1), after=None, limit=100)
    acts = [(row.act, row.allowed) for row in rows if row.act in (MARK, UNMARK)]
    assert sorted(acts) == [(MARK, False), (MARK, True), (MARK, True), (UNMARK, False), (UNMARK, True), (UNMARK, True)]
