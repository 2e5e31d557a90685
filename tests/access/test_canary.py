"""A made-up name and the id of its record, sent through every path: in no log, error, report or engine's file.

One name stands in a delivered file and in stored records, and is read by who may read it; another is asked for: in
queries, variables, paths and comments. What leaves beside answers says codes, counts and places alone. An error may
tell callers which of their own words is wrong, and nothing that is stored.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema

from graphql_api.cli.reports import report_lines
from graphql_api.observability import configure_logging
from registry.access.actor import Actor, Right
from registry.access.ports import AuditFilter
from registry.cases import actions
from registry.cases.codebook import CatalogueCodebook
from registry.cases.model import EventRecord, Text, Value
from registry.classification.catalogue import Catalogue
from registry.identifiers import EntityId, Notation
from registry.intake.actions import Delivery, import_batch
from registry.intake.mapping import load_mapping
from registry.storage.address import StoreAddress
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.engine.embedded import EmbeddedEngine
from tests import universe
from tests.access.doors import SETTINGS, AnyDoors, doors_over
from tests.access.questions import Asker, Question
from tests.access.test_doors_metamorphic import pools_of, schema
from tests.engines.neo4j_server import folder_of
from tests.intake.deliveries import event, write_events
from tests.universe import CODEBOOK, EVERYONE, batch_of, event_id

__all__ = ["schema"]
pytestmark = pytest.mark.usefixtures("own_logging")

CANARY = "Wanjiru-Canary"
"""What is stored."""
ASKED = "Njoki-Canary"
"""What is asked for."""
RECORD = event_id("E9")
ANALYST = Actor(
    "desk", frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.COUNT_CASES}), EVERYONE.scope, EVERYONE.purpose
)


def canary_record() -> EventRecord:
    """An event whose texts, words of the source, own key and victim's key are the name."""
    record = universe.event("E9", universe.victim("ada", CANARY), forms=["1"])
    return replace(
        record,
        source_key=CANARY,
        form_text=CANARY,
        values={**record.values, Notation("cca"): Value(Text(CANARY), (CANARY,))},
    )


def canary_pools() -> dict[str, Any]:
    """The name wherever a text may stand, the record's id wherever an id may."""
    pools = dict(pools_of([canary_record()]))
    texts = ("text", "String", "reason", "organisation", "content", "body", "symbol", "draft", "expected", "comment")
    return {
        **pools,
        **{name: [ASKED] for name in texts},
        "JSON": [{"edit": ASKED}],
        "ID": [ASKED, RECORD],
        "Code": [ASKED],
        "LanguageTag": ["en"],
        "EventFilterInput": [{"entity": ASKED}, {"form": ASKED}, {"variable": "cca", "code": ASKED}],
        "after": [ASKED, None],
    }


def every_operation(schema: GraphQLSchema) -> Iterator[Question]:
    """Each root field of queries and of mutations, twice, with the name in it."""
    asker = Asker(schema, random.Random(2), canary_pools())
    for kind in (schema.query_type, schema.mutation_type):
        for name in kind.fields if kind is not None else ():
            yield from (asker.question(name) for _ in range(2))


def told_of_errors(body: bytes) -> list[str]:
    """The errors of an answer as text."""
    return [orjson.dumps(each).decode() for each in orjson.loads(body).get("errors", ())]


async def deliver(database: Database, catalogue: Catalogue, folder: Path) -> str:
    """A file with the name in good rows and in faulty ones; the report and the list of faults."""
    lines = [
        event(1, values={"cca": CANARY}, key=CANARY),
        event(2, values={"sta": CANARY}),
        event(3, values={"dat": CANARY}),
        event(4, victims=[{"person": CANARY, "values": {"svx": CANARY, "agv": CANARY}, "forms": [CANARY]}]),
        CANARY,
        {"key": CANARY, CANARY: CANARY},
    ]
    file = write_events(folder / "events.ndjson", lines)
    faults = folder / "faults.csv"
    delivery = Delivery(file, load_mapping("ictip"), EntityId("ke-police"), faults)
    report = await import_batch(
        BoltCaseStore(database),
        delivery,
        CatalogueCodebook(catalogue),
        actor=EVERYONE,
        fresh_key=bytes(32),
        accept_valid_rows=True,
    )
    assert report.left_out == 5
    return "\n".join(report_lines(report)) + faults.read_text(encoding="utf-8")


async def test_the_name_is_where_it_belongs_and_nowhere_else(
    database: Database,
    store_address: StoreAddress,
    embedded_engine: EmbeddedEngine,
    catalogue: Catalogue,
    schema: GraphQLSchema,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Every path at once: what each leaves behind is searched at the end."""
    configure_logging("debug")
    await universe.build_universe(BoltCaseStore(database))
    await actions.store_events(
        BoltCaseStore(database), CODEBOOK, batch_of(universe.POLICE), [canary_record()], actor=EVERYONE
    )
    reports = await deliver(database, catalogue, tmp_path)
    async with doors_over(database, catalogue, settings=replace(SETTINGS, log_level="debug")) as doors:
        read = await doors.told(whole_event(), EVERYONE)
        told = [await doors.told(each, actor) for each in every_operation(schema) for actor in (EVERYONE, ANALYST)]
        await open_pages(doors)
    errors = [text for answer in told for text in told_of_errors(answer.body)]
    rows = await BoltAuditStore(database).search(AuditFilter(), after=None, limit=1000)
    printed = "".join(capfd.readouterr())

    assert CANARY.encode() in read.body
    assert '"event":"request"' in printed
    assert len(errors) > 20
    for place in (reports, printed, *errors, *(repr(replace(row, records=())) for row in rows)):
        assert CANARY not in place
    assert ASKED not in printed
    assert RECORD not in printed + reports
    for folder in (embedded_engine.folder, folder_of(store_address)):
        assert [file for file in files_beside_data(folder) if holds_a_name(file)] == []


def whole_event() -> Question:
    """What its reader may see."""
    return Question("event", "query ($id: ID!) { event(id: $id) { sourceKey formText } }", {"id": RECORD})


async def open_pages(doors: AnyDoors) -> None:
    """Addresses that hold the name or the id."""
    doors.chosen.actor = EVERYONE
    for word in (ASKED, RECORD):
        for path in (f"/{word}", f"/units/{word}.ttl", f"/{word}/1.0.csv", f"/explore?id={word}", f"/static/{word}"):
            await doors.http.get(path)
        await doors.http.get("/graphql", params={"query": f'{{ event(id: "{word}") {{ id }} }}'})
        await doors.http.post("/graphql", content=f'{{"query": "{word}'.encode())
        await doors.http.put(f"/graphql/{word}")


def holds_a_name(file: Path) -> bool:
    """Whether either name stands in the file."""
    content = file.read_bytes()
    return CANARY.encode() in content or ASKED.encode() in content


def files_beside_data(folder: Path | None) -> list[Path]:
    """Every file of an engine's folder that is not the database itself; of a server elsewhere none."""
    if folder is None:
        return []
    data = (folder / "engine" / "databases", folder / "data")
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if not any(path.is_relative_to(each) for each in data)]
