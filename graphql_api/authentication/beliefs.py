"""Tokens and API keys, verified once and believed until something changes.

On the path of every request stands one hash and two look-ups, no signature and no store. What is believed ends:

- with the token or key, and with the first grant that begins or ends: tested on every request;
- with the next access revision: keys and grants are polled each second, by every process for itself;
- when the poll does not succeed for `STALE` seconds: then nobody is believed (`AccessStale`) until it does again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from graphql_api.authentication.claims import account_of
from graphql_api.authentication.local import Caller
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.settings import OidcSettings
from registry.access.actor import STRANGER
from registry.access.audit import Circumstances, audit_row
from registry.access.grants import SECOND, Standing
from registry.access.keys import SEEN_STEP, UNUSABLE, KeyRecord, check_key, key_id_of, looks_like_key, used_lately
from registry.access.ports import AccessStore
from registry.access.queries import grants_of
from registry.errors import AccessStale, CredentialsRefused, IctipError

POLL: Final = 1.0
"""Seconds between two looks at the access revision: how long a revoked key may still work elsewhere."""
STALE: Final = 5.0
"""Seconds after the last successful look that beliefs still count."""
KEPT: Final = 10_000
"""Believed tokens and keys remembered; the least recently used go first."""
LONGEST_HEADER: Final = 20 * 1024

NOBODY: Final = Caller.of(STRANGER)
AUTHORIZATION: Final = b"authorization"
PURPOSE: Final = b"ictip-purpose"


@dataclass(slots=True)
class Belief:
    """A standing, the revision it was read at, and the callers made of it by stated purpose."""

    standing: Standing
    revision: int
    changes_at: int | None
    callers: dict[bytes | None, Caller] = field(default_factory=dict)


class Beliefs:
    """Believes tokens and keys. ``clock`` is microseconds since 1970, ``monotonic`` seconds that never go back."""

    def __init__(
        self,
        *,
        tokens: tuple[TokenVerifier, OidcSettings] | None,
        pepper: bytes | None,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
    ) -> None:
        self._tokens = tokens
        self._pepper = pepper
        self._clock = clock
        self._monotonic = monotonic
        self._store: AccessStore | None = None
        self._revision = 0
        self._confirmed_at = float("-inf")
        self._kept: OrderedDict[bytes, Belief] = OrderedDict()
        self._notes: set[asyncio.Task[None]] = set()

    def remembered(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller | None:
        """Who asks, if these very credentials are believed and nothing changed since. Raises `AccessStale`."""
        given = headers.get(AUTHORIZATION)
        if given is None:
            return NOBODY
        mark = _mark(given)
        belief = self._kept.get(mark)
        if belief is None:
            return None
        self._require_confirmed()
        now = self._clock()
        if belief.revision != self._revision or (belief.changes_at is not None and now >= belief.changes_at):
            del self._kept[mark]
            return None
        self._kept.move_to_end(mark)
        return _caller(belief, headers.get(PURPOSE), now)

    async def believe(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> Caller:
        """Who asks, after asking provider and store where that is needed."""
        caller = self.remembered(client, headers)
        if caller is not None:
            return caller
        self._require_confirmed()
        given = headers[AUTHORIZATION]
        now, revision = self._clock(), self._revision
        standing = await self._stand(given, now)
        belief = Belief(standing, revision, standing.next_change(now))
        self._kept[_mark(given)] = belief
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return _caller(belief, headers.get(PURPOSE), now)

    @asynccontextmanager
    async def opened(self, store: AccessStore) -> AsyncIterator[None]:
        """Follow the access revision for the time of a block."""
        self._store = store
        await self._look()
        ended = asyncio.Event()
        following = asyncio.create_task(self._follow(ended))
        try:
            yield
        finally:
            ended.set()  # not cancelled: a look under way would leave its connection half open
            await following
            await asyncio.gather(*self._notes)
            self._store = None

    async def _follow(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), POLL)
            if not ended.is_set():
                await self._look()

    async def _look(self) -> None:
        """Ask the store for the access revision once; trouble is left to grow stale."""
        asked_at = self._monotonic()
        try:
            revision = await asyncio.wait_for(self._opened_store().revision(), STALE)
        except (IctipError, TimeoutError) as raised:
            structlog.get_logger().warning("access_poll_failed", error=type(raised).__name__)
            return
        if revision != self._revision:
            self._kept.clear()
        self._revision, self._confirmed_at = revision, asked_at

    def _require_confirmed(self) -> None:
        age = self._monotonic() - self._confirmed_at
        if age > STALE:
            raise AccessStale(seconds=int(min(age, 10**6)), limit=int(STALE))

    async def _stand(self, given: bytes, now: int) -> Standing:
        """What these credentials amount to; raises `CredentialsRefused`, `IssuerUnavailable`, `StoreUnavailable`."""
        text = _bearer(given)
        if looks_like_key(text):
            return await self._stand_by_key(text, now)
        if self._tokens is None:
            raise CredentialsRefused(reason=UNUSABLE)
        verifier, settings = self._tokens
        token = await verifier.verify(text, now=now // SECOND)
        account = account_of(token.claims, settings)
        grants = await grants_of(self._opened_store(), account.name, since=now)
        return Standing(account, grants, token.expires * SECOND)

    async def _stand_by_key(self, text: str, now: int) -> Standing:
        if self._pepper is None:
            raise CredentialsRefused(reason=UNUSABLE)
        store = self._opened_store()
        record = check_key(text, await store.key(key_id_of(text)), pepper=self._pepper, now=now)
        self._note_use(store, record, now)
        grants = await grants_of(store, record.account.name, since=now)
        return Standing(record.account, grants, min(record.expires, now + SEEN_STEP))

    def _note_use(self, store: AccessStore, record: KeyRecord, now: int) -> None:
        """Note the use behind the answer, at most once in `SEEN_STEP`; losing it is no harm."""
        if used_lately(record, now):
            return

        actor = Standing(record.account).actor(now=now, purpose=None)
        told = Circumstances(request="", operation="", at=now)
        row = audit_row(id=secrets.token_hex(16), actor=actor, act="use key", circumstances=told, subject=record.id)

        async def note() -> None:
            with contextlib.suppress(IctipError):
                await store.note_use(record.id, at=now, audit=row)

        task = asyncio.create_task(note())
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    def _opened_store(self) -> AccessStore:
        if self._store is None:
            raise AccessStale(seconds=0, limit=int(STALE))
        return self._store


def _mark(given: bytes) -> bytes:
    """What is remembered in place of the credentials themselves."""
    return hashlib.sha256(given).digest()


def _bearer(given: bytes) -> str:
    scheme, _, text = given.partition(b" ")
    if scheme.lower() != b"bearer" or len(given) > LONGEST_HEADER or not text.isascii():
        raise CredentialsRefused(reason="send them as `Authorization: Bearer`")
    return text.strip().decode("ascii")


def _caller(belief: Belief, purpose: bytes | None, now: int) -> Caller:
    """The caller for a stated purpose, made once a belief; a word that is no purpose makes the caller of none."""
    made = belief.callers.get(purpose)
    if made is None:
        stated = purpose.decode("latin-1").strip().lower() if purpose else None
        made = Caller.of(belief.standing.actor(now=now, purpose=stated))
        belief.callers[purpose if made.actor.purpose else None] = made
    return made
