"""``ictip check``."""

from __future__ import annotations


def check() -> int:
    """Not yet."""
    raise NotImplementedError
