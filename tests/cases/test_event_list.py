"""Lists of events on both engines: filters against the oracle, pages, counts, and what scope hides."""

from __future__ import annotations

import random

import pytest

from registry.access.actor import STRANGER
from registry.access.scope import scope_parameter
from registry.cases import actions, queries
from registry.cases.model import EventRecord
from registry.cases.ports import AreaRole, EventFilter
from registry.classification.paging import PageRequest
from registry.errors import (
    ArgumentsConflicting,
    CodeUnknown,
    CursorForeign,
    NotAllowed,
    RecordUnknown,
    VariableUnknown,
)
from registry.identifiers import Notation, VersionTag
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries
from tests import oracle, universe
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER, POLICE, SHELTER, event_id
from tests.worlds import random_world, two_agencies

NEWEST_FIRST = ["E5", "E4", "E3", "E2", "E1", "E6"]


def code(text: str) -> Notation:
    """A code."""
    return Notation(text)


async def store_world(database: Database, records: list[EventRecord]) -> BoltCaseStore:
    """A store that holds the records."""
    store = BoltCaseStore(database)
    for entity in (POLICE, SHELTER):
        mine = [record for record in records if record.entity == entity]
        await actions.store_events(store, CODEBOOK, universe.batch_of(entity), mine, actor=EVERYONE)
    return store


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (EventFilter(), NEWEST_FIRST),
        (EventFilter(form=code("2")), ["E4", "E2", "E6"]),
        (EventFilter(form=code("8")), ["E6"]),
        (EventFilter(area=code("014")), ["E5", "E4", "E3", "E2", "E1"]),
        (EventFilter(area=code("KE"), area_role=AreaRole.RECORDED_IN), ["E2", "E1"]),
        (EventFilter(area=code("KE"), area_role=AreaRole.TRANSITED), ["E5"]),
        (EventFilter(entity=SHELTER), ["E5", "E6"]),
        (EventFilter(recorded_from=1577836800000000), ["E5", "E4", "E3"]),
        (EventFilter(recorded_until=1556668800000000), ["E2", "E1"]),
        (EventFilter(variable=code("svx"), code=code("female")), ["E5", "E1"]),
        (EventFilter(variable=code("spx"), code=code("male")), ["E5", "E3", "E1"]),
        (EventFilter(variable=code("moc"), code=code("threats")), ["E2"]),
        (EventFilter(variable=code("asg"), code=code("legal")), ["E5"]),
        (EventFilter(variable=code("form"), code=code("2.1"), coded_in=VersionTag("1.0")), ["E4", "E2", "E6"]),
        (EventFilter(variable=code("svx"), code=code("female"), coded_in=VersionTag("1.0")), ["E5", "E1"]),
        (EventFilter(variable=code("coe"), code=code("014")), []),
        (EventFilter(variable=code("coe"), code=code("014"), coded_in=VersionTag("1.0")), ["E5"]),
        (EventFilter(missing=code("civ")), ["E3"]),
        (EventFilter(missing=code("sta")), ["E6"]),
        (EventFilter(missing=code("form")), []),
        (EventFilter(form=code("1"), area=code("UG")), ["E4"]),
    ],
)
async def test_filters_of_the_universe(database: Database, where: EventFilter, names: list[str]) -> None:
    """Literals, newest recorded first."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    page = await queries.events(store, CODEBOOK, where, count=True, actor=EVERYONE)

    assert [stored.record.source_key for stored in page.nodes] == names
    assert page.total == len(names)


async def test_pages_go_both_ways_and_join_without_gap(database: Database) -> None:
    """Two by two forward, then backward from the end, also when records are added meanwhile."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    seen: list[str] = []
    page = await queries.events(store, CODEBOOK, page=PageRequest(first=2), actor=EVERYONE)
    while True:
        seen += [stored.record.source_key for stored in page.nodes]
        if not page.has_next:
            break
        after = PageRequest(first=2, after=page.end_cursor)
        page = await queries.events(store, CODEBOOK, page=after, actor=EVERYONE)
    back = await queries.events(store, CODEBOOK, page=PageRequest(last=2, before=page.start_cursor), actor=EVERYONE)

    assert seen == NEWEST_FIRST
    assert [stored.record.source_key for stored in back.nodes] == ["E3", "E2"]
    assert (back.has_next, back.has_previous, back.total) == (True, True, None)


