"""The registry's releases in the graph: metadata on one node, the text beside it in compressed parts.

Lives here: `BoltReleaseStore`, the port ``registry.classification.ports.ReleaseStore`` on a `Database`. Elsewhere: the
statements (``cypher/classification.cypher``), the text and its digest (``registry.storage.rdf.canonical``).

A text is deflated (an N-Triples text shrinks about twentyfold) and written in Base64, because byte arrays are not told
alike by both engines; it is cut into parts so that no request nears what the embedded engine can take.
"""

from __future__ import annotations

import asyncio
import base64
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from registry.classification.model import Decision, ReleaseStatus
from registry.classification.ports import (
    Added,
    Listing,
    RegistryChange,
    Release,
    ReleaseKind,
    ReleaseRecord,
    Telling,
    VocabularyText,
)
from registry.classification.retirement import Retirement
from registry.errors import ReleaseChanged, ReleaseDamaged, RowMalformed, WriteContended
from registry.identifiers import SchemeId, VersionTag
from registry.outbox.model import VERSION_RELEASED
from registry.storage.bolt import records
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.batches import cut
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries
from registry.storage.bolt.outbox import tell_at
from registry.storage.rdf.canonical import CanonicalRelease, canonical_release, read_canonical

QUERIES: Final = load_queries("classification")

PART: Final = 2 * 1024 * 1024
"""Characters of Base64 on one node: a few such rows stay well below a request's 8 MiB."""
MOST_TEXT: Final = 256 * 1024 * 1024
"""Characters of a text: far above any vocabulary, and a bound for what a damaged part may inflate to."""
FIRST_ATTEMPTS: Final = 8
"""Attempts to see the registry that another task is just making: about two seconds together."""
READ_AT_ONCE: Final = 8
"""Texts read by one query: together about a megabyte for what we ship, and at most a few parts each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release to add, and the digest of the file it came from."""

    release: CanonicalRelease
    origin: str


