"""The registry's GraphQL types and root fields: schemes, versions, concepts, whole code lists, variables, search.

Each type reads one model of ``registry.classification``; the questions themselves are that room's ``queries``.
Neighbours of a concept are told briefly (no neighbours of neighbours), so that no answer can grow without bound: a
whole tree is one field, ``codelist(shape: TREE)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import strawberry

from graphql_api.context import RequestContext
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText, LanguageText, SchemeName, Uri, VersionText
from registry.classification import model, queries
from registry.classification.catalogue import CompiledVersion, Item
from registry.classification.codelist import Shape
from registry.classification.search import MatchedOn

Info = strawberry.Info[RequestContext, None]
Languages = Annotated[
    list[LanguageText] | None,
    strawberry.argument(description="Languages in order of preference; each label says which one it is in."),
]
"""How callers say which languages they want."""

for _enum, _description in (
    (model.LabelKind, "SKOS lexical labels."),
    (model.LabelStatus, "Who stands behind a label's text."),
    (model.NoteKind, "SKOS and XKOS notes."),
    (model.MatchKind, "SKOS mapping properties."),
    (model.ConceptStatus, "An item's standing inside a release."),
    (model.Standing, "Printed by its custodians, or made up until they print one."),
    (model.ReleaseStatus, "Where a version stands in its life."),
    (model.VariableKind, "What kind of value a variable takes."),
    (model.UnitOfDescription, "What a variable describes."),
    (MatchedOn, "What of a concept matched a search text."),
):
    strawberry.enum(_enum, description=_description)  # closed sets of this software; codes are never enums
strawberry.enum(Shape, name="CodelistShape", description="How the entries of a list stand.")


@strawberry.type(description="One text in one language, and who stands behind it.")
class Label:
    """`model.Label`."""

    text: str = told("text", "The text.")
    language: LanguageText = told("language", "The language it is in, which may be another than asked for.")
    status: model.LabelStatus = told("status", "Whether the custodians, or only we, stand behind it.")
    kind: model.LabelKind = told("kind", "Preferred, alternative or hidden.")


@strawberry.type(description="An explanatory text.")
class Note:
    """`model.Note`."""

    text: str = told("text", "The text.")
    language: LanguageText = told("language", "The language it is in.")
    kind: model.NoteKind = told("kind", "What it explains.")
    mark: str | None = told("mark", "The source's own letter for it, such as note a.")


@strawberry.type(description="A mapping to an item of another scheme.")
class Match:
    """`model.Match`."""

    kind: model.MatchKind = told("kind", "How near the two are in meaning.")
    target: Uri = told("target", "The other item.")


@strawberry.type(description="The same item's code in another system.")
class OtherNotation:
    """`model.OtherNotation`."""

    system: str = told("system", "The other system, such as iso3166-1-alpha-3.")
    code: str = told("code", "The code there.")


@strawberry.type(description="One level of a classification (XKOS).")
class Level:
    """`model.Level`."""

    depth: int = told("depth", "1 is the most general.")
    labels: list[Label] = told("labels", "What the level is called.")
    notation_pattern: str | None = told(
        "notation_pattern", "What codes of the level look like, as a regular expression."
    )


@strawberry.type(description="A grouping of items that is no parent of them.")
class Collection:
    """`model.Collection`."""

    code: CodeText = told("code", "Its code.")
    uri: Uri = told("uri", "Its URI.")
    labels: list[Label] = told("labels", "What it is called.")
    members: list[CodeText] = told("members", "Codes of its items.")
    notes: list[Note] = told("notes", "What it is for.")


def version_title(root: strawberry.Parent[CompiledVersion], languages: Languages = None) -> model.Label | None:
    """The title in the first of the languages that has one."""
    return pick_label(root.content.titles, languages)


def version_items(root: strawberry.Parent[CompiledVersion]) -> int:
    """How many concepts there are."""
    return len(root.content.concepts)


@strawberry.type(description="One version, or one edition of it, of a scheme. Once released it never changes.")
class Version:
    """`CompiledVersion`."""

    scheme: SchemeName = told("content.scheme", "The scheme it is a version of.")
    version: VersionText = told("content.version", "Its tag, with the edition where there is one.")
    uri: Uri = told("content.uri", "Its URI.")
    digest: str = told("content.digest", "SHA-256 of its canonical N-Triples.")
    title: Label | None = computed(
        version_title,
        "The title in the first of the languages that has one, else the first there is.",
    )
    titles: list[Label] = told("content.titles", "The title in every language.")
    status: model.ReleaseStatus = told("standing.status", "Where it stands: released, superseded or withdrawn.")
    successors: list[Uri] = told("successors", "What to use instead, where it was superseded or withdrawn.")
    standing: model.Standing = told("content.standing", "Whether its custodians printed it.")
    printed_version: str | None = told("content.printed_version", "The version as printed by its publisher: Rev.4.")
    sources: list[str] = told("content.sources", "Where its content comes from.")
    publisher: str = told("content.publisher", "Who published that.")
    rights: str = told("content.rights", "Under which terms.")
    notes: list[Note] = told("content.notes", "Notes on the whole.")
    covers: list[Uri] = told("content.covers", "What it covers as a whole.")
    follows: Uri | None = told("content.follows", "The version before.")
    issued: date | None = told("content.issued", "The day it was published.")
    in_force_from: date | None = told("content.in_force_from", "Its first day in force.")
    in_force_to: date | None = told("content.in_force_to", "Its last day in force; null while it is.")
    required_languages: list[LanguageText] = told("content.required_languages", "Languages it must have labels in.")
    languages: list[LanguageText] = told("languages", "Languages it has labels in.")
    levels: list[Level] = told("content.levels", "Its levels, the most general first.")
    collections: list[Collection] = told("content.collections", "Groupings that are no parents.")
    concept_count: int = computed(version_items, "How many concepts it has.")


def scheme_title(root: strawberry.Parent[queries.SchemeAnswer], languages: Languages = None) -> model.Label | None:
    """The title of the latest version in the first of the languages that has one."""
    return pick_label(root.titles, languages)


@strawberry.type(description="A classification, a code list or the variables, whatever the version.")
class Scheme:
    """`queries.SchemeAnswer`."""

    id: SchemeName = told("scheme", "Its id.")
    uri: Uri = told("uri", "Its URI.")
    title: Label | None = computed(scheme_title, "The latest title in the first of the languages that has one.")
    latest: Version = told("latest", "The version you get when you name none.")
    versions: list[Version] = told("versions", "Every version and edition, the newest first.")


def brief_label(root: strawberry.Parent[Item], languages: Languages = None) -> model.Label | None:
    """The preferred label in the first of the languages that has one."""
    return root.label(languages or ())


@strawberry.type(description="A concept in brief, as the neighbour of another.")
class ConceptBrief:
    """`Item`, without ways on."""

    code: CodeText = told("concept.code", "Its code.")
    uri: Uri = told("concept.uri", "Its URI.")
    level: int = told("concept.level", "Depth of its level, 1 the most general.")
    label: Label | None = computed(brief_label, "The preferred label in the first of the languages that has one.")
    scheme: SchemeName = told("version.scheme", "The scheme it is in.")
    version: VersionText = told("version.tag", "The version it is in.")


def concept_labels(root: strawberry.Parent[Item], languages: Languages = None) -> list[model.Label]:
    """Every label, of those languages alone where some are given, in their order."""
    return in_languages(root, root.concept.labels, languages)


def concept_notes(
    root: strawberry.Parent[Item],
    languages: Languages = None,
    kinds: Annotated[list[model.NoteKind] | None, strawberry.argument(description="Only these kinds.")] = None,
) -> list[model.Note]:
    """Every note, of those languages and kinds alone where some are given."""
    notes = [note for note in root.concept.notes if kinds is None or note.kind in kinds]
    return in_languages(root, notes, languages)


def concept_parent(root: strawberry.Parent[Item]) -> Item | None:
    """The item above."""
    return root.parent()


def concept_children(root: strawberry.Parent[Item]) -> tuple[Item, ...]:
    """The items right below."""
    return root.children()


def concept_ancestors(root: strawberry.Parent[Item]) -> tuple[Item, ...]:
    """Everything above."""
    return root.ancestors()


def concept_descendants(root: strawberry.Parent[Item]) -> tuple[Item, ...]:
    """Everything below."""
    return root.descendants()


def concept_same(root: strawberry.Parent[Item], info: Info) -> tuple[Item, ...]:
    """The items of every version with the same meaning."""
    context = info.context
    return queries.same_identity(context.catalogue, root, actor=context.actor)


@strawberry.type(description="One item of one version of a classification.")
class Concept:
    """`Item`."""

    scheme: SchemeName = told("version.scheme", "The scheme it is in.")
    version: VersionText = told("version.tag", "The version it was resolved to.")
    release: Version = told("version", "That version, with its facts.")
    code: CodeText = told("concept.code", "Its code, a text: leading zeros count.")
    uri: Uri = told("concept.uri", "Its URI in this version.")
    identity: Uri | None = told("concept.identity", "Its URI across versions, as long as the meaning holds.")
    level: int = told("concept.level", "Depth of its level, 1 the most general.")
    label: Label | None = computed(
        brief_label,
        "The preferred label in the first of the languages that has one, else in one the version has.",
    )
    labels: list[Label] = computed(concept_labels, "Labels of every kind.")
    notes: list[Note] = computed(concept_notes, "Notes of every kind.")
    matches: list[Match] = told("concept.matches", "Mappings to items of other schemes.")
    other_notations: list[OtherNotation] = told("concept.other_notations", "Its codes in other systems.")
    printed_references: list[str] = told(
        "concept.printed_references", "References to another classification as the source prints them."
    )
    residual: bool = told("concept.residual", "A rest category: not elsewhere classified, not recorded.")
    derived: bool = told("concept.derived", "Computed from other items, not recorded by agencies.")
    status: model.ConceptStatus = told("concept.status", "Its own standing; withdrawn items still answer.")
    in_force_from: date | None = told("concept.in_force_from", "First day in force, for historic areas.")
    in_force_to: date | None = told("concept.in_force_to", "Last day in force.")
    successors: list[Uri] = told("concept.successors", "Items that replace it.")
    parent: ConceptBrief | None = computed(concept_parent, "The item above.")
    children: list[ConceptBrief] = computed(concept_children, "The items right below.")
    ancestors: list[ConceptBrief] = computed(concept_ancestors, "Everything above, the nearest first.")
    descendants: list[ConceptBrief] = computed(concept_descendants, "Everything below, a parent before its children.")
    same_identity: list[ConceptBrief] = computed(
        concept_same, "The items of every version with the same meaning, the newest first."
    )


@strawberry.type(description="One code of a list.")
class CodelistEntry:
    """`codelist.CodelistEntry`."""

    code: CodeText = told("concept.code", "Its code, a text: leading zeros count.")
    uri: Uri = told("concept.uri", "Its URI.")
    parent: CodeText | None = told("concept.parent", "Code of the item above.")
    level: int = told("concept.level", "Depth of its level, 1 the most general.")
    position: int = told("position", "Place in the version's order, 0 the first.")
    label: Label | None = told("label", "The preferred label in the first of the languages that has one.")
    identity: Uri | None = told("concept.identity", "Its URI across versions.")
    residual: bool = told("concept.residual", "A rest category.")
    derived: bool = told("concept.derived", "Computed from other items.")
    status: model.ConceptStatus = told("concept.status", "Its own standing.")
    other_notations: list[OtherNotation] = told("concept.other_notations", "Its codes in other systems.")
    children: list[CodelistEntry] = told("children", "The codes below; only in a tree.")


@strawberry.type(description="From a day on, a variable takes its codes from a version of a list.")
class Binding:
    """`model.Binding`."""

    variable: CodeText = told("variable", "The variable.")
    scheme: SchemeName = told("list_scheme", "The list.")
    version: VersionText = told("list_version", "The list's version.")
    valid_from: date = told("valid_from", "First day.")
    valid_to: date | None = told("valid_to", "Last day; null while it holds.")


@strawberry.type(description="A whole list in one answer.")
class Codelist:
    """`codelist.Codelist`."""

    version: Version = told("version", "The version it was resolved to.")
    shape: Shape = told("shape", "Flat or a tree.")
    level: int | None = told("level", "The level it was cut to.")
    languages: list[LanguageText] = told("languages", "The version's languages that answer those asked for, in order.")
    binding: Binding | None = told("binding", "How the list was found, when a variable was asked for.")
    total: int = told("total", "Number of codes, children included.")
    entries: list[CodelistEntry] = told("entries", "The codes: all of them, or the topmost ones of a tree.")


@strawberry.type(description="The list that a variable takes its codes from.")
class BoundList:
    """`queries.BoundList`."""

    binding: Binding = told("binding", "Since when.")
    version: Version = told("version", "The list's version.")


def variable_label(root: strawberry.Parent[queries.VariableAnswer], languages: Languages = None) -> model.Label | None:
    """Its name in the first of the languages that has one."""
    return root.item.label(languages or ())


@strawberry.type(description="A disaggregating variable.")
class Variable:
    """`queries.VariableAnswer`."""

    code: CodeText = told("facts.code", "Its code, such as sta.")
    concept: Concept = told("item", "The variable as an item of its scheme, with labels and notes.")
    label: Label | None = computed(variable_label, "Its name in the first of the languages that has one.")
    kind: model.VariableKind = told("facts.kind", "What kind of value it takes.")
    describes: model.UnitOfDescription = told("facts.describes", "What it describes.")
    step: int | None = told("facts.step", "1 core, 2 enhanced, 3 optional; null for a national variable.")
    repeated: bool = told("facts.repeated", "Whether it may hold several values.")
    unit: str | None = told("facts.unit", "Unit of measure of a number.")
    attribution: str | None = told("facts.attribution", "The standard that defines it.")
    list: BoundList | None = told("bound", "The list it takes its codes from.")


@strawberry.type(description="A part of a text, in code points.")
class Span:
    """`search.Span`."""

    start: int = told("start", "Where it starts.")
    end: int = told("end", "Where it ends, not included.")


@strawberry.type(description="A concept found, and what of it matched.")
class SearchHit:
    """`queries.SearchHit`."""

    concept: Concept = told("item", "The concept.")
    matched: MatchedOn = told("matched", "What matched.")
    code: str | None = told("code", "The code that matched.")
    system: str | None = told("system", "The other system that code is of.")
    label: Label | None = told("label", "The label that matched.")
    spans: list[Span] = told("spans", "Where the words stand in that code or label.")


# --- what the types have in common ---------------------------------------------------------------------


def pick_label(labels: Sequence[model.Label], languages: Sequence[str] | None) -> model.Label | None:
    """The first label in the first of the languages that has one, else the first of all."""
    for language in languages or ():
        for label in labels:
            if label.language == language or label.language.startswith(f"{language}-"):
                return label
    return labels[0] if labels else None


def in_languages(item: Item, texts: Sequence[Any], languages: Sequence[str] | None) -> list[Any]:
    """The texts (labels or notes) of those languages in their order; all of them where none is given."""
    if not languages:
        return list(texts)
    resolved = item.version.resolve_languages(languages)
    return [text for language in resolved for text in texts if text.language == language]
