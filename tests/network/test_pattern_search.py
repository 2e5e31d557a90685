"""Patterns looked for in a store, on both engines: what is read, page by page as in one, inside the scope, for whom."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from registry.access.actor import STRANGER, Actor
from registry.access.scope import scope_parameter
from registry.cases.model import EventRecord
from registry.cases.ports import EventFilter
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, CursorForeign, NotAllowed, RecordUnknown
from registry.identifiers import EntityId, Notation
from registry.network.confidence import Confidence
from registry.network.gathering import EVERYWHERE, Around, Ground
from registry.network.judgements import pair_of
from registry.network.model import Judged, NodeKind, Start, Window, Within
from registry.network.pattern_queries import Matches, PatternQuestion
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import Match, PatternKind
from registry.network.slice import CaseSlice
from registry.network.slice_ports import Bounds
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network_slices import BoltSliceStore
from tests import oracle, universe
from tests.network.facts import facts_of, plain, slice_of
from tests.network.test_ego_network import store_world
from tests.network.test_judgements import judge
from tests.universe import CARER, EVERYONE, EVERYTHING, OFFICER, POLICE, SHELTER, event_id, networks, person_id
from tests.worlds import random_world, two_agencies

YEAR = Window(1546300800000000, 1577836799999999)
LOOSE = {
    PatternKind.STAR_RECRUITER: {"leastEvents": 3, "leastTold": 1, "leastShare": 0},
    PatternKind.RING: {"leastShare": 0},
    PatternKind.RELAY_ROUTE: {},
    PatternKind.SHARED_ADDRESS: {"leastEvents": 2, "mostDays": 3_660},
    PatternKind.VICTIM_TURNED_RECRUITER: {"leastEvents": 1, "leastShare": 0},
    PatternKind.SHORT_CYCLE_MOVEMENT: {"mostDays": 3_660},
}
"""Small random worlds hold little else than loose matches."""


async def test_events_are_read_whole_and_in_order(database: Database) -> None:
    """In the order of the list, in stretches of any size, within every bound; so are those of people and addresses."""
    records = two_agencies(3)
    await store_world(database, records)
    store, dice = BoltSliceStore(database), random.Random(3)
    parents = universe.PARENTS["areas"]

    for _ in range(12):
        entities = dice.choice((None, [POLICE]))
        scope = EVERYTHING if entities is None else scope_parameter(OFFICER.scope)
        window, area = dice.choice((None, YEAR)), dice.choice((None, Notation("KE")))
        entity, form = dice.choice((None, None, EntityId(SHELTER))), dice.choice((None, Notation("2")))
        within = Within(window=window, areas=() if area is None else (area,), forms=() if form is None else (form,))
        bounds = Bounds(scope, within, entity)
        where = EventFilter(form=form, area=area, entity=entity)
        listed = oracle.listed(oracle.in_scope(records, entities), where, {**universe.PARENTS, "areas": parents})
        kept = {str(r.id): r for r in records if window is None or oracle._lasts_within(r, window)}
        expected = [plain(facts_of(kept[id_])) for id_ in listed if id_ in kept]

        limit = dice.randint(1, 8)
        read = await store.scan(bounds, after="", limit=limit)
        assert [plain(event) for event in read] == expected[:limit]
        assert [plain(event) for event in await store.scan(bounds, after="", limit=500)] == expected
        if len(read) == limit:
            rest = await store.scan(bounds, after=read[-1].place, limit=500)
            assert [plain(event) for event in rest] == expected[limit:]
        some = dice.sample([record.id for record in records], 9)
        assert sorted(map(plain, await store.facts(some, bounds))) == sorted(e for e in expected if e[0] in some)

        inside = [kept[id_] for id_ in listed if id_ in kept]
        people = sorted({part.person for record in inside for part in record.participations if part.person})[:5]
        met = await store.met_by_people(people, bounds, hub_limit=4)
        theirs = {p: {r.id for r in inside if p in {part.person for part in r.participations}} for p in people}
        assert list(met.events) == sorted({e for events in theirs.values() if len(events) <= 4 for e in events})
        assert list(met.skipped) == [(p, len(events)) for p, events in theirs.items() if len(events) > 4]

        told = {token for record in inside[:3] for token in facts_of(record).tokens}
        shared = {t: {r.id for r in inside if t in facts_of(r).tokens} for t in told}
        addresses = await store.met_by_addresses([record.id for record in inside[:3]], bounds, hub_limit=6)
        assert list(addresses.events) == sorted({e for events in shared.values() if len(events) <= 6 for e in events})
        assert addresses.crowded == {token for token, events in shared.items() if len(events) > 6}


def unweighed(match: Match) -> Match:
    """The match as the search finds it."""
    assert match.confidence is Confidence.REPORTED
    return replace(match, confidence=None)


async def every_page(
    database: Database,
    kind: PatternKind,
    *,
    first: int | None = None,
    actor: Actor = EVERYONE,
    ground: Ground = EVERYWHERE,
) -> list[Match]:
    """The matches of all pages, without what is asked of those that are told: how far they can be relied on."""
    found: list[Match] = []
    question = PatternQuestion(kind, LOOSE[kind], ground, first=first, most=1_000)
    while True:
        page = await question.ask(networks(database), actor=actor)
        assert (page.found, page.account.truncated) == (len(page.matches), False)
        found += map(unweighed, page.matches)
        if page.account.end_cursor is None:
            return sorted(found, key=lambda match: match.order)
        question = replace(question, after=page.account.end_cursor)


def expected_matches(records: list[EventRecord], kind: PatternKind) -> list[Match]:
    """What the definition finds in the records themselves."""
    definition = LIBRARY[kind]
    found = definition.find(slice_of(records), settle(definition, LOOSE[kind])).matches
    return sorted(found, key=lambda match: match.order)


async def test_every_page_together_are_the_whole(database: Database) -> None:
    """However the list is cut, each match is told once and whole; the actor's records alone count."""
    records = two_agencies(5)
    await store_world(database, records)
    met = 0

    for kind in PatternKind:
        whole = expected_matches(records, kind)
        assert await every_page(database, kind) == whole
        assert await every_page(database, kind, first=7) == whole
        mine = expected_matches(oracle.in_scope(records, [POLICE]), kind)
        assert await every_page(database, kind, first=9, actor=OFFICER) == mine
        met += len(whole)
    assert met > 10


