"""How often codes are used: exact within every scope, through every change of a record, from a table and not a scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from registry.access.actor import Actor, Right, Scope, Sensitivity, StatedPurpose
from registry.access.audit import Circumstances
from registry.access.scope import scope_parameter
from registry.cases import actions
from registry.cases.code_use import EVENTS, CodeUse, code_use, tally
from registry.cases.derivation import complete, summarise_forms
from registry.cases.model import FORM, EventRecord, StoredEvent
from registry.cases.ports import EventFilter
from registry.cases.recode_actions import undo_recode
from registry.cases.recoding import held_codes
from registry.classification.catalogue import VersionChoice
from registry.classification.impact import Treatment, version_impact
from registry.errors import LeaseLost, NotAllowed
from registry.identifiers import BatchId, EventId, Notation, SchemeId
from registry.statistics.stored_impact import stored_impact
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.code_use import QUERIES
from registry.storage.bolt.code_use_table import BoltCodeUseStore, _add_up_places, _run, add_up, read_table
from registry.storage.bolt.driver import Database
from registry.storage.bolt.lease import BULK, Lease, bulk_lease
from registry.storage.bolt.migrate import schema_statements
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.counting import hits_of
from tests.referrals import hand_over
from tests.revision.recoding_world import REVISED, UNITS, V1, two_versions
from tests.revision.test_recode import order, rooms_over, run
from tests.universe import CARER, EVERYONE, OFFICER, POLICE, SHELTER, event_id
from tests.worlds import random_world, two_agencies

SEX = SchemeId("sex")
NOW = Circumstances("r1", "", 1_760_000_000_000_000)


def short(found: Iterable[CodeUse], variable: str) -> dict[tuple[str, str], tuple[int, int, int, int, int]]:
    """Of one variable: the counts by code and entity."""
    return {
        (each.code, each.entity): (each.events, each.on_events, each.victims, each.perpetrators, each.groups)
        for each in found
        if each.variable == variable
    }


async def test_the_universe_is_counted_by_bearer_and_entity(database: Database) -> None:
    """Forms and sexes of E1 to E6, by hand; unit 8 of E6 is derived, so nobody bears it as recorded."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltCodeUseStore(database)

    forms = short(await code_use(store, UNITS, V1, actor=EVERYONE), FORM)
    assert forms == {
        ("1", POLICE): (3, 2, 1, 0, 0),
        ("1", SHELTER): (1, 0, 1, 0, 0),
        ("2.1", POLICE): (2, 1, 1, 0, 0),
        ("2.1", SHELTER): (1, 0, 1, 0, 0),
        ("4", POLICE): (1, 1, 0, 0, 0),
        ("5.4", SHELTER): (1, 1, 0, 0, 0),
        ("8", SHELTER): (1, 0, 0, 0, 0),
    }
    sexes = await code_use(store, SEX, V1, [Notation("male")], actor=EVERYONE)
    assert short(sexes, "svx") == {("male", POLICE): (1, 0, 6, 0, 0), ("male", SHELTER): (1, 0, 1, 0, 0)}
    assert short(sexes, "spx") == {("male", POLICE): (2, 0, 0, 1, 1), ("male", SHELTER): (1, 0, 0, 1, 0)}
    control = short(await code_use(store, "means-of-control", actor=EVERYONE), "moc")
    assert control == {("debt-bondage", POLICE): (1, 0, 1, 0, 0), ("threats", POLICE): (1, 0, 1, 0, 0)}
    with pytest.raises(NotAllowed):
        await code_use(store, UNITS, V1, actor=Actor("reader", frozenset({Right.READ_REGISTRY})))


def scopes() -> list[Scope]:
    """Agency, country, sensitivity, grants and openings, each by itself and together."""
    everything = Scope.everything()
    granted = frozenset({event_id("E1"), event_id("E5")})
    return [
        everything,
        Scope.of_entities(POLICE),
        replace(everything, countries=frozenset({Notation("KE")})),
        replace(everything, tiers=frozenset({Sensitivity.CHILD})),
        replace(Scope.of_entities(SHELTER), cases=granted),
        replace(Scope.of_entities(SHELTER), opened=granted),
        replace(everything, cases=granted, opened=frozenset({event_id("E6")})),
        Scope(),
    ]


