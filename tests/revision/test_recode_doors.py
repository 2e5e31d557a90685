"""Re-coding at its doors: GraphQL on both engines, the table of decisions, the command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphql_api.context import Rooms
from registry.access.actor import Actor, Right, Scope, StatedPurpose
from registry.access.ports import AuditFilter
from registry.cases.recode_actions import ChoiceFault, WaitingCode
from registry.cases.recode_table import read_decisions, waiting_row
from registry.cases.recoding import Choice
from registry.classification.cells import plain_cell
from registry.identifiers import EntityId, EventId, Notation
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests.api.conftest import QUIET, opened, rooms_of
from tests.revision.recoding_world import REVISED, two_versions
from tests.universe import CARER, OFFICER, build_universe, event_id

CATALOGUE = two_versions()
RECODE = """mutation($dry: Boolean!, $decisions: [DecisionOnCode!]) {
  recode(scheme: "units", target: "1.1", dryRun: $dry, decisions: $decisions) {
    moved waiting next codes { entity code outcome events } waitingCodes { event code targets }
    batch { id state events } faults { row column rule } } }"""
KEPT = """query($id: ID!) { event(id: $id) {
  forms { code version } recodings { kept { part field codes { code version } } } } }"""


def over(database: Database) -> Rooms:
    return replace(rooms_of(CATALOGUE, database), codebook=REVISED)


async def test_records_are_recoded_and_taken_back_over_graphql(database: Database) -> None:
    """Dry run, faulty decision as data, decided run, old codes shown, undo; a reader may not."""
    await build_universe(BoltCaseStore(database))
    rooms = over(database)
    decision = {"event": event_id("E5"), "code": "5.4", "chosen": "5.7"}
    async with opened(lambda: rooms) as doors:
        told = (await doors.data(RECODE, dry=True))["recode"]
        assert (told["moved"], told["waiting"], told["batch"], told["next"]) == (5, 1, None, None)
        assert told["waitingCodes"] == [{"event": event_id("E5"), "code": "5.4", "targets": ["5.6", "5.7"]}]
        faulty = (await doors.data(RECODE, dry=False, decisions=[{**decision, "chosen": "1"}]))["recode"]
        assert faulty["faults"] == [{"row": 1, "column": "chosen", "rule": "not_among_targets"}]
        done = (await doors.data(RECODE, dry=False, decisions=[decision]))["recode"]
        assert (done["moved"], done["waiting"], done["batch"]["state"]) == (6, 0, "DONE")

        fifth = (await doors.data(KEPT, id=event_id("E5")))["event"]
        assert fifth["forms"] == [{"code": "5.7", "version": "1.1"}]
        assert fifth["recodings"] == [
            {"kept": [{"part": None, "field": "forms", "codes": [{"code": "5.4", "version": "1.0"}]}]}
        ]
        (batch,) = (await doors.data("{ recodeBatches { id source target events } }"))["recodeBatches"]
        assert batch == {"id": done["batch"]["id"], "source": "1.0", "target": "1.1", "events": 6}
        assert await doors.data("mutation($b: ID!) { undoRecode(batch: $b) }", b=batch["id"]) == {"undoRecode": 6}
        error = await doors.error('mutation { undoRecode(batch: "nobodys-batch") }')
        assert error["code"] == "recode_batch_unknown"
        error = await doors.error('mutation { recode(scheme: "sex", target: "1.0") { moved } }')
        assert error["code"] == "scheme_unknown"
        error = await doors.error('mutation { recode(scheme: "units", target: "1.0") { moved } }')
        assert (error["code"], error["facts"]["versions"]) == ("recode_unclear", "no other version")


async def test_what_a_version_does_to_stored_records_is_told_over_graphql(database: Database) -> None:
    """Use of a code, impact of a pair of versions; half a question is refused; the carer is told of hers alone."""
    await build_universe(BoltCaseStore(database))
    rooms = over(database)
    async with opened(lambda: rooms, actor=CARER) as doors:
        used = await doors.data('{ codeUse(scheme: "units", codes: ["5.4"]) { variable code entity events victims } }')
        assert used["codeUse"] == [
            {"variable": "form", "code": "5.4", "entity": "ug-shelter", "events": 1, "victims": 0}
        ]
        assert (await doors.error('{ codeUse(scheme: "sex") { code } }'))["code"] == "scheme_unknown"
        impact = await doors.data(
            '{ storedImpact(scheme: "units", old: "1.0") { code automatic becomes targets events } }'
        )
        assert impact["storedImpact"] == [
            {"code": "2.1", "automatic": True, "becomes": "1.1", "targets": ["1.1"], "events": 1},
            {"code": "5.4", "automatic": False, "becomes": None, "targets": ["5.6", "5.7"], "events": 1},
        ]
        error = await doors.error('{ storedImpact(scheme: "units") { code } }')
        assert error["code"] == "arguments_conflicting"


async def test_ids_in_decisions_are_noted_found_or_not(database: Database) -> None:
    """Guessing at ids by decisions shows in the audit as every other lookup does."""
    await build_universe(BoltCaseStore(database))
    rooms = over(database)
    guess = {"event": "e" * 26, "code": "5.4", "chosen": "5.7"}
    async with opened(lambda: rooms, settings=replace(QUIET, reads_audited=True)) as doors:
        (fault,) = (await doors.data(RECODE, dry=True, decisions=[guess]))["recode"]["faults"]
    rows = await BoltAuditStore(database).search(AuditFilter(record=guess["event"]), after=None, limit=10)

    assert fault["rule"] == "event_unknown"
    assert [row.act for row in rows] == ["look at codes to recode"]


async def test_who_may_not_import_recodes_nothing(database: Database) -> None:
    """An analyst is refused; an officer without the right to identified cases too; nothing changed."""
    await build_universe(BoltCaseStore(database))
    rooms = over(database)
    analyst = Actor("analyst", frozenset({Right.READ_CASES}), Scope.everything(), StatedPurpose.STATISTICS)
    clerk = replace(OFFICER, rights=frozenset({Right.IMPORT_RECORDS, Right.READ_CASES}))
    for actor in (analyst, clerk):
        async with opened(lambda: rooms, actor=actor) as doors:
            assert (await doors.error(RECODE, dry=False))["code"] == "not_allowed"
    async with opened(lambda: rooms) as doors:
        assert (await doors.data("{ recodeBatches { id } }"))["recodeBatches"] == []
        assert (await doors.data(RECODE, dry=True))["recode"]["moved"] == 5


def test_what_waits_comes_back_decided_through_a_spreadsheet() -> None:
    """A cell that looks like a formula is told as text and read back as what it was; rows without a choice are left."""
    event = EventId("-ab3f-9x")
    waiting = WaitingCode(event, EntityId("ke"), "=v1", "forms", "form", Notation("5.4"), (Notation("5.6"),))

    row = waiting_row(waiting)

    assert row == ["'-ab3f-9x", "'=v1", "5.4", "", "5.6", "ke", "form"]
    header = ["event", "part", "code", "chosen", "targets", "entity", "variable"]
    back = [plain_cell(cell) for cell in row]
    assert read_decisions([header, back]).choices == ()
    back[3] = "5.6"
    assert read_decisions([header, back]).choices == (Choice(event, Notation("5.4"), Notation("5.6"), "=v1"),)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["event", "code"]], (1, "chosen", "column_missing")),
        ([["event", "code", "chosen"], ["x", "5.4", "5.6"]], (2, "event", "malformed")),
        ([["event", "code", "chosen"], [], ["abcdefgh", "5 4", "5.6"]], (3, "code", "malformed")),
        ([["event", "code", "chosen"], ["abcdefgh", "5.4", "=1+1"]], (2, "chosen", "malformed")),
        ([], (1, "event", "column_missing")),
    ],
)
def test_a_decision_that_cannot_be_read_is_told_by_row_and_column(
    rows: list[list[str]], fault: tuple[int, str, str]
) -> None:
    """The row is that of the file, its header row 1."""
    found: ChoiceFault = read_decisions(rows).faults[0]

    assert (found.row, found.column, found.rule) == fault
