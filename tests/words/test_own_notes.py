"""A user's own copy of the notes becomes a local edition that the product reads."""

from __future__ import annotations

from pathlib import Path

from ontology.build.make import make_own_editions
from registry.classification.model import NoteKind, SchemeVersion
from registry.storage.rdf.vocabulary import read_vocabulary


def invented_sources(folder: Path) -> Path:
    """Tables of the publishers' layout with two invented lines each."""
    tables = {
        "iccs/iccs_v1.0_en.csv": "code,level,parent,title,title_full,definition,inclusions,exclusions,pdf_page\n"
        "01,1,,Acts,Acts,,,,\n"
        '0101,2,01,Act,Act in full,What it is.,"One; two",Three,1\n',
        "iccs/iccs_v1.0_es.csv": "code,title_es,definition_es,inclusions_es,exclusions_es\n0101,Acto,Lo que es.,,\n",
        "isic/isic_rev5_structure.csv": "code,level,parent,title\nA,1,,Farming\n01,2,A,Crops\n",
        "isic/isic_rev5_explanatory_notes_en.csv": "code,title,introductory_text,includes,includes_also,excludes\n"
        "A,Farming,Words before.,Fields,Gardens,Forests\n",
    }
    for path, text in tables.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def read(name: str, text: str) -> SchemeVersion:
    """The edition as the product reads it, without a finding."""
    told = read_vocabulary(text.encode(), source=name)
    assert told.findings == ()
    (version,) = told.releases
    assert isinstance(version, SchemeVersion)
    return version


def test_own_notes_become_an_edition_with_the_same_uris(tmp_path: Path) -> None:
    """1.0.1 keeps the URIs of 1.0, and each column becomes its kind of note."""
    made = make_own_editions(invented_sources(tmp_path))
    iccs = read("iccs-1.0.1.ttl", made["iccs-1.0.1.ttl"])
    isic = read("isic-5.0.1.ttl", made["isic-5.0.1.ttl"])

    assert iccs.version == "1.0.1"
    assert iccs.concepts[1].uri == "https://w3id.org/ictip/iccs/1.0/item/0101"
    assert {(note.kind, note.language, note.text) for note in iccs.concepts[1].notes} == {
        (NoteKind.DEFINITION, "en", "What it is."),
        (NoteKind.DEFINITION, "es", "Lo que es."),
        (NoteKind.INCLUSION, "en", "One; two"),
        (NoteKind.EXCLUSION, "en", "Three"),
    }
    assert {note.kind for note in isic.concepts[0].notes} == {
        NoteKind.SCOPE,
        NoteKind.INCLUSION,
        NoteKind.ADDITIONAL,
        NoteKind.EXCLUSION,
    }


def test_the_publishers_tables_make_editions_without_a_finding(sources: Path) -> None:
    """The real tables: every item of both, most with notes."""
    made = make_own_editions(sources)
    iccs, isic = (read(name, made[name]) for name in ("iccs-1.0.1.ttl", "isic-5.0.1.ttl"))

    assert (len(iccs.concepts), len(isic.concepts)) == (320, 830)
    assert sum(1 for concept in iccs.concepts if concept.notes) > 250
    assert sum(1 for concept in isic.concepts if concept.notes) > 700
