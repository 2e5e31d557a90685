"""The whole graph analysed offline: against networkx, on both engines, and read with the right to all that fed it."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from registry.access.actions import Act
from registry.access.actor import Actor, Right, Scope, Sensitivity
from registry.access.audit import Circumstances
from registry.access.scope import Placed, sees
from registry.cases import actions
from registry.classification.paging import PageRequest, question_fingerprint, write_cursor
from registry.errors import (
    AnalysisUnknown,
    ArgumentOutOfRange,
    ArgumentsConflicting,
    CursorForeign,
    MemoryShort,
    NotAllowed,
)
from registry.identifiers import EntityId, EventId, Notation
from registry.network import analysis_queries
from registry.network.analysis import (
    Analysis,
    AnalysisWish,
    GrowingGraph,
    Measured,
    MeasureOrder,
    analyse,
    explained,
    fed_by,
    may_read,
    memory_needed,
)
from registry.network.analysis_actions import plan, remove_analysis, run_analysis
from registry.network.analysis_ports import MeasureFilter
from registry.network.model import NodeKind
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.id_ranges import id_ranges
from tests import universe
from tests.referrals import hand_over
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER, POLICE, SHELTER, batch_of, event_id, person_id

GIBIBYTE = 2**30
WHOLE = AnalysisWish()
UNREAD: Any = None
"""A store that answers nothing: whoever reads it fails otherwise than by a refusal."""


def act(id_: str = "a1", *, actor: Actor = EVERYONE, at: int = 1_000) -> Act:
    """The job's act; its id becomes the analysis'."""
    return Act(actor, Circumstances("job", "network analyse", at), id_)


def random_graph(seed: int, *, events: int = 60) -> GrowingGraph:
    """A graph as pages bring it."""
    dice = random.Random(seed)
    graph = GrowingGraph()
    for event in range(events):
        people = [f"p{int(50 * dice.random() ** 1.6):03}" for _ in range(dice.choice((0, 1, 1, 2, 3)))]
        graph.add(f"e{event:03}", ("ke-police", None, 0), people)
    graph.close()
    return graph


@pytest.mark.parametrize("seed", range(6))
def test_the_whole_graph_is_measured_as_networkx_measures_it(seed: int) -> None:
    """Components by size, degree, betweenness and cut points of people, modularity; a doubled link counts once."""
    grown = random_graph(seed)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(grown.ids)
    graph.add_edges_from(
        (grown.ids[one], grown.ids[other]) for one, other in zip(grown.ends[::2], grown.ends[1::2], strict=True)
    )

    found = analyse(grown, WHOLE)

    results = {grown.ids[vertex]: found.measured(vertex) for vertex in range(len(grown.ids))}
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    assert {id_: (r.component, r.component_size) for id_, r in results.items()} == {
        id_: (number, len(part)) for number, part in enumerate(parts, 1) for id_ in part
    }
    people = {id_ for id_ in graph if id_.startswith("p")}
    between = nx.betweenness_centrality_subset(graph, people, people)
    for id_, result in results.items():
        assert result.degree == graph.degree(id_)
        assert result.betweenness == pytest.approx(between[id_], abs=1e-6)
        rest = graph.subgraph(parts[result.component - 1] - {id_})
        assert result.is_articulation == (sum(not people.isdisjoint(p) for p in nx.connected_components(rest)) > 1)
    groups: dict[int, set[str]] = {}
    for id_, result in results.items():
        groups.setdefault(result.community, set()).add(id_)
    assert found.modularity == pytest.approx(nx.community.modularity(graph, groups.values()))
    assert (found.components, found.communities) == (len(parts), len(groups))


def test_betweenness_is_exact_in_small_components_beside_a_large_one() -> None:
    """A sample of the whole graph would miss most of them, and say of who holds one together that no path does."""
    graph = random_graph(3, events=2_500)
    for event in range(3):
        graph.add(f"small{event}", ("k", None, 0), ["hub", f"ray{event}"])
    graph.close()

    found = analyse(graph, AnalysisWish(sources=1))

    results = {graph.ids[vertex]: found.measured(vertex) for vertex in range(len(graph.ids))}
    assert not found.is_betweenness_exact
    assert (results["hub"].component_size, results["hub"].betweenness) == (7, 3.0)
    assert (results["small0"].betweenness, results["ray0"].betweenness) == (3.0, 0.0)


def test_estimated_betweenness_is_exact_when_every_vertex_is_a_source() -> None:
    """And near it, in order, from half of them."""
    graph = random_graph(3, events=900)
    exact = analyse(graph, AnalysisWish(sources=10_000))
    assert exact.is_betweenness_exact
    top = sorted(range(len(graph.ids)), key=lambda vertex: -exact.betweenness[vertex])[:5]

    big = random_graph(3, events=2_500)
    estimated = analyse(big, AnalysisWish(sources=len(big.ids) // 2))
    whole = analyse(big, AnalysisWish(sources=len(big.ids)))

    assert (estimated.is_betweenness_exact, whole.is_betweenness_exact) == (False, True)
    most = max(range(len(big.ids)), key=lambda vertex: whole.betweenness[vertex])
    assert estimated.betweenness[most] == pytest.approx(whole.betweenness[most], rel=0.2)
    assert len(top) == 5


@pytest.mark.parametrize("events", [0, 1, 100_000, 1_000_000, 50_000_000])
def test_pages_of_events_cover_every_id_once(events: int) -> None:
    """From before the first letter to after the last, each range beginning where the one before ends."""
    ranges = list(id_ranges(events))

    assert (ranges[0][0], ranges[-1][1]) == ("", "~")
    assert all(one[1] == other[0] for one, other in pairwise(ranges))
    assert all(low < high for low, high in ranges)
    assert len(ranges) <= 4096
    assert len(ranges) * 2_000 / max(events, 2_000) > 0.9 or len(ranges) == 4096


def test_results_say_why_they_count() -> None:
    """Of people and events; estimated where it is; what alone is is said at once."""
    whole = Analysis("a", 1, "me", "igraph", 1, WHOLE, 3_000, 2_000, 6_000, 9, 20, 0.5, True, fed_by(set()))
    sampled = replace(whole, is_betweenness_exact=False)
    person = Measured("p", NodeKind.PERSON, 1, 40, 1, 7, 0.1, 12.25, 4)
    among_many = replace(person, component_size=2_001)
    event = Measured("e", NodeKind.EVENT, 1, 40, 1, 1, 0.1, 0.0, 0)

    assert explained(person, whole).because == (
        "linked with 7 events, one of 40 people and events that hang together",
        "on the shortest paths of 12.2 pairs of other people",
        "removing this person cuts off 4 people from the largest rest",
    )
    assert explained(person, sampled).because[1] == "on the shortest paths of 12.2 pairs of other people"
    assert explained(replace(among_many, cut_off=1, degree=1), sampled).because == (
        "linked with 1 event, one of 2001 people and events that hang together",
        "on the shortest paths of 12.2 pairs of other people, estimated from 200 people",
        "removing this person cuts off 1 person from the largest rest",
    )
    assert explained(replace(person, cut_off=0), whole).because[2] == "removing this person cuts off nobody"
    assert explained(event, whole).because == (
        "linked with 1 person, one of 40 people and events that hang together",
        "on no shortest path between people",
        "removing this event cuts off nobody",
    )
    assert explained(replace(event, component_size=1, degree=0), whole).because == ("linked with 0 people",)


def test_ranks_are_of_people_the_highest_first() -> None:
    """Ties by id; an event has none."""
    graph = GrowingGraph()
    graph.add("e1", ("k", None, 0), ["ann", "bea", "bea"])
    graph.add("e2", ("k", None, 0), ["bea"])

    ranks = analyse(graph, WHOLE).ranks(MeasureOrder.DEGREE)

    assert dict(zip(graph.ids, ranks, strict=True)) == {"e1": -1, "ann": 1, "bea": 0, "e2": -1}


@pytest.mark.parametrize("seed", range(40))
def test_who_may_read_is_who_sees_every_record(seed: int) -> None:
    """The stored summary of what went in decides as asking of each record would, grants of single cases aside."""
    dice = random.Random(seed)
    places = {
        (dice.choice(("a", "b", "c")), dice.choice(("", "KE", "UG")), dice.randrange(8))
        for _ in range(dice.choice((0, 1, 2, 6)))
    }
    scope = Scope(
        entities=dice.choice((None, frozenset(map(EntityId, dice.sample("abc", dice.randint(1, 3)))))),
        countries=dice.choice((None, frozenset(map(Notation, ("KE", "UG"))), frozenset({Notation("KE")}))),
        tiers=frozenset(kind for kind in Sensitivity if dice.random() < 0.8),
        cases=None,
    )

    every = all(sees(scope, Placed("e", holder, country or None, marks)) for holder, country, marks in places)

    assert may_read(scope, fed_by(places)) == every
    assert not may_read(replace(scope, cases=frozenset({EventId("event-01")})), fed_by(places))


async def test_results_are_filtered_sorted_and_paged(database: Database) -> None:
    """The universe: two parts of ke-police hang together through ben and lena, the shelter's stand alone."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltAnalysisStore(database)

    made = await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act(), keep=2)

    assert (made.people, made.events, made.links) == (14, 6, 19)
    assert (made.id, made.at, made.by, made.revision) == ("a1", 1_000, EVERYONE.name, 2)
    assert (await analysis_queries.analysis(store, actor=EVERYONE)) == made
    first = await analysis_queries.measures(store, made, page=PageRequest(first=14), actor=EVERYONE)
    rest = await analysis_queries.measures(
        store, made, page=PageRequest(first=14, after=first.end_cursor), actor=EVERYONE
    )
    everybody = [*first.nodes, *rest.nodes]
    assert [(each.component, each.component_size) for each in everybody] == [
        *[(1, 15)] * 15, *[(2, 3)] * 3, *[(3, 2)] * 2,
    ]  # fmt: skip
    assert (first.has_next, rest.has_next) == (True, False)
    by_cut = await analysis_queries.measures(
        store, made, MeasureOrder.CUT_OFF, page=PageRequest(first=2), actor=EVERYONE
    )
    first_cut = by_cut.nodes[0]
    assert (first_cut.record, first_cut.kind, first_cut.cut_off) == (person_id("kofi"), NodeKind.PERSON, 4)
    cut = await analysis_queries.measures(
        store, made, MeasureOrder.DEGREE, MeasureFilter(component=1, least_degree=2), actor=EVERYONE
    )
    assert cut.nodes[0].record == person_id("kofi")
    assert {each.record for each in cut.nodes} == {person_id(name) for name in ("kofi", "ada", "ben", "lena")}
    second = MeasureFilter(component=2)
    page = await analysis_queries.measures(store, made, where=second, page=PageRequest(first=2), actor=EVERYONE)
    last = await analysis_queries.measures(
        store, made, where=second, page=PageRequest(first=2, after=page.end_cursor), actor=EVERYONE
    )
    members = sorted([event_id("E5"), person_id("xia"), person_id("kurt")])
    assert ([each.record for each in (*page.nodes, *last.nodes)], last.has_next) == (members, False)
    with pytest.raises(ArgumentsConflicting):
        await analysis_queries.measures(store, made, page=PageRequest(last=2), actor=EVERYONE)


