"""The build: the same input makes the same bytes, and the files in the tree are those it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.build.identities import ID_CHARACTERS, ID_LENGTH, grown_identities
from ontology.build.make import make_files
from ontology.build.turtle import Block, Iri, Text, write_turtle
from tests.words.conftest import ROOT


def stale(made: dict[str, str]) -> list[str]:
    """Paths of files that are not as they would be made."""
    return [path for path, text in made.items() if (ROOT / "ontology" / path).read_bytes() != text.encode()]


def test_what_needs_no_source_is_remade_to_the_byte() -> None:
    """Units, variables, lists, areas, languages, bindings, correspondences, the case model and the terms."""
    made = make_files(None)

    assert stale(made) == []
    assert "vocabulary/schemes/units/1.0.ttl" in made
    assert "vocabulary/schemes/iccs/1.0.ttl" not in made


def test_everything_is_remade_to_the_byte_from_the_publishers_tables(sources: Path) -> None:
    """ICCS and ISIC too, and every file of the vocabulary is among them."""
    made = make_files(sources)

    on_disk = {path.relative_to(ROOT / "ontology").as_posix() for path in (ROOT / "ontology/vocabulary").rglob("*.ttl")}
    assert stale(made) == []
    assert {path for path in made if path.endswith(".ttl")} == {*on_disk, "shapes/case-model.ttl"}


def test_a_known_item_keeps_its_id_and_a_new_one_gets_its_own() -> None:
    """Growing a table changes nothing in it; what carries a meaning on shares its id."""
    known = {("1.0", "a"): "aaaaaaaaa"}

    grown = grown_identities(known, "2.0", ["a", "b"], {"a": ("1.0", "a")})

    assert grown["1.0", "a"] == grown["2.0", "a"] == "aaaaaaaaa"
    assert len(grown["2.0", "b"]) == ID_LENGTH
    assert set(grown["2.0", "b"]) <= set(ID_CHARACTERS)
    assert known == {("1.0", "a"): "aaaaaaaaa"}


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (Text('a "quoted" \\ line\nand\ttab', "en"), r'"a \"quoted\" \\ line\nand\ttab"@en'),
        (Text("2025-03-07", datatype="http://www.w3.org/2001/XMLSchema#date"), '"2025-03-07"^^xsd:date'),
        (Text("3", datatype="http://www.w3.org/2001/XMLSchema#integer"), "3"),
    ],
)
def test_literals_are_written_so_that_they_read_back(literal: Text, written: str) -> None:
    """Quotes, backslashes and line ends are escaped; numbers are bare."""
    text = write_turtle([Block("https://example.org/s", (("https://example.org/p", literal),))])

    assert text.endswith(f"<https://example.org/p> {written} .\n")


def test_the_order_of_saying_does_not_change_the_bytes() -> None:
    """Statements of a block are sorted, numbers in them as numbers, and said once."""
    said = [("https://example.org/p", Iri(f"https://example.org/{place}")) for place in (10, 9, 1)]

    one = write_turtle([Block("https://example.org/s", tuple(said))])
    other = write_turtle([Block("https://example.org/s", tuple(reversed(said + said)))])

    assert one == other
    assert one.index("/9>") < one.index("/10>")
