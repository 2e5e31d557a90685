"""How much work a caller may cause: a bucket of milliseconds an actor, filled again as time goes by.

Work is paid after it is done, by what it took; an answer from memory is paid with what making it once took, so that a
costly question is not free for being asked twice. Buckets are per process and bounded in number (the least recently
used are forgotten, full); a stranger's is that of the address.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from registry.errors import RateExceeded

KEPT: Final = 10_000


@dataclass(slots=True)
class Bucket:
    """Milliseconds left, as of a moment; below zero after a costly answer."""

    left: float
    at: float


class Allowances:
    """``burst`` milliseconds at most at once, ``a_second`` milliseconds a second. ``monotonic`` in seconds."""

    def __init__(self, *, burst: float, a_second: float, monotonic: Callable[[], float]) -> None:
        self._burst = burst
        self._a_second = a_second
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def require(self, payer: str) -> None:
        """Return while something is left; raise `RateExceeded` otherwise."""
        left = self._bucket(payer).left
        if left <= 0:
            raise RateExceeded(left=0, limit=round(self._burst), seconds=max(1, ceil(-left / self._a_second)))

    def charge(self, payer: str, cost: float) -> None:
        """Take what an answer cost, in milliseconds."""
        self._bucket(payer).left -= cost

    def _bucket(self, payer: str) -> Bucket:
        now = self._monotonic()
        bucket = self._buckets.get(payer)
        if bucket is None:
            bucket = self._buckets[payer] = Bucket(self._burst, now)
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(payer)
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._a_second)
            bucket.at = now
        return bucket
