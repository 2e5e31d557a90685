"""The small code lists, each a scheme of its own.

Lives here: from ``tables/lists.toml`` to schemes. Elsewhere: the large ones (`iccs`, `isic`, `areas`, `languages`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ontology.build.scheme import Item, LevelName, Name, Remark, Scheme
from ontology.build.tables import read_toml

_REST: Final = ("other", "other-roles")
"""Codes of rest categories."""


def lists() -> tuple[Scheme, ...]:
    """Every list of the table, in its order."""
    return tuple(_list(row) for row in read_toml("lists.toml")["list"])


def _list(row: Mapping[str, Any]) -> Scheme:
    official = row.get("official", False)
    return Scheme(
        id=row["id"],
        version=row["version"],
        titles=(Name(row["title"]),),
        levels=tuple(LevelName((Name(name),), row.get("pattern")) for name in row.get("levels", ("Value",))),
        items=tuple(_item(*code) for code in row["codes"]),
        sources=(*row["sources"], "tables/lists.toml of this project's build."),
        publisher=row.get("publisher", "ictip"),
        rights="Codes, wording and groups of this project: Apache-2.0. Values and codes of other systems are quoted as "
        "facts; HTCDS by IOM is CC BY 4.0.",
        official=official,
        printed_version=row.get("printed_version"),
        remarks=(Remark(row["remark"]),) if "remark" in row else (),
    )


def _item(code: str, label: str, also: Mapping[str, str], group: str | None = None) -> Item:
    return Item(
        code=code,
        names=(Name(label),),
        depth=1 if group is None else 2,
        parent=group,
        notations=tuple(also.items()),
        residual=code in _REST,
    )
