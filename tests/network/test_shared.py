"""Shared links: literals for each kind, plain counting on random worlds, both engines, inside the scope."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest

from registry.access.actor import Actor
from registry.cases.model import EventRecord
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, RecordUnknown
from registry.network.gathering import EVERYWHERE, Around, Ground
from registry.network.model import NodeKind, Start, Window
from registry.network.shared import Likeness, SharedKind, SharedLink, links_in
from registry.network.shared_queries import SharedLinks, SharedQuestion
from registry.network.slice import CaseSlice, EventFacts, Part
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import oracle, universe
from tests.network.facts import slice_of
from tests.network.test_ego_network import store_world
from tests.network.test_pattern_search import YEAR
from tests.network.test_patterns import event
from tests.universe import CARER, EVERYONE, OFFICER, POLICE, event_id, networks, person_id
from tests.worlds import two_agencies

KINDS = list(SharedKind)


def links(kind: SharedKind, events: list[EventFacts], *, most_days: int = 30, crowd: int = 100) -> list[SharedLink]:
    """The links among drawn events."""
    return list(links_in(CaseSlice.of(events), Likeness(kind, most_days, crowd)).links)


def pairs(found: list[SharedLink]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Ends, weight and who or what it is through."""
    return [(link.source + link.target, link.weight, link.via or link.identifiers) for link in found]


def test_co_offenders_are_perpetrators_of_one_event() -> None:
    """The weight counts events, which are the evidence; victims are none."""
    found = links(SharedKind.CO_OFFENDING, [event(1, "v", "ab"), event(2, "w", "bac")])

    assert pairs(found) == [("ab", 2, ()), ("ac", 1, ()), ("bc", 1, ())]
    assert found[0].events == ("e01", "e02")


def test_one_victim_joins_perpetrators_of_different_events() -> None:
    """And a recruiter victims, where the person is told to recruit."""
    events = [event(1, "v", "a"), event(2, "vw", "b", role="recruiter"), event(3, "u", "b", role="transporter")]

    assert pairs(links(SharedKind.SAME_VICTIM, events)) == [("ab", 1, ("v",))]
    assert pairs(links(SharedKind.SAME_RECRUITER, events)) == [("vw", 1, ("b",))]
    assert links(SharedKind.SAME_VICTIM, events)[0].events == ("e01", "e02")


def test_a_place_is_shared_within_days_as_the_dates_allow() -> None:
    """A subdivision, two events, a gap of thirty days at most; a country is no place, and no date is no time."""
    near = [event(1, "v", days=(1, 5), area="KE-30"), event(2, "w", days=(35, 40), area="KE-30")]

    assert pairs(links(SharedKind.SAME_PLACE_AND_TIME, near)) == [("vw", 1, ("KE-30",))]
    assert links(SharedKind.SAME_PLACE_AND_TIME, near, most_days=29) == []
    assert (
        links(SharedKind.SAME_PLACE_AND_TIME, [event(1, "v", days=(1, 5), area="KE"), event(2, "w", area="KE")]) == []
    )
    assert links(SharedKind.SAME_PLACE_AND_TIME, [near[0], event(2, "w", area="KE-30")]) == []


def test_two_events_at_one_place_count_once() -> None:
    """Whoever are in both of them, and in however many subdivisions both were."""
    twice = [event(1, "v", "p", days=(1, 1), area="KE-30"), event(2, "v", "p", days=(2, 2), area="KE-30")]
    wide = [replace(each, recorded=("KE-01",)) for each in twice]

    assert pairs(links(SharedKind.SAME_PLACE_AND_TIME, twice)) == [("pv", 1, ("KE-30",))]
    assert pairs(links(SharedKind.SAME_PLACE_AND_TIME, wide)) == [("pv", 1, ("KE-01", "KE-30"))]


def test_an_identifier_joins_people_and_is_not_told() -> None:
    """Its kind is, and nothing of the token."""
    events = [
        EventFacts(f"e{at}", str(at), "police", None, None, parts=(Part(who, False, (), ("phone:secret",)),))
        for at, who in enumerate("abb")
    ]

    (link,) = links(SharedKind.SHARED_IDENTIFIER, events)

    assert (link.source, link.target, link.weight, link.identifiers) == ("a", "b", 1, ("phone",))
    assert link.events == ("e0", "e1", "e2")
    assert "secret" not in repr(link)


