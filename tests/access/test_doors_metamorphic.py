"""At the GraphQL door: what an actor may not see changes no byte that reaches them, whatever the schema lets them ask.

Random worlds, random actors, questions made from the schema (``questions``), so that a field added tomorrow is asked
without anybody thinking of it. A record out of scope is put in, changed, judged, handed over; a value above the actor's
tier changes.
Status, headers and body stay the same: counts, cursors, errors, order, truncation, all of it.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import Any, Final

import orjson
import pytest
from graphql import GraphQLSchema
from graphql import build_schema as read_schema

from graphql_api.schema.query import REGISTRY_FIELDS, written_schema
from registry.access.actions import Act
from registry.access.actor import CASE_RIGHTS, Actor, Right, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import UNTOLD, Circumstances
from registry.access.contact import request_contact
from registry.access.scope import sees
from registry.cases import actions
from registry.cases.model import (
    Decision,
    EventRecord,
    Identifier,
    IdentifierKind,
    Link,
    Moment,
    Participation,
    Role,
    Text,
    Value,
    Values,
)
from registry.cases.moments import read_moment
from registry.classification.catalogue import Catalogue
from registry.errors import AlreadyJudged, IdentifiersUnfit
from registry.identifiers import EntityId, Notation, PersonId
from registry.network.analysis import AnalysisWish
from registry.network.analysis_actions import run_analysis
from registry.network.judgements import Grounds, Judgement, pair_of
from registry.network.model import NodeKind, Piece, Start
from registry.network.questions import AnyQuestion, EgoQuestion, KeyPlayersQuestion
from registry.network.saved import Sharing, save_query
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore
from registry.storage.bolt.judgements import BoltJudgementStore
from registry.storage.bolt.saved import BoltSavedStore
from tests import universe
from tests.access.doors import AnyDoors, Told, differences, doors_over
from tests.access.questions import Asker, Pools, Question
from tests.access.test_metamorphic import AREAS, World, placed, store
from tests.referrals import hand_over
from tests.universe import CODEBOOK, EVERYONE, batch_of

ASKED_ELSEWHERE: Final[Mapping[str, str]] = {
    "drafts": "drafts hold vocabulary and comments on it, and no query of theirs reads a case",
    "draft": "the same",
    "questionnaire": "the same",
    "auditRows": "the audit grows with each question; it shows pseudonyms alone (tests/oidc/test_access_doors.py)",
    "openingReport": "the same",
    "auditReport": "the same",
}
"""Root fields that these worlds do not answer, each with the reason why nothing is lost."""
IDENTIFIED: Final = frozenset({*CASE_RIGHTS, Right.READ_REGISTRY})
TIERS: Final = (
    IDENTIFIED,
    IDENTIFIED,
    frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.READ_IDENTIFIED}),
    frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.COUNT_CASES}),
)
"""Rights of the random actors: investigators, data entry, and analysts, who see codes under pseudonyms."""
ANALYST: Final = TIERS[-1]
COURT: Final = EntityId("tz-court")
LATER: Final = 2_500_000_000_000_000
"""When contact is asked for: in 2049, so that no request has lapsed."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The schema as the code has it now."""
    return read_schema(written_schema())


def errors_of(answer: Told) -> set[str]:
    """The codes of an answer's errors."""
    return {error["extensions"]["code"] for error in orjson.loads(answer.body).get("errors", ())}


def case_fields(schema: GraphQLSchema) -> list[str]:
    """Root fields that may touch case records: all but the registry's."""
    assert schema.query_type is not None
    return [name for name in schema.query_type.fields if name not in {*REGISTRY_FIELDS, *ASKED_ELSEWHERE}]


def people_of(records: Sequence[EventRecord]) -> list[str]:
    """The people of these records, by id."""
    return sorted({part.person for record in records for part in record.participations if part.person})


