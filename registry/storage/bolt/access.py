"""Keys, grants and holders in the store: `registry.access.ports.AccessStore` over Bolt.

Each change is one unit of work with its audit row and a raised access revision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import orjson

from registry.access.actor import Account, Right, Scope, Sensitivity, StatedPurpose
from registry.access.audit import AuditRow
from registry.access.grants import Grant, GrantKind
from registry.access.keys import KeyRecord
from registry.access.ports import GrantFilter
from registry.access.scope import Placed, scope_parameter
from registry.identifiers import EntityId, EventId, Notation
from registry.storage.bolt import records
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("access")


class BoltAccessStore:
    """Where keys and grants are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        """A number that each change of a key or grant raises; 0 before the first."""
        row = await self._database.read_one(QUERIES["access_revision"])
        return 0 if row is None else records.whole(row, "number")

    async def key(self, key_id: str) -> KeyRecord | None:
        """The key of that id."""
        row = await self._database.read_one(QUERIES["key"], {"id": key_id})
        return None if row is None else _key(row)

    async def keys(self) -> Sequence[KeyRecord]:
        """Every key, newest first."""
        return [_key(row) for row in await self._database.read(QUERIES["keys"])]

    async def add_key(self, record: KeyRecord, *, audit: AuditRow) -> None:
        """Keep a new key."""

        async def work(unit: UnitOfWork) -> None:
            await unit.run(
                QUERIES["add_key"],
                {
                    "id": record.id,
                    "digest": record.digest,
                    "account": write_account(record.account),
                    "created_by": record.created_by,
                    "created_at": record.created_at,
                    "expires": record.expires,
                },
            )
            await _note(unit, audit)

        await self._database.write(work, name="add key")

    async def revoke_key(self, key_id: str, *, at: int, audit: AuditRow) -> bool:
        """End a key; False when there is none or it has ended."""

        async def work(unit: UnitOfWork) -> bool:
            revoked = await unit.run(QUERIES["revoke_key"], {"id": key_id, "at": at})
            if revoked:
                await _note(unit, audit)
            return bool(revoked)

        return await self._database.write(work, name="revoke key")

    async def note_use(self, key_id: str, *, at: int, audit: AuditRow) -> None:
        """Note that the key was used; no new revision."""

        async def work(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["note_use"], {"id": key_id, "at": at})
            await add_rows(unit, [audit])

        await self._database.write(work, name="note use of a key")

    async def grants(self, account: str, *, since: int) -> Sequence[Grant]:
        """The account's grants that end after ``since``, oldest first."""
        found = await self._database.read(QUERIES["grants"], {"account": account, "since": since})
        return [_grant(row) for row in found]

    async def listed_grants(self, where: GrantFilter, *, limit: int) -> Sequence[Grant]:
        """At most ``limit`` grants that the filter lets through, newest first."""
        found = await self._database.read(
            QUERIES["listed_grants"],
            {
                "kind": where.kind.value,
                "account": where.account,
                "event": where.event,
                "ends_after": where.ends_after,
                "limit": limit,
            },
        )
        return [_grant(row) for row in found]

    async def grant(self, grant_id: str) -> Grant | None:
        """The grant of that id."""
        row = await self._database.read_one(QUERIES["grant"], {"id": grant_id})
        return None if row is None else _grant(row)

    async def add_grant(self, grant: Grant, *, audit: AuditRow) -> None:
        """Keep a new grant."""

        async def work(unit: UnitOfWork) -> None:
            await unit.run(
                QUERIES["add_grant"],
                {
                    "id": grant.id,
                    "kind": grant.kind.value,
                    "account": grant.account,
                    "event": grant.event,
                    "given_by": grant.given_by,
                    "given_at": grant.given_at,
                    "expires": grant.expires,
                    "reason": grant.reason,
                },
            )
            await _note(unit, audit)

        await self._database.write(work, name="add grant")

    async def change_grant(self, grant_id: str, change: Callable[[Grant], Grant], *, audit: AuditRow) -> Grant | None:
        """Lock the grant, let ``change`` judge and change it, keep that; None when there is none."""

        async def work(unit: UnitOfWork) -> Grant | None:
            await unit.run(QUERIES["lock_grant"], {"id": grant_id})
            found = await unit.run(QUERIES["grant"], {"id": grant_id})
            if not found:
                return None
            changed = change(_grant(found[0]))
            await unit.run(
                QUERIES["set_grant"],
                {
                    "id": grant_id,
                    "approved_by": changed.approved_by,
                    "approved_at": changed.approved_at,
                    "revoked_at": changed.revoked_at,
                },
            )
            await _note(unit, audit)
            return changed

        return await self._database.write(work, name="change grant")

    async def placed(self, event: EventId, *, scope: Scope) -> Placed | None:
        """What decides who sees the event, if it lies inside the scope."""
        row = await self._database.read_one(QUERIES["placed"], {"id": event, "scope": scope_parameter(scope)})
        return None if row is None else _placed(row)


