"""GraphQL types and root fields of revision: diffs, translations, timelines, impact, stored use of codes.

Each type reads one model of ``registry.classification``; the questions are ``revision_queries`` and ``impact``. Drafts
and the mutations are in ``drafting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from graphql_api.context import Revising
from graphql_api.schema.classification import Concept, Info, Label, Version, brief_label
from graphql_api.schema.reading import computed, told
from graphql_api.schema.registry import AsKnownAtArgument, known
from graphql_api.schema.scalars import CodeText, SchemeName, Uri, VersionText
from registry.classification import changes as diffs
from registry.classification import impact as impacts
from registry.classification import revision_queries, translation
from registry.classification.catalogue import VersionChoice
from registry.classification.correspondence import Relation
from registry.classification.diff_page import diff_to_html
from registry.classification.report import diff_to_markdown, edit_lines, to_plain
from registry.errors import ArgumentsConflicting, NotReady

for _enum, _name, _description in (
    (diffs.ChangeKind, "ChangeKind", "What happened to an item, a part or a version."),
    (diffs.Severity, "ChangeSeverity", "What a change does to those who hold codes of the old version."),
    (Relation, "MeaningRelation", "How a target's meaning compares with its source's."),
    (translation.Outcome, "TranslationOutcome", "What can be done with a record that holds the code."),
    (translation.Cardinality, "Cardinality", "Of all codes that share targets, over the whole chain."),
    (translation.LossKind, "LossKind", "What a translated record no longer tells."),
    (impacts.Treatment, "CodeTreatment", "What a consumer does with a code it holds."),
):
    strawberry.enum(_enum, name=_name, description=_description)


# --- diffs -------------------------------------------------------------------------------------------------


def edit_told(root: strawberry.Parent[diffs.FieldEdit]) -> list[str]:
    """What left and what came, in words."""
    return [line.removeprefix("  - ") for line in edit_lines(root)]


def edit_before(root: strawberry.Parent[diffs.FieldEdit]) -> Any:
    """The value of the older version."""
    return to_plain(root.before)


def edit_after(root: strawberry.Parent[diffs.FieldEdit]) -> Any:
    """The value of the newer version."""
    return to_plain(root.after)


@strawberry.type(description="One field's value on each side.")
class FieldEdit:
    """`changes.FieldEdit`."""

    field: str = told("field", "The field, or the key of the part that changed.")
    before: JSON | None = computed(edit_before, "Its value in the older version.")
    after: JSON | None = computed(edit_after, "Its value in the newer version.")
    told: list[str] = computed(edit_told, "What left and what came, in words.")


def change_step(root: strawberry.Parent[diffs.Change]) -> str:
    """Which number must grow."""
    return root.step.name.lower()


@strawberry.type(description="One change from the older version to the newer.")
class Change:
    """`changes.Change`."""

    kind: diffs.ChangeKind = told("kind", "What happened.")
    severity: diffs.Severity = told("severity", "What it does to those who hold codes of the older version.")
    asks_for: str = computed(change_step, "Which number must grow: major, minor, edition or none.")
    old: list[CodeText] = told("old", "Codes in the older version.")
    old_labels: list[str] = told("old_labels", "Their labels there, in the same order.")
    new: list[CodeText] = told("new", "Codes in the newer version.")
    new_labels: list[str] = told("new_labels", "Their labels there, in the same order.")
    edits: list[FieldEdit] = told("edits", "Fields that changed.")
    derived: bool = told("derived", "Rolled up from the levels below, declared by nobody.")
    reason: str | None = told("reason", "Why, as the correspondence says.")


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many changes of a kind."""

    kind: diffs.ChangeKind
    count: int


@strawberry.type(name="ChangeCount", description="How many changes of a kind.")
class CountOfChanges:
    """`ChangeCount`."""

    kind: diffs.ChangeKind = told("kind", "The kind.")
    count: int = told("count", "How many.")


def diff_counts(root: strawberry.Parent[revision_queries.VersionDiff]) -> list[ChangeCount]:
    """Changes by kind."""
    return [ChangeCount(kind, count) for kind, count in root.diff.counts().items()]


Kinds = Annotated[list[diffs.ChangeKind] | None, strawberry.argument(description="Only these kinds.")]


def diff_changes(root: strawberry.Parent[revision_queries.VersionDiff], kinds: Kinds = None) -> list[diffs.Change]:
    """Every change, of those kinds alone where some are given."""
    return list(root.diff.changes if kinds is None else root.diff.of(*kinds))


def diff_page(root: strawberry.Parent[revision_queries.VersionDiff]) -> str:
    """The diff as a page."""
    return diff_to_markdown(root.diff)


def diff_html(root: strawberry.Parent[revision_queries.VersionDiff]) -> str:
    """The diff as a page for a browser."""
    return diff_to_html(root.diff)


