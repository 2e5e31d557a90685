"""What is kept of a draft: its head, its edits, what people said of it and who approved it.

Lives here: the values. Elsewhere: keeping them (``draft_ports``), acting on them (``draft_actions``), the content that
follows from the edits (``edits``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.classification.draft_content import DraftState
from registry.classification.edits import Edit
from registry.classification.lifecycle import Stage
from registry.classification.model import Decision
from registry.identifiers import ENGLISH, LanguageTag, Notation, RecordId, SchemeId, VersionTag


class DraftId(RecordId):
    """A draft, by a random id."""

    __slots__ = ()
    kind = "draft"


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A draft without its edits. ``state`` is what an editor must have seen to change it."""

    id: DraftId
    scheme: SchemeId
    base: VersionTag
    base_digest: str
    first_tag: VersionTag
    """The number it was opened with."""
    tag: VersionTag
    """The number it is to be released under."""
    stage: Stage
    state: str
    opened_by: str
    opened_at: datetime
    last_editor: str
    """Who edited last; who opened it before any edit."""
    edits: int = 0
    """How many edits hold; undone ones are not counted."""

    @property
    def subject(self) -> str:
        """How audit rows name the draft."""
        return f"draft {self.id} of {self.scheme}"


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One edit as made. Numbers rise by one and are never used again, so an undone edit keeps its own."""

    number: int
    edit: Edit
    reason: str
    actor: str
    at: datetime
    state_before: str
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A reviewer found this very state fit for release."""

    actor: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft with its edits by number, undone ones among them, and every approval."""

    head: DraftHead
    edits: tuple[EditRecord, ...]
    approvals: tuple[Approval, ...] = ()

    @property
    def holding(self) -> tuple[EditRecord, ...]:
        """The edits that were not undone."""
        return tuple(each for each in self.edits if each.undone_by is None)

    @property
    def approvers(self) -> frozenset[str]:
        """Who approved the state as it is now."""
        return frozenset(each.actor for each in self.approvals if each.state == self.head.state)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with its content."""

    stored: StoredDraft
    content: DraftState
    released: frozenset[str] = frozenset()
    """The keys of every release there was when it was read."""
    comments: tuple[Comment, ...] = ()
    """By code, organisation and time."""


class DispositionKind(StrEnum):
    """What became of a comment."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Disposition:
    """What became of a comment, and why."""

    kind: DispositionKind
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One organisation's answer on one place (a code, or the whole), in one language, as given.

    ``country`` is a code of ``areas``; an international organisation has none.
    """

    text: str
    organisation: str
    code: Notation | None = None
    language: LanguageTag = ENGLISH
    country: Notation | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What an organisation says of a concept, or (without a code) of the whole draft.

    ``state`` is the state it was said of. One organisation of one country has one consolidated answer on a place in a
    language: a later one takes the former's place.
    """

    id: str
    code: Notation | None
    organisation: str
    text: str
    language: LanguageTag
    actor: str
    at: datetime
    state: str
    disposition: Disposition | None = None
    country: Notation | None = None


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """What stands behind a release: who released it when, why, and by whose decision."""

    scheme: SchemeId
    version: VersionTag
    digest: str
    released_by: str
    released_at: datetime
    reason: str
    decisions: tuple[Decision, ...] = ()
    draft: str = ""
    """The draft that it came of."""
    revision: int = 0
    """The registry's, that it brought."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did."""

    note: ReleaseNote
    revision: int
    keys: tuple[str, ...]
    """The releases added: the version and, unless it is an edition, its correspondence."""
