"""Names that stand for records where the record may not be known: the same for one role and purpose, unlike elsewhere.

Lives here: making them. Elsewhere: who gets them instead of ids (``tiers``).

A pseudonym is a keyed hash of the id under a key derived for one role, purpose and period. So two roles cannot join
their tables, nobody without the key can try ids, and a rotation makes new names without touching any record.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from registry.access.actor import StatedPurpose

KEY_BYTES: Final = 32
_BYTES: Final = 15
"""120 bits, as ids have: collisions of a million records are out of reach (10^-24)."""
_MARK: Final = "p-"


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The names of one role and purpose in one period (a number that an operator raises to rotate)."""

    key: bytes = field(repr=False)
    period: int

    @classmethod
    def derive(cls, secret: bytes, *, roles: tuple[str, ...], purpose: StatedPurpose | None, period: int) -> Pseudonyms:
        """The names for these roles together and this purpose; the secret itself names nothing."""
        label = "\x1f".join(("ictip pseudonyms", *sorted(roles), purpose or "-", str(period)))
        return cls(hmac.new(secret, label.encode(), hashlib.sha256).digest(), period)

    def of(self, kind: str, id_: str) -> str:
        """The name of one record: ``p-`` and 20 letters, different for each kind of record."""
        digest = hmac.new(self.key, f"{kind}\x1f{id_}".encode(), hashlib.sha256).digest()[:_BYTES]
        return _MARK + base64.urlsafe_b64encode(digest).decode()

    def order_of(self, id_: str) -> str:
        """Where a record stands among others when nothing of it may say: 16 hexadecimal digits under the same key."""
        return hashlib.blake2b(id_.encode(), key=self.key, digest_size=8, person=b"ictip order").hexdigest()
