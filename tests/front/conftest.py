"""An application on a real socket, without a store: what can be asked of the front before any record."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import uvicorn

from graphql_api.app import build_app
from graphql_api.authentication import LocalMode
from graphql_api.context import Rooms
from graphql_api.rooms import OpenedRooms
from graphql_api.settings import Purpose, Settings
from registry.access.actor import STRANGER, Actor
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.driver import Database
from tests.api.conftest import DAY, Doors, opened, rooms_of

SHIPPED = Settings(log_level="error", purpose=Purpose.TEST)
"""Everything as it ships."""


@asynccontextmanager
async def served(
    catalogue: Catalogue,
    *,
    actor: Actor | None = None,
    settings: Settings = SHIPPED,
    database: Database | None = None,
) -> AsyncIterator[str]:
    """The address of an application on a free port of loopback, where everybody is that actor, or the local user.

    Without a database it has the classification alone, with one every room there is.
    """
    rooms = rooms_of(catalogue)
    if database is not None:
        every = OpenedRooms(database, Purpose.TEST).now()
        codebook = CatalogueCodebook(catalogue)
        network = replace(every.network, codebook=codebook)
        rooms = replace(every, catalogue=catalogue, codebook=codebook, network=network)

    @asynccontextmanager
    async def opened_rooms() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: rooms

    app = build_app(settings, opened_rooms, authentication=LocalMode(actor), clock=lambda: DAY)
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", ws="none", log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:  # it listens: who comes before the server is ready waits
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def strange(catalogue: Catalogue) -> AsyncIterator[Doors]:
    """Doors as a stranger meets them, everything as it ships."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=SHIPPED, actor=STRANGER) as doors:
        yield doors
