"""Keys, grants and referrals on both engines: a change and its row are one, and a denial changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry.access.actions import (
    approve_opening,
    ask_opening,
    create_key,
    grant_case,
    revoke_grant,
    revoke_key,
)
from registry.access.actor import Account, Actor, Right, Scope, Sensitivity, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow
from registry.access.explain import NOT_THERE, why_allowed
from registry.access.grants import LONGEST_OPENING, Standing
from registry.access.keys import check_key
from registry.access.ports import AuditFilter
from registry.access.queries import keys
from registry.access.scope import Placed, sees
from registry.errors import (
    ArgumentOutOfRange,
    GrantNotOpen,
    GrantUnknown,
    NotAllowed,
    SecondPersonNeeded,
)
from registry.identifiers import EntityId, EventId, Notation
from registry.storage.bolt.access import BoltAccessStore, read_account, write_account
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests.access.conftest import HOUR, NOW, ActOf, actor

PEPPER = b"p" * 32
ADMIN = actor("admin", Right.MANAGE_KEYS, Right.GRANT_CASES, Right.ASK_WHY)
ASHA = actor("asha", Right.READ_CASES, Right.REFER_CASES, Right.OPEN_IN_EMERGENCY)
OMAR = actor("omar", Right.APPROVE_EMERGENCY, Right.OPEN_IN_EMERGENCY)
WANJA = actor("wanja", Right.READ_CASES, Right.READ_IDENTIFIED)
EVENT = EventId("event-0001")
APP = Account(
    name="survey",
    roles=("analyst", "app"),
    entities=frozenset({EntityId("ke-police")}),
    countries=None,
    tiers=frozenset({Sensitivity.CHILD}),
    purposes=frozenset({StatedPurpose.STATISTICS}),
    only=frozenset({Right.COUNT_CASES}),
)


async def put_events(database: Database, *events: Placed) -> None:
    """Bare events as the predicate reads them, and the two reporting entities."""
    query = NamedQuery(
        name="put_events",
        text="UNWIND $events AS row MERGE (e:Event {id: row.id}) SET e.holder = row.holder, e.country = row.country,"
        " e.marks = row.marks",
        parameters={"events": "list of map"},
        writes=True,
        one=False,
    )
    entities = NamedQuery(
        name="put_entities",
        text="UNWIND ['ke-police', 'ug-police'] AS id MERGE (n:ReportingEntity {id: id})",
        parameters={},
        writes=True,
        one=False,
    )
    rows = [{"id": e.event, "holder": e.holder, "country": e.country, "marks": e.marks} for e in events]
    await database.execute(query, {"events": rows})
    await database.execute(entities)


async def rows_about(store: BoltAuditStore, act: str) -> list[AuditRow]:
    return list(await store.search(AuditFilter(act=act), after=None, limit=100))


async def test_a_new_key_opens_until_it_is_revoked(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Only its digest is kept; each change raises the access revision and leaves a row."""
    record, text = await create_key(
        access_store, audit, act(ADMIN), account=APP, life=HOUR, random=bytes(41), pepper=PEPPER
    )
    kept = await access_store.key(record.id)

    assert kept == record
    assert check_key(text, kept, pepper=PEPPER, now=NOW).account == replace(APP, name="key:survey")
    assert await access_store.revision() == 1

    await revoke_key(access_store, audit, act(ADMIN, now=NOW + 5), record.id)
    ended = await access_store.key(record.id)

    assert ended is not None
    assert ended.revoked_at == NOW + 5
    assert await access_store.revision() == 2
    told = await audit_store.search(AuditFilter(), after=None, limit=9)
    assert [(row.act, row.subject) for row in told] == [("revoke key", record.id), ("create key", record.id)]
    with pytest.raises(GrantUnknown):
        await revoke_key(access_store, audit, act(ADMIN), record.id)


