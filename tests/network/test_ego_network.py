"""Networks around a start, on both engines, against literals and against the oracle."""

from __future__ import annotations

import random

import pytest

from registry.access.actor import STRANGER
from registry.cases import actions
from registry.cases.model import EventRecord
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, CodeUnknown, NotAllowed, RecordUnknown
from registry.identifiers import EntityId
from registry.network.model import (
    PARTICIPATION,
    EdgeKind,
    Judged,
    NodeKind,
    SkippedHub,
    Start,
    Subgraph,
    Window,
    Within,
)
from registry.network.queries import ego_network
from registry.storage.bolt import network
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests import oracle, universe
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER, POLICE, SHELTER, event_id, networks, person_id
from tests.worlds import random_world, two_agencies

HUBS = (NodeKind.AREA, NodeKind.CONCEPT, NodeKind.ENTITY)
EVERY_KIND = (*PARTICIPATION, EdgeKind.RELATED_TO)


def person(name: str) -> Start:
    """A person of the universe as start."""
    return Start(NodeKind.PERSON, person_id(name))


async def store_world(database: Database, records: list[EventRecord]) -> None:
    """Store records under their entities' batches."""
    store = BoltCaseStore(database)
    for entity in (POLICE, SHELTER):
        mine = [record for record in records if record.entity == entity]
        await actions.store_events(store, CODEBOOK, universe.batch_of(entity), mine, actor=EVERYONE)


async def store_judgements(
    database: Database, records: list[EventRecord], dice: random.Random
) -> list[tuple[str, str]]:
    """Judge some people and some events of all agencies the same; the pairs."""
    people = sorted({part.person for record in records for part in record.participations if part.person})
    events = sorted(record.id for record in records)
    drawn = [dice.sample(ids, 10) for ids in (people, events)]
    pairs: list[tuple[str, str]] = [pair for ids in drawn for pair in zip(ids[::2], ids[1::2], strict=True)]
    pairs += [(pairs[0][0], pairs[1][1]), (pairs[5][0], pairs[6][1])]
    judge = NamedQuery(
        name="judge",
        text="MATCH (a) WHERE (a:Person OR a:Event) AND a.id = $one "
        "MATCH (b) WHERE (b:Person OR b:Event) AND b.id = $other "
        "CREATE (a)-[:SAME_AS {key: $key, judgement: $key, by: 'tests', at: 0}]->(b)",
        parameters={"one": "string", "other": "string", "key": "string"},
        writes=True,
        one=False,
    )
    for one, other in pairs:
        await database.execute(judge, {"one": one, "other": other, "key": f"{one}|{other}"})
    return pairs


async def test_co_participants_are_two_hops_away(database: Database) -> None:
    """Around Ada: her two events, then Kofi, Lena and Ben; the star event of Kofi is a hop further."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(networks(database), actor=EVERYONE, start=person("ada"))

    assert dict(zip(found.node_ids, found.distances, strict=True)) == {
        person_id("ada"): 0,
        event_id("E1"): 1,
        event_id("E2"): 1,
        person_id("kofi"): 2,
        person_id("lena"): 2,
        person_id("ben"): 2,
    }
    assert set(found.edges) == {
        (person_id("ada"), event_id("E1"), "VICTIM_IN"),
        (person_id("ada"), event_id("E2"), "VICTIM_IN"),
        (person_id("ben"), event_id("E2"), "VICTIM_IN"),
        (person_id("kofi"), event_id("E1"), "PERPETRATOR_IN"),
        (person_id("kofi"), event_id("E2"), "PERPETRATOR_IN"),
        (person_id("lena"), event_id("E2"), "PERPETRATOR_IN"),
    }
    assert set(found.node_entities) == {POLICE}
    assert (found.truncated, found.skipped_hubs, found.hidden) == (False, (), 0)
    assert (found.counts_by_type, found.visited) == ({"Person": 4, "Event": 2}, 3)


async def test_a_hub_is_kept_but_not_expanded(database: Database) -> None:
    """With five links as guard the star event stays closed and says its seven."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(networks(database), actor=EVERYONE, start=person("kofi"), within=Within(hub_limit=5))

    assert found.skipped_hubs == (SkippedHub(event_id("E4"), NodeKind.EVENT, 7),)
    assert event_id("E4") in found.node_ids
    assert person_id("dan-1") not in found.node_ids
    assert found.truncated is False


