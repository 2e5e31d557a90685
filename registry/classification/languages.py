"""How complete and how fresh the labels of a version are, language by language.

Lives here: the report, and the order in which a label is looked for. Elsewhere: what a release demands of required
languages (``lifecycle``), choosing a label for an answer (``catalogue``).

A translation is an edition of its version (``docs/adr/0004-uri-design.md``): same URIs and codes, another number.
``stale`` is said of a label whose source text changed after it was approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import LATEST, Catalogue, CompiledVersion, VersionChoice, order_languages
from registry.classification.model import Concept, Label, LabelKind, LabelStatus, SchemeVersion
from registry.identifiers import ENGLISH, LanguageTag, Notation


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """One language of a version: how many of its items have a preferred label, and of what standing."""

    language: LanguageTag
    required: bool
    is_source: bool
    """The language that others are translated from: the first that the scheme requires, else English."""
    items: int
    labelled: int
    official: int
    unofficial: int
    missing: tuple[Notation, ...]
    """Codes without a preferred label, in order."""
    stale: tuple[Notation, ...]
    """Codes whose label is older than the text it translates, in order."""

    @property
    def complete(self) -> bool:
        """Whether every item has a label that is not stale."""
        return not self.missing and not self.stale


@dataclass(frozen=True, slots=True)
class VersionLanguages:
    """The languages of a version, in the order in which a label is looked for when nobody asks for one."""

    version: CompiledVersion
    languages: tuple[LanguageReport, ...]

    @property
    def fallback(self) -> tuple[LanguageTag, ...]:
        """That order: required ones first, then English, then by tag. What is asked for always comes before."""
        return self.version.languages


def version_languages(
    catalogue: Catalogue, scheme: str, *, choice: VersionChoice = LATEST, actor: Actor
) -> VersionLanguages:
    """The report of a released version; required languages without any label are there too. `VersionUnknown`."""
    policy.require(actor, Right.READ_REGISTRY)
    version = catalogue.resolve(scheme, choice)
    return VersionLanguages(version, report_languages(version.content))


def report_languages(version: SchemeVersion) -> tuple[LanguageReport, ...]:
    """A line a language, in the order of fallback; of a draft as of a release."""
    spoken = {label.language for concept in version.concepts for label in preferred(concept)}
    found = order_languages(spoken | set(version.required_languages), version.required_languages)
    source = next(iter(version.required_languages), ENGLISH)
    return tuple(report_language(version, language, is_source=language == source) for language in found)


def report_language(version: SchemeVersion, language: LanguageTag, *, is_source: bool) -> LanguageReport:
    """One language of a version."""
    labels = {
        concept.code: next((label for label in preferred(concept) if label.language == language), None)
        for concept in version.concepts
    }
    there = [label.status for label in labels.values() if label is not None]
    return LanguageReport(
        language=language,
        required=language in version.required_languages,
        is_source=is_source,
        items=len(labels),
        labelled=len(there),
        official=there.count(LabelStatus.OFFICIAL),
        unofficial=there.count(LabelStatus.UNOFFICIAL),
        missing=tuple(code for code, label in labels.items() if label is None),
        stale=tuple(code for code, label in labels.items() if label is not None and label.status is LabelStatus.STALE),
    )


def preferred(concept: Concept) -> Sequence[Label]:
    """The item's preferred labels."""
    return [label for label in concept.labels if label.kind is LabelKind.PREFERRED]
