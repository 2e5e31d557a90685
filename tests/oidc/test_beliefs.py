"""Tokens and keys at the door: believed once, until they end, a grant changes, or nothing can be confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from graphql_api.authentication import beliefs as module
from graphql_api.authentication.beliefs import NOBODY, STALE, Beliefs
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.settings import OidcSettings
from registry.access.actions import Act, create_key, grant_case, revoke_key
from registry.access.actor import Account, Actor, StatedPurpose, local_user
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.grants import Grant
from registry.access.keys import SEEN_STEP
from registry.errors import AccessStale, CredentialsRefused, StoreUnavailable
from registry.identifiers import EventId
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database
from tests.oidc.conftest import Clock
from tests.oidc.provider import NOW, Provider

PEPPER = b"p" * 32
HOUR = 3600 * 1_000_000
CLIENT = ("192.0.2.7", 40_000)
ANALYST = Account(
    "survey", ("analyst",), None, None, purposes=frozenset({StatedPurpose.STATISTICS}), needs_grants=False
)


class CountingStore(BoltAccessStore):
    """Counts look-ups of keys and grants; ``is_away`` makes the poll fail."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked = 0
        self.is_away = False

    async def revision(self) -> int:
        if self.is_away:
            raise StoreUnavailable(reason="test")
        return await super().revision()

    async def grants(self, account: str, *, since: int) -> Sequence[Grant]:
        self.asked += 1
        return await super().grants(account, since=since)


@pytest.fixture
def store(database: Database) -> CountingStore:
    """Keys and grants on either engine."""
    return CountingStore(database)


@pytest.fixture
def audit(database: Database) -> AuditAppender:
    """Audit rows on either engine."""
    return AuditAppender(BoltAuditStore(database))


@pytest.fixture
async def believing(
    store: CountingStore, verifier: TokenVerifier, oidc: OidcSettings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Beliefs]:
    """Beliefs over the provider and the store; tests make it look at the revision themselves."""
    monkeypatch.setattr(module, "POLL", 3600.0)
    beliefs = Beliefs(tokens=(verifier, oidc), pepper=PEPPER, clock=clock.microseconds, monotonic=clock.monotonic)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(beliefs.opened(store))
        yield beliefs


def act(clock: Clock) -> Act:
    return Act(local_user("admin"), Circumstances("r", "o", clock.microseconds()), f"row-{clock.seconds}")


async def make_key(
    store: CountingStore, audit: AuditAppender, clock: Clock, *, life: int = 9 * HOUR
) -> tuple[str, str]:
    record, text = await create_key(
        store, audit, act(clock), account=ANALYST, life=life, random=bytes(41), pepper=PEPPER
    )
    return record.id, text


def bearer(text: str, purpose: str | None = None) -> dict[bytes, bytes]:
    headers = {b"authorization": b"Bearer " + text.encode()}
    return headers if purpose is None else {**headers, b"ictip-purpose": purpose.encode()}


async def ask(beliefs: Beliefs, headers: dict[bytes, bytes]) -> Actor:
    remembered = beliefs.remembered(CLIENT, headers)
    caller = remembered if remembered is not None else await beliefs.believe(CLIENT, headers)
    return caller.actor


async def test_without_credentials_everybody_is_a_stranger_also_on_loopback(believing: Beliefs) -> None:
    """Where authentication is configured, no address is believed."""
    assert believing.remembered(("127.0.0.1", 1), {}) is NOBODY


async def test_a_token_is_verified_once_and_then_remembered(
    believing: Beliefs, store: CountingStore, provider: Provider
) -> None:
    """The second request asks neither provider nor store."""
    headers = bearer(provider.token(), "investigation")

    first = await ask(believing, headers)
    again = believing.remembered(CLIENT, headers)

    assert again is not None
    assert again.actor is first
    assert (first.name, first.purpose) == ("asha", StatedPurpose.INVESTIGATION)
    assert (store.asked, provider.asked["/keys"]) == (1, 1)


async def test_the_same_token_acts_for_each_purpose_stated(
    believing: Beliefs, store: CountingStore, provider: Provider
) -> None:
    """The purpose is the request's, not the token's; words that are none do not pile up in memory."""
    token = provider.token()

    purposes = [
        (await ask(believing, bearer(token, word))).purpose for word in ("Investigation ", "statistics", "x", "y")
    ]

    assert purposes == [StatedPurpose.INVESTIGATION, None, None, None]
    assert store.asked == 1
    assert [len(belief.callers) for belief in believing._kept.values()] == [2]


