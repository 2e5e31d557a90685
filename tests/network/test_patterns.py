"""Each pattern of the library: what it is, and what it is not, by events drawn in the test."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations, product
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import Identities
from registry.classification.catalogue import Catalogue
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting
from registry.identifiers import BatchId
from registry.intake.mapping import load_mapping
from registry.intake.reading import Reading, read_rows
from registry.intake.rows import file_digest
from registry.intake.sample.actions import truth, write_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import Setting, World
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import Match, PatternKind
from registry.network.patterns.truth import Score, read_truth, score
from registry.network.slice import DAY, CaseSlice, EventFacts, Part, Timing, timing_of
from tests.network.facts import facts_of

STAR, RING = PatternKind.STAR_RECRUITER, PatternKind.RING
RELAY, CYCLE = PatternKind.RELAY_ROUTE, PatternKind.SHORT_CYCLE_MOVEMENT
TURNED, ADDRESS = PatternKind.VICTIM_TURNED_RECRUITER, PatternKind.SHARED_ADDRESS


def event(
    number: int,
    victims: str = "",
    perpetrators: str = "",
    *,
    days: tuple[int, int] | None = None,
    area: str = "",
    role: str = "",
    address: str = "",
) -> EventFacts:
    """An event with people of one letter each; ``days`` from and to, both inclusive."""
    return EventFacts(
        id=f"e{number:02}",
        place=f"{number:04}",
        entity="police",
        since=None if days is None else days[0] * DAY,
        until=None if days is None else days[1] * DAY,
        exploited=(area,) if area else (),
        tokens=(f"address:{address}",) if address else (),
        parts=(
            *(Part(person, True) for person in victims),
            *(Part(person, False, (role,) if role else ()) for person in perpetrators),
        ),
    )


def find(kind: PatternKind, events: Iterable[EventFacts], skipped: str = "", /, **asked: int) -> list[Match]:
    """The matches without those skipped, people of one letter each; in order."""
    definition = LIBRARY[kind]
    found = definition.find(CaseSlice.of(events), settle(definition, asked), set(skipped)).matches
    return sorted(found, key=lambda match: match.order)


def people(match: Match) -> str:
    """Everybody in a match, in its order."""
    return "".join(member.person for member in match.members)


# --- times ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "apart", "expected"),
    [
        ([(1, 2), (3, 4)], None, Timing.CERTAIN),
        ([(1, 3), (2, 4)], None, Timing.POSSIBLE),
        ([(3, 4), (1, 2)], None, None),
        ([(3, 9), (1, 5), (4, 4)], None, Timing.POSSIBLE),
        ([(3, 9), (1, 5), (2, 2)], None, None),
        ([(1, 2), None, (3, 4)], None, Timing.UNDATED),
        ([(3, 4), None, (1, 2)], None, None),
        ([(1, 2), (8, 9)], 5, None),
        ([(1, 3), (8, 9)], 5, Timing.POSSIBLE),
        ([(1, 2), (4, 5)], 5, Timing.CERTAIN),
        ([(1, 1), None, (11, 11)], 5, Timing.UNDATED),
        ([(1, 1), None, (12, 12)], 5, None),
    ],
)
def test_an_order_in_time_is_as_sure_as_its_dates(
    spans: list[tuple[int, int] | None], apart: int | None, expected: Timing | None
) -> None:
    """Certain, possible, undated, or contradicted by every reading."""
    events = [event(number, days=span) for number, span in enumerate(spans)]

    assert timing_of(events, most_apart=None if apart is None else apart * DAY) is expected


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda s: (min(s), max(s))), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_an_order_is_possible_when_some_moments_have_it(spans: list[tuple[int, int]], apart: int) -> None:
    """Against trying every day of every event."""
    events = [event(number, days=span) for number, span in enumerate(spans)]
    moments = product(*(range(first, last + 1) for first, last in spans))
    possible = any(all(0 <= b - a <= apart for a, b in pairwise(m)) for m in moments)

    assert (timing_of(events, most_apart=apart * DAY) is not None) == possible


# --- star recruiter ------------------------------------------------------------------------------------------


def rays(number: int, *, role: str = "recruiter") -> list[EventFacts]:
    """Events of x with a victim of their own each."""
    return [event(at, "abcdefghij"[at], "x", role=role) for at in range(number)]


def test_a_star_recruits_in_events_that_share_nobody_else() -> None:
    """Eight rays are one, seven are none."""
    (match,) = find(STAR, rays(8))

    assert (people(match), len(match.events), match.timing) == ("x", 8, None)
    assert match.because[0] == "8 events share nobody but this perpetrator"
    assert find(STAR, rays(7)) == []


def test_whoever_comes_twice_takes_one_ray_away_and_not_two() -> None:
    """One victim twice; every victim twice; a helper in all of them."""
    again = [replace(each, id=f"f{at:02}", place=f"1{at:03}") for at, each in enumerate(rays(8))]

    assert [match.events for match in find(STAR, [*rays(8), again[0]])] == [tuple(f"e{at:02}" for at in range(8))]
    (match,) = find(STAR, [*rays(8), *again])
    assert (len(match.events), match.because[0]) == (8, "8 events share nobody but this perpetrator")
    assert match.because[1] == "recruiting in 16 of 16 events that tell a role"
    assert find(STAR, [*rays(7), *again[:7]]) == []
    assert find(STAR, [replace(each, parts=(*each.parts, Part("h", False))) for each in rays(9)]) == []


def test_a_chain_of_events_has_every_other_one_as_ray() -> None:
    """Each event shares a victim with the next: of fifteen eight are rays, of fourteen seven."""
    chain = [event(at, "abcdefghijklmnop"[at : at + 2], "x", role="recruiter") for at in range(15)]

    assert [match.events for match in find(STAR, chain)] == [tuple(f"e{at:02}" for at in range(0, 15, 2))]
    assert find(STAR, chain[:14]) == []


def test_of_two_events_that_share_somebody_the_telling_one_is_the_ray() -> None:
    """Which of them is kept is all the same to the number of rays, and not to how many say recruiter."""
    silent = [event(at, "abcdefgh"[at], "x") for at in range(8)]
    telling = [event(20 + at, "abcd"[at], "x", role="recruiter") for at in range(4)]

    (match,) = find(STAR, [*silent, *telling])

    assert match.events == ("e04", "e05", "e06", "e07", "e20", "e21", "e22", "e23")
    assert find(STAR, [*silent, *telling[:3]]) == []


def test_a_star_says_often_enough_that_it_recruits() -> None:
    """What is not told contradicts nothing, but four events must say it, and half of those that say anything."""
    silent = [event(10 + at, "klmnop"[at], "x") for at in range(4)]
    other = [event(20 + at, "qrstuvw"[at], "x", role="transporter") for at in range(5)]

    assert len(find(STAR, [*rays(4), *silent])[0].events) == 8
    assert find(STAR, [*rays(3), *silent, event(30, "z", "x")]) == []
    assert find(STAR, [*rays(4), *silent, *other]) == []
    assert len(find(STAR, [*rays(5), *silent, *other])[0].events) == 9
    assert find(STAR, rays(8, role="transporter")) == []


# --- ring ----------------------------------------------------------------------------------------------------


def acts(*pairs: str) -> list[EventFacts]:
    """An act of each pair."""
    return [event(number, "", pair) for number, pair in enumerate(pairs)]


def test_a_ring_is_closed_and_has_no_chord() -> None:
    """Four in a circle; without the last pair, with a pair across, or with somebody more in one event, none."""
    (match,) = find(RING, acts("ab", "bc", "cd", "da"))

    assert (people(match), match.events, match.strength) == ("abcd", ("e00", "e01", "e02", "e03"), 100)
    assert find(RING, acts("ab", "bc", "cd")) == []
    assert [people(each) for each in find(RING, acts("ab", "bc", "cd", "da", "ac"))] == ["abc", "acd"]
    assert find(RING, acts("ab", "bc", "cd", "dax")) == []
    assert find(RING, acts("ab", "bc", "cd", "de", "ef", "fg", "ga")) == []
    assert len(find(RING, acts("ab", "bc", "cd", "de", "ef", "fg", "ga"), mostPeople=7)) == 1


def test_a_ring_keeps_to_itself() -> None:
    """A third at least of what its members do in pairs is with each other."""
    triangle = acts("ab", "bc", "ca")
    outside = [event(10 + at, "", "abc"[at % 3] + "klmnopqrstuvwxyz"[at]) for at in range(13)]

    assert [match.strength for match in find(RING, [*triangle, *outside[:12]])] == [33]
    assert find(RING, [*triangle, *outside]) == []
    assert len(find(RING, [*triangle, *outside], leastShare=31)) == 1


@pytest.mark.parametrize("seed", range(20))
def test_rings_are_the_chordless_cycles(seed: int) -> None:
    """Against networkx, on random graphs of pairs."""
    dice = random.Random(seed)
    pairs = {"".join(sorted(dice.sample("abcdefghij", 2))) for _ in range(dice.randint(4, 22))}
    graph: nx.Graph[str] = nx.Graph((pair[0], pair[1]) for pair in pairs)

    found = find(RING, acts(*sorted(pairs)), leastPeople=3, mostPeople=6, leastShare=0)

    cycles = nx.chordless_cycles(graph, length_bound=6)  # type: ignore[call-overload]
    expected = {frozenset(cycle) for cycle in cycles if len(cycle) > 2}
    assert {frozenset(people(match)) for match in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [1, 2])
def test_rings_may_have_so_many_chords(seed: int, most: int) -> None:
    """Against trying all: each set of people once that a cycle of pairs joins, with at most so many pairs across."""
    dice = random.Random(seed)
    names = "abcdefgh"
    pairs = {"".join(sorted(dice.sample(names, 2))) for _ in range(dice.randint(4, 20))}

    found = find(RING, acts(*sorted(pairs)), mostPeople=5, mostChords=most, leastShare=0)

    expected = set()
    for size in (3, 4, 5):
        for members in combinations(names, size):
            among = {pair for pair in pairs if set(pair) <= set(members)}
            cycles = ([members[0], *rest] for rest in permutations(members[1:]))
            joined = any(
                all("".join(sorted(pair)) in among for pair in pairwise([*cycle, cycle[0]])) for cycle in cycles
            )
            if joined and len(among) - size <= most:
                expected.add(frozenset(members))
    assert {frozenset(people(match)) for match in found} == expected
    assert len(found) == len(expected)


# --- movements -----------------------------------------------------------------------------------------------


def test_a_relay_hands_a_victim_on_from_area_to_area() -> None:
    """Three areas, two handings over, each by another who is in both events."""
    route = [
        event(1, "v", "pq", days=(1, 5), area="KE"),
        event(2, "v", "qr", days=(10, 12), area="UG"),
        event(3, "v", "rs", days=(20, 20), area="TZ"),
    ]
    (match,) = find(RELAY, route)

    assert (people(match), match.events, match.timing) == ("vpqrs", ("e01", "e02", "e03"), Timing.CERTAIN)
    assert find(RELAY, [*route[:2], replace(route[2], exploited=("KE",))]) == []
    assert find(RELAY, [*route[:2], event(3, "v", "qs", days=(20, 20), area="TZ")]) == []
    assert find(RELAY, [*route[:2], event(3, "v", "st", days=(20, 20), area="TZ")]) == []
    assert find(RELAY, [route[0], event(2, "v", "qr", days=(30, 30), area="UG"), route[2]]) == []
    assert find(RELAY, route, leastEvents=4) == []


def test_a_relay_without_a_date_says_so() -> None:
    """A missing date contradicts no order; where nothing is dated the order from the first by id is told."""
    route = [event(1, "v", "p", area="KE"), event(2, "v", "pq", area="UG"), event(3, "v", "q", area="TZ")]

    (match,) = find(RELAY, route)

    assert (match.timing, match.events) == (Timing.UNDATED, ("e01", "e02", "e03"))


def test_a_short_cycle_comes_back_within_days() -> None:
    """From area to area and back with the same perpetrator; later, elsewhere, or by others it is none."""
    cycle = [
        event(1, "v", "p", days=(1, 2), area="KE"),
        event(2, "v", "pq", days=(20, 21), area="UG"),
        event(3, "v", "p", days=(40, 41), area="KE"),
    ]
    (match,) = find(CYCLE, cycle)

    assert (people(match), match.events, match.timing) == ("vp", ("e01", "e02", "e03"), Timing.CERTAIN)
    assert find(CYCLE, cycle, mostDays=17) == []
    assert find(CYCLE, [*cycle[:2], replace(cycle[2], exploited=("TZ",))]) == []
    assert find(CYCLE, [*cycle[:2], event(3, "v", "q", days=(40, 41), area="KE")]) == []
    assert find(CYCLE, [cycle[0], replace(cycle[1], exploited=("KE",)), cycle[2]]) == []


@pytest.mark.parametrize("seed", range(12))
def test_movements_are_the_longest_that_any_order_gives(seed: int) -> None:
    """Against trying every order of every victim's events."""
    dice = random.Random(seed)
    events = []
    for number in range(6):
        first = dice.randint(0, 20)
        days = (first, first + dice.randint(0, 15)) if dice.random() < 0.8 else None
        crowd = "".join(sorted(set(dice.choices("pqr", k=2))))
        events.append(event(number, dice.choice(["v", "v", "vw"]), crowd, days=days, area=dice.choice("ABC")))

    for kind, holds in ((RELAY, is_relay), (CYCLE, is_cycle)):
        found = find(kind, events, **({"mostDays": 9} if kind is CYCLE else {}))
        for victim in "vw":
            mine = [each for each in events if victim in each.people(victims=True)]
            longest = max((n for n in range(3, 7) for order in permutations(mine, n) if holds(order)), default=0)
            lengths = [len(match.events) for match in found if match.members[0].person == victim]
            assert max(lengths, default=0) == longest


