"""Signs that a revision is due, from stored records on both engines: in scope, above the threshold, at the doors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from registry.access.actor import Actor, Right, Scope, StatedPurpose
from registry.cases import actions, queries
from registry.cases.model import EventRecord
from registry.classification.impact import CodeImpact, Impact, Treatment
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, NotAllowed
from registry.identifiers import EntityId, Notation
from registry.intake.mapping import parse_mapping
from registry.intake.rows import TableRow
from registry.intake.table import TableReader
from registry.statistics.queries import emerging_categories, revision_indicators
from registry.statistics.stored_impact import stored_impact
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.statistics import BoltStatisticsStore
from tests.api.conftest import opened, rooms_of
from tests.revision.families import version_of
from tests.revision.recoding_world import two_versions
from tests.universe import CODEBOOK, ENTITIES, EVERYONE, IDS, POLICE, SHELTER, batch_of, values, victim, when

COUNTER = frozenset({Right.COUNT_CASES})


def told(entity: EntityId, number: int, text: str | None, form: str = "6.5") -> EventRecord:
    """A record with a free text."""
    key = f"{entity}-{number}"
    return EventRecord(
        id=IDS.event(entity, key),
        entity=entity,
        source_key=key,
        batch=batch_of(entity).id,
        values=values(dat=when("2021-03-01")),
        forms=(Notation(form),),
        form_text=text,
        participations=(replace(victim("ada", "v1"), person=IDS.person(entity, key)),),
    )


async def build(database: Database) -> None:
    """Of the police 24 texts and 20 records without; of the shelter 10 texts with a word of their own."""
    store = BoltCaseStore(database)
    await actions.register_entities(store, ENTITIES, actor=EVERYONE)
    police = [told(POLICE, number, "made to sell blood") for number in range(24)]
    police += [told(POLICE, number, None, "1") for number in range(30, 50)]
    shelter = [told(SHELTER, number, "taken for rituals") for number in range(10)]
    for entity, events in ((POLICE, police), (SHELTER, shelter)):
        await actions.store_events(store, CODEBOOK, batch_of(entity), events, actor=EVERYONE)


def counter(scope: Scope) -> Actor:
    """Somebody who may count and read nothing."""
    return Actor("counter", COUNTER, scope, StatedPurpose.STATISTICS)


async def test_signs_are_told_within_scope_and_above_the_threshold(database: Database) -> None:
    """The police's terms and shares are told, the shelter's ten are not; who sees the shelter alone is told nothing."""
    await build(database)
    store = BoltStatisticsStore(database)

    terms = await emerging_categories(store, actor=counter(Scope.everything()))
    assert {(each.entity, each.term, each.cases, each.of) for each in terms} == {
        (POLICE, "made", 22, 22),
        (POLICE, "sell", 22, 22),
        (POLICE, "blood", 22, 22),
        (POLICE, "sell blood", 22, 22),
    }
    shares = await revision_indicators(store, actor=counter(Scope.everything()))
    forms = {
        each.indicator.value: (each.period, each.events, each.percent) for each in shares if each.variable == "form"
    }
    assert forms["form-6.5"] == ("2021", 44, 50)
    assert forms["form-missing"] == ("2021", 44, 0)
    assert {each.entity for each in shares} == {POLICE}
    alone = counter(Scope.of_entities(SHELTER))
    assert await emerging_categories(store, actor=alone) == ()
    assert await revision_indicators(store, actor=alone) == ()
    granted = counter(
        replace(Scope.everything(), cases=frozenset(IDS.event(POLICE, f"{POLICE}-{n}") for n in range(11)))
    )
    assert {each.events for each in await revision_indicators(store, actor=granted)} == {11}
    assert await BoltCodeUseStore(database).check() == []


async def test_who_may_not_count_is_told_nothing_and_nobody_chooses_a_low_threshold(database: Database) -> None:
    """The right to read is not the right to count; two is no threshold; 1 is no residual code."""
    store = BoltStatisticsStore(database)
    reader = Actor("reader", frozenset({Right.READ_CASES}), Scope.everything(), StatedPurpose.STATISTICS)
    for ask in (revision_indicators, emerging_categories):
        with pytest.raises(NotAllowed):
            await ask(store, actor=reader)
        with pytest.raises(ArgumentOutOfRange):
            await ask(store, threshold=2, actor=counter(Scope.everything()))
    with pytest.raises(ArgumentsConflicting):
        await emerging_categories(store, ["1"], actor=counter(Scope.everything()))


async def test_signs_are_told_over_graphql(database: Database) -> None:
    """Terms and shares; the raw text to those alone who see identified records."""
    await build(database)
    rooms = rooms_of(two_versions(), database)
    terms = '{ emergingTerms(codes: ["6.5"]) { code period entity term cases of } }'
    async with opened(lambda: rooms, actor=counter(Scope.everything())) as doors:
        found = (await doors.data(terms))["emergingTerms"]
        assert {"code": "6.5", "period": "2021", "entity": "ke-police", "term": "blood", "cases": 22, "of": 22} in found
        shares = (await doors.data("{ revisionIndicators { variable indicator events percent } }"))[
            "revisionIndicators"
        ]
        assert {"variable": "form", "indicator": "OTHER_EXPLOITATION", "events": 44, "percent": 50} in shares
        assert (await doors.error("{ events(first: 1) { nodes { formText } } }"))["code"] == "not_allowed"
    texts = "{ events(first: 1) { nodes { formText } } }"
    for rights, expected in ((frozenset({Right.READ_CASES}), None), (frozenset(Right), "made to sell blood")):
        reader = Actor("reader", rights, Scope.of_entities(POLICE), StatedPurpose.STATISTICS)
        async with opened(lambda: rooms, actor=reader) as doors:
            nodes = (await doors.data(texts))["events"]["nodes"]
            assert nodes[0]["formText"] in (expected, None)


MAPPING = """
name = "own"
title = "Own"
format = "csv"
source = "nowhere"
source_type = "survey"
key = "id"
[entity]
id = "own"
name = "Own (invented)"
[[column]]
name = "id"
of = "event"
variable = "cca"
match = "exact"
[[column]]
name = "means"
of = "event"
variable = "moc"
match = "exact"
set = true
values = { T = "threats" }
unmapped = "not-known"
[[column]]
name = "form"
of = "event"
form = true
match = "exact"
[[column]]
name = "what"
of = "event"
form_text = true
match = "exact"
"""


def test_a_mapping_collects_free_texts_and_local_codes(tmp_path: Path) -> None:
    """A column of texts; a local code without a code of ours is kept as such, and an empty cell is nothing."""
    reader = TableReader(parse_mapping(MAPPING, name="own"), CODEBOOK)

    def read(number: int, *cells: str) -> EventRecord:
        row = reader.read(
            TableRow(number, cells), batch=batch_of(POLICE).id, entity=POLICE, digest="0" * 64, identities=IDS
        )
        assert row.record is not None, row.faults
        return row.record

    first, second = read(2, "a", "X9", "6.5", "sells blood"), read(3, "b", "T", "6.5", "")
    value = first.values[Notation("moc")]
    assert (value.unmapped, value.source, str(value.content)) == (True, ("X9",), "not-known")
    assert first.form_text == "sells blood"
    assert (second.values[Notation("moc")].unmapped, second.form_text) == (False, None)


async def test_an_unmapped_value_is_read_back(database: Database) -> None:
    """The mark and the local code are stored beside the missing state."""
    reader = TableReader(parse_mapping(MAPPING, name="own"), CODEBOOK)
    row = reader.read(
        TableRow(2, ("a", "X9", "6.5", "text")),
        batch=batch_of(POLICE).id,
        entity=POLICE,
        digest="0" * 64,
        identities=IDS,
    )
    assert row.record is not None
    store = BoltCaseStore(database)
    await actions.register_entities(store, ENTITIES, actor=EVERYONE)
    await actions.store_events(store, CODEBOOK, batch_of(POLICE), [row.record], actor=EVERYONE)

    assert (await queries.event(store, row.record.id, actor=EVERYONE)).record == row.record


async def test_a_custodian_sees_what_a_revision_touches_and_no_few(database: Database) -> None:
    """Within the scope, in steps of eleven; who may read is told exactly; without a scope there is nothing."""
    await build(database)
    codes = tuple(
        CodeImpact(Notation(code), "", treatment, (), ())
        for code, treatment in (("6.5", Treatment.PERSON), ("1", Treatment.UNCHANGED))
    )
    units = version_of((), scheme="units")
    impact = Impact(units, units, codes, (), ())
    asked = [
        counter(Scope.everything()),
        replace(counter(Scope.everything()), rights=COUNTER | {Right.READ_CASES}),
        counter(Scope.of_entities(SHELTER)),
        counter(Scope()),
    ]

    told = [await stored_impact(BoltCodeUseStore(database), impact, actor=actor) for actor in asked]

    assert [[(each.code.code, each.use.entity, each.use.events) for each in found] for found in told] == [
        [("6.5", POLICE, 22)],
        [("6.5", POLICE, 24), ("6.5", SHELTER, 10)],
        [],
        [],
    ]
    with pytest.raises(NotAllowed):
        await stored_impact(BoltCodeUseStore(database), impact, actor=replace(asked[0], rights=frozenset()))
