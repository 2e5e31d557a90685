"""Doors over the embedded engine with small 1.0 and no draft in it: for what differs on no engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from graphql_api.context import Rooms
from graphql_api.rooms import opened_over
from registry.access.actor import local_user
from registry.classification.ports import VocabularyText
from registry.storage.address import StoreAddress
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose, migrate
from tests.api.conftest import Doors, opened
from tests.conftest import empty
from tests.revision.families import concept, small, version_of

AREAS: Final = version_of([concept(code, scheme="areas") for code in ("KE", "MX")], scheme="areas")
"""Countries of organisations that answer."""


@asynccontextmanager
async def small_rooms(address: StoreAddress) -> AsyncIterator[Callable[[], Rooms]]:
    """The rooms, for doors of several actors."""
    async with Database(address) as database:
        await migrate(database, purpose=Purpose.TEST)
        await empty(database)
        await BoltReleaseStore(database).add([VocabularyText("small", "", (small("1.0"), AREAS))])
        async with opened_over(database) as rooms:
            yield rooms


@asynccontextmanager
async def small_doors(address: StoreAddress) -> AsyncIterator[Doors]:
    """The doors of an editor."""
    async with small_rooms(address) as rooms, opened(rooms, actor=local_user("editor")) as doors:
        yield doors
