"""A consultation by workbook: questionnaires that go out and come back, and the log of what became of each answer.

Lives here: the rows. Elsewhere: workbooks (``workbook``), taking answers (``consultation_actions``).

::

    code    label            change     country   organisation   language   answer
            the whole                   KE        ke-nso         en         Fine by us.
    5.4.1   Online scam ...  added      KE        ke-nso         en

One organisation gives one consolidated answer on a place in a language; a national focal point may fill in rows for
several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.classification.changes import SchemeDiff
from registry.classification.diff import title_of
from registry.classification.draft_actions import LONGEST_REASON
from registry.classification.draft_model import Comment, Said
from registry.classification.model import SchemeVersion
from registry.classification.table_import import TableFault
from registry.errors import FieldFault, IdentifierMalformed
from registry.identifiers import LanguageTag, Notation

COLUMNS: Final = ("code", "label", "change", "country", "organisation", "language", "answer")
WHOLE: Final = "the whole"
LOG_COLUMNS: Final = (
    "code", "country", "organisation", "language", "answer", "given by", "given at", "disposition", "reason",
    "disposed by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """What a questionnaire that came back says, or its faults."""

    said: tuple[Said, ...]
    faults: tuple[TableFault, ...]
    rows: tuple[int, ...] = ()
    """The row of each answer."""

    def at_rows(self, faults: Iterable[FieldFault]) -> tuple[FieldFault, ...]:
        """Faults of answers (``answers[2].country``) at the cells that they came from (``row 5, column country``)."""
        return tuple(replace(each, path=self._cell(each.path)) for each in faults)

    def _cell(self, path: str) -> str:
        found = re.fullmatch(r"answers\[(\d+)\](?:\.(\w+))?", path)
        if found is None:
            return path
        column = {"text": "answer"}.get(found[2], found[2])
        return f"row {self.rows[int(found[1])]}" + (f", column {column}" if column else "")


def questionnaire(
    content: SchemeVersion, diff: SchemeDiff, *, organisation: str, language: str, country: str = ""
) -> list[list[str]]:
    """Rows to fill in: one for the whole draft, one an item that changed or is new, in the draft's order."""
    kinds: dict[str, list[str]] = {}
    for change in diff.changes:
        for code in change.new:
            kinds.setdefault(code, []).append(change.kind)
    whose = [country, organisation, language, ""]
    rows = [
        [concept.code, title_of(concept), ", ".join(dict.fromkeys(kinds[concept.code])), *whose]
        for concept in content.concepts
        if concept.code in kinds
    ]
    return [list(COLUMNS), ["", WHOLE, "", *whose], *rows]


def read_answers(rows: Sequence[Sequence[str]]) -> Answers:
    """The answers given; rows without one are skipped. Faults by row and column, and then nothing is taken."""
    header = [cell.strip() for cell in rows[0]] if rows else []
    missing = [column for column in ("code", "organisation", "language", "answer") if column not in header]
    if missing:
        return Answers((), tuple(TableFault(1, column, "the column is missing") for column in missing))
    said: list[Said] = []
    places: list[int] = []
    faults: list[TableFault] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not cells.get("answer"):
            continue
        wrong = list(_faults(number, cells))
        faults += wrong
        if not wrong:
            code = cells["code"]
            place, country = (Notation(text) if text else None for text in (code, cells.get("country", "")))
            places.append(number)
            said.append(Said(cells["answer"], cells["organisation"], place, LanguageTag(cells["language"]), country))
    return Answers(() if faults else tuple(said), tuple(faults), tuple(places))


def _faults(number: int, cells: dict[str, str]) -> Iterator[TableFault]:
    if not cells.get("organisation"):
        yield TableFault(number, "organisation", "nobody is named")
    if len(cells["answer"]) > LONGEST_REASON:
        yield TableFault(number, "answer", "it is too long", f"{LONGEST_REASON} characters")
    for column, kind in (("code", Notation), ("country", Notation), ("language", LanguageTag)):
        text = cells.get(column, "")
        try:
            if text or column == "language":
                kind(text)
        except IdentifierMalformed as error:
            yield TableFault(number, column, f"that is no {column}", str(error.facts["expected"]))


def disposition_log(comments: Sequence[Comment]) -> list[list[str]]:
    """One row a comment with what became of it; open ones have no disposition."""
    return [list(LOG_COLUMNS), *(_log_row(comment) for comment in comments)]


def _log_row(comment: Comment) -> list[str]:
    became = comment.disposition
    return [
        comment.code or "",
        comment.country or "",
        comment.organisation,
        comment.language,
        comment.text,
        comment.actor,
        comment.at.isoformat(),
        became.kind if became else "",
        became.reason if became else "",
        became.actor if became else "",
    ]
