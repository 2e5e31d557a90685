"""Identifiers that records tell: one token for one identifier, kept with the record, gone with it, shown by nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from registry.access.pseudonyms import Pseudonyms
from registry.cases import actions, queries
from registry.cases.identity import Identities
from registry.cases.model import EventRecord, IdentifierKind, Sighting, StoreCounts, StoredEvent
from registry.cases.projection import coded_event
from registry.cases.sightings import Sightings, sightings
from registry.errors import IdentifierMalformed
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.intake.deliveries import event, write_events
from tests.intake.test_events import read
from tests.universe import CODEBOOK, EVERYONE, IDS, OFFICER, POLICE, SHELTER, batch_of

PHONE, ADDRESS = IdentifierKind.PHONE, IdentifierKind.ADDRESS
CENSUS = NamedQuery(
    name="census",
    text="MATCH (i:Identifier) OPTIONAL MATCH (i)<-[r:HAS_IDENTIFIER]-() RETURN i.id AS id, count(r) AS told",
    parameters={},
    writes=False,
    one=False,
)


def test_one_identifier_has_one_token_however_it_is_written() -> None:
    """Blanks, case and punctuation make no other; kind and installation do; signs alone are none."""
    told = IDS.identifier(PHONE, "+254 700-123")

    assert told == IDS.identifier(PHONE, " (254) 700123 ")
    assert IDS.identifier(ADDRESS, "12 Acacia Rd.") == IDS.identifier(ADDRESS, "12, ACACIA RD")
    assert told != IDS.identifier(ADDRESS, "+254 700-123")
    assert told != Identities(bytes(32)).identifier(PHONE, "+254 700-123")
    assert IDS.identifier(PHONE, " - ") is None


def with_phones(record: EventRecord, *phones: str) -> EventRecord:
    """The record with those phones for its first part, and the first of them for its own."""
    told = tuple(sorted(found for phone in phones if (found := IDS.identifier(PHONE, phone))))
    first, *others = record.participations
    return replace(record, identifiers=told[:1], participations=(replace(first, identifiers=told), *others))


async def test_identifiers_are_kept_with_the_record_and_gone_with_it(database: Database) -> None:
    """Two agencies tell one phone: one node, read back whole; a record without it takes away what nobody else tells."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    first, fifth = universe.police_events()[0], universe.shelter_events()[0]
    await actions.store_events(store, CODEBOOK, batch_of(POLICE), [with_phones(first, "1", "2")], actor=EVERYONE)
    await actions.store_events(store, CODEBOOK, batch_of(SHELTER), [with_phones(fifth, "1")], actor=EVERYONE)

    stored = (await queries.event(store, first.id, actor=EVERYONE)).record
    assert stored.identifiers == with_phones(first, "1", "2").identifiers
    assert {part.key: len(part.identifiers) for part in stored.participations} == {"p1": 2, "v1": 0}
    assert sorted(row["told"] for row in await database.read(CENSUS)) == [1, 4]  # type: ignore[type-var]

    again = await actions.store_events(store, CODEBOOK, batch_of(POLICE), [first], actor=EVERYONE)
    assert again == StoreCounts(changed=1)
    assert [row["told"] for row in await database.read(CENSUS)] == [2]


async def test_who_knows_an_identifier_finds_where_it_is_told(database: Database) -> None:
    """However it is written, by event, then person, the event's own first; inside the scope, and before the limit."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    first, fifth = universe.police_events()[0], universe.shelter_events()[0]
    await actions.store_events(store, CODEBOOK, batch_of(POLICE), [with_phones(first, "+00 1")], actor=EVERYONE)
    await actions.store_events(store, CODEBOOK, batch_of(SHELTER), [with_phones(fifth, "+00 1")], actor=EVERYONE)
    told = [
        Sighting(event.id, entity, person)
        for event, entity in ((first, POLICE), (fifth, SHELTER))
        for person in (None, event.participations[0].person)
    ]
    told.sort(key=lambda each: (each.event, each.person or ""))

    found = await sightings(store, PHONE, "001", actor=EVERYONE)
    cut = await sightings(store, PHONE, "(00)-1", first=3, actor=EVERYONE)
    own = await sightings(store, PHONE, "001", first=2, actor=OFFICER)
    other = await sightings(store, PHONE, "002", actor=EVERYONE)
    elsewhere = await sightings(store, ADDRESS, "001", actor=EVERYONE)

    assert found == Sightings(tuple(told), truncated=False)
    assert cut == Sightings(tuple(told[:3]), truncated=True)
    assert own == Sightings(tuple(each for each in told if each.entity == POLICE), truncated=False)
    assert other == elsewhere == Sightings((), truncated=False)


@pytest.mark.parametrize("text", ["", " - ", "1" * 201])
async def test_what_is_no_identifier_is_refused_without_its_text(database: Database, text: str) -> None:
    """By its kind alone."""
    with pytest.raises(IdentifierMalformed) as refused:
        await sightings(BoltCaseStore(database), PHONE, text, actor=EVERYONE)

    assert refused.value.facts["kind"] == "phone"


def test_identifiers_are_left_out_of_coded_records_and_of_every_repr() -> None:
    """Who sees codes only sees no token, and a log of a record holds none."""
    told = with_phones(universe.police_events()[0], "1")
    coded = coded_event(StoredEvent(told, universe.CODING), Pseudonyms(bytes(32), 0)).record

    assert told.identifiers
    assert coded.identifiers == ()
    assert all(not part.identifiers for part in coded.participations)
    assert told.identifiers[0].token not in repr(told)


def test_delivered_identifiers_become_tokens(tmp_path: Path) -> None:
    """Of the event and of a part, one text or several; equal ones once."""
    line = event(
        1,
        identifiers={"address": "12 Acacia Rd."},
        perpetrators=[{"person": "x", "identifiers": {"phone": ["254 1", "+2541"], "document": "A-1"}}],
    )

    (row,) = read(write_events(tmp_path / "events.ndjson", [line]))

    assert row.record is not None
    assert [each.kind for each in row.record.identifiers] == [ADDRESS]
    (part,) = [part for part in row.record.participations if part.identifiers]
    assert [each.kind for each in part.identifiers] == [IdentifierKind.DOCUMENT, PHONE]


@pytest.mark.parametrize(
    ("identifiers", "column", "code"),
    [
        ({"address": "…"}, "identifiers.address", "identifier_malformed"),
        ({"phone": "1" * 201}, "identifiers.phone", "identifier_malformed"),
        ({"phone": 12}, "identifiers.phone", "type_wrong"),
        ({"phone": ["1"] * 51}, "identifiers.phone", "too_many"),
        ({"name": "x"}, "identifiers.[field 1]", "field_unknown"),
        ("12", "identifiers", "type_wrong"),
    ],
)
def test_faults_of_identifiers_are_told_by_field(tmp_path: Path, identifiers: object, column: str, code: str) -> None:
    """And never by the text."""
    (row,) = read(write_events(tmp_path / "events.ndjson", [event(1, identifiers=identifiers)]))

    assert [(fault.column, fault.code) for fault in row.faults] == [(column, code)]