async def test_apart_is_proved_only_while_nothing_changed(database: Database) -> None:
    """Ada and Xia are in two components; after any delivery the analysis proves nothing more."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    store = BoltAnalysisStore(database)
    await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act(), keep=1)
    ada, xia, cora = (person_id(name) for name in ("ada", "xia", "cora"))

    assert await analysis_queries.are_apart(store, ada, xia, actor=EVERYONE)
    assert not await analysis_queries.are_apart(store, ada, cora, actor=EVERYONE)
    assert not await analysis_queries.are_apart(store, ada, "nobody", actor=EVERYONE)
    assert not await analysis_queries.are_apart(store, ada, xia, actor=OFFICER)
    changed = replace(universe.police_events()[0], forms=(Notation("4"),))
    await actions.store_events(cases, CODEBOOK, batch_of(POLICE), [changed], actor=EVERYONE)
    assert not await analysis_queries.are_apart(store, ada, xia, actor=EVERYONE)


async def test_an_analysis_is_not_there_for_who_may_not_see_all_of_it(database: Database) -> None:
    """Not in the list, by id or by default; one of their own agency's records alone is, and names no other record."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltAnalysisStore(database)
    await run_analysis(store, AnalysisWish(entities=frozenset({POLICE})), memory=GIBIBYTE, act=act("own"), keep=1)
    whole = await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act("whole", at=2_000), keep=1)

    assert [each.id for each in await analysis_queries.analyses(store, actor=EVERYONE)] == ["whole", "own"]
    assert [each.id for each in await analysis_queries.analyses(store, actor=OFFICER)] == ["own"]
    assert (await analysis_queries.analysis(store, actor=OFFICER)).events == 4
    assert await analysis_queries.analyses(store, actor=CARER) == ()
    for reader in (OFFICER, CARER):
        with pytest.raises(AnalysisUnknown):
            await analysis_queries.measures(store, whole, actor=reader)
    with pytest.raises(AnalysisUnknown):
        await analysis_queries.analysis(store, "no-such", actor=OFFICER)
    with pytest.raises(NotAllowed):
        await analysis_queries.analyses(store, actor=replace(OFFICER, rights=frozenset({Right.READ_CASES})))


