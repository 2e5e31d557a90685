"""Finished answers of the registry, remembered as bytes and given out ahead of routing.

Never case data: only operations whose root fields are all the registry's, and that met no error, come in here. A key
holds everything the answer depends on, so nothing needs to be driven out but for room: a new release or a new day are
new keys.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

OVERHEAD: Final = 600
"""Bytes counted for an entry beside its texts: key, headers, dictionary."""


class AnswerKey(NamedTuple):
    """What an answer depends on. ``variables`` is canonical JSON; ``today`` decides what is in force."""

    document: str
    operation: str | None
    variables: bytes
    media: str
    actor: str
    revision: str
    today: date

    @property
    def weight(self) -> int:
        """Bytes of the texts."""
        return len(self.document) + len(self.variables) + len(self.actor)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready to be sent."""

    status: int
    media: str
    body: bytes


class AnswerCache:
    """Answers by key, the least recently used out first, never more than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[AnswerKey, Answer] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: AnswerKey) -> Answer | None:
        """The answer of that key, if it is still here."""
        answer = self._kept.get(key)
        if answer is not None:
            self._kept.move_to_end(key)
        return answer

    def put(self, key: AnswerKey, answer: Answer) -> None:
        """Remember an answer; one over a quarter of the room is not worth it."""
        weight = _weight(key, answer)
        if weight > self._limit // 4 or key in self._kept:
            return
        self._kept[key] = answer
        self.bytes += weight
        while self.bytes > self._limit:
            self.bytes -= _weight(*self._kept.popitem(last=False))


def _weight(key: AnswerKey, answer: Answer) -> int:
    return key.weight + len(answer.body) + OVERHEAD
