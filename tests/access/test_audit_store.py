"""The audit on both engines: durable when told, sealed behind, and every tampering found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from registry.access.actions import LEAST_KEPT, Retained, remove_expired, retain_audit
from registry.access.actor import Right
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow, Circumstances, Head, audit_row
from registry.access.ports import AuditFilter
from registry.access.queries import audit_rows, export_audit, verify_audit
from registry.errors import ArgumentsConflicting, AuditBroken, AuditRowsYoung, NotAllowed, StoreUnavailable
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests.access.conftest import NOW, ActOf, actor

KEY = b"k" * 32
AUDITOR = actor("auditor", Right.READ_AUDIT)
OPERATOR = actor("cli:operator", Right.REMOVE_AUDIT)


def row(number: int, *, actor_name: str = "asha", records: Sequence[str] = ("event-0001",)) -> AuditRow:
    return audit_row(
        id=f"read-{number:04}",
        actor=actor(actor_name, Right.READ_CASES),
        act="read event",
        circumstances=Circumstances("q", "d", NOW + number),
        records=records,
    )


async def tamper(database: Database, text: str) -> None:
    """What somebody with the database's password could do."""
    await database.execute(NamedQuery("tamper", text, {}, writes=True, one=False))


async def test_rows_of_many_callers_are_all_kept(audit_store: BoltAuditStore) -> None:
    """Two hundred at once; each caller goes on once its own row is durable."""
    appender = AuditAppender(audit_store)

    await asyncio.gather(*(appender.append(row(number)) for number in range(200)))

    assert (await audit_store.unsealed())[0] == 200


async def test_rows_waiting_together_are_written_together(audit_store: BoltAuditStore) -> None:
    """The first goes alone, the rest in one transaction."""
    calls: list[int] = []

    class Counting(BoltAuditStore):
        async def add(self, rows: Sequence[AuditRow]) -> None:
            calls.append(len(rows))
            await audit_store.add(rows)

    appender = AuditAppender(Counting.__new__(Counting))
    await asyncio.gather(*(appender.append(row(number)) for number in range(50)))

    assert calls == [50]


