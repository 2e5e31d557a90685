"""The addresses of linked data: downloads of released versions, ``/{scheme}/{version}.{ttl|nt|jsonld|csv}``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graphql_api.context import RequestContext
from graphql_api.linked_data.downloads import WRITERS, Downloads
from graphql_api.settings import MEBIBYTE
from registry.classification.catalogue import LATEST, VersionChoice
from registry.classification.queries import version
from registry.errors import AddressUnknown

KEPT_BYTES: Final = 64 * MEBIBYTE
"""Of finished files: all that are shipped, in the two kinds asked for most."""


def linked_data_routes(context_of: Callable[[Request], RequestContext]) -> list[BaseRoute]:
    """Downloads of released versions."""
    downloads = Downloads(KEPT_BYTES)

    async def download(request: Request) -> Response:
        context = context_of(request)
        tag, _, ending = request.path_params["file"].rpartition(".")
        if ending not in WRITERS:
            raise AddressUnknown()
        choice = LATEST if tag == "latest" else VersionChoice(version=tag)
        found = version(context.catalogue, request.path_params["scheme"], actor=context.actor, choice=choice)
        made = await asyncio.to_thread(downloads.get, found, ending)
        headers = {
            "etag": f'"{made.etag}"',
            "cache-control": "no-cache" if tag == "latest" else "public, max-age=300",
            "content-disposition": f'inline; filename="{found.scheme}-{found.tag}.{ending}"',
        }
        if matches(request.headers.get("if-none-match", ""), made.etag):
            return Response(status_code=304, headers=headers)
        return Response(made.body, headers={**headers, "content-type": made.media})

    return [Route("/{scheme}/{file}", download)]


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match names that file (RFC 9110, 13.1.2: weak comparison)."""
    named = [part.strip().removeprefix("W/").strip('"') for part in header.split(",")]
    return etag in named or "*" in named
