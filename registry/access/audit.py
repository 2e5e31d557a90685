"""Who did or read what, for what, with which outcome: rows that are only ever added, and the chain over them.

Lives here: the row, its canonical text, the chain and its verification; all pure. Elsewhere: keeping, sealing and
group commit (``ports``), who may read it (``queries``).

::

    mac(n) = HMAC-SHA-256(key, mac(n-1) ‖ n as 8 bytes ‖ SHA-256(rows(n)))        mac(0) = HMAC(key, "ictip audit")
    rows(n) = for each row of block n a line: its id, a space, SHA-256 of its text

A row is written with the change it tells of, in one transaction, outside the chain; one sealer gathers rows into blocks
afterwards. So a row not yet sealed could be removed unseen by whoever holds the database: verification says how many
rows are unsealed and how old the oldest is, and heads are sent outside so that a cut-off end shows as well.
A row holds identifiers, codes and counts: never a case value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

from registry.access.actor import Actor
from registry.errors import AuditBroken

RECORDS_TOLD: Final = 100
"""Record ids written out in a row; of more, the count and a digest of all are kept."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a door knows of one request. Instants are microseconds since 1970 in UTC.

    ``operation`` is a digest of what was asked, without its text: texts hold literals.
    """

    request: str
    operation: str
    at: int


NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})

UNTOLD: Final = Circumstances(request="", operation="", at=0)
"""Of an act whose caller told neither request nor time."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act. ``id`` is random and makes a repeated write harmless."""

    id: str
    at: int
    actor: str
    roles: str
    purpose: str | None
    act: str
    request: str
    operation: str
    allowed: bool
    records: tuple[str, ...]
    count: int
    digest: str | None
    """SHA-256 of all record ids, sorted, each with a line end; None when all are written out."""
    opened: tuple[str, ...] = ()
    """Records among these that only an emergency opening shows."""
    subject: str | None = None
    """What was acted upon when it is no case record: a key, a grant, an account, a batch, a draft, a release."""
    facts: tuple[tuple[str, str], ...] = ()
    """More of the act by name, in the order given: identifiers, codes, counts, a custodian's reason."""


def audit_row(
    *,
    id: str,
    actor: Actor,
    act: str,
    circumstances: Circumstances,
    records: Iterable[str] = (),
    allowed: bool = True,
    subject: str | None = None,
    facts: Mapping[str, str] = NO_FACTS,
) -> AuditRow:
    """The row of an act on these records, their ids sorted."""
    all_records = sorted(set(records))
    told = tuple(all_records[:RECORDS_TOLD])
    return AuditRow(
        id=id,
        at=circumstances.at,
        actor=actor.name,
        roles=",".join(actor.roles),
        purpose=actor.purpose.value if actor.purpose else None,
        act=act,
        request=circumstances.request,
        operation=circumstances.operation,
        allowed=allowed,
        records=told,
        count=len(all_records),
        digest=_digest(all_records) if len(all_records) > len(told) else None,
        opened=tuple(sorted(actor.scope.opened.intersection(all_records))),
        subject=subject,
        facts=tuple(facts.items()),
    )


_LINE: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(row: AuditRow) -> str:
    """The row as one line of JSON, keys sorted, nothing escaped that need not be: what is stored and sealed."""
    return _LINE.encode({each.name: getattr(row, each.name) for each in fields(row)})


def row_of(text: str) -> AuditRow:
    """The row of a canonical text."""
    told = json.loads(text)
    facts = tuple((name, fact) for name, fact in told.get("facts", ()))
    return AuditRow(**{**told, "records": tuple(told["records"]), "opened": tuple(told["opened"]), "facts": facts})


def text_digest(text: str) -> str:
    """SHA-256 of a row's canonical text, hex: what a block seals."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last block's number, from 1, and its mac in hex. Number 0 is the beginning."""

    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows sealed together, in order: their ids and the digests of their texts, in two columns."""

    number: int
    rows: tuple[str, ...]
    digests: tuple[str, ...]
    mac: str

    @property
    def head(self) -> Head:
        """The chain's end, had this block been the last."""
        return Head(self.number, self.mac)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification found. ``unsealed`` rows are not protected yet, the first made at ``oldest_unsealed``.

    ``removed`` rows were taken away by a retention run that is itself sealed; ``compared`` heads came from outside.
    """

    head: Head
    rows: int
    removed: int
    unsealed: int
    oldest_unsealed: int | None
    compared: int


def beginning(key: bytes) -> Head:
    """The head of an empty chain."""
    return Head(0, hmac.new(key, b"ictip audit", hashlib.sha256).hexdigest())


def seal(head: Head, rows: Sequence[tuple[str, str]], key: bytes) -> Block:
    """These rows, each an id and its canonical text, as the block after this head."""
    ids = tuple(id_ for id_, _ in rows)
    digests = tuple(text_digest(text) for _, text in rows)
    number = head.number + 1
    return Block(number, ids, digests, _mac(head, number, ids, digests, key))


def follow(head: Head, block: Block, key: bytes) -> Head:
    """The head after this block; raises `AuditBroken` when it does not follow the head given."""
    if block.number != head.number + 1:
        raise AuditBroken(number=head.number + 1, reason="the block is missing")
    computed = _mac(head, block.number, block.rows, block.digests, key)
    if not hmac.compare_digest(computed, block.mac):
        raise AuditBroken(number=block.number, reason="it is not what was sealed")
    return block.head


def check_texts(block: Block, texts: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of rows that are gone; raises `AuditBroken` when one that is there is not what was sealed."""
    for id_, digest in zip(block.rows, block.digests, strict=True):
        if id_ in texts and text_digest(texts[id_]) != digest:
            raise AuditBroken(number=block.number, reason="a row of it was changed")
    return tuple(id_ for id_ in block.rows if id_ not in texts)


REMOVAL: Final = "remove expired audit rows"
"""The act of a retention run; its ``subject`` names the last block whose rows it may have removed."""


def removed_until(rows: Iterable[AuditRow]) -> int:
    """The last block that the retention runs among these rows were allowed to empty; 0 when there was none."""
    return max((int(row.subject or 0) for row in rows if row.act == REMOVAL and row.allowed), default=0)


def compare_heads(outside: Iterable[Head], inside: Mapping[int, str], end: int) -> int:
    """How many heads kept outside stand in the chain as told; raises `AuditBroken` at the first that does not."""
    compared = 0
    for kept in sorted(outside, key=lambda head: head.number):
        if kept.number > end:
            raise AuditBroken(number=kept.number, reason="it was sealed once, a head kept outside says so, and is gone")
        if not hmac.compare_digest(inside.get(kept.number, ""), kept.mac):
            raise AuditBroken(number=kept.number, reason="it differs from the head kept outside")
        compared += 1
    return compared


def _mac(head: Head, number: int, ids: Sequence[str], digests: Sequence[str], key: bytes) -> str:
    rows = "".join(f"{id_} {digest}\n" for id_, digest in zip(ids, digests, strict=True))
    content = bytes.fromhex(head.mac) + number.to_bytes(8, "big") + hashlib.sha256(rows.encode()).digest()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _digest(records: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for record in records:
        digest.update(f"{record}\n".encode())
    return digest.hexdigest()
