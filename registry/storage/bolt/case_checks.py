"""What may be broken in the stored case graph: presence and type, which neither engine guards for us.

Lives here: the rules and how their findings are read. Elsewhere: the statements (``cypher/case_checks.cypher``).
A finding's place is the id of the record, its rule the name of the query that found it; never a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from registry.cases.model import FORM, Finding, Severity
from registry.cases.ports import Codebook
from registry.errors import IctipError
from registry.identifiers import Notation, SchemeId, VersionTag
from registry.storage.bolt import records
from registry.storage.bolt.case_rows import decode_coding
from registry.storage.bolt.case_values import CODES, read_values
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.id_ranges import id_ranges
from registry.storage.bolt.named_queries import NamedQuery, load_queries

QUERIES: Final = load_queries("case_checks")
RULES: Final = [query for query in QUERIES.values() if "limit" in query.parameters]
"""Queries that return what breaks the rule of their name."""
WHOLE: Final = [query for query in QUERIES.values() if "low" in query.parameters]
"""Queries that return whole records, whose values are read back and whose codes are looked up."""
SECONDS: Final = 600.0
"""A check walks the whole graph; it is not a caller's request."""


async def check_graph(database: Database, codebook: Codebook, *, limit: int) -> Sequence[Finding]:
    """At most ``limit`` findings a rule, in the order of the file; the use of codes last, where records are whole."""
    findings: list[Finding] = []
    for rule in RULES:
        rows = await database.read(rule, {"limit": limit}, seconds=SECONDS)
        findings += [Finding(rule.name, records.text(row, "id"), Severity.FAULT) for row in rows]
    events = records.whole(await database.read_one(QUERIES["event_number"]) or {}, "events")
    for query in WHOLE:
        findings += await _check_records(database, query, codebook, events=events, limit=limit)
    if any(finding.severity is Severity.FAULT for finding in findings):
        return findings  # counts of broken records say nothing, and some cannot even be read
    return [*findings, *(await BoltCodeUseStore(database).check())[:limit]]


async def _check_records(
    database: Database, query: NamedQuery, codebook: Codebook, *, events: int, limit: int
) -> list[Finding]:
    """Records whose values cannot be read, or hold codes that their coding's releases do not have."""
    findings: list[Finding] = []
    for low, high in id_ranges(events):
        for row in await database.read(query, {"low": low, "high": high}, seconds=SECONDS):
            findings += _check_record(row, codebook)
        if len(findings) >= limit:
            break
    return findings[:limit]


def _check_record(row: Mapping[str, object], codebook: Codebook) -> list[Finding]:
    place = records.text(row, "id")
    properties = records.rows({"all": [row.get("properties")]}, "all")[0]
    try:
        read_values(properties)
        coding = decode_coding(records.texts(row, "coding"))
    except (IctipError, ValueError):
        return [Finding("values_unreadable", place, Severity.FAULT)]
    return [
        Finding("code_not_in_release", f"{place}/{variable}", Severity.FAULT, f"a code of {scheme} {version}")
        for variable, (scheme, version), code in _coded(properties, coding)
        if codebook.find(scheme, version, code) != code
    ]


def _coded(
    properties: Mapping[str, object], coding: Mapping[str, tuple[SchemeId, VersionTag]]
) -> Iterable[tuple[str, tuple[SchemeId, VersionTag], Notation]]:
    """Every code with the list's version it belongs to."""
    for name in properties:
        variable = name.removeprefix(CODES) if name.startswith(CODES) else FORM if name == "forms" else None
        if variable is not None and variable in coding:
            for code in records.texts(properties, name):
                yield variable, coding[variable], Notation(code)
