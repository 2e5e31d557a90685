"""Questions about many events under the restrictions that every question takes: as in a world that holds the rest.

What kinds, window and only ids exclude does not exist; what ``avoid`` and ``min_links`` leave out is counted.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pytest

from registry.cases.model import EventRecord, Participation, Role
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting
from registry.identifiers import Notation
from registry.network.gathering import EVERY_EVENT, Around, Extent, Ground
from registry.network.model import PARTICIPATION, EdgeKind, NodeKind, Start
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.model import PatternKind
from registry.network.queries import ego_network
from registry.network.question_texts import read_question, write_question
from registry.network.route_queries import RouteQuestion
from registry.network.routes import AreaLevel, By, Origin
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.storage.bolt.driver import Database
from tests import oracle
from tests.network import test_routes, test_shared
from tests.network.test_ego_network import store_world
from tests.network.test_pattern_search import YEAR, every_page, expected_matches
from tests.universe import EVERYONE, networks
from tests.worlds import two_agencies

ROLES = {EdgeKind.VICTIM_IN: Role.VICTIM, EdgeKind.PERPETRATOR_IN: Role.PERPETRATOR}


@dataclass(frozen=True)
class Rest:
    """The records as the question leaves them, and what it counts as left out."""

    records: list[EventRecord]
    hidden: int


def rest_of(records: Sequence[EventRecord], extent: Extent) -> Rest:
    """By going over every record: first what exists, then what is left out."""
    roles = {ROLES[kind] for kind in extent.edge_kinds if kind in ROLES}

    def exists(part: Participation) -> bool:
        named = extent.only_people is None or part.person in extent.only_people
        return part.person is not None and part.role in roles and named

    there = [
        replace(record, participations=tuple(part for part in record.participations if exists(part)))
        for record in records
        if (extent.only_events is None or record.id in extent.only_events)
        and (extent.window is None or oracle._lasts_within(record, extent.window))
    ]
    links = Counter[str]()
    for record in there:
        links.update({record.id: len(record.participations)})
        links.update(str(part.person) for part in record.participations)

    def is_left_out(id_: str) -> bool:
        return id_ in extent.avoid or 1 < extent.min_links > links[id_]

    def lies_there(record: EventRecord) -> bool:
        told = (test_routes.words(record.values, name) for name in ("geo", "coe"))
        return extent.area is None or extent.area in {*record.transits, *chain.from_iterable(told)}

    asked = [record for record in there if lies_there(record)]
    kept = [record for record in asked if not is_left_out(record.id)]
    people = {str(part.person) for record in kept for part in record.participations}
    rest = [
        replace(record, participations=tuple(p for p in record.participations if not is_left_out(str(p.person))))
        for record in kept
    ]
    return Rest(rest, len(asked) - len(kept) + sum(map(is_left_out, people)))


def random_extent(dice: random.Random, records: Sequence[EventRecord]) -> Ground:
    """One restriction at least of those that there are."""
    events = [record.id for record in records]
    people = sorted({part.person for record in records for part in record.participations if part.person})
    kinds = dice.choice((PARTICIPATION, PARTICIPATION, (EdgeKind.VICTIM_IN,), (EdgeKind.PERPETRATOR_IN,)))
    return Ground(
        window=dice.choice((None, None, YEAR)),
        area=dice.choice((None, None, Notation("XXA"))),
        edge_kinds=kinds,
        only_people=dice.choice((None, tuple(sorted(dice.sample(people, 12))))),
        only_events=dice.choice((None, tuple(sorted(dice.sample(events, 20))))),
        avoid=dice.choice(((), tuple(sorted([*dice.sample(people, 2), *dice.sample(events, 2)])))),
        min_links=dice.choice((1, 2, 2, 3)),
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 8))])
async def test_the_rest_of_the_world_is_all_there_is(database: Database, seed: int) -> None:
    """Patterns by pages, links and routes of random worlds under random restrictions; what is left out is counted."""
    records, dice = two_agencies(seed + 20), random.Random(seed)
    await store_world(database, records)
    stores, seen = networks(database), Counter[str]()

    for _ in range(8):
        ground = random_extent(dice, records)
        rest = rest_of(records, ground)

        shape, shared = dice.choice(list(PatternKind)), dice.choice(list(SharedKind))
        matches = await every_page(database, shape, ground=ground, first=dice.choice((None, 5)))
        links = await SharedQuestion(Likeness(SharedKind.CO_OFFENDING), ground=ground).ask(stores, actor=EVERYONE)
        others = await SharedQuestion(Likeness(shared), ground=ground).ask(stores, actor=EVERYONE)
        routes = await RouteQuestion(ground, AreaLevel.AS_TOLD, Origin.RESIDENCE, (By.SEX,)).ask(stores, actor=EVERYONE)

        assert links.account.counts_by_type["Event"] == len(rest.records)
        assert links.account.hidden == rest.hidden
        assert matches == expected_matches(rest.records, shape)
        told = {(e.source, e.target): (e.weight, frozenset(e.events)) for e in links.links}
        assert told == test_shared.expected(rest.records, SharedKind.CO_OFFENDING)
        if shared is not SharedKind.SAME_PLACE_AND_TIME:
            told = {(e.source, e.target): (e.weight, frozenset(e.events)) for e in others.links}
            assert told == test_shared.expected(rest.records, shared)
        assert test_routes.rows(routes) == test_routes.expected(rest.records, Origin.RESIDENCE, (By.SEX,))
        seen.update({"matches": len(matches), "links": len(told), "hidden": rest.hidden})
    assert min(seen["links"], seen["hidden"]) > 0
    assert seen["matches"] > 0 or seed > 0  # not every world holds a match


async def test_likeness_is_of_events_as_they_are_told(database: Database) -> None:
    """Restrictions choose what an event is compared with: named events all, none that is left out, own people's too."""
    records, dice = two_agencies(31), random.Random(4)
    await store_world(database, records)
    stores, compared = networks(database), 0

    for record in records[::6]:
        extent = Extent(
            only_events=tuple(sorted(dice.sample([each.id for each in records], 15))),
            avoid=tuple(sorted(dice.sample([each.id for each in records], 4))),
            min_links=dice.choice((1, 2)),
        )
        everything = SimilarQuestion(record.id, replace(EVERY_EVENT, only_events=extent.only_events), least_compared=0)
        found = await SimilarQuestion(record.id, extent, least_compared=0).ask(stores, actor=EVERYONE)
        whole = await everything.ask(stores, actor=EVERYONE)

        rest = {each.id for each in rest_of(records, extent).records} - {record.id}
        assert {each.event for each in found.similar} == rest
        assert {each.event for each in whole.similar} == set(extent.only_events or ()) - {record.id}
        assert set(found.similar) <= set(whole.similar)
        own = {part.person for part in record.participations if part.person}
        gone = len(whole.similar) - len(found.similar)
        assert gone <= found.account.hidden <= gone + len(own)
        compared += len(found.similar)
    assert compared > 5


