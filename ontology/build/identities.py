"""The opaque identities of items: kept in tables, never computed from a code or a label.

Lives here: the tables ``identities/<scheme>.csv`` (version, code, id), their reading and growing. Elsewhere: what
makes two items of two versions the same (the module that builds the scheme says it).

An item once in the table keeps its id for ever. A new item takes the id of what it continues, or a fresh random one;
the table is then to be committed with the Turtle.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "identities"
ID_CHARACTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0 or 1: ids are read aloud and copied by hand."""
ID_LENGTH: Final = 9
"""31 characters to the 9th: 26 million million, so that fifteen thousand ids hardly ever meet; a meeting is refused."""

Identities = Mapping[tuple[str, str], str]


def read_identities(scheme: str) -> dict[tuple[str, str], str]:
    """(version, code) to id, in the order of the table; empty for a scheme without one."""
    path = FOLDER / f"{scheme}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row["version"], row["code"]): row["id"] for row in csv.DictReader(lines)}


def grown_identities(
    known: Identities, version: str, codes: Iterable[str], continues: Mapping[str, tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """``known`` and an id for each code; ``continues`` names the (version, code) whose meaning a code carries on."""
    grown = dict(known)
    taken = set(grown.values())
    for code in codes:
        if (version, code) in grown:
            continue
        before = continues.get(code)
        grown[version, code] = grown[before] if before is not None and before in grown else _fresh(taken)
        taken.add(grown[version, code])
    return grown


def identities_text(identities: Identities) -> str:
    """The table as CSV, in its order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("version", "code", "id"))
    writer.writerows((version, code, opaque) for (version, code), opaque in identities.items())
    return text.getvalue()


def _fresh(taken: set[str]) -> str:
    while True:
        opaque = "".join(secrets.choice(ID_CHARACTERS) for _ in range(ID_LENGTH))
        if opaque not in taken:
            return opaque