async def test_a_remembered_token_ends_at_its_moment(believing: Beliefs, provider: Provider, clock: Clock) -> None:
    """Tested on every request; no leeway is added to what was believed."""
    headers = bearer(provider.token(exp=NOW + 3))
    await ask(believing, headers)
    clock.seconds += 3

    assert believing.remembered(CLIENT, headers) is None
    clock.seconds += 31
    await believing._look()
    with pytest.raises(CredentialsRefused):
        await ask(believing, headers)


async def test_a_token_believed_within_its_leeway_is_not_remembered(
    believing: Beliefs, provider: Provider, clock: Clock
) -> None:
    """The provider's clock may differ by 30 s; such a token is verified on each request, and ends with its leeway."""
    headers = bearer(provider.token(exp=NOW - 10))
    assert (await ask(believing, headers)).name == "asha"

    assert believing.remembered(CLIENT, headers) is None
    clock.seconds += 25
    await believing._look()
    with pytest.raises(CredentialsRefused):
        await ask(believing, headers)


async def test_a_key_is_believed_until_it_is_revoked_and_polled(
    believing: Beliefs, store: CountingStore, audit: AuditAppender, clock: Clock
) -> None:
    """The next look at the revision ends what was remembered."""
    key_id, text = await make_key(store, audit, clock)
    await believing._look()
    headers = bearer(text, "statistics")
    assert (await ask(believing, headers)).name == "key:survey"

    await revoke_key(store, audit, act(clock), key_id)
    await believing._look()

    with pytest.raises(CredentialsRefused):
        await ask(believing, headers)


async def test_a_new_grant_is_seen_after_the_next_look_and_its_end_at_its_moment(
    believing: Beliefs, store: CountingStore, audit: AuditAppender, provider: Provider, clock: Clock
) -> None:
    """A grant's beginning comes by the poll, its end by the clock."""
    headers = bearer(provider.token(), "investigation")
    before = await ask(believing, headers)
    await grant_case(
        store, audit, act(clock), grant_id="g1", account="asha", event=EventId("event-0001"), life=3_000_000
    )
    await believing._look()
    during = await ask(believing, headers)
    clock.seconds += 3
    after = await ask(believing, headers)

    assert before.scope.cases == frozenset()
    assert during.scope.cases == frozenset({EventId("event-0001")})
    assert after.scope.cases == frozenset()
    assert len({before.key, during.key}) == 2
    assert before.key == after.key


async def test_nobody_is_believed_when_rights_cannot_be_confirmed(
    believing: Beliefs, store: CountingStore, provider: Provider, clock: Clock
) -> None:
    """Five seconds without a successful look, and the door is closed; strangers still read the registry."""
    headers = bearer(provider.token())
    await ask(believing, headers)
    store.is_away = True
    clock.seconds += STALE
    await believing._look()
    assert believing.remembered(CLIENT, headers) is not None

    clock.seconds += 0.1
    with pytest.raises(AccessStale):
        believing.remembered(CLIENT, headers)
    with pytest.raises(AccessStale):
        await believing.believe(CLIENT, bearer(provider.token(sub="omar")))
    assert believing.remembered(CLIENT, {}) is NOBODY

    store.is_away = False
    await believing._look()
    assert believing.remembered(CLIENT, headers) is not None


async def test_last_use_of_a_key_is_written_by_the_hour(
    believing: Beliefs, store: CountingStore, audit: AuditAppender, clock: Clock
) -> None:
    """Two requests, one note; an hour later another."""
    key_id, text = await make_key(store, audit, clock)
    await believing._look()
    uses = []
    for seconds in (0, 60, SEEN_STEP / 1_000_000):
        clock.seconds += seconds
        await believing._look()
        await ask(believing, bearer(text))
        while believing._notes:
            await next(iter(believing._notes))
        kept = await store.key(key_id)
        uses.append(kept.last_used if kept else None)

    first = NOW * 1_000_000
    assert uses == [first, first, first + 60_000_000 + SEEN_STEP]


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Basic YTpi",
        b"Bearer k-AAAAAAAAAAAA.short",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 30_000,
    ],
    ids=["empty", "bare", "blank", "basic", "short key", "bytes", "long"],
)
async def test_odd_credentials_are_refused_and_never_a_stranger(believing: Beliefs, given: bytes) -> None:
    """Who shows something false is told so, instead of being served as somebody else."""
    with pytest.raises(CredentialsRefused):
        await ask(believing, {b"authorization": given})


async def test_beliefs_hold_no_credentials(
    believing: Beliefs, store: CountingStore, audit: AuditAppender, clock: Clock
) -> None:
    """Only hashes of them."""
    _, text = await make_key(store, audit, clock)
    await believing._look()
    await ask(believing, bearer(text))

    assert text not in repr(vars(believing))
    assert [len(mark) for mark in believing._kept] == [32]