def pools_of(records: Sequence[EventRecord], **more: Sequence[Any]) -> Pools:
    """What may be asked about: ids of these records, codes they use and some they do not."""
    events, people = [record.id for record in records], people_of(records)
    entities = sorted({COURT, *AREAS, *(record.entity for record in records)})
    areas, forms = ["KE", "KE-30", "UG", "014", "TZ"], ["1", "2", "2.1", "4", "6"]
    starts: list[tuple[str, Sequence[str]]] = [
        ("EVENT", events),
        ("PERSON", people),
        ("ENTITY", entities),
        ("AREA", areas),
        ("CONCEPT", forms),
    ]
    return {
        "ID": [*events, *people, *entities],
        "event.id": events,
        "person.id": people,
        "reportingEntity.id": entities,
        "identified.kind": ["ADDRESS"],
        "identified.text": ["1", "2", "3"],
        "event": events,
        "person": people,
        "entity": entities,
        "NetworkStart": [{"kind": kind, "id": id_} for kind, ids in starts for id_ in ids],
        "EventFilterInput": [
            {},
            {"form": "1"},
            {"form": "2"},
            {"area": "KE"},
            {"area": "KE-30", "areaRole": "RECORDED_IN"},
            {"variable": "stv", "code": "minor"},
            {"missing": "svx"},
            {"missing": "form"},
            {"recordedFrom": "2020-01-01T00:00:00Z"},
            {"recordedFrom": "2019-01-01T00:00:00Z", "recordedUntil": "2020-05-20T00:00:00Z"},
            *({"entity": entity} for entity in entities),
        ],
        "people": people,
        "events": events,
        "ids": [*people, *events],
        "PatternSettingInput": [{"name": "leastEvents", "value": 2}],
        "MeasureWhere": [{}, {"leastDegree": 2}, {"peopleOnly": True}, {"component": 1}],
        "minLinks": [1, 1, 2],
        "since": ["2019-06-01T00:00:00Z"],
        "until": ["2020-12-01T00:00:00Z"],
        "Instant": ["2020-06-01T00:00:00Z"],
        "Date": ["2025-01-01"],
        "first": [1, 2, 3],
        "last": [None],
        "after": [None],
        "before": [None],
        "depth": [1, 2, 3, 4],
        "budget": [3, 6, 50],
        "resolution": [1.0, 2.0],
        "pathLimit": [2, 8],
        "analysis": [None, "analysis-whole", "analysis-ke-police", "no-such-analysis"],
        "SearchAround": [{"kind": kind, "id": id_, "depth": 3} for kind, ids in starts for id_ in ids],
        "mostDays": [None],
        "components.depth": [None],
        "patterns.first": [None],
        "runSavedQuery.id": ["saved-0", "saved-1", "saved-2", "no-such-query"],
        "hubLimit": [1, 2, 100],
        "variables": ["dat", "geo", "stv"],
        "languages": ["en", "fr"],
        "area": areas,
        "SchemeId": ["units"],
        "VersionTag": ["1.0"],
        "Code": forms,
        "LanguageTag": ["en"],
        "storedImpact.draft": [None],
        "Uri": [None],
        "text": ["traffick"],
        "String": ["anything"],
        "step": [1],
        "codelist.level": [1],
        "asKnownAt": [None],
        "validOn": [None],
        "variable": [None],
        **more,
    }


def questions_about(asker: Asker, schema: GraphQLSchema, *, each: int) -> list[Question]:
    """Several about every root field of cases, with backward pages; one about each of the registry."""
    asked = [asker.question(name) for name in case_fields(schema) for _ in range(each)]
    asked += [asker.question(name) for name in sorted(REGISTRY_FIELDS - {"__typename"})]
    assert schema.query_type is not None
    for name in case_fields(schema):
        if "last" in schema.query_type.fields[name].args:
            asked.append(asker.question(name, first=None, last=2, count=True))
    return asked


def next_pages(questions: Sequence[Question], told: Sequence[Told]) -> list[Question]:
    """The page after each page that says there is more."""
    following = []
    for question, answer in zip(questions, told, strict=True):
        page = (orjson.loads(answer.body).get("data") or {}).get(question.field)
        info = page.get("pageInfo") if isinstance(page, dict) else None
        after = next((name for name in question.variables if f"after: ${name}" in question.document), None)
        if info and info["hasNextPage"] and after is not None:
            following.append(question.given(**{after: info["endCursor"]}))
    return following


OF_POLICE: Final = AnalysisWish(entities=frozenset({universe.POLICE}))


async def analyse(database: Database, id_: str, wish: AnalysisWish) -> None:
    """Make the analysis of that id, in place of the one before."""
    await run_analysis(BoltAnalysisStore(database), wish, memory=2**30, act=Act(EVERYONE, UNTOLD, id_), keep=1)


