"""Events of which no two share anybody: as many of them as can be had.

The largest such set is a maximum set packing, for which no fast way is known (Karp 1972). So it is searched for where
few events hang together, and approached where many do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from functools import reduce
from operator import or_
from typing import Final

from registry.network.clusters import Clusters

MOST_SEARCHED: Final = 24
"""Events that hang together among which the largest set is searched for.

Whoever is tried both ways shares with two others at least, so that t(n) = 1 + t(n - 1) + t(n - 3) bounds the steps: for
24 events 18,559. Random ones take some hundreds.
"""

Crowds = Mapping[str, Set[str]]
"""By event the people whom no two events of a set may share."""


def packed(crowds: Crowds, preferred: Set[str]) -> frozenset[str]:
    """Events no two of which share anybody; every other event shares somebody with one of them.

    Events hang together when a chain of such sharing leads from each to each. Of at most `MOST_SEARCHED` that do no set
    is larger, and none as large has more of the ``preferred``; of more than those no more is promised than the above.
    Among equals ids decide, never the order of what is given. Beside the search the work is that of reading all crowds
    some times and of sorting the events.
    """
    found: set[str] = set()
    for group in _groups(crowds):
        found.update(_searched(group, preferred) if len(group) <= MOST_SEARCHED else _one_by_one(group, preferred))
    return frozenset(found)


def _groups(crowds: Crowds) -> list[Crowds]:
    """The events that hang together, by id; whoever is met at all is met in one group only."""
    linked, first = Clusters(), dict[str, str]()
    for event in sorted(crowds):
        for person in crowds[event]:
            linked.join(first.setdefault(person, event), event)
    groups: dict[str, dict[str, Set[str]]] = {}
    for event in sorted(crowds):
        groups.setdefault(linked.of(event), {})[event] = crowds[event]
    return list(groups.values())


def _one_by_one(group: Crowds, preferred: Set[str]) -> Iterator[str]:
    """Each event that shares nobody with those taken before it.

    Those come first whose people are met again the fewest times, then preferred ones, then by id.
    """
    met = Counter(person for people in group.values() for person in people)
    again = {event: sum(met[person] - 1 for person in people) for event, people in group.items()}
    taken: set[str] = set()
    for event in sorted(group, key=lambda event: (again[event], event not in preferred, event)):
        if taken.isdisjoint(group[event]):
            taken |= group[event]
            yield event


def _searched(group: Crowds, preferred: Set[str]) -> Iterator[str]:
    """The best set of all. An event is a bit, and a set of events a number, from here on."""
    bits = {event: 1 << at for at, event in enumerate(sorted(group))}
    met: dict[str, int] = {}
    for event, bit in bits.items():
        for person in group[event]:
            met[person] = met.get(person, 0) | bit
    shares = {bit: reduce(or_, (met[person] for person in group[event]), 0) & ~bit for event, bit in bits.items()}
    best = _best(sum(bits.values()), shares, sum(bits[event] for event in group if event in preferred))
    return (event for event, bit in bits.items() if best & bit)


def _best(left: int, shares: Mapping[int, int], preferred: int) -> int:
    """The best set of the events left; ``shares`` tells with which others each shares somebody.

    An event is in a best set if it shares with one other at most that is no better. Where none is like that, the one
    that shares with most others is tried in the set and out of it.
    """
    inside = [bit for bit in shares if bit & left]
    if not inside:
        return 0
    for bit in inside:
        others = shares[bit] & left
        if others.bit_count() <= 1 and (bit & preferred or not others & preferred):
            return bit | _best(left & ~(bit | others), shares, preferred)
    most = max(inside, key=lambda bit: (shares[bit] & left).bit_count())
    taken = most | _best(left & ~(most | shares[most]), shares, preferred)
    passed = _best(left & ~most, shares, preferred)
    return max(taken, passed, key=lambda best: (best.bit_count(), (best & preferred).bit_count()))
