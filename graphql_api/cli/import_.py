"""``ictip import``: delivered records into the store. (Room I writes the body.)"""

from __future__ import annotations


def import_() -> int:
    """Load a file of records by a declared mapping."""
    raise NotImplementedError