FORGED = (
    ("", "~", "000000000", "a-whole|000000000", "own|", "own|-00000001", "own|٠٠٠٠٠٠٠٠٠"),
    ("", "own|000000000", "a-whole|000000001|000000000", "own|000000000|000000000"),
)
"""Places that are none of the officer's analysis; none of the first component of it."""


async def test_a_forged_cursor_leads_to_no_other_analysis(database: Database) -> None:
    """A cursor is no secret: whoever may read one analysis can write a place of another into hers."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltAnalysisStore(database)
    await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act("a-whole"), keep=1)
    own = await run_analysis(
        store, AnalysisWish(entities=frozenset({POLICE})), memory=GIBIBYTE, act=act("own", at=2_000), keep=1
    )
    wheres = [(None, order) for order in MeasureOrder] + [(MeasureFilter(component=1), MeasureOrder.COMPONENT)]
    for where, order in wheres:
        for place in FORGED[where is not None]:
            forged = write_cursor((place,), question_fingerprint("measures", (own.id, order, where), ()))
            with pytest.raises(CursorForeign):
                await analysis_queries.measures(store, own, order, where, PageRequest(after=forged), actor=OFFICER)


@pytest.mark.parametrize("agencies", [{SHELTER}, {SHELTER, POLICE}], ids=["alone", "beside one's own"])
async def test_that_an_agency_holds_nothing_is_not_told_to_others(database: Database, agencies: set[EntityId]) -> None:
    """An analysis of its records is not there for who would see none of them, whether or not there are any."""
    cases = BoltCaseStore(database)
    store, wish = BoltAnalysisStore(database), AnalysisWish(entities=frozenset(agencies))
    await actions.store_events(cases, CODEBOOK, batch_of(POLICE), universe.police_events(), actor=EVERYONE)

    made = await run_analysis(store, wish, memory=GIBIBYTE, act=act(), keep=1)

    assert await analysis_queries.analyses(store, actor=OFFICER) == ()
    assert await analysis_queries.analyses(store, actor=EVERYONE) == (made,)


async def test_a_record_that_changes_hands_takes_the_analysis_along(database: Database) -> None:
    """After a referral its analysis asks for the right to the receiver's records; one that never went in changes
    nothing."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    store = BoltAnalysisStore(database)
    own = AnalysisWish(entities=frozenset({POLICE}))
    await run_analysis(store, own, memory=GIBIBYTE, act=act("own"), keep=1)
    await hand_over(database, EventId(event_id("E6")), giver=CARER, receiver=OFFICER)
    assert len(await analysis_queries.analyses(store, actor=OFFICER)) == 1

    await hand_over(database, EventId(event_id("E1")), giver=OFFICER, receiver=CARER)

    assert await analysis_queries.analyses(store, actor=OFFICER) == ()
    assert [each.id for each in await analysis_queries.analyses(store, actor=EVERYONE)] == ["own"]


