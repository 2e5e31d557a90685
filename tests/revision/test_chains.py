"""Chains of correspondences against the truth: a code is a set of cases, and an answer may not claim more than holds.

A world is a few versions of one scheme. Each sorts the same twelve cases into codes as it likes, with the same letters
for other things: splits, merges, overlaps, codes used again. From two neighbours follows their correspondence, as a
publisher would print it; from the cases follows what may truly be said over the whole chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.classification.correspondence import LinkTable, Relation, associate, index_links
from registry.classification.translation import KnownCodes, LossKind, Outcome, SetTranslation, find_way, translate
from registry.identifiers import Notation, SchemeId, VersionTag
from tests.revision.families import correspondence

CASES = 12
Version = Sequence[str]
"""The code of each case."""
VERSIONS = st.lists(st.lists(st.sampled_from("abcde"), min_size=CASES, max_size=CASES), min_size=2, max_size=5)


def extent(version: Version, *codes: str) -> frozenset[int]:
    """The cases that codes of a version stand for."""
    return frozenset(case for case, code in enumerate(version) if code in codes)


def table(old: Version, new: Version, place: int) -> LinkTable:
    """What a publisher prints of two versions: each pair of codes with cases in common."""
    pairs = sorted({(Notation(before), Notation(after)) for before, after in zip(old, new, strict=True)})
    return index_links(correspondence(*associate(pairs), source=f"1.{place}", target=f"1.{place + 1}"))


def ask(world: Sequence[Version], codes: Sequence[str], start: int, end: int) -> SetTranslation:
    """Codes of one version of the world in the words of another, forwards or backwards."""
    tables = [table(old, new, place) for place, (old, new) in enumerate(pairwise(world))]
    source, target = ((SchemeId("small"), VersionTag(f"1.{place}")) for place in (start, end))
    known = KnownCodes(set(world[start]), set(world[end]), same_scheme=True)
    way = find_way(tables, source, target)
    return translate([Notation(code) for code in codes], way, source=source, target=target, known=known)


@given(world=VERSIONS, forwards=st.booleans())
def test_no_answer_claims_more_than_the_cases_say(world: list[list[str]], forwards: bool) -> None:
    """Exact is the same cases, wider holds all of them, a part none besides; nothing that shares a case is left out."""
    start, end = (0, len(world) - 1) if forwards else (len(world) - 1, 0)
    codes = sorted(set(world[start]))

    for answer in ask(world, codes, start, end).codes:
        cases = extent(world[start], answer.code)
        for target in answer.targets:
            there = extent(world[end], target.code)
            if target.relation is Relation.EXACT:
                assert cases == there
            if target.relation is Relation.BROADER:
                assert cases < there
            if target.relation is Relation.NARROWER:
                assert there < cases
        assert {world[end][case] for case in cases} <= {each.code for each in answer.targets}
        assert (answer.outcome is Outcome.EXACT) == (answer.targets[0].relation is Relation.EXACT)
        if answer.outcome is Outcome.EXACT:
            assert answer.lost == ()
            assert all(hop.relation is Relation.EXACT for hop in answer.targets[0].path)
        else:
            assert answer.lost
        if answer.outcome is Outcome.WIDER:
            assert cases < extent(world[end], answer.targets[0].code)
        assert answer.reused == (
            answer.code in world[end] and answer.code not in {each.code for each in answer.targets}
        )


@given(world=VERSIONS)
def test_what_went_through_a_split_is_never_exact(world: list[list[str]]) -> None:
    """Also where the parts meet again in one code that holds the very same cases."""
    codes = sorted(set(world[0]))
    steps = [table(old, new, place) for place, (old, new) in enumerate(pairwise(world))]

    for answer in ask(world, codes, 0, len(world) - 1).codes:
        here = {answer.code}
        was_split = False
        for step in steps:
            was_split |= any(len(step.targets[code]) > 1 for code in here)
            here = {link.target for code in here for link in step.targets[code]}
        if was_split:
            assert answer.outcome is not Outcome.EXACT
            assert LossKind.PART in {loss.kind for loss in answer.lost}


@given(world=VERSIONS, chosen=st.sets(st.sampled_from("abcde"), min_size=1))
def test_a_set_that_means_the_same_holds_the_same_cases(world: list[list[str]], chosen: set[str]) -> None:
    """Whatever its single codes may lose; and the whole always means the whole."""
    codes = sorted(chosen & set(world[0]))
    end = len(world) - 1

    if codes:
        answer = ask(world, codes, 0, end)
        if answer.same_extent:
            assert extent(world[0], *codes) == extent(world[end], *answer.targets)
    assert ask(world, sorted(set(world[0])), 0, end).same_extent


@given(world=VERSIONS)
def test_an_exact_answer_leads_back_exactly(world: list[list[str]]) -> None:
    """There and back again is the same code, and nobody else's."""
    end = len(world) - 1
    exact = [each for each in ask(world, sorted(set(world[0])), 0, end).codes if each.outcome is Outcome.EXACT]

    for answer in exact:
        [back] = ask(world, [answer.targets[0].code], end, 0).codes
        assert (back.outcome, [each.code for each in back.targets]) == (Outcome.EXACT, [answer.code])
