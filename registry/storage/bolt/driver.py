"""One database over Bolt: reads, streams and writes with our own retry, deadlines and silence about values.

Lives here: retry, deadlines, and the errors a store call may end with; transactions and streams, over the driver.
Elsewhere: a single statement, the way of nearly every read (``single``), the statements (``named_queries``), rows into
models (``records``), splitting large writes (``batches``).

Guarantees of every call:

- it ends within its deadline, and its connection is then discarded, so nothing half-read is ever handed on;
- trouble that passes (other writers, a lost connection) is retried from 10 ms with full jitter to a named limit;
- an error carries the store's code and the query's name, never the store's text, which quotes keys and Cypher;
- a request too large for the embedded engine is refused before it is sent (there it hangs the driver).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from neo4j import READ_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, AsyncTransaction, Query
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from registry.errors import (
    DeadlineExceeded,
    IctipError,
    QueryMisused,
    StoreFault,
    StoreSignInRefused,
    StoreUnavailable,
    ValueNotStorable,
    ValueTooLarge,
    WriteContended,
)
from registry.storage.address import StoreAddress
from registry.storage.bolt.batches import REQUEST_LIMIT, encoded_size
from registry.storage.bolt.direct.connection import EXPIRED, StatementRefused
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row
from registry.storage.bolt.single import rows_of, statements_at, text_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """Bounds of a process's store calls; each is a setting."""

    read_seconds: float = 15.0
    """A read's deadline: beyond it a caller has gone away."""
    write_seconds: float = 60.0
    """A write's deadline, all its retries included; also what the embedded engine is started with as the longest."""
    first_wait: float = 0.010
    """Seconds before the first retry at most; doubled each time. The driver's own first wait is about a second."""
    longest_wait: float = 1.0
    attempts: int = 20
    """Attempts of a write that meets others; the waits add up to some seven seconds on average."""
    constraint_attempts: int = 8
    """Attempts that may end at a uniqueness constraint, or at something deleted meanwhile: racing writers do, and find
    things as they are next time."""
    connection_attempts: int = 3
    """Attempts that may end with a lost connection: a pooled one may have died with a restarted engine."""
    connections: int = 50
    connect_seconds: float = 5.0


DEFAULT_LIMITS: Final = StoreLimits()


class UnitOfWork:
    """An open transaction. What runs in it is all stored, or nothing is."""

    def __init__(self, transaction: AsyncTransaction | AsyncManagedTransaction) -> None:
        self._transaction = transaction

    async def run(self, query: NamedQuery, parameters: Parameters | None = None) -> list[Row]:
        """All rows of the query, read to the end."""
        values = checked(query, parameters)
        try:
            return await rows_of(await self._transaction.run(text_of(query), values))
        except (TypeError, ValueError, OverflowError) as raised:
            reason = type(raised).__name__
        raise ValueNotStorable(query=query.name, reason=reason)


