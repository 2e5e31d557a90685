"""The process tree of ``ictip serve``: supervisor, engine, workers. (S builds it.)"""

from __future__ import annotations

from graphql_api.settings import Settings


def serve(settings: Settings) -> int:
    """Serve until stopped; the exit code."""
    raise NotImplementedError(settings)
