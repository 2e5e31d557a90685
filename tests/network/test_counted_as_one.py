"""Records judged to tell of the same count as one in questions about many events, where that is asked; both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.access.actor import Actor
from registry.cases.model import EventRecord
from registry.identifiers import Notation
from registry.network.clusters import Clusters
from registry.network.gathering import Around, Extent, Ground
from registry.network.judgements import pair_of
from registry.network.model import Judged, NodeKind, Start
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import PatternKind
from registry.network.route_queries import RouteQuestion
from registry.network.shared import Likeness, SharedKind, links_in
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.network.slice import CaseSlice, Part
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.network.facts import slice_of
from tests.network.test_ego_network import store_world
from tests.network.test_judgements import ADA_IS_XIA, E3_IS_E5, judge
from tests.network.test_pattern_search import LOOSE, every_page
from tests.network.test_patterns import event
from tests.universe import EVERYONE, OFFICER, POLICE, codes, event_id, networks, perpetrator, person_id, victim
from tests.worlds import two_agencies

TOGETHER = Ground(judged=Judged.TOGETHER)


def test_accounts_of_one_event_add_up() -> None:
    """Its people, roles, areas and identifiers are those of both; it may have been when either says."""
    same = Clusters()
    for one, other in (("e01", "e02"), ("a", "b")):
        same.join(one, other)
    first, second = event(1, "v", "a", days=(1, 2)), event(2, "v", "b", role="recruiter", days=(9, 9), area="UG")

    (joined,) = CaseSlice.of([first, second]).joined(same).events.values()

    assert (joined.id, joined.place, joined.since, joined.until) == ("e01", first.place, first.since, second.until)
    assert set(joined.recorded) | set(joined.exploited) >= {"UG"}
    assert joined.parts == (Part("v", True), Part("a", False, ("recruiter",)))


def test_an_undated_account_says_nothing_of_the_time() -> None:
    """The dated one does."""
    same = Clusters()
    same.join("e01", "e02")

    (joined,) = CaseSlice.of([event(1, "v"), event(2, "v", days=(3, 4))]).joined(same).events.values()

    assert (joined.since is None, joined.until is None) == (False, False)


async def world(database: Database, seed: int) -> tuple[list[EventRecord], Clusters]:
    """Two agencies with some judgements across them and inside; what somebody who sees all knows to be the same."""
    records = two_agencies(seed)
    await store_world(database, records)
    people = sorted({part.person for record in records for part in record.participations if part.person})
    events = sorted(record.id for record in records)
    same = Clusters()
    pairs: list[tuple[NodeKind, str, str]] = [(NodeKind.PERSON, people[at], people[-1 - at]) for at in range(3)]
    pairs += [(NodeKind.PERSON, people[0], people[5]), (NodeKind.EVENT, events[0], events[-1])]
    pairs += [(NodeKind.EVENT, events[1], events[7]), (NodeKind.EVENT, events[7], events[12])]
    for number, (kind, one, other) in enumerate(pairs):
        await judge(database, EVERYONE, pair_of(kind, one, other), number)
        same.join(one, other)
    return records, same


async def test_patterns_and_links_agree_with_records_joined_by_hand(database: Database) -> None:
    """Whole and page by page, each match once; whoever sees one end only is told nothing of a judgement."""
    records, same = await world(database, 5)
    joined = slice_of(records).joined(same)

    for kind in PatternKind:
        definition = LIBRARY[kind]
        found = definition.find(joined, settle(definition, LOOSE[kind])).matches
        whole = sorted(found, key=lambda match: match.order)
        assert await every_page(database, kind, ground=TOGETHER) == whole
        assert await every_page(database, kind, first=6, ground=TOGETHER) == whole
    for likeness in (Likeness(SharedKind.CO_OFFENDING), Likeness(SharedKind.SHARED_IDENTIFIER)):
        together = await SharedQuestion(likeness, ground=TOGETHER).ask(networks(database), actor=EVERYONE)
        assert together.links == links_in(joined, likeness).links
        assert together.account.same == same.groups()
        named = frozenset(link.source for link in together.links[:1])
        among = await SharedQuestion(likeness, named, TOGETHER).ask(networks(database), actor=EVERYONE)
        assert (among.links, among.account.truncated) == ((), False)
    assert together.account.counts_by_type["Event"] == len(joined.events) < len(records)
    assert together.account.visited == len(records)


async def test_two_named_records_of_one_person_are_one(database: Database) -> None:
    """Who is asked about by either record has the links of both."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, ADA_IS_XIA)
    least = min(person_id("ada"), person_id("xia"))
    likeness = Likeness(SharedKind.SAME_VICTIM)

    async def ask(ground: Ground, actor: Actor = EVERYONE) -> set[tuple[str, ...]]:
        found = await SharedQuestion(likeness, ground=ground).ask(networks(database), actor=actor)
        return {link.via for link in found.links}

    assert any(least in via for via in await ask(TOGETHER))
    assert await ask(TOGETHER, OFFICER) == await ask(Ground(), OFFICER)


