"""Paths between two records, on both engines, against literals and against the oracle."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.access.scope import scope_parameter
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, RecordUnknown
from registry.network.confidence import Confidence, Statement, confidence_of
from registry.network.meeting import Meeting
from registry.network.model import EdgeKind, Judged, NodeKind, Start, Window, Within
from registry.network.path_model import Limit, Link, Outcome, Paths
from registry.network.paths import shortest_paths
from registry.network.ports import NetworkStore, View
from registry.network.queries import ego_network, paths
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.bolt.network import BoltNetworkStore
from tests import oracle, universe
from tests.network.test_ego_network import draw_within, person, store_judgements, store_world
from tests.network.test_judgements import ADA_IS_XIA, judge
from tests.universe import CARER, EVERYONE, OFFICER, POLICE, SHELTER, event_id, networks, person_id, when
from tests.worlds import random_world, two_agencies


async def ask(database: Database, one: Start, other: Start, **question: object) -> Paths:
    """The paths for somebody who sees everything."""
    return await paths(networks(database), **{"actor": EVERYONE, "source": one, "target": other, **question})  # type: ignore[arg-type]


def names(*told: str) -> tuple[str, ...]:
    """Ids by their names in the drawing."""
    return tuple(event_id(name) if name[0] == "E" else person_id(name) for name in told)


async def nothing_ahead(store: BoltNetworkStore, *_: object, **__: object) -> tuple[BoltNetworkStore, None]:
    """The store as it is, asked hop by hop."""
    return store, None


async def test_paths_come_with_their_evidence(database: Database) -> None:
    """Cora to Dan: over Ben or Lena in E3, E2, Kofi and the star; who reported each hop, when, how sure."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database, person("cora"), person("dan-1"), most=2)

    ways = [names("cora", "E3", via, "E2", "kofi", "E4", "dan-1") for via in ("ben", "lena")]
    assert [path.nodes for path in found.paths] == sorted(ways)
    assert (found.outcome, found.limits) == (Outcome.FOUND, ())
    first, last = found.paths[0].hops[0], found.paths[0].hops[-1]
    assert first.links == (Link(person_id("cora"), event_id("E3"), "VICTIM_IN"),)
    (shown,) = first.evidence
    assert (shown.event, shown.entity, shown.recorded, shown.confidence) == (
        event_id("E3"), POLICE, "2020", Confidence.REPORTED
    )  # fmt: skip
    assert shown.grounds == ("no-status", "synthetic")
    assert last.evidence[0].grounds == ("actual", "synthetic")
    assert found.paths[0].confidence is Confidence.REPORTED
    assert set(found.network.node_ids) == {node for way in ways for node in way}
    assert found.network.truncated is False


async def test_hubs_end_the_paths_when_asked(database: Database) -> None:
    """The agency of the events on the way, by name; it is on no path."""
    await universe.build_universe(BoltCaseStore(database))

    plain = await ask(database, person("cora"), person("dan-1"))
    found = await ask(database, person("cora"), person("dan-1"), within=Within(ends=(NodeKind.ENTITY,)))

    assert found.paths == plain.paths
    assert found.network.node_ids == (*plain.network.node_ids, POLICE)
    assert found.network.node_kinds[-1] is NodeKind.ENTITY


async def test_a_hub_in_the_way_is_told_with_its_links(database: Database) -> None:
    """Kofi, who takes part three times, joins Ada and Dan; links are counted no further than asked."""
    await universe.build_universe(BoltCaseStore(database))
    within = Within(hub_limit=2)

    kofi = person_id("kofi")
    found = await ask(database, person("ada"), person("dan-1"), within=within)
    view = View(scope_parameter(EVERYONE.scope), within)
    counted = [await networks(database).links.degrees(NodeKind.PERSON, [kofi], view, most=most) for most in (2, 9)]

    assert (found.outcome, found.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HUBS,))
    assert [hub.degree for hub in found.network.skipped_hubs if hub.id == kofi] == [3]
    assert counted == [{kofi: 2}, {kofi: 3}]


