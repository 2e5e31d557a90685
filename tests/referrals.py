"""A case handed over, for tests of what follows: offered by one agency, accepted by the other."""

from __future__ import annotations

from registry.access.actions import Act
from registry.access.actor import Actor
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.referral import accept_referral, agency_of, refer_case
from registry.identifiers import EventId
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore


async def hand_over(database: Database, event: EventId, *, giver: Actor, receiver: Actor) -> None:
    """Let the receiver's agency hold the giver's event; both work for one agency each."""
    store, audit = BoltExchangeStore(database), AuditAppender(BoltAuditStore(database))
    told, id_ = Circumstances("r", "o", 1), f"referral-of-{event}"
    to = agency_of(receiver)
    offered = Act(giver, told, f"offer-{event}")
    await refer_case(store, audit, offered, referral_id=id_, event=event, to=to, reason="jurisdiction")
    await accept_referral(store, audit, Act(receiver, told, f"accept-{event}"), id_)
