"""Spec of questionnaires that go out and come back, and of the log of dispositions."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry.access.actor import Actor, Scope, StatedPurpose, local_user
from registry.access.roles import rights_of
from registry.classification.consultation import disposition_log, questionnaire, read_answers
from registry.classification.consultation_actions import speaks_for
from registry.classification.diff import diff_versions
from registry.classification.draft_model import Comment, Disposition, DispositionKind, Said
from registry.classification.workbook import read_workbook, write_workbook
from registry.identifiers import EntityId, LanguageTag, Notation
from registry.storage.address import StoreAddress
from tests.api.conftest import opened
from tests.revision.doors import small_rooms
from tests.revision.families import EN, concept, small

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_questionnaire_goes_out_as_a_workbook_and_comes_back_with_answers() -> None:
    """One row for the whole, one an item that changed; empty answers are none."""
    new = replace(small("1.1"), concepts=(*small("1.1").concepts, concept("4", version="1.1", identity="four")))
    rows = questionnaire(new, diff_versions(small(), new), organisation="ke-nso", language="en", country="KE")
    assert rows[1:] == [
        ["", "the whole", "", "KE", "ke-nso", "en", ""],
        ["4", "Item 4", "added", "KE", "ke-nso", "en", ""],
    ]

    rows[2][6] = "Not needed."
    answers = read_answers(read_workbook(write_workbook(rows, name="q"), source="q.xlsx"))

    assert answers.faults == ()
    assert answers.said == (Said("Not needed.", "ke-nso", Notation("4"), EN, Notation("KE")),)


def test_faults_of_a_questionnaire_name_row_and_column_and_nothing_is_taken() -> None:
    """Nobody named, no code, no language, a book for an answer; a header that lacks a column."""
    header = ["code", "organisation", "language", "answer"]
    answers = read_answers(
        [header, ["4", "ke-nso", "en", "Good."], ["!", "", "zh_CN", "x"], ["4", "a", "", "y" * 2_001]]
    )

    assert answers.said == ()
    assert [(fault.row, fault.column) for fault in answers.faults] == [
        (3, "organisation"),
        (3, "code"),
        (3, "language"),
        (4, "answer"),
        (4, "language"),
    ]
    assert [fault.column for fault in read_answers([["code"]]).faults] == ["organisation", "language", "answer"]


def test_the_log_tells_what_became_of_each_answer() -> None:
    """Open ones are there too."""
    said = Comment("c1", Notation("4"), "ke-nso", "No.", LanguageTag("en"), "editor", AT, "state")
    disposed = replace(said, code=None, disposition=Disposition(DispositionKind.NOTED, "Thanks.", "custodian", AT))

    log = disposition_log([said, disposed])

    assert [row[7:] for row in log[1:]] == [["", "", ""], ["noted", "Thanks.", "custodian"]]


KENYA = Notation("KE")


@pytest.mark.parametrize(
    ("role", "organisation", "country", "spoken"),
    [
        ("consulted", "ke-nso", KENYA, True),
        ("consulted", "ke-police", KENYA, False),
        ("focal-point", "ke-police", KENYA, True),
        ("focal-point", "mx-nso", Notation("MX"), False),
        ("focal-point", "iom", None, False),
        ("custodian", "iom", None, True),
        ("reviewer", "ke-police", KENYA, False),
    ],
)
def test_each_speaks_for_whom_it_may(role: str, organisation: str, country: Notation | None, spoken: bool) -> None:
    """One's own agency, the organisations of one's countries, or what came to a custodian by other ways."""
    actor = Actor(
        "someone", rights_of([role]), Scope(countries=frozenset({KENYA})), agency=EntityId("ke-nso"), roles=(role,)
    )

    assert speaks_for(actor, Said("Fine.", organisation, country=country)) is spoken


COMMENT = """
mutation ($draft: String!, $answers: [AnswerInput!]!) {
  commentDraft(draft: $draft, answers: $answers) {
    draft { comments { id organisation country language text } } faults { path message }
  }
}
"""
IMPORT = """
mutation ($draft: String!, $content: String!) {
  importAnswers(draft: $draft, content: $content) { draft { comments { organisation text } } faults { path message } }
}
"""


async def test_a_focal_point_gathers_its_countrys_answers_by_graphql_and_workbook(embedded: StoreAddress) -> None:
    """Several languages beside each other, faults by field or cell, nobody else's voice, one log at the end."""
    country = Scope(countries=frozenset({KENYA}))
    focal = Actor("focal", rights_of(["focal-point"]), country, roles=("focal-point",))
    async with (
        small_rooms(embedded) as rooms,
        opened(rooms, actor=local_user("editor")) as editor,
        opened(rooms, actor=focal) as doors,
    ):
        head = (await editor.data('mutation { openDraft(scheme: "small", tag: "1.1") { draft { id state } } }'))[
            "openDraft"
        ]
        draft = head["draft"]["id"]
        await editor.data(
            "mutation ($d: String!, $s: String!) { "
            'moveDraft(draft: $d, expected: $s, to: IN_CONSULTATION, reason: "Ask.") { draft { id } } }',
            d=draft,
            s=head["draft"]["state"],
        )
        told = await doors.data(
            COMMENT,
            draft=draft,
            answers=[
                {"text": "Fine.", "organisation": "ke-nso", "country": "KE", "code": "3"},
                {"text": "Sawa.", "organisation": "ke-nso", "country": "KE", "code": "3", "language": "sw"},
            ],
        )
        foreign = await doors.error(
            COMMENT, draft=draft, answers=[{"text": "No.", "organisation": "mx-nso", "country": "MX"}]
        )
        wrong = await doors.data(
            COMMENT,
            draft=draft,
            answers=[
                {"text": " ", "organisation": "ke-nso", "country": "KE"},
                {"text": "x", "organisation": "ke-nso", "country": "KE", "code": "77"},
            ],
        )
        nowhere = await editor.data(
            COMMENT, draft=draft, answers=[{"text": "No.", "organisation": "zz-nso", "country": "ZZ"}]
        )
        blank = await doors.data(
            'query ($d: String!) { questionnaire(draft: $d, organisation: "ke-police", country: "KE") }', d=draft
        )
        rows = read_workbook(base64.b64decode(blank["questionnaire"]), source="q")
        rows[1] = [*rows[1], "=1+1 is what we say"]
        back = await doors.data(IMPORT, draft=draft, content=base64.b64encode(write_workbook(rows, name="q")).decode())
        bad = await doors.data(IMPORT, draft=draft, content=base64.b64encode(b"PK no workbook").decode())
        rows[1][rows[0].index("code")] = "77"
        cell = await doors.data(IMPORT, draft=draft, content=base64.b64encode(write_workbook(rows, name="q")).decode())
        log = await doors.data("query ($d: String!) { dispositionLog(draft: $d) }", d=draft)
        comment = told["commentDraft"]["draft"]["comments"][0]
        await editor.data(
            "mutation ($d: String!, $c: String!) { "
            'disposeComment(draft: $d, comment: $c, kind: ACCEPTED, reason: "Good.") { draft { id } } }',
            d=draft,
            c=comment["id"],
        )

    assert [(each["language"], each["text"]) for each in told["commentDraft"]["draft"]["comments"]] == [
        ("en", "Fine."),
        ("sw", "Sawa."),
    ]
    assert foreign["code"] == "voice_refused"
    assert [each["path"] for each in wrong["commentDraft"]["faults"]] == ["answers[0].text", "answers[1].code"]
    assert [each["path"] for each in nowhere["commentDraft"]["faults"]] == ["answers[0].country"]
    said = {each["organisation"]: each["text"] for each in back["importAnswers"]["draft"]["comments"]}
    assert said["ke-police"] == "=1+1 is what we say"
    assert [each["path"] for each in bad["importAnswers"]["faults"]] == ["content"]
    assert [each["path"] for each in cell["importAnswers"]["faults"]] == ["row 2, column code"]
    assert len(read_workbook(base64.b64decode(log["dispositionLog"]), source="log")) == 4