async def test_nothing_leaves_when_the_row_cannot_be_kept() -> None:
    """Every waiting caller gets the store's error, and the next is tried anew."""

    class Broken(BoltAuditStore):
        async def add(self, rows: Sequence[AuditRow]) -> None:
            raise StoreUnavailable(reason="test")

    appender = AuditAppender(Broken.__new__(Broken))
    outcomes = await asyncio.gather(*(appender.append(row(number)) for number in range(3)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    with pytest.raises(StoreUnavailable):
        await appender.append(row(4))


async def test_a_row_written_twice_is_there_once(audit_store: BoltAuditStore) -> None:
    """Also after it was sealed: a repeated write neither changes nor unseals it."""
    await audit_store.add([row(1)])
    await audit_store.seal(KEY, limit=10)
    await audit_store.add([row(1)])

    assert await audit_store.unsealed() == (0, None)
    assert await audit_store.search(AuditFilter(), after=None, limit=10) == [row(1)]


async def test_sealing_gathers_rows_in_order_and_leaves_none(audit_store: BoltAuditStore) -> None:
    """Blocks of at most the limit, oldest rows first, and nothing to do afterwards."""
    await audit_store.add([row(number) for number in (3, 1, 5, 2, 4)])

    first = await audit_store.seal(KEY, limit=3)
    second = await audit_store.seal(KEY, limit=3)

    assert first is not None
    assert second is not None
    assert first.rows == ("read-0001", "read-0002", "read-0003")
    assert second.rows == ("read-0004", "read-0005")
    assert await audit_store.seal(KEY, limit=3) is None
    assert await audit_store.head() == second.head


async def test_racing_sealers_make_one_chain(audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf) -> None:
    """The head is locked first: no block is made twice and no row is in two."""
    await audit_store.add([row(number) for number in range(40)])

    await asyncio.gather(*(audit_store.seal(KEY, limit=5) for _ in range(8)))
    blocks = [block async for block in audit_store.blocks()]

    assert [block.number for block in blocks] == list(range(1, len(blocks) + 1))
    sealed = [id_ for block in blocks for id_ in block.rows]
    assert len(sealed) == len(set(sealed)) == 40
    await verify_audit(audit_store, audit, act(AUDITOR), key=KEY)


async def test_a_block_sealed_while_the_chain_is_followed_is_no_break(
    database: Database, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """The sealer comes between the last block read and the head: that block is followed too."""
    await audit_store.add([row(1), row(2)])
    await audit_store.seal(KEY, limit=1)

    class Sealing(BoltAuditStore):
        async def head(self) -> Head | None:
            await audit_store.seal(KEY, limit=1)
            return await super().head()

    report = await verify_audit(Sealing(database), audit, act(AUDITOR), key=KEY)

    assert (report.head.number, report.rows, report.unsealed) == (2, 2, 0)


async def test_sealing_while_rows_come_in_loses_none(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Appenders and a sealer work at the same time; at the end every row is in one block."""
    appender = AuditAppender(audit_store)

    async def reader(first: int) -> None:
        for number in range(first, first + 25):
            await appender.append(row(number))

    async def sealer() -> None:
        for _ in range(10):
            await audit_store.seal(KEY, limit=20)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(reader(100 * n) for n in range(4)), sealer())
    while await audit_store.seal(KEY, limit=500):
        pass

    report = await verify_audit(audit_store, audit, act(AUDITOR), key=KEY)
    assert (report.rows, report.unsealed) == (100, 0)


async def test_verification_reports_the_unsealed_tail(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """How many rows are not protected yet, and since when."""
    await audit_store.add([row(1), row(2)])
    sealed = await audit_store.seal(KEY, limit=10)
    await audit_store.add([row(7), row(8)])
    assert sealed is not None

    report = await verify_audit(audit_store, audit, act(AUDITOR), key=KEY, outside=[sealed.head])

    assert (report.rows, report.head, report.compared) == (2, sealed.head, 1)
    assert (report.unsealed, report.oldest_unsealed) == (2, NOW + 7)


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (a:AuditRow {id: 'read-0001'}) SET a.text = '{}'",
        "MATCH (a:AuditRow {id: 'read-0001'}) DELETE a",
        "MATCH (b:AuditBlock {number: 1}) DELETE b",
        "MATCH (b:AuditBlock {number: 2}) DELETE b",
        "MATCH (b:AuditBlock {number: 2}) SET b.rows = ['read-0003'], b.digests = [b.digests[0]]",
        "MATCH (h:AuditHead) SET h.number = 1",
        "MATCH (h:AuditHead) DELETE h",
    ],
    ids=["text", "row", "first block", "last block", "block", "head back", "head gone"],
)
async def test_whatever_is_done_to_sealed_rows_shows(
    database: Database, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf, statement: str
) -> None:
    """Rows, blocks and head: changed or removed."""
    await audit_store.add([row(number) for number in (1, 2, 3, 4)])
    await audit_store.seal(KEY, limit=2)
    await audit_store.seal(KEY, limit=2)

    await tamper(database, statement)

    with pytest.raises(AuditBroken):
        await verify_audit(audit_store, audit, act(AUDITOR), key=KEY)


async def test_a_chain_cut_off_cleanly_shows_by_a_head_kept_outside(
    database: Database, audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Last block, its rows and the head all set back: only the outside remembers."""
    await audit_store.add([row(1), row(2)])
    first = await audit_store.seal(KEY, limit=1)
    second = await audit_store.seal(KEY, limit=1)
    assert first is not None
    assert second is not None
    await tamper(database, "MATCH (b:AuditBlock {number: 2}) DELETE b")
    await tamper(database, "MATCH (a:AuditRow {id: 'read-0002'}) DELETE a")
    await tamper(database, f"MATCH (h:AuditHead) SET h.number = 1, h.mac = '{first.mac}'")

    await verify_audit(audit_store, audit, act(AUDITOR), key=KEY)
    with pytest.raises(AuditBroken, match="gone"):
        await verify_audit(audit_store, audit, act(AUDITOR), key=KEY, outside=[second.head])
    with pytest.raises(AuditBroken, match="differs"):
        await verify_audit(audit_store, audit, act(AUDITOR), key=KEY, outside=[Head(1, "00" * 32)])


async def test_reading_the_audit_leaves_a_row(audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf) -> None:
    """Which rows were read is itself a row, and so is an attempt."""
    await audit_store.add([row(1), row(2, actor_name="omar")])

    page = await audit_rows(audit_store, audit, act(AUDITOR), AuditFilter(actor="omar"))
    with pytest.raises(NotAllowed):
        await audit_rows(audit_store, audit, act(actor("asha", Right.READ_CASES)), AuditFilter())

    assert [found.id for found in page.rows] == ["read-0002"]
    told = await audit_store.search(AuditFilter(act="read audit"), after=None, limit=10)
    assert [(found.actor, found.records) for found in told] == [("auditor", ("read-0002",))]
    denied = await audit_store.search(AuditFilter(act="read the audit"), after=None, limit=10)
    assert [(found.actor, found.allowed) for found in denied] == [("asha", False)]


async def test_audit_rows_come_in_pages_newest_first(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Every row once, also where instants are equal; filters by record and time."""
    rows = [replace(row(number), at=NOW + number // 3) for number in range(10)]
    await audit_store.add([*rows, row(50, records=["person-0007"])])

    first = await audit_rows(audit_store, audit, act(AUDITOR), AuditFilter(record="event-0001"), limit=6)
    rest = await audit_rows(
        audit_store, audit, act(AUDITOR), AuditFilter(record="event-0001"), limit=6, after=first.after
    )

    assert [found.id for found in (*first.rows, *rest.rows)] == [f"read-{n:04}" for n in range(9, -1, -1)]
    assert rest.after is None
    late = await audit_rows(audit_store, audit, act(AUDITOR), AuditFilter(since=NOW + 50, until=NOW + 50))
    assert [found.id for found in late.rows] == ["read-0050"]


async def test_retention_removes_old_rows_and_the_chain_still_verifies(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Whole blocks at a time, only when all of a block is old, and each removal is a sealed row itself."""
    await audit_store.add([row(1), row(2), row(90)])
    await audit_store.seal(KEY, limit=2)
    await audit_store.seal(KEY, limit=2)

    with pytest.raises(AuditRowsYoung):
        await remove_expired(audit_store, audit, act(OPERATOR), block=2, before=NOW + 90)
    later = NOW + LEAST_KEPT + 60
    done = await retain_audit(audit_store, audit, lambda: act(OPERATOR, now=later), before=NOW + 50)
    again = await retain_audit(audit_store, audit, lambda: act(OPERATOR, now=later), before=NOW + 50)
    await audit_store.seal(KEY, limit=10)

    assert (done, again) == (Retained(1, 2), Retained(0, 0))
    report = await verify_audit(audit_store, audit, act(AUDITOR), key=KEY)
    assert (report.rows, report.removed) == (2, 2)


async def test_rows_are_kept_for_90_days_and_nobody_removes_them_from_afar(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """Not even who reads them all; nothing is gone."""
    await audit_store.add([row(1)])
    await audit_store.seal(KEY, limit=2)

    with pytest.raises(ArgumentsConflicting, match="90 days"):
        await retain_audit(audit_store, audit, lambda: act(OPERATOR), before=NOW - LEAST_KEPT + 1)
    with pytest.raises(NotAllowed):
        await retain_audit(audit_store, audit, lambda: act(AUDITOR), before=0)

    assert (await audit_store.ages(after=0, limit=9))[0].rows == 1


async def test_an_export_holds_every_block_with_its_texts(
    audit_store: BoltAuditStore, audit: AuditAppender, act: ActOf
) -> None:
    """In order, after the row about the export itself."""
    await audit_store.add([row(1), row(2)])
    await audit_store.seal(KEY, limit=10)

    exported = [item async for item in export_audit(audit_store, audit, act(AUDITOR))]

    assert [(block.number, sorted(texts)) for block, texts in exported] == [(1, ["read-0001", "read-0002"])]
    assert len(await audit_store.search(AuditFilter(act="export audit"), after=None, limit=10)) == 1