async def test_no_relation_of_a_hub_is_followed(database: Database) -> None:
    """Kofi takes part three times, so that Ada is not reached over their relation; from Kofi as start she is."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    within = Within(hub_limit=2, edge_kinds=EVERY_KIND, avoid=frozenset([event_id("E1"), event_id("E2")]))

    hub = await ego_network(store, actor=EVERYONE, start=Start(NodeKind.EVENT, event_id("E4")), depth=6, within=within)
    start = await ego_network(store, actor=EVERYONE, start=person("kofi"), depth=6, within=within)

    assert (person_id("kofi") in hub.node_ids, person_id("ada") in hub.node_ids) == (True, False)
    assert person_id("ada") in start.node_ids


async def test_the_start_is_among_the_only_ids(database: Database) -> None:
    """Ben takes part twice, in E3 which is named and in E2 which is the start."""
    await universe.build_universe(BoltCaseStore(database))
    start = Start(NodeKind.EVENT, event_id("E2"))

    named, left = [
        await ego_network(
            networks(database), actor=EVERYONE, start=start,
            within=Within(min_links=2, only_events=frozenset(map(event_id, events))),
        )
        for events in (("E2", "E3"), ("E3",))
    ]  # fmt: skip

    assert named == left
    assert person_id("ben") in left.node_ids


async def test_the_budget_leaves_out_the_last_of_a_branch_and_says_so(database: Database) -> None:
    """Four nodes from the star: three of its seven people, the first by id; all seven are counted."""
    await universe.build_universe(BoltCaseStore(database))
    everybody = sorted([person_id("kofi"), *(person_id(f"dan-{number}") for number in range(1, 7))])

    found = await ego_network(networks(database), actor=EVERYONE, start=Start(NodeKind.EVENT, event_id("E4")), budget=4)

    assert found.node_ids == (event_id("E4"), *everybody[:3])
    assert found.truncated is True
    assert found.counts_by_type == {"Event": 1, "Person": 7}
    assert len(found.edges) == 3


async def test_no_branch_fills_the_picture_alone(database: Database) -> None:
    """Seven nodes around Kofi: each of his three events shows its first people before any shows its second."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(networks(database), actor=EVERYONE, start=person("kofi"), budget=7)

    first_of = {
        "E1": [person_id("ada")],
        "E2": sorted(map(person_id, ("ada", "ben", "lena"))),
        "E4": sorted(person_id(f"dan-{number}") for number in range(1, 7)),
    }
    expected = {person_id("kofi"), *map(event_id, first_of), *(people[0] for people in first_of.values())}
    assert found.truncated is True
    assert expected <= set(found.node_ids)
    assert len(found.node_ids) == 7


async def test_hubs_are_ends_when_asked(database: Database) -> None:
    """Ada's events lead to areas, forms and the police, which lead nowhere; they are counted, outside the budget."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(
        networks(database),
        actor=EVERYONE,
        start=person("ada"),
        depth=1,
        budget=3,
        within=Within(ends=HUBS),
    )

    assert list(zip(found.node_ids, found.distances, strict=True))[3:] == [
        ("KE", 2), ("KE-30", 2), ("1", 2), ("2.1", 2), (POLICE, 2)
    ]  # fmt: skip
    assert set(found.edges) == {
        (person_id("ada"), event_id("E1"), "VICTIM_IN"),
        (person_id("ada"), event_id("E2"), "VICTIM_IN"),
        (event_id("E1"), "KE-30", "RECORDED_IN"),
        (event_id("E1"), "KE", "EXPLOITED_IN"),
        (event_id("E2"), "KE", "RECORDED_IN"),
        (event_id("E1"), "1", "HAS_FORM"),
        (event_id("E2"), "1", "HAS_FORM"),
        (event_id("E2"), "2.1", "HAS_FORM"),
        (event_id("E1"), POLICE, "REPORTED_BY"),
        (event_id("E2"), POLICE, "REPORTED_BY"),
    }
    assert found.counts_by_type == {"Person": 1, "Event": 2, "Area": 2, "Concept": 2, "ReportingEntity": 1}
    assert (found.node_labels[-1], found.truncated) == ("Police of Kenya", False)


@pytest.mark.parametrize(
    ("start", "events"),
    [
        (Start(NodeKind.ENTITY, SHELTER), ["E5", "E6"]),
        (Start(NodeKind.AREA, "UG"), ["E3", "E4", "E5"]),
        (Start(NodeKind.AREA, "014"), ["E1", "E2", "E3", "E4", "E5"]),
        (Start(NodeKind.CONCEPT, "1"), ["E1", "E2", "E4", "E6"]),
        (Start(NodeKind.CONCEPT, "2"), ["E2", "E4", "E6"]),
    ],
)
async def test_a_hub_as_start_leads_to_its_events(database: Database, start: Start, events: list[str]) -> None:
    """An agency, an area or a form (narrower ones too) leads to its events in one hop, cut by the budget, counted."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    expected = sorted(event_id(name) for name in events)

    whole = await ego_network(store, actor=EVERYONE, start=start, depth=1)
    cut = await ego_network(store, actor=EVERYONE, start=start, depth=3, budget=2)

    assert whole.node_ids == (start.id, *expected)
    assert (whole.truncated, [target for _, target, _ in whole.edges]) == (False, [start.id] * len(expected))
    assert cut.node_ids == (start.id, expected[0])
    assert (cut.truncated, cut.counts_by_type["Event"]) == (True, len(expected))


