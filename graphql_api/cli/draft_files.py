"""Files that edit a draft: edits in JSON, and whole versions as RDF, CSV or XLSX."""

from __future__ import annotations

import json
from pathlib import Path

from graphql_api.cli.vocabularies import LARGEST_FILE
from graphql_api.context import fresh_identity
from registry.classification.edit_records import edits_from_plain
from registry.classification.edits import Edit
from registry.classification.model import SchemeVersion
from registry.errors import EditMalformed, FileNotWritable, FileTooLarge, FileUnreadable
from registry.storage.rdf.delivery import ENDINGS, Delivery, Form, read_delivery


def read_edits(file: Path) -> list[Edit]:
    """The edits of a JSON file, one or a list; an item without an identity gets a fresh one."""
    try:
        plain = json.loads(read_bytes(file))
    except (ValueError, RecursionError) as error:
        raise EditMalformed(place=file.name, expected="JSON") from error
    return edits_from_plain(plain if isinstance(plain, list) else [plain], fresh_identity)


def read_file_delivery(file: Path, current: SchemeVersion) -> Delivery:
    """The file as an edit of a draft that now holds ``current``, or its faults; by the end of its name, else Turtle."""
    form = ENDINGS.get(file.suffix.lower(), Form.TURTLE)
    return read_delivery(read_bytes(file), form, current, fresh_identity, source=file.name)


def read_bytes(file: Path) -> bytes:
    """The file's bytes, if it is not larger than any vocabulary is."""
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise FileTooLarge(file=str(file), bytes=size, limit=LARGEST_FILE)
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=str(file), reason=error.strerror or type(error).__name__) from None


def write_bytes(file: Path, data: bytes) -> None:
    """Write the file; `FileNotWritable`."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise FileNotWritable(file=file.name, reason=error.strerror or type(error).__name__) from None
