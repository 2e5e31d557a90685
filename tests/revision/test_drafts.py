"""Store tests of drafts and releases, on both engines, and of the codec that edits are kept by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from registry.access.actor import Actor, Right
from registry.access.audit import UNTOLD, audit_row
from registry.classification.consultation_actions import comment_draft, dispose_comment
from registry.classification.correspondence import index_links
from registry.classification.current import CurrentCatalogue
from registry.classification.draft_actions import (
    Stamp,
    Stores,
    approve_draft,
    edit_draft,
    examine_draft,
    move_draft,
    open_draft,
    release_draft,
    replay,
    undo_edits,
)
from registry.classification.draft_model import DispositionKind, DraftHead, DraftId, ReleaseNote, Said
from registry.classification.edit_records import edit_from_plain, edit_text
from registry.classification.edits import (
    Add,
    Bind,
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
from registry.classification.lifecycle import Stage
from registry.classification.model import (
    Association,
    AssociationKind,
    Correspondence,
    Decision,
    Label,
    LabelStatus,
    Level,
    Match,
    MatchKind,
    Note,
    NoteKind,
    SchemeVersion,
    Standing,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.ports import VocabularyText
from registry.errors import (
    AnswersOpen,
    ArgumentsConflicting,
    BaseSuperseded,
    CommentUnknown,
    DraftChanged,
    DraftNotEditable,
    DraftUnknown,
    EditMalformed,
    EditRefused,
    IctipError,
    MoveRefused,
    NotAllowed,
    ReleaseRefused,
    SchemeUnknown,
    VersionUnknown,
)
from registry.identifiers import NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.records import microseconds
from registry.storage.rdf.delivery import Form, read_delivery
from tests.revision.families import EN, codes, small

C = Notation
FR = LanguageTag("fr")
SMALL = SchemeId("small")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAR = datetime(2126, 3, 1, 12, tzinfo=UTC)
"""Later than any clock under which the tests load the first version."""

EDITOR = Actor("editor", frozenset({Right.EDIT_VOCABULARY, Right.COMMENT_VOCABULARY}))
REVIEWER = Actor("reviewer", frozenset({Right.REVIEW_VOCABULARY}))
CUSTODIAN = Actor("custodian", frozenset({Right.RELEASE_VOCABULARY, Right.EDIT_VOCABULARY}))
READER = Actor("reader", frozenset({Right.READ_REGISTRY}))


def stamp(number: int) -> Stamp:
    return Stamp(NOON.replace(microsecond=number), f"act{number:07d}")


def item(code: str) -> NewItem:
    return NewItem(C(code), f"{NAMESPACE}/id/new{code}", (Label(f"Item {code}", EN),))


SPLIT = Split(C("3"), (item("3.1"), item("3.2")), keep=True)


@pytest.fixture
async def stores(database: Database) -> Stores:
    """Drafts and releases of one database that holds small 1.0."""
    releases = BoltReleaseStore(database)
    await releases.add([VocabularyText("small", "", (small("1.0"),))])
    return Stores(BoltDraftStore(database), releases)


async def opened(stores: Stores, tag: str = "1.1", number: int = 1) -> DraftHead:
    return await open_draft(stores, SMALL, VersionTag(tag), actor=EDITOR, stamp=stamp(number))


async def edited(stores: Stores, head: DraftHead, *edits: Edit, number: int = 2) -> DraftHead:
    made = await edit_draft(
        stores, head.id, edits, expected=head.state, reason="Because.", actor=EDITOR, stamp=stamp(number)
    )
    return made.draft.stored.head


async def in_review(stores: Stores, *edits: Edit, number: int = 10, tag: str = "1.1") -> DraftHead:
    head = await edited(stores, await opened(stores, tag, number=number), *edits, number=number + 1)
    return await move_draft(
        stores, head.id, Stage.IN_REVIEW, expected=head.state, reason="Ready.", actor=EDITOR, stamp=stamp(number + 2)
    )


async def keys(stores: Stores) -> list[str]:
    return [record.key for record in (await stores.releases.listing()).records]


async def test_a_draft_is_replayed_as_it_was_edited(stores: Stores) -> None:
    """Content, state and head come back from the store as the edit left them."""
    head = await opened(stores)
    made = await edit_draft(
        stores,
        head.id,
        [SPLIT, Recode(C("1"), C("9"))],
        expected=head.state,
        reason="Two.",
        actor=EDITOR,
        stamp=stamp(2),
    )

    again = await replay(stores, head.id)

    assert again == made.draft
    assert again.stored.head.edits == 2
    assert [change.kind for change in made.diff.changes] == ["recoded", "added", "added"]
    assert await stores.drafts.heads(SMALL) == (again.stored.head,)
    assert await stores.drafts.heads(SchemeId("other")) == ()


async def test_a_dry_run_tells_the_diff_and_writes_nothing(stores: Stores) -> None:
    """The same answer, the same state in the store."""
    head = await opened(stores)

    made = await edit_draft(
        stores, head.id, [SPLIT], expected=head.state, reason="Try.", actor=EDITOR, stamp=stamp(2), dry_run=True
    )

    assert len(made.diff.changes) == 2
    assert (await stores.drafts.read(head.id)).edits == ()


def added(number: int) -> Edit:
    """An edit that nobody else makes."""
    return Add(item(f"x{number}"))


def delivered(number: int) -> Edit:
    """A whole version from a table that nobody else delivers."""
    table = "code,parent,label.en\n" + "".join(
        f"{each.code},{each.parent or ''},Item {each.code} of {number}\n" for each in small().concepts
    )
    reading = read_delivery(table.encode(), Form.CSV, small("1.1"), lambda: "", source=f"{number}.csv")
    assert reading.edit is not None
    return reading.edit


@pytest.mark.parametrize(("edit", "rounds"), [(added, 5), (delivered, 3)])
async def test_of_eight_editors_at_once_one_comes_through(
    stores: Stores, edit: Callable[[int], Edit], rounds: int
) -> None:
    """All saw the same state; seven are told that it changed, and nothing of theirs is kept. So with accepted files."""
    head = await opened(stores)

    async def make(number: int) -> str:
        try:
            await edited(stores, head, edit(number), number=number)
        except DraftChanged:
            return "changed"
        return "made"

    for attempt in range(1, rounds + 1):
        outcomes = await asyncio.gather(*(make(100 * attempt + number) for number in range(8)))
        assert sorted(outcomes) == [*["changed"] * 7, "made"]
        stored = await stores.drafts.read(head.id)
        assert len(stored.holding) == 1
        undone = await undo_edits(
            stores, head.id, 1, expected=stored.head.state, actor=EDITOR, stamp=stamp(100 * attempt + 50)
        )
        assert undone.stored.head.state == head.state


async def test_undo_leads_back_to_the_state_before_and_keeps_what_was_undone(stores: Stores) -> None:
    """Numbers are not used again; the number the draft bears goes back too."""
    head = await edited(stores, await opened(stores), SPLIT, Renumber(VersionTag("2.0")))

    undone = await undo_edits(stores, head.id, 1, expected=head.state, actor=EDITOR, stamp=stamp(3))
    await edited(stores, undone.stored.head, Relabel(C("3"), Label("Three", EN)), number=4)

    stored = await stores.drafts.read(head.id)
    assert [(each.number, each.undone_by) for each in stored.edits] == [(1, None), (2, "editor"), (3, None)]
    assert undone.stored.head.tag == "1.1"
    assert (await replay(stores, head.id)).content.version.version == "1.1"


async def test_every_act_leaves_its_audit_entry_with_the_change(stores: Stores) -> None:
    """Who did what, with reasons; a refused act leaves none."""
    head = await edited(stores, await opened(stores), SPLIT)
    with pytest.raises(EditRefused):
        await edited(stores, head, Remove(C("99")), number=3)
    with pytest.raises(DraftChanged):
        await undo_edits(stores, head.id, 1, expected="0" * 64, actor=EDITOR, stamp=stamp(4))

    assert isinstance(stores.drafts, BoltDraftStore)
    entries = await stores.drafts.audit(head)
    assert [(each.act, each.actor) for each in entries] == [("open draft", "editor"), ("edit draft", "editor")]
    assert dict(entries[1].facts) == {"edits": "1", "first": "1", "reason": "Because."}


async def test_a_release_brings_version_correspondence_note_and_revision(stores: Stores) -> None:
    """Everything at once; the release reads back, and the draft is done."""
    head = await in_review(stores, SPLIT)
    decision = Decision("Statistical Commission", date(2026, 2, 28), "E/CN.3/2026/1")
    before = await stores.releases.revision()

    released = await release_draft(
        stores, head.id, expected=head.state, reason="Approved.", decisions=[decision], actor=CUSTODIAN, stamp=stamp(50)
    )

    assert released.keys == ("small/1.1", "correspondence/small-1.0--small-1.1")
    assert released.revision == before + 1 == await stores.releases.revision()
    version, correspondence = await read(stores, released.keys)
    assert isinstance(version, SchemeVersion)
    assert isinstance(correspondence, Correspondence)
    assert [each.code for each in version.concepts][-3:] == ["3", "3.1", "3.2"]
    assert (version.issued, version.follows) == (NOON.date(), f"{NAMESPACE}/small/1.0")
    assert {str(each.relation) for each in index_links(correspondence).targets[C("3")]} == {"exact", "narrower"}
    assert await stores.drafts.notes(SMALL) == (released.note,)
    assert released.note.decisions == (decision,)
    assert (await stores.drafts.read(head.id)).head.stage is Stage.RELEASED
    with pytest.raises(DraftNotEditable):
        await edited(stores, head, Remove(C("3.1")), number=51)


async def read(stores: Stores, wanted: Sequence[str]) -> list[object]:
    records = {record.key: record for record in (await stores.releases.listing()).records}
    return list(await stores.releases.read([records[key] for key in wanted]))


async def test_a_refused_release_lists_every_finding_and_changes_nothing(stores: Stores) -> None:
    """Two unexplained codes, and the last editor alone."""
    head = await in_review(stores, Remove(C("1.2")), Add(item("4")), Renumber(VersionTag("2.0")))
    alone = Actor("editor", frozenset(Right))
    before = await keys(stores)

    with pytest.raises(ReleaseRefused) as caught:
        await release_draft(stores, head.id, expected=head.state, reason="Now.", actor=alone, stamp=stamp(50))

    findings = caught.value.facts["findings"]
    assert isinstance(findings, list)
    assert sorted(each.split()[1] for each in findings) == ["last_editor_alone", "origin_missing", "outcome_missing"]
    assert await keys(stores) == before
    assert (await stores.drafts.read(head.id)).head == head


async def test_an_approval_lets_the_last_editor_release_and_falls_with_the_next_edit(stores: Stores) -> None:
    """What was approved is a state, not a draft."""
    editor = Actor("editor", frozenset(Right))
    head = await in_review(stores, SPLIT)
    await approve_draft(stores, head.id, expected=head.state, actor=REVIEWER, stamp=stamp(40))
    assert (await examine_draft(stores, head.id, actor=editor, stamp=stamp(41))).unmet == ()

    back = await move_draft(
        stores, head.id, Stage.DRAFT, expected=head.state, reason="One more.", actor=REVIEWER, stamp=stamp(42)
    )
    head = await edited(stores, back, Relabel(C("3"), Label("Three", EN)), number=43)

    unmet = (await examine_draft(stores, head.id, actor=editor, stamp=stamp(44))).unmet
    assert [each.rule for each in unmet] == ["last_editor_alone"]


async def test_of_two_releases_at_the_same_instant_one_wins_and_the_other_is_told(stores: Stores) -> None:
    """Two drafts of one number, and each released twice at once."""
    first, second = await in_review(stores, SPLIT, number=10), await in_review(stores, SPLIT, number=20)

    async def release(head: DraftHead, number: int) -> str:
        try:
            await release_draft(
                stores, head.id, expected=head.state, reason="Now.", actor=CUSTODIAN, stamp=stamp(number)
            )
        except IctipError as error:
            return error.code
        return "released"

    outcomes = await asyncio.gather(release(first, 60), release(first, 61), release(second, 62), release(second, 63))

    assert outcomes.count("released") == 1
    assert set(outcomes) - {"released"} <= {"move_refused", "release_changed", "base_superseded"}
    assert len(await stores.drafts.notes(SMALL)) == 1
    assert (await keys(stores)).count("small/1.1") == 1


async def test_a_draft_of_a_superseded_base_is_refused(stores: Stores) -> None:
    """Its diff would be against what is no longer the newest."""
    late = await in_review(stores, SPLIT, number=10)
    early = await in_review(stores, Relabel(C("3"), Label("Three", EN)), number=20)
    await release_draft(stores, early.id, expected=early.state, reason="Go.", actor=CUSTODIAN, stamp=stamp(60))

    with pytest.raises(BaseSuperseded) as caught:
        await release_draft(stores, late.id, expected=late.state, reason="Go.", actor=CUSTODIAN, stamp=stamp(61))

    assert caught.value.facts["latest"] == "1.1"


async def test_an_edition_adds_a_translation_and_no_correspondence(stores: Stores) -> None:
    """URIs and stored codes stay."""
    head = await opened(stores, "1.0.1")
    head = await edited(stores, head, Translate(C("3"), Label("Poste 3", FR, status=LabelStatus.UNOFFICIAL)))
    head = await move_draft(
        stores, head.id, Stage.IN_REVIEW, expected=head.state, reason="Ready.", actor=EDITOR, stamp=stamp(3)
    )

    released = await release_draft(
        stores, head.id, expected=head.state, reason="French.", actor=CUSTODIAN, stamp=stamp(4)
    )

    assert released.keys == ("small/1.0.1",)
    [edition] = await read(stores, released.keys)
    assert isinstance(edition, SchemeVersion)
    assert edition.uri == f"{NAMESPACE}/small/1.0"
    assert edition.concepts[-1].labels[-1] == Label("Poste 3", FR, status=LabelStatus.UNOFFICIAL)


async def test_comments_are_one_answer_an_organisation_with_its_disposition(stores: Stores) -> None:
    """A later answer takes the former's place; only people asked may answer."""
    head = await edited(stores, await opened(stores), SPLIT)
    said = [Said("Too fine.", "ke-nso", C("3.1")), Said("Fine by us.", "mx-nso", language=LanguageTag("es"))]
    with pytest.raises(DraftNotEditable):
        await comment_draft(stores, head.id, said, areas=(), actor=EDITOR, stamp=stamp(3))
    with pytest.raises(ArgumentsConflicting):
        await move_draft(
            stores, head.id, Stage.IN_CONSULTATION, expected=head.state, reason=" ", actor=EDITOR, stamp=stamp(4)
        )
    await move_draft(
        stores, head.id, Stage.IN_CONSULTATION, expected=head.state, reason="Ask.", actor=EDITOR, stamp=stamp(4)
    )

    await comment_draft(stores, head.id, said, areas=(), actor=EDITOR, stamp=stamp(5))
    [again] = await comment_draft(
        stores, head.id, [Said("Still too fine.", "ke-nso", C("3.1"))], areas=(), actor=EDITOR, stamp=stamp(6)
    )
    disposition = await dispose_comment(
        stores, head.id, again.id, DispositionKind.REJECTED, reason="Two are needed.", actor=EDITOR, stamp=stamp(7)
    )

    comments = await stores.drafts.comments(head.id)
    assert [(each.organisation, each.text, each.disposition) for each in comments] == [
        ("mx-nso", "Fine by us.", None),
        ("ke-nso", "Still too fine.", disposition),
    ]
    with pytest.raises(CommentUnknown):
        await dispose_comment(
            stores, head.id, "none", DispositionKind.NOTED, reason="No.", actor=EDITOR, stamp=stamp(8)
        )