def is_relay(order: tuple[EventFacts, ...]) -> bool:
    """Whether events in this order are a relay."""
    areas = [each.exploited[0] for each in order]
    shared = [set(a.people(victims=False)) & set(b.people(victims=False)) for a, b in pairwise(order)]
    hands = any(len(set(chosen)) == len(shared) for chosen in product(*shared))
    return len(set(areas)) == len(areas) and hands and timing_of(order) is not None


def is_cycle(order: tuple[EventFacts, ...]) -> bool:
    """Whether events in this order are a cycle of some perpetrator."""
    areas = [each.exploited[0] for each in order]
    everywhere = set.intersection(*(set(each.people(victims=False)) for each in order))
    moves = all(a != b for a, b in pairwise(areas))
    return (
        bool(everywhere) and moves and len(set(areas)) < len(areas) and timing_of(order, most_apart=9 * DAY) is not None
    )


# --- victim turned recruiter, shared address --------------------------------------------------------------------


def test_a_victim_turned_recruiter_suffered_first() -> None:
    """Three later events; recruiting before, or too seldom, is not it."""
    suffered = event(1, "x", "p", days=(1, 5))
    later = [event(2 + at, "abcd"[at], "x", days=(10 + at, 10 + at), role="recruiter") for at in range(4)]
    earlier = [replace(each, since=0, until=0) for each in later]
    other = [event(20 + at, "k", "x", days=(50, 50), role="transporter") for at in range(5)]

    (match,) = find(TURNED, [suffered, *later])
    assert (people(match), match.events[0], len(match.events), match.timing) == ("x", "e01", 5, Timing.CERTAIN)
    assert match.because[0] == "a victim in 1 event, and a perpetrator in 4 events not before it"
    assert find(TURNED, [suffered, *later[:2]]) == []
    assert find(TURNED, [suffered, *earlier]) == []
    assert find(TURNED, [suffered, *later, *other]) == []
    assert find(TURNED, later) == []


