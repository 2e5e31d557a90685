"""What tests of access are built from: a fixed clock, acts with ids that count up, and the two stores."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from registry.access.actions import Act
from registry.access.actor import Actor, Right, Scope, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database

NOW = 1_800_000_000_000_000
"""The tests' now: 2027-01-15, in microseconds."""
HOUR = 3600 * 1_000_000

ActOf = Callable[..., Act]


def actor(name: str, *rights: Right, scope: Scope | None = None) -> Actor:
    """An investigator by purpose, with these rights alone."""
    return Actor(
        name=name,
        rights=frozenset(rights),
        scope=scope or Scope.of_entities("ke-police"),
        purpose=StatedPurpose.INVESTIGATION,
        roles=("tested",),
    )


@pytest.fixture
def act() -> ActOf:
    """Makes acts: ``act(actor, now=...)``; ids are row-1, row-2, ..."""
    numbers = count(1)

    def make(who: Actor, *, now: int = NOW) -> Act:
        return Act(who, Circumstances(request="r1", operation="o1", at=now), f"row-{next(numbers)}")

    return make


@pytest.fixture
def access_store(database: Database) -> BoltAccessStore:
    """Keys and grants on either engine."""
    return BoltAccessStore(database)


@pytest.fixture
def audit(audit_store: BoltAuditStore) -> AuditAppender:
    """The process's appender of audit rows."""
    return AuditAppender(audit_store)


@pytest.fixture
def audit_store(database: Database) -> BoltAuditStore:
    """The audit on either engine."""
    return BoltAuditStore(database)
