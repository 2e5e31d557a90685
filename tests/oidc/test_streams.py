"""Rights while a subscription is open: asked again before each event, and each second without one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from graphql_api.app import Building, build_app
from graphql_api.authentication import beliefs
from graphql_api.context import Rooms
from graphql_api.schema.shaping import DEFINITION
from graphql_api.schema.subscriptions import FOLLOWED
from graphql_api.schema.subscriptions import Followed as Naming
from graphql_api.settings import Limits, OidcSettings, Purpose, Secrets, Settings
from registry.access.actions import Act, create_key, grant_case, revoke_key
from registry.access.actor import Account, Right, local_user
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow, Circumstances
from registry.access.ports import AuditFilter
from registry.classification.catalogue import Catalogue
from registry.errors import AuditBacklog
from registry.identifiers import EventId
from registry.outbox import feed as feeds
from registry.outbox.feed import Feed
from registry.outbox.model import VERSION_RELEASED
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.outbox import BoltOutbox, tell_at
from tests.api.conftest import lifespan, rooms_of
from tests.api.listening import listening
from tests.oidc.conftest import Clock
from tests.oidc.provider import NOW, Provider

FOLLOW = "subscription { versionReleased { scheme revision } }"
LIFE = 10**15 // 40


@dataclass
class Followed:
    """The application with keys and tokens, over an outbox in the store."""

    app: Building
    database: Database
    provider: Provider
    clock: Clock

    async def key(self, name: str = "survey") -> tuple[str, str]:
        """A new key's id, and the key."""
        record, text = await create_key(
            BoltAccessStore(self.database),
            AuditAppender(BoltAuditStore(self.database)),
            self.act(name),
            account=Account(name, ("app",)),
            life=LIFE,
            random=name[0].encode() * 41,
            pepper=b"p" * 32,
        )
        return record.id, text

    async def revoke(self, key_id: str) -> None:
        """End a key, as another process would."""
        audit = AuditAppender(BoltAuditStore(self.database))
        await revoke_key(BoltAccessStore(self.database), audit, self.act(f"revoke {key_id}"), key_id)

    async def happen(self, subject: str, revision: int) -> None:
        """Another process releases a version."""

        async def work(unit: UnitOfWork) -> None:
            await tell_at(unit, VERSION_RELEASED, {f"release/{subject}": subject}, position=revision, at=0)

        await self.database.write(work, name="tell")

    def act(self, name: str) -> Act:
        """An administrator's act."""
        return Act(local_user("admin"), Circumstances("r", "o", self.clock.microseconds()), f"row {name}")


@pytest.fixture
async def follow(
    database: Database,
    provider: Provider,
    oidc: OidcSettings,
    clock: Clock,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Callable[[Limits], Awaitable[Followed]]]:
    """Opens the application under given limits; looks and polls come twenty times as often."""
    monkeypatch.setattr(feeds, "LOOK", 0.05)
    monkeypatch.setattr(beliefs, "POLL", 0.05)
    monkeypatch.setattr(beliefs, "STALE", 60.0)  # a crowded machine may take longer than the five seconds that ship
    monkeypatch.setattr("graphql_api.schema.streams.LOOK", 0.05)
    rooms = replace(rooms_of(catalogue, database), feed=Feed(BoltOutbox(database)))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: rooms

    held: list[object] = []

    async def make(limits: Limits = Limits()) -> Followed:  # noqa: B008
        settings = Settings(
            log_level="error", purpose=Purpose.TEST, oidc=oidc, secrets=Secrets(b"p" * 32, b"a" * 32), limits=limits
        )
        app = build_app(settings, opened, clock=lambda: clock.seconds)
        life = lifespan(app)
        await life.__aenter__()
        held.append(life)
        return Followed(app, database, provider, clock)

    yield make
    for life in held:
        await life.__aexit__(None, None, None)  # type: ignore[attr-defined]
    assert rooms.feed is not None
    await rooms.feed.close()


Follow = Callable[..., Awaitable[Followed]]


