"""The small hand-written tables kept in the package, and the readers of a publisher's CSV.

Lives here: reading only. Elsewhere: what a row becomes (one module a subject).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "tables"

UN_LANGUAGES: Final = ("en", "ar", "zh-Hans", "fr", "ru", "es")
"""The six official languages of the United Nations as BCP 47 tags; English first, since it is our source."""

Row = Mapping[str, str]


def read_toml(name: str) -> dict[str, Any]:
    """A table of ours, as TOML parses it."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def read_own_csv(name: str) -> list[Row]:
    """A table of ours, a mapping a row."""
    return read_csv(FOLDER / name)


def read_csv(path: Path) -> list[Row]:
    """A publisher's table, a mapping a row, in the order of the file; a byte-order mark is dropped."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
