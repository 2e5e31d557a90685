"""What agencies exchange about cases: referrals, contact requests and their answers. Values alone.

Lives here: the models. Elsewhere: who may do what with them (``referral``, ``contact``), keeping (``exchange_ports``).
Instants are microseconds since 1970 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.identifiers import EntityId, EventId, PersonId


class ReferralEnd(StrEnum):
    """How an offer ended, unless it lapsed."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Referral:
    """One event offered by the agency that held it to another."""

    id: str
    event: EventId
    giver: EntityId
    to: EntityId
    reason: str
    given_by: str
    given_at: int
    expires: int
    end: ReferralEnd | None = None
    ended_by: str | None = None
    ended_at: int | None = None

    def state(self, now: int) -> str:
        """``offered``, how it ended, or ``lapsed``."""
        if self.end is not None:
            return self.end.value
        return "offered" if now < self.expires else "lapsed"


class ContactAct(StrEnum):
    """What the agency that holds a record does about a request that hits it."""

    SHARE = "share the contact point"
    REFER = "refer the case"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """What the asking agency learns: who answered, how, and whom to call. A decline is never told."""

    agency: EntityId
    act: ContactAct
    contact_point: str
    answered_at: int
    referral: str | None = None


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """An agency asks whether another holds a person who has an identifier of its own person's.

    It is noted, and matches nothing at the asking; ``answers`` are what the holders chose to tell.
    """

    id: str
    agency: EntityId
    person: PersonId
    reason: str
    asked_by: str
    asked_at: int
    expires: int
    withdrawn_at: int | None = None
    answers: tuple[ContactAnswer, ...] = ()

    def state(self, now: int) -> str:
        """``noted``, ``answered``, ``withdrawn`` or ``lapsed``: the same whether or not anybody holds such a person."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.answers:
            return "answered"
        return "noted" if now < self.expires else "lapsed"


@dataclass(frozen=True, slots=True)
class ContactHit:
    """One request as the agency whose record it hits is told of it: who asks, and which own record."""

    request: str
    agency: EntityId
    reason: str
    asked_at: int
    expires: int
    event: EventId
    person: PersonId
    kinds: tuple[str, ...]
    """Kinds of the identifiers in common, sorted: document, phone, account."""
    answered: ContactAct | None
    """What this agency did about it so far."""
