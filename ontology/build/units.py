"""IC-TIP's units of classification: 8 units and 12 sub-units, with our translations and mappings to ICCS.

Lives here: from ``tables/units.toml`` to a scheme, and the correspondence to ICCS that follows from its mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ontology import namespaces as ns
from ontology.build.correspondences import Association, Correspondence
from ontology.build.scheme import Item, LevelName, Name, Remark, Scheme
from ontology.build.tables import UN_LANGUAGES, read_toml

UN_REPORT: Final = (
    "UNODC and IOM, report on crime statistics to the United Nations Statistical Commission, 56th session "
    "(E/CN.3/2025, item 3 (m), 13 December 2024)"
)
ADOPTED: Final = "2025-03-07"
"""Last day of the Commission's 56th session (4 to 7 March 2025), which adopted IC-TIP."""
PUBLISHER: Final = "United Nations Office on Drugs and Crime; International Organization for Migration"
RIGHTS: Final = (
    "Codes and English titles as adopted by the United Nations Statistical Commission. Translations, mappings and the "
    "wording of notes are this project's, Apache-2.0, and not endorsed by the custodians."
)
ICCS: Final = ("iccs", "1.0")

_MATCHES: Final = {
    "exactMatch": ns.EXACT_MATCH,
    "closeMatch": ns.CLOSE_MATCH,
    "broadMatch": ns.BROAD_MATCH,
    "relatedMatch": ns.RELATED_MATCH,
}
_CORRESPONDING: Final = {"exactMatch": "same", "closeMatch": "same", "broadMatch": "broader"}
"""Mappings that carry over records, and what their association is called; relatedMatch never does."""


def units() -> Scheme:
    """IC-TIP 1.0, the units."""
    table = read_toml("units.toml")
    return Scheme(
        id="units",
        version="1.0",
        titles=translated(table["title"]),
        levels=(LevelName((Name("Unit"),), "[1-8]"), LevelName((Name("Sub-unit"),), r"[1-8]\.[1-9]")),
        items=tuple(_item(row) for row in table["unit"]),
        sources=(f"{UN_REPORT}, para 13; tables/units.toml of this project's build.",),
        publisher=PUBLISHER,
        rights=RIGHTS,
        official=True,
        printed_version="IC-TIP 2025",
        issued=ADOPTED,
        in_force_from=ADOPTED,
        covers=(ns.item_iri(*ICCS, "0204"),),
        remarks=(
            Remark(
                "The units of classification of trafficking in persons, ICCS 0204, which is the scheme’s whole and no "
                "item of it. The unit of analysis is the event."
            ),
            Remark(
                "ICCS references are kept as the source prints them, apart from this project’s own mappings.",
                ns.EDITORIAL_NOTE,
            ),
        ),
    )


def units_to_iccs() -> Correspondence:
    """Units to ICCS, made from exact, close and broad mappings and never from related ones (DOMAIN, section 2)."""
    rows = read_toml("units.toml")["unit"]
    return Correspondence(
        source=("units", "1.0"),
        target=ICCS,
        titles=(Name("From the units of IC-TIP 1.0 to ICCS 1.0"),),
        origin="Made from the mappings in tables/units.toml of this project’s build; related mappings are left out.",
        associations=tuple(
            Association((row["code"],), (code,), _CORRESPONDING[kind])
            for row in rows
            for kind, code in row["match"]
            if kind in _CORRESPONDING
        ),
    )


def _item(row: Mapping[str, Any]) -> Item:
    code: str = row["code"]
    return Item(
        code=code,
        names=translated(row),
        depth=2 if "." in code else 1,
        parent=code.split(".")[0] if "." in code else None,
        remarks=_remarks(row),
        matches=tuple((_MATCHES[kind], ns.item_iri(*ICCS, target)) for kind, target in row["match"]),
        printed_references=tuple(row.get("printed", ())),
        residual=row.get("residual", False),
        derived=row.get("derived", False),
    )


def _remarks(row: Mapping[str, Any]) -> tuple[Remark, ...]:
    marked = [Remark(text, mark=mark) for mark, text in row.get("note", {}).items()]
    editorial = [Remark(row["editorial"], ns.EDITORIAL_NOTE)] if "editorial" in row else []
    return (*marked, *editorial)


def translated(row: Mapping[str, Any]) -> tuple[Name, ...]:
    """The row's name in each UN language it has; all but the English are ours and unofficial."""
    return tuple(Name(row[tag], tag, official=tag == "en") for tag in UN_LANGUAGES if tag in row)
