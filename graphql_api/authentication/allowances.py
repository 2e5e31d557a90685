"""How much work a caller may cause: a bucket of milliseconds an actor, filled again as time goes by, and so many things
at once.

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

from registry.errors import IctipError, RateExceeded

KEPT: Final = 10_000


class Places:
    """Things under way at once: at most ``each`` of one payer and ``together`` of all; ``refusal`` is the error beyond.

    Nobody waits for a place: a queue would keep what it should refuse.
    """

    def __init__(self, *, each: int, together: int, refusal: type[IctipError]) -> None:
        self._each = each
        self._together = together
        self._refusal = refusal
        self._taken: dict[str, int] = {}
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def place(self, payer: str) -> Place:
        """A place for the time of a block; entering raises the refusal where there is none."""
        return Place(self, payer)

    def take(self, payer: str) -> None:
        """Take a place; raises the refusal where there is none."""
        taken = self._taken.get(payer, 0)
        if taken >= self._each:
            raise self._refusal(open=taken, whose="yours", limit=self._each)
        if self._total >= self._together:
            raise self._refusal(open=self._total, whose="all callers", limit=self._together)
        self._taken[payer] = taken + 1
        self._total += 1

    def give_back(self, payer: str) -> None:
        """Give one place back."""
        self._total -= 1
        self._taken[payer] -= 1
        if not self._taken[payer]:
            del self._taken[payer]


@dataclass(frozen=True, slots=True)
class Place:
    """One payer's place, taken with a block and given back with it."""

    places: Places
    payer: str

    def __enter__(self) -> None:
        self.places.take(self.payer)

    def __exit__(self, *_: object) -> None:
        self.places.give_back(self.payer)


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

    def affords(self, payer: str) -> bool:
        """Whether something is left."""
        return self._bucket(payer).left > 0

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