async def test_an_answer_without_a_disposition_stands_against_the_release(stores: Stores) -> None:
    """Told with its item and organisation; one that comes in while the release is being made is found then."""
    head = await in_review(stores, SPLIT)
    said = [Said("Too fine.", "ke-nso", C("3.1")), Said("Fine.", "iom")]
    kept = await comment_draft(stores, head.id, said, areas=(), actor=EDITOR, stamp=stamp(20))

    with pytest.raises(ReleaseRefused) as caught:
        await release_draft(stores, head.id, expected=head.state, reason="Now.", actor=CUSTODIAN, stamp=stamp(21))
    assert [(each.rule, each.place.removeprefix(f"{NAMESPACE}/small/1.1")) for each in caught.value.details] == [
        ("answer_open", ""),
        ("answer_open", "/item/3.1"),
    ]

    for number, each in enumerate(kept):
        await dispose_comment(
            stores, head.id, each.id, DispositionKind.NOTED, reason="Read.", actor=EDITOR, stamp=stamp(22 + number)
        )
    examined = await examine_draft(stores, head.id, actor=CUSTODIAN, stamp=stamp(24))
    assert examined.unmet == ()
    await comment_draft(stores, head.id, said[1:], areas=(), actor=EDITOR, stamp=stamp(25))
    note = ReleaseNote(SMALL, head.tag, "", "custodian", NOON, "Now.")
    audit = audit_row(id="late0000", actor=CUSTODIAN, act="release version", circumstances=UNTOLD)
    with pytest.raises(AnswersOpen) as late:
        await stores.drafts.release(head.id, [examined.version], note, audit, expected=head.state)

    assert late.value.facts["count"] == 1
    assert await keys(stores) == ["small/1.0"]
    assert (await replay(stores, head.id)).stored.head.stage is Stage.IN_REVIEW


