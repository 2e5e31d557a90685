"""The codes that a sample world draws from: those of the releases at hand, so that it always imports.

Lives here: which codes of each list are drawn at all, and how often. The weights are invented: they make a plausible
world and describe none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.cases.derivation import MIXED, NOT_RECORDED
from registry.classification.catalogue import Catalogue

COUNTRY: Final = re.compile(r"[A-Z]{2}")
SUBDIVISION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
INDUSTRIES: Final = 60
"""Industries a world uses; the whole list would make every one of them rare."""
VARIABLES: Final = (
    "sta", "exp", "svx", "stv", "ret", "dem", "moc", "ccs", "cyb", "ssc", "fls", "msv", "lpv", "lev", "rtv", "rpp",
    "rmo", "asg",
)  # fmt: skip
"""Variables whose lists are drawn from besides areas; others share one of these lists (``spx`` that of ``svx``)."""

FORM_WEIGHTS: Final[Mapping[str, float]] = {
    "1": 40, "2": 10, "2.1": 22, "2.2": 4, "3": 0.5, "4": 5, "5": 2, "5.1": 2, "5.3": 1.5, "5.4": 3, "6.1": 3, "6.5": 1,
}  # fmt: skip
RARE: Final = 0.3
"""The weight of a form that is not named above."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Codes by variable; forms with their weights; countries and, for some, their subdivisions."""

    codes: Mapping[str, tuple[str, ...]]
    forms: tuple[str, ...]
    form_weights: tuple[float, ...]
    countries: tuple[str, ...]
    subdivisions: Mapping[str, tuple[str, ...]]
    releases: Mapping[str, str]
    """Scheme and version of every list drawn from: the header of the file names them."""


def make_palette(
    codes: Mapping[str, Sequence[str]], forms: Sequence[str], areas: Sequence[str], releases: Mapping[str, str]
) -> Palette:
    """A palette of lists given whole: unit 8 is left out since it is derived, and long lists are thinned."""
    drawn = tuple(form for form in forms if form not in (MIXED, NOT_RECORDED))
    subdivisions: dict[str, list[str]] = {}
    for area in areas:
        if SUBDIVISION.fullmatch(area):
            subdivisions.setdefault(area[:2], []).append(area)
    industries = [code for code in codes["fls"] if len(code) == 4] or list(codes["fls"])
    thinned = {**codes, "fls": industries[:: max(1, len(industries) // INDUSTRIES)]}
    return Palette(
        codes={variable: tuple(thinned[variable]) for variable in VARIABLES},
        forms=drawn,
        form_weights=tuple(FORM_WEIGHTS.get(form, RARE) for form in drawn),
        countries=tuple(area for area in areas if COUNTRY.fullmatch(area)),
        subdivisions={country: tuple(found) for country, found in subdivisions.items()},
        releases=dict(releases),
    )


def palette_of(catalogue: Catalogue) -> Palette:
    """The palette of the latest releases. Raises `SchemeUnknown` where the vocabularies were not loaded."""
    codes: dict[str, list[str]] = {}
    units, areas = catalogue.resolve("units"), catalogue.resolve("areas")
    releases = {"units": str(units.tag.version), "areas": str(areas.tag.version)}
    for variable in VARIABLES:
        item = catalogue.variable(variable)
        binding = item and catalogue.binding(item.version.scheme, item.concept.code)
        if not binding:
            continue
        bound = next(
            each
            for each in catalogue.scheme_versions(binding.list_scheme)
            if each.tag.version == binding.list_version.version
        )
        releases[str(binding.list_scheme)] = str(binding.list_version)
        # Languages: those with a two-letter code are the ones people speak in numbers.
        concepts = [
            concept
            for concept in bound.content.concepts
            if variable != "lpv" or any(len(each.code) == 2 for each in concept.other_notations)
        ]
        codes[variable] = [concept.code for concept in concepts]
    return make_palette(
        codes,
        [concept.code for concept in units.content.concepts],
        [concept.code for concept in areas.content.concepts],
        releases,
    )
