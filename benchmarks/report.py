"""What a measurement found, as a row with its target, and all rows as a table and as JSON.

Every speed is a ratio of ours to another way of doing the same, both taken in one run: machines are noisy, ratios less.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


class Better(StrEnum):
    """Which way a ratio is good."""

    HIGHER = "at least"
    LOWER = "at most"


@dataclass(frozen=True, slots=True)
class Ratio:
    """One comparison: ``ratio`` is ours divided by the other, both in ``unit``.

    ``target`` is what the project promises; None where a figure is shown for itself, and then ``other`` may be None.
    """

    name: str
    ours: float
    unit: str
    other: float | None = None
    engine: str = "none"
    events: int = 0
    target: float | None = None
    better: Better = Better.HIGHER
    remark: str = ""
    preset: str = ""
    """The shape of the sample world; empty where the figure hangs on none."""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the other."""
        return None if self.other is None else self.ours / self.other

    @property
    def reached(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        measured = self.ours if self.ratio is None else self.ratio
        return measured >= self.target if self.better is Better.HIGHER else measured <= self.target


def table(rows: Sequence[Ratio]) -> str:
    """The rows as a Markdown table, in the order measured."""
    lines = [
        "| what | engine | world | events | ours | other | unit | ratio | wanted | reached |",
        "|---|---|---|--:|--:|--:|---|--:|---|---|",
    ]
    return "\n".join([*lines, *map(table_row, rows), ""])


def table_row(row: Ratio) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    other = "" if row.other is None else f"{row.other:,.2f}"
    wanted = "" if row.target is None else f"{row.better.value} {row.target:g}"
    reached = {True: "yes", False: "NO", None: ""}[row.reached]
    name = f"{row.name} ({row.remark})" if row.remark else row.name
    return (
        f"| {name} | {row.engine} | {row.preset} | {row.events or ''} | {row.ours:,.2f} | {other} | {row.unit} "
        f"| {ratio} | {wanted} | {reached} |"
    )


def write(rows: Sequence[Ratio], size: str, day: str) -> Path:
    """Write ``results/<day>-<size>.md`` and ``.json``; the path of the table."""
    RESULTS.mkdir(exist_ok=True)
    content = {
        "day": day,
        "size": size,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "rows": [{**asdict(row), "ratio": row.ratio, "reached": row.reached} for row in rows],
    }
    (RESULTS / f"{day}-{size}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    page = RESULTS / f"{day}-{size}.md"
    page.write_text(table(rows), encoding="utf-8")
    return page
