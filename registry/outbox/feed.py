"""The process's one reader of the outbox: looks once a second, for all who follow, and only while somebody does.

Nothing waits in line for a slow follower: each keeps its own place and asks for what comes next. What happened lately
is held here, bounded; who is further behind reads the outbox in pages until they have caught up. Every process reads
for itself, so a follower may go on at any of them, from a cursor.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from registry.errors import IctipError
from registry.outbox.model import START, Happening, Place
from registry.outbox.ports import Outbox

LOOK: Final = 1.0
"""Seconds between two looks: how late a happening may be told at most, beside the time that telling takes."""
HELD: Final = 1_000
"""Happenings of a kind that are held for those who keep up."""
PAGE: Final = 200
"""Happenings read at once."""
KINDS: Final = 50
"""Kinds that are looked for; the one followed longest ago goes first."""


@dataclass(slots=True)
class _Seen:
    """What was seen of one kind: all that happened after ``since`` up to ``head``, oldest first."""

    since: Place
    head: Place
    lately: deque[Happening] = field(default_factory=deque)

    def add(self, happening: Happening) -> None:
        self.lately.append(happening)
        self.head = happening.place
        if len(self.lately) > HELD:
            self.since = self.lately.popleft().place


class Feed:
    """What happens, for all followers of a process. ``settle`` runs between reading and telling.

    It is where a process takes over what a happening tells of (a new catalogue), so that nobody hears of what they
    could not ask for yet. Must be used inside one event loop.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        settle: Callable[[], Awaitable[None]] | None = None,
        trouble: Callable[[IctipError], None] | None = None,
    ) -> None:
        self._outbox = outbox
        self._settle = settle
        self._trouble = trouble
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._followers = 0
        self._looking: asyncio.Task[None] | None = None
        self._told = asyncio.Event()
        self._ended = asyncio.Event()
        self.looks = 0
        """How often the outbox was looked into: once a second however many follow."""

    async def end(self, kind: str) -> Place:
        """The place of the last happening of that kind as of now: who follows from here hears what comes next."""
        return (await self._known(kind)).head

    async def next(self, kind: str, after: Place, *, seconds: float) -> Sequence[Happening]:
        """What happened after a place, oldest first, at most `PAGE`; nothing after waiting ``seconds`` in vain.

        Raises what the store raises, where it must be asked.
        """
        seen = await self._known(kind)
        if after >= seen.head:
            await self._wait(seconds)
            seen = await self._known(kind)
        if after >= seen.head:
            return ()
        if after >= seen.since:
            return [each for each in seen.lately if each.place > after][:PAGE]
        head = seen.head
        return [each for each in await self._outbox.after({kind: after}, most=PAGE) if each.place <= head]

    async def close(self) -> None:
        """Look no more; return when the look under way, if any, has ended."""
        self._ended.set()
        if self._looking is not None:
            await self._looking

    async def look(self) -> int:
        """Look into the outbox once and tell what is new, which is counted; after trouble the next look asks again."""
        self.looks += 1
        try:
            found = await self._outbox.after({kind: seen.head for kind, seen in self._seen.items()}, most=PAGE)
            if found and self._settle is not None:
                await self._settle()
        except IctipError as error:
            if self._trouble is not None:
                self._trouble(error)
            return 0
        for each in found:
            seen = self._seen.get(each.kind)
            if seen is not None and each.place > seen.head:
                seen.add(each)
        if found:
            self._told.set()
            self._told = asyncio.Event()
        return len(found)

    async def _known(self, kind: str) -> _Seen:
        """What was seen of that kind, from now on if nobody asked for it before."""
        seen = self._seen.get(kind)
        if seen is None:
            end = (await self._outbox.ends([kind])).get(kind, START)
            seen = self._seen.setdefault(kind, _Seen(end, end))
            while len(self._seen) > KINDS:
                self._seen.popitem(last=False)
        self._seen.move_to_end(kind)
        return seen

    async def _wait(self, seconds: float) -> None:
        """Return when something was told, or after so many seconds; the outbox is looked into meanwhile."""
        self._followers += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking())
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), seconds)
        finally:
            self._followers -= 1

    async def _keep_looking(self) -> None:
        """Look once a second while anybody waits; between two waits of one follower nothing is lost."""
        idle = 0
        while idle < 2 and not self._ended.is_set():
            if await self.look() < PAGE:  # a full page: there is more already
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), LOOK)
            idle = 0 if self._followers else idle + 1
