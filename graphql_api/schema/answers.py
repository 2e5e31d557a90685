"""Finished answers of the registry, remembered as bytes and given out ahead of routing.

Never case data: only operations whose root fields are all the registry's, and that met no error, come in here. A key
holds everything the answer depends on, so nothing needs to be driven out but for room: a new release or a new day are
new keys.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

OVERHEAD: Final = 600
"""Bytes counted for an entry beside its texts: tuple, headers, dictionary."""

AnswerKey = tuple[bytes, bytes, bytes, str, int, int]
"""Body, Content-Type, Accept, actor's key, registry revision, day (days since 1970, which decides what is in force).

The body's very bytes stand for document, operation name and variables: no two of those have one body, and a repeated
request need not be parsed to be known.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready to be sent. ``lasting`` says that it may be given again to the same request."""

    status: int
    media: str
    body: bytes
    lasting: bool = False
    cost: float = 0.0
    """Milliseconds that making it took: what it is charged at when it is given again."""


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
        """Remember a lasting answer; one over a quarter of the room is not worth it."""
        weight = _weight(key, answer)
        if not answer.lasting or weight > self._limit // 4 or key in self._kept:
            return
        self._kept[key] = answer
        self.bytes += weight
        while self.bytes > self._limit:
            self.bytes -= _weight(*self._kept.popitem(last=False))

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self.bytes = 0


def _weight(key: AnswerKey, answer: Answer) -> int:
    return len(key[0]) + len(key[1]) + len(key[2]) + len(key[3]) + len(answer.body) + OVERHEAD
