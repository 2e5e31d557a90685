"""Folding, words and what a search says of its matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.classification.search import (
    MatchedOn,
    Span,
    find_concepts,
    find_spans,
    fold,
    fold_words,
    index_concepts,
    place_words,
)
from registry.identifiers import LanguageTag
from tests.classification.worlds import COLOURS

EN, FR = LanguageTag("en"), LanguageTag("fr")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Côte d'Ivoire", ["cote", "d", "ivoire"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ﬁnance", ["finance"]),
        ("Ελλάς", ["ελλασ"]),
        ("偷运 移民", ["偷", "运", "移", "民"]),
        ("إكراه", ["اكراه"]),
        ("Việt Nam", ["viet", "nam"]),
        ("forced-labour_x (2.1)", ["forced", "labour", "x", "2", "1"]),
    ],
)
def test_words_lose_accents_and_case(text: str, words: list[str]) -> None:
    """A word is letters and digits, folded; Han characters are words of their own."""
    assert fold_words(text) == words


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text: str) -> None:
    """A fold is its own fold."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_words_with_places_are_the_words(text: str) -> None:
    """Placing words finds the very words that are indexed, and every place lies in the text."""
    placed = list(place_words(text))

    assert [word for word, _, _ in placed] == fold_words(text)
    assert all(0 <= start < end <= len(text) for _, start, ends in placed for end in ends)


def test_spans_are_places_in_the_label_as_it_is_written() -> None:
    """Accents count: the span of ``cote`` in ``la Côte`` is 3 to 7; two words give two spans."""
    assert find_spans("la Côte d'Ivoire", "cote ivo") == (Span(3, 7), Span(10, 13))
    assert find_spans("la Co\u0302te", "cote") == (Span(3, 8),)
    assert find_spans("Große Straße", "stras") == (Span(6, 11),)
    assert find_spans("偷运移民", "偷运") == (Span(0, 2),)


def test_better_matches_come_first() -> None:
    """For ``r``: the code R, then labels in order; each concept once."""
    found = find_concepts(index_concepts(COLOURS.concepts), "r", [EN, FR])

    assert [(each.rank[0], COLOURS.concepts[each.rank[2]].code) for each in found] == [(MatchedOn.EXACT_CODE, "R")]


def test_a_preferred_label_goes_before_an_alternative_one() -> None:
    """``c`` finds the code C; ``crim`` the alternative label of R; all words must match."""
    index = index_concepts(COLOURS.concepts)

    (crimson,) = find_concepts(index, "CRIM", [EN])

    assert crimson.label is not None
    assert (crimson.label.text, crimson.rank) == ("crimson", (MatchedOn.LABEL_WORDS, 1, 1))
    assert find_concepts(index, "red blue", [EN]) == []
    assert find_concepts(index, "rouge", [EN]) == []
    assert [each.rank for each in find_concepts(index, "rouge", [EN, FR])] == [(MatchedOn.EXACT_LABEL, 0, 1)]


def test_a_code_of_another_system_finds_the_concept() -> None:
    """``50`` begins B's RAL code, and the match says which system that is."""
    (found,) = find_concepts(index_concepts(COLOURS.concepts), "50", [EN])

    assert found.code is not None
    assert (found.code.system, found.code.code, found.rank) == ("ral", "5005", (MatchedOn.CODE_PREFIX, 0, 4))
