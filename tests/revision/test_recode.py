"""Spec of re-coding: records move by rule and decision, keep what they had, go back exactly; only in scope, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.access.actor import Actor, Right, Scope, StatedPurpose
from registry.access.audit import Circumstances
from registry.access.ports import AuditFilter
from registry.cases import queries, recode_actions
from registry.cases.actions import store_events
from registry.cases.derivation import complete
from registry.cases.model import FORM, Recoding, StoreCounts, StoredEvent
from registry.cases.ports import EventFilter
from registry.cases.recode_actions import RecodeOrder, RecodeReport, RecodeRooms, recode, recode_batches, undo_recode
from registry.cases.recode_ports import BatchState
from registry.cases.recoding import Choice, Choices, CodeCount, RecodeOutcome, recode_event, restore_event
from registry.classification.recode_rules import recode_rules
from registry.errors import NotAllowed, RecodeBatchUnknown, RecodeUnclear
from registry.identifiers import BatchId, Notation
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.bolt.recoding import BoltRecodeStore
from tests import universe
from tests.revision.recoding_world import REVISED, UNITS, V1, V2, two_versions
from tests.universe import CARER, CODING, EVERYONE, OFFICER, POLICE, SHELTER, event_id
from tests.worlds import random_world

C = Notation
CATALOGUE = two_versions()
RULES = recode_rules(CATALOGUE, UNITS, old=V1, new=V2)
AT = Circumstances("r1", "", 1_760_000_000_000_000)


def order(number: int = 1, *choices: Choice, is_dry: bool = False, first: int | None = None) -> RecodeOrder:
    return RecodeOrder(UNITS, V2, BatchId(f"recode-{number:04d}"), choices=choices, is_dry=is_dry, first=first)


def rooms_over(database: Database) -> RecodeRooms:
    return RecodeRooms(BoltRecodeStore(database), CATALOGUE, REVISED)


async def stored(database: Database, name: str) -> StoredEvent:
    return await queries.event(BoltCaseStore(database), event_id(name), actor=EVERYONE)


async def findings(database: Database) -> Sequence[object]:
    return await queries.check_store(BoltCaseStore(database), REVISED, actor=EVERYONE)


async def stamped_links(database: Database) -> list[str]:
    """The links of people to events that carry the chunk that told them first, which followers of a network ask."""
    text = "MATCH (p:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(:Event) WHERE r.told <> '' RETURN r.key + r.told AS link"
    rows = await database.read(NamedQuery("stamped", text, {}, writes=False, one=False))
    return sorted(str(row["link"]) for row in rows)


async def run(database: Database, wanted: RecodeOrder, actor: Actor = EVERYONE) -> RecodeReport:
    return await recode(rooms_over(database), wanted, actor=actor, circumstances=AT)


# --- one record, pure ----------------------------------------------------------------------------------------


def test_what_was_derived_is_derived_again() -> None:
    """Yan's forms 1 and 2.1 made unit 8; as 1 and 1.1 they do not."""
    _, sixth = universe.shelter_events()

    recoded = recode_event(StoredEvent(sixth, CODING), RULES, REVISED)

    assert recoded.after is not None
    assert recoded.after.record.participations[0].forms == ("1", "1.1")
    assert recoded.after.coding[FORM] == (UNITS, V2)
    assert {v: n for v, n in recoded.after.coding.items() if v != FORM} == {
        v: n for v, n in CODING.items() if v != FORM
    }
    assert [(each.place.part, each.place.field, each.codes) for each in recoded.kept] == [("v1", "forms", ("1", "2.1"))]


@given(st.integers(0, 10_000), st.sampled_from(["5.6", "5.7"]))
def test_a_record_goes_back_exactly(seed: int, chosen: str) -> None:
    """Re-coding and restoring is nothing, whatever the record holds and whatever was decided of it."""
    for told in random_world(seed, events=3, people=4):
        record = complete(told, REVISED).record
        before = StoredEvent(record, CODING)
        choices = Choices.of([Choice(record.id, C("5.4"), C(chosen))])

        recoded = recode_event(before, RULES, REVISED, choices)

        assert recoded.after is not None
        assert not {"2.1", "5.4"} & {code for part in recoded.after.record.participations for code in part.forms}
        moved = replace(recoded.after, recodings=(Recoding(BatchId("recode-0001"), CODING, recoded.kept),))
        assert restore_event(moved, REVISED) == before