@strawberry.type(description="Everything that differs between two versions of a scheme.")
class Diff:
    """`revision_queries.VersionDiff`."""

    old: Version = told("old", "The older version.")
    new: Version = told("new", "The newer version.")
    severity: diffs.Severity = told("diff.severity", "The gravest change.")
    least_version: VersionText = told("diff.least_version", "The least number that the newer may bear.")
    correspondences: list[Uri] = told("correspondences", "Correspondences it was made with, in order.")
    counts: list[CountOfChanges] = computed(diff_counts, "How many changes of each kind.")
    changes: list[Change] = computed(diff_changes, "Every change, the gravest first.")
    page: str = computed(diff_page, "The diff as a readable page in Markdown.")
    html: str = computed(diff_html, "The diff as one HTML file that needs nothing else.")


# --- translations ------------------------------------------------------------------------------------------


@strawberry.type(description="One step of a translation.")
class Hop:
    """`translation.Hop`."""

    correspondence: Uri = told("correspondence", "The correspondence followed.")
    source: CodeText = told("source", "From this code.")
    target: CodeText = told("target", "To this.")
    relation: Relation = told("relation", "How their meanings compare.")
    derived: bool = told("derived", "Rolled up from the levels below.")


@strawberry.type(description="A code that the source may become.")
class TargetCode:
    """`translation.TargetCode`."""

    code: CodeText = told("code", "The code.")
    relation: Relation = told("relation", "How its meaning compares, over the whole way.")
    derived: bool = told("derived", "Whether a step of the way was rolled up.")
    path: list[Hop] = told("path", "The first way found to it.")


@strawberry.type(description="Something that a translated record no longer tells.")
class Loss:
    """`translation.Loss`."""

    kind: translation.LossKind = told("kind", "What is lost.")
    at: CodeText = told("at", "The code that the step was taken from.")
    codes: list[CodeText] = told("codes", "Codes no longer told apart, or the parts.")
    reason: str | None = told("reason", "Why, as the correspondence says.")


def translated_label(root: strawberry.Parent[revision_queries.CodeTranslation]) -> Any:
    """The source's label, if the code is known."""
    return None if root.source is None else brief_label(root.source)


@strawberry.type(description="What one code becomes.")
class CodeTranslation:
    """`revision_queries.CodeTranslation`."""

    code: CodeText = told("answer.code", "The code asked for.")
    label: Label | None = computed(translated_label, "Its label, if the version has the code.")
    outcome: translation.Outcome = told("answer.outcome", "What can be done with a record that holds it.")
    cardinality: translation.Cardinality = told("answer.cardinality", "Over the whole chain.")
    reused: bool = told("answer.reused", "The target version has the very same code for something else.")
    targets: list[TargetCode] = told("answer.targets", "What it becomes.")
    concepts: list[Concept] = told("targets", "The targets as concepts.")
    lost: list[Loss] = told("answer.lost", "What is lost, step by step.")


@strawberry.type(description="Codes of one version in the words of another.")
class Translation:
    """`revision_queries.TranslationAnswer`."""

    source: Version = told("source", "The version translated from.")
    target: Version = told("target", "The version translated into.")
    way: list[Uri] = told("result.way", "The correspondences followed, in order.")
    codes: list[CodeTranslation] = told("codes", "Each code asked for, once.")
    targets: list[CodeText] = told("result.targets", "Every target of the set.")
    same_extent: bool = told("result.same_extent", "Whether the set as a whole means the same.")


@strawberry.type(description="What a concept was in one version.")
class TimelineEntry:
    """`revision_queries.TimelineEntry`."""

    concept: Concept = told("item", "The concept there.")
    changes: list[diffs.ChangeKind] = told("changes", "What changed since the version before.")
    revision: int = told("revision", "The registry revision that brought it.")
    in_force_from: date | None = told("in_force_from", "Since when.")
    in_force_to: date | None = told("in_force_to", "Until when.")


@strawberry.type(description="What to do with one code that somebody holds.")
class CodeImpact:
    """`impact.CodeImpact`."""

    code: CodeText = told("code", "The code held.")
    label: str = told("label", "Its label in the version held.")
    treatment: impacts.Treatment = told("treatment", "What to do with it.")
    targets: list[CodeText] = told("targets", "What it may become.")
    kinds: list[diffs.ChangeKind] = told("kinds", "The changes that touch it.")


@strawberry.type(description="A link of another scheme to an item that changed.")
class StaleLink:
    """`impact.StaleLink`."""

    source: Uri = told("source", "The item that links.")
    target: Uri = told("target", "The item that changed.")
    kinds: list[diffs.ChangeKind] = told("kinds", "How it changed.")
    owner: str = told("owner", "Whose the linking scheme is.")


@strawberry.type(description="An association with another scheme of which some codes changed, whole.")
class StaleAssociation:
    """`impact.StaleAssociation`."""

    correspondence: Uri = told("correspondence", "The correspondence.")
    place: int = told("place", "Its place in it, from 1.")
    sources: list[CodeText] = told("sources", "Codes that it leads from.")
    targets: list[CodeText] = told("targets", "Codes that it leads to.")
    changed: list[CodeText] = told("changed", "Those that changed.")
    kinds: list[diffs.ChangeKind] = told("kinds", "How they changed.")
    owner: str = told("owner", "Who publishes the version that the correspondence leads from.")


