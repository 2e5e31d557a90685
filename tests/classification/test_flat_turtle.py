"""The quick reader of flat Turtle says what rdflib says, or leaves the text to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.files import PackagedFile
from registry.storage.rdf.flat_turtle import read_flat
from registry.storage.rdf.parse import parse_graph, plain_triples
from registry.storage.rdf.terms import Literal, Triple
from registry.storage.rdf.turtle import write_turtle
from registry.storage.rdf.vocabulary import packaged_files
from tests.classification.test_rdf_mapping import versions
from tests.classification.worlds import NS

LARGE = ("languages", "areas", "isic/4.0")
"""Files of the same shapes as others, left out because rdflib needs seconds for them."""
SMALLER = [file for file in packaged_files() if not any(name in file.path for name in LARGE)]


def by_rdflib(text: str) -> set[Triple]:
    return set(plain_triples(parse_graph(text, "text", "turtle"), "text", "turtle"))


@pytest.mark.parametrize("file", SMALLER, ids=lambda file: file.path)
def test_packaged_files_are_flat_and_read_alike(file: PackagedFile) -> None:
    """Both readers find the same statements."""
    found = read_flat(file.text())

    assert found is not None
    assert set(found) == by_rdflib(file.text())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(versions())
def test_whatever_the_writer_writes_is_read_alike(version: object) -> None:
    """Any version as Turtle: where the quick reader answers, it answers as rdflib."""
    text = write_turtle(version)  # type: ignore[arg-type]  # the strategy's type is not told through the decorator

    found = read_flat(text)

    assert found is not None
    assert set(found) == by_rdflib(text)


WORDS = r"""<urn:a> x:b x:b.c x: a "s" "s"@en "1"^^x:t 'q' 5 05 1.5 -0 -7 true _:n [] () ; , . "\u0041" "\x" <r> x:%41
    @prefix PREFIX x: <urn:x#> "" 7. 5e3 truer a:b"""
PIECES = st.sampled_from([*WORDS.split(), '"""long"""'])


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=9))
def test_a_text_is_read_alike_or_left_to_rdflib(pieces: list[str]) -> None:
    """Random runs of tokens, most of them no Turtle: an answer is never more lenient than rdflib's."""
    text = "@prefix x: <urn:x#> .\n<urn:s> <urn:p> " + " ".join(pieces) + " .\n"

    found = read_flat(text)

    if found is not None:
        assert set(found) == by_rdflib(text)


@pytest.mark.parametrize(
    "text",
    [
        "<urn:a> <urn:b> [] .",
        "<urn:a> <urn:b> (1) .",
        "<urn:a> <urn:b> 1.5 .",
        "<urn:a> <urn:b> -0 .",
        "<urn:a> <urn:b> '''x''' .",
        "<a> <b> <c> .",
        '<urn:a> <urn:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<urn:a> <urn:b> "2001-02-29"^^<http://www.w3.org/2001/XMLSchema#date> .',
        "x:a x:b x:c .",
        "<urn:a> <urn:b> <urn:c>",
        "junk",
    ],
)
def test_the_rest_of_turtle_is_left_to_rdflib(text: str) -> None:
    """Nesting, other numbers, other quotes, relative IRIs, unknown prefixes, faults."""
    assert read_flat(text) is None


def test_terms_are_read_as_written() -> None:
    """Escapes, languages, datatypes, numbers, several objects, comments."""
    text = (
        f"@prefix n: <{NS}/notation/> . # comment\n"
        '<urn:a> a <urn:T> ; <urn:p> "x\\n\\"\\u00e9"@zh-Hans, 5, true, "KEN"^^n:iso3166-1-alpha-3 .\n# end'
    )

    assert read_flat(text) == [
        ("urn:a", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "urn:T"),
        ("urn:a", "urn:p", Literal('x\n"é', "zh-Hans")),
        ("urn:a", "urn:p", Literal("5", None, "http://www.w3.org/2001/XMLSchema#integer")),
        ("urn:a", "urn:p", Literal("true", None, "http://www.w3.org/2001/XMLSchema#boolean")),
        ("urn:a", "urn:p", Literal("KEN", None, f"{NS}/notation/iso3166-1-alpha-3")),
    ]
