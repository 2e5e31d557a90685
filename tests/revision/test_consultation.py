"""Spec of questionnaires that go out and come back, and of the log of dispositions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from registry.classification.consultation import disposition_log, questionnaire, read_answers
from registry.classification.diff import diff_versions
from registry.classification.draft_actions import Said
from registry.classification.draft_model import Comment, Disposition, DispositionKind
from registry.classification.workbook import read_workbook, write_workbook
from registry.identifiers import LanguageTag, Notation
from tests.revision.families import EN, concept, small

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_questionnaire_goes_out_as_a_workbook_and_comes_back_with_answers() -> None:
    """One row for the whole, one an item that changed; empty answers are none."""
    new = replace(small("1.1"), concepts=(*small("1.1").concepts, concept("4", version="1.1", identity="four")))
    rows = questionnaire(new, diff_versions(small(), new), organisation="ke-nso", language="en")
    assert rows[1:] == [["", "the whole", "", "ke-nso", "en", ""], ["4", "Item 4", "added", "ke-nso", "en", ""]]

    rows[2][5] = "Not needed."
    answers = read_answers(read_workbook(write_workbook(rows, name="q"), source="q.xlsx"))

    assert answers.faults == ()
    assert answers.said == (Said("Not needed.", "ke-nso", Notation("4"), EN),)


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

    assert [row[6:] for row in log[1:]] == [["", "", ""], ["noted", "Thanks.", "custodian"]]