class BoltReleaseStore:
    """Keeps releases in a graph database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        """How often the registry has changed; 0 at first."""
        row = await self._database.read_one(QUERIES["registry_revision"])
        return 0 if row is None else records.whole(row, "revision")

    async def listing(self) -> Listing:
        """Every release by key, without texts."""
        row = await self._database.read_one(QUERIES["list_releases"])
        if row is None:
            return Listing(0, ())
        columns = [_column(row, name) for name in ("keys", "kinds", "digests", "revisions", "origins")]
        found = [_record(*values) for values in zip(*columns, strict=True)]
        changes = await self._database.read_one(QUERIES["registry_changes"])
        retired = await self._database.read(QUERIES["retirements"])
        revision = records.whole(row, "revision")
        return Listing(
            revision,
            tuple(sorted(found, key=lambda record: record.key)),
            _changes(changes),
            tuple(each for each in sorted(map(_retirement, retired), key=_by_revision) if each.revision <= revision),
        )

    async def read(self, wanted: Sequence[ReleaseRecord]) -> tuple[Release, ...]:
        """The releases in the order of the records; `ReleaseDamaged` when a text is not what was stored."""
        found: list[Release] = []
        for start in range(0, len(wanted), READ_AT_ONCE):
            some = wanted[start : start + READ_AT_ONCE]
            texts = await self._texts([record.digest for record in some])
            found += await asyncio.to_thread(_read_all, some, texts)
        return tuple(found)

    async def add(self, texts: Sequence[VocabularyText], *, told: Telling | None = None) -> Added:
        """Add what is new, all in one transaction; see the port."""
        candidates = _candidates(texts)
        now = records.microseconds(datetime.now(UTC))

        async def work(unit: UnitOfWork) -> Added | None:
            added = await add_candidates(unit, candidates, at=now)
            if added is not None and added.added and told is not None:
                await add_rows(unit, [told(added, now)])
            return added

        for attempt in range(FIRST_ATTEMPTS):
            await self._database.execute(QUERIES["ensure_registry"])
            added = await self._database.write(work, name="add_releases")
            if added is not None:
                return added
            await asyncio.sleep(0.01 * 2**attempt)
        raise WriteContended(query="add_releases", attempts=FIRST_ATTEMPTS)

    async def _texts(self, digests: Sequence[str]) -> Mapping[str, str]:
        """The stored parts of each text, joined in their order."""
        rows = await self._database.read(QUERIES["read_texts"], {"digests": list(digests)})
        parts: dict[str, dict[int, str]] = {}
        for row in rows:
            of_text = parts.setdefault(records.text(row, "digest"), {})
            of_text[records.whole(row, "part")] = records.text(row, "text")
        return {digest: "".join(of_text[part] for part in sorted(of_text)) for digest, of_text in parts.items()}


def _candidates(texts: Sequence[VocabularyText]) -> Sequence[Candidate]:
    """Each release once; `ReleaseChanged` when two of the texts give one name different texts."""
    found: dict[str, Candidate] = {}
    for text in texts:
        for each in text.releases:
            candidate = Candidate(canonical_release(each), text.origin)
            first = found.setdefault(candidate.release.key, candidate)
            if first.release.digest != candidate.release.digest:
                given = candidate.release.digest
                raise ReleaseChanged(release=candidate.release.key, actual=first.release.digest, given=given)
    return tuple(found.values())


async def add_candidates(unit: UnitOfWork, candidates: Sequence[Candidate], *, at: int) -> Added | None:
    """Add what is new, as one part of an open transaction that began at ``at`` (microseconds); None without a registry.

    The registry is locked first, so that of two that release the same one sees the other's. Each new version is told
    of in the outbox.
    """
    revision = await lock_registry(unit)
    if revision is None:
        return None
    known = await _known(unit, candidates)
    new = [each for each in candidates if each.release.key not in known]
    await _set_origins(unit, candidates, known)
    if new:
        revision += 1
        await _create(unit, new, revision)
        await raise_revision(unit, revision, at=at)
        released = [each.release.key for each in new if each.release.kind is ReleaseKind.SCHEME_VERSION]
        subjects = {f"release/{key}": key for key in released}
        await tell_at(unit, VERSION_RELEASED, subjects, position=revision, at=at)
    return Added(revision, tuple(each.release.key for each in new), tuple(sorted(known)))


async def lock_registry(unit: UnitOfWork) -> int | None:
    """Lock the registry until the transaction ends; its revision as it then stands, None without a registry."""
    await unit.run(QUERIES["lock_registry"])
    rows = await unit.run(QUERIES["locked_revision"])
    return records.whole(rows[0], "revision") if rows else None


async def raise_revision(unit: UnitOfWork, revision: int, *, at: int) -> None:
    """Set the registry's revision, and remember since when it holds. Run under the lock."""
    await unit.run(QUERIES["raise_revision"], {"revision": revision, "at": at})


async def _known(unit: UnitOfWork, candidates: Sequence[Candidate]) -> Mapping[str, str]:
    """The origins of the candidates stored already, by key; `ReleaseChanged` when one is stored with another text."""
    given = {each.release.key: each.release.digest for each in candidates}
    known: dict[str, str] = {}
    for row in await unit.run(QUERIES["find_releases"], {"keys": sorted(given)}):
        key, digest = records.text(row, "key"), records.text(row, "digest")
        if digest != given[key]:
            raise ReleaseChanged(release=key, actual=digest, given=given[key])
        known[key] = records.text(row, "origin")
    return known


async def _set_origins(unit: UnitOfWork, candidates: Sequence[Candidate], known: Mapping[str, str]) -> None:
    """Remember the file that a release known before was read from now, so that it is not read again."""
    rows = [
        {"key": each.release.key, "origin": each.origin}
        for each in candidates
        if each.origin and known.get(each.release.key, each.origin) != each.origin
    ]
    if rows:
        await unit.run(QUERIES["set_origins"], {"rows": rows})


