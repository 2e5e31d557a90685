"""Judgements in the store: `registry.network.ports.JudgementStore` over Bolt.

A change locks both records first, the lesser id before the greater, then looks, then writes with its audit row: two
callers who judge one pair at once make one judgement, and the other is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.errors import AlreadyJudged, RecordUnknown
from registry.network.judgements import Grounds, Judgement, Pair
from registry.network.model import NodeKind
from registry.storage.bolt import records
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import NamedQuery, Row, load_queries

QUERIES: Final = load_queries("judgements")
_SUFFIX: Final = {NodeKind.PERSON: "people", NodeKind.EVENT: "events"}


@dataclass(frozen=True, slots=True)
class BoltJudgementStore:
    """Where judgements are kept."""

    database: Database

    async def judge(self, judgement: Judgement, *, scope: ScopeParameter, audit: AuditRow) -> None:
        """Keep a judgement. Raises `RecordUnknown`, `AlreadyJudged`, and then nothing is written."""
        pair = judgement.pair

        async def work(unit: UnitOfWork) -> None:
            if not await _locked(unit, pair, scope):
                raise RecordUnknown(kind=pair.kind.word)
            if await unit.run(_query("judged", pair), _ends(pair)):
                raise AlreadyJudged(kind=pair.kind.word)
            await unit.run(
                _query("judge", pair),
                {
                    **_ends(pair),
                    "properties": {
                        "key": pair.key,
                        "judgement": judgement.id,
                        "grounds": judgement.grounds.value,
                        "by": judgement.by,
                        "at": judgement.at,
                    },
                },
            )
            await add_rows(unit, [audit])

        await self.database.write(work, name="judge records")

    async def withdraw(self, pair: Pair, *, scope: ScopeParameter, audit: AuditRow) -> Judgement | None:
        """Take the pair's judgement away and return it; None where the scope knows of none."""

        async def work(unit: UnitOfWork) -> Judgement | None:
            if not await _locked(unit, pair, scope):
                return None
            found = await unit.run(_query("judged", pair), _ends(pair))
            if not found:
                return None
            await unit.run(_query("withdraw", pair), _ends(pair))
            await add_rows(unit, [audit])
            return _judgement(found[0], pair.kind)

        return await self.database.write(work, name="withdraw judgement")

    async def judgements(self, kind: NodeKind, ids: Sequence[str], *, scope: ScopeParameter) -> Sequence[Judgement]:
        """The judgements about any of these records, both ends in scope, newest first."""
        rows = await self.database.read(QUERIES[f"judgements_of_{_SUFFIX[kind]}"], {"ids": list(ids), "scope": scope})
        return [_judgement(row, kind) for row in rows]


async def _locked(unit: UnitOfWork, pair: Pair, scope: ScopeParameter) -> bool:
    """Whether both records lie in scope, once both are locked; one that does not is not touched, as one not there."""
    suffix = _SUFFIX[pair.kind]
    asked = {**_ends(pair), "scope": scope}
    if not await unit.run(QUERIES[f"both_{suffix}"], asked):
        return False
    for id_ in (pair.one, pair.other):
        await unit.run(QUERIES[f"lock_{suffix}"], {"id": id_})
    return bool(await unit.run(QUERIES[f"both_{suffix}"], asked))


def _query(name: str, pair: Pair) -> NamedQuery:
    return QUERIES[f"{name}_{_SUFFIX[pair.kind]}"]


def _ends(pair: Pair) -> dict[str, object]:
    return {"one": pair.one, "other": pair.other}


def _judgement(row: Row, kind: NodeKind) -> Judgement:
    return Judgement(
        id=records.text(row, "judgement"),
        pair=Pair(kind, records.text(row, "one"), records.text(row, "other")),
        grounds=Grounds(records.text(row, "grounds")),
        by=records.text(row, "by"),
        at=records.whole(row, "at"),
    )
