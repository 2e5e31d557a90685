"""What of a count may be told to somebody who sees no record: the threshold, and counts in steps of it.

Lives here: the rules for one cell; pure. Elsewhere: which cells there are (``indicators``, ``emerging``).

- **Threshold** (CTDC's k = 11): a count from 1 to k - 1 is not told, nor one whose complement in a told base is such.
- **Steps**: what is told is a multiple of k, so that one record more or less does not show from one day to the next.
- **No margins**: cells of one table never overlap, and no sum over periods, entities or codes is told beside them:
  what is left out cannot be had by subtraction (Hundepool and others, *Handbook on Statistical Disclosure Control*,
  4.2; of GLOTIP's published cells 4,784 fell to one subtraction). Nobody who asks chooses threshold or grouping.

What is left: two people with different scopes may compare what they were told; and where a count crosses a step,
whoever asks each day learns that one of k records came then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

THRESHOLD: Final = 11
"""Records; the Counter-Trafficking Data Collaborative's own k."""
LEAST_THRESHOLD: Final = 3
"""Below that a cell names two people to each other."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in whole per cent of a base, both of rounded counts; None where it is not told."""

    base: int
    percent: int | None


def stepped(count: int, threshold: int) -> int:
    """The count rounded down to a multiple of the threshold: nought below it."""
    return count - count % threshold


def protected_share(part: int, base: int, threshold: int) -> Share | None:
    """The share, without a per cent where the part or the rest is few; None where the base is."""
    if base < threshold:
        return None
    told = stepped(base, threshold)
    if is_few(part, threshold) or is_few(base - part, threshold):
        return Share(told, None)
    return Share(told, min(100, round(100 * stepped(part, threshold) / told)))


def is_few(count: int, threshold: int) -> bool:
    """Whether there are some, and fewer than the threshold."""
    return 0 < count < threshold
