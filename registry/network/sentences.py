"""How the sentences that say why a result counts tell their numbers. Pure.

Such a sentence (``because``) is of counts and codes that stand in the answer, never of values that name anybody.
"""

from __future__ import annotations


def times(number: int, thing: str, several: str | None = None) -> str:
    """``1 event``, ``3 events``; ``several`` is the word for many where an s does not make it."""
    return f"{number} {thing}" if number == 1 else f"{number} {several or f'{thing}s'}"


def persons(number: int) -> str:
    """``1 person``, ``3 people``."""
    return times(number, "person", "people")


def records(people: int, events: int) -> str:
    """``3 people and 1 event``, without those of whom there are none; one by itself is said to be alone."""
    told = [persons(people)] * (people > 0) + [times(events, "event")] * (events > 0)
    return " and ".join(told) if people + events > 1 else f"{' '.join(told)} alone"


def tenths(number: float) -> str:
    """``6.5``, ``6``; what is more than nothing is never told as nothing."""
    return "less than 0.1" if 0 < number < 0.05 else f"{number:.1f}".removesuffix(".0")


def pairs_on_paths(betweenness: float, of: str) -> str:
    """Betweenness in words: the pairs ``of`` people whose shortest paths run through, each by the share of its paths.

    A sum of shares is told to a tenth: its last bits depend on the order in which it is added up.
    """
    number = tenths(round(betweenness, 9))
    if number == "0":
        return f"on no shortest path between {of}"
    return f"on the shortest paths of {number} {'pair' if number == '1' else 'pairs'} of {of}"
