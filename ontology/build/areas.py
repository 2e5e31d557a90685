"""Areas in one hierarchy: UN M49 regions, countries and areas of ISO 3166-1, subdivisions of ISO 3166-2.

Lives here: from pycountry (ISO 3166), hdx-python-country (UN M49 names and regions) and ``tables/regions.csv``,
``tables/areas.toml`` (what neither has) to a scheme. Groupings that overlap are collections, not parents.

::

    1 World ─ 2 Region ─ 3 Sub-region ─ 4 Intermediate region ─ 5 Country or area ─ 6, 7, 8 Subdivisions
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, Final

import pycountry

from ontology import namespaces as ns
from ontology.build.scheme import Grouping, Item, LevelName, Name, Remark, Scheme
from ontology.build.tables import Row, read_own_csv, read_toml
from ontology.build.units import translated

M49_TABLE: Final = "Countries & Territories Taxonomy MVP - C&T Taxonomy.csv"
_M49_NAMES: Final = {
    "en": "M49 English",
    "ar": "M49 Arabic",
    "zh-Hans": "M49 Chinese",
    "fr": "M49 French",
    "ru": "M49 Russian",
    "es": "M49 Spanish",
}
_LEVELS: Final = (
    ("World", r"\d{3}"),
    ("Region", r"\d{3}"),
    ("Sub-region", r"\d{3}"),
    ("Intermediate region", r"\d{3}"),
    ("Country or area", r"[A-Z]{2,4}|\d{3}"),
    ("Subdivision", r"[A-Z]{2}-[A-Z0-9]{1,3}"),
    ("Subdivision of a subdivision", r"[A-Z]{2}-[A-Z0-9]{1,3}"),
    ("Subdivision of the third order", r"[A-Z]{2}-[A-Z0-9]{1,3}"),
)
_COUNTRY: Final = 5
_WORLD: Final = "001"


def areas() -> Scheme:
    """All areas, a parent before its children, siblings by code."""
    own = read_toml("areas.toml")
    return Scheme(
        id="areas",
        version="1.0",
        titles=translated(own["title"]),
        levels=tuple(LevelName((Name(name),), pattern) for name, pattern in _LEVELS),
        items=tuple(_in_order([*_regions(), *_countries(own), *_historic(own["historic"]), *_subdivisions()])),
        groupings=tuple(_grouping(row) for row in own["grouping"]),
        sources=(
            "ISO 3166-1, 3166-2 and 3166-3, as in the Python package pycountry (Debian iso-codes).",
            "United Nations Statistics Division, Standard country or area codes for statistical use (M49), as in the "
            "Python package hdx-python-country (MIT).",
            "tables/regions.csv and tables/areas.toml of this project's build.",
        ),
        publisher="International Organization for Standardization; United Nations Statistics Division",
        rights="Codes and names are quoted as facts; the compilations are iso-codes (LGPL-2.1-or-later) and "
        "hdx-python-country (MIT).",
        official=True,
        printed_version="ISO 3166 and UN M49",
        remarks=(
            Remark(
                "Regions bear their M49 number, countries and areas their two letters, subdivisions their ISO 3166-2 "
                "code, countries of the past the four letters of ISO 3166-3. The designations imply no opinion on "
                "the legal status of any area or its authorities."
            ),
        ),
    )


def _regions() -> Iterator[Item]:
    for row in read_own_csv("regions.csv"):
        yield Item(row["code"], translated(row), depth=int(row["depth"]), parent=row["parent"] or None)


def _countries(own: Mapping[str, Any]) -> Iterator[Item]:
    m49 = {row["ISO 3166-1 Alpha 2-Codes"]: row for row in _m49_rows() if row["ISO 3166-1 Alpha 2-Codes"]}
    iso = {country.alpha_2: country for country in pycountry.countries}
    named = {row["code"]: row for row in own["area"]}
    for code, country in iso.items():
        names = translated(named[code]) if code in named else _m49_names(m49[code])
        yield Item(
            code=code,
            names=(*names, *_other_names(country, names[0].text)),
            depth=_COUNTRY,
            parent=_region(m49[code]),
            notations=(
                ("iso3166-1-alpha-3", country.alpha_3),
                ("iso3166-1-numeric", country.numeric),
            ),
        )
    for code, row in named.items():
        if code not in iso:
            remarks = (Remark(row["remark"], ns.EDITORIAL_NOTE),)
            yield Item(code, translated(row), depth=_COUNTRY, parent=row["parent"], remarks=remarks)


def _historic(places: Mapping[str, Mapping[str, Any]]) -> Iterator[Item]:
    """Countries of ISO 3166-3; where it gives the year of withdrawal only, its last day is taken, and said."""
    for country in pycountry.historic_countries:
        place = places[country.alpha_4]
        withdrawn: str = country.withdrawal_date
        year_only = Remark("ISO 3166-3 gives the year of withdrawal only.", ns.HISTORY_NOTE)
        notations = [("iso3166-1-alpha-2-withdrawn", country.alpha_2), ("iso3166-1-alpha-3", country.alpha_3)]
        if hasattr(country, "numeric"):
            notations.append(("iso3166-1-numeric", country.numeric))
        yield Item(
            code=country.alpha_4,
            names=(Name(country.name),),
            depth=_COUNTRY,
            parent=place["parent"],
            notations=tuple(notations),
            deprecated=True,
            in_force_from=place.get("from"),
            in_force_to=withdrawn if len(withdrawn) > len("1977") else f"{withdrawn}-12-31",
            successors=tuple(place["successors"]),
            remarks=() if len(withdrawn) > len("1977") else (year_only,),
        )


def _subdivisions() -> Iterator[Item]:
    parents = {area.code: area.parent_code for area in pycountry.subdivisions}
    for area in pycountry.subdivisions:
        depth, above = _COUNTRY + 1, area.parent_code
        while above is not None:
            depth, above = depth + 1, parents[above]
        yield Item(area.code, (Name(area.name),), depth=depth, parent=area.parent_code or area.country_code)


def _m49_rows() -> list[Row]:
    """The M49 table that hdx-python-country carries; its second line holds tags and no area."""
    table = resources.files("hdx.location").joinpath(M49_TABLE).read_text(encoding="utf-8-sig")
    return [row for row in csv.DictReader(table.splitlines()) if row["ID"].isdecimal()]


def _m49_names(row: Row) -> tuple[Name, ...]:
    return tuple(Name(row[column].strip(), tag) for tag, column in _M49_NAMES.items())


def _region(row: Row) -> str:
    """The nearest region above; Antarctica lies directly under the world."""
    number = row["Intermediate Region Code"] or row["Sub-region Code"] or row["Region Code"]
    return number.zfill(3) if number else _WORLD


def _other_names(country: Any, preferred: str) -> Iterator[Name]:
    said = {getattr(country, field, preferred) for field in ("name", "common_name", "official_name")}
    for name in sorted(said - {preferred}):
        yield Name(name, predicate=ns.ALT_LABEL)


def _grouping(row: Mapping[str, Any]) -> Grouping:
    return Grouping(row["code"], (Name(row["en"]),), tuple(row["members"]), (Remark(row["remark"]),))


def _in_order(items: Iterable[Item]) -> Iterator[Item]:
    """Depth first, siblings by code."""
    children: dict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        children[item.parent].append(item)
    waiting = sorted(children[None], key=lambda item: item.code, reverse=True)
    while waiting:
        item = waiting.pop()
        yield item
        waiting += sorted(children[item.code], key=lambda child: child.code, reverse=True)