async def test_a_revoked_key_ends_its_stream_within_the_poll(follow: Follow) -> None:
    """Without anything happening; another key's stream goes on, and is told."""
    followed = await follow()
    (lost, text), (_, other) = await followed.key("lost"), await followed.key("kept")
    async with (
        listening(followed.app, FOLLOW, {"authorization": f"Bearer {text}"}) as ending,
        listening(followed.app, FOLLOW, {"authorization": f"Bearer {other}"}) as going,
    ):
        await ending.begun()
        await going.begun()
        await followed.revoke(lost)
        assert await ending.last_error() == "credentials_refused"

        await followed.happen("units/1.0", 1)
        assert await going.told() == {"versionReleased": {"scheme": "units", "revision": 1}}


async def test_an_ended_token_or_grant_ends_the_stream_before_the_next_event(follow: Follow) -> None:
    """Whatever happened meanwhile is not told."""
    followed = await follow()
    token = followed.provider.token(exp=NOW + 60)
    async with listening(followed.app, FOLLOW, {"authorization": f"Bearer {token}"}) as stream:
        await stream.begun()
        followed.clock.seconds += 130
        await followed.happen("units/1.0", 1)
        assert await stream.last_error() == "credentials_refused"


async def test_another_standing_ends_the_stream(follow: Follow) -> None:
    """A purpose that no longer counts, a grant that began or ended: subscribe anew, with what holds now."""
    followed = await follow()
    token = followed.provider.token()
    headers = {"authorization": f"Bearer {token}", "ictip-purpose": "investigation"}
    async with listening(followed.app, FOLLOW, headers) as stream:
        await stream.begun()
        act = followed.act("grant")
        await grant_case(
            BoltAccessStore(followed.database),
            AuditAppender(BoltAuditStore(followed.database)),
            act,
            grant_id="g1",
            account="asha",
            event=EventId("e" * 32),
            life=3600 * 1_000_000,
        )
        assert await stream.last_error() == "standing_changed"


async def test_false_credentials_open_no_stream(follow: Follow) -> None:
    """A 401 with its challenge, as everywhere; a foreign host is refused too."""
    followed = await follow()
    async with listening(followed.app, FOLLOW, {"authorization": "Bearer nonsense"}) as stream:
        await stream.text()
        assert (stream.status, stream.headers["www-authenticate"][:6]) == (401, "Bearer")
    async with listening(followed.app, FOLLOW, {"host": "evil.example"}) as stream:
        await stream.text()
        assert stream.status == 421


async def test_events_are_paid_for(follow: Follow) -> None:
    """By who follows. While nothing is left no event is made, nor is it said that there is one; it is told later.

    Opening another stream is refused.
    """
    followed = await follow(Limits(allowance_ms=1_000, allowance_ms_a_second=1))
    allowances = followed.app._allowances
    assert allowances is not None
    async with listening(followed.app, FOLLOW) as stream:
        await stream.begun()
        allowances.charge("address 127.0.0.1", 500_000)
        await followed.happen("units/1.0", 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stream.text(), 0.5)
        async with listening(followed.app, FOLLOW) as another:
            await another.text()
            assert another.status == 429

        allowances.charge("address 127.0.0.1", -500_000)
        assert await stream.told() == {"versionReleased": {"scheme": "units", "revision": 1}}


async def test_records_are_in_the_audit_before_their_event_leaves(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that names records leaves a row with their ids; where no row can be kept, nothing is told."""
    followed = await follow()
    field = followed.app._door.executor.schema.subscription_type.fields["versionReleased"]  # type: ignore[union-attr]
    naming = Naming(VERSION_RELEASED, Right.READ_REGISTRY, lambda told: [told.happening.subject])
    monkeypatch.setattr(field.extensions[DEFINITION], "metadata", {FOLLOWED: naming})
    audit = BoltAuditStore(followed.database)
    headers = {"authorization": f"Bearer {followed.provider.token()}", "ictip-purpose": "investigation"}
    async with listening(followed.app, FOLLOW, headers) as stream:
        await stream.begun()
        await followed.happen("units/1.0", 1)
        await stream.told()
        (row,) = await audit.search(AuditFilter(record="units/1.0"), after=None, limit=10)
        assert (row.actor, row.act) == ("asha", "told of version released")

        monkeypatch.setattr(AuditAppender, "append", refuse)
        await followed.happen("isic/5.0", 2)
        event = await stream.event()
        assert event.data is not None
        assert event.data["data"] == {"versionReleased": None}
        assert event.data["errors"][0]["extensions"]["code"] == "audit_backlog"


async def refuse(_appender: AuditAppender, _row: AuditRow) -> None:
    """No row can be kept."""
    raise AuditBacklog(waiting=1)