async def test_of_a_large_hub_so_many_events_are_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of five, the same ones each time: the first by id of those are told, the others not counted."""
    await universe.build_universe(BoltCaseStore(database))
    monkeypatch.setattr(network, "HUB_EVENTS", 3)

    found = await ego_network(networks(database), actor=EVERYONE, start=Start(NodeKind.AREA, "014"), depth=1, budget=3)
    again = await ego_network(networks(database), actor=EVERYONE, start=Start(NodeKind.AREA, "014"), depth=1, budget=3)

    assert set(found.node_ids[1:]) < {event_id(name) for name in ("E1", "E2", "E3", "E4", "E5")}
    assert list(found.node_ids[1:]) == sorted(found.node_ids[1:])
    assert (len(found.node_ids), found.truncated, found.counts_by_type["Event"]) == (3, True, 3)
    assert again == found


async def test_a_window_hides_events_outside_it(database: Database) -> None:
    """In 2019 Kofi is in E1 and E2 only."""
    await universe.build_universe(BoltCaseStore(database))
    year = Window(1546300800000000, 1577836799999999)

    found = await ego_network(networks(database), actor=EVERYONE, start=person("kofi"), depth=1, within=Within(year))

    assert set(found.node_ids) == {person_id("kofi"), event_id("E1"), event_id("E2")}


async def test_relations_join_people_directly(database: Database) -> None:
    """Ada and Kofi are one relation apart where relations count."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(
        networks(database),
        actor=EVERYONE,
        start=person("ada"),
        depth=1,
        within=Within(edge_kinds=(EdgeKind.RELATED_TO,)),
    )

    assert list(found.edges) == [(person_id("ada"), person_id("kofi"), "RELATED_TO")]


