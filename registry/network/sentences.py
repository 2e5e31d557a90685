"""How the sentences that say why a result counts tell their numbers. Pure.

Such a sentence (``because``) is of counts and codes that stand in the answer, never of values that name anybody.
"""

from __future__ import annotations


def times(number: int, thing: str) -> str:
    """``1 event``, ``3 events``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