async def test_who_may_not_changes_nothing(stores: Stores) -> None:
    """Each act asks for its right first, also before it says whether the draft exists."""
    head = await opened(stores)
    unknown = DraftId("unknown00")

    for act in (
        open_draft(stores, SMALL, VersionTag("1.1"), actor=READER, stamp=stamp(9)),
        edit_draft(stores, unknown, [SPLIT], expected="", reason="x", actor=READER, stamp=stamp(9)),
        undo_edits(stores, unknown, 1, expected="", actor=READER, stamp=stamp(9)),
        approve_draft(stores, unknown, expected="", actor=EDITOR, stamp=stamp(9)),
        comment_draft(stores, unknown, [], areas=(), actor=READER, stamp=stamp(9)),
        release_draft(stores, unknown, expected="", reason="x", actor=EDITOR, stamp=stamp(9)),
        move_draft(stores, head.id, Stage.IN_REVIEW, expected=head.state, reason="x", actor=READER, stamp=stamp(9)),
        move_draft(stores, unknown, Stage.IN_REVIEW, expected="", reason="x", actor=READER, stamp=stamp(9)),
        move_draft(stores, head.id, Stage.DRAFT, expected="", reason="x", actor=READER, stamp=stamp(9)),
    ):
        with pytest.raises(NotAllowed):
            await act

    assert await stores.drafts.heads(None) == (head,)
    with pytest.raises(DraftUnknown):
        await edited(stores, replace(head, id=unknown), SPLIT)