async def test_a_cursor_of_another_question_is_refused(database: Database) -> None:
    """Of another filter, of another actor, or of nothing."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    cursor = (await queries.events(store, CODEBOOK, actor=EVERYONE)).end_cursor
    page = PageRequest(first=2, after=cursor)

    with pytest.raises(CursorForeign):
        await queries.events(store, CODEBOOK, EventFilter(form=code("1")), page, actor=EVERYONE)
    with pytest.raises(CursorForeign):
        await queries.events(store, CODEBOOK, page=page, actor=OFFICER)
    with pytest.raises(CursorForeign):
        await queries.events(store, CODEBOOK, page=PageRequest(after="nonsense"), actor=EVERYONE)


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (EventFilter(form=code("9")), CodeUnknown),
        (EventFilter(area=code("ZZ")), CodeUnknown),
        (EventFilter(coded_in=VersionTag("1.0")), ArgumentsConflicting),
        (EventFilter(variable=code("form"), code=code("2.1"), coded_in=VersionTag("1.1")), CodeUnknown),
        (EventFilter(variable=code("svx"), code=code("feminine")), CodeUnknown),
        (EventFilter(variable=code("nope"), code=code("x")), VariableUnknown),
        (EventFilter(missing=code("nope")), VariableUnknown),
        (EventFilter(variable=code("svx")), ArgumentsConflicting),
        (EventFilter(variable=code("agv"), code=code("x")), ArgumentsConflicting),
        (EventFilter(area_role=AreaRole.TRANSITED), ArgumentsConflicting),
        (EventFilter(recorded_from=2, recorded_until=1), ArgumentsConflicting),
    ],
)
async def test_unknown_words_are_no_empty_answer(
    database: Database, where: EventFilter, error: type[Exception]
) -> None:
    """Codes are looked up at the border."""
    with pytest.raises(error):
        await queries.events(BoltCaseStore(database), CODEBOOK, where, actor=EVERYONE)


@pytest.mark.parametrize("seed", range(2))
async def test_both_engines_agree_with_the_oracle(database: Database, seed: int) -> None:
    """Random worlds, filters, scopes and page sizes."""
    records = two_agencies(seed)
    store = await store_world(database, records)
    dice = random.Random(seed)

    for _ in range(40):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE]), (CARER, [SHELTER])))
        where = random_filter(dice)
        size = dice.choice((1, 5, 100))

        page = await queries.events(store, CODEBOOK, where, PageRequest(first=size), count=True, actor=actor)

        expected = oracle.listed(oracle.in_scope(records, entities), where, CODEBOOK.lists)
        assert [stored.record.id for stored in page.nodes] == expected[:size]
        assert (page.total, page.has_next) == (len(expected), len(expected) > size)


def random_filter(dice: random.Random) -> EventFilter:
    """One or two conditions."""
    conditions = (
        EventFilter(form=code(dice.choice(("1", "2", "2.1", "8")))),
        EventFilter(area=code(dice.choice(("KE", "014", "XXA"))), area_role=dice.choice((None, *AreaRole))),
        EventFilter(recorded_from=1546300800000000, recorded_until=1577836799999999),
        EventFilter(variable=code("moc"), code=code("threats")),
        EventFilter(variable=code("spx"), code=code("male"), missing=code("form")),
        EventFilter(entity=SHELTER),
    )
    return dice.choice(conditions)


async def test_records_outside_scope_change_no_answer(database: Database) -> None:
    """Neither lists, totals, flags nor cursors of the officer change when the shelter delivers."""
    store = await store_world(database, random_world(5, events=15, people=6))
    dice = random.Random(5)
    filters = [random_filter(dice) for _ in range(12)]

    async def answers() -> list[object]:
        pages = [
            await queries.events(store, CODEBOOK, where, PageRequest(first=3), count=True, actor=OFFICER)
            for where in filters
        ]
        entities = await queries.reporting_entities(store, count=True, actor=OFFICER)
        return [*pages, entities, await store.usage(scope=scope_parameter(OFFICER.scope))]

    before = await answers()
    await store_world(database, random_world(6, events=30, people=6, entity=SHELTER, name="s"))

    assert await answers() == before


async def test_a_person_has_every_part(database: Database) -> None:
    """Ben: a victim in one event and a perpetrator in another; Ada's relation to Kofi."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    ben = await queries.person(store, universe.person_id("ben"), actor=OFFICER)
    ada = await queries.person(store, universe.person_id("ada"), actor=OFFICER)

    assert {(part.event, part.participation.role.value) for part in ben.parts} == {
        (event_id("E2"), "victim"),
        (event_id("E3"), "perpetrator"),
    }
    assert [(event, link.target) for event, link in ada.links] == [(event_id("E1"), universe.person_id("kofi"))]
    with pytest.raises(RecordUnknown):
        await queries.person(store, universe.person_id("ben"), actor=CARER)


async def test_reporting_entities_are_listed_in_scope(database: Database) -> None:
    """The carer sees the shelter with its two events, and nothing of the police, though it decided on one of them."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    page = await queries.reporting_entities(store, count=True, actor=CARER)

    assert [(stored.entity, stored.events) for stored in page.nodes] == [(universe.ENTITIES[1], 2)]
    assert page.total == 1
    assert (await queries.reporting_entity(store, POLICE, actor=EVERYONE)).events == 4
    with pytest.raises(RecordUnknown):
        await queries.reporting_entity(store, POLICE, actor=CARER)


async def test_strangers_are_refused(database: Database) -> None:
    """Nobody in particular reads no cases, stores none and checks nothing."""
    store = BoltCaseStore(database)

    for asked in (
        queries.events(store, CODEBOOK, actor=STRANGER),
        queries.event(store, event_id("E1"), actor=STRANGER),
        queries.person(store, universe.person_id("ada"), actor=STRANGER),
        queries.reporting_entities(store, actor=STRANGER),
        queries.check_store(store, CODEBOOK, actor=STRANGER),
    ):
        with pytest.raises(NotAllowed):
            await asked


def test_the_filter_is_the_same_wherever_it_stands() -> None:
    """Cypher has no includes: the statements that filter events hold one text."""
    names = ("event_places", "event_places_backward", "event_columns", "count_events")
    texts = (load_queries("cases")[name].text for name in names)
    (text,) = {each.partition("($given.entity IS NULL")[2].partition("\nRETURN")[0] for each in texts}

    assert "$formless" in text
