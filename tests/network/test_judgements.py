"""Judgements that two records tell of the same: made, seen by who sees both, effective when asked, taken back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry.access.actions import Act
from registry.access.actor import STRANGER, Actor, Right, Scope, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.ports import AuditFilter
from registry.errors import AlreadyJudged, ArgumentsConflicting, JudgementUnknown, NotAllowed, RecordUnknown
from registry.network.actions import JUDGE, WITHDRAW, judge_same, withdraw_judgement
from registry.network.judgements import Grounds, Judgement, Pair, pair_of
from registry.network.model import Judged, NodeKind, Start, Within
from registry.network.queries import ego_network, judgements
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.judgements import BoltJudgementStore
from registry.storage.bolt.network import BoltNetworkStore
from tests import universe
from tests.universe import CARER, EVERYONE, OFFICER, event_id, networks, person_id

TOGETHER = Within(judged=Judged.TOGETHER)
ADA_IS_XIA = pair_of(NodeKind.PERSON, person_id("ada"), person_id("xia"))
E3_IS_E5 = pair_of(NodeKind.EVENT, event_id("E3"), event_id("E5"))


def act(actor: Actor, number: int = 1) -> Act:
    """One change of that actor."""
    return Act(actor, Circumstances("request", "operation", 1_000_000 + number), f"row-{actor.name}-{number}")


async def judge(database: Database, actor: Actor, pair: Pair, number: int = 1) -> Judgement:
    """Judge the pair the same."""
    return await judge_same(
        BoltJudgementStore(database),
        AuditAppender(BoltAuditStore(database)),
        act(actor, number),
        pair=pair,
        grounds=Grounds.DOCUMENT,
        judgement_id=f"j-{number}",
    )


async def withdraw(database: Database, actor: Actor, pair: Pair, number: int) -> Judgement:
    """Take the pair's judgement back."""
    audit = AuditAppender(BoltAuditStore(database))
    return await withdraw_judgement(BoltJudgementStore(database), audit, act(actor, number), pair=pair)


async def acts(database: Database) -> list[tuple[str, bool, tuple[str, ...]]]:
    """The rows of the audit about judgements: act, whether allowed, records."""
    rows = await BoltAuditStore(database).search(AuditFilter(), after=None, limit=100)
    return [(row.act, row.allowed, row.records) for row in rows if row.act in (JUDGE, WITHDRAW)]


async def test_judged_records_are_one_where_asked(database: Database) -> None:
    """From Ada through Xia to the shelter's event: no hop is spent; people and counts are of clusters."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    start = Start(NodeKind.PERSON, person_id("ada"))
    apart = await ego_network(store, actor=EVERYONE, start=start, depth=1)

    made = await judge(database, EVERYONE, ADA_IS_XIA)
    await judge(database, EVERYONE, E3_IS_E5, 2)
    together = await ego_network(store, actor=EVERYONE, start=start, depth=1, within=TOGETHER)

    assert dict(zip(together.node_ids, together.distances, strict=True)) == {
        person_id("ada"): 0,
        person_id("xia"): 0,
        event_id("E1"): 1,
        event_id("E2"): 1,
        event_id("E3"): 1,
        event_id("E5"): 1,
    }
    assert (together.counts_by_type, together.judged) == ({"Person": 1, "Event": 3}, Judged.TOGETHER)
    clusters = dict(zip(together.node_ids, together.clusters, strict=True))
    assert clusters[person_id("xia")] == clusters[person_id("ada")] == min(ADA_IS_XIA.one, ADA_IS_XIA.other)
    assert clusters[event_id("E3")] == clusters[event_id("E5")] == E3_IS_E5.one
    assert {kind for _, _, kind in together.edges} == {"SAME_AS", "VICTIM_IN"}
    assert await ego_network(store, actor=EVERYONE, start=start, depth=1) == apart
    assert await judgements(store.links, actor=EVERYONE, kind=NodeKind.PERSON, ids=[person_id("xia")]) == [made]


async def test_a_judgement_is_there_for_who_sees_both_ends(database: Database) -> None:
    """Neither the officer nor the carer sees, feels or ends what joins their record to the other's."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    questions = ((OFFICER, person_id("ada")), (CARER, person_id("xia")))
    before = [
        await ego_network(store, actor=actor, start=Start(NodeKind.PERSON, id_), depth=4, within=TOGETHER)
        for actor, id_ in questions
    ]

    await judge(database, EVERYONE, ADA_IS_XIA)
    await judge(database, EVERYONE, E3_IS_E5, 2)

    for (actor, id_), answer in zip(questions, before, strict=True):
        after = await ego_network(store, actor=actor, start=Start(NodeKind.PERSON, id_), depth=4, within=TOGETHER)
        assert after == answer
        assert await judgements(store.links, actor=actor, kind=NodeKind.PERSON, ids=[id_]) == []
    for actor, _ in questions:
        with pytest.raises(RecordUnknown):
            await judge(database, actor, ADA_IS_XIA, 3)
        with pytest.raises(JudgementUnknown):
            await withdraw(database, actor, ADA_IS_XIA, 4)
    assert len(await judgements(store.links, actor=EVERYONE, kind=NodeKind.EVENT, ids=[event_id("E3")])) == 1


