"""A consultation: who may speak for whom, answers taken, and what becomes of each.

Lives here: the acts, each for an actor, each with its audit entry. Elsewhere: questionnaires and logs as rows
(``consultation``), keeping answers (``draft_ports``).

::

    consulted       speaks for its own agency
    focal point     speaks for every organisation of its countries, and gathers their answers
    editor          records what came by other ways, for anybody
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue
from registry.classification.draft_actions import LONGEST_REASON, Stamp, Stores, check_text, entry, replay
from registry.classification.draft_model import (
    Comment,
    Disposition,
    DispositionKind,
    DraftId,
    OpenDraft,
    Said,
)
from registry.classification.lifecycle import Stage
from registry.errors import AnswersRefused, DraftNotEditable, FieldFault, VoiceRefused
from registry.identifiers import AREAS

COMMENTED: Final = frozenset({Stage.IN_CONSULTATION, Stage.IN_REVIEW})
"""Stages in which people are asked."""
MOST_ANSWERS: Final = 2_000
"""Answers of one call: a whole classification, once."""
LONGEST_NAME: Final = 200
"""Characters of an organisation's name."""


async def comment_draft(
    stores: Stores, draft: DraftId, said: Sequence[Said], *, areas: Container[str], actor: Actor, stamp: Stamp
) -> tuple[Comment, ...]:
    """The answers kept, all or none; each takes the place of its organisation's former one there, in that language.

    ``areas`` are the codes that an organisation's country may have (`area_codes`). Answers are taken while people are
    asked, in consultation and in review (`DraftNotEditable` else). `VoiceRefused` when the actor does not speak for an
    organisation; `AnswersRefused` with a fault for each that cannot be taken.
    """
    policy.require(actor, Right.COMMENT_VOCABULARY)
    require_voice(actor, said)
    opened = await replay(stores, draft)
    head = opened.stored.head
    if head.stage not in COMMENTED:
        raise DraftNotEditable(draft=draft, stage=head.stage)
    faults = list(answer_faults(opened, said, areas))
    if faults:
        raise AnswersRefused(details=faults, count=len(faults), place=faults[0].path, rule=faults[0].message)
    comments = tuple(
        Comment(
            id=f"{stamp.id}{number:04d}",
            code=each.code,
            organisation=each.organisation,
            text=each.text,
            language=each.language,
            actor=actor.name,
            at=stamp.at,
            state=head.state,
            country=each.country,
        )
        for number, each in enumerate(said)
    )
    audit = entry(stamp, actor, "comment draft", head, comments=str(len(said)))
    await stores.drafts.comment(draft, comments, audit, stage=head.stage)
    return comments


def area_codes(catalogue: Catalogue) -> Container[str]:
    """The codes of the newest `areas`; none where no such scheme is released."""
    return catalogue.resolve(AREAS).positions if AREAS in catalogue.versions else ()


def require_voice(actor: Actor, said: Sequence[Said]) -> None:
    """Raise `VoiceRefused` unless the actor speaks for every organisation named."""
    for each in said:
        if not speaks_for(actor, each):
            raise VoiceRefused(actor=actor.name, organisation=each.organisation)


def speaks_for(actor: Actor, said: Said) -> bool:
    """Whether the actor may give this organisation's answer: its own, one of its countries', or anybody's."""
    if Right.EDIT_VOCABULARY in actor.rights:
        return True
    if Right.GATHER_ANSWERS in actor.rights and said.country is not None:
        return actor.scope.countries is None or said.country in actor.scope.countries
    return actor.agency is not None and said.organisation == actor.agency


def answer_faults(opened: OpenDraft, said: Sequence[Said], areas: Container[str]) -> Iterator[FieldFault]:
    """What keeps answers from being taken, each at its field."""
    known = {each.code for side in (opened.content.base, opened.content.version) for each in side.concepts}
    if not 0 < len(said) <= MOST_ANSWERS:
        yield fault("answers", f"give 1 to {MOST_ANSWERS} of them")
    places: dict[tuple[object, ...], int] = {}
    for number, each in enumerate(said):
        if not 0 < len(each.text.strip()) <= LONGEST_REASON:
            yield fault(f"answers[{number}].text", f"say it in 1 to {LONGEST_REASON} characters")
        if not 0 < len(each.organisation.strip()) <= LONGEST_NAME:
            yield fault(f"answers[{number}].organisation", f"name it in 1 to {LONGEST_NAME} characters")
        if each.code is not None and each.code not in known:
            yield fault(f"answers[{number}].code", f"neither the draft nor its base has {each.code}", each.code)
        if each.country is not None and each.country not in areas:
            yield fault(f"answers[{number}].country", f"the list of areas has no {each.country}", each.country)
        place = (each.country, each.organisation, each.code, each.language)
        first = places.setdefault(place, number)
        if first != number:
            yield fault(f"answers[{number}]", f"answers[{first}] is that organisation's answer there already")


def fault(path: str, message: str, place: str = "") -> FieldFault:
    """The fault of an answer."""
    return FieldFault(path, AnswersRefused.code, place, message)


async def dispose_comment(
    stores: Stores, draft: DraftId, comment: str, kind: DispositionKind, *, reason: str, actor: Actor, stamp: Stamp
) -> Disposition:
    """What became of the comment, and why; `CommentUnknown`."""
    policy.require(actor, Right.EDIT_VOCABULARY)
    check_text("reason", reason)
    head = (await stores.drafts.read(draft)).head
    disposition = Disposition(kind, reason, actor.name, stamp.at)
    audit = entry(stamp, actor, "dispose comment", head, comment=comment, disposition=kind)
    await stores.drafts.dispose(draft, comment, disposition, audit)
    return disposition
