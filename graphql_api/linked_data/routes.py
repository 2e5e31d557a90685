"""The addresses of linked data."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import BaseRoute

from graphql_api.context import RequestContext


def linked_data_routes(context_of: Callable[[Request], RequestContext]) -> list[BaseRoute]:
    """Downloads of released versions."""
    return []
