"""Codes of one version in the words of another, through any chain of correspondences, with what is lost on the way.

Lives here: the way through, the combined meaning, losses and warnings. Elsewhere: what one correspondence says
(``correspondence``), re-coding stored records (``registry.cases``).

::

    units 1.0 ──► units 1.1 ──► iccs 1.0        isic 4.0 ──► isic 5.0        (each may also be read backwards)

A chain is as exact as its weakest step: relations compose, and what went through a split is never exact again, even
where the parts meet again in one target.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from registry.classification.correspondence import Link, LinkTable, Relation, VersionKey
from registry.errors import TranslationUnavailable
from registry.identifiers import Notation

LONGEST_CHAIN: Final = 8
"""Correspondences in one way; what is told of a code after more steps than that would be hearsay."""


class Outcome(StrEnum):
    """What can be done with a record that holds the code."""

    EXACT = "exact"
    """One target, the same meaning: re-code by rule, both ways."""
    WIDER = "wider"
    """One target that holds more: re-code by rule; the way back is lost."""
    CHOICE = "choice"
    """Several targets, or a part of one: somebody who knows the record decides."""
    NO_TARGET = "no target"
    UNKNOWN = "unknown"
    """The version has no such code."""


class Cardinality(StrEnum):
    """Of all codes that share targets with this one, over the whole chain."""

    ONE_TO_ONE = "1:1"
    ONE_TO_MANY = "1:n"
    MANY_TO_ONE = "n:1"
    MANY_TO_MANY = "n:m"
    NONE = "1:0"


class LossKind(StrEnum):
    """What a record coded with the target no longer tells, or falsely tells."""

    DISTINCTION = "distinction"
    """Told apart before, one code now; ``codes`` are the other sources."""
    EXTENT = "extent"
    """The target holds more than the source; no other source code names what."""
    PART = "part"
    """Each target holds only a part; ``codes`` are the targets."""
    EVERYTHING = "everything"
    """No target; ``reason`` is that of the correspondence."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing lost, at one step: ``at`` is the code that the step was taken from."""

    kind: LossKind
    at: Notation
    codes: tuple[Notation, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a way: which correspondence, from which code to which."""

    correspondence: str
    source: Notation
    target: Notation
    relation: Relation
    derived: bool


@dataclass(frozen=True, slots=True)
class TargetCode:
    """One code that the source may become, and the first way found to it. ``derived``: some hop was rolled up."""

    code: Notation
    relation: Relation
    path: tuple[Hop, ...]

    @property
    def derived(self) -> bool:
        """Whether the answer rests on a roll-up that nobody declared."""
        return any(hop.derived for hop in self.path)


@dataclass(frozen=True, slots=True)
class Translation:
    """One source code's answer; targets in the order of the correspondences.

    ``reused``: the target version has the very same code, and it is not among the targets: whoever keeps the code
    unchanged says something else.
    """

    code: Notation
    outcome: Outcome
    cardinality: Cardinality
    targets: tuple[TargetCode, ...] = ()
    lost: tuple[Loss, ...] = ()
    reused: bool = False


@dataclass(frozen=True, slots=True)
class SetTranslation:
    """The answers for a set of codes and for the set as one.

    ``same_extent``: the set of targets means exactly what the set of sources means, although single codes may not:
    {A} split into B and C is {B, C}.
    """

    source: VersionKey
    target: VersionKey
    way: tuple[str, ...]
    """URIs of the correspondences, in the order they were followed."""
    codes: tuple[Translation, ...]
    targets: tuple[Notation, ...]
    same_extent: bool


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes of the two ends, to tell an unknown code and a reused one. ``same_scheme``: codes are comparable."""

    source: Collection[str]
    target: Collection[str]
    same_scheme: bool


COMPOSED: Final[Mapping[tuple[Relation, Relation], Relation]] = MappingProxyType(
    {
        (Relation.BROADER, Relation.BROADER): Relation.BROADER,
        (Relation.NARROWER, Relation.NARROWER): Relation.NARROWER,
    }
)


def compose(first: Relation, then: Relation) -> Relation:
    """The relation of two steps. Exact changes nothing; a split and a merge do not undo each other."""
    if first is Relation.EXACT:
        return then
    if then is Relation.EXACT:
        return first
    return COMPOSED.get((first, then), Relation.OVERLAPPING)


def find_way(tables: Iterable[LinkTable], source: VersionKey, target: VersionKey) -> tuple[LinkTable, ...]:
    """The shortest chain from source to target, forwards before backwards, then by URI; empty when they are the same.

    Raises `TranslationUnavailable` when no chain of at most eight correspondences leads there.
    """
    steps: dict[VersionKey, list[LinkTable]] = {}
    forward = sorted(tables, key=lambda each: each.uri)
    for table in (*forward, *(each.inverse() for each in forward)):
        steps.setdefault(table.source, []).append(table)
    found: dict[VersionKey, tuple[LinkTable, ...]] = {source: ()}
    queue = deque([source])
    while queue and target not in found:
        here = queue.popleft()
        if len(found[here]) == LONGEST_CHAIN:
            continue
        for table in steps.get(here, ()):
            if table.target not in found:
                found[table.target] = (*found[here], table)
                queue.append(table.target)
    if target not in found:
        raise TranslationUnavailable(source=" ".join(source), target=" ".join(target))
    return found[target]


def translate(
    codes: Iterable[Notation], way: Sequence[LinkTable], *, source: VersionKey, target: VersionKey, known: KnownCodes
) -> SetTranslation:
    """Each code in the target's words, and the whole set. Repeated codes are answered once, in the order given."""
    asked = tuple(dict.fromkeys(codes))
    answers = tuple(_translate_code(code, way, known) for code in asked)
    reached = tuple(dict.fromkeys(each.code for answer in answers for each in answer.targets))
    return SetTranslation(
        source=source,
        target=target,
        way=tuple(table.uri for table in way),
        codes=answers,
        targets=reached,
        same_extent=_same_extent(asked, way, known),
    )


def _translate_code(code: Notation, way: Sequence[LinkTable], known: KnownCodes) -> Translation:
    if code not in known.source:
        return Translation(code, Outcome.UNKNOWN, Cardinality.NONE)
    reached = {code: TargetCode(code, Relation.EXACT, ())}
    lost: list[Loss] = []
    for table in way:
        lost += [loss for here in reached for loss in _losses(table, here)]
        reached = _step(table, reached)
    targets = tuple(reached.values())
    return Translation(
        code=code,
        outcome=_outcome(targets),
        cardinality=_cardinality(targets, way),
        targets=targets,
        lost=tuple(dict.fromkeys(lost)),
        reused=known.same_scheme and code in known.target and code not in reached,
    )


def _step(table: LinkTable, reached: Mapping[Notation, TargetCode]) -> dict[Notation, TargetCode]:
    after: dict[Notation, TargetCode] = {}
    for here in reached.values():
        for link in followed(table, here.code):
            hop = Hop(table.uri, link.source, link.target, link.relation, link.derived)
            relation = compose(here.relation, link.relation)
            before = after.get(link.target)
            if before is None:
                after[link.target] = TargetCode(link.target, relation, (*here.path, hop))
            elif before.relation is not relation or relation is Relation.EXACT:
                after[link.target] = TargetCode(link.target, Relation.OVERLAPPING, before.path)
    return after


def followed(table: LinkTable, code: Notation) -> tuple[Link, ...]:
    """The links to translate by: an exact one alone where there is one, since parts beside it only refine it."""
    links = table.targets.get(code, ())
    exact = tuple(link for link in links if link.relation is Relation.EXACT)
    return exact or links


def _losses(table: LinkTable, code: Notation) -> list[Loss]:
    links = followed(table, code)
    if not links:
        return [Loss(LossKind.EVERYTHING, code, reason=table.removed.get(code))]
    lost: list[Loss] = []
    for link in links:
        others = tuple(dict.fromkeys(each.source for each in table.origins[link.target] if each.source != code))
        if link.relation in (Relation.BROADER, Relation.OVERLAPPING):
            kind = LossKind.DISTINCTION if others else LossKind.EXTENT
            lost.append(Loss(kind, code, others, link.reason))
    if any(link.relation in (Relation.NARROWER, Relation.OVERLAPPING) for link in links):
        lost.append(Loss(LossKind.PART, code, tuple(link.target for link in links)))
    return lost


def _outcome(targets: Sequence[TargetCode]) -> Outcome:
    if not targets:
        return Outcome.NO_TARGET
    if len(targets) > 1:
        return Outcome.CHOICE
    return {Relation.EXACT: Outcome.EXACT, Relation.BROADER: Outcome.WIDER}.get(targets[0].relation, Outcome.CHOICE)


def _cardinality(targets: Sequence[TargetCode], way: Sequence[LinkTable]) -> Cardinality:
    if not targets:
        return Cardinality.NONE
    is_shared = any(each.relation is not Relation.EXACT and _shares(each.code, way) for each in targets)
    if len(targets) == 1:
        return Cardinality.MANY_TO_ONE if is_shared else Cardinality.ONE_TO_ONE
    return Cardinality.MANY_TO_MANY if is_shared else Cardinality.ONE_TO_MANY


def _shares(target: Notation, way: Sequence[LinkTable]) -> bool:
    """Whether more than one code of the chain's start leads to the target."""
    return len(_sources_of({target}, way)) > 1


def _sources_of(targets: Collection[Notation], way: Sequence[LinkTable]) -> set[Notation]:
    here = set(targets)
    for table in reversed(way):
        here = {
            link.source for code in here for link in table.origins.get(code, ()) if link in followed(table, link.source)
        }
    return here


def _same_extent(codes: Collection[Notation], way: Sequence[LinkTable], known: KnownCodes) -> bool:
    """No code without a target, no stated excess or part, and no outside source, at any step."""
    here = set(codes)
    if not here <= set(known.source):
        return False
    for table in way:
        links = [link for code in here for link in followed(table, code)]
        reached = {link.target for link in links}
        if {link.source for link in links} != here or any(_is_open(table, link) for link in links):
            return False
        if not _sources_of(reached, (table,)) <= here:
            return False
        here = reached
    return True


def _is_open(table: LinkTable, link: Link) -> bool:
    """Whether the link itself states that more or less is meant than the codes on both sides account for."""
    alone_out = len(followed(table, link.source)) == 1
    alone_in = len(table.origins[link.target]) == 1
    is_wider = alone_in and link.relation in (Relation.BROADER, Relation.OVERLAPPING)
    is_part = alone_out and link.relation in (Relation.NARROWER, Relation.OVERLAPPING)
    return is_wider or is_part
