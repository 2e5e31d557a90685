"""Imports into a store, on both engines: dry run first, nothing twice, nothing half, and only what is allowed."""

from __future__ import annotations

import asyncio
import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from registry.access.actor import Actor, Right, Scope, StatedPurpose, local_user
from registry.cases.identity import KEY_BYTES
from registry.cases.model import StoreCounts
from registry.errors import BatchFaulty, FileNotWritable, FileTruncated, NotAllowed
from registry.identifiers import EntityId
from registry.intake.actions import Delivery, check_batch, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.model import BatchReport, Outcome, Phase
from registry.storage.address import StoreAddress
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests.intake.deliveries import event, write_events
from tests.universe import CODEBOOK, EVERYTHING

KEY = bytes(KEY_BYTES)
EVERYONE = local_user()
ICTIP = load_mapping("ictip")


def delivery_of(path: Path, count: int, *faulty: int) -> Delivery:
    """A delivery of so many events; those numbered faulty have a code that there is not."""
    events = [event(number, **({"values": {"sta": "perhaps"}} if number in faulty else {})) for number in range(count)]
    return Delivery(write_events(path / "events.ndjson.gz", events), ICTIP)


async def run(database: Database, delivery: Delivery, *, accept_valid_rows: bool = False) -> BatchReport:
    """Import it."""
    return await import_batch(
        BoltCaseStore(database),
        delivery,
        CODEBOOK,
        actor=EVERYONE,
        fresh_key=KEY,
        accept_valid_rows=accept_valid_rows,
    )


async def usage(database: Database) -> tuple[int, int]:
    """Events and people in the store."""
    found = await BoltCaseStore(database).usage(scope=EVERYTHING)
    return found["events"], found["people"]


async def test_the_second_run_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    """1,200 events, more than a chunk."""
    delivery = delivery_of(tmp_path, 1_200)

    first = await run(database, delivery)
    second = await run(database, delivery)

    assert (first.outcome, first.stored) == (Outcome.IMPORTED, StoreCounts(added=1_200))
    assert (second.outcome, second.stored) == (Outcome.UNCHANGED, StoreCounts(unchanged=1_200))
    assert first.batch == second.batch
    assert first.counts == second.counts
    assert await usage(database) == (1_200, 1_200)


async def test_the_check_reports_what_the_import_does(database: Database, tmp_path: Path) -> None:
    """The same counts, and nothing is written by it."""
    delivery = delivery_of(tmp_path, 5)

    checked = check_batch(delivery, CODEBOOK, actor=EVERYONE)
    assert await usage(database) == (0, 0)
    imported = await run(database, delivery)

    assert checked.outcome is Outcome.CHECKED
    assert replace(imported, outcome=checked.outcome, stored=None, batch=None) == checked
    assert checked.counts.victims_by_form == {"1": 5}


async def test_faults_refuse_the_whole_file(database: Database, tmp_path: Path) -> None:
    """Nothing of it is written; the error names the number of faults and the first one."""
    delivery = delivery_of(tmp_path, 10, 3, 7)

    with pytest.raises(BatchFaulty) as refused:
        await run(database, delivery)

    assert refused.value.facts == {
        "file": "events.ndjson.gz",
        "faults": 2,
        "rows": 2,
        "row": 5,
        "first": "code_unknown",
    }
    assert await usage(database) == (0, 0)
    assert await BoltCaseStore(database).count_entities(scope=EVERYTHING) == 0


async def test_valid_rows_are_taken_when_asked(database: Database, tmp_path: Path) -> None:
    """Exactly the faulty ones are left out, and listed."""
    report = await run(database, delivery_of(tmp_path, 10, 3, 7), accept_valid_rows=True)

    assert report.stored == StoreCounts(added=8)
    assert (report.rows, report.left_out, report.fault_total) == (10, 2, 2)
    assert [fault.row for fault in report.faults] == [5, 9]
    assert await usage(database) == (8, 8)


async def test_an_interrupted_import_completes_when_run_again(database: Database, tmp_path: Path) -> None:
    """Broken off after some chunks, as a full disk or a lost connection would."""
    delivery = delivery_of(tmp_path, 2_500)

    def break_off(phase: Phase) -> None:
        if phase.doing == "importing" and phase.rows > 1_500:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await import_batch(
            BoltCaseStore(database), delivery, CODEBOOK, actor=EVERYONE, fresh_key=KEY, progress=break_off
        )
    events, _ = await usage(database)
    report = await run(database, delivery)

    assert 0 < events < 2_500
    assert report.stored == StoreCounts(added=2_500 - events, unchanged=events)
    assert await usage(database) == (2_500, 2_500)


KILLED = """
import asyncio, json, sys
from pathlib import Path
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from tests.intake.test_import import delivery_from, run

async def main():
    async with Database(StoreAddress(**json.loads(sys.stdin.readline()))) as database:
        await run(database, delivery_from(Path(sys.argv[1])))

asyncio.run(main())
"""