@dataclass(frozen=True, slots=True)
class TreatmentCount:
    """How many codes get a treatment."""

    treatment: impacts.Treatment
    count: int


@strawberry.type(name="TreatmentCount", description="How many codes get a treatment.")
class CountOfTreatments:
    """`TreatmentCount`."""

    treatment: impacts.Treatment = told("treatment", "The treatment.")
    count: int = told("count", "How many codes.")


def impact_counts(root: strawberry.Parent[impacts.Impact]) -> list[TreatmentCount]:
    """Codes by treatment."""
    return [TreatmentCount(treatment, count) for treatment, count in root.counts().items()]


@strawberry.type(description="What a new version does to codes that somebody holds.")
class Impact:
    """`impact.Impact`."""

    codes: list[CodeImpact] = told("codes", "Each code held.")
    counts: list[CountOfTreatments] = computed(impact_counts, "How many codes get each treatment.")
    stale_links: list[StaleLink] = told("stale_links", "Matches of other schemes that should be looked at again.")
    stale_associations: list[StaleAssociation] = told(
        "stale_associations", "Associations of correspondences with other schemes that should be looked at again."
    )


# --- root fields -------------------------------------------------------------------------------------------

SchemeArgument = Annotated[SchemeName, strawberry.argument(description="The scheme's id.")]
ValidOn = Annotated[date | None, strawberry.argument(description="The version in force on that day, instead of a tag.")]
OptionalVersion = Annotated[VersionText | None, strawberry.argument(description="The version; without it the latest.")]


def choice(version: str | None, valid_on: date | None = None) -> VersionChoice:
    """The version named, the one in force on a day, or the latest."""
    return VersionChoice(version=version, valid_on=valid_on)


def diff(
    info: Info,
    scheme: SchemeArgument,
    old: OptionalVersion = None,
    new: OptionalVersion = None,
    old_valid_on: ValidOn = None,
    new_valid_on: ValidOn = None,
    as_known_at: AsKnownAtArgument = None,
) -> revision_queries.VersionDiff:
    """What differs between two versions."""
    if old is None and old_valid_on is None:
        raise ArgumentsConflicting(arguments="old, oldValidOn", rule="give one of them")
    return revision_queries.version_diff(
        known(info, as_known_at),
        scheme,
        old=choice(old, old_valid_on),
        new=choice(new, new_valid_on),
        actor=info.context.actor,
    )


def translate(
    info: Info,
    scheme: SchemeArgument,
    to_scheme: Annotated[SchemeName, strawberry.argument(description="The scheme to translate into.")],
    codes: Annotated[list[CodeText], strawberry.argument(description="The codes; none says every code.")],
    version: OptionalVersion = None,
    to_version: OptionalVersion = None,
    valid_on: ValidOn = None,
    to_valid_on: ValidOn = None,
    as_known_at: AsKnownAtArgument = None,
) -> revision_queries.TranslationAnswer:
    """Codes in the words of another version."""
    return revision_queries.translate_codes(
        known(info, as_known_at),
        codes,
        scheme=scheme,
        version=choice(version, valid_on),
        to_scheme=to_scheme,
        to_version=choice(to_version, to_valid_on),
        actor=info.context.actor,
    )


def timeline(
    info: Info,
    scheme: SchemeArgument,
    code: Annotated[CodeText, strawberry.argument(description="The code.")],
    version: Annotated[
        VersionText | None, strawberry.argument(description="The version that the code is of; else the newest with it.")
    ] = None,
    valid_on: ValidOn = None,
    as_known_at: AsKnownAtArgument = None,
) -> tuple[revision_queries.TimelineEntry, ...]:
    """A concept through the versions."""
    return revision_queries.timeline(
        known(info, as_known_at), scheme, code, of=choice(version, valid_on), actor=info.context.actor
    )


def impact(
    info: Info,
    scheme: SchemeArgument,
    old: OptionalVersion = None,
    new: OptionalVersion = None,
    codes: Annotated[list[CodeText] | None, strawberry.argument(description="The codes held; none says all.")] = None,
    old_valid_on: ValidOn = None,
    new_valid_on: ValidOn = None,
    as_known_at: AsKnownAtArgument = None,
) -> impacts.Impact:
    """What going to a newer version does to codes held."""
    if old is None and old_valid_on is None:
        raise ArgumentsConflicting(arguments="old, oldValidOn", rule="give one of them")
    return impacts.version_impact(
        known(info, as_known_at),
        scheme,
        codes or (),
        old=choice(old, old_valid_on),
        new=choice(new, new_valid_on),
        actor=info.context.actor,
    )


def revising(info: Info) -> Revising:
    """Where drafts are kept; `NotReady` where this server has no store."""
    desk = info.context.rooms.revising
    if desk is None:
        raise NotReady(reason="no store of drafts is open")
    return desk