async def test_no_path_is_told_from_no_path_within_limits(database: Database) -> None:
    """The shelter's people hang together with nobody else; limits of budget, hops and hubs say so by name."""
    await universe.build_universe(BoltCaseStore(database))

    apart = await ask(database, person("ada"), person("xia"))
    short = await ask(database, person("cora"), person("dan-1"), longest=4)
    poor = await ask(database, person("cora"), person("dan-1"), budget=4)
    hub = await ask(database, person("ada"), person("dan-1"), within=Within(hub_limit=5))
    through = await ask(database, person("dan-2"), person("dan-1"), within=Within(hub_limit=5))

    assert (apart.outcome, apart.limits) == (Outcome.NONE, ())
    assert (short.outcome, short.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HOPS,))
    assert (poor.outcome, poor.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.BUDGET,))
    for closed in (hub, through):
        assert (closed.outcome, closed.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HUBS,))
        assert [(each.id, each.degree, each.counted) for each in closed.network.skipped_hubs] == [
            (event_id("E4"), 6, False)
        ]
    assert apart.network.visited == 6  # two hops from either end, one request, and the smaller side to its end


CHAINS = NamedQuery(
    name="chains",
    text="UNWIND $links AS link MERGE (p:Person {id: link[0]}) SET p.entity = $entity "
    "MERGE (e:Event {id: link[1]}) SET e.entity = $entity, e.holder = $entity, e.marks = 0 "
    "MERGE (p)-[:VICTIM_IN {key: link[0] + ' ' + link[1]}]->(e)",
    parameters={"entity": "string", "links": "list of list of string"},
    writes=True,
    one=False,
)


async def test_paths_that_the_budget_may_have_hidden_are_told_as_such(database: Database) -> None:
    """Two people with an event of both, and eight chains between them: whatever the budget, the first paths there are,
    or that it ended the search."""
    links = [["s", "e0"], ["t", "e0"]]
    links += [
        link for n in "12345678" for link in (["s", "a" + n], ["x" + n, "a" + n], ["x" + n, "b" + n], ["t", "b" + n])
    ]
    await database.execute(CHAINS, {"entity": POLICE, "links": links})
    ends = (Start(NodeKind.PERSON, "s"), Start(NodeKind.PERSON, "t"))

    for most in (2, 4):
        whole = await ask(database, *ends, most=most, budget=5000)
        told = [await ask(database, *ends, most=most, budget=budget) for budget in range(4, 36)]
        honest = [found.paths == whole.paths or Limit.BUDGET in found.limits for found in told]

        assert [path.nodes for path in whole.paths][:2] == [("s", "e0", "t"), ("s", "a1", "x1", "b1", "t")]
        assert (whole.outcome, whole.limits) == (Outcome.FOUND, ())
        assert all(honest)
        assert (Limit.BUDGET in told[0].limits, told[-1].limits) == (True, ())


