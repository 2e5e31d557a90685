"""The classification that the measurements read."""

from __future__ import annotations

from registry.classification.catalogue import Catalogue, compile_catalogue, compile_version
from registry.classification.model import Concept, Label, SchemeVersion
from registry.identifiers import NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag


def isic_catalogue() -> Catalogue:
    """A list as long and as deep as ISIC Rev.5."""
    scheme, version, english = SchemeId("isic"), VersionTag("5.0"), LanguageTag("en")
    uri = f"{NAMESPACE}/{scheme}/{version}"
    concepts = tuple(
        Concept(
            scheme,
            version,
            Notation(f"{number:04d}"),
            f"{uri}/item/{number:04d}",
            parent=None if number % 10 == 0 else Notation(f"{number - number % 10:04d}"),
            level=1 if number % 10 == 0 else 2,
            labels=(Label(f"Growing of crops and other activities, number {number}, not elsewhere", english),),
        )
        for number in range(830)
    )
    content = SchemeVersion(scheme, version, uri, (Label("ISIC", english),), concepts)
    return compile_catalogue(1, [compile_version(content, 1)])
