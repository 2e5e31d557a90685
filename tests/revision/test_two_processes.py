"""Two processes release at the same instant: one wins, the other is told, and the registry holds one release."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from datetime import UTC, datetime
from pathlib import Path

from registry.access.actor import local_user
from registry.classification.draft_actions import Stamp, Stores, release_draft
from registry.classification.draft_model import DraftId
from registry.classification.ports import VocabularyText
from registry.errors import IctipError
from registry.storage.address import StoreAddress
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from tests.revision.families import small
from tests.revision.test_drafts import SMALL, SPLIT, in_review

ROOT = Path(__file__).parents[2]


async def test_of_two_processes_one_releases_and_the_other_is_told(
    database: Database, store_address: StoreAddress
) -> None:
    """Both hold the same draft in the same state, and begin on one signal."""
    stores = Stores(BoltDraftStore(database), BoltReleaseStore(database))
    await stores.releases.add([VocabularyText("small", "", (small("1.0"),))])
    head = await in_review(stores, SPLIT)
    before = await stores.releases.revision()
    processes = [await started(store_address, head.id, head.state, name) for name in ("first", "second")]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"

    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    outcomes = sorted(out.decode().strip() for out, _ in ended)
    assert outcomes.count("released") == 1
    assert set(outcomes) - {"released"} <= {"move_refused", "base_superseded", "release_changed"}
    assert [note.version for note in await stores.drafts.notes(SMALL)] == ["1.1"]
    assert await stores.releases.revision() == before + 1


async def started(address: StoreAddress, draft: str, state: str, name: str) -> Process:
    """A process that will release the draft as somebody of that name."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.revision.test_two_processes", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    order = {"uri": address.uri, "user": address.user, "password": address.password, "database": address.database}
    process.stdin.write(json.dumps({"address": order, "draft": draft, "state": state, "name": name}).encode() + b"\n")
    await process.stdin.drain()
    return process


async def release_on_signal() -> None:
    """In a process of its own: connect, say so, wait, release, say what came of it."""
    order = json.loads(sys.stdin.readline())
    async with Database(StoreAddress(**order["address"])) as database:
        stores = Stores(BoltDraftStore(database), BoltReleaseStore(database))
        await stores.drafts.read(DraftId(order["draft"]))
        print("ready", flush=True)
        sys.stdin.readline()
        stamp = Stamp(datetime.now(UTC), f"race{order['name']}")
        try:
            await release_draft(
                stores,
                DraftId(order["draft"]),
                expected=order["state"],
                reason="Now.",
                actor=local_user(order["name"]),
                stamp=stamp,
            )
        except IctipError as error:
            print(error.code)
        else:
            print("released")


if __name__ == "__main__":
    asyncio.run(release_on_signal())
