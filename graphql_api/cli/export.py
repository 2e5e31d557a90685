"""``ictip export``."""

from __future__ import annotations


def export() -> int:
    """Not yet."""
    raise NotImplementedError