def test_a_decision_for_one_part_goes_before_one_for_the_event() -> None:
    """Two victims with 5.4 become 5.6 and 5.7."""
    record = universe.event(
        "E1", universe.victim("ada", "v1", forms=["5.4"]), universe.victim("ben", "v2", forms=["5.4"])
    )
    choices = Choices.of([Choice(record.id, C("5.4"), C("5.6")), Choice(record.id, C("5.4"), C("5.7"), "v2")])

    recoded = recode_event(StoredEvent(record, CODING), RULES, REVISED, choices)

    assert recoded.after is not None
    assert [part.forms for part in recoded.after.record.participations] == [("5.6",), ("5.7",)]


# --- many records, on both engines ---------------------------------------------------------------------------


async def test_records_move_once_keep_their_codes_and_go_back(database: Database) -> None:
    """A dry run tells and writes nothing; a run moves five of six; a second finds only E5; undoing restores all."""
    await universe.build_universe(BoltCaseStore(database))
    before = {name: await stored(database, name) for name in ("E1", "E2", "E4", "E5", "E6")}
    links = await stamped_links(database)

    told = await run(database, order(is_dry=True))
    assert (told.moved, told.waiting, told.batch) == (5, 1, None)
    assert CodeCount(POLICE, FORM, C("2.1"), RecodeOutcome.AUTOMATIC, 2) in told.codes
    assert CodeCount(SHELTER, FORM, C("5.4"), RecodeOutcome.PERSON, 1) in told.codes
    assert [(each.event, each.code, each.targets) for each in told.first_waiting] == [
        (event_id("E5"), "5.4", ("5.6", "5.7"))
    ]
    assert await stored(database, "E4") == before["E4"]

    done = await run(database, order())
    assert (done.moved, done.waiting) == (5, 1)
    assert done.codes == told.codes
    fourth = await stored(database, "E4")
    assert fourth.record.forms == ("1", "1.1")
    assert fourth.coding[FORM] == (UNITS, V2)
    assert [(each.batch, each.coding[FORM], each.kept[0].codes) for each in fourth.recodings] == [
        ("recode-0001", (UNITS, V1), ("1", "2.1"))
    ]
    assert await stored(database, "E5") == before["E5"]
    assert await findings(database) == []
    assert await stamped_links(database) == links != []

    held = EventFilter(variable=C("form"), code=C("1"), coded_in=V2)
    page = await queries.events(BoltCaseStore(database), REVISED, held, actor=EVERYONE)
    assert [each.record.source_key for each in page.nodes] == ["E4", "E2", "E1", "E6"]
    page = await queries.events(BoltCaseStore(database), REVISED, replace(held, coded_in=V1), actor=EVERYONE)
    assert page.nodes == ()

    assert await universe.build_universe(BoltCaseStore(database)) == StoreCounts(unchanged=6)
    again = await run(database, order(2))
    assert (again.moved, again.waiting, again.batch) == (0, 1, None)
    (batch,) = await recode_batches(BoltRecodeStore(database), actor=EVERYONE)
    assert (batch.id, batch.events, batch.state, batch.rules) == ("recode-0001", 5, BatchState.DONE, RULES.digest)

    undone = await undo_recode(
        rooms_over(database), batch.id, act=BatchId("undo-0001"), actor=EVERYONE, circumstances=AT
    )
    assert undone == 5
    assert {name: await stored(database, name) for name in before} == before
    assert await findings(database) == []
    (batch,) = await recode_batches(BoltRecodeStore(database), actor=EVERYONE)
    assert (batch.events, batch.state, batch.undone_by) == (0, BatchState.UNDONE, "local")
    acts = [row.act for row in await BoltAuditStore(database).search(AuditFilter(), after=None, limit=100)]
    assert acts.count("recode records") == 3
    assert acts.count("undo recode batch") == 2


