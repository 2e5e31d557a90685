"""Turns: of all processes on one database, one at a time writes in bulk, or starts the installation.

Lives here: taking, renewing and giving up a turn. Elsewhere: what is written in it. Eight bulk writers at once
were measured at a third of the speed of one.

A lease is one node a name; its time is the store's clock, so hosts need not agree. A holder that died is
followed by the next when its lease runs out.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from registry.errors import LeaseHeld, LeaseLost
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("installation")

BULK: Final = "bulk"
TERM_SECONDS: Final = 60.0
"""How long a dead holder blocks others: longer than the slowest chunk, shorter than a person's patience."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A turn that is ours until it runs out. Renew it with each chunk, best inside the chunk's own transaction."""

    database: Database
    name: str
    holder: str
    term: float

    async def renew(self) -> None:
        """Have the full term again; `LeaseLost` if another took the turn meanwhile."""
        await self.database.write(self.renew_within, name=f"renew lease {self.name}")

    async def renew_within(self, unit: UnitOfWork) -> None:
        """Renew in the transaction of a chunk: if the turn is another's, the chunk is not written."""
        if not await take_within(unit, name=self.name, holder=self.holder, term=self.term, only_ours=True):
            raise LeaseLost(holder=self.holder)


@contextlib.asynccontextmanager
async def bulk_lease(
    database: Database, *, name: str = BULK, patience: float = 30.0, term: float = TERM_SECONDS
) -> AsyncIterator[Lease]:
    """The turn called ``name`` for the time of a block; `LeaseHeld` if ``patience`` seconds did not bring it."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    lease = Lease(database, name, holder, term)
    await _await_turn(lease, patience)
    try:
        yield lease
    finally:
        with contextlib.suppress(LeaseLost):
            await database.write(lambda unit: _give_up(unit, lease), name=f"give up lease {name}")


@contextlib.asynccontextmanager
async def kept(lease: Lease) -> AsyncIterator[None]:
    """Renew the lease by the clock for the time of a block that has no chunks to renew it with."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease.term / 3)
            await lease.renew()

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, LeaseLost):
            await task


async def take_within(unit: UnitOfWork, *, name: str, holder: str, term: float, only_ours: bool) -> bool:
    """Whether the turn is ``holder``'s for ``term`` seconds from now.

    Locks the node first and looks at it in a second statement: a single statement that tests and sets let every
    one of eight writers win.
    """
    await unit.run(QUERIES["lock_lease"], {"name": name})
    taken = await unit.run(
        QUERIES["take_lease"],
        {"name": name, "holder": holder, "milliseconds": round(term * 1000), "only_ours": only_ours},
    )
    return records.text(taken[0], "holder") == holder if taken else False


async def _await_turn(lease: Lease, patience: float) -> None:
    async def take(unit: UnitOfWork) -> bool:
        return await take_within(unit, name=lease.name, holder=lease.holder, term=lease.term, only_ours=False)

    deadline = time.monotonic() + patience
    while not await lease.database.write(take, name=f"take lease {lease.name}"):
        if time.monotonic() >= deadline:
            rows = await lease.database.read(QUERIES["lease_holder"], {"name": lease.name})
            holder = records.optional_text(rows[0], "holder") if rows else None
            raise LeaseHeld(holder=holder or "nobody", seconds=patience)
        await asyncio.sleep(random.uniform(0.02, 0.2))


async def _give_up(unit: UnitOfWork, lease: Lease) -> None:
    await unit.run(QUERIES["lock_lease"], {"name": lease.name})
    await unit.run(QUERIES["give_up_lease"], {"name": lease.name, "holder": lease.holder})