def test_whoever_suffers_and_acts_in_the_same_events_may_have_suffered_first_in_any() -> None:
    """Of two undated events one tells recruiting: that is the later one, wherever it stands in the list."""
    telling, silent = event(1, "x", "x", role="recruiter"), event(2, "x", "x")

    for events in ([telling, silent], [replace(silent, place="0000"), telling]):
        (match,) = find(TURNED, events, leastEvents=1)
        assert (match.events, match.timing) == (("e02", "e01"), Timing.UNDATED)
    assert find(TURNED, [telling], leastEvents=1) == []


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "recruiter", "transporter", "-"])), max_size=6))
def test_a_turn_is_found_from_any_event_suffered(told: list[tuple[bool, str]]) -> None:
    """Undated events of x as victim, as perpetrator or as both: against trying each as the first."""
    events = [
        event(at, "x" if suffered else "v", "" if role == "-" else "x", role=role)
        for at, (suffered, role) in enumerate(told)
    ]
    recruited = [at for at, (_, role) in enumerate(told) if role in ("", "recruiter")]
    later = [[at for at in recruited if at != first] for first, (suffered, _) in enumerate(told) if suffered]
    most = max((len(each) for each in later if any(told[at][1] == "recruiter" for at in each)), default=0)

    found = find(TURNED, events, leastEvents=1, leastShare=0)

    assert max((len(match.events) - 1 for match in found), default=0) == most


