"""A record that an actor may not see changes nothing they are told: no answer, count, page, hub or truncation.

Random worlds, random actors, every question; then a hidden record is put in and everything is asked again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from registry.access.actions import Act
from registry.access.actor import Actor, Right, Scope, Sensitivity, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.pseudonyms import Pseudonyms
from registry.access.scope import Placed, marks_of, sees
from registry.cases import actions, queries
from registry.cases.model import EventRecord, IdentifierKind, Participation, ReportingEntity, Role
from registry.cases.ports import EventFilter
from registry.cases.sensitivity import kinds_of_record
from registry.classification.paging import PageRequest
from registry.errors import IctipError, Invalid, NotFound
from registry.identifiers import EntityId, EventId, Notation, PersonId
from registry.network.actions import judge_same
from registry.network.exporting import ExportFormat, ExportWish, exported_network, write_file
from registry.network.gathering import Around, Extent, Ground
from registry.network.judgements import Grounds, pair_of
from registry.network.measures import KeyOrder
from registry.network.measuring import communities, key_players
from registry.network.model import Judged, NodeKind, Piece, Start, Within
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.model import PatternKind
from registry.network.queries import ego_network, judgements, paths
from registry.network.route_queries import RouteQuestion
from registry.network.routes import By
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.case_rows import country_of
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exports import BoltFactsStore
from registry.storage.bolt.judgements import BoltJudgementStore
from registry.storage.rdf.network_turtle import turtle_text
from tests import universe
from tests.network.test_pattern_search import LOOSE
from tests.referrals import hand_over
from tests.universe import CODEBOOK, EVERYONE, IDS, batch_of, codes, networks, values, when

AREAS = {"ke-police": "KE", "ug-shelter": "UG", "ke-court": None}
NARROW = Within(hub_limit=3)
RESTRICTED = Within(
    hub_limit=3,
    min_links=2,
    forms=("1", "2"),
    judged=Judged.TOGETHER,
    ends=(NodeKind.AREA, NodeKind.CONCEPT, NodeKind.ENTITY),
)
NAMES = ("ada", "ben", "cora", "dan", "eve")

Question = Callable[[], Awaitable[object]]


@dataclass
class World:
    """Random records, all from one seed."""

    dice: random.Random
    records: list[EventRecord]
    made: int = 0

    def record(self) -> EventRecord:
        """One more event: an agency, a country or none, up to four people, perhaps a child, perhaps sexual."""
        self.made += 1
        entity = EntityId(self.dice.choice(sorted(AREAS)))
        parts = []
        for number in range(self.dice.randint(1, 4)):
            role = self.dice.choice([Role.VICTIM, Role.PERPETRATOR])
            person = IDS.person(entity, self.dice.choice(NAMES))
            told = values(stv=codes("minor")) if role is Role.VICTIM and self.dice.random() < 0.3 else {}
            parts.append(Participation(role, f"p{number}", person, told))
        place = {"geo": codes(self.dice.choice(["KE", "KE-30", "UG"]))} if self.dice.random() < 0.6 else {}
        date = {"dat": when(self.dice.choice(["2019", "2020-05", "2020-06-15"]))} if self.dice.random() < 0.8 else {}
        form = Notation(self.dice.choice(["1", "2.1", "4"]))
        return EventRecord(
            id=IDS.event(entity, f"R{self.made}"),
            entity=entity,
            source_key=f"R{self.made}",
            batch=batch_of(entity).id,
            values=values(**place, **date),
            forms=(form,),
            participations=tuple(parts),
            identifiers=tuple(filter(None, [IDS.identifier(IdentifierKind.ADDRESS, self.dice.choice("12"))])),
        )

    def actor(self) -> Actor:
        """Somebody who sees a part of it, by agency, country, sensitivity, and perhaps single cases."""
        entities = frozenset(EntityId(name) for name in AREAS if self.dice.random() < 0.6)
        countries = frozenset(Notation(code) for code in ("KE", "UG") if self.dice.random() < 0.6)
        granted = frozenset(record.id for record in self.records if self.dice.random() < 0.6)
        scope = Scope(
            entities=self.dice.choice([None, entities]),
            countries=self.dice.choice([None, countries]),
            tiers=frozenset(kind for kind in Sensitivity if self.dice.random() < 0.6),
            cases=self.dice.choice([None, None, granted]),
            opened=frozenset(record.id for record in self.records if self.dice.random() < 0.1),
        )
        return Actor("somebody", frozenset(Right), scope, StatedPurpose.INVESTIGATION)


def placed(record: EventRecord) -> Placed:
    """What decides who sees the record."""
    country = country_of(record.values) or AREAS[record.entity]
    return Placed(record.id, record.entity, country, marks_of(kinds_of_record(record)))


def everything_asked(database: Database, actor: Actor, records: Sequence[EventRecord]) -> dict[str, Question]:
    """Every question of the rooms by name."""
    cases, network = BoltCaseStore(database), networks(database)
    people = sorted({part.person for record in records for part in record.participations if part.person})
    filters = {
        "all": EventFilter(),
        "form 1": EventFilter(form=Notation("1")),
        "in KE": EventFilter(area=Notation("KE")),
        "minors": EventFilter(variable=Notation("stv"), code=Notation("minor")),
        "of ke-police": EventFilter(entity=EntityId("ke-police")),
        "2020": EventFilter(recorded_from=1_577_836_800_000_000),
    }
    asked: dict[str, Question] = {}
    for name, where in filters.items():
        asked[f"events {name}"] = lambda where=where: queries.events(  # type: ignore[misc]
            cases, CODEBOOK, where, PageRequest(first=3), count=True, actor=actor
        )
    asked["last events"] = lambda: queries.events(cases, CODEBOOK, page=PageRequest(last=2), count=True, actor=actor)
    asked["entities"] = lambda: queries.reporting_entities(cases, count=True, actor=actor)
    asked["usage"] = lambda: queries.usage(cases, actor=actor)
    for record in records:
        asked[f"event {record.id}"] = lambda id_=record.id: queries.event(cases, id_, actor=actor)  # type: ignore[misc]
        asked[f"network {record.id}"] = lambda id_=record.id: ego_network(  # type: ignore[misc]
            network, actor=actor, start=Start(NodeKind.EVENT, id_), depth=3, budget=8, within=NARROW
        )
    for person in people:
        asked[f"person {person}"] = lambda id_=person: queries.person(cases, PersonId(id_), actor=actor)  # type: ignore[misc]
        for depth, budget in ((2, 100), (4, 5)):
            asked[f"network {person} {depth} {budget}"] = lambda id_=person, depth=depth, budget=budget: ego_network(  # type: ignore[misc]
                network, actor=actor, start=Start(NodeKind.PERSON, id_), depth=depth, budget=budget, within=NARROW
            )
    for one, other in pairwise(people[:4]):
        asked[f"paths {one} {other}"] = lambda one=one, other=other: paths(  # type: ignore[misc]
            network,
            actor=actor,
            source=Start(NodeKind.PERSON, one),
            target=Start(NodeKind.PERSON, other),
            budget=6,
            within=Within(hub_limit=3, judged=Judged.TOGETHER),
        )
        asked[f"restricted {one}"] = lambda one=one: ego_network(  # type: ignore[misc]
            network, actor=actor, start=Start(NodeKind.PERSON, one), depth=6, budget=7, within=RESTRICTED
        )
    asked["judgements"] = lambda: judgements(network.links, actor=actor, kind=NodeKind.PERSON, ids=people)
    asked |= asked_of_many(database, actor, records)
    for person in people:
        piece = Piece(Start(NodeKind.PERSON, person), 4, 12, NARROW)
        asked[f"communities {person}"] = lambda piece=piece: communities(network, piece, actor=actor)  # type: ignore[misc]
        asked[f"key players {person}"] = lambda piece=piece: key_players(  # type: ignore[misc]
            network, piece, order=KeyOrder.CUT_OFF, actor=actor
        )
        asked[f"picture of {person}"] = lambda piece=piece: picture(database, piece, actor)  # type: ignore[misc]
    for kind, id_ in ((NodeKind.ENTITY, "ke-police"), (NodeKind.AREA, "KE"), (NodeKind.CONCEPT, "1")):
        asked[f"network {id_}"] = lambda kind=kind, id_=id_: ego_network(  # type: ignore[misc]
            network, actor=actor, start=Start(kind, id_), depth=2, budget=20, within=NARROW
        )
    return asked


def asked_of_many(database: Database, actor: Actor, records: Sequence[EventRecord]) -> dict[str, Question]:
    """The questions about many events: patterns, links, routes, likeness; by pages, budgets and surroundings."""
    stores, asked = networks(database), dict[str, Question]()
    near, judged = Around(Start(NodeKind.AREA, "KE")), Judged.TOGETHER
    people = sorted({part.person for record in records for part in record.participations if part.person})
    few = Ground(judged=judged, min_links=2, only_people=tuple(people[::2]), avoid=(records[0].id, *people[:1]))
    for shared in SharedKind:
        for ground in (Ground(budget=4, judged=judged), Ground(around=near, budget=5, judged=judged), few):
            asked[f"shared {shared} {ground}"] = lambda shared=shared, ground=ground: SharedQuestion(  # type: ignore[misc]
                Likeness(shared, crowd=3), ground=ground
            ).ask(stores, actor=actor)
    for ground in (Ground(budget=4, judged=judged), Ground(around=near, budget=5, judged=judged), few):
        asked[f"routes {ground}"] = lambda ground=ground: RouteQuestion(  # type: ignore[misc]
            ground, by=tuple(By)
        ).ask(stores, actor=actor)
    for record in records:
        asked[f"similar {record.id}"] = lambda id_=record.id: SimilarQuestion(  # type: ignore[misc]
            id_, Extent(judged=judged, min_links=2, avoid=few.avoid), candidates=3, least_compared=0
        ).ask(stores, actor=actor)
    for shape in PatternKind:
        for ground in (Ground(judged=judged), Ground(around=near, budget=5), few):
            asked[f"patterns {shape} {ground}"] = lambda shape=shape, ground=ground: PatternQuestion(  # type: ignore[misc]
                shape, LOOSE[shape], ground, 2, None if ground.around else 3
            ).ask(stores, actor=actor)
    return asked


async def picture(database: Database, piece: Piece, actor: Actor) -> bytes:
    """A picture of what lies around somebody, as it leaves."""
    found = await ego_network(
        networks(database),
        actor=actor,
        start=piece.start,
        depth=piece.depth,
        budget=piece.budget,
        within=piece.within,
    )
    wish = ExportWish(ExportFormat.SVG)
    names = Pseudonyms(b"n" * 32, 1)
    material = await exported_network(BoltFactsStore(database), found, wish, names=names, labels={}, actor=actor)
    return write_file(material, wish, turtle=turtle_text)


async def answers(asked: dict[str, Question]) -> dict[str, str]:
    """Every answer as text, errors by code."""
    turns = asyncio.Semaphore(4)
    told = await asyncio.gather(*(answer(question, turns) for question in asked.values()))
    return dict(zip(asked, told, strict=True))


async def answer(question: Question, turns: asyncio.Semaphore) -> str:
    async with turns:
        try:
            return repr(await question())
        except (NotFound, Invalid) as error:
            return f"{error.code} {error.facts}"


async def store(cases: BoltCaseStore, records: Sequence[EventRecord]) -> None:
    for entity in AREAS:
        own = [record for record in records if record.entity == entity]
        if own:
            await actions.store_events(cases, CODEBOOK, batch_of(EntityId(entity)), own, actor=EVERYONE)


async def judge_same_as(database: Database, hidden: EventRecord, seen: EventRecord) -> None:
    """Somebody who sees both judges them the same: that too is hidden."""
    store, pair = BoltJudgementStore(database), pair_of(NodeKind.EVENT, hidden.id, seen.id)
    act = Act(EVERYONE, Circumstances("r", "o", 1), f"row-{hidden.id}")
    audit = AuditAppender(BoltAuditStore(database))
    await judge_same(store, audit, act, pair=pair, grounds=Grounds.ANALYSIS, judgement_id=hidden.id)


async def prove(database: Database, seed: int, *, hidden: int) -> int:
    """One random world; how many hidden records were put in without any answer changing."""
    world = World(random.Random(seed), [])
    cases = BoltCaseStore(database)
    entities = [ReportingEntity(EntityId(n), n, area=Notation(a) if a else None) for n, a in AREAS.items()]
    await actions.register_entities(cases, entities[:2], actor=EVERYONE)
    world.records = [world.record() for _ in range(8)]
    world.records = [record for record in world.records if record.entity != "ke-court"]
    await store(cases, world.records)
    proved = 0
    while proved < hidden:
        actor, record = world.actor(), world.record()
        if sees(actor.scope, placed(record)):
            continue
        asked = everything_asked(database, actor, [*world.records, record])
        before = await answers(asked)
        seen = {r.id for r in world.records if not before[f"event {r.id}"].startswith("record_unknown")}
        assert seen == {r.id for r in world.records if sees(actor.scope, placed(r))}

        await store(cases, [record])
        await judge_same_as(database, record, world.records[0])
        after = await answers(asked)

        assert after == before, f"seed {seed}, hidden record {proved + 1}"
        world.records.append(record)
        proved += 1
    return proved


@pytest.mark.parametrize("seed", range(2))
async def test_a_hidden_record_changes_no_answer(database: Database, seed: int) -> None:
    """Whatever is asked, by whomever it is hidden from."""
    assert await prove(database, seed, hidden=2) == 2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
async def test_a_hidden_record_changes_no_answer_in_many_worlds(database: Database, seed: int) -> None:
    """The same over forty worlds with five hidden records each."""
    assert await prove(database, seed, hidden=5) == 5


async def test_a_referral_moves_the_record_and_nothing_else(database: Database) -> None:
    """The receiver is told of the event and its people, the giver as if it had never been; an import keeps that."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    first = EventId(universe.event_id("E1"))
    await hand_over(database, first, giver=universe.OFFICER, receiver=universe.CARER)

    received = await queries.event(cases, first, actor=universe.CARER)
    assert {part.person for part in received.record.participations} == {
        universe.person_id("ada"), universe.person_id("kofi")
    }  # fmt: skip
    ada = await queries.person(cases, universe.person_id("ada"), actor=universe.CARER)
    assert [part.event for part in ada.parts] == [first]
    left = await queries.person(cases, universe.person_id("ada"), actor=universe.OFFICER)
    assert [part.event for part in left.parts] == [universe.event_id("E2")]
    with pytest.raises(IctipError):
        await queries.event(cases, first, actor=universe.OFFICER)

    changed = replace(universe.police_events()[0], forms=(Notation("4"),))
    await actions.store_events(cases, CODEBOOK, batch_of(universe.POLICE), [changed], actor=EVERYONE)
    again = await queries.event(cases, first, actor=universe.CARER)
    assert again.record.forms == (Notation("4"),)
    with pytest.raises(IctipError):
        await queries.event(cases, first, actor=universe.OFFICER)