def delivery_from(path: Path) -> Delivery:
    """The delivery of a file that is there."""
    return Delivery(path, ICTIP)


async def test_a_killed_import_completes_when_run_again(
    database: Database, store_address: StoreAddress, tmp_path: Path
) -> None:
    """SIGKILL in the middle; whole chunks stay, and the dead process's turn is given up here at once."""
    delivery = delivery_of(tmp_path, 5_000)
    address = {
        "uri": store_address.uri,
        "user": store_address.user,
        "password": store_address.password,
        "database": store_address.database,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(delivery.path), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        if process.stdin is not None:
            process.stdin.write(orjson.dumps(address) + b"\n")
        await wait_for_events(database)
    finally:
        process.kill()
        await process.wait()
    await forget_turns(database)
    events, people = await usage(database)
    report = await run(database, delivery)

    assert 0 < events < 5_000
    assert people == events
    assert report.stored == StoreCounts(added=5_000 - events, unchanged=events)
    assert await usage(database) == (5_000, 5_000)
    assert await BoltCodeUseStore(database).check() == []


async def wait_for_events(database: Database) -> None:
    """Until the first chunk is there; a minute at most."""
    for _ in range(600):
        if (await usage(database))[0]:
            return
        await asyncio.sleep(0.1)


async def forget_turns(database: Database) -> None:
    """What a minute of waiting would do: the lease of a dead holder runs out."""
    sweep = NamedQuery(name="sweep", text="MATCH (l:Lease) DELETE l", parameters={}, writes=True, one=False)
    await database.execute(sweep)


async def test_a_truncated_file_writes_nothing(database: Database, tmp_path: Path) -> None:
    """The check meets the end before anything is stored."""
    delivery = delivery_of(tmp_path, 3_000)
    delivery.path.write_bytes(delivery.path.read_bytes()[:-200])

    with pytest.raises(FileTruncated):
        await run(database, delivery)

    assert await usage(database) == (0, 0)


@pytest.mark.parametrize(
    "actor",
    [
        Actor("clerk", frozenset({Right.READ_CASES}), Scope(entities=None)),
        Actor("other", frozenset({Right.IMPORT_RECORDS}), Scope.of_entities("ug-shelter"), StatedPurpose.DATA_ENTRY),
    ],
)
async def test_who_may_not_import_changes_nothing(database: Database, tmp_path: Path, actor: Actor) -> None:
    """Without the right, or for an entity outside the actor's scope."""
    with pytest.raises(NotAllowed):
        await import_batch(BoltCaseStore(database), delivery_of(tmp_path, 2), CODEBOOK, actor=actor, fresh_key=KEY)

    assert await usage(database) == (0, 0)


async def test_the_deliverer_can_be_named(database: Database, tmp_path: Path) -> None:
    """Records without an entity of their own are then the deliverer's; another deliverer's are other records."""
    delivery = delivery_of(tmp_path, 2)

    await run(database, delivery)
    report = await run(database, replace(delivery, entity=EntityId("ug-shelter")))

    assert report.entity == "ug-shelter"
    assert report.stored == StoreCounts(added=2)
    assert report.counts.events_by_entity == {"ug-shelter": 2}


def test_the_check_needs_the_right_to_import(tmp_path: Path) -> None:
    """A dry run reads case records as well."""
    clerk = Actor("clerk", frozenset({Right.READ_CASES}))

    with pytest.raises(NotAllowed):
        check_batch(delivery_of(tmp_path, 1), CODEBOOK, actor=clerk)


def test_every_fault_goes_to_the_file_of_faults(tmp_path: Path) -> None:
    """The report carries the first thousand with the true total; the file has all of them."""
    path = tmp_path / "faults.csv"
    delivery = replace(delivery_of(tmp_path, 1_500, *range(1_200)), faults_to=path)

    report = check_batch(delivery, CODEBOOK, actor=EVERYONE)

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (report.fault_total, len(report.faults), len(rows)) == (1_200, 1_000, 1_200)
    assert report.faults_by_code == {"code_unknown": 1_200}
    assert rows[0] == {
        "row": "2",
        "column": "values.sta",
        "code": "code_unknown",
        "expected": "a code of event-status 1.0",
        "hint": "Use a code of the named list and version, leading zeros kept.",
    }


def test_a_file_of_faults_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Before the file is read."""
    delivery = replace(delivery_of(tmp_path, 1), faults_to=tmp_path / "none" / "faults.csv")

    with pytest.raises(FileNotWritable):
        check_batch(delivery, CODEBOOK, actor=EVERYONE)


def test_progress_is_told(tmp_path: Path) -> None:
    """At the end all bytes were read."""
    phases: list[Phase] = []

    check_batch(delivery_of(tmp_path, 12_000), CODEBOOK, actor=EVERYONE, progress=phases.append)

    assert len(phases) == 3
    assert (phases[-1].rows, phases[-1].bytes_read) == (12_001, phases[-1].bytes_all)