def test_an_address_is_shared_by_perpetrators_who_do_not_meet() -> None:
    """Four events of different people within ninety days; the token is in no match."""
    shared = [event(at, "v", "abcd"[at], days=(at * 30, at * 30), address="secret") for at in range(4)]

    (match,) = find(ADDRESS, shared)

    assert (people(match), match.events, match.timing) == ("abcd", ("e00", "e01", "e02", "e03"), Timing.CERTAIN)
    assert "secret" not in repr(match)
    assert find(ADDRESS, shared, mostDays=89) == []
    assert find(ADDRESS, [*shared[:3], event(9, "v", "a", days=(5, 5), address="secret")]) == []
    assert find(ADDRESS, [*shared[:3], event(9, "v", "d", days=(5, 5), address="other")]) == []
    assert find(ADDRESS, [*shared[:3], event(9, "v", "", days=(5, 5), address="secret")]) == []
    assert find(ADDRESS, [*shared[:3], event(9, "v", "d", address="secret")])[0].timing is Timing.UNDATED


def test_who_comes_back_to_an_address_takes_nothing_from_it() -> None:
    """Before or after, in another time; and the event kept of somebody's two is the one that joins with more others."""
    near = [event(10 + at, "v", "abcd"[at], days=(at, at), address="rue") for at in range(4)]
    later = event(1, "v", "a", days=(1_400, 1_400), address="rue")
    crowd = event(2, "v", "ab", days=(2, 2), address="rue")
    (expected,) = find(ADDRESS, near)

    assert find(ADDRESS, [*near, later]) == [expected]
    assert find(ADDRESS, [*near, replace(later, place="9999")]) == [expected]
    assert find(ADDRESS, [crowd, *near]) == [expected]
    assert find(ADDRESS, [*near, event(3, "v", "a", address="rue")]) == [expected]