async def test_counts_are_those_of_the_records_in_scope(database: Database) -> None:
    """Within each of eight scopes the same as counting form by form over the events that are found there."""
    await universe.build_universe(BoltCaseStore(database))
    for scope in scopes():
        actor = Actor("reader", frozenset(Right), scope, StatedPurpose.STATISTICS)
        seen = [
            record
            for record in universe.all_events()
            if await BoltCaseStore(database).event(record.id, scope=scope_parameter(scope)) is not None
        ]

        found = await code_use(BoltCodeUseStore(database), UNITS, V1, actor=actor)

        wanted = Counter((form, record.entity) for record in seen for form in forms_of(record))
        assert {(each.code, each.entity): each.events for each in found} == wanted


def forms_of(record: EventRecord) -> set[str]:
    """Every form of the record, and 8 for the one record of the drawing that derives it."""
    told = {*record.forms, *(form for part in record.participations for form in part.forms)}
    return told | ({"8"} if record.id == event_id("E6") else set())


async def test_the_table_stays_exact_through_every_change(database: Database) -> None:
    """Import, changed delivery, referral, re-coding, undoing: after each it equals a scan; what is hidden stays so."""
    cases, store = BoltCaseStore(database), BoltCodeUseStore(database)
    await universe.build_universe(cases)
    assert await store.check() == []
    before = await code_use(store, UNITS, actor=OFFICER)

    more = [
        complete(record, REVISED).record for record in random_world(3, events=9, people=5, entity=SHELTER, name="s")
    ]
    await actions.store_events(cases, REVISED, universe.batch_of(SHELTER), more, actor=EVERYONE)
    assert await store.check() == []
    assert await code_use(store, UNITS, actor=OFFICER) == before

    changed = replace(universe.police_events()[0], forms=(Notation("2.1"),))
    await actions.store_events(
        cases, REVISED, universe.batch_of(POLICE), [complete(changed, REVISED).record], actor=EVERYONE
    )
    assert await store.check() == []
    now = short(await code_use(store, UNITS, actor=OFFICER), FORM)
    assert (now["1", POLICE], now["2.1", POLICE]) == ((2, 1, 1, 0, 0), (3, 2, 1, 0, 0))

    await refer(database, event_id("E3"))
    assert await store.check() == []
    assert ("4", POLICE) not in short(await code_use(store, UNITS, actor=OFFICER), FORM)
    assert ("4", POLICE) in short(await code_use(store, UNITS, actor=universe.CARER), FORM)

    await run(database, order())
    assert await store.check() == []
    versions = {(each.code, each.version) for each in await code_use(store, UNITS, actor=OFFICER)}
    assert ("1.1", "1.1") in versions
    assert ("2.1", "1.0") not in versions
    await undo_recode(rooms_over(database), BatchId("recode-0001"), act=BatchId("undo-0001"), actor=EVERYONE)
    assert await store.check() == []
    assert short(await code_use(store, UNITS, actor=OFFICER), FORM) == {
        key: counts for key, counts in now.items() if key[0] != "4"
    }