class Guarded:
    """The matches of all pages under a hub guard, and who was listed on any."""

    def __init__(self) -> None:
        self.matches: list[Match] = []
        self.listed: set[str] = set()

    async def ask(self, database: Database, question: PatternQuestion) -> Guarded:
        """Page after page."""
        while True:
            page = await question.ask(networks(database), actor=EVERYONE)
            self.matches = sorted([*self.matches, *map(unweighed, page.matches)], key=lambda match: match.order)
            self.listed |= {hub.id for hub in page.account.skipped_hubs}
            if page.account.end_cursor is None:
                return self
            question = replace(question, after=page.account.end_cursor)


async def test_the_hub_guard_does_not_depend_on_pages(database: Database) -> None:
    """Matches are those without anybody of more events than the guard; one at least of every other match is listed."""
    records, limit = random_world(44, events=45, people=24), 10
    await store_world(database, records)
    whole, kept, lost = slice_of(records), 0, 0
    degrees = Counter(person for record in records for person in {part.person for part in record.participations})

    hubs = {person for person, degree in degrees.items() if person is not None and degree > limit}
    for kind in PatternKind:
        definition, settings = LIBRARY[kind], settle(LIBRARY[kind], LOOSE[kind])
        crowded = {token for token, events in whole.by_address.items() if len(events) > limit}
        cases = CaseSlice.of(
            replace(event, tokens=[token for token in event.tokens if token not in crowded])
            for event in whole.events.values()
        )
        expected = sorted(definition.find(cases, settings, hubs).matches, key=lambda match: match.order)
        cut = [
            match
            for match in definition.find(cases, settings).matches
            if not hubs.isdisjoint(member.person for member in match.members)
        ]
        for first in (None, 9):
            question = PatternQuestion(kind, LOOSE[kind], hub_limit=limit, first=first, most=1_000)
            found = await Guarded().ask(database, question)
            assert found.matches == expected
            assert found.listed <= hubs
            assert all(not found.listed.isdisjoint(member.person for member in match.members) for match in cut)
        kept, lost = kept + len(expected), lost + len(cut)
    assert min(kept, lost) > 10


async def test_around_a_start_only_what_lies_there_counts(database: Database) -> None:
    """Ground of two hops: the start's own events."""
    records = random_world(7, events=25, people=14)
    await store_world(database, records)
    busiest = max(
        {part.person for record in records for part in record.participations if part.person},
        key=lambda person: sum(any(part.person == person for part in record.participations) for record in records),
    )
    around = Around(Start(NodeKind.PERSON, busiest), 1)
    own = [record for record in records if any(part.person == busiest for part in record.participations)]

    for kind in PatternKind:
        question = PatternQuestion(kind, LOOSE[kind], Ground(around=around))
        found = await question.ask(networks(database), actor=EVERYONE)
        assert list(map(unweighed, found.matches)) == expected_matches(own, kind)
        assert (found.account.visited, found.account.end_cursor) == (len(own), None)