SPANS = st.none() | st.tuples(st.integers(0, 30), st.integers(0, 6)).map(lambda told: (told[0], sum(told)))
VISITS = st.lists(st.tuples(st.sampled_from(["", "a", "b", "c", "d", "ab", "bc", "cde", "e", "f"]), SPANS), max_size=9)


@given(VISITS, st.integers(1, 20), st.randoms(use_true_random=False))
def test_no_set_of_events_at_an_address_is_larger(
    told: list[tuple[str, tuple[int, int] | None]], days: int, dice: random.Random
) -> None:
    """Against trying every set of events; their order in the list does not matter."""
    events = [event(at, "v", crowd, days=span, address="rue") for at, (crowd, span) in enumerate(told)]
    subsets = (each for size in range(2, len(events) + 1) for each in combinations(events, size))
    largest = max((len(each) for each in subsets if is_shared(each, days)), default=0)

    found = find(ADDRESS, events, leastEvents=2, mostDays=days)

    assert [len(match.events) for match in found] == ([largest] if largest else [])
    assert all(is_shared([each for each in events if each.id in match.events], days) for match in found)
    order = dice.sample(range(len(events)), len(events))
    moved = [replace(each, place=f"{place:04}") for each, place in zip(events, order, strict=True)]
    again = find(ADDRESS, moved, leastEvents=2, mostDays=days)
    assert [set(match.events) for match in again] == [set(match.events) for match in found]