@pytest.mark.parametrize("kind", list(SharedKind))
async def test_who_names_somebody_out_of_scope_learns_no_judgement(database: Database, kind: SharedKind) -> None:
    """The officer knows Xia's id, and may not see her: that she is judged to be Ada is not told, nor that she is."""
    await universe.build_universe(BoltCaseStore(database))

    async def ask(*names: str) -> tuple[object, ...]:
        people = frozenset[str](person_id(name) for name in names)
        found = await SharedQuestion(Likeness(kind), people=people, ground=TOGETHER).ask(
            networks(database), actor=OFFICER
        )
        return found.links, found.account

    asked = ("ada", "xia"), ("xia", "ben"), ("xia", "kofi")
    before = [await ask(*names) for names in asked]
    await judge(database, EVERYONE, ADA_IS_XIA)

    assert [await ask(*names) for names in asked] == before
    assert all(not account.same for _, account in before)  # type: ignore[attr-defined]


async def test_routes_count_one_person_once(database: Database) -> None:
    """Ada and Xia, judged the same, are one victim; E3 and E5 are one event."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, ADA_IS_XIA)
    await judge(database, EVERYONE, E3_IS_E5, 2)

    apart = await RouteQuestion().ask(networks(database), actor=EVERYONE)
    together = await RouteQuestion(TOGETHER).ask(networks(database), actor=EVERYONE)

    assert apart.account.counts_by_type == {"Event": 6, "Person": 11}
    assert together.account.counts_by_type == {"Event": 5, "Person": 10}
    assert (together.account.visited, len(together.account.same)) == (6, 2)
    alone = await RouteQuestion(TOGETHER).ask(networks(database), actor=OFFICER)
    assert alone.account.same == ()


async def test_an_event_is_not_like_its_other_account(database: Database) -> None:
    """E5 is E3 told by another agency: no similar event, and what both tell is compared."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, E3_IS_E5)
    extent = Extent(judged=Judged.TOGETHER)

    apart = await SimilarQuestion(event_id("E3"), least_compared=0).ask(networks(database), actor=EVERYONE)
    together = await SimilarQuestion(event_id("E3"), extent, least_compared=0).ask(networks(database), actor=EVERYONE)

    accounts = {event_id("E3"), event_id("E5")}
    assert together.event == min(accounts)
    assert not accounts & {each.event for each in together.similar}
    assert together.account.same == (tuple(sorted(accounts)),)
    assert apart.account.same == ()


async def test_the_other_accounts_of_an_event_take_no_candidates_place(database: Database) -> None:
    """One candidate is E2, of the same people; where E5, judged the same, is all there is, nothing was left out."""
    _, second, third, _ = universe.police_events()
    question = SimilarQuestion(third.id, Extent(judged=Judged.TOGETHER), candidates=1, least_compared=0)
    await store_world(database, [third, universe.shelter_events()[0]])
    await judge(database, EVERYONE, E3_IS_E5)

    alone = await question.ask(networks(database), actor=EVERYONE)
    await store_world(database, [second])
    found = await question.ask(networks(database), actor=EVERYONE)

    assert (alone.similar, alone.account.truncated) == ((), False)
    assert ([each.event for each in found.similar], found.account.truncated) == ([second.id], False)


