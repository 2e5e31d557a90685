"""What happened to the versions of a scheme: released, superseded, withdrawn; when, by whom, why and on whose decision.

Lives here: the question. Elsewhere: what is kept of each act (``draft_ports``), a concept's way through the versions
(``revision_queries``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue, CompiledVersion
from registry.classification.draft_actions import Stores
from registry.classification.draft_model import Comment, DraftId, ReleaseNote
from registry.classification.model import Decision, ReleaseStatus
from registry.classification.retirement import Retirement
from registry.identifiers import SchemeId, VersionTag
from registry.instants import datetime_of


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a version."""

    version: VersionTag
    event: ReleaseStatus
    at: datetime
    actor: str
    reason: str
    revision: int
    decisions: tuple[Decision, ...] = ()
    successors: tuple[str, ...] = ()
    draft: str | None = None


async def history(stores: Stores, catalogue: Catalogue, scheme: SchemeId, *, actor: Actor) -> tuple[HistoryEntry, ...]:
    """Everything that happened to the scheme's versions, oldest first; `SchemeUnknown`.

    What was loaded from a file has neither actor nor reason. A release supersedes the one before by itself: that is
    the release's own entry; superseded without a release by an act of its own.
    """
    policy.require(actor, Right.READ_REGISTRY)
    notes = {note.version: note for note in await stores.drafts.notes(scheme)}
    times = {revision: at for at, revision in catalogue.changes}
    released = [
        of_release(version, notes.get(version.tag), times.get(version.revision, 0))
        for version in catalogue.scheme_versions(scheme)
    ]
    retired = [of_retirement(each) for each in catalogue.retirements if each.scheme == scheme]
    return tuple(sorted([*released, *retired], key=lambda entry: (entry.revision, entry.version.numbers)))


def of_release(version: CompiledVersion, note: ReleaseNote | None, at: int) -> HistoryEntry:
    """A version's release; ``at`` in microseconds since 1970."""
    when = datetime_of(at)
    if note is None:
        return HistoryEntry(version.tag, ReleaseStatus.RELEASED, when, "", "", version.revision)
    return HistoryEntry(
        version=version.tag,
        event=ReleaseStatus.RELEASED,
        at=note.released_at,
        actor=note.released_by,
        reason=note.reason,
        revision=version.revision,
        decisions=note.decisions,
        draft=note.draft or None,
    )


def of_retirement(retired: Retirement) -> HistoryEntry:
    """The end of a version."""
    return HistoryEntry(
        version=retired.version,
        event=retired.to,
        at=retired.at,
        actor=retired.actor,
        reason=retired.reason,
        revision=retired.revision,
        decisions=retired.decisions,
        successors=retired.successors,
    )


async def answers(stores: Stores, entry: HistoryEntry, *, actor: Actor) -> tuple[Comment, ...]:
    """What organisations said of the draft that became the version, with dispositions; none for what had no draft."""
    policy.require(actor, Right.COMMENT_VOCABULARY)
    return await stores.drafts.comments(DraftId(entry.draft)) if entry.draft is not None else ()