def is_shared(events: Sequence[EventFacts], days: int) -> bool:
    """Whether nobody is in two of these events, somebody in each, and all may have been within so many days."""
    crowds = [set(each.people(victims=False)) for each in events]
    dated = [each for each in events if each.since is not None]
    begun = max((each.since for each in dated if each.since is not None), default=0)
    over = min((each.until for each in dated if each.until is not None), default=0)
    return all(crowds) and len(set.union(*crowds)) == sum(map(len, crowds)) and begun - over <= days * DAY


def test_an_address_of_very_many_events_is_searched_as_far_as_its_bound() -> None:
    """A thousand that may all have been in one time: the answer says that more may be there."""
    office = [
        replace(event(at, "", "", days=(at, at), address="rue"), id=f"e{at:04}", parts=[Part(f"p{at % 700}", False)])
        for at in range(1_000)
    ]

    finding = LIBRARY[ADDRESS].find(CaseSlice.of(office), settle(LIBRARY[ADDRESS], {"mostDays": 900}))

    assert ([len(match.events) for match in finding.matches], finding.stopped) == ([700], False)
    crowded = [
        replace(each, since=0, parts=[*each.parts, Part(f"q{at % 650}", False)]) for at, each in enumerate(office)
    ]
    stopped = LIBRARY[ADDRESS].find(CaseSlice.of(crowded), settle(LIBRARY[ADDRESS], {}))
    assert (len(stopped.matches), stopped.stopped) == (1, True)


# --- who is skipped ----------------------------------------------------------------------------------------------


def test_a_relay_goes_round_whoever_is_skipped() -> None:
    """Another hands over, another end is told or none; without any other hand there is no relay."""
    route = [
        event(1, "v", "apq", days=(1, 5), area="KE"),
        event(2, "v", "apqr", days=(10, 12), area="UG"),
        event(3, "v", "ars", days=(20, 20), area="TZ"),
    ]

    assert [people(match) for match in find(RELAY, route)] == ["vpars"]
    assert [people(match) for match in find(RELAY, route, "a")] == ["vqprs"]
    assert [people(match) for match in find(RELAY, route, "aqs")] == ["vpr"]
    assert find(RELAY, route, "ar") == []
    assert find(RELAY, route, "v") == []


def test_an_event_of_somebody_skipped_is_at_no_shared_address() -> None:
    """It would be told without one of its perpetrators."""
    shared = [
        event(at, "v", crowd, days=(at, at), address="rue") for at, crowd in enumerate(["a", "b", "c", "dx", "e"])
    ]

    (match,) = find(ADDRESS, shared, "x")

    assert (people(match), match.events) == ("abce", ("e00", "e01", "e02", "e04"))
    assert find(ADDRESS, shared, "xa") == []


