"""Who and what a phone, an address, a document or an account is told of: the way in for somebody who knows one.

Lives here: the question and its answer. Elsewhere: how a text becomes a token (``identity``), who else shares one
(``registry.network``), asking other agencies (``registry.access``).

The text is compared as a keyed token and is neither kept nor told again. Only events inside the scope tell anything,
before the limit: the answer to a number that a hidden record alone tells is the answer to an invented one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.cases.identity import Identities
from registry.cases.model import IdentifierKind, Sighting
from registry.cases.ports import CaseStore
from registry.errors import IdentifierMalformed, check_range

MOST_SIGHTINGS: Final = 500
"""More are an office's own line or a registry's form, and lead nowhere."""
LONGEST_TEXT: Final = 200
"""Characters, as for delivered identifiers."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What was found, by event, then person; ``truncated`` says that the limit left some out."""

    sightings: tuple[Sighting, ...]
    truncated: bool


async def sightings(store: CaseStore, kind: IdentifierKind, text: str, *, first: int = 50, actor: Actor) -> Sightings:
    """Where the identifier is told, inside the scope. Raises `IdentifierMalformed`, `ArgumentOutOfRange`."""
    require(actor, Right.READ_CASES)
    require(actor, Right.READ_IDENTIFIED)
    check_range("first", first, 1, MOST_SIGHTINGS)
    key = await store.known_identity_key()
    identifier = Identities(key or b"no record yet").identifier(kind, text) if len(text) <= LONGEST_TEXT else None
    if identifier is None:
        raise IdentifierMalformed(kind=kind.value, expected=f"a letter or digit in at most {LONGEST_TEXT} characters")
    found: Sequence[Sighting] = await store.sightings(identifier, limit=first + 1, scope=scope_parameter(actor.scope))
    return Sightings(tuple(found[:first]), truncated=len(found) > first)
