"""Stretches of ids, so that a walk over every event is many statements of bounded size.

One statement for all would outlast what an engine permits, and the embedded engine counts the reader's own time to it.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

EVENTS_A_PAGE: Final = 2_000
_LETTERS: Final = "".join(sorted(string.ascii_letters + string.digits + "-_"))
"""What ids are written in, in the order in which both engines compare."""


def id_ranges(events: int) -> Iterator[tuple[str, str]]:
    """Ranges of ids, from the first to before the second, that hold about `EVENTS_A_PAGE` each.

    Ids are keyed hashes in the letters of `_LETTERS`, so two letters part them evenly; were they not, pages would
    differ in size and nothing else.
    """
    heads = [one + other for one in _LETTERS for other in _LETTERS]
    step = max(1, min(len(heads), len(heads) * EVENTS_A_PAGE // max(events, 1)))
    edges = ["", *heads[step::step], "~"]
    yield from pairwise(edges)
