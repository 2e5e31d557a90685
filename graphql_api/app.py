"""The ASGI application: doors in one building, made from settings.

Lives here: what is mounted where, the outermost wrapper, opening and closing the stores.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from graphql_api.settings import Settings


def create_app(settings: Settings) -> ASGIApp:
    """The application of one worker; its lifespan opens the store and compiles the catalogue."""
    return Starlette(routes=[Route("/health", live)])


async def live(_request: Request) -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("live\n")
