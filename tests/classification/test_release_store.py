"""Releases in the store, on both engines: kept whole, never changed, read back quickly."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry.access.actor import STRANGER, local_user
from registry.access.ports import AuditFilter
from registry.classification.actions import load_release, load_vocabularies, verify_releases
from registry.classification.current import CurrentCatalogue
from registry.classification.model import Label, SchemeVersion
from registry.classification.ports import VocabularyText
from registry.errors import NotAllowed, ReleaseChanged, VocabularyInvalid
from registry.identifiers import LanguageTag, VersionTag
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.rdf.vocabulary import load_packaged, read_packaged, read_vocabulary
from tests.classification.worlds import COLOURS, EN, colours_turtle

LOADER = local_user()


async def test_a_loaded_release_comes_back_as_it_was(database: Database) -> None:
    """Every part of a version survives the store; the digest is filled in."""
    store = BoltReleaseStore(database)

    loaded = await load_release(store, COLOURS, actor=LOADER)

    listing = await store.listing()
    (found,) = await store.read(listing.records)
    assert loaded.added.added == ("colours/1.0",)
    assert (listing.revision, await store.revision()) == (1, 1)
    assert isinstance(found, SchemeVersion)
    assert replace(found, digest="") == COLOURS
    assert found.digest == listing.records[0].digest


async def test_loading_twice_changes_nothing(database: Database) -> None:
    """A second load of the same release adds nothing and does not move the revision."""
    store = BoltReleaseStore(database)
    await load_release(store, COLOURS, actor=LOADER)

    again = await load_release(store, COLOURS, actor=LOADER)

    assert (again.added.revision, again.added.added, again.added.unchanged) == (1, (), ("colours/1.0",))


def edition_of(version: SchemeVersion) -> SchemeVersion:
    """The version as its edition 1.0.1."""
    tag = VersionTag("1.0.1")
    return replace(version, version=tag, concepts=tuple(replace(each, version=tag) for each in version.concepts))


async def test_an_edition_changes_labels_and_never_codes(database: Database) -> None:
    """One with another title is added beside the first; one without a code is refused by that code."""
    store = BoltReleaseStore(database)
    await load_release(store, COLOURS, actor=LOADER)
    renamed = edition_of(replace(COLOURS, titles=(Label("Colors", LanguageTag("en")),)))
    shorter = edition_of(replace(COLOURS, concepts=COLOURS.concepts[:-1]))

    with pytest.raises(VocabularyInvalid) as refused:
        await load_release(store, shorter, actor=LOADER)
    added = await load_release(store, renamed, actor=LOADER)

    assert (refused.value.facts["rule"], refused.value.facts["place"]) == (
        "edition_codes",
        "https://w3id.org/ictip/colours/1.0 code V",
    )
    assert added.added.added == ("colours/1.0.1",)
    current = CurrentCatalogue(store)
    await current.refresh()
    assert [each.tag for each in current.catalogue.scheme_versions("colours")] == ["1.0", "1.0.1"]


async def test_two_texts_for_one_name_are_refused_together(database: Database) -> None:
    """Within one load too a name has one text; the same text twice is one release."""
    store = BoltReleaseStore(database)
    other = replace(COLOURS, titles=(Label("Colors", EN),))

    with pytest.raises(ReleaseChanged):
        await load_vocabularies(store, [VocabularyText("both", "", (COLOURS, other))], actor=LOADER)
    assert await store.revision() == 0
    twice = await load_vocabularies(store, [VocabularyText("both", "", (COLOURS, COLOURS))], actor=LOADER)

    assert twice.added.added == ("colours/1.0",)


async def test_a_release_never_changes(database: Database) -> None:
    """Another text under a released name is refused, and nothing else of the same load is written."""
    store = BoltReleaseStore(database)
    await load_release(store, COLOURS, actor=LOADER)
    before = await store.listing()
    changed = replace(COLOURS, titles=(Label("Colors", LanguageTag("en")),))
    edition = edition_of(changed)

    with pytest.raises(ReleaseChanged) as refused:
        await load_vocabularies(store, [VocabularyText("both", "", (edition, changed))], actor=LOADER)

    assert refused.value.facts["release"] == "colours/1.0"
    assert await store.listing() == before


async def test_many_loaders_at_once_add_a_release_once(database: Database) -> None:
    """Eight loads of one release at once: one adds it, the revision moves by one."""
    store = BoltReleaseStore(database)

    done = await asyncio.gather(*(load_release(store, COLOURS, actor=LOADER) for _ in range(8)))

    assert sum(len(each.added.added) for each in done) == 1
    assert await store.revision() == 1
    assert len((await store.listing()).records) == 1


ITEM = "https://w3id.org/ictip/colours/1.0/item"


@pytest.mark.parametrize(
    ("added", "rule", "place"),
    [
        ("i:W skos:broader i:R .", "cycle", "https://w3id.org/ictip/colours/1.0 code R"),
        (
            'i:Z a skos:Concept ; skos:notation "Y" ; skos:prefLabel "z"@en ; skos:inScheme s:1.0 .',
            "code_repeated",
            "https://w3id.org/ictip/colours/1.0 code Y",
        ),
        ('i:B skos:prefLabel "azure"@en .', "skos_s14", f"{ITEM}/B"),
    ],
)
async def test_a_faulty_text_writes_nothing(database: Database, added: str, rule: str, place: str) -> None:
    """An error in one of two texts refuses both, names rule, place and source, and tells every finding."""
    store = BoltReleaseStore(database)
    faulty = read_vocabulary((colours_turtle() + added).encode(), source="faulty.ttl")
    sound = read_vocabulary(colours_turtle("shades").encode(), source="sound.ttl")

    with pytest.raises(VocabularyInvalid) as refused:
        await load_vocabularies(store, [sound, faulty], actor=LOADER)

    facts = refused.value.facts
    assert (facts["rule"], facts["place"], facts["source"]) == (rule, place, "faulty.ttl")
    findings = facts["findings"]
    assert isinstance(findings, list)
    assert facts["count"] == len(findings)
    assert await store.revision() == 0
    assert (await store.listing()).records == ()


async def test_loading_needs_its_right(database: Database) -> None:
    """A stranger may not load, and nothing is written."""
    store = BoltReleaseStore(database)

    with pytest.raises(NotAllowed):
        await load_release(store, COLOURS, actor=STRANGER)

    assert await store.revision() == 0


async def test_the_catalogue_keeps_up_and_compiles_only_what_is_new(database: Database) -> None:
    """A refresh sees a new release at once; what was compiled before is the same object."""
    store = BoltReleaseStore(database)
    current = CurrentCatalogue(store)
    await load_release(store, COLOURS, actor=LOADER)
    assert await current.refresh()
    first = current.catalogue

    assert not await current.refresh()
    shades = read_vocabulary(colours_turtle("shades").encode(), source="shades.ttl")
    await load_vocabularies(store, [shades], actor=LOADER)
    assert await current.refresh()

    assert sorted(current.catalogue.versions) == ["colours", "shades"]
    assert current.catalogue.revision == 2
    assert current.catalogue.resolve("colours") is first.resolve("colours")
    assert first.revision == 1
    assert "shades" not in first.versions


async def test_a_damaged_text_is_found(database: Database) -> None:
    """A text that no longer has its digest is never served, and `verify_releases` names it."""
    store = BoltReleaseStore(database)
    await load_release(store, COLOURS, actor=LOADER)
    assert await verify_releases(store, actor=LOADER) == ()
    damage = NamedQuery("damage", "MATCH (t:ReleaseText) SET t.text = 'eJwDAAAAAAE='", {}, writes=True, one=False)
    await database.execute(damage)

    (finding,) = await verify_releases(store, actor=LOADER)

    assert (finding.rule, finding.place) == ("release_damaged", "colours/1.0")


async def test_what_was_loaded_is_in_the_audit_with_its_releases(database: Database) -> None:
    """One row in the same transaction, of the revision it made; loading the same again leaves none, nor a refusal."""
    store = BoltReleaseStore(database)
    await load_release(store, COLOURS, actor=LOADER)
    await load_release(store, COLOURS, actor=LOADER)
    with pytest.raises(ReleaseChanged):
        await load_release(store, replace(COLOURS, titles=(Label("Colors", LanguageTag("en")),)), actor=LOADER)

    (row,) = await BoltAuditStore(database).search(AuditFilter(act="load vocabularies"), after=None, limit=9)

    assert (row.actor, row.subject, row.facts) == (LOADER.name, "revision 1", (("releases", "colours/1.0"),))
    assert row.at > 0


async def test_packaged_vocabularies_load_once_and_start_warm(database: Database) -> None:
    """All packaged files load, a second start parses none of them, and the catalogue compiles from the store."""
    store = BoltReleaseStore(database)

    first = await load_packaged(store, actor=LOADER)
    unread = read_packaged({record.origin for record in (await store.listing()).records})
    second = await load_packaged(store, actor=LOADER)
    current = CurrentCatalogue(store)
    await current.refresh()

    assert unread == ()
    assert first.added.revision == 1
    assert second.added == replace(first.added, added=(), unchanged=())
    assert len(current.catalogue.resolve("isic").content.concepts) == 830
    assert len(current.catalogue.resolve("units").content.concepts) == 20