WITHOUT_RIGHT = (
    "query ($d: ID!) { storedImpact(draft: $d) { code } }",
    'mutation ($d: String!) { importAnswers(draft: $d, content: "no workbook") { faults { path } } }',
    'mutation ($d: String!) { importVersion(draft: $d, expected: "s", reason: "r", form: CSV, content: "bm8=") '
    "{ faults { path } } }",
    'mutation ($d: String!) { moveDraft(draft: $d, expected: "s", to: DRAFT, reason: "r") { draft { id } } }',
)
"""What looks into a draft, or into what is sent for one."""


@pytest.mark.parametrize("text", WITHOUT_RIGHT, ids=["storedImpact", "importAnswers", "importVersion", "moveDraft"])
async def test_whoever_may_not_see_drafts_learns_nothing_of_one(embedded: StoreAddress, text: str) -> None:
    """The right is asked before the draft is read and before anything sent is: there or not, one answer."""
    reader = Actor("reader", rights_of(["investigator"]), Scope.everything(), StatedPurpose.INVESTIGATION)
    async with (
        small_rooms(embedded) as rooms,
        opened(rooms, actor=local_user("editor")) as editor,
        opened(rooms, actor=reader) as doors,
    ):
        head = await editor.data('mutation { openDraft(scheme: "small", tag: "1.1") { draft { id } } }')
        told = [await doors.error(text, d=draft) for draft in (head["openDraft"]["draft"]["id"], "no-such-draft")]

    assert [each["code"] for each in told] == ["not_allowed", "not_allowed"]
    assert told[0] == told[1]
