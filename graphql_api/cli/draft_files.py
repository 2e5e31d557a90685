"""Files that edit a draft: edits in JSON, and whole versions as Turtle, JSON-LD, CSV or XLSX."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphql_api.cli.revising import fresh_identity
from graphql_api.cli.vocabularies import LARGEST_FILE, read_file
from registry.classification.edit_records import edit_from_plain
from registry.classification.edits import Edit, Restate
from registry.classification.integrity import Severity
from registry.classification.model import SchemeVersion
from registry.classification.table_import import read_csv, read_table
from registry.classification.workbook import read_workbook
from registry.errors import EditMalformed, FileNotWritable, FileUnreadable, ValueTooLarge

TABLES: Final = {".csv": read_csv, ".xlsx": read_workbook}
"""By the end of the file's name; anything else is read as RDF."""


def read_edits(file: Path) -> list[Edit]:
    """The edits of a JSON file, one or a list; an item without an identity gets a fresh one."""
    try:
        plain = json.loads(read_bytes(file))
    except (ValueError, RecursionError) as error:
        raise EditMalformed(place=file.name, expected="JSON") from error
    return [edit_from_plain(with_identities(each)) for each in (plain if isinstance(plain, list) else [plain])]


def with_identities(plain: object) -> object:
    """The JSON with a fresh identity for each new item that has none."""
    if isinstance(plain, dict):
        for name in ("item", "into"):
            if isinstance(plain.get(name), dict):
                plain[name].setdefault("identity", fresh_identity())
        for part in plain.get("parts", ()) if isinstance(plain.get("parts"), list) else ():
            if isinstance(part, dict):
                part.setdefault("identity", fresh_identity())
    return plain


def read_restated(file: Path, current: SchemeVersion) -> tuple[Restate | None, tuple[str, ...]]:
    """The file as an edit of the draft, or None; and its faults (or findings), a line each."""
    if file.suffix in TABLES:
        reading = read_table(TABLES[file.suffix](read_bytes(file), source=file.name), current, fresh_identity)
        edit = Restate(reading.content) if reading.content is not None else None
        return edit, tuple(str(fault) for fault in reading.faults)
    text = read_file(file)
    lines = tuple(str(finding) for finding in text.findings)
    versions = [release for release in text.releases if isinstance(release, SchemeVersion)]
    if not versions or any(finding.severity is Severity.ERROR for finding in text.findings):
        return None, lines or ("it tells of no scheme version",)
    return Restate(identified(versions[0], current)), lines


def identified(version: SchemeVersion, current: SchemeVersion) -> SchemeVersion:
    """The version with an identity for each item: its own, else that of the draft's item of its code, else new."""
    known = {concept.code: concept.identity for concept in current.concepts}
    return replace(
        version,
        concepts=tuple(
            each if each.identity else replace(each, identity=known.get(each.code) or fresh_identity())
            for each in version.concepts
        ),
    )


def read_bytes(file: Path) -> bytes:
    """The file's bytes, if it is not larger than any vocabulary is."""
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise ValueTooLarge(bytes=size, limit=LARGEST_FILE)
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=str(file), reason=error.strerror or type(error).__name__) from None


def write_bytes(file: Path, data: bytes) -> None:
    """Write the file; `FileNotWritable`."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise FileNotWritable(file=file.name, reason=error.strerror or type(error).__name__) from None