async def test_who_may_not_manage_keys_changes_nothing_and_is_noted(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """The attempt is in the audit, the key is not in the store."""
    with pytest.raises(NotAllowed):
        await create_key(access_store, audit, act(ASHA), account=APP, life=1, random=bytes(41), pepper=PEPPER)

    assert await access_store.keys() == []
    assert await access_store.revision() == 0
    assert [(row.actor, row.allowed) for row in await rows_about(audit_store, "manage keys")] == [("asha", False)]


async def test_a_key_lives_a_year_at_most(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """No key for ever."""
    with pytest.raises(ArgumentOutOfRange):
        await create_key(
            access_store, audit, act(ADMIN), account=APP, life=400 * 24 * HOUR, random=bytes(41), pepper=PEPPER
        )

    assert await keys(access_store, audit, act(ADMIN)) == []


async def test_last_use_is_noted_without_a_new_revision(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Using a key changes nobody's rights."""
    record, _ = await create_key(
        access_store, audit, act(ADMIN), account=APP, life=HOUR, random=bytes(41), pepper=PEPPER
    )

    await access_store.note_use(record.id, at=NOW + 7, audit=act(ADMIN).row("use key", subject=record.id))
    kept = await access_store.key(record.id)

    assert kept is not None
    assert kept.last_used == NOW + 7
    assert await access_store.revision() == 1


def test_an_account_reads_back_as_it_was_written() -> None:
    """Null (does not bind) and empty (nothing) stay apart."""
    assert read_account(write_account(APP)) == APP
    assert read_account(write_account(Account("bare"))) == Account("bare")


async def test_a_case_grant_counts_until_it_is_revoked(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """For the one account and the one event."""
    grant = await grant_case(
        access_store, audit, act(ADMIN), grant_id="grant-01", account="asha", event=EVENT, life=HOUR
    )

    assert await access_store.grants("asha", since=NOW) == [grant]
    assert await access_store.grants("asha", since=NOW + HOUR) == []
    assert await access_store.grants("omar", since=NOW) == []

    ended = await revoke_grant(access_store, audit, act(ADMIN, now=NOW + 1), "grant-01")

    assert not ended.counts_at(NOW + 1)
    with pytest.raises(GrantNotOpen):
        await revoke_grant(access_store, audit, act(ADMIN, now=NOW + 2), "grant-01")
    assert len(await rows_about(audit_store, "revoke grant")) == 1


async def test_an_emergency_opening_needs_a_second_person(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """The asker's own approval is refused and noted; another's opens the event, once, for the time asked."""
    await ask_opening(access_store, audit, act(OMAR), grant_id="open-01", event=EVENT, life=HOUR, reason="court-order")
    hidden = Placed(EVENT, "ug-police", None, 7)

    with pytest.raises(SecondPersonNeeded):
        await approve_opening(access_store, audit, act(OMAR), "open-01")
    before = Standing(Account("omar"), tuple(await access_store.grants("omar", since=NOW)))
    assert not sees(before.actor(now=NOW, purpose=None).scope, hidden)

    chief = actor("chief", Right.APPROVE_EMERGENCY)
    await approve_opening(access_store, audit, act(chief, now=NOW + 1), "open-01")
    after = Standing(Account("omar"), tuple(await access_store.grants("omar", since=NOW)))
    assert sees(after.actor(now=NOW + 1, purpose=None).scope, hidden)
    assert not sees(after.actor(now=NOW + HOUR, purpose=None).scope, hidden)

    with pytest.raises(GrantNotOpen):
        await approve_opening(access_store, audit, act(chief, now=NOW + 2), "open-01")
    told = await rows_about(audit_store, "approve emergency opening")
    assert [(row.actor, row.allowed) for row in reversed(told)] == [("omar", False), ("chief", True), ("chief", False)]


async def test_an_opening_is_at_most_four_hours(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Longer is refused, and the approval cannot come after its end."""
    with pytest.raises(ArgumentOutOfRange):
        await ask_opening(
            access_store,
            audit,
            act(ASHA),
            grant_id="open-01",
            event=EVENT,
            life=LONGEST_OPENING + 1,
            reason="court-order",
        )
    await ask_opening(access_store, audit, act(ASHA), grant_id="open-02", event=EVENT, life=HOUR, reason="court-order")

    with pytest.raises(GrantNotOpen):
        await approve_opening(access_store, audit, act(OMAR, now=NOW + HOUR), "open-02")


async def test_racing_approvals_open_once(
    access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Eight second persons at once: one approval stands, the others are told."""
    await ask_opening(access_store, audit, act(ASHA), grant_id="open-01", event=EVENT, life=HOUR, reason="court-order")
    people = [actor(f"chief-{number}", Right.APPROVE_EMERGENCY) for number in range(8)]

    outcomes = await asyncio.gather(
        *(approve_opening(access_store, audit, act(person), "open-01") for person in people),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, GrantNotOpen) for outcome in outcomes) == 7
    kept = await access_store.grant("open-01")
    assert kept in outcomes


SCOPES = [
    Scope(),
    Scope.everything(),
    Scope.of_entities("ke-police"),
    Scope(entities=None, countries=frozenset({Notation("KE")}), tiers=frozenset(Sensitivity), cases=None),
    Scope(entities=None, countries=None, tiers=frozenset({Sensitivity.CHILD, Sensitivity.INFORMANT}), cases=None),
    Scope(entities=None, countries=None, tiers=frozenset(Sensitivity), cases=frozenset({EventId("event-0003")})),
    Scope(
        entities=frozenset({EntityId("ke-police")}),
        countries=frozenset({Notation("KE"), Notation("UG")}),
        tiers=frozenset({Sensitivity.SEXUAL}),
        cases=frozenset({EventId("event-0001"), EventId("event-0006"), EventId("event-0012")}),
        opened=frozenset({EventId("event-0009")}),
    ),
]


async def test_the_store_sees_what_the_predicate_in_python_sees(
    database: Database, access_store: BoltAccessStore
) -> None:
    """Every combination of agency, country and sensitivity under seven scopes, event by event."""
    worlds = [(h, c, m) for h in ("ke-police", "ug-police") for c in ("KE", "UG", None) for m in (0, 1, 2, 3, 4, 7)]
    events = [Placed(f"event-{number:04}", *world) for number, world in enumerate(worlds, start=1)]
    await put_events(database, *events)

    for scope in SCOPES:
        seen = [event for event in events if await access_store.placed(EventId(event.event), scope=scope) is not None]
        assert seen == [event for event in events if sees(scope, event)]


async def test_why_tells_each_rule_and_no_more_than_one_may_know(
    database: Database, access_store: BoltAccessStore, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """An event that the asker does not see is one that is not there, whoever is asked about; else each rule is told."""
    await put_events(database, Placed(EVENT, "ug-police", "KE", 0))

    omar = Standing(Account("omar", ("investigator",), frozenset({EntityId("ke-police")})))
    nowhere = EventId("event-9999")
    for asker, standing in ((WANJA, None), (ADMIN, omar), (replace(WANJA, rights=WANJA.rights | ADMIN.rights), omar)):
        hidden, absent = [
            await why_allowed(access_store, audit, act(asker), right=Right.READ_CASES, event=event, standing=standing)
            for event in (EVENT, nowhere)
        ]
        assert hidden == absent
        assert not hidden.decision.allowed
        assert hidden.decision.reasons[-1] == NOT_THERE

    chief = actor("chief", Right.ASK_WHY, Right.READ_CASES, Right.READ_IDENTIFIED, scope=Scope.of_entities("ug-police"))
    told = await why_allowed(
        access_store, audit, act(chief), right=Right.COUNT_CASES, event=EVENT, standing=omar, purpose="investigation"
    )

    assert [reason.rule for reason in told.decision.reasons if not reason.held] == [
        "purpose", "agency", "country", "case grant"
    ]  # fmt: skip
    assert ("agency", "ke-police") in [(each.rule, each.said) for each in told.conditions]
    assert len(await rows_about(audit_store, "ask why")) == 7
    with pytest.raises(NotAllowed):
        await why_allowed(access_store, audit, act(ASHA), right=Right.READ_CASES, standing=omar)


def test_the_actor_of_these_tests_is_an_investigator() -> None:
    """Guards the fixtures: nobody here has every right."""
    people: list[Actor] = [ADMIN, ASHA, OMAR]

    assert all(person.rights < frozenset(Right) for person in people)
