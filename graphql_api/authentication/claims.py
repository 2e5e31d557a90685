"""What a token's claims say of an account. Deny by default: what is not said, or not understood, brings nothing.

::

    roles       names of roles, or of the provider's groups that settings map to roles
    entities    reporting entities whose records the account works with; "*" for all
    countries   codes of ``areas``; "*" for all
    tiers       child, sexual, informant
    purposes    what the account may act for
    grants      "not-needed" lifts the need of a grant for each case
    agency      the reporting entity it works for
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from graphql_api.settings import OidcSettings
from registry.access.actor import Account, Sensitivity, StatedPurpose
from registry.access.keys import ACCOUNT
from registry.errors import CredentialsRefused, IdentifierMalformed
from registry.identifiers import EntityId, Identifier, Notation

EVERY: Final = "*"
LONGEST_NAME: Final = 200
RESERVED: Final = (ACCOUNT, "cli:", "address ")
"""How names begin that are not a provider's to give: of keys, of the command line, of strangers by their address."""

Named = TypeVar("Named", bound=Identifier)
Listed = TypeVar("Listed", bound=StrEnum)


def account_of(claims: Mapping[str, Any], settings: OidcSettings) -> Account:
    """The account of believed claims; raises `CredentialsRefused` when it has no usable name."""
    told = {part: find(claims, path) for part, path in settings.claims.items()}
    entities = texts(told.get("entities"))
    agency = next(iter(texts(told.get("agency"))), None) or (entities[0] if len(entities) == 1 else None)
    return Account(
        name=name_of(told.get("name")),
        roles=roles_of(texts(told.get("roles")), settings.roles),
        entities=identifiers(entities, EntityId),
        countries=identifiers(texts(told.get("countries")), Notation),
        tiers=members(texts(told.get("tiers")), Sensitivity),
        purposes=members(texts(told.get("purposes")), StatedPurpose),
        needs_grants=texts(told.get("grants")) != ("not-needed",),
        agency=next(iter(identifiers((agency,), EntityId) or ()), None) if agency else None,
    )


def find(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of that name, or, where there is none, what the dots of the name lead to."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def texts(claim: Any) -> tuple[str, ...]:
    """A claim as texts: a list's texts, or the words of one text (as in ``scope``, RFC 6749, 3.3)."""
    if isinstance(claim, str):
        return tuple(claim.split())
    if isinstance(claim, list):
        return tuple(item for item in claim if isinstance(item, str))
    return ()


def name_of(claim: Any) -> str:
    """The account's name as it goes into logs and audit rows: printable, without spaces at its ends.

    Names that begin as those of keys and of the command line do are nobody's at the provider: rows would lie.
    """
    if not isinstance(claim, str) or not claim.strip() or len(claim) > LONGEST_NAME or not claim.isprintable():
        raise CredentialsRefused(reason="the token names no account")
    name = claim.strip()
    if name.startswith(RESERVED):
        raise CredentialsRefused(reason="the token names no account")
    return name


def roles_of(names: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Our roles behind the provider's names; where settings map names, a name that is not mapped brings nothing."""
    if not mapping:
        return tuple(sorted(set(names)))
    return tuple(sorted({mapping[name] for name in names if name in mapping}))


def identifiers(names: tuple[str, ...], kind: type[Named]) -> frozenset[Named] | None:
    """The names as identifiers, None (every one) for ``*`` alone; what is no identifier is left out."""
    if names == (EVERY,):
        return None
    found = set()
    for name in names:
        try:
            found.add(kind(name))
        except IdentifierMalformed:
            continue
    return frozenset(found)


def members(names: tuple[str, ...], kind: type[Listed]) -> frozenset[Listed]:
    """The names that are members of the list; others are left out."""
    known = {member.value: member for member in kind}
    return frozenset(known[name] for name in names if name in known)
