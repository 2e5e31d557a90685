"""Speed of revision: a diff, a check and a release, each against the seconds that the project promises.

Shown for themselves: nothing else does the same. The best of a few runs, because a machine's noise only adds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final

from benchmarks.report import Better, Ratio
from graphql_api.cli.installation import packaged_catalogue
from registry.access.actor import local_user
from registry.classification.catalogue import VersionChoice
from registry.classification.draft_actions import Stamp, Stores, edit_draft, move_draft, open_draft, release_draft
from registry.classification.edits import Add, Edit, Explain, NewItem
from registry.classification.integrity import check_version
from registry.classification.lifecycle import Stage
from registry.classification.model import Association, AssociationKind, Label
from registry.classification.revision_queries import version_diff
from registry.identifiers import NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.address import StoreAddress
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database

RUNS: Final = 5
RELEASES: Final = 4
"""As many as 5 has free codes of one digit: 5.6 to 5.9."""
UNITS: Final = SchemeId("units")


def measure_pure() -> list[Ratio]:
    """What needs no store: the diff of ISIC Rev.4 and Rev.5, and a check of some 1,600 concepts."""
    catalogue, actor = packaged_catalogue(), local_user()
    old, new = VersionChoice(version="4.0"), VersionChoice(version="5.0")
    diffing = best(lambda: version_diff(catalogue, "isic", old=old, new=new, actor=actor))
    versions = [each.content for each in catalogue.versions["isic"]]
    checking = best(lambda: [check_version(version) for version in versions])
    concepts = sum(len(version.concepts) for version in versions)
    return [
        seconds("diff ISIC Rev.4 to Rev.5", diffing, 0.1),
        seconds(f"check {concepts} concepts", checking, 1.0, remark="both versions of ISIC, every rule"),
    ]


def best(act: Callable[[], object]) -> float:
    """Seconds of the quickest run."""
    return min(timed(act) for _ in range(RUNS))


def timed(act: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = perf_counter()
    act()
    return perf_counter() - start


def measure_release(address: StoreAddress, engine: str) -> list[Ratio]:
    """Releases of IC-TIP: a unit added each time, the gate and the transaction; the best of a few in a row."""
    return [seconds("release IC-TIP units", min(asyncio.run(_releases(address))), 1.0, engine=engine)]


async def _releases(address: StoreAddress) -> list[float]:
    async with Database(address) as database:
        stores = Stores(BoltDraftStore(database), BoltReleaseStore(database))
        return [await _release(stores, number) for number in range(1, RELEASES + 1)]


async def _release(stores: Stores, number: int) -> float:
    editor, custodian = local_user("editor"), local_user("custodian")
    at = datetime.now(UTC)

    def stamp(step: int) -> Stamp:
        return Stamp(at + timedelta(milliseconds=step), f"bench{number:04d}{step}")

    head = await open_draft(stores, UNITS, VersionTag(f"1.{number}"), actor=editor, stamp=stamp(1))
    made = await edit_draft(
        stores, head.id, addition(number), expected=head.state, reason="Measured.", actor=editor, stamp=stamp(2)
    )
    state = made.draft.stored.head.state
    await move_draft(stores, head.id, Stage.IN_REVIEW, expected=state, reason="Go.", actor=editor, stamp=stamp(3))
    start = perf_counter()
    await release_draft(stores, head.id, expected=state, reason="Measured.", actor=custodian, stamp=stamp(4))
    return perf_counter() - start


def addition(number: int) -> list[Edit]:
    """One more unit under 5, each time another, and where it comes from."""
    code = Notation(f"5.{5 + number}")
    explained = Association((), (code,), AssociationKind.ADDED, reason="Measured.")
    return [Add(new_item(code), Notation("5")), Explain(explained)]


def new_item(code: str) -> NewItem:
    """An item of that code."""
    return NewItem(Notation(code), f"{NAMESPACE}/id/bench{code}", (Label(f"Part {code}", LanguageTag("en")),))


def seconds(name: str, ours: float, most: float, *, engine: str = "none", remark: str = "") -> Ratio:
    """A figure in seconds with the most that is promised."""
    return Ratio(name, ours, "s", engine=engine, target=most, better=Better.LOWER, remark=remark)
