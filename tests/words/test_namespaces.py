"""The IRIs: one namespace on both sides of the wall, the examples true, every own term explained."""

from __future__ import annotations

import doctest

from ontology import files, namespaces
from registry import identifiers


def test_the_namespace_of_words_and_rooms_is_one() -> None:
    """Rooms may not import the words, so both spell the namespace; the two are equal."""
    assert namespaces.NAMESPACE == identifiers.NAMESPACE


def test_the_examples_of_iris_are_true() -> None:
    """What the docstrings show is what the functions give."""
    assert doctest.testmod(namespaces).failed == 0


def test_every_term_of_ours_that_is_named_is_explained_and_the_other_way_round() -> None:
    """``terms.ttl`` defines exactly the terms that the code names."""
    named = {
        value
        for name, value in vars(namespaces).items()
        if isinstance(value, str) and value.startswith(namespaces.DEF) and name != "DEF"
    }

    explained = {str(subject) for subject in files.terms_file().graph().subjects()}

    assert explained == named


def test_an_odd_code_is_percent_encoded_once() -> None:
    """A plus sign in a code cannot be read as a space."""
    assert namespaces.item_iri("age-band", "1.0", "60+") == "https://w3id.org/ictip/age-band/1.0/item/60%2B"
