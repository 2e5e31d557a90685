"""Texts that must be of a form: URIs, and the patterns that codes match.

Lives here: telling whether a text is one. Elsewhere: identifiers with a fixed pattern (``registry.identifiers``), the
rules that ask (``integrity``, ``edit_rules``).
"""

from __future__ import annotations

import re
from typing import Final

URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
"""A scheme, and what N-Triples may hold between angle brackets (RDF 1.1 N-Triples, IRIREF)."""


def is_uri(text: str) -> bool:
    """Whether the text is a whole URI, as a statement can hold it."""
    return URI.fullmatch(text) is not None


_ATOM: Final = r"(?:\[[^\]\\]+\]|\\[dw.+-]|[A-Za-z0-9_-])"
_REPEAT: Final = r"(?:\{\d{1,2}(?:,\d{0,2})?\}|[?+*])"
SIMPLE_PATTERN: Final = re.compile(rf"(?:{_ATOM}{_REPEAT}?|\((?:\?:)?(?:{_ATOM}|\|)+\)\??|\|)+")
VARIABLE_REPEAT: Final = re.compile(r"[?+*]|\{\d+,")
MOST_REPEATS: Final = 4
"""Repeats of no fixed count; backtracking over a code of 64 characters stays below 64 to the power of this."""


def compile_pattern(text: str) -> re.Pattern[str] | None:
    """The pattern if it is a simple one: characters, classes, alternatives, a few repeats and none of a group.

    Patterns come with delivered texts, and ``(a+)+b`` would take longer than anyone lives on a code of 64 characters.
    """
    bare = re.sub(r"\\.|\[[^\]]*\]|\(\?:", "x", text)
    if len(text) > 200 or len(VARIABLE_REPEAT.findall(bare)) > MOST_REPEATS or not SIMPLE_PATTERN.fullmatch(text):
        return None
    try:
        return re.compile(text)
    except re.error:
        return None