async def _note(unit: UnitOfWork, audit: AuditRow) -> None:
    """The change's audit row, and a new access revision."""
    await unit.run(QUERIES["raise_revision"])
    await add_rows(unit, [audit])


def write_account(account: Account) -> str:
    """An account as one line of JSON; a condition that does not bind is null."""
    told = {
        "name": account.name,
        "roles": list(account.roles),
        "entities": _listed(account.entities),
        "countries": _listed(account.countries),
        "tiers": sorted(account.tiers),
        "purposes": sorted(account.purposes),
        "needs_grants": account.needs_grants,
        "agency": account.agency,
        "only": _listed(account.only),
    }
    return orjson.dumps(told).decode()


def read_account(text: str) -> Account:
    """The account of `write_account`."""
    told = orjson.loads(text)
    return Account(
        name=told["name"],
        roles=tuple(told["roles"]),
        entities=None if told["entities"] is None else frozenset(map(EntityId, told["entities"])),
        countries=None if told["countries"] is None else frozenset(map(Notation, told["countries"])),
        tiers=frozenset(map(Sensitivity, told["tiers"])),
        purposes=frozenset(map(StatedPurpose, told["purposes"])),
        needs_grants=told["needs_grants"],
        agency=None if told["agency"] is None else EntityId(told["agency"]),
        only=None if told["only"] is None else frozenset(map(Right, told["only"])),
    )


def _listed(part: frozenset[str] | None) -> list[str] | None:
    return None if part is None else sorted(part)


def _key(row: Row) -> KeyRecord:
    return KeyRecord(
        id=records.text(row, "id"),
        digest=records.text(row, "digest"),
        account=read_account(records.text(row, "account")),
        created_by=records.text(row, "created_by"),
        created_at=records.whole(row, "created_at"),
        expires=records.whole(row, "expires"),
        last_used=records.optional_whole(row, "last_used"),
        revoked_at=records.optional_whole(row, "revoked_at"),
    )


def _grant(row: Row) -> Grant:
    return Grant(
        id=records.text(row, "id"),
        kind=GrantKind(records.text(row, "kind")),
        account=records.text(row, "account"),
        event=EventId(records.text(row, "event")),
        given_by=records.text(row, "given_by"),
        given_at=records.whole(row, "given_at"),
        expires=records.whole(row, "expires"),
        reason=records.text(row, "reason"),
        approved_by=records.optional_text(row, "approved_by"),
        approved_at=records.optional_whole(row, "approved_at"),
        revoked_at=records.optional_whole(row, "revoked_at"),
    )


def _placed(row: Row) -> Placed:
    return Placed(
        event=records.text(row, "id"),
        holder=records.text(row, "holder"),
        country=records.optional_text(row, "country"),
        marks=records.whole(row, "marks"),
    )
