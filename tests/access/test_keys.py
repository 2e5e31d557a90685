"""A key is believed only whole, in time and unrevoked; any fault of it is answered alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.access.actor import Account
from registry.access.keys import KeyRecord, check_key, digest_of, key_id_of, looks_like_key, used_lately, write_key
from registry.errors import CredentialsRefused
from tests.access.conftest import HOUR, NOW

PEPPER = b"p" * 32
KEY_ID, TEXT = write_key(bytes(range(41)))
RECORD = KeyRecord(KEY_ID, digest_of(TEXT, PEPPER), Account("app"), "admin", NOW, NOW + HOUR)


def test_a_key_is_its_id_and_a_secret_of_256_bits() -> None:
    """Readable as a key, and its id is found in it."""
    assert TEXT == "k-AAECAwQFBgcI.CQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg"
    assert looks_like_key(TEXT)
    assert key_id_of(TEXT) == KEY_ID == "k-AAECAwQFBgcI"


def test_the_right_key_in_its_time_is_believed() -> None:
    """Its record comes back."""
    assert check_key(TEXT, RECORD, pepper=PEPPER, now=NOW) is RECORD


@pytest.mark.parametrize(
    ("text", "record", "pepper", "now"),
    [
        (TEXT[:-1] + "A", RECORD, PEPPER, NOW),
        (TEXT, None, PEPPER, NOW),
        (TEXT, RECORD, b"q" * 32, NOW),
        (TEXT, RECORD, PEPPER, NOW + HOUR),
        (TEXT, RECORD, PEPPER, NOW - 1),
        (TEXT, replace(RECORD, revoked_at=NOW), PEPPER, NOW),
    ],
    ids=["wrong secret", "unknown", "other pepper", "expired", "not yet", "revoked"],
)
def test_every_fault_of_a_key_is_answered_alike(text: str, record: KeyRecord | None, pepper: bytes, now: int) -> None:
    """Nothing tells a wrong secret from an unknown id."""
    with pytest.raises(CredentialsRefused) as raised:
        check_key(text, record, pepper=pepper, now=now)

    assert raised.value.message == "The credentials were not accepted: that is no key in use."


@pytest.mark.parametrize("text", ["", "k-short.secret", TEXT + "x", TEXT.replace(".", ":"), "a.b.c", "k-" + "é" * 12])
def test_what_is_no_key_is_answered_as_a_wrong_one(text: str) -> None:
    """The shape is checked before the store is asked."""
    with pytest.raises(CredentialsRefused) as raised:
        key_id_of(text)

    assert raised.value.message == "The credentials were not accepted: that is no key in use."


def test_neither_secret_nor_digest_is_printed() -> None:
    """A record in a log or a traceback gives nothing away."""
    assert RECORD.digest not in repr(RECORD)


def test_last_use_is_noted_by_the_hour() -> None:
    """Not once a request."""
    assert not used_lately(RECORD, NOW)
    assert used_lately(replace(RECORD, last_used=NOW), NOW + HOUR - 1)
    assert not used_lately(replace(RECORD, last_used=NOW), NOW + HOUR)
