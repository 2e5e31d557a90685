"""The rooms behind the doors, opened for the life of an application and kept up to date.

Lives here: connecting the store, compiling the catalogue, looking for new releases once a second. Elsewhere: what the
rooms are (``context``), who starts the engine (``serving``).
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from graphql_api.context import Investigating, Revising, Rooms, today
from graphql_api.settings import Purpose, Settings
from registry.access.appender import AuditAppender
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue
from registry.classification.current import CurrentCatalogue
from registry.classification.draft_actions import Stores
from registry.errors import IctipError, NotReady
from registry.outbox.feed import Feed
from registry.storage.address import StoreAddress
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore
from registry.storage.bolt.exports import BoltFactsStore
from registry.storage.bolt.migrate import read_installation
from registry.storage.bolt.networks import network_stores
from registry.storage.bolt.outbox import BoltOutbox
from registry.storage.bolt.recoding import BoltRecodeStore
from registry.storage.bolt.saved import BoltSavedStore
from registry.storage.bolt.statistics import BoltStatisticsStore

COLLECT_EVERY: Final = 20_000
"""New objects between rounds of the collector; Python's own 700 starts several within one code list."""
POLL_SECONDS: Final = 1.0
"""How far a process may be behind a release made elsewhere."""


class OpenedRooms:
    """The rooms over one database, remade when the catalogue is a newer one."""

    def __init__(self, database: Database, purpose: Purpose) -> None:
        self._database = database
        self._purpose = purpose
        releases = BoltReleaseStore(database)
        self._current = CurrentCatalogue(releases)
        self._revising = Revising(Stores(BoltDraftStore(database), releases), self.refresh)
        self._cases = BoltCaseStore(database)
        self._recoding = BoltRecodeStore(database)
        self._code_use = BoltCodeUseStore(database)
        self._investigating = Investigating(
            BoltFactsStore(database), BoltAnalysisStore(database), BoltSavedStore(database)
        )
        self._statistics = BoltStatisticsStore(database)
        self._access = BoltAccessStore(database)
        self._exchange = BoltExchangeStore(database)
        self._audits = BoltAuditStore(database)
        self._audit = AuditAppender(self._audits)
        self.feed = Feed(BoltOutbox(database), settle=self.refresh, trouble=feed_trouble)
        self._rooms = self._made(self._current.catalogue)

    def now(self) -> Rooms:
        """The rooms as they stand."""
        return self._rooms

    async def refresh(self) -> None:
        """Take over a newer catalogue, if there is one."""
        if await self._current.refresh():
            self._rooms = self._made(self._current.catalogue)
            settle_memory()

    async def watch(self) -> None:
        """Look for new releases until cancelled; a store that is away for a while is asked again."""
        log = structlog.get_logger()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.refresh()
            except IctipError as error:
                log.warning("catalogue_not_refreshed", code=error.code)

    def _made(self, catalogue: Catalogue) -> Rooms:
        codebook = CatalogueCodebook(catalogue, today)
        return Rooms(
            catalogue=catalogue,
            codebook=codebook,
            cases=self._cases,
            network=network_stores(self._database, codebook),
            access=self._access,
            audit=self._audit,
            purpose=self._purpose,
            health=self._database.health,
            revising=self._revising,
            feed=self.feed,
            recoding=self._recoding,
            code_use=self._code_use,
            investigating=self._investigating,
            statistics=self._statistics,
            audits=self._audits,
            exchange=self._exchange,
        )


def feed_trouble(error: IctipError) -> None:
    """Note that the outbox could not be looked into."""
    structlog.get_logger().warning("outbox_not_read", code=error.code)


@asynccontextmanager
async def open_rooms(settings: Settings) -> AsyncIterator[Callable[[], Rooms]]:
    """The rooms over the store that the settings name; raises what the store raises, or `NotReady` without one."""
    if settings.neo4j is None:
        raise NotReady(reason="no store is named")
    named = settings.neo4j
    address = StoreAddress(uri=named.uri, user=named.user, password=named.password, database=named.database)
    async with Database(address) as database, opened_over(database) as rooms:
        yield rooms


@asynccontextmanager
async def opened_over(database: Database) -> AsyncIterator[Callable[[], Rooms]]:
    """The rooms over an open database, kept up to date until the end of the block."""
    mark = await read_installation(database)
    rooms = OpenedRooms(database, Purpose(mark.purpose.value) if mark is not None else Purpose.REAL)
    await rooms.refresh()
    watching = asyncio.create_task(rooms.watch())
    try:
        yield rooms.now
    finally:
        await rooms.feed.close()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def settle_memory() -> None:
    """Take what is there now out of the collector's rounds, and let there be fewer of them.

    A catalogue stays, so walking it is in vain; an answer of a thousand small objects is gone soon, and by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 10, 50)