async def test_a_changed_record_widens_what_its_analysis_asks_for(database: Database) -> None:
    """E5 was an adult's; told to be a minor's it feeds a child's mark into the analysis in the same transaction."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    store = BoltAnalysisStore(database)
    made = await run_analysis(store, AnalysisWish(entities=frozenset({SHELTER})), memory=GIBIBYTE, act=act(), keep=1)
    fifth = universe.shelter_events()[0]
    minor = replace(
        fifth,
        participations=(
            fifth.participations[0],
            universe.victim("xia", "v1", svx=universe.codes("female"), stv=universe.codes("minor")),
        ),
    )

    await actions.store_events(cases, CODEBOOK, batch_of(SHELTER), [minor], actor=EVERYONE)

    (found,) = await analysis_queries.analyses(store, actor=EVERYONE)
    assert found.fed.marks - made.fed.marks == {1}


async def test_old_analyses_go_and_the_newest_stay(database: Database) -> None:
    """As many of the same records as are kept; removing one takes its results; an unfinished one is swept away."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltAnalysisStore(database)
    for number in range(3):
        await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act(f"a{number}", at=number), keep=2)
    await run_analysis(store, AnalysisWish(frozenset({POLICE})), memory=GIBIBYTE, act=act("own", at=9), keep=2)
    kept = [each.id for each in await analysis_queries.analyses(store, actor=EVERYONE)]
    assert kept == ["own", "a2", "a1"]

    made = await analysis_queries.analysis(store, "a2", actor=EVERYONE)
    async with store.writing() as writer:
        await writer.put(replace(made, id="broken"), analyse(random_graph(1), WHOLE))
    assert list(await store.unfinished()) == ["broken"]
    assert [each.id for each in await analysis_queries.analyses(store, actor=EVERYONE)] == kept
    await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act("a4", at=10), keep=1)

    assert list(await store.unfinished()) == []
    assert [each.id for each in await analysis_queries.analyses(store, actor=EVERYONE)] == ["a4", "own"]
    assert await remove_analysis(store, "a4", act=act("gone")) == 20
    with pytest.raises(AnalysisUnknown):
        await remove_analysis(store, "a4", act=act("again"))
    assert await store.measured("a4", [person_id("ada")]) == {}