async def _create(unit: UnitOfWork, candidates: Sequence[Candidate], revision: int) -> None:
    parts = [row for each in candidates for row in _parts(each.release)]
    for batch in cut(parts):
        await unit.run(QUERIES["add_texts"], {"rows": batch})
    releases: list[Mapping[str, object]] = [
        {
            "key": each.release.key,
            "kind": each.release.kind.value,
            "digest": each.release.digest,
            "revision": revision,
            "origin": each.origin,
            "size": len(each.release.text),
        }
        for each in candidates
    ]
    for batch in cut(releases):
        await unit.run(QUERIES["add_releases"], {"rows": batch})


def _parts(release: CanonicalRelease) -> Iterator[Mapping[str, object]]:
    """The text's rows: its Base64 cut every `PART` characters."""
    packed = base64.b64encode(zlib.compress(release.text.encode())).decode()
    for part, start in enumerate(range(0, len(packed), PART)):
        yield {
            "key": f"{release.digest}/{part}",
            "digest": release.digest,
            "part": part,
            "text": packed[start : start + PART],
        }


def _read_all(wanted: Sequence[ReleaseRecord], texts: Mapping[str, str]) -> list[Release]:
    return [
        read_canonical(_unpack(texts.get(record.digest, ""), record.key), key=record.key, digest=record.digest)
        for record in wanted
    ]


def _unpack(packed: str, key: str) -> str:
    """The text of its Base64; `ReleaseDamaged` when it is none, or would not end."""
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(base64.b64decode(packed, validate=True), MOST_TEXT)
        if inflater.eof:
            return text.decode()
    except (ValueError, zlib.error) as damage:
        raise ReleaseDamaged(release=key) from damage
    raise ReleaseDamaged(release=key)


def _changes(row: Row | None) -> tuple[RegistryChange, ...]:
    """Since when each revision holds, rising."""
    if row is None:
        return ()
    pairs = zip(records.wholes(row, "instants"), records.wholes(row, "revisions"), strict=True)
    return tuple(sorted(RegistryChange(at, revision) for at, revision in pairs))


def _retirement(row: Row) -> Retirement:
    return Retirement(
        scheme=SchemeId(records.text(row, "scheme")),
        version=VersionTag(records.text(row, "version")),
        to=ReleaseStatus(records.text(row, "became")),
        successors=tuple(records.texts(row, "successors")),
        reason=records.text(row, "reason"),
        actor=records.text(row, "actor"),
        at=records.instant(row, "at"),
        decisions=decisions_of(row),
        revision=records.whole(row, "revision"),
    )


def _by_revision(retirement: Retirement) -> int:
    return retirement.revision


def decisions_of(row: Row) -> tuple[Decision, ...]:
    """The decisions of a row that holds them in three columns: bodies, days, symbols."""
    columns = (records.texts(row, name) for name in ("bodies", "days", "symbols"))
    return tuple(Decision(body, date.fromisoformat(day), symbol) for body, day, symbol in zip(*columns, strict=True))


def decision_columns(decisions: Sequence[Decision]) -> Mapping[str, Sequence[str]]:
    """The decisions as the three columns that a node holds."""
    return {
        "bodies": [each.body for each in decisions],
        "days": [each.decided_on.isoformat() for each in decisions],
        "symbols": [each.symbol for each in decisions],
    }


def _column(row: Row, name: str) -> Sequence[object]:
    column = row.get(name)
    if not isinstance(column, list):
        raise RowMalformed(expected="list", column=name)
    return column


def _record(key: object, kind: object, digest: object, revision: object, origin: object) -> ReleaseRecord:
    row = {"key": key, "kind": kind, "digest": digest, "revision": revision, "origin": origin}
    return ReleaseRecord(
        key=records.text(row, "key"),
        kind=ReleaseKind(records.text(row, "kind")),
        digest=records.text(row, "digest"),
        revision=records.whole(row, "revision"),
        origin=records.text(row, "origin"),
    )
