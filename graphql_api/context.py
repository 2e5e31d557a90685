"""What a request carries from its door to the rooms: who asks, what day it is, and where the rooms keep things.

Lives here: the values. Elsewhere: how the actor is believed (``authentication``), how stores are opened (``app``).
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from graphql_api.settings import Purpose, Secrets
from registry.access.actions import Act
from registry.access.actor import Actor
from registry.access.audit import UNTOLD, Circumstances
from registry.access.exchange_ports import ExchangeStore
from registry.access.notes import Notes
from registry.access.ports import AccessStore, Audit, AuditStore
from registry.access.pseudonyms import Pseudonyms
from registry.cases.code_use import CodeUseStore
from registry.cases.gate import GatedCases
from registry.cases.ports import CaseStore, Codebook
from registry.cases.recode_ports import RecodeStore
from registry.classification.catalogue import Catalogue
from registry.classification.draft_actions import Stamp, Stores
from registry.errors import NotFound
from registry.identifiers import NAMESPACE
from registry.network.analysis_ports import AnalysisStore
from registry.network.exporting import FactsStore
from registry.network.following import FollowedStore
from registry.network.stores import Stores as NetworkStores
from registry.outbox.feed import Feed
from registry.outbox.model import Happening
from registry.statistics.disclosure import THRESHOLD
from registry.statistics.ports import StatisticsStore

ID_CHARACTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0 or 1: ids are read aloud and copied by hand."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Revising:
    """Where versions are revised: drafts and releases, and taking over at once what was just released."""

    stores: Stores
    refresh: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Investigating:
    """Where networks are measured as a whole, written as files, and questions about them kept and followed."""

    facts: FactsStore
    analyses: AnalysisStore
    saved: FollowedStore


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the doors open onto: the catalogue as it stands, and the stores of cases and networks."""

    catalogue: Catalogue
    codebook: Codebook
    cases: CaseStore
    network: NetworkStores
    access: AccessStore
    audit: Audit
    purpose: Purpose
    health: Callable[[], Awaitable[None]]
    """Returns when the engine answers; raises `StoreUnavailable` and its kin."""
    revising: Revising | None = None
    """None where the doors only read."""
    feed: Feed | None = None
    """What happens, for subscriptions; None where there is no store to look into."""
    recoding: RecodeStore | None = None
    """None without a store of records."""
    code_use: CodeUseStore | None = None
    """None without a store of records."""
    investigating: Investigating | None = None
    """None without a store of records."""
    statistics: StatisticsStore | None = None
    """None without a store of records."""
    audits: AuditStore | None = None
    """Where the audit is read; None where there is no store."""
    exchange: ExchangeStore | None = None
    """Referrals and contact requests; None where there is no store."""

    @property
    def revision(self) -> str:
        """The registry revision that every answer of this moment is of."""
        return str(self.catalogue.revision)


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request's surroundings. ``today`` is what "in force now" is measured by, fixed for the whole answer."""

    actor: Actor
    request_id: str
    today: date
    rooms: Rooms
    notes: Notes | None = None
    """Where reads of case records are noted; None in local mode unless settings ask for it."""
    sees_schema: bool = True
    """Whether errors may name parts of the schema, and introspection is answered."""
    threshold: int = THRESHOLD
    """Records below which no statistic is told."""
    happening: Happening | None = None
    """What a subscription is being told of; None for every other operation."""
    circumstances: Circumstances = UNTOLD
    """The request as audit rows tell of it."""
    secrets: Secrets = field(default_factory=Secrets)
    names: Pseudonyms | None = None
    """The names that stand for records before an actor without the right to identified ones."""

    async def note(self, act: str, records: Iterable[str] = (), *, allowed: bool = True) -> None:
        """Note a reading, or an attempt; return once that is durable, and at once where nothing is noted."""
        if self.notes is not None:
            await self.notes.note(act, records, allowed=allowed)

    async def looked_up(
        self, act: str, asked: Awaitable[T], *, about: Iterable[str], records: Callable[[T], Iterable[str]]
    ) -> T:
        """What was asked for, noted with its records before it goes on.

        Records that were not found are noted as those asked about: guessing at ids shows in the audit, and an id
        outside the scope leaves what an id of nobody leaves. Raises what the asking raises.
        """
        try:
            found = await asked
        except NotFound:
            await self.note(act, about, allowed=False)
            raise
        await self.note(act, records(found))
        return found

    @property
    def cases(self) -> CaseStore:
        """Case records as the caller may see them; who has no names for records is refused before any is read."""
        if self.names is None:
            return self.rooms.cases
        return GatedCases(self.rooms.cases, self.actor, self.notes, self.names)

    def act(self) -> Act:
        """One act of this request, with a fresh id for its audit row."""
        return Act(self.actor, self.circumstances, secrets.token_hex(16))

    @property
    def revision(self) -> str:
        """The registry revision of this answer."""
        return self.rooms.revision

    @property
    def catalogue(self) -> Catalogue:
        """The classification."""
        return self.rooms.catalogue


def stamped() -> Stamp:
    """Now, and a fresh id: what an act that changes something is given."""
    return Stamp(datetime.now(UTC), fresh_id(16))


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def fresh_id(length: int) -> str:
    """A random id of so many characters."""
    return "".join(secrets.choice(ID_CHARACTERS) for _ in range(length))


def fresh_identity() -> str:
    """The URI of a new meaning."""
    return f"{NAMESPACE}/id/{fresh_id(9)}"
