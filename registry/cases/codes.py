"""Whether a code that a question names is one of the list: a typing error is refused, and is no empty answer.

Every question that takes an area or a unit asks here (events, networks, what is kept of either), so that each refuses
alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from registry.cases.ports import Codebook
from registry.classification.catalogue import Catalogue, VersionChoice
from registry.errors import CodeUnknown
from registry.identifiers import AREAS, UNITS, Notation, SchemeId, VersionTag


def check_code(codebook: Codebook, scheme: SchemeId, code: str, version: VersionTag | None = None) -> None:
    """Return where the version (the latest without one) has this very code; raise `CodeUnknown` else."""
    if codebook.find(scheme, version, code) != code:
        raise CodeUnknown(scheme=scheme, version=version or "latest", item=Notation(code))


def check_codes(codebook: Codebook, *, forms: Iterable[str], areas: Iterable[str]) -> None:
    """Return where all of these are units and areas of the latest lists; raise `CodeUnknown` else."""
    for scheme, codes in ((UNITS, forms), (AREAS, areas)):
        for code in codes:
            check_code(codebook, scheme, code)


def check_listed(catalogue: Catalogue, scheme: str, version: VersionTag | None, codes: Iterable[str]) -> None:
    """Return where that version of a list, or without one any, has all of these codes.

    Raises `SchemeUnknown`, `VersionUnknown`, `CodeUnknown`.
    """
    every = catalogue.scheme_versions(scheme)
    meant = every if version is None else (catalogue.resolve(scheme, VersionChoice(version=version)),)
    for code in codes:
        if not any(code in each.positions for each in meant):
            raise CodeUnknown(scheme=SchemeId(scheme), version=version or "in any version", item=Notation(code))
