"""Sealing the audit behind the writers: one process at a time, a second after the rows at most.

Lives here: the loop. Elsewhere: who may run it (a lease of the store, given by the caller), the block itself
(``audit``), where heads go (``HeadSink``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from registry.access.audit import Head
from registry.access.ports import AuditStore
from registry.errors import IctipError

BLOCK_ROWS: Final = 500
"""Rows a block at most: one transaction of a few hundred kilobytes."""
SECONDS: Final = 1.0
"""Between two looks: how long a row stays unprotected."""

HeadSink = Callable[[Head], None]
"""Takes a head out of the database's reach; raises `OSError` when it cannot."""


async def seal_waiting(store: AuditStore, key: bytes, sink: HeadSink) -> int:
    """Seal everything that waits; how many blocks that made. Each head has left before the next block is begun."""
    blocks = 0
    while block := await store.seal(key, limit=BLOCK_ROWS):
        sink(block.head)
        blocks += 1
    return blocks


async def seal_forever(
    store: AuditStore, key: bytes, sink: HeadSink, *, trouble: Callable[[Exception], None], every: float = SECONDS
) -> None:
    """Seal until cancelled; what goes wrong is told to ``trouble`` and tried again."""
    while True:
        try:
            await seal_waiting(store, key, sink)
        except (IctipError, OSError) as raised:
            trouble(raised)
        await asyncio.sleep(every)
