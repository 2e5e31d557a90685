"""ICCS 1.0: codes and titles in English and Spanish; definitions and notes are UNODC's text and stay out.

Lives here: from the publisher's tables to a scheme.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ontology import namespaces as ns
from ontology.build.scheme import Item, LevelName, Name, Scheme
from ontology.build.tables import Row, read_csv

ENGLISH: Final = "iccs/iccs_v1.0_en.csv"
SPANISH: Final = "iccs/iccs_v1.0_es.csv"

_LEVELS: Final = (("Section", r"\d{2}"), ("Division", r"\d{4}"), ("Group", r"\d{5}"), ("Class", r"\d{6}"))


def iccs(sources: Path) -> Scheme:
    """ICCS 1.0 from the tables in the folder of sources."""
    spanish = {row["code"]: row["title_es"] for row in read_csv(sources / SPANISH)}
    return Scheme(
        id="iccs",
        version="1.0",
        titles=(
            Name("International Classification of Crime for Statistical Purposes (ICCS)"),
            Name("Clasificación Internacional de Delitos con Fines Estadísticos (ICCS)", "es"),
        ),
        levels=tuple(LevelName((Name(name),), pattern) for name, pattern in _LEVELS),
        items=tuple(_item(row, spanish) for row in read_csv(sources / ENGLISH)),
        sources=(
            "UNODC, International Classification of Crime for Statistical Purposes, version 1.0 (2015), English and "
            "Spanish editions: codes and titles only.",
        ),
        publisher="United Nations Office on Drugs and Crime",
        rights="Codes and titles are quoted as facts; definitions, inclusions and exclusions are UNODC’s and not "
        "given here.",
        official=True,
        printed_version="1.0",
        issued="2015-03-06",
        in_force_from="2015-03-06",
    )


def _item(row: Row, spanish: dict[str, str]) -> Item:
    code, title = row["code"], row["title"].strip()
    full = row["title_full"].strip()
    names = [Name(title)]
    names += [Name(full, predicate=ns.ALT_LABEL)] if full and full != title else []
    names += [Name(spanish[code].strip(), "es")] if spanish.get(code) else []
    return Item(
        code=code,
        names=tuple(names),
        depth=int(row["level"]),
        parent=row["parent"] or None,
        residual=_is_rest(code, title),
    )


def _is_rest(code: str, title: str) -> bool:
    """A last digit 9 means other, except where it is only the ninth of its kind (0209)."""
    return len(code) > 2 and code.endswith("9") and "other" in title.lower().split()
