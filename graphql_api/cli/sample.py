"""``ictip sample``: a made-up world in the import format. (Room I writes the body.)"""

from __future__ import annotations


def sample() -> int:
    """Write a made-up world of trafficking-like events."""
    raise NotImplementedError
