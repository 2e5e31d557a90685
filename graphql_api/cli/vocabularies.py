"""Delivered vocabulary files, read for a command; and findings as lines of text."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from registry.classification.integrity import Finding
from registry.classification.ports import VocabularyText
from registry.errors import FileTooLarge, FileUnreadable
from registry.storage.rdf.delivery import read_delivered

LARGEST_FILE: Final = 64 * 1024 * 1024
"""Bytes; the largest vocabulary we ship has five million."""
FORMATS: Final = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld", ".rdf": "rdfxml"}
"""By the end of the file's name; anything else is read as Turtle."""


def read_files(files: Sequence[Path]) -> list[VocabularyText]:
    """The texts of the files with what they break; `FileUnreadable`, `FileTooLarge`, and what reading them raises.

    Where somebody looks on, each is named as its turn comes: the shapes take seconds over the largest lists.
    """
    texts = []
    for place, file in enumerate(files, start=1):
        tell(f"reading {place}/{len(files)}: {file}")
        texts.append(read_file(file))
    return texts


def tell(text: str) -> None:
    """Progress, where somebody looks on."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


def read_file(file: Path) -> VocabularyText:
    """The text of one file."""
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise FileTooLarge(file=str(file), bytes=size, limit=LARGEST_FILE)
        data = file.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=str(file), reason=error.strerror or type(error).__name__) from None
    return read_delivered(data, FORMATS.get(file.suffix, "turtle"), source=str(file))


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line a finding, errors first as they come."""
    return map(str, findings)
