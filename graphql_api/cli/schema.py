"""``ictip schema``."""

from __future__ import annotations


def schema() -> int:
    """Print the GraphQL schema."""
    raise NotImplementedError