async def test_a_start_outside_scope_is_unknown(database: Database) -> None:
    """People, events, agencies, and areas where the carer has no event, are as good as absent."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)

    for start in (
        person("ada"),
        Start(NodeKind.EVENT, event_id("E1")),
        Start(NodeKind.ENTITY, POLICE),
        Start(NodeKind.AREA, "KE-30"),
        Start(NodeKind.CONCEPT, "4"),
        Start(NodeKind.PERSON, "no-such-person"),
    ):
        with pytest.raises(RecordUnknown):
            await ego_network(store, actor=CARER, start=start)
    for start in (Start(NodeKind.AREA, "Kenya"), Start(NodeKind.CONCEPT, "99")):
        with pytest.raises(CodeUnknown):
            await ego_network(store, actor=CARER, start=start)


async def test_limits_are_named(database: Database) -> None:
    """Depth, budget and guard out of range are refused before anything is read; so is who may not explore."""
    store = networks(database)

    for depth, budget, within in (
        (7, 500, Within()),
        (0, 500, Within()),
        (2, 0, Within()),
        (2, -1, Within()),
        (2, 5001, Within()),
        (2, 500, Within(hub_limit=0)),
        (2, 500, Within(min_links=0)),
        (2, 500, Within(only_people=frozenset(map(str, range(5001))))),
    ):
        with pytest.raises(ArgumentOutOfRange):
            await ego_network(store, actor=EVERYONE, start=person("ada"), depth=depth, budget=budget, within=within)
    for within in (Within(Window(1, 0)), Within(ends=(NodeKind.PERSON,))):
        with pytest.raises(ArgumentsConflicting):
            await ego_network(store, actor=EVERYONE, start=person("ada"), within=within)
    with pytest.raises(NotAllowed):
        await ego_network(store, actor=STRANGER, start=person("ada"))


@pytest.mark.parametrize("seed", range(3))
async def test_both_engines_agree_with_the_oracle(database: Database, seed: int) -> None:
    """Random worlds, judgements, starts, depths, budgets, restrictions and scopes: every part of the answer."""
    records = two_agencies(seed)
    await store_world(database, records)
    dice = random.Random(seed)
    judgements = await store_judgements(database, records, dice)
    store = networks(database)

    for _ in range(60):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE]), (CARER, [SHELTER])))
        seen = oracle.in_scope(records, entities)
        within = draw_within(dice, seen)
        limits = {"depth": dice.randint(1, 6), "budget": dice.choice((1, 3, 9, 500))}
        graph = oracle.case_graph(seen, within=within, judgements=judgements)
        start = dice.choice(sorted(graph))

        found = await ego_network(
            store, actor=actor, start=Start(NodeKind(graph.nodes[start]["kind"]), start), within=within, **limits
        )

        expected = oracle.ego(graph, start, within=within, **limits)
        assert dict(zip(found.node_ids, found.distances, strict=True)) == expected.distances
        assert found.node_ids[0] == start
        assert list(found.node_ids[1:]) == sorted(found.node_ids[1:], key=lambda id_: (expected.distances[id_], id_))
        assert set(found.edges) == expected.edges
        assert {hub.id: hub.degree for hub in found.skipped_hubs} == expected.skipped
        assert (found.truncated, found.counts_by_type) == (expected.truncated, dict(expected.found))
        assert dict(zip(found.node_ids, found.clusters, strict=True)) == expected.clusters
        assert found.judged is within.judged


def draw_within(dice: random.Random, records: list[EventRecord]) -> Within:
    """Something that a caller may ask, often with nothing special."""
    people = sorted({part.person for record in records for part in record.participations if part.person})
    events = sorted(record.id for record in records)
    return Within(
        window=dice.choice((None, None, Window(1546300800000000, 1577836799999999))),
        edge_kinds=dice.choice((PARTICIPATION, EVERY_KIND, (EdgeKind.VICTIM_IN,))),
        only_people=dice.choice((None, None, frozenset(dice.sample(people, len(people) // 2)))),
        only_events=dice.choice((None, None, frozenset(dice.sample(events, len(events) // 2)))),
        avoid=frozenset(dice.choice(([], [], dice.sample(people, 2)))),
        forms=dice.choice(((), (), (), ("2", "5.4"))),
        areas=dice.choice(((), (), (), ("KE",))),
        min_links=dice.choice((1, 1, 2, 3)),
        hub_limit=dice.choice((2, 5, 100)),
        judged=dice.choice((Judged.APART, Judged.TOGETHER)),
    )


async def test_records_outside_scope_change_no_answer(database: Database) -> None:
    """Inserting another agency's records, in the same areas and forms, leaves every answer as it was."""
    await store_world(database, random_world(7, events=20, people=10))
    store = networks(database)
    starts = [
        *(
            Start(NodeKind.PERSON, part.person)
            for r in random_world(7, events=20, people=10)
            for part in r.participations
            if part.person
        ),
        Start(NodeKind.AREA, "KE"),
        Start(NodeKind.CONCEPT, "2.1"),
    ]

    async def answers() -> list[Subgraph]:
        return [
            await ego_network(
                store,
                actor=OFFICER,
                start=start,
                depth=3,
                budget=12,
                within=Within(hub_limit=4, edge_kinds=EVERY_KIND, min_links=2, ends=HUBS),
            )
            for start in starts[::3]
        ]

    before = await answers()
    await store_world(database, random_world(8, events=40, people=5, entity=EntityId(SHELTER), name="s"))

    assert await answers() == before


async def test_what_the_question_itself_left_out_is_counted(database: Database) -> None:
    """Of Kofi's E1, E2 and E4 what is avoided, elsewhere or loosely linked; not what does not exist for it."""
    await universe.build_universe(BoltCaseStore(database))

    async def hidden(within: Within, depth: int = 1) -> tuple[int, int]:
        found = await ego_network(networks(database), actor=OFFICER, start=person("kofi"), depth=depth, within=within)
        return found.hidden, found.counts_by_type.get("Event", 0)

    assert await hidden(Within()) == (0, 3)
    assert await hidden(Within(avoid=frozenset({event_id("E1"), event_id("E5")}))) == (1, 2)
    assert await hidden(Within(areas=("UG",))) == (2, 1)
    assert await hidden(Within(min_links=3)) == (1, 2)
    assert await hidden(Within(only_events=frozenset({event_id("E1")}))) == (0, 1)
    together = Within(judged=Judged.TOGETHER, avoid=frozenset({event_id("E2")}))
    assert await hidden(together, 3) == (1, 2)