def test_what_a_crowd_shares_is_left_out_and_counted() -> None:
    """Four perpetrators of one event with a crowd of three."""
    finding = links_in(
        CaseSlice.of([event(1, "", "abcd"), event(2, "", "ab")]), Likeness(SharedKind.CO_OFFENDING, crowd=3)
    )

    assert (pairs(list(finding.links)), finding.crowds) == ([("ab", 1, ())], 1)


def because(kind: SharedKind, *, weight: int, events: int, via: int = 0, identifiers: int = 0) -> tuple[str, ...]:
    """Why a link of so many things counts."""
    texts = [tuple(map(str, range(number))) for number in (events, via, identifiers)]
    return SharedLink(kind, "a", "b", weight, *texts).because


def test_a_link_says_why_it_counts() -> None:
    """What is counted is what the weight counts; of what is shared only numbers are said."""
    place, told = SharedKind.SAME_PLACE_AND_TIME, SharedKind.SHARED_IDENTIFIER

    assert because(SharedKind.CO_OFFENDING, weight=1, events=1) == ("perpetrators together in 1 event",)
    assert because(SharedKind.CO_OFFENDING, weight=4, events=4) == ("perpetrators together in 4 events",)
    assert because(SharedKind.SAME_VICTIM, weight=1, events=1, via=1) == (
        "perpetrators with 1 victim in common", "shown by 1 event",
    )  # fmt: skip
    assert because(SharedKind.SAME_RECRUITER, weight=2, events=3, via=2) == (
        "victims with 2 recruiters in common", "shown by 3 events",
    )  # fmt: skip
    assert because(place, weight=1, events=2, via=1) == (
        "1 pair of events at one place and time, as their dates allow, in 1 subdivision", "shown by 2 events",
    )  # fmt: skip
    assert because(place, weight=2, events=3, via=2) == (
        "2 pairs of events at one place and time, as their dates allow, in 2 subdivisions", "shown by 3 events",
    )  # fmt: skip
    assert because(told, weight=1, events=2, identifiers=1) == (
        "1 identifier of 1 kind in common", "shown by 2 events",
    )  # fmt: skip
    assert because(told, weight=3, events=2, identifiers=2) == (
        "3 identifiers of 2 kinds in common", "shown by 2 events",
    )  # fmt: skip


def expected(records: list[EventRecord], kind: SharedKind) -> dict[tuple[str, str], tuple[int, frozenset[str]]]:
    """Each pair's weight and events, by trying every two people against every thing."""
    facts = list(slice_of(records).events.values())
    people = sorted({part.person for each in facts for part in each.parts})
    things: list[Callable[[str], set[str]]] = []
    role = {
        person: {k: {e.id for e in facts if person in e.people(victims=k)} for k in (True, False)} for person in people
    }
    if kind is SharedKind.CO_OFFENDING:
        things = [lambda p, e=e: {e.id} & role[p][False] for e in facts]  # type: ignore[misc]
    elif kind is SharedKind.SAME_VICTIM:
        things = [lambda p, v=v: role[p][False] & role[v][True] if p != v else set() for v in people]  # type: ignore[misc]
    elif kind is SharedKind.SAME_RECRUITER:
        recruited = {
            r: {
                e.id
                for e in facts
                for part in e.parts
                if part.person == r and not part.is_victim and "recruiter" in part.roles
            }
            for r in people
        }
        things = [lambda p, r=r: role[p][True] & recruited[r] if p != r else set() for r in people]  # type: ignore[misc]
    else:
        tokens = {token for e in facts for part in e.parts for token in part.tokens}
        things = [
            lambda p, t=t: {e.id for e in facts for part in e.parts if part.person == p and t in part.tokens}  # type: ignore[misc]
            for t in sorted(tokens)
        ]
    found = {}
    for one, other in combinations(people, 2):
        shared = [thing(one) | thing(other) for thing in things if thing(one) and thing(other)]
        if shared:
            found[one, other] = (len(shared), frozenset().union(*shared))
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not SharedKind.SAME_PLACE_AND_TIME])
async def test_both_engines_agree_with_plain_counting(database: Database, kind: SharedKind) -> None:
    """Over everything, within a window, among some people; the heaviest first; the actor's records alone."""
    records = two_agencies(11)
    await store_world(database, records)
    dice = random.Random(1)
    everybody = sorted({part.person for record in records for part in record.participations if part.person})

    for actor, entities, window in ((EVERYONE, None, None), (EVERYONE, None, YEAR), (OFFICER, [POLICE], None)):
        seen = [r for r in oracle.in_scope(records, entities) if window is None or oracle._lasts_within(r, window)]
        people = frozenset(dice.sample(everybody, 8))
        ground = Ground(window=window)

        whole = await ask(database, kind, ground, actor=actor)
        among = await ask(database, kind, ground, actor=actor, people=people)

        wanted = expected(seen, kind)
        assert {(e.source, e.target): (e.weight, frozenset(e.events)) for e in whole.links} == wanted
        assert list(whole.links) == sorted(whole.links, key=lambda link: (-link.weight, link.source, link.target))
        assert {(e.source, e.target): e.weight for e in among.links} == {
            pair: weight for pair, (weight, _) in wanted.items() if set(pair) <= people
        }
        assert (whole.account.truncated, whole.account.visited) == (False, len(seen))


