"""The addresses of linked data: downloads of released versions, ``/{scheme}/{version}.{ttl|nt|jsonld|csv}``.

A withdrawn or superseded version answers 200 for ever, with its status and its successors in headers (RFC 5829).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graphql_api.context import RequestContext
from graphql_api.linked_data.downloads import WRITERS, Downloads
from graphql_api.settings import MEBIBYTE
from registry.classification.catalogue import Catalogue, VersionChoice
from registry.classification.queries import version
from registry.errors import AddressUnknown, ArgumentsConflicting
from registry.instants import instant_of

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
        catalogue, choice = asked(context, tag, request.query_params)
        found = version(catalogue, request.path_params["scheme"], actor=context.actor, choice=choice)
        made = await asyncio.to_thread(downloads.get, found, ending)
        headers = {
            "etag": f'"{made.etag}"',
            "cache-control": "no-cache" if tag == "latest" else "public, max-age=300",
            "content-disposition": f'inline; filename="{found.scheme}-{found.tag}.{ending}"',
            "ictip-version-status": found.standing.status.value,
        }
        if found.successors:
            headers["link"] = ", ".join(f'<{uri}>; rel="successor-version"' for uri in found.successors)
        if matches(request.headers.get("if-none-match", ""), made.etag):
            return Response(status_code=304, headers=headers)
        return Response(made.body, headers={**headers, "content-type": made.media})

    return [Route("/{scheme}/{file}", download)]


def asked(context: RequestContext, tag: str, query: Mapping[str, str]) -> tuple[Catalogue, VersionChoice]:
    """The catalogue and the version meant: a tag, or ``latest``, of which ``validOn`` (a day) may ask for what is in
    force; ``asKnownAt`` (an instant) for the registry as it stood. `ArgumentsConflicting` for what is neither."""
    day, instant = query.get("validOn"), query.get("asKnownAt")
    try:
        valid_on = date.fromisoformat(day) if day is not None else None
        moment = datetime.fromisoformat(instant) if instant is not None else None
    except ValueError:
        rule = "write a day as 2025-03-07, an instant as 2025-03-07T12:00:00Z"
        raise ArgumentsConflicting(arguments="validOn, asKnownAt", rule=rule) from None
    choice = VersionChoice(version=None if tag == "latest" else tag, valid_on=valid_on)
    if moment is None:
        return context.catalogue, choice
    known_at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return context.catalogue.as_known_at(instant_of(known_at)), choice


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match names that file (RFC 9110, 13.1.2: weak comparison)."""
    named = [part.strip().removeprefix("W/").strip('"') for part in header.split(",")]
    return etag in named or "*" in named