async def test_a_draft_needs_a_version_to_begin_from(stores: Stores) -> None:
    """An unknown scheme, an edition of no version, a number that is not later."""
    for scheme, tag in (("none", "1.0"), ("small", "3.0.1")):
        with pytest.raises(VersionUnknown):
            await open_draft(stores, SchemeId(scheme), VersionTag(tag), actor=EDITOR, stamp=stamp(1))
    with pytest.raises(IctipError, match="does not come after"):
        await opened(stores, "1.0")


async def test_a_draft_is_not_moved_twice_nor_released_by_a_move(stores: Stores) -> None:
    """The table of moves holds in the store too."""
    head = await in_review(stores, SPLIT)

    with pytest.raises(MoveRefused):
        await move_draft(
            stores, head.id, Stage.IN_REVIEW, expected=head.state, reason="x", actor=EDITOR, stamp=stamp(70)
        )
    with pytest.raises(IctipError, match="released by the release itself"):
        await move_draft(
            stores, head.id, Stage.RELEASED, expected=head.state, reason="x", actor=CUSTODIAN, stamp=stamp(71)
        )


# --- the codec -----------------------------------------------------------------------------------------------

FACTS = VariableFacts(C("x"), VariableKind.INTEGER, UnitOfDescription.VICTIM, 3, repeated=True)
EVERY_EDIT: tuple[Edit, ...] = (
    Add(replace(item("4"), variable=FACTS, notes=(Note("n", EN, NoteKind.DEFINITION, "a"),)), after=C("3")),
    Remove(C("3")),
    Relabel(C("3"), Label("Three", EN)),
    Translate(C("3"), Label("Trois", FR, status=LabelStatus.UNOFFICIAL)),
    ChangeNote(C("3"), new=Note("n", EN)),
    Move(C("3"), parent=C("1")),
    Recode(C("3"), C("4")),
    Deprecate(C("1.1"), codes("1.2")),
    SPLIT,
    Merge(codes("1.1", "1.2"), item("1.3")),
    LinkItem(C("3"), Match(MatchKind.EXACT, "x")),
    UnlinkItem(C("3"), Match(MatchKind.EXACT, "x")),
    Explain(Association(codes("3"), (), AssociationKind.REMOVED, reason="Not used.")),
    DeclareLevel(Level(3, (Label("Third", EN),), r"\d")),
    Describe(standing=Standing.PROVISIONAL, required_languages=(EN, FR)),
    Renumber(VersionTag("2.0")),
    Bind(C("sta"), SMALL, VersionTag("1.0"), date(2027, 1, 1)),
    Restate(replace(small("2.0"), issued=date(2026, 1, 1))),
)


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=lambda edit: type(edit).__name__)
def test_an_edit_comes_back_from_its_text(edit: Edit) -> None:
    """Exactly, by its type; every kind of edit is here."""
    assert edit_from_plain(json.loads(edit_text(edit))) == edit


