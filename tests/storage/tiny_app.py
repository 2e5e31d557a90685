"""An application as small as can be over the store, for tests of the process tree around it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from graphql_api.settings import Settings
from registry.errors import IctipError
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import read_installation


def create_app(settings: Settings) -> Starlette:
    """Answers ``/`` with the worker's process id and what the store's mark says."""
    named = settings.neo4j
    assert named is not None

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        address = StoreAddress(uri=named.uri, user=named.user, password=named.password, database=named.database)
        async with Database(address) as database:
            app.state.database = database
            yield

    async def answer(request: Request) -> JSONResponse:
        try:
            mark = await read_installation(request.app.state.database)
        except IctipError as error:
            return JSONResponse({"worker": os.getpid(), "error": error.code}, status_code=503)
        return JSONResponse({"worker": os.getpid(), "purpose": mark.purpose.value if mark else None})

    return Starlette(routes=[Route("/", answer)], lifespan=lifespan)


def create_broken_app(settings: Settings) -> Starlette:
    """An application that cannot be made."""
    raise RuntimeError("broken on purpose")