async def ask_contacts(database: Database, records: Sequence[EventRecord]) -> None:
    """Contact requests of each agency about the people of its records, where these tell what can be compared."""
    exchange, audit = BoltExchangeStore(database), AuditAppender(BoltAuditStore(database))
    for person, entity in {person: record.entity for record in records for person in people_of([record])}.items():
        act = Act(replace(EVERYONE, agency=entity), Circumstances("r", "o", LATER), f"asking about {person}")
        with suppress(IdentifiersUnfit):
            await request_contact(exchange, audit, act, request_id=person, person=PersonId(person), reason="tracing")


async def keep_questions(database: Database, records: Sequence[EventRecord], owners: Sequence[Actor]) -> None:
    """What is kept about networks: an analysis of all records and one of an agency's, and a saved query each."""
    await analyse(database, "analysis-whole", AnalysisWish())
    await analyse(database, "analysis-ke-police", OF_POLICE)
    audit = AuditAppender(BoltAuditStore(database))
    for number, (owner, record) in enumerate(zip(owners, records, strict=False)):
        piece = Piece(Start(NodeKind.EVENT, record.id))
        kept: list[AnyQuestion] = [
            EgoQuestion(piece),
            KeyPlayersQuestion(piece),
            SharedQuestion(Likeness(SharedKind.SAME_VICTIM)),
        ]
        await save_query(
            BoltSavedStore(database),
            CODEBOOK,
            audit,
            Act(replace(owner, rights=IDENTIFIED), UNTOLD, f"saving-{number}"),
            id_=f"saved-{number}",
            name="kept",
            question=kept[number % len(kept)],
            sharing=Sharing(),
        )


def changed_within(record: EventRecord, dice: random.Random) -> EventRecord:
    """The same record with one more person of its agency, seen elsewhere or not, another form, and an area and a court
    that no record told of before."""
    person = universe.IDS.person(record.entity, dice.choice(["ada", "ben", "nobody-else"]))
    more = Participation(Role.VICTIM, "more", person, {})
    return replace(
        record,
        forms=(Notation("6"),),
        transits=(Notation("TZ"),),
        decisions=(Decision(COURT, {}),),
        participations=(*record.participations, more),
    )


def with_identifiers(record: EventRecord, dice: random.Random) -> EventRecord:
    """The record with some phone numbers and addresses that records of any agency share; no token is of two kinds."""
    tokens = {IdentifierKind.ADDRESS: ["1" * 40, "2" * 40], IdentifierKind.PHONE: ["3" * 40, "4" * 40]}

    def drawn() -> tuple[Identifier, ...]:
        return tuple(
            Identifier(kind, dice.choice(tokens[kind])) for kind in dice.sample([*tokens], dice.choice([0, 1, 1, 2]))
        )

    parts = tuple(part if part.person is None else replace(part, identifiers=drawn()) for part in record.participations)
    return replace(record, participations=parts, identifiers=drawn())


def with_relations(record: EventRecord, dice: random.Random) -> EventRecord:
    """The record with relations between people of it, told by this record alone or by others too."""
    pairs = list(permutations(people_of([record]), 2))
    chosen = dice.sample(pairs, min(len(pairs), dice.choice([0, 1, 2])))
    links = tuple(Link(PersonId(one), PersonId(other), Notation("friend")) for one, other in chosen)
    return replace(record, links=links)


def told_by(world: World) -> EventRecord:
    """One more record of the world, with identifiers and relations."""
    return with_relations(with_identifiers(world.record(), world.dice), world.dice)


async def judge(database: Database, one: str, other: str, kind: NodeKind) -> None:
    """Somebody who sees everything judges two records to tell of the same, unless that was judged already."""
    if one == other:
        return
    act = Act(EVERYONE, UNTOLD, f"judging {one} {other}")
    judgement = Judgement(act.id, pair_of(kind, one, other), Grounds.ANALYSIS, "judge", 1)
    with suppress(AlreadyJudged):
        await BoltJudgementStore(database).judge(judgement, scope=universe.EVERYTHING, audit=act.row("judge"))