async def ask(
    database: Database,
    kind: SharedKind,
    ground: Ground = EVERYWHERE,
    *,
    actor: Actor = EVERYONE,
    people: frozenset[str] | None = None,
    least_weight: int = 1,
    hub_limit: int = 1_000,
) -> SharedLinks:
    """The links."""
    question = SharedQuestion(Likeness(kind), people, ground, least_weight, hub_limit)
    return await question.ask(networks(database), actor=actor)


async def test_around_a_start_its_own_links_are_told(database: Database) -> None:
    """Kofi and Lena did E2 together; Ada, Ben and others are victims."""
    await universe.build_universe(BoltCaseStore(database))
    around = Around(Start(NodeKind.PERSON, person_id("kofi")), 2)

    found = await ask(database, SharedKind.CO_OFFENDING, Ground(around=around))

    assert [({link.source, link.target}, link.events) for link in found.links] == [
        ({person_id("kofi"), person_id("lena")}, (event_id("E2"),))
    ]


async def test_an_identifier_leads_out_of_the_surroundings(database: Database) -> None:
    """Around a person also people of events elsewhere that tell one of theirs; for the officer only the police's."""
    records = two_agencies(11)
    await store_world(database, records)
    cases = slice_of(records)
    person = next(
        part.person for each in cases.events.values() for part in each.parts if part.tokens and each.entity == POLICE
    )
    tokens = {t for e in cases.events.values() for part in e.parts if part.person == person for t in part.tokens}

    for actor, entities in ((EVERYONE, None), (OFFICER, [POLICE])):
        seen = slice_of(oracle.in_scope(records, entities)).events.values()
        wanted = {p.person for e in seen for p in e.parts if tokens & set(p.tokens)} - {person}
        found = await ask(
            database,
            SharedKind.SHARED_IDENTIFIER,
            Ground(around=Around(Start(NodeKind.PERSON, person), 1)),
            actor=actor,
        )
        theirs = {
            end for link in found.links if person in (link.source, link.target) for end in (link.source, link.target)
        }
        assert theirs - {person} == wanted


async def test_limits_of_links_are_told_or_refused(database: Database) -> None:
    """A budget that does not reach says so; wrong numbers, pages, two grounds, unknown starts are refused."""
    await universe.build_universe(BoltCaseStore(database))
    kind = SharedKind.SAME_VICTIM

    around = Ground(around=Around(Start(NodeKind.PERSON, person_id("kofi")), 2))
    few = await ask(database, kind, around, hub_limit=1)
    skipped = {hub.id for hub in few.account.skipped_hubs}
    assert skipped
    assert person_id("kofi") not in skipped
    assert skipped.isdisjoint(id_ for link in few.links for id_ in (link.source, link.target, *link.via))
    cut = await ask(database, kind, Ground(budget=2))
    assert (cut.account.truncated, cut.account.visited, cut.account.end_cursor) == (True, 2, None)
    assert (await ask(database, kind, least_weight=3)).links == ()
    for wrong in ({"hub_limit": 0}, {"least_weight": 0}, {"people": frozenset[str]()}):
        with pytest.raises(ArgumentOutOfRange):
            await ask(database, kind, **wrong)
    start = Ground(around=Around(Start(NodeKind.PERSON, person_id("ada"))))
    for ground, people in ((start, frozenset({"x"})), (Ground(window=Window(2, 1)), None)):
        with pytest.raises(ArgumentsConflicting):
            await ask(database, kind, ground, people=people)
    with pytest.raises(RecordUnknown):
        await ask(database, kind, start, actor=CARER)
    assert (await ask(database, kind, people=frozenset({person_id("ada")}), actor=CARER)).account.visited == 0
