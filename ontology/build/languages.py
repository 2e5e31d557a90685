"""Languages by ISO 639-3, with the codes of ISO 639-1 and 639-2 and the tag of BCP 47 beside each.

Lives here: from pycountry to a scheme.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from unicodedata import normalize

import pycountry

from ontology import namespaces as ns
from ontology.build.scheme import Item, LevelName, Name, Remark, Scheme

PUBLISHED_BY: Final = "SIL International; International Organization for Standardization"


def languages() -> Scheme:
    """ISO 639-3, all of it, by code."""
    rows = sorted(pycountry.languages, key=lambda language: str(language.alpha_3))
    return Scheme(
        id="languages",
        version="1.0",
        titles=(Name("Languages"),),
        levels=(LevelName((Name("Language"),), "[a-z]{3}"),),
        items=tuple(_item(row) for row in rows),
        sources=("ISO 639-3 with ISO 639-1 and 639-2 codes, as in the Python package pycountry (Debian iso-codes).",),
        publisher=PUBLISHED_BY,
        rights="Codes and names are quoted as facts; the compilation iso-codes is LGPL-2.1-or-later.",
        official=True,
        printed_version="ISO 639-3",
        remarks=(
            Remark(
                "Historic, constructed and special codes of the standard are kept; a language not known is a missing "
                "state and not the code und."
            ),
        ),
    )


def _item(row: Any) -> Item:
    return Item(code=row.alpha_3, names=tuple(_names(row)), notations=tuple(_notations(row)))


def _names(row: Any) -> Iterator[Name]:
    preferred = normalize("NFC", getattr(row, "common_name", None) or row.name)
    yield Name(preferred)
    others = {normalize("NFC", getattr(row, field, preferred)) for field in ("name", "inverted_name")}
    for other in sorted(others - {preferred}):
        yield Name(other, predicate=ns.ALT_LABEL)


def _notations(row: Any) -> Iterator[tuple[str, str]]:
    """A language of ISO 639-1 is tagged by its two letters (RFC 5646, section 2.2.1), any other by three."""
    two = getattr(row, "alpha_2", None)
    yield "bcp47", two or row.alpha_3
    if two:
        yield "iso639-1", two
    if hasattr(row, "bibliographic"):
        yield "iso639-2b", row.bibliographic
