"""Bolt 5.4 to 5.8 as bytes: requests made, answers cut out of what arrives. Pure.

Lives here: framing and the few messages that a single statement needs. Elsewhere: who sends them (``connection``).

Source: the Bolt protocol's specification, versions 5.4 to 5.8: handshake, chunks, messages; PackStream 1.0 for the
values, by the codec in Rust of ``neo4j-rust-ext``, which has no other door than the driver's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from neo4j._codec.hydration import DehydrationHooks
from neo4j._rust.codec.packstream.v1 import pack, unpack

from registry.storage.bolt.named_queries import Parameters

GREETING: Final = b"\x60\x60\xb0\x17" + bytes((0, 4, 8, 5)) + bytes(12)
"""The magic, and the versions we speak: 5.8 and the four before it; three places for others stay empty."""
SPOKEN: Final = frozenset(bytes((0, 0, minor, 5)) for minor in range(4, 9))
"""What a server may choose of them."""
LARGEST_CHUNK: Final = 0xFFFF


class Kind(IntEnum):
    """The messages of a server."""

    SUCCESS = 0x70
    RECORD = 0x71
    IGNORED = 0x7E
    FAILURE = 0x7F


class Cutter:
    """Cuts what arrives, in pieces of any size, into messages. An empty chunk between messages is a sign of life."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._message = bytearray()

    def feed(self, data: bytes) -> list[bytearray]:
        """The messages that are whole with ``data``, in order."""
        waiting, at = self._waiting, 0
        waiting += data
        whole: list[bytearray] = []
        while len(waiting) - at >= 2:
            size = waiting[at] << 8 | waiting[at + 1]
            end = at + 2 + size
            if end > len(waiting):
                break
            if size:
                self._message += waiting[at + 2 : end]
            elif self._message:
                whole.append(self._message)
                self._message = bytearray()
            at = end
        del waiting[:at]
        return whole


def content(message: bytearray) -> object:
    """The only field of a server's message: a record's values, what a summary tells. None where there is no field."""
    found: object = unpack(message, 2, None)[0] if len(message) > 2 else None
    return found


def code_of(failure: object) -> str:
    """The store's code of a failure. Its text is not looked at: it quotes keys and statements."""
    told = failure if isinstance(failure, Mapping) else {}
    return str(told.get("neo4j_code") or told.get("code") or "no code")


def hello(agent: str) -> bytes:
    """Who we are. Nothing but answers is asked for: notifications are for who writes statements."""
    about = {"user_agent": agent, "bolt_agent": {"product": agent}, "notifications_minimum_severity": "OFF"}
    return _message(0x01, about)


def logon(user: str, password: str) -> bytes:
    """Who asks."""
    return _message(0x6A, {"scheme": "basic", "principal": user, "credentials": password})


def run(text: str, values: Parameters, *, database: str, seconds: float, writes: bool) -> bytes:
    """A statement in a transaction of its own, and the wish for all of its rows.

    A value that PackStream cannot hold is a `TypeError`, `ValueError` or `OverflowError`.
    """
    about = {"db": database, "tx_timeout": max(1, round(seconds * 1000)), "mode": "w" if writes else "r"}
    return _message(0x10, text, dict(values), about) + _ALL


def _message(tag: int, *fields: object) -> bytes:
    body = bytes((0xB0 + len(fields), tag)) + b"".join([pack(field, _HOOKS) for field in fields])
    if len(body) <= LARGEST_CHUNK:
        return len(body).to_bytes(2, "big") + body + _END
    chunks = (body[at : at + LARGEST_CHUNK] for at in range(0, len(body), LARGEST_CHUNK))
    return b"".join(len(chunk).to_bytes(2, "big") + chunk for chunk in chunks) + _END


_END: Final = b"\x00\x00"
_HOOKS: Final = DehydrationHooks(exact_values={}, exact_types={tuple: list}, subtypes={})
"""A tuple is a list, as it is for the driver."""
_ALL: Final = _message(0x3F, {"n": -1})
RESET: Final = _message(0x0F)
GOODBYE: Final = _message(0x02)