async def test_ends_judged_the_same_are_left_out_by_no_restriction(database: Database) -> None:
    """Ada and Xia are one person, whatever is avoided and however seldom Xia takes part."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, ADA_IS_XIA)

    for within in (Within(), Within(min_links=2), Within(avoid=frozenset([person_id("xia")]))):
        found = await ask(database, person("ada"), person("xia"), within=replace(within, judged=Judged.TOGETHER))
        assert (found.outcome, [len(path.nodes) for path in found.paths]) == (Outcome.FOUND, [1])
        assert (found.network.hidden, found.network.visited) == (0, 0)


async def test_a_path_in_time_never_runs_back(database: Database) -> None:
    """From the first event of 2019 to the star of 2020 events can follow each other; back they cannot."""
    await universe.build_universe(BoltCaseStore(database))

    onward = await ask(database, person("ada"), person("dan-1"), in_time=True)
    back = await ask(database, person("dan-1"), person("ada"), in_time=True, longest=12)

    assert [path.nodes for path in onward.paths][:2] == sorted(
        names("ada", event, "kofi", "E4", "dan-1") for event in ("E1", "E2")
    )
    assert (back.outcome, back.paths) == (Outcome.NONE, ())


@pytest.mark.parametrize(
    ("dates", "onward", "back"),
    [
        ({"dab": "2016-03", "dat": "2021-05-05"}, True, True),
        ({"dab": "2016-03"}, True, True),
        ({"dab": "2016-03", "dae": "2017"}, False, True),
        ({"dab": "2016-03", "dat": "2017"}, False, True),
        ({"dab": "2019", "dat": "2021-05-05"}, True, False),
        ({"dae": "2021"}, True, True),
        ({"dae": "2016"}, False, True),
    ],
)
async def test_an_end_or_beginning_that_is_not_told_contradicts_no_order(
    database: Database, dates: dict[str, str], onward: bool, back: bool
) -> None:
    """Ann and Max in 2018, Max and Bea in an event told in part: it may have gone on until it was recorded."""
    first = universe.event(
        "e1", universe.victim("ann", "v1"), universe.perpetrator("max", "p1"), dat=when("2018-01-01")
    )
    told = {variable: when(text) for variable, text in dates.items()}
    second = universe.event("e2", universe.victim("bea", "v1"), universe.perpetrator("max", "p1"), **told)  # type: ignore[arg-type]
    await store_world(database, [first, second])

    there = await ask(database, person("ann"), person("bea"), in_time=True)
    here = await ask(database, person("bea"), person("ann"), in_time=True)

    assert (bool(there.paths), bool(here.paths)) == (onward, back)


JUNE_TO_DECEMBER_2016 = Window(1464739200000000, 1483228799999999)


async def test_a_begun_event_may_have_lasted_until_it_was_recorded(database: Database) -> None:
    """A window finds it between; an event that tells neither its end nor its recording is known of its beginning."""
    told = universe.event("e2", universe.victim("ann", "v1"), dab=when("2016-03"), dat=when("2021-05-05"))
    unrecorded = universe.event("e3", universe.victim("ann", "v1"), dab=when("2016-03"))
    await store_world(database, [told, unrecorded])

    network = await ego_network(
        networks(database), actor=EVERYONE, start=person("ann"), depth=1, within=Within(JUNE_TO_DECEMBER_2016)
    )

    assert list(network.node_ids[1:]) == [told.id]


async def test_restrictions_leave_out_nodes_of_a_path(database: Database) -> None:
    """Without Ben over Lena; only forms of labour leave no way; only in a year that has none of the star."""
    await universe.build_universe(BoltCaseStore(database))
    ends = (person("cora"), person("dan-1"))

    without = await ask(database, *ends, within=Within(avoid=frozenset([person_id("ben")])))
    labour = await ask(database, *ends, within=Within(forms=("2",)))
    kenya = await ask(database, *ends, within=Within(areas=("014",)))
    year = await ask(database, *ends, within=Within(Window(1546300800000000, 1577836799999999)))

    assert {path.nodes[2] for path in without.paths} == {person_id("lena")}
    assert (labour.outcome, year.outcome) == (Outcome.NONE, Outcome.NONE)
    assert kenya.outcome is Outcome.FOUND


async def test_what_the_question_itself_left_out_is_counted(database: Database) -> None:
    """Ben, whom it avoids; nobody where nothing is left out."""
    await universe.build_universe(BoltCaseStore(database))
    ends = (person("cora"), person("dan-1"))

    assert (await ask(database, *ends, most=1)).network.hidden == 0
    assert (await ask(database, *ends, most=1, within=Within(avoid=frozenset([person_id("ben")])))).network.hidden == 1


async def test_relations_are_shown_by_the_events_that_tell_of_them(database: Database) -> None:
    """Ada and Kofi are one relation apart, told by E1."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database, person("ada"), person("kofi"), most=1, within=Within(edge_kinds=(EdgeKind.RELATED_TO,)))

    assert [path.nodes for path in found.paths] == [names("ada", "kofi")]
    assert [each.event for each in found.paths[0].hops[0].evidence] == [event_id("E1")]