def test_every_kind_of_edit_is_tried_above() -> None:
    """A new kind is added to the list with its type."""
    from typing import get_args

    assert {type(each) for each in EVERY_EDIT} == set(get_args(Edit))


@pytest.mark.parametrize(
    ("plain", "place"),
    [
        ([], "edit"),
        ({"edit": "Destroy"}, "edit"),
        ({"edit": "Remove"}, "Remove.code"),
        ({"edit": "Remove", "code": 3}, "Remove.code"),
        ({"edit": "Remove", "code": "!"}, "Remove.code"),
        ({"edit": "Remove", "code": "3", "why": "x"}, "Remove.why"),
        ({"edit": "Split", "code": "3", "parts": {}}, "Split.parts"),
        ({"edit": "Split", "code": "3", "parts": [{"code": "3.1"}]}, "Split.parts[0].identity"),
        ({"edit": "Split", "code": "3", "parts": [], "keep": 1}, "Split.keep"),
        ({"edit": "Relabel", "code": "3", "label": {"text": "x" * 20_001, "language": "en"}}, "Relabel.label.text"),
        ({"edit": "Relabel", "code": "3", "label": {"text": "x", "language": "zh_CN"}}, "Relabel.label.language"),
        ({"edit": "LinkItem", "code": "3", "match": {"kind": "sameAs", "target": "x"}}, "LinkItem.match.kind"),
    ],
)
def test_json_that_is_no_edit_is_refused_with_its_place(plain: object, place: str) -> None:
    """The way from the edit's name to what does not fit."""
    with pytest.raises(EditMalformed) as caught:
        edit_from_plain(plain)

    assert caught.value.facts["place"] == place


# --- two axes of time ----------------------------------------------------------------------------------------


async def test_the_registry_answers_as_it_stood_at_an_instant(stores: Stores) -> None:
    """1.1 was released at noon: the latest as known before is 1.0, and nothing was known before the first load."""
    head = await in_review(stores, SPLIT)
    await release_draft(
        stores, head.id, expected=head.state, reason="Go.", actor=CUSTODIAN, stamp=Stamp(FAR, "far0000000")
    )
    current = CurrentCatalogue(stores.releases)
    await current.refresh()
    catalogue = current.catalogue

    def latest(instant: datetime) -> str:
        return catalogue.as_known_at(microseconds(instant)).resolve("small").tag

    assert latest(FAR) == "1.1"
    assert latest(FAR - timedelta(microseconds=1)) == "1.0"
    with pytest.raises(SchemeUnknown):
        latest(datetime(2001, 1, 1, tzinfo=UTC))
