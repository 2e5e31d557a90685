"""Bringing a database to this release's schema, and the mark that says whose it is.

Lives here: constraints, indexes, tokens, schema version, the installation's purpose. Elsewhere: the statements
(``cypher/schema.cypher``) and loading the words (``registry.classification.actions``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from registry.errors import InstallationForeign, SchemaNewer
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database
from registry.storage.bolt.lease import bulk_lease
from registry.storage.bolt.named_queries import NamedQuery, Row, check_statement, load_queries

QUERIES: Final = load_queries("installation")

SCHEMA_VERSION: Final = 1
"""Counted up when an older release could no longer read or write what this one stores."""

SCHEMA_SECONDS: Final = 600.0
"""An index over a large store takes minutes to fill."""

START: Final = "start"
"""The lease under which one host at a time prepares the installation."""


class Purpose(StrEnum):
    """What a database is for. Tests and samples never go into another's."""

    TEST = "test"
    SAMPLE = "sample"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class Installation:
    """The mark on a database: its purpose, and the schema its nodes were written under."""

    purpose: Purpose
    schema_version: int
    schema_digest: str


async def migrate(database: Database, *, purpose: Purpose | None = None) -> Installation:
    """The mark of the database, once its schema is this release's. Runs again at no cost.

    ``purpose`` None takes the database as it is, and makes an empty one real. `InstallationForeign` if it is
    marked otherwise, or not empty and not marked at all; `SchemaNewer` if a newer release wrote it: either way
    nothing is changed.
    """
    found = await read_installation(database)
    if found is None:
        await _require_empty(database, purpose or Purpose.REAL)
    else:
        _check(found, purpose)
    if found is not None and (found.schema_version, found.schema_digest) == (SCHEMA_VERSION, schema_digest()):
        return found
    return await _apply(database, purpose)


async def read_installation(database: Database) -> Installation | None:
    """The mark, None where there is none."""
    row = await database.read_one(QUERIES["installation"])
    return None if row is None else _installation(row)


def schema_statements() -> Sequence[NamedQuery]:
    """The statements of ``schema.cypher`` in order, each named for its first line."""
    text = re.sub(r"(?m)^\s*//.*$", "", _schema_text())
    statements = [part.strip() for part in re.split(r";\s*\n", text + "\n") if part.strip()]
    for statement in statements:
        check_statement(statement, source="schema.cypher", query=_first_line(statement))
    return [NamedQuery(name=_first_line(text), text=text, parameters={}, writes=True, one=False) for text in statements]


def schema_digest() -> str:
    """SHA-256 of ``schema.cypher`` in hexadecimal: a changed file is run again."""
    return hashlib.sha256(_schema_text().encode("utf-8")).hexdigest()


async def _apply(database: Database, purpose: Purpose | None) -> Installation:
    statements = schema_statements()
    for statement in statements[:2]:  # the mark and the lease need their own constraints first
        await database.execute(statement, seconds=SCHEMA_SECONDS)
    marked = await _mark(database, purpose or Purpose.REAL)
    _check(marked, purpose)
    async with bulk_lease(database, name=START, patience=120.0) as lease:
        for statement in statements[2:]:
            await database.execute(statement, seconds=SCHEMA_SECONDS)
            await lease.renew()
        await database.execute(QUERIES["set_schema"], {"version": SCHEMA_VERSION, "digest": schema_digest()})
    return Installation(marked.purpose, SCHEMA_VERSION, schema_digest())


async def _mark(database: Database, purpose: Purpose) -> Installation:
    rows = await database.execute(QUERIES["mark_installation"], {"purpose": purpose.value})
    return _installation(rows[0])


async def _require_empty(database: Database, wanted: Purpose) -> None:
    row = await database.read_one(QUERIES["any_node"])
    if row is not None and records.whole(row, "nodes"):
        raise InstallationForeign(actual="by nobody, and it is not empty", wanted=wanted.value)


def _check(found: Installation, wanted: Purpose | None) -> None:
    if wanted is not None and found.purpose is not wanted:
        raise InstallationForeign(actual=found.purpose.value, wanted=wanted.value)
    if found.schema_version > SCHEMA_VERSION:
        raise SchemaNewer(actual=found.schema_version, known=SCHEMA_VERSION)


def _installation(row: Row) -> Installation:
    return Installation(
        purpose=Purpose(records.text(row, "purpose")),
        schema_version=records.whole(row, "schema_version"),
        schema_digest=records.text(row, "schema_digest"),
    )


def _schema_text() -> str:
    return (files("registry.storage.bolt") / "cypher" / "schema.cypher").read_text(encoding="utf-8")


def _first_line(text: str) -> str:
    return text.splitlines()[0][:80]