@pytest.mark.parametrize("judged", Judged)
async def test_a_match_is_as_sure_as_its_weakest_event(database: Database, judged: Judged) -> None:
    """And counts those that are refuted; of two accounts of one event the stronger holds, where they count as one."""
    dice = random.Random(3)
    says = {"possible": Confidence.POSSIBLE, "actual": Confidence.REPORTED, "not-trafficking": Confidence.REFUTED}
    records = [
        replace(record, values={**record.values, **universe.values(sta=universe.codes(dice.choice(list(says))))})
        for record in random_world(5, events=40, people=14)
    ]
    await store_world(database, records)
    levels: dict[str, Confidence] = {
        record.id: says[str(oracle._codes(record.values, Notation("sta"))[0])] for record in records
    }
    one, other = (
        next(id_ for id_ in sorted(levels) if levels[id_] is each) for each in (says["actual"], Confidence.REFUTED)
    )
    await judge(database, EVERYONE, pair_of(NodeKind.EVENT, one, other))
    if judged is Judged.TOGETHER:
        levels[one] = levels[other] = Confidence.REPORTED

    seen = set[Confidence | None]()
    for kind in PatternKind:
        question = PatternQuestion(kind, LOOSE[kind], Ground(judged=judged), most=1_000)
        for match in (await question.ask(networks(database), actor=EVERYONE)).matches:
            told = [levels[event] for event in match.events]
            refuted = told.count(Confidence.REFUTED)
            sentence = f"told to be no trafficking: {refuted} of {len(told)} event{'s' * (len(told) > 1)}"
            assert match.confidence is min(told, key=lambda level: level.rank)
            assert (match.because[-1] == sentence) is (refuted > 0)
            seen.add(match.confidence)
    assert seen >= {Confidence.POSSIBLE, Confidence.REFUTED}


async def test_what_was_left_out_is_told(database: Database) -> None:
    """People beyond the guard by name and number, crowded addresses by number, and that the budget ended it."""
    records = random_world(9, events=30, people=10)
    await store_world(database, records)
    slice_ = slice_of(records)
    busy = {p: len(events) for p, events in slice_.perpetrated.items() if len(events) > 3}
    crowded = [events for events in slice_.by_address.values() if len(events) > 2]
    limits = {"leastEvents": 3, "leastTold": 1, "leastShare": 0}

    async def ask(question: PatternQuestion) -> Matches:
        return await question.ask(networks(database), actor=EVERYONE)

    stars = await ask(PatternQuestion(PatternKind.STAR_RECRUITER, limits, hub_limit=3))
    assert busy.keys() <= {hub.id for hub in stars.account.skipped_hubs}
    assert not {m.members[0].person for m in stars.matches} & {hub.id for hub in stars.account.skipped_hubs}
    addresses = await ask(PatternQuestion(PatternKind.SHARED_ADDRESS, {"leastEvents": 2}, hub_limit=2))
    assert crowded
    assert addresses.account.skipped_identifiers == len(crowded)
    cut = await ask(PatternQuestion(PatternKind.STAR_RECRUITER, limits, Ground(budget=6), first=5))
    assert (cut.account.truncated, cut.account.visited) == (True, 6)
    assert cut.account.counts_by_type["Event"] == 6


async def test_questions_are_refused_before_anything_is_read(database: Database) -> None:
    """Limits, windows, cursors of other questions, unknown starts, and who may not explore."""
    await universe.build_universe(BoltCaseStore(database))
    star = PatternKind.STAR_RECRUITER

    async def ask(ground: Ground = EVERYWHERE, actor: Actor = EVERYONE, **more: Any) -> Matches:
        return await PatternQuestion(star, ground=ground, **more).ask(networks(database), actor=actor)

    wrong: list[tuple[Ground, dict[str, Any]]] = [
        (Ground(budget=0), {}),
        (Ground(budget=10**9), {}),
        (EVERYWHERE, {"first": 0}),
        (EVERYWHERE, {"first": 200_001}),
        (EVERYWHERE, {"hub_limit": 0}),
        (EVERYWHERE, {"most": 0}),
        (Ground(around=Around(Start(NodeKind.PERSON, "x"), 7)), {}),
        (Ground(around=Around(Start(NodeKind.PERSON, "x"), 1, 1_001)), {}),
    ]
    for ground, more in wrong:
        with pytest.raises(ArgumentOutOfRange):
            await ask(ground, **more)
    near = Ground(around=Around(Start(NodeKind.PERSON, "x")))
    wrong = [(Ground(window=Window(2, 1)), {}), (near, {"after": "x"}), (near, {"first": 5})]
    for ground, more in wrong:
        with pytest.raises(ArgumentsConflicting):
            await ask(ground, **more)
    cursor = (await ask(first=2)).account.end_cursor
    assert cursor is not None
    await ask(first=3, after=cursor)
    for after in ("x", cursor[:-2]):
        with pytest.raises(CursorForeign):
            await ask(after=after)
    with pytest.raises(CursorForeign):
        await ask(Ground(entity=POLICE), after=cursor)
    for start in (Start(NodeKind.PERSON, person_id("ada")), Start(NodeKind.EVENT, event_id("E1"))):
        with pytest.raises(RecordUnknown):
            await ask(Ground(around=Around(start)), actor=CARER)
    with pytest.raises(NotAllowed):
        await ask(actor=STRANGER)