async def test_decisions_are_checked_by_row_and_followed(database: Database) -> None:
    """One fault keeps everything as it is; sound decisions move E5."""
    await universe.build_universe(BoltCaseStore(database))
    fifth = event_id("E5")
    wrong = [
        Choice(event_id("E9"), C("5.4"), C("5.6")),
        Choice(fifth, C("6.5"), C("5.6")),
        Choice(event_id("E6"), C("1"), C("5.6")),
        Choice(fifth, C("5.4"), C("1")),
        Choice(fifth, C("5.4"), C("5.6")),
        Choice(fifth, C("5.4"), C("5.7")),
    ]

    refused = await run(database, order(1, *wrong))

    assert [(each.row, each.column, each.rule) for each in refused.faults] == [
        (1, "event", "event_unknown"),
        (2, "code", "code_not_held"),
        (3, "code", "no_decision_needed"),
        (4, "chosen", "not_among_targets"),
        (6, "chosen", "decided_otherwise"),
    ]
    assert (await stored(database, "E6")).coding == CODING
    done = await run(database, order(1, Choice(fifth, C("5.4"), C("5.6"))))
    assert (done.moved, done.waiting) == (6, 0)
    assert (await stored(database, "E5")).record.forms == ("5.6",)
    again = await run(
        database, RecodeOrder(UNITS, V2, BatchId("recode-0002"), V1, (Choice(fifth, C("5.4"), C("5.6")),))
    )
    assert again.moved == 0


async def test_only_what_is_in_scope_moves_and_only_for_who_may(database: Database) -> None:
    """The officer moves the police's four; the carer's two, and all that she is told, stay as they were."""
    await universe.build_universe(BoltCaseStore(database))
    alone = await run(database, order(is_dry=True), CARER)

    assert (await run(database, order(), OFFICER)).moved == 4

    assert await run(database, order(is_dry=True), CARER) == alone
    assert await recode_batches(BoltRecodeStore(database), actor=CARER) == []
    with pytest.raises(RecodeBatchUnknown):
        await undo_recode(rooms_over(database), BatchId("recode-0001"), act=BatchId("undo-0001"), actor=CARER)
    reader = Actor("reader", frozenset({Right.READ_CASES}), Scope.everything(), StatedPurpose.STATISTICS)
    with pytest.raises(NotAllowed):
        await run(database, order(), reader)
    with pytest.raises(NotAllowed):
        await recode_batches(BoltRecodeStore(database), actor=reader)
    opened = replace(CARER, scope=replace(CARER.scope, opened=frozenset({event_id("E1")})))
    assert (await run(database, order(is_dry=True), opened)).codes == alone.codes
    assert (await stored(database, "E6")).coding == CODING


async def test_an_interrupted_run_is_completed_in_the_same_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stops after the first chunk goes on with the second; nothing moves twice."""
    await universe.build_universe(BoltCaseStore(database))
    monkeypatch.setattr(recode_actions, "CHUNK", 2)
    with pytest.raises(RuntimeError):
        await recode(rooms_over(database), order(), actor=EVERYONE, circumstances=AT, progress=Stop())
    (running,) = await recode_batches(BoltRecodeStore(database), actor=EVERYONE)
    assert running.state is BatchState.RUNNING

    done = await run(database, order(2))

    assert done.batch is not None
    assert (done.batch.id, done.batch.state, done.moved + running.events) == ("recode-0001", BatchState.DONE, 5)
    assert [len((await stored(database, name)).recodings) for name in ("E1", "E2", "E3", "E4", "E6")] == [1] * 5


class Stop:
    """Ends the run after its first chunk."""

    def __call__(self, _done: int) -> None:
        raise RuntimeError


async def test_a_changed_delivery_replaces_a_moved_record_and_waits_to_be_moved(database: Database) -> None:
    """The record stands as delivered, in the version its delivery names, without a history that is another's."""
    await universe.build_universe(BoltCaseStore(database))
    await run(database, order())
    changed = replace(universe.police_events()[0], forms=(C("2.1"),))

    await store_events(
        BoltCaseStore(database), REVISED, universe.batch_of(POLICE), [complete(changed, REVISED).record], actor=EVERYONE
    )

    first = await stored(database, "E1")
    assert (first.record.forms, first.coding, first.recodings) == (("2.1",), CODING, ())
    assert (await run(database, order(2))).moved == 1
    assert await findings(database) == []


async def test_where_to_go_from_must_be_clear(database: Database) -> None:
    """Without any record in another version there is nothing to go from; a stretch is gone through by id."""
    with pytest.raises(RecodeUnclear):
        await run(database, order())
    await universe.build_universe(BoltCaseStore(database))

    first = await run(database, order(first=2))

    assert first.next is not None
    rest = await run(database, replace(order(2), after=first.next))
    assert rest.next is None
    assert first.moved + rest.moved == 5
    assert rest.batch is not None
    assert rest.batch.id == "recode-0001"
