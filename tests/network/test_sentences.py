"""How sentences tell their numbers: one and many, none, and shares of one."""

from __future__ import annotations

import pytest

from registry.network.sentences import pairs_on_paths, persons, records, tenths, times


def test_one_and_many_have_their_words() -> None:
    """An s makes many, unless another word does."""
    assert [times(number, "event") for number in (0, 1, 2)] == ["0 events", "1 event", "2 events"]
    assert [times(number, "agency", "agencies") for number in (1, 2)] == ["1 agency", "2 agencies"]
    assert [persons(number) for number in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_people_and_events_without_those_of_whom_there_are_none() -> None:
    """And one by itself."""
    assert [records(*each) for each in ((2, 1), (1, 2), (3, 0), (0, 2), (1, 0), (0, 1))] == [
        "2 people and 1 event",
        "1 person and 2 events",
        "3 people",
        "2 events",
        "1 person alone",
        "1 event alone",
    ]


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0"), (0.04, "less than 0.1"), (0.05, "0.1"), (0.96, "1"), (6.5, "6.5"), (1e6, "1000000")]
)
def test_a_number_is_told_to_a_tenth(number: float, told: str) -> None:
    """More than nothing is not told as nothing."""
    assert tenths(number) == told


@pytest.mark.parametrize(
    ("betweenness", "told"),
    [
        (0.0, "on no shortest path between other people"),
        (1e-12, "on no shortest path between other people"),
        (0.01, "on the shortest paths of less than 0.1 pairs of other people"),
        (1.0, "on the shortest paths of 1 pair of other people"),
        (6.5, "on the shortest paths of 6.5 pairs of other people"),
    ],
)
def test_betweenness_in_words(betweenness: float, told: str) -> None:
    """What the last bits of a sum leave is nothing."""
    assert pairs_on_paths(betweenness, "other people") == told