async def test_people_who_do_not_exist_lead_to_no_event(database: Database) -> None:
    """Of an event without form and area its people's other events are compared first: of one role, of those named."""
    records = two_agencies(33)
    await store_world(database, records)
    stores, reached = networks(database), 0

    for record in records[::4]:
        parts = [part for part in record.participations if part.person]
        for part in parts[:1]:
            by_role = [kind for kind, role in ROLES.items() if role is part.role]
            extent = Extent(edge_kinds=tuple(by_role), only_people=(str(part.person),))
            question = SimilarQuestion(record.id, extent, candidates=200, least_compared=0)
            found = await question.ask(stores, actor=EVERYONE)
            theirs = {
                each.id
                for each in records
                for other in each.participations
                if other.person == part.person and other.role is part.role
            } - {record.id}
            assert theirs <= {each.event for each in found.similar}
            reached += len(theirs)
    assert reached > 5


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 8))])
async def test_around_a_start_the_network_is_the_restricted_one(database: Database, seed: int) -> None:
    """The events are those of the same network asked for itself, and the start is never left out."""
    records, dice = two_agencies(seed + 40), random.Random(seed)
    await store_world(database, records)
    stores, found = networks(database), 0
    people = sorted({part.person for record in records for part in record.participations if part.person})

    for _ in range(6):
        extent = replace(random_extent(dice, records), area=None)
        start = Start(NodeKind.PERSON, dice.choice(people))
        avoid = tuple(sorted({*extent.avoid, start.id}))
        ground = replace(extent, avoid=avoid, around=Around(start, 3, 1_000), budget=5_000)
        within = replace(ground.within, hub_limit=1_000)
        network = await ego_network(stores, actor=EVERYONE, start=start, depth=3, budget=5_000, within=within)
        events = {i for i, k in zip(network.node_ids, network.node_kinds, strict=True) if k is NodeKind.EVENT}

        links = await SharedQuestion(Likeness(SharedKind.CO_OFFENDING), ground=ground).ask(stores, actor=EVERYONE)
        routes = await RouteQuestion(ground, AreaLevel.AS_TOLD).ask(stores, actor=EVERYONE)

        assert links.account.counts_by_type["Event"] == len(events)
        assert routes.account.counts_by_type["Event"] == len(events)
        assert {event for link in links.links for event in link.events} <= events
        restricted = replace(ground, only_people=_with(ground.only_people, start.id), avoid=extent.avoid)
        rest = rest_of(records, restricted)
        here = [each for each in rest.records if each.id in events]
        wanted = {pair: w for pair, (w, _) in test_shared.expected(here, SharedKind.CO_OFFENDING).items()}
        told = {(each.source, each.target): each.weight for each in links.links}
        assert {pair: told[pair] for pair in told if start.id not in pair} == {
            pair: weight for pair, weight in wanted.items() if start.id not in pair
        }
        assert links.account.hidden >= network.hidden
        found += len(events)
    assert found > 0


