"""Texts inside XML 1.0: escaped, and without the characters that no XML document may hold (section 2.2)."""

from __future__ import annotations

import re
from typing import Final
from xml.sax import saxutils

_NO_CHARACTER: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """The text as content; a character that XML has none of is U+FFFD."""
    return saxutils.escape(_NO_CHARACTER.sub("\ufffd", text))


def quoted(text: str) -> str:
    """The text as an attribute's value, with its quotes."""
    return saxutils.quoteattr(_NO_CHARACTER.sub("\ufffd", text))
