"""Rows of many callers written together: one appender a process, one transaction for all that wait.

A durable row costs a disk's flush; rows that come while one transaction is under way go into the next together, so a
hundred readers cost little more than one (no timer: nobody waits for company).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from registry.access.audit import AuditRow
from registry.access.ports import AuditStore
from registry.errors import AuditBacklog

GROUP: Final = 500
"""Rows a transaction: far below the request limit, even when each names `RECORDS_TOLD` records."""
BACKLOG: Final = 10_000
"""Rows that may wait: more means that the store does not keep up, and answers must not leave."""


class AuditAppender:
    """The process's one way to leave rows about reads. Must be used inside one event loop."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store
        self._waiting: deque[tuple[AuditRow, asyncio.Future[None]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def append(self, row: AuditRow) -> None:
        """Return once the row is durable. The store's error comes to everybody whose row it concerns.

        A caller that goes away leaves its row behind: what it asked was asked. Raises `AuditBacklog`.
        """
        if len(self._waiting) >= BACKLOG:
            raise AuditBacklog(waiting=len(self._waiting))
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def close(self) -> None:
        """Return when nothing waits any more."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            trouble: Exception | None = None
            try:
                await self._store.add([row for row, _ in group])
            except Exception as raised:  # whatever it is, no waiting answer may leave
                trouble = raised
            for _, kept in group:
                if not kept.done():
                    _settle(kept, trouble)


def _settle(kept: asyncio.Future[None], trouble: Exception | None) -> None:
    if trouble is None:
        kept.set_result(None)
    else:
        kept.set_exception(trouble)