class Database:
    """One database of one store, shared by all tasks of a process."""

    def __init__(self, address: StoreAddress, limits: StoreLimits = DEFAULT_LIMITS) -> None:
        silence_driver()
        self.address = address
        self.limits = limits
        self._driver: AsyncDriver = AsyncGraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            max_connection_pool_size=limits.connections,
            connection_timeout=limits.connect_seconds,
            connection_acquisition_timeout=limits.read_seconds,
            liveness_check_timeout=30.0,
            telemetry_disabled=True,
        )
        self._statements = statements_at(
            address, self._driver, most=limits.connections, connect_seconds=limits.connect_seconds
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def read(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> list[Row]:
        """All rows. For results that a budget bounds: they are fetched at once."""
        if query.writes:
            raise QueryMisused(query=query.name, rule="it writes; give it to write()")
        values = checked(query, parameters)
        deadline = self.limits.read_seconds if seconds is None else seconds
        return await self._persist(query.name, deadline, lambda: self._single(query, values, deadline))

    async def read_one(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> Row | None:
        """The only row, None if there is none. A second row is a `QueryMisused`."""
        rows = await self.read(query, parameters, seconds=seconds)
        if len(rows) > 1:
            raise QueryMisused(query=query.name, rule=f"it returned {len(rows)} rows where one was asked for")
        return rows[0] if rows else None

    async def stream(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> AsyncGenerator[Row, None]:
        """Rows as they come, a thousand at a time, in memory that does not grow; not retried once begun.

        ``seconds`` bounds each fetch, not the whole. Leave the loop early only under ``contextlib.aclosing``.
        """
        if query.writes:
            raise QueryMisused(query=query.name, rule="it writes; give it to write()")
        values = checked(query, parameters)
        deadline = self.limits.read_seconds if seconds is None else seconds
        async with self._driver.session(
            database=self.address.database, default_access_mode=READ_ACCESS, fetch_size=1000
        ) as session:
            result = await self._persist(query.name, deadline, lambda: session.run(Query(text_of(query)), values))
            keys = result.keys()
            while rows := await self._persist(query.name, deadline, lambda: result.fetch(1000), attempts=1):
                for record in rows:
                    yield dict(zip(keys, record, strict=True))

    async def write(self, work: Callable[[UnitOfWork], Awaitable[T]], *, name: str, seconds: float | None = None) -> T:
        """What ``work`` returns, once its transaction is durably stored.

        ``work`` **may run more than once**: no clock, no random, no publishing in it. An error of ours that it
        raises rolls back and comes out as it is. `WriteContended` after the last retry: nothing was written.
        """
        deadline = self.limits.write_seconds if seconds is None else seconds
        return await self._persist(name, deadline, lambda: self._transact(work, deadline))

    async def execute(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> list[Row]:
        """The rows of a single writing statement, in a transaction of its own."""
        return await self.write(lambda unit: unit.run(query, parameters), name=query.name, seconds=seconds)

    async def put(self, query: NamedQuery, parameters: Parameters | None = None) -> None:
        """Nothing, once a single writing statement is durably stored, in one round trip instead of three.

        Only for a statement that **does no harm when it is stored twice** (a MERGE by a key that the caller made): a
        connection lost at its end leaves open whether it was stored, and it is then sent again.
        """
        values, deadline = checked(query, parameters), self.limits.write_seconds
        await self._persist(query.name, deadline, lambda: self._single(query, values, deadline))

    async def health(self, *, seconds: float = 2.0) -> None:
        """Nothing, if the store answers within ``seconds``; else `StoreUnavailable` or `StoreSignInRefused`."""
        probe = NamedQuery(name="health", text="RETURN 1 AS alive", parameters={}, writes=False, one=True)
        try:
            await self.read_one(probe, seconds=seconds)
            return
        except DeadlineExceeded:
            pass
        raise StoreUnavailable(reason="no answer in time")

    async def close(self) -> None:
        """Close every connection. No call may follow."""
        await self._statements.close()
        await self._driver.close()

    async def _single(self, query: NamedQuery, values: Parameters, seconds: float) -> list[Row]:
        try:
            return await self._statements.run(query, values, seconds=seconds)
        except OSError:  # that of a certificate is a ValueError too
            raise
        except (TypeError, ValueError, OverflowError) as raised:
            reason = type(raised).__name__
        raise ValueNotStorable(query=query.name, reason=reason)

    async def _transact(self, work: Callable[[UnitOfWork], Awaitable[T]], deadline: float) -> T:
        async with (
            self._driver.session(database=self.address.database, fetch_size=-1) as session,
            await session.begin_transaction(timeout=deadline) as transaction,
        ):
            answer = await work(UnitOfWork(transaction))
            await transaction.commit()
            return answer

    async def _persist(
        self, name: str, seconds: float, attempt: Callable[[], Awaitable[T]], *, attempts: int | None = None
    ) -> T:
        """What ``attempt`` returns in the end, within ``seconds`` over all attempts."""
        try:
            async with asyncio.timeout(seconds) as clock:
                return await self._retry(name, seconds, attempt, attempts or self.limits.attempts)
        except TimeoutError:
            if not clock.expired():
                raise
        raise DeadlineExceeded(query=name, seconds=seconds)

    async def _retry(self, name: str, seconds: float, attempt: Callable[[], Awaitable[T]], attempts: int) -> T:
        """Errors are raised outside the handler, so that the store's text hangs on none of them as its context."""
        met = 0
        while True:
            met += 1
            try:
                return await attempt()
            except (StatementRefused, Neo4jError, DriverError, OSError) as raised:
                trouble = self._judge(raised, name, seconds, met)
            if met >= min(attempts, trouble.attempts):
                raise trouble.error
            ceiling = min(self.limits.longest_wait, self.limits.first_wait * 2 ** (met - 1))
            await asyncio.sleep(random.uniform(0, ceiling))

    def _judge(self, raised: Exception, name: str, seconds: float, met: int) -> _Trouble:
        """How often this may be met, and what it is called when it was met so often."""
        if isinstance(raised, IncompleteCommit):
            return _Trouble(StoreUnavailable(reason="the connection was lost at the commit"), 1)
        if isinstance(raised, StatementRefused | Neo4jError):
            code = raised.code or "no code"
        else:
            return _Trouble(StoreUnavailable(reason=type(raised).__name__), self.limits.connection_attempts)
        if code.startswith("Neo.ClientError.Security."):
            attempts = self.limits.connection_attempts if code == EXPIRED else 1  # the next one signs in anew
            return _Trouble(StoreSignInRefused(address=self.address.uri, user=self.address.user), attempts)
        if code in _ELSEWHERE:
            return _Trouble(StoreUnavailable(reason="it does not write"), self.limits.connection_attempts)
        if "TimedOut" in code or code in _TIMEOUTS:
            return _Trouble(DeadlineExceeded(query=name, seconds=seconds), 1)
        if code in _PASSING:
            return _Trouble(StoreFault(query=name, store_code=code), self.limits.constraint_attempts)
        if code.startswith(_TRANSIENT) and code not in _STOPPED:
            return _Trouble(WriteContended(query=name, attempts=met), self.limits.attempts)
        return _Trouble(StoreFault(query=name, store_code=code), 1)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What a failed attempt amounts to: the error to end with, and after how many attempts."""

    error: IctipError
    attempts: int


_CONSTRAINT: Final = "Neo.ClientError.Schema.ConstraintValidationFailed"
_GONE: Final = "Neo.ClientError.Statement.EntityNotFound"
_PASSING: Final = frozenset({_CONSTRAINT, _GONE})
"""Client errors that another writer causes: it made the same node first, or deleted what was found a moment ago."""
_ELSEWHERE: Final = frozenset(
    {"Neo.ClientError.Cluster.NotALeader", "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"}
)
"""Another member of a cluster writes now; the driver calls it a lost connection."""
_TRANSIENT: Final = "Neo.TransientError."
_STOPPED: Final = frozenset({"Neo.TransientError.Transaction.LockClientStopped"})
"""Transient by name; but what somebody stopped on purpose stays stopped."""
_TIMEOUTS: Final = frozenset({"Neo.ClientError.Transaction.Terminated", "Neo.TransientError.Transaction.Terminated"})


def checked(query: NamedQuery, parameters: Parameters | None) -> dict[str, object]:
    """The parameters as they are sent, if they are those that the query declares and fit into one request."""
    given = parameters or {}
    if given.keys() != query.parameters.keys():
        raise QueryMisused(query=query.name, rule=f"it takes exactly {', '.join(query.parameters) or 'nothing'}")
    values = query.packed(given)
    size = encoded_size(values, enough=REQUEST_LIMIT)
    if size > REQUEST_LIMIT:
        raise ValueTooLarge(bytes=size, limit=REQUEST_LIMIT)
    return values


class Wordless(logging.Filter):
    """Keeps that the driver complained, and drops what it said: its lines quote the store's texts, keys, statements."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let warnings and worse pass, without their words."""
        record.msg, record.args = "the database driver complained", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record.levelno >= logging.WARNING


def silence_driver() -> None:
    """Put the filter on every logger of the driver, where it holds whatever handlers a process has."""
    names = [name for name in logging.root.manager.loggerDict if name == "neo4j" or name.startswith("neo4j.")]
    for log in map(logging.getLogger, names):
        if not any(isinstance(one, Wordless) for one in log.filters):
            log.addFilter(Wordless())