async def test_an_end_that_is_not_there_is_unknown(database: Database) -> None:
    """Hidden or absent, at either end, after as many requests; bad arguments are refused before any."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)

    for hidden in (person("xia"), Start(NodeKind.PERSON, "no-such-person")):
        for ends in ((hidden, person("ada")), (person("ada"), hidden)):
            with pytest.raises(RecordUnknown):
                await paths(store, actor=OFFICER, source=ends[0], target=ends[1])
    for other in (person("ada"), Start(NodeKind.AREA, "KE")):
        with pytest.raises(ArgumentsConflicting):
            await paths(store, actor=EVERYONE, source=person("ada"), target=other)
    for most, longest, budget in ((0, 8, 500), (21, 8, 500), (3, 0, 500), (3, 13, 500), (3, 8, 0), (3, 8, 10**9)):
        with pytest.raises(ArgumentOutOfRange):
            await paths(
                store, actor=EVERYONE, source=person("ada"), target=person("kofi"),
                most=most, longest=longest, budget=budget,
            )  # fmt: skip


@pytest.mark.parametrize("seed", [5, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 30))])
async def test_a_meeting_is_what_the_search_comes_to(
    database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People at most four hops apart: paths, evidence and account are those of the search hop by hop, under any budget,
    hub guard and filter of events; and meetings answered many of the questions."""
    records = random_world(seed, events=30, people=25)
    await store_world(database, records)
    graph = nx.Graph(oracle.case_graph(records).to_undirected())
    people = sorted({part.person for record in records for part in record.participations if part.person})
    near = {one: nx.single_source_shortest_path_length(graph, one, cutoff=4) for one in people}
    pairs = [(one, other) for one in people for other in people if one != other and other in near[one]]
    dice, hops = random.Random(seed), []
    between = BoltNetworkStore.between

    async def noted(store: BoltNetworkStore, *asked: Any, **more: Any) -> tuple[NetworkStore, Meeting | None]:
        ahead, meeting = await between(store, *asked, **more)
        hops.append(meeting.hops if meeting else 0)
        return ahead, meeting

    for _ in range(80):
        one, other = (Start(NodeKind.PERSON, id_) for id_ in dice.choice(pairs))
        within = Within(
            forms=dice.choice(((),) * 5 + (("2",),)),
            hub_limit=dice.choice((3, 5, 7, 100, 100, 100)),
        )
        question = {
            "most": dice.choice((1, 1, 2, 3)),
            "budget": dice.choice((5, 12, 20, 30, 40, 500)),
            "within": within,
        }
        with monkeypatch.context() as patch:
            patch.setattr(BoltNetworkStore, "between", noted)
            found = await ask(database, one, other, **question)
        with monkeypatch.context() as patch:
            patch.setattr(BoltNetworkStore, "between", nothing_ahead)
            assert found == await ask(database, one, other, **question)
    assert min(hops.count(2), hops.count(4)) > 2