async def judge_some(database: Database, records: Sequence[EventRecord], dice: random.Random) -> None:
    """Judgements between people and between events, across agencies and scopes."""
    people = people_of(records)
    for _ in range(4):
        one, other = dice.sample(people, 2)
        await judge(database, one, other, NodeKind.PERSON)
        first, second = dice.sample(list(records), 2)
        await judge(database, first.id, second.id, NodeKind.EVENT)


async def judge_hidden(
    database: Database, hidden: EventRecord, seen: Sequence[EventRecord], dice: random.Random
) -> None:
    """Judgements between the hidden event, or somebody only it tells of, and what others see."""
    await judge(database, hidden.id, dice.choice(seen).id, NodeKind.EVENT)
    told_elsewhere = people_of([*seen, *universe.all_events()])
    for person in sorted(set(people_of([hidden])) - set(told_elsewhere)):
        await judge(database, person, dice.choice(people_of(seen)), NodeKind.PERSON)


async def hide(
    database: Database, actor: Actor, record: EventRecord, later: EventRecord, world: World
) -> AsyncIterator[str]:
    """All that happens to a record out of the actor's sight, step by step: after each nothing may look otherwise."""
    for step, told in (("put in", record), ("changed", later)):
        await store(BoltCaseStore(database), [told])
        yield step
    await judge_hidden(database, later, world.records, world.dice)
    yield "judged the same"
    if later.entity != universe.POLICE:
        await analyse(database, "analysis-ke-police", OF_POLICE)
        yield "followed by another analysis of an agency's records"
    for to in sorted({universe.POLICE, universe.SHELTER} - {later.entity, actor.agency}):
        if not sees(actor.scope, replace(placed(later), holder=to)):
            giver, receiver = (replace(EVERYONE, agency=agency) for agency in (later.entity, to))
            await hand_over(database, later.id, giver=giver, receiver=receiver)
            yield "handed over"
            return


async def prove(
    database: Database, doors: AnyDoors, schema: GraphQLSchema, seed: int, *, hidden: int, each: int
) -> int:
    """One random world; how many hidden records came and changed without a byte of any answer changing."""
    world = World(random.Random(seed), [])
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    world.records = [told_by(world) for _ in range(7)]
    await store(cases, world.records)
    await judge_some(database, world.records, world.dice)
    await ask_contacts(database, world.records)
    proved = 0
    while proved < hidden:
        agency = EntityId(world.dice.choice(sorted(AREAS)))
        actor = replace(world.actor(), rights=world.dice.choice(TIERS), agency=agency)
        record = told_by(world)
        if sees(actor.scope, placed(record)):
            continue
        later = changed_within(record, world.dice)
        if sees(actor.scope, placed(later)):
            continue
        asker = Asker(schema, world.dice, pools_of([*world.records, later]))
        await keep_questions(database, world.records, [actor] * 3)
        questions = questions_about(asker, schema, each=each)
        before = await doors.all_told(questions, actor)
        pages = next_pages(questions, before)
        questions += pages
        before += await doors.all_told(pages, actor)

        async for step in hide(database, actor, record, later, world):
            after = await doors.all_told(questions, actor)
            for question, was, is_now in zip(questions, before, after, strict=True):
                assert differences(was, is_now) == [], f"seed {seed}, hidden record {proved + 1} {step}, {question}"
        world.records.append(later)
        proved += 1
    return proved


@pytest.mark.parametrize("seed", range(1))
async def test_no_byte_changes(database: Database, catalogue: Catalogue, schema: GraphQLSchema, seed: int) -> None:
    """A hidden record, put in, changed, judged the same as records that are seen, and handed over."""
    async with doors_over(database, catalogue) as doors:
        assert await prove(database, doors, schema, seed, hidden=1, each=2) == 1


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200, 230))
async def test_no_byte_changes_in_many_worlds(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema, seed: int
) -> None:
    """Thirty worlds, five hidden records each."""
    async with doors_over(database, catalogue) as doors:
        assert await prove(database, doors, schema, seed, hidden=5, each=4) == 5


