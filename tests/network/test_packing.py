"""Events no two of which share anybody: against trying every set where they are few, and what holds of any number."""

from __future__ import annotations

from collections.abc import Set
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from registry.network.patterns.packing import MOST_SEARCHED, Crowds, packed

PREFERRED = st.frozensets(st.integers(0, 60).map("e{:02}".format))


def crowds(people: str, *, least: int, most: int) -> st.SearchStrategy[Crowds]:
    """So many events, each with some of the people."""
    crowd = st.frozensets(st.sampled_from(people), max_size=3)
    return st.lists(crowd, min_size=least, max_size=most).map(
        lambda told: {f"e{at:02}": people for at, people in enumerate(told)}
    )


def share_nobody(events: Crowds, chosen: Set[str]) -> bool:
    """Whether no two of the chosen do."""
    return all(events[one].isdisjoint(events[other]) for one, other in combinations(sorted(chosen), 2))


def shuffled(events: Crowds, dice: Random) -> Crowds:
    """The same in another order."""
    return {event: events[event] for event in dice.sample(sorted(events), len(events))}


@given(crowds("abcdefghijkl", least=0, most=9), PREFERRED, st.randoms(use_true_random=False))
def test_of_few_events_no_set_is_better(events: Crowds, preferred: frozenset[str], dice: Random) -> None:
    """None is larger, and none as large has more of the preferred; the order given does not matter."""
    subsets = (set(each) for size in range(len(events) + 1) for each in combinations(events, size))
    best = max((len(each), len(each & preferred)) for each in subsets if share_nobody(events, each))

    found = packed(events, preferred)

    assert share_nobody(events, found)
    assert (len(found), len(found & preferred)) == best
    assert packed(shuffled(events, dice), preferred) == found


@given(crowds("abcdefghijkl", least=MOST_SEARCHED + 1, most=60), PREFERRED, st.randoms(use_true_random=False))
def test_to_many_events_none_can_be_added(events: Crowds, preferred: frozenset[str], dice: Random) -> None:
    """Every event that is left shares somebody with one that is not; the order given does not matter here either."""
    found = packed(events, preferred)

    assert share_nobody(events, found)
    assert not any(share_nobody(events, {*found, event}) for event in events.keys() - found)
    assert packed(shuffled(events, dice), preferred) == found


def test_small_groups_are_searched_beside_a_large_one() -> None:
    """Somebody is in thirty events and one of these is taken; of a group of three that one in the middle is not."""
    busy = {f"b{at:02}": {"x", f"x{at}"} for at in range(30)}
    three = {"a1": {"p", "q"}, "a0": {"p"}, "a2": {"q"}}

    assert packed({**busy, **three}, {"b07", "a1"}) == {"b07", "a0", "a2"}


def test_a_thousand_events_that_hang_together_are_a_moment_s_work() -> None:
    """Each shares somebody with the next, and every tenth one person with all the other tenths."""
    chain = {f"e{at:04}": {f"p{at}", f"p{at + 1}", "hub" if at % 10 == 0 else f"q{at}"} for at in range(1_000)}

    found = packed(chain, frozenset())

    assert share_nobody(chain, found)
    assert len(found) >= 400
