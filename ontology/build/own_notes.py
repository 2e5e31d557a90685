"""A user's own copy of the explanatory notes of ICCS and ISIC, as local editions of the versions we ship.

The notes are their publishers' texts and not part of the project. Who has the tables makes an edition (1.0.1, 5.0.1)
with ``python -m ontology.build --sources FOLDER --own-notes DESTINATION`` and loads it; it stays on their machine.

Lives here: which column becomes which note. Elsewhere: codes and titles (`iccs`, `isic`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ontology import namespaces as ns
from ontology.build import iccs, isic
from ontology.build.scheme import Item, Remark, Scheme
from ontology.build.tables import Row, read_csv

REV5_NOTES: Final = "isic/isic_rev5_explanatory_notes_en.csv"

_RIGHTS: Final = "A local edition with the publisher's explanatory notes from the user's own copy; not to be passed on."

Columns = Mapping[str, tuple[str, str]]
"""Column to the note it holds and its language."""

_ICCS_ENGLISH: Final[Columns] = {
    "definition": (ns.DEFINITION, "en"),
    "inclusions": (ns.INCLUSION_NOTE, "en"),
    "exclusions": (ns.EXCLUSION_NOTE, "en"),
}
_ICCS_SPANISH: Final[Columns] = {
    "definition_es": (ns.DEFINITION, "es"),
    "inclusions_es": (ns.INCLUSION_NOTE, "es"),
    "exclusions_es": (ns.EXCLUSION_NOTE, "es"),
}
_ISIC: Final[Columns] = {
    "introductory_text": (ns.SCOPE_NOTE, "en"),
    "includes": (ns.INCLUSION_NOTE, "en"),
    "includes_also": (ns.ADDITIONAL_CONTENT_NOTE, "en"),
    "excludes": (ns.EXCLUSION_NOTE, "en"),
}


def own_editions(sources: Path) -> Iterator[Scheme]:
    """ICCS 1.0.1 and ISIC 5.0.1, with the notes that the folder's tables hold."""
    english, spanish = read_csv(sources / iccs.ENGLISH), read_csv(sources / iccs.SPANISH)
    yield _edition(iccs.iccs(sources), "1.0.1", [(english, _ICCS_ENGLISH), (spanish, _ICCS_SPANISH)])
    yield _edition(isic.isic_5(sources), "5.0.1", [(read_csv(sources / REV5_NOTES), _ISIC)])


def _edition(scheme: Scheme, tag: str, tables: list[tuple[list[Row], Columns]]) -> Scheme:
    remarks: dict[str, list[Remark]] = {}
    for rows, columns in tables:
        for row in rows:
            remarks.setdefault(row["code"], []).extend(_remarks(row, columns))
    items = tuple(_with(item, remarks.get(item.code, [])) for item in scheme.items)
    return replace(scheme, edition=tag, items=items, rights=_RIGHTS)


def _remarks(row: Row, columns: Columns) -> Iterator[Remark]:
    for column, (predicate, language) in columns.items():
        text = row[column].strip()
        if text:
            yield Remark(text, predicate, language)


def _with(item: Item, remarks: list[Remark]) -> Item:
    return replace(item, remarks=(*item.remarks, *remarks))
