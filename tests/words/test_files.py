"""The packaged files are found, named and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import pytest
from rdflib import Graph, URIRef

from ontology import files, namespaces
from tests.words.conftest import ROOT


def test_every_turtle_file_of_the_package_is_found() -> None:
    """Nothing lies in the folder that the functions do not list."""
    on_disk = {path.relative_to(ROOT / "ontology").as_posix() for path in (ROOT / "ontology").rglob("*.ttl")}

    assert {file.path for file in (*files.vocabulary_files(), *files.shape_files())} == on_disk


def test_scheme_files_are_sorted_by_scheme_and_version() -> None:
    """Versions of one scheme stand oldest first."""
    found = [(file.scheme, file.version) for file in files.scheme_files()]

    assert found == sorted(found)
    assert [version for scheme, version in found if scheme == "isic"] == ["4.0", "5.0"]
    assert len(found) == 27


def test_a_digest_is_that_of_the_bytes() -> None:
    """The digest names the file's content, in hex."""
    file = files.scheme_file("sex", "1.0")

    assert file.digest() == hashlib.sha256(file.read()).hexdigest()


def test_an_absent_version_is_said_when_it_is_read() -> None:
    """A file that is not there raises no earlier and nothing else."""
    with pytest.raises(FileNotFoundError):
        files.scheme_file("sex", "9.9").read()


# rdflib itself still uses the class that it deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_context_makes_the_statements_that_the_turtle_makes() -> None:
    """A document written with our own context holds SKOS and XKOS, and nothing is fetched for it."""
    context = json.loads(next(file for file in files.context_files() if "scheme" in file.path).text())["@context"]
    document = {
        "@context": context,
        "id": "https://w3id.org/ictip/sex/1.0/item/female",
        "type": "Concept",
        "code": "female",
        "prefLabel": {"en": ["Female"]},
        "inScheme": "https://w3id.org/ictip/sex/1.0",
    }
    said = Graph().parse(data=json.dumps(document), format="json-ld")

    expected = files.scheme_file("sex", "1.0").graph()

    assert set(said) <= set(expected)
    assert len(said) == 4
    assert URIRef("http://www.w3.org/2004/02/skos/core#Concept") in set(said.objects())


@pytest.mark.parametrize(("context", "folder"), [("scheme", "/schemes/"), ("correspondence", "/correspondences/")])
def test_a_context_has_a_word_for_every_property_in_use(graphs: Mapping[str, Graph], context: str, folder: str) -> None:
    """Nothing of a file falls back to a whole IRI as its key."""
    (file,) = [each for each in files.context_files() if each.path.endswith(f"/{context}.jsonld")]
    words = json.loads(file.text())["@context"]
    compact = [
        word["@id"] if isinstance(word, dict) else word for word in words.values() if not isinstance(word, float)
    ]
    prefixes = {name: iri for name, iri in words.items() if isinstance(iri, str) and iri.startswith("http")}
    known = {prefixes[iri.split(":")[0]] + iri.split(":", 1)[1] for iri in compact if iri.split(":")[0] in prefixes}

    used = {str(said) for path, graph in graphs.items() if folder in path for said in graph.predicates()}

    assert used - known == {namespaces.RDF_TYPE}


def test_no_vocabulary_file_is_large() -> None:
    """The largest, that of languages, stays below three megabytes."""
    sizes = {file.path: len(file.read()) for file in files.vocabulary_files()}

    assert max(sizes.values()) < 3_000_000
    assert sum(sizes.values()) < 6_000_000


def test_files_are_utf_8_with_unix_line_ends() -> None:
    """Bytes are the same on every system."""
    assert not [file.path for file in files.vocabulary_files() if b"\r" in file.read()]


def test_tables_of_identities_hold_no_id_twice_in_a_version() -> None:
    """An id names one meaning: in one version one item, and in no two schemes any."""
    seen: dict[str, str] = {}
    for path in sorted((ROOT / "ontology/build/identities").glob("*.csv")):
        rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        versions = [(version, opaque) for version, _, opaque in rows]
        assert len(versions) == len(set(versions)), path.name
        for _, _, opaque in rows:
            assert seen.setdefault(opaque, path.name) == path.name
