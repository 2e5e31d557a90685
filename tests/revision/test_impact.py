"""Spec of impact: a consumer's own codes sorted by what to do with each, and links that go stale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graphql_api.cli.impact import read_codes
from registry.access.actor import Actor, local_user
from registry.classification.catalogue import VersionChoice, compile_catalogue, compile_version
from registry.classification.draft_content import open_state
from registry.classification.editing import apply_edits
from registry.classification.edits import Merge, NewItem, Recode, Split
from registry.classification.impact import Treatment, content_impact, version_impact
from registry.classification.model import Association, AssociationKind, Correspondence, Label, Match, MatchKind
from registry.errors import IdentifierMalformed, NotAllowed
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag
from tests.revision.families import EN, codes, concept, correspondence, family, small, version_of

C = Notation


def item(code: str) -> NewItem:
    return NewItem(C(code), f"{NAMESPACE}/id/new{code}", (Label(f"Item {code}", EN),))


def test_a_consumers_list_is_sorted_by_what_to_do() -> None:
    """ISIC Rev.4 codes of an agency: one stays, one is renamed by rule, one splits, one lies, one never was."""
    old, new, table = family("ISIC4_to_ISIC5")
    catalogue = compile_catalogue(1, [compile_version(old, 1), compile_version(new, 1)], [table])

    impact = version_impact(
        catalogue,
        str(old.scheme),
        ["0111", "7820", "0128", "5520", "0000"],
        old=VersionChoice(version="4.0"),
        actor=local_user(),
    )

    assert [(each.code, each.treatment) for each in impact.codes] == [
        ("0111", Treatment.UNCHANGED),
        ("7820", Treatment.AUTOMATIC),
        ("0128", Treatment.PERSON),
        ("5520", Treatment.REUSED),
        ("0000", Treatment.UNKNOWN),
    ]
    assert impact.codes[1].targets == ("7820",)
    assert set(impact.counts()) == set(Treatment)


def test_a_draft_tells_its_impact_before_it_is_released_and_links_that_go_stale() -> None:
    """Another scheme links to 3, which is recoded, and to 2, which is not touched."""
    base = f"{NAMESPACE}/small/1.0/item/"
    linking = replace(
        version_of(
            [
                replace(concept("a", scheme="other"), matches=(Match(MatchKind.EXACT, base + "3"),)),
                replace(concept("b", scheme="other"), matches=(Match(MatchKind.EXACT, base + "2"),)),
            ],
            scheme="other",
        ),
        publisher="An agency",
    )
    catalogue = compile_catalogue(1, [compile_version(small(), 1), compile_version(linking, 1)])
    state = apply_edits(
        open_state(small(), VersionTag("2.0")),
        [Recode(C("3"), C("9")), Merge(codes("1.1", "1.2"), item("1.3")), Split(C("2.1"), (item("2.2"), item("2.3")))],
    )

    impact = content_impact(catalogue, state.base, state.version, state.declared)

    treated = {each.code: (each.treatment, each.targets) for each in impact.codes}
    assert treated == {
        "1": (Treatment.UNCHANGED, ("1",)),
        "1.1": (Treatment.AUTOMATIC, ("1.3",)),
        "1.2": (Treatment.AUTOMATIC, ("1.3",)),
        "2": (Treatment.UNCHANGED, ("2",)),
        "2.1": (Treatment.PERSON, ("2.2", "2.3")),
        "3": (Treatment.AUTOMATIC, ("9",)),
    }
    assert [(each.target, each.owner) for each in impact.stale_links] == [(base + "3", "An agency")]


def test_associations_with_other_schemes_go_stale_whole() -> None:
    """n:m, in either direction, with their owner; between versions of one scheme they stay true."""
    other = replace(
        version_of([concept(code, scheme="other") for code in "abc"], scheme="other"), publisher="An agency"
    )
    own = replace(small(), publisher="The custodians")
    ends = [(SchemeId("small"), VersionTag("1.0")), (SchemeId("other"), VersionTag("1.0"))]
    outward = Correspondence(
        f"{NAMESPACE}/correspondence/small-1.0--other-1.0", ends[0], ends[1], (),
        (
            Association(codes("3", "2.1"), codes("a", "b"), AssociationKind.REARRANGED),
            Association(codes("1"), codes("c"), AssociationKind.SAME),
        ),
    )  # fmt: skip
    inward = Correspondence(
        f"{NAMESPACE}/correspondence/other-1.0--small-1.0", ends[1], ends[0], (),
        (Association(codes("c"), codes("1.1", "3"), AssociationKind.SPLIT),),
    )  # fmt: skip
    catalogue = compile_catalogue(
        1,
        [compile_version(each, 1) for each in (own, small("1.1"), other)],
        [outward, inward, correspondence(Association(codes("3"), codes("3"), AssociationKind.SAME))],
    )
    state = apply_edits(open_state(own, VersionTag("2.0")), [Recode(C("3"), C("9"))])

    stale = content_impact(catalogue, state.base, state.version, state.declared).stale_associations

    assert [(each.correspondence.rpartition("/")[2], each.place, each.owner) for each in stale] == [
        ("other-1.0--small-1.0", 1, "An agency"),
        ("small-1.0--other-1.0", 1, "The custodians"),
    ]
    assert [(each.sources, each.targets, each.changed, each.kinds) for each in stale] == [
        (("c",), ("1.1", "3"), ("3",), ("recoded",)),
        (("3", "2.1"), ("a", "b"), ("3",), ("recoded",)),
    ]


def test_impact_asks_for_the_right_to_read() -> None:
    """Nobody in particular may, a caller without rights may not."""
    with pytest.raises(NotAllowed):
        version_impact(
            compile_catalogue(0, ()), "small", old=VersionChoice(version="1.0"), actor=Actor("none", frozenset())
        )


def test_a_list_of_codes_is_read_from_the_first_column(tmp_path: Path) -> None:
    """With or without a header; leading zeros stay; what is no code is refused."""
    file = tmp_path / "codes.csv"
    file.write_text("code,count\n0111,5\n5520,1\n0111,2\n\n", encoding="utf-8")
    assert read_codes(file) == ["0111", "5520"]
    file.write_text("0111\n5520\n", encoding="utf-8")
    assert read_codes(file) == ["0111", "5520"]
    file.write_text("=1+1\n", encoding="utf-8")
    with pytest.raises(IdentifierMalformed):
        read_codes(file)
