"""What exchanges between agencies need of a store. Each change takes the audit row that tells of it: one transaction.

Lives here: the port. Elsewhere: the store behind it (``registry.storage.bolt.exchange``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from registry.access.actor import Scope
from registry.access.audit import AuditRow
from registry.access.exchanges import ContactAnswer, ContactHit, ContactRequest, Referral
from registry.identifiers import EntityId, EventId


class ExchangeStore(Protocol):
    """Referrals and contact requests. Everything read is inside the scope given."""

    async def offer(self, referral: Referral, *, scope: Scope, audit: AuditRow) -> None:
        """Keep an offer of an event that its giver holds inside the scope.

        Raises `RecordUnknown` without one, or without the receiver; `GrantNotOpen` while it is offered already.
        """

    async def end_referral(
        self, referral_id: str, judge: Callable[[Referral], Referral], *, scope: Scope, audit: AuditRow
    ) -> Referral:
        """Lock a referral of an event inside the scope, let ``judge`` end it; its receiver holds what is accepted.

        ``judge`` is pure and raises to leave everything as it is. Raises `GrantUnknown`, and `GrantNotOpen` when the
        giver does not hold the event any more. The event's id is added to the row.
        """

    async def given(
        self, agency: EntityId, *, by: str, scope: Scope, open_at: int | None, limit: int
    ) -> Sequence[Referral]:
        """Referrals of the agency's events, newest first: those given ``by`` that account, and of events in scope."""

    async def received(self, agency: EntityId, *, scope: Scope, open_at: int | None, limit: int) -> Sequence[Referral]:
        """Referrals to the agency of events inside the scope, newest first."""

    async def mark_informant(
        self, event: EventId, is_informant: bool, *, agency: EntityId, scope: Scope, audit: AuditRow
    ) -> None:
        """Mark an event that the agency holds inside the scope, or take the mark away; `RecordUnknown` without one."""

    async def ask_contact(
        self, request: ContactRequest, *, scope: Scope, since: int, budget: int, most: int, audit: AuditRow
    ) -> None:
        """Keep a request with the tokens of its person, as events of its agency inside the scope tell them.

        The same work whether or not anybody else holds them. Raises `ContactBudgetSpent` after ``budget`` requests of
        the agency since a moment, `RecordUnknown` for a person not seen, `IdentifiersUnfit` for none or over ``most``.
        """

    async def sent(self, agency: EntityId, *, scope: Scope, limit: int) -> Sequence[ContactRequest]:
        """The agency's requests about people in scope, newest first, with answers but those that decline."""

    async def withdraw_contact(
        self, request_id: str, *, agency: EntityId, scope: Scope, at: int, audit: AuditRow
    ) -> ContactRequest | None:
        """End a request of the agency about somebody in scope; None without one that is open."""

    async def hits(self, agency: EntityId, *, scope: Scope, now: int, limit: int) -> Sequence[ContactHit]:
        """Open requests of other agencies that hit an event the agency holds in scope, newest first.

        Only identifiers that the event told before the request was made: nobody may fish for requests afterwards.
        """

    async def answer_contact(
        self,
        request_id: str,
        event: EventId,
        answer: ContactAnswer,
        *,
        by: str,
        reason: str,
        expires: int,
        scope: Scope,
        audit: AuditRow,
    ) -> ContactHit | None:
        """Keep the answer about a hit, with its referral if it is one; None where there is no such hit.

        Raises `GrantNotOpen` when the agency shared or referred already.
        """