def _with(only: tuple[str, ...] | None, start: str) -> tuple[str, ...] | None:
    return None if only is None else tuple(sorted({*only, start}))


async def test_restrictions_are_kept_with_a_saved_question(database: Database) -> None:
    """And asked for again; those without them read as before."""
    extent = Extent(edge_kinds=(EdgeKind.VICTIM_IN,), only_people=("a", "b"), avoid=("c",), min_links=2)
    ground = Ground(only_events=(), min_links=3, around=Around(Start(NodeKind.AREA, "KE")))
    for question in (SimilarQuestion(two_agencies(1)[0].id, extent), PatternQuestion(PatternKind.RING, ground=ground)):
        assert read_question(write_question(question)) == question
    old = '{"kind": "routes", "arguments": {"ground": {"window": null, "entity": null, "judged": "APART"}}}'
    assert read_question(old) == RouteQuestion()
    followed = SimilarQuestion(two_agencies(1)[0].id, extent).followed
    assert followed is not None
    assert followed.within == extent.within


async def test_wrong_restrictions_are_refused(database: Database) -> None:
    """As by every other question."""
    stores = networks(database)
    wrong = [
        (Ground(min_links=0), ArgumentOutOfRange),
        (Ground(min_links=1_001), ArgumentOutOfRange),
        (Ground(only_events=tuple(map(str, range(5_001)))), ArgumentOutOfRange),
        (Ground(avoid=tuple(map(str, range(5_001)))), ArgumentOutOfRange),
        (Ground(edge_kinds=()), ArgumentsConflicting),
    ]
    for ground, error in wrong:
        extent = Extent(**{name: getattr(ground, name) for name in ("min_links", "only_events", "avoid", "edge_kinds")})
        for question in (
            RouteQuestion(ground),
            SharedQuestion(Likeness(SharedKind.SAME_VICTIM), ground=ground),
            PatternQuestion(PatternKind.RING, ground=ground),
            SimilarQuestion(two_agencies(1)[0].id, extent),
        ):
            with pytest.raises(error):
                await question.ask(stores, actor=EVERYONE)
