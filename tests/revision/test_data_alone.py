"""Lists and variables change by data alone: an official list takes a provisional one's place, a variable is new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from graphql_api.rooms import opened_over
from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES
from registry.classification.current import CurrentCatalogue
from registry.classification.draft_actions import Stamp, Stores, edit_draft, move_draft, open_draft, release_draft
from registry.classification.draft_model import Released
from registry.classification.edits import Add, Bind, Describe, Edit, Explain, NewItem, Split
from registry.classification.lifecycle import Stage
from registry.classification.model import (
    Association,
    AssociationKind,
    Label,
    Standing,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag
from registry.intake.actions import Delivery, check_batch, import_batch
from registry.intake.mapping import load_mapping
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from registry.storage.rdf.vocabulary import read_packaged
from tests.api.conftest import opened
from tests.intake.deliveries import event, write_events
from tests.revision.families import EN

STATUS, VARIABLES, SEX = SchemeId("event-status"), SchemeId("variables"), SchemeId("sex")
FAR: Final = datetime(2126, 1, 1, tzinfo=UTC)
"""Later than any clock under which the tests load the packaged vocabularies."""
NEEDED: Final = ("event-status", "variables", "bindings", "sex", "areas", "missing", "units")

ASKED = """
query ($day: Date!, $at: Instant) {
  variables(step: 3, validOn: $day, asKnownAt: $at) {
    code kind describes label { text } list { binding { validFrom } version { scheme version } }
  }
  codelist(variable: "sta", validOn: $day, asKnownAt: $at) { binding { version } entries { code } }
}
"""
TRANSLATED = """
{ translate(scheme: "event-status", version: "0.1", toScheme: "event-status", codes: ["possible", "actual"]) {
    codes { code outcome targets { code } } } }
"""


def item(code: str, **facts: VariableFacts) -> NewItem:
    return NewItem(Notation(code), f"{NAMESPACE}/id/new{code}", (Label(code.capitalize(), EN),), **facts)  # type: ignore[arg-type]


RETURNED = VariableFacts(Notation("rtn"), VariableKind.CODE, UnitOfDescription.VICTIM, 3, attribution="Tested here")


async def release(stores: Stores, scheme: SchemeId, tag: str, edits: list[Edit], number: int) -> Released:
    """A draft opened, edited, reviewed and released by two people."""
    editor, custodian = local_user("editor"), local_user("custodian")

    def stamp(step: int) -> Stamp:
        return Stamp(FAR + timedelta(days=number, seconds=step), f"alone{number:04d}{step:02d}")

    head = await open_draft(stores, scheme, VersionTag(tag), actor=editor, stamp=stamp(1))
    made = await edit_draft(
        stores, head.id, edits, expected=head.state, reason="By data.", actor=editor, stamp=stamp(2)
    )
    state = made.draft.stored.head.state
    await move_draft(stores, head.id, Stage.IN_REVIEW, expected=state, reason="Ready.", actor=editor, stamp=stamp(3))
    return await release_draft(stores, head.id, expected=state, reason="Agreed.", actor=custodian, stamp=stamp(4))


async def test_an_official_list_and_a_new_variable_come_by_data_alone(database: Database, tmp_path: Path) -> None:
    """The binding moves on its day; what was known before knows neither; a record with it is read back."""
    releases = BoltReleaseStore(database)
    texts = [text for text in read_packaged() if any(f"/{name}" in text.source for name in NEEDED)]
    await releases.add(texts)
    stores = Stores(BoltDraftStore(database), releases)
    official = await release(
        stores,
        STATUS,
        "1.0",
        [
            Describe(standing=Standing.OFFICIAL, publisher="The custodians"),
            Split(Notation("possible"), (item("suspected"), item("presumed"))),
        ],
        1,
    )
    new = await release(
        stores,
        VARIABLES,
        "1.1",
        [
            Add(item("rtn", variable=RETURNED)),
            Explain(Association((), (Notation("rtn"),), AssociationKind.ADDED, reason="Step 3.")),
            Bind(Notation("rtn"), SEX, VersionTag("1.0"), date(2025, 1, 1)),
            Bind(Notation("sta"), STATUS, VersionTag("1.0"), date(2127, 1, 1)),
        ],
        2,
    )
    assert official.keys == ("event-status/1.0", "correspondence/event-status-0.1--event-status-1.0")
    assert set(new.keys) == {
        "variables/1.1",
        "binding/rtn/1",
        "binding/sta/2",
        "correspondence/variables-1.0--variables-1.1",
    }

    async with opened_over(database) as rooms, opened(rooms, actor=local_user()) as doors:
        before = await doors.data(ASKED, day="2126-12-31")
        after = await doors.data(ASKED, day="2127-01-01")
        unknown = await doors.data(ASKED, day="2127-01-01", at=FAR.isoformat())
        translated = await doors.data(TRANSLATED)

    assert before["variables"] == [
        {
            "code": "rtn",
            "kind": "CODE",
            "describes": "VICTIM",
            "label": {"text": "Rtn"},
            "list": {"binding": {"validFrom": "2025-01-01"}, "version": {"scheme": "sex", "version": "1.0"}},
        }
    ]
    assert (before["codelist"]["binding"]["version"], after["codelist"]["binding"]["version"]) == ("0.1", "1.0")
    official_codes = ["suspected", "presumed", "actual", "not-trafficking"]
    assert [each["code"] for each in after["codelist"]["entries"]] == official_codes
    assert (unknown["variables"], unknown["codelist"]["binding"]["version"]) == ([], "0.1")
    ways = {each["code"]: (each["outcome"], each["targets"]) for each in translated["translate"]["codes"]}
    assert ways == {
        "possible": ("CHOICE", [{"code": "presumed"}, {"code": "suspected"}]),
        "actual": ("EXACT", [{"code": "actual"}]),
    }

    current = CurrentCatalogue(releases)
    await current.refresh()
    delivery = Delivery(
        write_events(
            tmp_path / "events.ndjson",
            [
                event(
                    1,
                    values={"dat": "2019-05-03", "sta": "suspected"},
                    victims=[{"person": "p1", "values": {"svx": "female", "rtn": "male"}, "forms": ["1"]}],
                )
            ],
        ),
        load_mapping("ictip"),
    )
    today = CatalogueCodebook(current.catalogue, lambda: date(2026, 1, 1))
    later = CatalogueCodebook(current.catalogue, lambda: date(2127, 1, 1))
    refused = check_batch(delivery, today, actor=local_user())
    assert [(fault.column, fault.code) for fault in refused.faults] == [("values.sta", "code_unknown")]
    report = await import_batch(
        BoltCaseStore(database), delivery, later, actor=local_user(), fresh_key=bytes(KEY_BYTES)
    )
    assert report.left_out == 0
    async with opened_over(database) as rooms, opened(rooms, actor=local_user()) as doors:
        told = await doors.data(
            '{ events(first: 1) { nodes { values(variables: ["sta"]) { variable codes { code } } participations { '
            'values(variables: ["rtn"]) { variable codes { code } } } } } }'
        )
    [stored] = told["events"]["nodes"]
    assert stored["values"] == [{"variable": "sta", "codes": [{"code": "suspected"}]}]
    assert stored["participations"][0]["values"] == [{"variable": "rtn", "codes": [{"code": "male"}]}]
