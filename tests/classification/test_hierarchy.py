"""The tree of a version: ordered, and ending whatever the data says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.classification.hierarchy import build_hierarchy, find_cycles
from registry.classification.model import Concept
from registry.identifiers import Notation, SchemeId, VersionTag
from tests.classification.worlds import COLOURS


def concepts_of(parents: dict[str, str | None]) -> list[Concept]:
    return [
        Concept(
            SchemeId("x"), VersionTag("1.0"), Notation(code), f"urn:{code}", parent=Notation(parent) if parent else None
        )
        for code, parent in parents.items()
    ]


def test_children_stand_in_source_order_and_ancestors_nearest_first() -> None:
    """Positions of the colours: W 0, R 1, Y 2, C 3, B 4, V 5."""
    positions = {concept.code: place for place, concept in enumerate(COLOURS.concepts)}

    tree = build_hierarchy(COLOURS.concepts, {str(code): place for code, place in positions.items()})

    assert tree.roots == (0, 3)
    assert tree.children[0] == (1, 2)
    assert tree.ancestors(5) == (3,)
    assert list(tree.descendants(3)) == [4, 5]
    assert list(tree.preorder()) == [0, 1, 2, 3, 4, 5]


def test_a_cycle_without_root_is_entered_at_its_first_concept() -> None:
    """a above b above c above a, and d below c: a becomes the root."""
    concepts = concepts_of({"a": "c", "b": "a", "c": "b", "d": "c"})

    tree = build_hierarchy(concepts, {"a": 0, "b": 1, "c": 2, "d": 3})

    assert tree.roots == (0,)
    assert list(tree.preorder()) == [0, 1, 2, 3]
    assert tree.ancestors(3) == (2, 1, 0)


def test_every_cycle_is_found_also_where_no_root_leads() -> None:
    """Two cycles, one of a single code; a tree beside them."""
    links = {"a": ["b"], "b": ["a"], "c": ["c"], "d": ["a"], "e": []}

    cycles = find_cycles({Notation(code): [Notation(each) for each in above] for code, above in links.items()})

    assert cycles == [("a", "b"), ("c",)]


@given(st.lists(st.one_of(st.none(), st.integers(0, 11)), min_size=1, max_size=12))
def test_every_concept_is_in_the_tree_once(parents: list[int | None]) -> None:
    """Whatever the parents are, cyclic or unknown, each concept is reached once from the roots."""
    codes = [f"c{number}" for number in range(len(parents))]
    concepts = concepts_of(
        {code: None if parent is None else f"c{parent}" for code, parent in zip(codes, parents, strict=True)}
    )

    tree = build_hierarchy(concepts, {code: place for place, code in enumerate(codes)})

    assert sorted(tree.preorder()) == list(range(len(parents)))
    assert all(position not in tree.ancestors(position) for position in range(len(parents)))


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9))
def test_cycles_are_those_of_reachability(links: dict[int, list[int]]) -> None:
    """A code is in a cycle exactly when it is reached from itself."""
    named = {Notation(f"n{code}"): [Notation(f"n{each}") for each in above] for code, above in links.items()}

    def reached(start: Notation) -> set[Notation]:
        seen: set[Notation] = set()
        stack = [start]
        while stack:
            for above in named.get(stack.pop(), []):
                if above in named and above not in seen:
                    seen.add(above)
                    stack.append(above)
        return seen

    expected = {code for code in named if code in reached(code)}

    assert {code for cycle in find_cycles(named) for code in cycle} == expected