async def test_an_event_outside_the_extent_joins_none_inside_and_names_none(database: Database) -> None:
    """Two acts in Kenya, each judged the same as one of Uganda, which has the least id: they count as two, by their own
    ids; judged the same as each other they are one, by the less of theirs."""
    outside, one, other = sorted(("A", "B", "C"), key=event_id)
    both = perpetrator("kofi", "p1"), perpetrator("lena", "p2"), victim("ada", "v1", svx=codes("female"))
    near = [universe.event(name, *both, forms=["1"], coe=codes("KE")) for name in (one, other)]
    await store_world(database, [universe.event(outside, *both, forms=["1"], coe=codes("UG")), *near])
    far, first, second = event_id(outside), event_id(one), event_id(other)
    for number, inside in enumerate((first, second)):
        await judge(database, EVERYONE, pair_of(NodeKind.EVENT, far, inside), number)
    kenya = replace(TOGETHER, area=Notation("KE"))
    likeness = Likeness(SharedKind.CO_OFFENDING)

    async def shown(ground: Ground) -> list[tuple[str, ...]]:
        found = await SharedQuestion(likeness, ground=ground).ask(networks(database), actor=EVERYONE)
        routes = await RouteQuestion(ground).ask(networks(database), actor=EVERYONE)
        assert found.account.same == routes.account.same
        assert found.account.counts_by_type["Event"] == routes.account.counts_by_type["Event"]
        return [tuple(link.events) for link in found.links]

    around = replace(kenya, around=Around(Start(NodeKind.PERSON, person_id("kofi")), 2))
    assert await shown(TOGETHER) == [(far,)]
    assert await shown(kenya) == await shown(around) == [(first, second)]
    extent = Extent(area=Notation("KE"), judged=Judged.TOGETHER)
    alike = await SimilarQuestion(far, extent, least_compared=0).ask(networks(database), actor=EVERYONE)
    assert alike.similar == ()

    await judge(database, EVERYONE, pair_of(NodeKind.EVENT, first, second), 3)
    assert await shown(kenya) == [(first,)]


async def test_a_similar_event_has_the_id_of_one_that_was_compared(database: Database) -> None:
    """Not that of its account in Uganda, which the extent leaves out, though that one is less."""
    outside, inside, asked = sorted(("A", "B", "C"), key=event_id)
    parts = (victim("ada", "v1", svx=codes("female")),)
    places = {outside: "UG", inside: "KE", asked: "KE"}
    records = [universe.event(name, *parts, forms=["1"], coe=codes(area)) for name, area in places.items()]
    await store_world(database, records)
    await judge(database, EVERYONE, pair_of(NodeKind.EVENT, event_id(outside), event_id(inside)))
    extent = Extent(area=Notation("KE"), judged=Judged.TOGETHER)

    found = await SimilarQuestion(event_id(asked), extent, least_compared=0).ask(networks(database), actor=EVERYONE)

    assert ([each.event for each in found.similar], found.account.same) == ([event_id(inside)], ())


async def test_around_a_start_judgements_are_crossed_and_restrictions_counted(database: Database) -> None:
    """From Ada over Xia to the shelter's event; what the extent leaves out of it is counted as hidden."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, ADA_IS_XIA)
    around = Around(Start(NodeKind.PERSON, person_id("ada")), 1)

    found = await RouteQuestion(replace(TOGETHER, around=around)).ask(networks(database), actor=EVERYONE)
    inside = await RouteQuestion(replace(TOGETHER, around=around, entity=POLICE)).ask(
        networks(database), actor=EVERYONE
    )

    assert (found.account.visited, found.account.hidden) == (3, 0)
    assert (inside.account.visited, inside.account.hidden) == (2, 1)


@pytest.mark.parametrize("judged", list(Judged))
async def test_a_start_is_no_hub(database: Database, judged: Judged) -> None:
    """Nor is who is judged the same as it: around it both are looked at, through the list both are skipped."""
    boss, lena = person_id("kofi"), person_id("lena")
    acts = [
        universe.event(f"{name}{at}", perpetrator(name, "p1", rpp=codes("recruiter")), victim(f"{name}-{at}", "v1"))
        for name in ("kofi", "lena")
        for at in range(3)
    ]
    await store_world(database, acts)
    await judge(database, EVERYONE, pair_of(NodeKind.PERSON, boss, lena))
    near = Ground(around=Around(Start(NodeKind.PERSON, boss)), judged=judged)
    star = PatternQuestion(PatternKind.STAR_RECRUITER, {"leastEvents": 3, "leastTold": 1}, near, hub_limit=2)
    listed = replace(star, ground=Ground(judged=judged))

    around = await star.ask(networks(database), actor=EVERYONE)
    of_all = await listed.ask(networks(database), actor=EVERYONE)

    assert [len(match.events) for match in around.matches] == [6 if judged is Judged.TOGETHER else 3]
    assert around.account.skipped_hubs == ()
    assert (of_all.matches, {hub.id for hub in of_all.account.skipped_hubs}) == ((), {boss, lena})