async def test_the_list_finds_the_events_that_are_counted(database: Database) -> None:
    """Every code of the drawing, by variable and version: as many events as the count says, wherever they hold it."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    counted: Counter[tuple[str, str]] = Counter()
    for scheme in {str(scheme) for scheme, _ in universe.CODING.values()}:
        for use in await code_use(BoltCodeUseStore(database), scheme, V1, actor=EVERYONE):
            counted[use.variable, use.code] += use.events
    del counted[FORM, "8"]  # derived, and the list is asked for what is recorded

    for (variable, code), events in counted.items():
        where = EventFilter(variable=Notation(variable), code=Notation(code), coded_in=V1)
        assert (variable, code, await cases.count_events(where, scope=universe.EVERYTHING)) == (variable, code, events)

    assert {("sta", "actual"), ("ccs", "prosecuted"), ("rtv", "friend"), ("coe", "014")} <= counted.keys()


async def refer(database: Database, event: EventId) -> None:
    """Hand an event of the police over to the shelter."""
    await hand_over(database, event, giver=OFFICER, receiver=CARER)


async def test_a_store_from_before_the_table_is_scanned_and_counted_anew(database: Database) -> None:
    """Without a complete table, or with one of cells, the answer is the same; damage is found; a recount mends it."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltCodeUseStore(database)
    right = await code_use(store, UNITS, V1, actor=OFFICER)
    await damage(database, "MATCH (u:CodeUse) WHERE u.holder = 'ke-police' DELETE u RETURN count(*) AS changed")
    assert {finding.rule for finding in await store.check()} == {"use_of_codes_differs"}
    await damage(database, "MATCH (i:Installation) SET i.use_complete = false RETURN count(i) AS changed")
    assert [finding.rule for finding in await store.check()] == ["use_of_codes_not_counted"]
    assert await code_use(store, UNITS, V1, actor=OFFICER) == right

    await damage(database, "MATCH (i:Installation) SET i.use_complete = true RETURN count(i) AS changed")
    await damage(database, "CREATE (u:CodeUse {place: 'cell', generation: 1, events: 3}) RETURN count(u) AS changed")
    (made_anew,) = [each for each in schema_statements() if "u.since IS NULL" in each.text]
    await database.execute(made_anew)
    assert [finding.rule for finding in await store.check()] == ["use_of_codes_not_counted"]
    assert await code_use(store, UNITS, V1, actor=OFFICER) == right
    assert await store.recount() == 6

    assert await store.check() == []
    assert await code_use(store, UNITS, V1, actor=OFFICER) == right


async def damage(database: Database, text: str) -> None:
    """Change the store behind its back."""
    await database.execute(NamedQuery(name="damage", text=text, parameters={}, writes=True, one=True))


async def test_a_question_is_two_statements_whatever_the_store_holds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which table counts, and its lines; two more for single cases."""
    await universe.build_universe(BoltCaseStore(database))
    asked: list[str] = []
    read = Database.read

    async def counted(self: Database, query: NamedQuery, *args: object, **named: object) -> object:
        asked.append(query.name)
        return await read(self, query, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "read", counted)

    await code_use(BoltCodeUseStore(database), UNITS, V1, [Notation("1")], actor=EVERYONE)
    assert asked == ["table", "lines_of_lists"]
    asked.clear()
    opened = replace(OFFICER, scope=replace(OFFICER.scope, opened=frozenset({event_id("E5")})))
    await code_use(BoltCodeUseStore(database), UNITS, V1, actor=opened)
    assert asked == ["table", "lines_of_lists", "places_in_scope", "events_by_id"]


async def test_stored_impact_names_what_a_rule_does_and_what_a_person(database: Database) -> None:
    """Of the codes that change, those that records hold: 2.1 by rule, 5.4 by a person."""
    await universe.build_universe(BoltCaseStore(database))
    impact = version_impact(
        two_versions(), UNITS, old=VersionChoice(version=V1), new=VersionChoice(version="1.1"), actor=EVERYONE
    )

    found = await stored_impact(BoltCodeUseStore(database), impact, actor=EVERYONE)

    assert [(e.code.code, e.code.treatment, e.code.rule, e.use.entity, e.use.events) for e in found] == [
        ("2.1", Treatment.AUTOMATIC, "1.1", POLICE, 2),
        ("2.1", Treatment.AUTOMATIC, "1.1", SHELTER, 1),
        ("5.4", Treatment.PERSON, None, SHELTER, 1),
    ]


def test_what_a_record_adds_stands_at_every_place_that_holds_codes() -> None:
    """The codes counted as borne anywhere are those that re-coding finds, and unit 8 where it is derived."""
    for record in (complete(each, REVISED).record for each in random_world(5, events=40, people=9)):
        stored = StoredEvent(record, universe.CODING)
        held = {(variable, code) for _, variable, codes in held_codes(record) for code in codes}
        held |= {(FORM, form) for form in summarise_forms(record).stored}

        counted = {(variable, code) for _, variable, code, bearer in tally(stored) if bearer == EVENTS}
        assert counted == {(variable, code) for variable, code in held if variable in universe.CODING}


async def deliver(database: Database, number: int) -> None:
    """One more delivery of each agency, of records in the same places as every other's."""
    for entity in (POLICE, SHELTER):
        told = [each for each in two_agencies(5) if each.entity == entity]
        own = [replace(each, id=EventId(f"{each.id}{number}"), participations=(), links=()) for each in told]
        records = [complete(each, REVISED).record for each in own]
        await actions.store_events(BoltCaseStore(database), REVISED, universe.batch_of(entity), records, actor=EVERYONE)