async def test_memory_is_told_and_refused_before_anything_is_read(database: Database) -> None:
    """So are arguments out of range, and who may not run the job; nothing is left behind."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltAnalysisStore(database)

    size, needed = await plan(store, WHOLE, act=act())
    assert (size.people, size.events, size.links) == (14, 6, 19)
    assert needed == memory_needed(size) > 2**20
    with pytest.raises(MemoryShort):
        await run_analysis(store, WHOLE, memory=needed - 1, act=act(), keep=1)
    for wish in (AnalysisWish(sources=0), AnalysisWish(resolution=0), AnalysisWish(seed=-1), AnalysisWish(seed=2**31)):
        with pytest.raises(ArgumentOutOfRange):
            await plan(UNREAD, wish, act=act())
        with pytest.raises(ArgumentOutOfRange):
            await run_analysis(UNREAD, wish, memory=GIBIBYTE, act=act(), keep=1)
    with pytest.raises(NotAllowed):
        await run_analysis(
            store, WHOLE, memory=GIBIBYTE, act=act(actor=replace(OFFICER, rights=frozenset({Right.READ_CASES}))), keep=1
        )
    assert await store.analyses() == []
    assert list(await store.unfinished()) == []


async def test_an_empty_store_is_analysed(database: Database) -> None:
    """Nothing in, nothing out, and everybody who may explore may read it."""
    store = BoltAnalysisStore(database)

    made = await run_analysis(store, WHOLE, memory=GIBIBYTE, act=act(), keep=1)

    assert (made.people, made.components, made.modularity, made.revision) == (0, 0, 0.0, 0)
    assert (await analysis_queries.measures(store, made, actor=CARER)).nodes == ()