def test_a_ring_has_nobody_skipped_and_counts_what_is_done_with_them() -> None:
    """Of two triangles at one side one is left; its members' acts with the other's make it less closed."""
    two = acts("ab", "bc", "ca", "ad", "db")

    assert [(people(match), match.strength) for match in find(RING, two, "d")] == [("abc", 75)]
    assert find(RING, two, "a") == []


# --- parameters --------------------------------------------------------------------------------------------------


def test_parameters_are_held_to_their_ranges() -> None:
    """Each pattern has its own, with a default inside the range; foreign names and crossed bounds are refused."""
    for definition in LIBRARY.values():
        assert all(each.lowest <= each.default <= each.highest for each in definition.parameters)
        for each in definition.parameters:
            for value in (each.lowest - 1, each.highest + 1):
                with pytest.raises(ArgumentOutOfRange):
                    settle(definition, {each.name: value})
    with pytest.raises(ArgumentsConflicting):
        settle(LIBRARY[STAR], {"mostDays": 3})
    with pytest.raises(ArgumentsConflicting):
        settle(LIBRARY[RING], {"leastPeople": 7, "mostPeople": 4})


# --- the truth of sample worlds --------------------------------------------------------------------------------


def scores(folder: Path, catalogue: Catalogue, world: World) -> dict[PatternKind, Score]:
    """How well each kind is found in a world, read as any delivery."""
    made = write_world(world, folder)
    identities = Identities(bytes(32))
    reading = Reading(
        path=made.events_file,
        mapping=load_mapping("ictip"),
        codebook=CatalogueCodebook(catalogue),
        digest=file_digest(made.events_file),
        identities=identities,
        batch=BatchId("test-batch"),
        entity=None,
    )
    cases = CaseSlice.of(facts_of(row.record) for row in read_rows(reading) if row.record is not None)
    planted = read_truth(truth(Setting(world)), identities)
    return {
        kind: score(kind, planted, definition.find(cases, settle(definition, {})).matches)
        for kind, definition in LIBRARY.items()
    }


@pytest.mark.parametrize(("preset", "seed"), [(Preset.SPARSE, 1), (Preset.DENSE, 2)])
def test_planted_patterns_are_found(tmp_path: Path, catalogue: Catalogue, preset: Preset, seed: int) -> None:
    """One of each is in a world of 3,000 events, and is found with the defaults."""
    found = scores(tmp_path, catalogue, World(3_000, preset, seed, palette_of(catalogue)))

    assert {kind: (each.planted, each.found) for kind, each in found.items()} == dict.fromkeys(PatternKind, (1, 1))


@pytest.mark.long
def test_recall_and_precision_over_many_worlds(tmp_path: Path, catalogue: Catalogue) -> None:
    """Three presets, four seeds, 10,000 events each, two of each kind in each; the figures of docs/patterns.md."""
    palette = palette_of(catalogue)
    totals: dict[tuple[Preset, PatternKind], list[int]] = {}
    for preset, seed in product(Preset, range(1, 5)):
        for kind, each in scores(tmp_path, catalogue, World(10_000, preset, seed, palette)).items():
            total = totals.setdefault((preset, kind), [0, 0, 0, 0])
            for at, count in enumerate((each.planted, each.found, each.matches, each.true_matches)):
                total[at] += count
    for (preset, kind), (planted, found, matches, true) in totals.items():
        print(f"{preset.value:<8} {kind.value:<24} recall {found}/{planted}   precision {true}/{matches}")
    lost = {(preset, kind) for (preset, kind), (planted, found, _, _) in totals.items() if found < 0.95 * planted}

    assert lost <= {(Preset.HUB, RING)}
