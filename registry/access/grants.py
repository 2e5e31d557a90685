"""Access given to one account for some time: single cases, and openings in an emergency.

Lives here: what a grant is, when it counts, and how an account with its grants becomes an actor. Elsewhere: who may
give one (``actions``), where they are kept (``ports``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registry.access.actor import Account, Actor, Scope, StatedPurpose
from registry.access.roles import rights_of
from registry.identifiers import EventId

SECOND: Final = 1_000_000
"""Microseconds; instants here are microseconds since 1970 in UTC."""
LONGEST_OPENING: Final = 4 * 3600 * SECOND
"""An emergency ends, or is asked for anew by the same two people."""
LONGEST_GRANT: Final = 366 * 24 * 3600 * SECOND
"""A case grant is looked at again at least each year."""


class GrantKind(StrEnum):
    """A case grant adds a case to those an account needs grants for; an opening shows an event out of scope."""

    CASE = "case"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Grant:
    """One event for one account, until a moment. An opening counts only once a second person approved it."""

    id: str
    kind: GrantKind
    account: str
    event: EventId
    given_by: str
    given_at: int
    expires: int
    reason: str = ""
    """A code of why, chosen by who asked: never free text, never a case value."""
    approved_by: str | None = None
    approved_at: int | None = None
    revoked_at: int | None = None

    def counts_at(self, now: int) -> bool:
        """Whether it gives access at that moment."""
        approved = self.kind is GrantKind.CASE or (self.approved_by is not None and self.approved_by != self.given_by)
        return approved and self.revoked_at is None and self.given_at <= now < self.expires


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with its grants, as believed until ``until``: what an actor is made of for each request."""

    account: Account
    grants: tuple[Grant, ...] = ()
    until: int | None = None
    """When the token or key ends; None says never."""

    def actor(self, *, now: int, purpose: str | None) -> Actor:
        """The actor of one request. A purpose the account may not act for counts as none stated."""
        counted = [grant for grant in self.grants if grant.counts_at(now)]
        stated = next((known for known in self.account.purposes if known.value == purpose), None)
        return _actor(self.account, counted, stated)

    def next_change(self, now: int) -> int | None:
        """The first moment, from now on, at which a grant or the standing itself begins or ends to count.

        A standing that has ended already (a token within its leeway) is to be asked for again at once.
        """
        moments = [moment for grant in self.grants for moment in (grant.given_at, grant.expires) if moment > now]
        if self.until is not None:
            moments.append(max(self.until, now))
        return min(moments, default=None)


def _actor(account: Account, grants: Sequence[Grant], purpose: StatedPurpose | None) -> Actor:
    rights = rights_of(account.roles)
    granted = frozenset(grant.event for grant in grants if grant.kind is GrantKind.CASE)
    return Actor(
        name=account.name,
        rights=rights if account.only is None else rights & account.only,
        scope=Scope(
            entities=account.entities,
            countries=account.countries,
            tiers=account.tiers,
            cases=granted if account.needs_grants else None,
            opened=frozenset(grant.event for grant in grants if grant.kind is GrantKind.OPENING),
        ),
        purpose=purpose,
        roles=account.roles,
        agency=account.agency,
    )
