"""Ids of records: keyed hashes of the reporting entity and its own key, so that the same record gets the same id.

The key belongs to one installation: ids tell nothing of the keys they were made from (an entity's own numbers may
be identity numbers) and cannot be joined across installations. BLAKE2b (RFC 7693) in keyed mode is the hash; the
kind of record separates the domains.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from registry.cases.model import Identifier, IdentifierKind
from registry.identifiers import BatchId, EntityId, EventId, PersonId

KEY_BYTES: Final = 32
_ID_BYTES: Final = 15
"""120 bits, 20 characters: two among 10^9 records collide with odds of 10^-18."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Makes ids under one installation's key of `KEY_BYTES` bytes. The key is not shown in its repr."""

    key: bytes = field(repr=False)

    def event(self, entity: EntityId, source_key: str) -> EventId:
        """The id of an entity's record."""
        return EventId(self._id(b"event", entity, source_key))

    def person(self, entity: EntityId, source_key: str) -> PersonId:
        """The id of a person whom an entity knows by that key of its own."""
        return PersonId(self._id(b"person", entity, source_key))

    def part(self, entity: EntityId, source_key: str, part: str) -> PersonId:
        """The id of a single person without a key, told of at one place of one record."""
        return PersonId(self._id(b"part", entity, source_key, part))

    def batch(self, entity: EntityId, file_digest: str, mapping: str) -> BatchId:
        """The id of one file's delivery by one mapping."""
        return BatchId(self._id(b"batch", entity, file_digest, mapping))

    def identifier(self, kind: IdentifierKind, text: str) -> Identifier | None:
        """The token of an identifier, the same whichever entity tells it; None where it has no letter and no digit.

        What is written is brought to one form first: case, blanks and punctuation do not make another identifier.
        """
        normal = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
        return Identifier(kind, self._id(b"identifier", kind.value, normal)) if normal else None

    def _id(self, kind: bytes, *texts: str) -> str:
        # Lengths stand before the texts: ("ab", "c") and ("a", "bc") are two records.
        content = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (text.encode() for text in texts))
        digest = hashlib.blake2b(content, key=self.key, person=kind, digest_size=_ID_BYTES).digest()
        return base64.urlsafe_b64encode(digest).decode()
