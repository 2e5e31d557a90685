"""Spec of typed edits: what each does to a draft, and what is refused."""

from __future__ import annotations

import pytest

from registry.classification.diff import diff_versions
from registry.classification.draft_content import DraftState, open_state
from registry.classification.editing import apply_edit, apply_edits, make_edit
from registry.classification.edits import (
    Add,
    ChangeNote,
    DeclareLevel,
    Deprecate,
    Describe,
    Edit,
    Explain,
    LinkItem,
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
    UnlinkItem,
)
from registry.classification.integrity import check_version
from registry.classification.model import (
    Association,
    AssociationKind,
    ConceptStatus,
    Label,
    LabelStatus,
    Level,
    Match,
    MatchKind,
    Note,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.errors import EditRefused
from registry.identifiers import NAMESPACE, LanguageTag, Notation, VersionTag
from tests.revision.families import EN, codes, small

FR = LanguageTag("fr")


def opened(tag: str = "1.1") -> DraftState:
    return open_state(small("1.0"), VersionTag(tag))


def item(code: str, title: str | None = None) -> NewItem:
    return NewItem(Notation(code), f"{NAMESPACE}/id/new{code}", (Label(title or f"Item {code}", EN),))


def drawn(state: DraftState) -> str:
    """The tree in a line: code at level."""
    return " ".join(f"{each.code}@{each.level}" for each in state.version.concepts)


C = Notation


def test_a_draft_without_edits_is_its_base_under_the_new_number() -> None:
    """It follows its base, and differs in nothing else that counts."""
    state = opened()

    assert [each.kind for each in diff_versions(state.base, state.version).changes] == ["scheme changed"]
    assert state.version.follows == f"{NAMESPACE}/small/1.0"
    assert state.version.concepts[1].uri == f"{NAMESPACE}/small/1.1/item/1.1"


@pytest.mark.parametrize(
    ("edit", "tree"),
    [
        (Add(item("4")), "1@1 1.1@2 1.2@2 2@1 2.1@2 3@1 4@1"),
        (Add(item("1.3"), parent=C("1")), "1@1 1.1@2 1.2@2 1.3@2 2@1 2.1@2 3@1"),
        (Add(item("1.0"), parent=C("1"), after=C("1.1")), "1@1 1.1@2 1.0@2 1.2@2 2@1 2.1@2 3@1"),
        (Add(item("x"), after=C("1")), "1@1 1.1@2 1.2@2 x@1 2@1 2.1@2 3@1"),
        (Remove(C("3")), "1@1 1.1@2 1.2@2 2@1 2.1@2"),
        (Move(C("2"), parent=C("3")), "1@1 1.1@2 1.2@2 3@1 2@2 2.1@3"),
        (Move(C("1.1"), after=C("3")), "1@1 1.2@2 2@1 2.1@2 3@1 1.1@1"),
        (Recode(C("1"), C("9")), "9@1 1.1@2 1.2@2 2@1 2.1@2 3@1"),
        (Split(C("1.1"), (item("1.3"), item("1.4"))), "1@1 1.3@2 1.4@2 1.2@2 2@1 2.1@2 3@1"),
        (Split(C("3"), (item("3.1"), item("3.2")), keep=True), "1@1 1.1@2 1.2@2 2@1 2.1@2 3@1 3.1@2 3.2@2"),
        (Merge(codes("1.1", "1.2"), item("1.2")), "1@1 1.2@2 2@1 2.1@2 3@1"),
        (Merge(codes("2.1", "1.1"), item("2.2")), "1@1 1.2@2 2@1 2.2@2 3@1"),
    ],
)
def test_each_edit_of_the_tree_leaves_it_in_order(edit: Edit, tree: str) -> None:
    """A parent before its children, siblings where they were put."""
    assert drawn(apply_edit(opened(), edit)) == tree


def test_what_succeeds_an_item_may_be_merged_with_it() -> None:
    """Both leave, and nothing points at what is gone."""
    state = apply_edits(opened(), [Deprecate(C("1.1"), codes("1.2")), Merge(codes("1.1", "1.2"), item("1.3"))])

    assert drawn(state) == "1@1 1.3@2 2@1 2.1@2 3@1"


def test_a_recoded_item_keeps_its_identity_and_its_children() -> None:
    """The parent of 1.1 is 9 now, and nothing moved."""
    state = apply_edit(opened("2.0"), Recode(C("1"), C("9")))

    diff = diff_versions(state.base, state.version)

    assert state.version.concepts[1].parent == "9"
    assert [change.kind for change in diff.changes] == ["recoded", "scheme changed"]


def test_a_split_declares_what_became_of_its_base_code() -> None:
    """Also when the item was recoded before, and when a part is recoded after."""
    state = apply_edits(
        opened(),
        [Recode(C("3"), C("7")), Split(C("7"), (item("7.1"), item("7.2")), keep=True), Recode(C("7.2"), C("7.9"))],
    )

    assert state.declared == (Association(codes("3"), codes("7.1", "7.9"), AssociationKind.SPLIT),)


def test_a_merge_of_an_old_and_a_new_item_makes_the_old_one_broader() -> None:
    """Only the old one has a code in the base."""
    state = apply_edits(opened(), [Add(item("1.3"), parent=C("1")), Merge(codes("1.1", "1.3"), item("1.4"))])

    assert state.declared == (Association(codes("1.1"), codes("1.4"), AssociationKind.BROADER),)


def test_a_new_source_text_makes_its_translations_stale_until_translated_again() -> None:
    """English is what the scheme requires, so it is translated from."""
    state = apply_edits(opened(), [Translate(C("3"), Label("Poste 3", FR)), Relabel(C("3"), Label("Item three", EN))])
    again = apply_edit(state, Translate(C("3"), Label("Poste trois", FR, status=LabelStatus.UNOFFICIAL)))

    assert state.version.concepts[-1].labels == (
        Label("Item three", EN),
        Label("Poste 3", FR, status=LabelStatus.STALE),
    )
    assert again.version.concepts[-1].labels[1].status is LabelStatus.UNOFFICIAL


def test_notes_links_levels_and_facts_of_the_version_change() -> None:
    """Each edit has its counterpart."""
    note, other = Note("First.", EN), Note("Second.", EN)
    match = Match(MatchKind.EXACT, f"{NAMESPACE}/iccs/1.0/item/02041")
    state = apply_edits(
        opened(),
        [
            ChangeNote(C("3"), new=note),
            ChangeNote(C("3"), old=note, new=other),
            LinkItem(C("3"), match),
            DeclareLevel(Level(1, (Label("Unit", EN),))),
            Describe(publisher="UNODC"),
        ],
    )
    undone = apply_edits(state, [ChangeNote(C("3"), old=other), UnlinkItem(C("3"), match)])

    assert (state.version.concepts[-1].notes, state.version.concepts[-1].matches) == ((other,), (match,))
    assert (state.version.levels[0].depth, state.version.publisher) == (1, "UNODC")
    assert (undone.version.concepts[-1].notes, undone.version.concepts[-1].matches) == ((), ())


def test_a_deprecated_item_names_its_successors_by_uri_also_after_a_new_number() -> None:
    """The successor's URI follows the number and the code."""
    state = apply_edits(
        opened(), [Deprecate(C("1.1"), codes("1.2")), Recode(C("1.2"), C("1.9")), Renumber(VersionTag("2.0"))]
    )

    deprecated = state.version.concepts[1]
    assert deprecated.status is ConceptStatus.DEPRECATED
    assert deprecated.successors == (f"{NAMESPACE}/small/2.0/item/1.9",)


def test_a_variable_is_added_with_its_facts() -> None:
    """A Step 3 variable is data."""
    facts = VariableFacts(C("x"), VariableKind.INTEGER, UnitOfDescription.VICTIM, 3)
    new = NewItem(C("hcv"), f"{NAMESPACE}/id/hcv", (Label("Health", EN),), variable=facts)

    state = apply_edit(opened(), Add(new))

    assert [(each.code, each.step) for each in state.version.variables] == [("hcv", 3)]


def test_a_restatement_replaces_the_content_under_the_drafts_own_number() -> None:
    """Whatever number the file bears; associations whose targets are gone are dropped."""
    split = Split(C("3"), (item("3.1"), item("3.2")), keep=True)

    state = apply_edits(opened("1.4"), [split, Restate(small("3.0"))])

    assert (state.version.version, state.version.uri) == ("1.4", f"{NAMESPACE}/small/1.4")
    assert drawn(state) == drawn(opened())
    assert state.declared == ()


@pytest.mark.parametrize(
    ("edits", "place", "rule"),
    [
        ([Add(item("3"))], "3", "the draft has that code already"),
        ([Add(item("1.3"), parent=C("9"))], "9", "the draft has no such code"),
        ([Add(item("1.3"), parent=C("1"), after=C("2.1"))], "2.1", "it is not right under 1"),
        ([Add(NewItem(C("4"), f"{NAMESPACE}/id/small0", (Label("Four", EN),)))], "4", "its identity is another item's"),
        ([Add(NewItem(C("4"), f"{NAMESPACE}/id/n", ()))], "4", "it has no preferred label"),
        ([Remove(C("1"))], "1", "2 items are below it"),
        ([Deprecate(C("1.1"), codes("1.2")), Remove(C("1.2"))], "1.2", "it is the successor of 1.1"),
        ([Deprecate(C("1.1"), codes("1.2")), Deprecate(C("1.2"), ())], "1.2", "it is the successor of 1.1"),
        ([Deprecate(C("1.1"), codes("3")), Split(C("3"), (item("8"), item("9")))], "3", "it is the successor of 1.1"),
        (
            [Deprecate(C("1.1"), codes("1.2")), Merge(codes("1.2", "2.1"), item("9"))],
            "1.2",
            "it is the successor of 1.1",
        ),
        ([Deprecate(C("1.2"), ()), Deprecate(C("1.1"), codes("1.2"))], "1.2", "a successor must be valid itself"),
        ([Deprecate(C("1.1"), codes("1.1"))], "1.1", "nothing succeeds itself"),
        ([Move(C("1"), parent=C("1.1"))], "1", "that would be a cycle"),
        ([Move(C("1"), parent=C("1"))], "1", "that would be a cycle"),
        ([Recode(C("1"), C("2"))], "2", "the draft has that code already"),
        ([Split(C("3"), ())], "3", "two parts or more"),
        ([Split(C("3"), (item("3.1"),))], "3", "two parts or more"),
        ([Split(C("1"), (item("8"), item("9")))], "1", "2 items are below it"),
        ([Merge(codes("1.1", "3"), item("4"))], "3", "it is of level 1, 1.1 of level 2"),
        ([Merge(codes("3"), item("4"))], "4", "two codes or more"),
        ([Merge(codes("3", "3"), item("4"))], "3", "it is named twice"),
        ([Deprecate(C("1.1"), codes("1.2", "1.2"))], "1.2", "it is named twice"),
        ([Renumber(VersionTag("1.0"))], "1.0", "it does not come after 1.0"),
        ([Renumber(VersionTag("0.9"))], "0.9", "it does not come after 1.0"),
        ([Renumber(VersionTag("1.1.1"))], "1.1.1", "an edition of 1.1 is made from 1.1"),
        ([DeclareLevel(Level(-3, (Label("Deep", EN),)))], "-3", "a level of depth 1 to 1"),
        ([DeclareLevel(Level(1, (Label("Unit", EN),))), DeclareLevel(Level(3, ()))], "3", "a level of depth 1 to 2"),
        ([DeclareLevel(Level(1, (Label("Unit", EN),), "(a+)+"))], "1", "no simple expression"),
        ([Describe(titles=())], "small", "a version has a title"),
        ([Describe(sources=())], "small", "a version has a source"),
        ([Describe(publisher="")], "small", "a version has a publisher"),
        ([Describe(required_languages=())], "small", "a version has a language"),
        ([Translate(C("3"), Label("Item", EN))], "3", "use Relabel"),
        ([ChangeNote(C("3"), old=Note("None.", EN))], "3", "it has no such note"),
        ([UnlinkItem(C("3"), Match(MatchKind.EXACT, "urn:x"))], "3", "it has no such match"),
        (
            [LinkItem(C("3"), Match(MatchKind.EXACT, "urn:x")), LinkItem(C("3"), Match(MatchKind.BROAD, "urn:x"))],
            "3",
            "matched",
        ),
        ([LinkItem(C("3"), Match(MatchKind.EXACT, "no uri"))], "3", "named by its whole URI"),
        ([LinkItem(C("3"), Match(MatchKind.EXACT, f"{NAMESPACE}/small/1.0/item/2"))], "3", "leads to another scheme"),
        ([Add(NewItem(C("4"), "me", (Label("Four", EN),)))], "4", "an identity is a whole URI"),
        ([Explain(Association(codes("9"), (), AssociationKind.REMOVED))], "9", "the base has no such code"),
        ([Explain(Association((), codes("9"), AssociationKind.ADDED))], "9", "the draft has no such code"),
        ([Explain(Association((), (), AssociationKind.SAME))], "the draft", "on one side at least"),
        ([Restate(small(scheme="other"))], "other", "it is not small"),
    ],
)
def test_an_edit_that_cannot_be_made_says_where_and_why(edits: list[Edit], place: str, rule: str) -> None:
    """One error; the state before it is a value of its own and stays."""
    *before, last = edits
    state = apply_edits(opened(), before)

    with pytest.raises(EditRefused) as caught:
        make_edit(state, last)

    assert caught.value.facts["place"] == place
    assert rule in str(caught.value.facts["rule"])


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (Deprecate(C("1.1"), codes("1.2", "1.1")), "Deprecate.successors[1]"),
        (Deprecate(C("1.1"), codes("1.2", "9")), "Deprecate.successors[1]"),
        (Merge(codes("1.1", "1.2", "1"), item("1.3")), "Merge.codes[2]"),
        (Merge(codes("1.1", "1.2"), item("2.1")), "Merge.into.code"),
        (Split(C("3"), (item("3.1"), item("3")), keep=True), "Split.parts[1].code"),
        (Split(C("3"), (item("3.1"), item("3.1"))), "Split.parts[1].code"),
        (Split(C("3"), ()), "Split.parts"),
        (Recode(C("3"), C("3")), "Recode.new_code"),
        (Move(C("1"), parent=C("1.1")), "Move.parent"),
        (Add(item("1.3"), after=C("1.1")), "Add.after"),
        (Explain(Association(codes("3", "9"), codes("3"), AssociationKind.MERGED)), "Explain.association.sources[1]"),
        (DeclareLevel(Level(0, ())), "DeclareLevel.level.depth"),
        (Describe(titles=()), "Describe.titles"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_fault_of_an_edit_names_its_very_field(edit: Edit, path: str) -> None:
    """Also where another field of the edit holds the same code."""
    with pytest.raises(EditRefused) as caught:
        apply_edits(opened(), [edit], make_edit)

    assert [fault.path for fault in caught.value.details] == [f"edits[0].{path}"]


def test_a_rule_that_came_later_makes_no_draft_unreadable() -> None:
    """A stored edit is applied as it was made; the gate finds what is wrong with it."""
    stored: list[Edit] = [
        DeclareLevel(Level(-3, (Label("Deep", EN),))),
        Describe(titles=()),
        LinkItem(C("3"), Match(MatchKind.EXACT, "no uri")),
        Renumber(VersionTag("0.9")),
    ]

    state = apply_edits(opened(), stored)

    assert {"levels_not_numbered", "title_missing", "uri_malformed"} <= {
        each.rule for each in check_version(state.version)
    }


@pytest.mark.parametrize(
    "edit",
    [
        Relabel(C("3"), Label("Item 3", EN)),
        Translate(C("3"), Label("Poste 3", FR)),
        Move(C("1.2"), parent=C("1")),
        Renumber(VersionTag("1.1")),
        Describe(),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_an_edit_that_would_change_nothing_is_refused_when_it_is_made(edit: Edit) -> None:
    """The translations stay as fresh as they were; a draft that holds such an edit is read all the same."""
    state = apply_edit(opened(), Translate(C("3"), Label("Poste 3", FR)))

    with pytest.raises(EditRefused, match="nothing would change"):
        apply_edits(state, [edit], make_edit)

    assert apply_edit(state, edit) == state
