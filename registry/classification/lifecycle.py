"""Where a draft may go from where it is, who may send it there, and the gate before a release.

Lives here: one table of moves, and the rules that a release must pass. Elsewhere: what changed (``diff``), what a
number must show (``changes``), what may be wrong with a version by itself (``integrity``), doing it (``drafts``).

::

    draft ⇄ in consultation          released ──► superseded      (by the next release)
      ⇅          │                      ▲   └───► withdrawn
    in review ◄──┘ ─────────────────────┘         abandoned        (from any of the first three)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from registry.access.actor import Right
from registry.classification.changes import FieldEdit as Edited
from registry.classification.changes import SchemeDiff, Step, fits, keeps_preferred
from registry.classification.correspondence import LinkTable, Relation, index_links, key_of, roll_up
from registry.classification.diff import diff_versions
from registry.classification.edits import Bind
from registry.classification.integrity import Finding, Severity, check_correspondence, check_version, error
from registry.classification.model import (
    Association,
    AssociationKind,
    Binding,
    Concept,
    ConceptStatus,
    Correspondence,
    Label,
    LabelKind,
    LabelStatus,
    ReleaseStatus,
    SchemeVersion,
    VariableKind,
)
from registry.errors import MoveRefused
from registry.identifiers import ENGLISH, Notation, VersionTag


class Stage(StrEnum):
    """Where a draft, or the version it became, stands."""

    DRAFT = "draft"
    IN_CONSULTATION = "in consultation"
    IN_REVIEW = "in review"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"


MOVES: Final[Mapping[tuple[Stage, Stage], Right]] = MappingProxyType(
    {
        (Stage.DRAFT, Stage.IN_CONSULTATION): Right.EDIT_VOCABULARY,
        (Stage.DRAFT, Stage.IN_REVIEW): Right.EDIT_VOCABULARY,
        (Stage.DRAFT, Stage.ABANDONED): Right.EDIT_VOCABULARY,
        (Stage.IN_CONSULTATION, Stage.DRAFT): Right.EDIT_VOCABULARY,
        (Stage.IN_CONSULTATION, Stage.IN_REVIEW): Right.EDIT_VOCABULARY,
        (Stage.IN_CONSULTATION, Stage.ABANDONED): Right.EDIT_VOCABULARY,
        (Stage.IN_REVIEW, Stage.DRAFT): Right.REVIEW_VOCABULARY,
        (Stage.IN_REVIEW, Stage.ABANDONED): Right.EDIT_VOCABULARY,
        (Stage.IN_REVIEW, Stage.RELEASED): Right.RELEASE_VOCABULARY,
        (Stage.RELEASED, Stage.SUPERSEDED): Right.RELEASE_VOCABULARY,
        (Stage.RELEASED, Stage.WITHDRAWN): Right.RELEASE_VOCABULARY,
        (Stage.SUPERSEDED, Stage.WITHDRAWN): Right.RELEASE_VOCABULARY,
    }
)
"""Every move there is, and the right it takes. What is not here cannot be done by anybody."""

EDITABLE: Final = frozenset({Stage.DRAFT})
"""Stages whose content may change; what people are consulted on or review stands still."""


def right_to_move(stage: Stage, to: Stage) -> Right:
    """The right that the move takes; `MoveRefused` when there is no such move."""
    right = MOVES.get((stage, to))
    if right is None:
        allowed = ", ".join(target for source, target in MOVES if source is stage)
        raise MoveRefused(stage=stage, to=to, allowed=allowed or "nothing")
    return right


def rights_into(to: Stage) -> tuple[Right, ...]:
    """The rights that moves into the stage take: whoever holds none of them sends no draft there, wherever it is."""
    return tuple(dict.fromkeys(right for (_, target), right in MOVES.items() if target is to))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is asked to be released, by whom, and what speaks for it.

    ``draft`` is the content under the tag it is to bear, ``declared`` the associations stated from ``previous``.
    ``approvals`` are the names of the reviewers who approved this very state.
    """

    previous: SchemeVersion
    draft: SchemeVersion
    declared: tuple[Association, ...]
    last_editor: str
    releaser: str
    approvals: frozenset[str] = frozenset()
    bound: tuple[Bind, ...] = ()
    """Bindings to be released with it."""
    released: frozenset[str] = frozenset()
    """The keys of every release there is."""
    open_answers: tuple[tuple[Notation | None, str], ...] = ()
    """Of each answer of the consultation without a disposition: on which item (None the whole), and whose it is."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the gate looked at: the version as released, the whole correspondence, the diff; and what it refuses for."""

    version: SchemeVersion
    correspondence: Correspondence | None
    """None for an edition: the codes and meanings are its version's."""
    diff: SchemeDiff
    findings: tuple[Finding, ...]
    bindings: tuple[Binding, ...] = ()

    @property
    def unmet(self) -> tuple[Finding, ...]:
        """The errors; without any the version may be released."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)


def examine(candidate: Candidate, *, issued: date | None = None) -> Examined:
    """Everything that stands against the release, each with rule, place and what to do; nothing is left out."""
    version = replace(candidate.draft, status=ReleaseStatus.RELEASED, issued=issued or candidate.draft.issued)
    correspondence = whole_correspondence(candidate.previous, version, candidate.declared)
    diff = diff_versions(candidate.previous, version, correspondence)
    table = roll_up(index_links(correspondence), candidate.previous, version)
    case = _Case(candidate, version, correspondence, diff, table)
    is_edition = key_of(version) == key_of(candidate.previous)
    return Examined(
        version=version,
        correspondence=None if is_edition else correspondence,
        diff=diff,
        findings=tuple(finding for rule in RELEASE_RULES for finding in rule(case)),
        bindings=bindings_of(candidate),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    candidate: Candidate
    version: SchemeVersion
    correspondence: Correspondence
    diff: SchemeDiff
    table: LinkTable


def whole_correspondence(old: SchemeVersion, new: SchemeVersion, declared: Iterable[Association]) -> Correspondence:
    """The declared associations, and one for each item that plainly goes on: same identity, nothing declared of it.

    Where a scheme has no identities an item plainly goes on under its code when none of its preferred labels changed.
    Sorted by source code in old order, then by target in new order.
    """
    stated = tuple(declared)
    lost = {code for each in stated if each.kind not in SUBDIVIDING for code in each.sources}
    gained = {code for each in stated if each.kind not in FOLDING for code in each.targets}
    kept = [pair for pair in _plain_pairs(old, new) if pair[0] not in lost and pair[1] not in gained]
    same = (
        Association((source,), (target,), AssociationKind.SAME if source == target else AssociationKind.RECODED)
        for source, target in kept
    )
    old_place = {concept.code: place for place, concept in enumerate(old.concepts)}
    new_place = {concept.code: place for place, concept in enumerate(new.concepts)}

    def place(association: Association) -> tuple[int, int]:
        first = min((old_place.get(code, len(old_place)) for code in association.sources), default=len(old_place))
        return first, min((new_place.get(code, len(new_place)) for code in association.targets), default=-1)

    return Correspondence(
        uri=correspondence_uri(old, new),
        source=key_of(old),
        target=key_of(new),
        titles=(Label(f"From {old.scheme} {old.version.version} to {new.version.version}", ENGLISH),),
        associations=tuple(sorted((*stated, *same), key=place)),
        origin="Stated in the revision; items that plainly go on are filled in.",
    )


def correspondence_uri(old: SchemeVersion, new: SchemeVersion) -> str:
    """``{ns}/correspondence/units-1.0--units-1.1``."""
    root = old.uri.removesuffix(f"/{old.scheme}/{old.version.version}")
    return f"{root}/correspondence/{old.scheme}-{old.version.version}--{new.scheme}-{new.version.version}"


def bindings_of(candidate: Candidate) -> tuple[Binding, ...]:
    """The bindings as they are released: each the next of its variable, which its URI names in the new version."""
    draft = candidate.draft
    root = draft.uri.removesuffix(f"/{draft.scheme}/{draft.version.version}")
    found: list[Binding] = []
    for each in sorted(candidate.bound, key=lambda bind: (bind.variable, bind.valid_from)):
        earlier = sum(key.startswith(f"binding/{each.variable}/") for key in candidate.released)
        place = 1 + earlier + sum(other.variable == each.variable for other in found)
        found.append(
            Binding(
                variable=each.variable,
                variable_scheme=draft.scheme,
                list_scheme=each.list_scheme,
                list_version=each.list_version,
                valid_from=each.valid_from,
                uri=f"{root}/binding/{each.variable}/{place}",
                variable_version=draft.version.version,
            )
        )
    return tuple(found)


def _plain_pairs(old: SchemeVersion, new: SchemeVersion) -> Iterator[tuple[Notation, Notation]]:
    by_identity = {each.identity: each.code for each in new.concepts if each.identity is not None}
    by_code = {each.code: each for each in new.concepts}
    for concept in old.concepts:
        later = by_code.get(concept.code)
        if concept.identity is not None:
            if concept.identity in by_identity:
                yield concept.code, by_identity[concept.identity]
        elif later is not None and keeps_preferred(Edited("labels", concept.labels, later.labels)):
            yield concept.code, later.code


SUBDIVIDING: Final = frozenset({AssociationKind.SPLIT, AssociationKind.NARROWER})
"""Kinds that may be declared of an old code which goes on: its parts."""
FOLDING: Final = frozenset({AssociationKind.MERGED, AssociationKind.BROADER})
"""Kinds that may be declared of a new code which was there before: what was folded into it."""


# --- the rules ---------------------------------------------------------------------------------------------


def outcomes_declared(case: _Case) -> Iterator[Finding]:
    """Every old code has an outcome (SDMX, GSIM: a correspondence covers both versions)."""
    for concept in case.candidate.previous.concepts:
        if concept.code not in case.table.targets and concept.code not in case.table.removed:
            yield error("outcome_missing", concept.uri, f"what became of {concept.code} is not explained")


def origins_declared(case: _Case) -> Iterator[Finding]:
    """Every new code has an origin, or is declared to be new."""
    for concept in case.version.concepts:
        if concept.code not in case.table.origins and concept.code not in case.table.added:
            yield error("origin_missing", concept.uri, f"where {concept.code} comes from is not explained")


def associations_known(case: _Case) -> Iterator[Finding]:
    """Associations name codes that are there."""
    sides = (case.candidate.previous, case.version)
    codes = {key_of(each): frozenset(str(concept.code) for concept in each.concepts) for each in sides}
    yield from check_correspondence(case.correspondence, codes)


def identities_agree(case: _Case) -> Iterator[Finding]:
    """An identity holds as long as the meaning does: across exact links, and across no others."""
    old, new = _by_code(case.candidate.previous), _by_code(case.version)
    for link in case.table.links():
        before, after = old.get(link.source), new.get(link.target)
        if before is None or after is None or link.derived or before.identity is None or after.identity is None:
            continue
        is_same = before.identity == after.identity
        if is_same and link.relation is not Relation.EXACT:
            yield error(
                "identity_kept", after.uri, f"{link.source} changed its meaning ({link.relation}), not its identity"
            )
        if not is_same and link.relation is Relation.EXACT:
            yield error("identity_lost", after.uri, f"it means the same as {link.source} and has another identity")


def bindings_known(case: _Case) -> Iterator[Finding]:
    """A variable is bound to a version of a list that is released."""
    for each in bindings_of(case.candidate):
        key = f"{each.list_scheme}/{each.list_version}"
        if key not in case.candidate.released:
            yield error("list_unknown", each.uri, f"{key} is not released")


def variables_bound(case: _Case) -> Iterator[Finding]:
    """A new variable that takes codes is bound to a list: without one nobody can record it."""
    before = {each.code for each in case.candidate.previous.variables}
    bound = {each.variable for each in case.candidate.bound}
    for facts in case.version.variables:
        if facts.kind is VariableKind.CODE and facts.code not in before | bound:
            yield error("variable_unbound", f"{case.version.uri}/item/{facts.code}", "it takes codes of no list")


def version_whole(case: _Case) -> Iterator[Finding]:
    """The version breaks no rule of its own; warnings and notices are passed on."""
    yield from check_version(case.version)


def languages_fresh(case: _Case) -> Iterator[Finding]:
    """No label in a required language is older than the text it translates."""
    for concept in case.version.concepts:
        for label in concept.labels:
            is_required = label.language in case.version.required_languages and label.kind is LabelKind.PREFERRED
            if is_required and label.status is LabelStatus.STALE:
                yield error("label_stale", concept.uri, f"the label in {label.language} is older than its source text")


def successors_valid(case: _Case) -> Iterator[Finding]:
    """What succeeds an item is there and valid."""
    valid = {each.uri for each in case.version.concepts if each.status is ConceptStatus.VALID}
    for concept in case.version.concepts:
        for uri in concept.successors:
            if uri.startswith(f"{case.version.uri}/") and uri not in valid:
                yield error("successor_not_valid", concept.uri, f"its successor {uri} is not a valid item")


def number_fits(case: _Case) -> Iterator[Finding]:
    """The number shows how grave the changes are, and there are some."""
    previous, tag = case.candidate.previous.version, case.version.version
    if case.diff.step is Step.NONE and not case.candidate.bound:
        yield error("nothing_changed", case.version.uri, f"nothing differs from {previous}")
    if not fits(tag, previous, case.diff.step):
        least = case.diff.least_version
        yield error("number_too_small", case.version.uri, f"{tag} is no number for these changes; {least} is the least")


def in_force_later(case: _Case) -> Iterator[Finding]:
    """A new version is in force from no earlier day than the one before: asked for a day, the newest answers."""
    before, after = (each.in_force_from or each.issued for each in (case.candidate.previous, case.version))
    is_edition = key_of(case.version) == key_of(case.candidate.previous)
    if before is not None and after is not None and after < before and not is_edition:
        told = f"it is in force from {after}, and {case.candidate.previous.version} from {before}"
        yield error("in_force_early", case.version.uri, told)


def answers_disposed(case: _Case) -> Iterator[Finding]:
    """Everybody who was asked and answered is told what became of it; to take note is a decision too."""
    for code, organisation in case.candidate.open_answers:
        place = case.version.uri if code is None else f"{case.version.uri}/item/{quote(code, safe='')}"
        yield error("answer_open", place, f"nobody said what becomes of what {organisation} said of it")


def seen_by_another(case: _Case) -> Iterator[Finding]:
    """Whoever edited last does not release alone: another releases, or has approved this very state."""
    candidate = case.candidate
    others = candidate.approvals - {candidate.last_editor}
    if candidate.releaser == candidate.last_editor and not others:
        yield error("last_editor_alone", case.version.uri, f"{candidate.releaser} edited last and nobody else approved")


def _by_code(version: SchemeVersion) -> dict[Notation, Concept]:
    return {concept.code: concept for concept in version.concepts}


RELEASE_RULES: Final[tuple[Callable[[_Case], Iterable[Finding]], ...]] = (
    outcomes_declared,
    origins_declared,
    associations_known,
    identities_agree,
    bindings_known,
    variables_bound,
    version_whole,
    languages_fresh,
    successors_valid,
    number_fits,
    in_force_later,
    answers_disposed,
    seen_by_another,
)


def next_tag(previous: VersionTag, diff: SchemeDiff) -> VersionTag:
    """The number to propose: the least that fits."""
    return previous if diff.step is Step.NONE else diff.least_version
