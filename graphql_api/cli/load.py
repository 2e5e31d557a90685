"""``ictip load``."""

from __future__ import annotations


def load() -> int:
    """Not yet."""
    raise NotImplementedError