async def test_a_judgement_can_be_taken_back(database: Database) -> None:
    """Everything is as it was before; each change, and each attempt in vain, left its row."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    start = Start(NodeKind.PERSON, person_id("ada"))
    before = await ego_network(store, actor=EVERYONE, start=start, within=TOGETHER)
    made = await judge(database, EVERYONE, ADA_IS_XIA)

    with pytest.raises(AlreadyJudged):
        await judge(database, EVERYONE, ADA_IS_XIA, 2)
    withdrawn = await withdraw(database, EVERYONE, ADA_IS_XIA, 3)
    with pytest.raises(JudgementUnknown):
        await withdraw(database, EVERYONE, ADA_IS_XIA, 4)

    assert withdrawn == made
    assert await ego_network(store, actor=EVERYONE, start=start, within=TOGETHER) == before
    both = (ADA_IS_XIA.one, ADA_IS_XIA.other)
    assert sorted(await acts(database)) == [
        ("judge records the same", True, both),
        ("withdraw a judgement", False, both),
        ("withdraw a judgement", True, both),
    ]


async def test_who_may_not_judge_changes_nothing(database: Database) -> None:
    """Without the right, or that to records as they are; a hub; a record with itself; a record that is not there."""
    await universe.build_universe(BoltCaseStore(database))
    reader = Actor("reader", frozenset(Right) - {Right.JUDGE_RECORDS}, Scope.everything(), StatedPurpose.INVESTIGATION)
    coded = replace(reader, rights=frozenset(Right) - {Right.READ_IDENTIFIED})

    for actor in (STRANGER, reader, coded):
        with pytest.raises(NotAllowed):
            await judge(database, actor, ADA_IS_XIA)
        with pytest.raises(NotAllowed):
            await withdraw(database, actor, ADA_IS_XIA, 2)
    with pytest.raises(RecordUnknown):
        await judge(database, EVERYONE, pair_of(NodeKind.PERSON, person_id("ada"), "no-such-person"))
    for kind, one, other in ((NodeKind.AREA, "KE", "UG"), (NodeKind.PERSON, "a", "a")):
        with pytest.raises(ArgumentsConflicting):
            pair_of(kind, one, other)

    found = await judgements(BoltNetworkStore(database), actor=EVERYONE, kind=NodeKind.PERSON, ids=[person_id("ada")])
    assert found == []


async def test_racing_judges_make_one_judgement(database: Database) -> None:
    """Eight at once: one judgement, seven told so; the audit has one row of a change."""
    await universe.build_universe(BoltCaseStore(database))

    made = await asyncio.gather(
        *(judge(database, EVERYONE, ADA_IS_XIA, number) for number in range(8)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in made) == ["AlreadyJudged"] * 7 + ["Judgement"]
    assert [allowed for _, allowed, _ in await acts(database)] == [True]