@pytest.mark.parametrize("seed", range(2))
async def test_both_engines_find_the_paths_of_the_oracle(
    database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random worlds, judgements, restrictions, orders of time and scopes."""
    records = two_agencies(seed)
    await store_world(database, records)
    dice = random.Random(seed)
    judgements = await store_judgements(database, records, dice)
    store = networks(database)

    for _ in range(50):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE]), (CARER, [SHELTER])))
        seen = oracle.in_scope(records, entities)
        within = draw_within(dice, seen)
        graph = oracle.case_graph(seen, within=within, judgements=judgements)
        one, other = dice.sample(sorted(graph), 2)
        starts = [Start(NodeKind(graph.nodes[id_]["kind"]), id_) for id_ in (one, other)]
        most, longest, in_time = dice.randint(1, 4), dice.randint(1, 6), dice.random() < 0.4

        found = await paths(
            store, actor=actor, source=starts[0], target=starts[1], within=within,
            most=most, longest=longest, in_time=in_time,
        )  # fmt: skip

        with monkeypatch.context() as patch:
            patch.setattr(BoltNetworkStore, "between", nothing_ahead)
            alone = await paths(
                store, actor=actor, source=starts[0], target=starts[1], within=within,
                most=most, longest=longest, in_time=in_time,
            )  # fmt: skip
        assert found == alone  # what was read ahead changes no answer
        expected = oracle.simple_paths(graph, one, other, longest=longest, in_time=in_time, within=within)
        assert [path.nodes for path in found.paths] == expected[:most]
        anywhere = oracle.simple_paths(graph, one, other, longest=9, in_time=in_time, within=within)
        if found.outcome is Outcome.NONE:
            assert anywhere == []
        if found.outcome is Outcome.FOUND and not found.limits and len(found.paths) < most:
            assert anywhere == expected
        for path in found.paths:
            for hop in path.hops:
                assert hop.evidence
                assert {each.event for each in hop.evidence} <= {record.id for record in seen}


@given(seed=st.integers(0, 10**6), nodes=st.integers(2, 9), ties=st.integers(1, 20), most=st.integers(1, 4))
def test_hubs_in_the_way_are_those_before_the_last_path(seed: int, nodes: int, ties: int, most: int) -> None:
    """Paths are read in order; a hub is told when the first path through it is come to, and then leads nowhere."""
    dice = random.Random(seed)
    drawn = nx.relabel_nodes(nx.gnm_random_graph(nodes, ties, seed=seed), str)
    near = {node: sorted(drawn[node]) for node in sorted(drawn)}
    hubs = frozenset(node for node in sorted(near)[2:] if dice.random() < 0.4)

    found = shortest_paths(near, "0", "1", most=most, longest=6, hubs=hubs)

    paths: list[tuple[str, ...]] = []
    told = set[str]()
    for way in sorted(map(tuple, nx.all_simple_paths(drawn, "0", "1", cutoff=6)), key=lambda way: (len(way), way)):
        if len(paths) == most or told.intersection(way):
            continue
        told |= hubs.intersection(way)
        paths += [] if hubs.intersection(way) else [way]
    assert (found.paths, found.hubs) == (paths, told)


@given(seed=st.integers(0, 10**6), nodes=st.integers(2, 9), ties=st.integers(1, 20), timed=st.booleans())
def test_the_first_paths_are_those_of_networkx(seed: int, nodes: int, ties: int, timed: bool) -> None:
    """On random graphs, with events' spans and without: the same paths in the same order."""
    dice = random.Random(seed)
    graph = nx.gnm_random_graph(nodes, ties, seed=seed)
    drawn = nx.relabel_nodes(graph, {node: f"n{node}" for node in graph})
    near = {node: sorted(drawn[node]) for node in sorted(drawn)}
    spans = {node: [(low := dice.randint(0, 9), low + dice.randint(0, 3))] for node in near if dice.random() < 0.5}

    found = shortest_paths(near, "n0", "n1", most=5, longest=6, spans=spans if timed else None)

    expected = sorted(map(tuple, nx.all_simple_paths(drawn, "n0", "n1", cutoff=6)), key=lambda way: (len(way), way))
    timely = [way for way in expected if not timed or oracle._runs(way, {k: list(v) for k, v in spans.items()})]
    assert found.paths == timely[:5]
    assert all(b in near[a] for way in found.paths for a, b in pairwise(way))


@pytest.mark.parametrize(
    ("statements", "source", "level", "grounds"),
    [
        ([], "administrative", Confidence.REPORTED, ("no-status", "administrative")),
        ([Statement("actual", official=True)], "administrative",
         Confidence.CONFIRMED, ("actual", "official", "administrative")),
        ([Statement("actual", official=True)], "survey", Confidence.REPORTED, ("actual", "official", "survey")),
        ([Statement("actual", official=False)], "administrative", Confidence.REPORTED, ("actual", "administrative")),
        ([Statement("actual", official=False), Statement("possible", official=False)], "administrative",
         Confidence.POSSIBLE, ("actual", "possible", "administrative")),
        ([Statement("actual", official=False), Statement("not-trafficking", official=True)], None,
         Confidence.REFUTED, ("not-trafficking", "official", "no-source-type")),
    ],
)  # fmt: skip
def test_confidence_says_what_it_rests_on(
    statements: list[Statement], source: str | None, level: Confidence, grounds: tuple[str, ...]
) -> None:
    """Official statements alone where there are any; the lowest of those that count; records of surveys are capped."""
    assert confidence_of(statements, source) == (level, grounds)
