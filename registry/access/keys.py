"""API keys: ``id.secret``, shown once, kept as a keyed digest.

Lives here: the text of a key, its digest, its comparison. Elsewhere: who may make one (``actions``), where they are
kept (``ports``). A key that is malformed, unknown, wrong, expired or revoked is answered the same way, and a digest
is computed for each, so that neither answer nor time tells which it was.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from registry.access.actor import Account
from registry.errors import CredentialsRefused

ID_BYTES: Final = 9
SECRET_BYTES: Final = 32
PEPPER_BYTES: Final = 32
"""The least a pepper holds: as much as the digest."""
LONGEST_LIFE: Final = 366 * 24 * 3600 * 1_000_000
"""A key lives a leap year at most; microseconds."""
SEEN_STEP: Final = 3600 * 1_000_000
"""Last use is kept to the hour: a write an hour a key, not a write a request; microseconds."""

ACCOUNT: Final = "key:"
"""How the account of a key begins; no account of a provider may."""

UNUSABLE: Final = "that is no key in use"
"""The one reason told for any fault of a key."""

_KEY = re.compile(r"(k-[A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as kept: never its secret. Instants are microseconds since 1970 in UTC."""

    id: str
    digest: str = field(repr=False)
    account: Account
    created_by: str
    created_at: int
    expires: int
    last_used: int | None = None
    revoked_at: int | None = None

    def counts_at(self, now: int) -> bool:
        """Whether the key still opens anything."""
        return self.revoked_at is None and self.created_at <= now < self.expires


def key_account(name: str) -> str:
    """The account of a key of that name."""
    return name if name.startswith(ACCOUNT) else ACCOUNT + name


def looks_like_key(text: str) -> bool:
    """Whether the text is a key rather than a token (a key has one dot, a token two)."""
    return text.startswith("k-") and text.count(".") == 1


def write_key(random: bytes) -> tuple[str, str]:
    """A new key's id and whole text, from ``ID_BYTES + SECRET_BYTES`` random bytes."""
    if len(random) != ID_BYTES + SECRET_BYTES:
        raise ValueError(f"a key is made of {ID_BYTES + SECRET_BYTES} bytes")
    key_id = f"k-{_text(random[:ID_BYTES])}"
    return key_id, f"{key_id}.{_text(random[ID_BYTES:])}"


def key_id_of(text: str) -> str:
    """The id inside a key's text; raises `CredentialsRefused`."""
    if match := _KEY.fullmatch(text):
        return match[1]
    raise CredentialsRefused(reason=UNUSABLE)


def digest_of(text: str, pepper: bytes) -> str:
    """HMAC-SHA-256 of the whole key under the pepper, hex."""
    return hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest()


def check_key(text: str, record: KeyRecord | None, *, pepper: bytes, now: int) -> KeyRecord:
    """The record, if the text is its key and it counts now; raises `CredentialsRefused` alike for every fault."""
    computed = digest_of(text, pepper)
    expected = record.digest if record is not None else computed[::-1]
    if not hmac.compare_digest(computed, expected) or record is None or not record.counts_at(now):
        raise CredentialsRefused(reason=UNUSABLE)
    return record


def used_lately(record: KeyRecord, now: int) -> bool:
    """Whether the last use is already noted within `SEEN_STEP`."""
    return record.last_used is not None and now - record.last_used < SEEN_STEP


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
