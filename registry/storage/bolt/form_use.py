"""Counts of events by form: `BoltFormUseStore`, the port ``registry.cases.form_use.FormUseStore``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.access.actor import Scope
from registry.access.scope import scope_parameter
from registry.cases.form_use import FormUse
from registry.cases.model import FORM
from registry.identifiers import EntityId, Notation, SchemeId, VersionTag
from registry.storage.bolt import records
from registry.storage.bolt.case_rows import concept_id
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("form_use")
UNITS: Final = SchemeId("units")


class BoltFormUseStore:
    """Counts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def form_use(self, version: VersionTag, codes: Sequence[Notation], *, scope: Scope) -> tuple[FormUse, ...]:
        """Counts above nought of events inside the scope, in no order."""
        coding = {FORM: (UNITS, version)}
        rows = await self._database.read(
            QUERIES["form_use"],
            {
                "concepts": [concept_id(coding, code) for code in codes],
                "scope": scope_parameter(scope),
            },
        )
        return tuple(
            FormUse(
                Notation(records.text(row, "code")),
                EntityId(records.text(row, "entity")),
                records.whole(row, "events"),
            )
            for row in rows
        )
