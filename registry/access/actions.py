"""What may be changed about access: keys, case grants, emergency openings, referrals, retention of the audit.

Lives here: rights, rules, and the audit row that goes with each change. Elsewhere: keeping them (``ports``).
Now and random bytes are arguments. Each function leaves exactly one audit row: with the change, or alone on denial.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from registry.access.actor import STRANGER, Account, Actor, Right
from registry.access.audit import NO_FACTS, REMOVAL, AuditRow, Circumstances, audit_row
from registry.access.grants import LONGEST_GRANT, LONGEST_OPENING, Grant, GrantKind
from registry.access.keys import LONGEST_LIFE, KeyRecord, digest_of, key_account, write_key
from registry.access.policy import may, require
from registry.access.ports import AccessStore, Audit, AuditStore
from registry.errors import (
    ArgumentsConflicting,
    GrantNotOpen,
    GrantUnknown,
    IctipError,
    IdentifierMalformed,
    SecondPersonNeeded,
    check_range,
)
from registry.identifiers import EventId

REASONS: Final = ("imminent-danger", "missing-person", "court-order", "child-at-risk")
"""Why an emergency opening may be asked for: codes, so that no case value reaches the audit."""

LEAST_KEPT: Final = 90 * 24 * 3600 * 1_000_000
"""Microseconds that audit rows are kept at least: an inquiry, or a contact request, must still find them."""
BLOCKS_A_LOOK: Final = 100
"""Blocks looked at in one read of a retention run: up to 50,000 rows are counted for it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One change about to be made: who, when, under which request; ``id`` is random and names its audit row."""

    actor: Actor
    circumstances: Circumstances
    id: str

    @property
    def now(self) -> int:
        """Microseconds since 1970 in UTC."""
        return self.circumstances.at

    def row(
        self,
        act: str,
        *,
        records: Iterable[str] = (),
        subject: str | None = None,
        allowed: bool = True,
        facts: Mapping[str, str] = NO_FACTS,
    ) -> AuditRow:
        """The audit row of this act."""
        return audit_row(
            id=self.id,
            actor=self.actor,
            act=act,
            circumstances=self.circumstances,
            records=records,
            subject=subject,
            allowed=allowed,
            facts=facts,
        )


async def allow(audit: Audit, act: Act, right: Right, *, subject: str | None = None) -> None:
    """Return when the actor may; else leave a row about the attempt and raise `NotAllowed` or `PurposeMissing`.

    A stranger's attempt leaves none: nobody unknown may fill the store. It is in the log of requests.
    """
    if act.actor is not STRANGER and not may(act.actor, right).allowed:
        await audit.append(act.row(right.value, subject=subject, allowed=False))
    require(act.actor, right)


GrantChange = Callable[[AccessStore, Audit, Act, str], Awaitable[Grant]]
"""A change of one case grant or opening by its id: `revoke_grant`, `approve_opening`, `revoke_opening`."""


async def create_key(
    store: AccessStore, audit: Audit, act: Act, *, account: Account, life: int, random: bytes, pepper: bytes
) -> tuple[KeyRecord, str]:
    """A new key and its text, which is shown this once. ``life`` is in microseconds.

    The account of a key is called ``key:NAME``, so that nobody signed in at the provider can be taken for it, nor it
    for them. Raises `NotAllowed`, `ArgumentOutOfRange`.
    """
    await allow(audit, act, Right.MANAGE_KEYS, subject=account.name)
    check_range("life", life, 1, LONGEST_LIFE)
    key_id, text = write_key(random)
    record = KeyRecord(
        id=key_id,
        digest=digest_of(text, pepper),
        account=replace(account, name=key_account(account.name)),
        created_by=act.actor.name,
        created_at=act.now,
        expires=act.now + life,
    )
    await store.add_key(record, audit=act.row("create key", subject=key_id, facts={"account": record.account.name}))
    return record, text


async def revoke_key(store: AccessStore, audit: Audit, act: Act, key_id: str) -> None:
    """End a key at once (elsewhere within the access poll). Raises `NotAllowed`, `GrantUnknown`."""
    await allow(audit, act, Right.MANAGE_KEYS, subject=key_id)
    if not await store.revoke_key(key_id, at=act.now, audit=act.row("revoke key", subject=key_id)):
        raise GrantUnknown(kind="key in use")


async def grant_case(
    store: AccessStore, audit: Audit, act: Act, *, grant_id: str, account: str, event: EventId, life: int
) -> Grant:
    """Add one event to those an account may see inside its scope. Raises `NotAllowed`, `ArgumentOutOfRange`."""
    await allow(audit, act, Right.GRANT_CASES, subject=account)
    check_range("life", life, 1, LONGEST_GRANT)
    grant = Grant(grant_id, GrantKind.CASE, account, event, act.actor.name, act.now, act.now + life)
    await store.add_grant(
        grant, audit=act.row("grant case", records=[event], subject=grant_id, facts={"account": account})
    )
    return grant


async def ask_opening(
    store: AccessStore, audit: Audit, act: Act, *, grant_id: str, event: EventId, life: int, reason: str
) -> Grant:
    """Ask to see one event out of scope in an emergency; nothing opens before a second person approves.

    The answer is the same whether or not such an event exists. Raises `NotAllowed`, `ArgumentOutOfRange`.
    """
    await allow(audit, act, Right.OPEN_IN_EMERGENCY)
    check_range("life", life, 1, LONGEST_OPENING)
    if reason not in REASONS:
        raise IdentifierMalformed(kind="reason", expected="|".join(REASONS))
    grant = Grant(
        grant_id, GrantKind.OPENING, act.actor.name, event, act.actor.name, act.now, act.now + life, reason=reason
    )
    await store.add_grant(
        grant, audit=act.row("ask emergency opening", records=[event], subject=grant_id, facts={"reason": reason})
    )
    return grant


async def approve_opening(store: AccessStore, audit: Audit, act: Act, grant_id: str) -> Grant:
    """Open what somebody else asked for; its time runs from the asking.

    Raises `NotAllowed`, `GrantUnknown`, `SecondPersonNeeded`, `GrantNotOpen`.
    """
    await allow(audit, act, Right.APPROVE_EMERGENCY, subject=grant_id)

    def approve(grant: Grant) -> Grant:
        if grant.kind is not GrantKind.OPENING:
            raise GrantUnknown(kind="opening")
        if grant.given_by == act.actor.name:
            raise SecondPersonNeeded(actor=act.actor.name)
        _require_open(grant, act.now, "opening")
        if grant.approved_by is not None:
            raise GrantNotOpen(kind="opening", state="approved already")
        return replace(grant, approved_by=act.actor.name, approved_at=act.now)

    try:
        row = act.row("approve emergency opening", subject=grant_id)
        grant = await store.change_grant(grant_id, approve, audit=row)
    except IctipError:
        await audit.append(act.row("approve emergency opening", subject=grant_id, allowed=False))
        raise
    if grant is None:
        raise GrantUnknown(kind="opening")
    return grant


async def revoke_grant(store: AccessStore, audit: Audit, act: Act, grant_id: str) -> Grant:
    """End a case grant or an opening before its time. Raises `NotAllowed`, `GrantUnknown`, `GrantNotOpen`."""
    await allow(audit, act, Right.GRANT_CASES, subject=grant_id)

    def revoke(grant: Grant) -> Grant:
        _require_open(grant, act.now, "grant")
        return replace(grant, revoked_at=act.now)

    grant = await store.change_grant(grant_id, revoke, audit=act.row("revoke grant", subject=grant_id))
    if grant is None:
        raise GrantUnknown(kind="grant")
    return grant


async def revoke_opening(store: AccessStore, audit: Audit, act: Act, grant_id: str) -> Grant:
    """End an opening before its time, or its asking: who asked for it may, and whoever may approve one or grant cases.

    Raises `NotAllowed`, `GrantUnknown` (also for somebody else's opening), `GrantNotOpen`.
    """
    found = await store.grant(grant_id)
    if found is None or found.given_by != act.actor.name:
        right = next(
            (right for right in (Right.APPROVE_EMERGENCY, Right.GRANT_CASES) if right in act.actor.rights),
            Right.OPEN_IN_EMERGENCY,
        )
        await allow(audit, act, right, subject=grant_id)
        if right is Right.OPEN_IN_EMERGENCY:
            raise GrantUnknown(kind="opening")

    def revoke(grant: Grant) -> Grant:
        if grant.kind is not GrantKind.OPENING:
            raise GrantUnknown(kind="opening")
        _require_open(grant, act.now, "opening")
        return replace(grant, revoked_at=act.now)

    row = act.row("revoke emergency opening", subject=grant_id)
    grant = await store.change_grant(grant_id, revoke, audit=row)
    if grant is None:
        raise GrantUnknown(kind="opening")
    return grant


async def remove_expired(audit_store: AuditStore, audit: Audit, act: Act, *, block: int, before: int) -> int:
    """Remove the rows of one block all of which are older than ``before``; the chain over them stays verifiable."""
    await allow(audit, act, Right.REMOVE_AUDIT)
    return await audit_store.remove(block, before=before, audit=act.row(REMOVAL, subject=str(block)))


@dataclass(frozen=True, slots=True)
class Retained:
    """What a retention run did: blocks emptied, and the rows that were in them."""

    blocks: int
    rows: int


async def retain_audit(audit_store: AuditStore, audit: Audit, acts: Callable[[], Act], *, before: int) -> Retained:
    """Remove rows older than ``before``, whole blocks at a time, oldest first, up to the first with a younger row.

    ``acts`` gives a fresh act for each block, since each leaves a row. Raises `NotAllowed`, and `ArgumentsConflicting`
    for rows that are to be kept still.
    """
    act = acts()
    await allow(audit, act, Right.REMOVE_AUDIT)
    if before > act.now - LEAST_KEPT:
        days = LEAST_KEPT // (24 * 3600 * 1_000_000)
        raise ArgumentsConflicting(arguments="before", rule=f"rows are kept for {days} days at least")
    after = blocks = rows = 0
    while ages := await audit_store.ages(after=after, limit=BLOCKS_A_LOOK):
        for age in ages:
            if age.newest >= before:
                return Retained(blocks, rows)
            if age.rows:
                rows += await remove_expired(audit_store, audit, acts(), block=age.number, before=before)
                blocks += 1
        after = ages[-1].number
    return Retained(blocks, rows)


def _require_open(grant: Grant, now: int, kind: str) -> None:
    if grant.revoked_at is not None:
        raise GrantNotOpen(kind=kind, state="revoked")
    if now >= grant.expires:
        raise GrantNotOpen(kind=kind, state="expired")