async def test_an_analysis_made_again_tells_nothing_of_others_deliveries(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema
) -> None:
    """The officer reads the same of it, byte for byte, before the shelter delivers and after: no number counts that."""
    asker, told = Asker(schema, random.Random(2), {}, option=0), []
    questions = [asker.question("analyses"), asker.question("measuredRecords", first=50)]
    async with doors_over(database, catalogue) as doors:
        for entity, records in (
            (universe.POLICE, universe.police_events()),
            (universe.SHELTER, universe.shelter_events()),
        ):
            await actions.store_events(BoltCaseStore(database), CODEBOOK, batch_of(entity), records, actor=EVERYONE)
            await analyse(database, "own", OF_POLICE)
            told.append(await doors.all_told(questions, universe.OFFICER))

    assert [differences(was, is_now) for was, is_now in zip(*told, strict=True)] == [[], []]
    assert all(errors_of(each) == set() for each in told[0])


async def test_every_root_field_of_cases_is_asked_with_success(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema
) -> None:
    """Otherwise nothing would be proved of it: whoever adds a field sees to it that its arguments have pools.

    Nothing of the schema fails in a way we did not foresee.
    """
    await universe.build_universe(BoltCaseStore(database))
    await keep_questions(database, universe.all_events(), [EVERYONE] * 3)
    dice, somebody = random.Random(7), replace(EVERYONE, agency=universe.POLICE)
    asker = Asker(schema, dice, pools_of(universe.all_events()))
    unanswered = []
    async with doors_over(database, catalogue) as doors:
        for name in case_fields(schema):
            failures: set[str] = set()
            for _ in range(40):
                codes = errors_of(await doors.told(asker.question(name), somebody))
                failures |= codes
                if not codes:
                    break
            else:
                unanswered.append((name, failures))
            assert "unexpected" not in failures, name
        registry = [asker.question(name) for name in sorted(REGISTRY_FIELDS - {"__typename"})]
        told = await doors.all_told(registry, EVERYONE)

    assert unanswered == []
    assert [
        question.field for question, each in zip(registry, told, strict=True) if "unexpected" in errors_of(each)
    ] == []


def above_the_tier(values: Values) -> Values:
    """The same values with other texts, other words of the source, and another day of the same year."""
    return {variable: Value(another(value), ("other words",), value.derived) for variable, value in values.items()}


def another(value: Value) -> Any:
    """Another content that looks the same to who sees no identified case."""
    content = value.content
    if isinstance(content, Text):
        return Text("other text")
    if isinstance(content, Moment) and content.edtf[:4].isdigit() and "/" not in content.edtf:
        return read_moment(f"{content.edtf[:4]}-11-30T23:59Z")
    return content


def told_otherwise(record: EventRecord) -> EventRecord:
    """The record with everything changed that its analyst may not see."""
    parts = tuple(replace(part, values=above_the_tier(part.values)) for part in record.participations)
    return replace(
        record,
        source_key=f"another-{record.source_key}",
        form_text=None if record.form_text is None else "other text",
        values=above_the_tier(record.values),
        participations=parts,
        decisions=tuple(replace(each, values=above_the_tier(each.values)) for each in record.decisions),
    )


async def test_a_value_above_the_tier_changes_nothing_below(
    database: Database, catalogue: Catalogue, schema: GraphQLSchema
) -> None:
    """Texts, days and the source's words of every record: the analyst's pages, their order and cursors stay."""
    cases = BoltCaseStore(database)
    await universe.build_universe(cases)
    more = World(random.Random(3), [])
    records = [more.record() for _ in range(12)]
    records = [record for record in records if record.entity != "ke-court"]
    await store(cases, records)
    analyst = Actor("desk", ANALYST, EVERYONE.scope, StatedPurpose.STATISTICS, roles=("analyst",))
    asker = Asker(schema, random.Random(11), pools_of([*universe.all_events(), *records]))
    questions = [
        *questions_about(asker, schema, each=2),
        *(asker.question("events", first=3, where=where, count=True) for where in asker.pools["EventFilterInput"]),
    ]
    async with doors_over(database, catalogue) as doors:
        before = await doors.all_told(questions, analyst)
        pages = next_pages(questions, before)
        assert pages
        questions += pages
        before += await doors.all_told(pages, analyst)

        for entity in (universe.POLICE, universe.SHELTER):
            own = [told_otherwise(each) for each in (*universe.all_events(), *records) if each.entity == entity]
            counts = await actions.store_events(cases, CODEBOOK, batch_of(entity), own, actor=EVERYONE)
            assert counts.changed == len(own)
        after = await doors.all_told(questions, analyst)

    for question, was, is_now in zip(questions, before, after, strict=True):
        assert differences(was, is_now) == [], question