async def test_adding_up_changes_no_count_wherever_it_is_killed(database: Database) -> None:
    """Stopped after the old lines were ended, and gone on with by another run: the counts are the same throughout."""
    await deliver(database, 0)
    store = BoltCodeUseStore(database)
    right = await code_use(store, UNITS, actor=EVERYONE)
    async with bulk_lease(database) as lease:
        places = await places_with_lines(database)
        step = int(str((await database.execute(QUERIES["begin_adding_up"]))[0]["step"]))
        await database.write(lambda unit: _add_up_places(unit, lease, places, step), name="add up lines")
        assert await code_use(store, UNITS, actor=EVERYONE) == right
        assert await store.check() == []

    await deliver(database, 1)
    twice = await code_use(store, UNITS, actor=EVERYONE)
    assert [each.events for each in twice] == [2 * each.events for each in right]
    assert (await read_table(database)).added_up > step
    assert await store.check() == []
    assert sorted(await places_with_lines(database)) == sorted(places)
    assert await store.recount() == 2 * len(two_agencies(5))
    assert await store.check() == []
    assert await code_use(store, UNITS, actor=EVERYONE) == twice


async def test_a_run_that_was_overtaken_adds_nothing_up(database: Database) -> None:
    """Whoever is not the holder of the turn any more ends no line and says of no state that it holds."""
    await universe.build_universe(BoltCaseStore(database))
    await refer(database, event_id("E3"))
    store, table = BoltCodeUseStore(database), await read_table(database)
    overtaken = Lease(database, BULK, "somebody else", 60.0)

    with pytest.raises(LeaseLost):
        await add_up(database, overtaken)
    assert (await read_table(database), await store.check()) == (table, [])

    async with bulk_lease(database) as lease:
        assert await add_up(database, lease) == 1
        with pytest.raises(LeaseLost):
            await _run(database, "end_adding_up", {"step": table.added_up}, overtaken)
    assert (await read_table(database)).added_up > table.added_up
    assert await store.check() == []


async def places_with_lines(database: Database) -> list[str]:
    """The place of each line there is."""
    rows = await database.read(NamedQuery("lines", "MATCH (u:CodeUse) RETURN u.place AS place", {}, False, False))
    return [str(row["place"]) for row in rows]


async def test_a_reader_that_is_overtaken_by_an_adding_up_asks_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines it wanted are gone: the answer is that of the state that holds by then."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltCodeUseStore(database)
    right = await code_use(store, UNITS, V1, actor=EVERYONE)
    asked: list[str] = []
    read_one = Database.read_one

    async def overtaken(self: Database, query: NamedQuery, *args: object, **named: object) -> object:
        asked.append(query.name)
        row = await read_one(self, query, *args, **named)  # type: ignore[arg-type]
        if asked == ["table"]:
            assert await store.recount() == 6
            asked.append("recounted")
        return row

    monkeypatch.setattr(Database, "read_one", overtaken)

    assert await code_use(store, UNITS, V1, actor=EVERYONE) == right
    assert asked[-4:] == ["recounted", "lines_of_lists", "table", "lines_of_lists"]


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_database_hits_do_not_grow_with_the_records(database: Database) -> None:
    """Four times the records in the same places: the same hits, for the lines of a place are added up."""
    hits = []
    for size in (1, 3):
        for number in range(size):
            await deliver(database, size + number)
        table = await read_table(database)
        asked = {"lists": ["units/1.0"], "scope": universe.EVERYTHING, **table.named}
        hits.append(hits_of(database, QUERIES["lines_of_lists"], asked))

    assert hits[0] == hits[1]
    assert 0 < hits[0] < 400
