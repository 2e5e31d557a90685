"""The ordered tree of a scheme version, as positions: walks that end whatever the data says.

Lives here: parents, children, ancestors, descendants. Elsewhere: what a tree may not be (``integrity``).

A *position* is a concept's index in ``SchemeVersion.concepts`` (0 the first). Trees follow ``Concept.parent``; the
further parents of a polyhierarchy are links, not branches. A parent that is not in the version makes a root of its
child, and a cycle is entered once: every concept is in the tree exactly once, so no walk repeats or recurses for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.classification.model import Concept
from registry.identifiers import Notation


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Parents, children and depths by position. ``roots`` and each tuple of children are in source order."""

    parents: tuple[int | None, ...]
    children: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]

    def ancestors(self, position: int) -> tuple[int, ...]:
        """Everything above, nearest first; the position itself is not among them."""
        found: list[int] = []
        above = self.parents[position]
        while above is not None and above != position and above not in found:
            found.append(above)
            above = self.parents[above]
        return tuple(found)

    def descendants(self, position: int) -> Iterator[int]:
        """Everything below, a parent before its children; the position itself is not among them."""
        stack = list(reversed(self.children[position]))
        while stack:
            below = stack.pop()
            yield below
            stack.extend(reversed(self.children[below]))

    def preorder(self) -> Iterator[int]:
        """Every position once, a parent before its children."""
        for root in self.roots:
            yield root
            yield from self.descendants(root)


def build_hierarchy(concepts: Sequence[Concept], positions: Mapping[str, int]) -> Hierarchy:
    """The tree over the concepts; where parents form a cycle, its first concept becomes a root."""
    claimed = [positions.get(concept.parent) if concept.parent is not None else None for concept in concepts]
    parents = cut_cycles(claimed)
    children: list[list[int]] = [[] for _ in concepts]
    for position, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(position)
    return Hierarchy(
        parents=tuple(parents),
        children=tuple(tuple(each) for each in children),
        roots=tuple(position for position, parent in enumerate(parents) if parent is None),
    )


def cut_cycles(claimed: Sequence[int | None]) -> list[int | None]:
    """The same parents, but None for the first position of each cycle. Each position is walked once."""
    parents = list(claimed)
    settled = [False] * len(parents)
    for start in range(len(parents)):
        path: list[int] = []
        place: int | None = start
        while place is not None and not settled[place]:
            settled[place] = True
            path.append(place)
            place = parents[place]
        if place is not None and place in path:
            parents[min(path[path.index(place) :])] = None
    return parents


def find_cycles(links: Mapping[Notation, Sequence[Notation]]) -> list[tuple[Notation, ...]]:
    """The codes of every strongly connected set of more than one code, and of each code that is above itself.

    ``links`` goes from a code to the codes above it. Sets and their codes are sorted, so the answer is stable.
    Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), without recursion.
    """
    index: dict[Notation, int] = {}
    lowest: dict[Notation, int] = {}
    open_codes: list[Notation] = []
    is_open: set[Notation] = set()
    found: list[tuple[Notation, ...]] = []
    for start in links:
        if start in index:
            continue
        walk = [(start, iter(links[start]))]
        index[start] = lowest[start] = len(index)
        open_codes.append(start)
        is_open.add(start)
        while walk:
            code, above = walk[-1]
            following = next((each for each in above if each in links and (each not in index or each in is_open)), None)
            if following is None:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[code])
                if lowest[code] == index[code]:
                    found.extend(closed_set(code, open_codes, is_open, links))
            elif following in index:
                lowest[code] = min(lowest[code], index[following])
            else:
                index[following] = lowest[following] = len(index)
                open_codes.append(following)
                is_open.add(following)
                walk.append((following, iter(links[following])))
    return sorted(found)


def closed_set(
    code: Notation, open_codes: list[Notation], is_open: set[Notation], links: Mapping[Notation, Sequence[Notation]]
) -> list[tuple[Notation, ...]]:
    """Take the set that ``code`` completes off the open codes; return it when it is a cycle."""
    members: list[Notation] = []
    while not members or members[-1] != code:
        members.append(open_codes.pop())
        is_open.discard(members[-1])
    if len(members) > 1 or code in links[code]:
        return [tuple(sorted(members))]
    return []
