"""What changes the registry: releases are loaded, never altered.

Lives here: the right to load, the check of everything before anything is written. Elsewhere: reading delivered texts
(``registry.storage.rdf``), the transaction (``ports.ReleaseStore``), the rules (``integrity``, ``skos_conditions``).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.access.audit import UNTOLD, AuditRow, Circumstances, audit_row
from registry.classification.integrity import (
    Finding,
    Severity,
    check_bindings,
    check_correspondence,
    check_version,
    error,
    sort_findings,
)
from registry.classification.model import Binding, Correspondence, ReleaseStatus, SchemeVersion, VariableKind
from registry.classification.ports import Added, Release, ReleaseKind, ReleaseStore, VocabularyText
from registry.errors import IctipError, VocabularyInvalid
from registry.identifiers import Notation, SchemeId, VersionTag

MOST_TOLD: Final = 100
"""Findings that an error carries; the rest is counted. ``ictip check`` prints them all."""

VersionKey = tuple[SchemeId, VersionTag]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did, and the warnings and notices it met (errors refuse)."""

    added: Added
    findings: tuple[Finding, ...]


async def load_release(store: ReleaseStore, release: Release, *, actor: Actor) -> Loaded:
    """One release, see `load_vocabularies`."""
    return await load_vocabularies(store, [VocabularyText("the release", "", (release,))], actor=actor)


async def load_vocabularies(
    store: ReleaseStore, texts: Sequence[VocabularyText], *, actor: Actor, circumstances: Circumstances = UNTOLD
) -> Loaded:
    """Load every release of the texts, all or none. Loading the same again changes nothing.

    What was new is told of by one audit row, in the same transaction.

    `NotAllowed`; `VocabularyInvalid` with every finding when a text breaks a rule; `ReleaseChanged` when another text
    is already released under one of the names. After any of them the store is as before.
    """
    policy.require(actor, Right.LOAD_VOCABULARY)
    findings = await check_vocabularies(store, texts, actor=actor)
    refuse_errors(texts, findings)
    row_id = secrets.token_hex(16)  # made once and kept over retries

    def told(added: Added, at: int) -> AuditRow:
        return audit_row(
            id=row_id,
            actor=actor,
            act=Right.LOAD_VOCABULARY.value,
            circumstances=replace(circumstances, at=at),
            subject=f"revision {added.revision}",
            facts={"releases": " ".join(added.added)},
        )

    return Loaded(await store.add(texts, told=told), findings)


async def check_vocabularies(
    store: ReleaseStore | None, texts: Sequence[VocabularyText], *, actor: Actor
) -> tuple[Finding, ...]:
    """Everything found wrong in the texts, errors first; references are looked up in them and (if any) in the store."""
    policy.require(actor, Right.READ_REGISTRY)
    releases = [release for text in texts for release in text.releases]
    known = [*releases, *(await stored_references(store, releases) if store is not None else ())]
    return sort_findings(
        [
            *(finding for text in texts for finding in text.findings),
            *(
                finding
                for release in releases
                if isinstance(release, SchemeVersion)
                for finding in check_version(release)
            ),
            *(finding for release in releases if isinstance(release, SchemeVersion) for finding in unreleased(release)),
            *reference_findings(releases, known),
        ]
    )


async def verify_releases(store: ReleaseStore, *, actor: Actor) -> tuple[Finding, ...]:
    """What is wrong with the stored releases themselves: a text that lost its digest. Reads every text."""
    policy.require(actor, Right.CHECK_STORE)
    findings: list[Finding] = []
    for record in (await store.listing()).records:
        try:
            await store.read([record])
        except IctipError as damage:
            findings.append(error(damage.code, record.key, damage.message))
    return sort_findings(findings)


def refuse_errors(texts: Sequence[VocabularyText], findings: Sequence[Finding]) -> None:
    """Raise `VocabularyInvalid` when any finding is an error."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise VocabularyInvalid(
            source=blame(texts, errors[0]),
            count=len(errors),
            rule=errors[0].rule,
            place=errors[0].place,
            findings=[str(finding) for finding in errors[:MOST_TOLD]],
        )


def blame(texts: Sequence[VocabularyText], finding: Finding) -> str:
    """The source of the text with the finding; of texts alike, the first."""
    for text in texts:
        places = (release.uri for release in text.releases)
        if finding in text.findings or any(finding.place.startswith(place) for place in places):
            return text.source
    return texts[0].source if len(texts) == 1 else f"{len(texts)} texts"


def unreleased(version: SchemeVersion) -> Iterable[Finding]:
    """A draft is not loaded as a release."""
    if version.status is ReleaseStatus.DRAFT:
        yield error("draft", version.uri, "it is a draft; releases are loaded")


async def stored_references(store: ReleaseStore, releases: Sequence[Release]) -> Sequence[Release]:
    """The stored versions that the releases may refer to; nothing is read when all are plain versions."""
    if not any(refers_to_others(release) for release in releases):
        return ()
    records = (await store.listing()).records
    return await store.read([record for record in records if record.kind is ReleaseKind.SCHEME_VERSION])


def refers_to_others(release: Release) -> bool:
    """Whether a release is judged by others: a correspondence, a binding, or an edition of a version."""
    return not isinstance(release, SchemeVersion) or release.version != release.version.version


def reference_findings(releases: Sequence[Release], known: Sequence[Release]) -> Iterable[Finding]:
    """What correspondences and bindings name but nobody has."""
    versions = [release for release in known if isinstance(release, SchemeVersion)]
    codes: dict[VersionKey, frozenset[str]] = {
        (each.scheme, each.version.version): frozenset(concept.code for concept in each.concepts) for each in versions
    }
    kinds: dict[tuple[SchemeId, Notation], VariableKind] = {
        (each.scheme, facts.code): facts.kind for each in versions for facts in each.variables
    }
    for release in releases:
        if isinstance(release, Correspondence):
            yield from check_correspondence(release, codes)
        elif isinstance(release, SchemeVersion):
            yield from edition_findings(release, versions)
    yield from check_bindings([each for each in releases if isinstance(each, Binding)], codes, kinds)


def edition_findings(release: SchemeVersion, versions: Sequence[SchemeVersion]) -> Iterable[Finding]:
    """An edition changes labels, notes and matches, never codes (``docs/adr/0004-uri-design.md``)."""
    codes = {concept.code for concept in release.concepts}
    for other in versions:
        if (other.scheme, other.version.version) != (release.scheme, release.version.version):
            continue
        changed = codes ^ {concept.code for concept in other.concepts}
        if changed:
            place = f"{release.uri} code {min(changed)}"
            yield error(
                "edition_codes", place, f"{len(changed)} codes differ between {release.version} and {other.version}"
            )
