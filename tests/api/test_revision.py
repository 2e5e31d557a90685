"""Revision at the doors: diffs, translations and timelines without a store; a draft's whole way over either engine."""

from __future__ import annotations

from graphql_api.rooms import opened_over
from registry.access.actor import Actor, Right, local_user
from registry.classification.ports import VocabularyText
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from tests.api.conftest import Doors, Json, opened
from tests.revision.families import small

DIFF = """
query ($kinds: [ChangeKind!]) {
  diff(scheme: "isic", old: "4.0", new: "5.0") {
    old { version } new { version } severity leastVersion correspondences
    counts { kind count }
    changes(kinds: $kinds) { kind severity asksFor old oldLabels new newLabels derived edits { field told } }
  }
}
"""

TRANSLATE = """
query ($codes: [Code!]!, $scheme: SchemeId!, $version: VersionTag, $to: SchemeId!, $toVersion: VersionTag) {
  translate(scheme: $scheme, version: $version, toScheme: $to, toVersion: $toVersion, codes: $codes) {
    sameExtent targets way
    codes {
      code outcome cardinality reused label { text }
      targets { code relation derived path { source target } }
      concepts { code label { text } } lost { kind codes }
    }
  }
}
"""


async def test_a_diff_tells_kinds_labels_of_each_side_and_the_least_number(doors: Doors) -> None:
    """Rev.4 to Rev.5: the codes that mean something else, by kind."""
    diff = (await doors.data(DIFF, kinds=["CODE_REUSED"]))["diff"]

    assert (diff["old"]["version"], diff["new"]["version"], diff["leastVersion"]) == ("4.0", "5.0", "5.0")
    assert {"kind": "CODE_REUSED", "count": 29} in diff["counts"]
    reused = {change["old"][0]: change for change in diff["changes"]}
    assert len(reused) == 29
    assert reused["K"]["oldLabels"] == ["Financial and insurance activities"]
    assert reused["K"]["newLabels"][0].startswith("Telecommunications")
    assert (reused["K"]["severity"], reused["K"]["asksFor"]) == ("BREAKING", "major")


async def test_codes_translate_with_way_losses_and_warning(doors: Doors) -> None:
    """One reused, one unknown; the whole set is not the same."""
    told = await doors.data(
        TRANSLATE, scheme="isic", version="4.0", to="isic", toVersion="5.0", codes=["5520", "0111", "0000"]
    )

    reused, exact, unknown = told["translate"]["codes"]
    assert (reused["outcome"], reused["reused"], reused["cardinality"]) == ("CHOICE", True, "MANY_TO_MANY")
    assert [each["code"] for each in reused["concepts"]] == ["5530", "5540"]
    assert [each["kind"] for each in reused["lost"]] == ["DISTINCTION", "PART"]
    assert (exact["outcome"], exact["targets"][0]["relation"]) == ("EXACT", "EXACT")
    assert (unknown["outcome"], unknown["label"]) == ("UNKNOWN", None)
    assert told["translate"]["sameExtent"] is False


async def test_versions_that_nothing_joins_are_told(doors: Doors) -> None:
    """From the units to ISIC there is no way."""
    error = await doors.error(TRANSLATE, scheme="units", to="isic", codes=["1"])

    assert error["code"] == "translation_unavailable"


async def test_a_concept_is_followed_through_the_versions(doors: Doors) -> None:
    """Finance was K, and is L."""
    told = await doors.data(
        '{ timeline(scheme: "isic", code: "L") { changes concept { code version label { text } } } }'
    )

    assert [(each["concept"]["version"], each["concept"]["code"]) for each in told["timeline"]] == [
        ("4.0", "K"),
        ("5.0", "L"),
    ]
    assert "RECODED" in told["timeline"][1]["changes"]


DRAFT = "draft { id state stage tag edits { number undoneBy } findings { rule place } comments { text } }"
FAULTS = "faults { place rule message }"
EDIT = f"""
mutation ($draft: String!, $expected: String!, $edits: [JSON!]!) {{
  editDraft(draft: $draft, expected: $expected, reason: "Because.", edits: $edits) {{ {DRAFT} {FAULTS} }}
}}
"""
MOVE = f"""
mutation ($draft: String!, $expected: String!, $to: DraftStage!) {{
  moveDraft(draft: $draft, expected: $expected, to: $to, reason: "On.") {{ {DRAFT} {FAULTS} }}
}}
"""
RELEASE = f"""
mutation ($draft: String!, $expected: String!) {{
  releaseDraft(draft: $draft, expected: $expected, reason: "Approved.",
    decisions: [{{body: "Committee", decidedOn: "2026-03-06"}}]) {{ keys revision digest {FAULTS} }}
}}
"""
SPLIT: Json = {
    "edit": "Split",
    "code": "3",
    "keep": True,
    "parts": [{"code": code, "labels": [{"text": f"Item {code}", "language": "en"}]} for code in ("3.1", "3.2")],
}
ADD: Json = {"edit": "Add", "item": {"code": "4", "labels": [{"text": "Item 4", "language": "en"}]}}


async def test_a_draft_goes_its_whole_way_by_graphql(database: Database) -> None:
    """Opened, edited wrongly and rightly, undone, reviewed, refused with findings, explained, released, read."""
    await BoltReleaseStore(database).add([VocabularyText("small", "", (small("1.0"),))])
    async with (
        opened_over(database) as rooms,
        opened(rooms, actor=local_user("editor")) as editor,
        opened(rooms, actor=local_user("custodian")) as custodian,
    ):
        started = await editor.data(f'mutation {{ openDraft(scheme: "small", tag: "1.1") {{ {DRAFT} }} }}')
        draft = started["openDraft"]["draft"]
        wrong = await editor.data(
            EDIT, draft=draft["id"], expected=draft["state"], edits=[SPLIT, {"edit": "Remove", "code": "9"}]
        )
        assert wrong["editDraft"]["draft"] is None
        assert [(each["place"], each["rule"]) for each in wrong["editDraft"]["faults"]] == [("9", "edit_refused")]
        edited = await editor.data(EDIT, draft=draft["id"], expected=draft["state"], edits=[SPLIT, ADD])
        edited = edited["editDraft"]["draft"]
        assert edited["findings"][0] == {
            "rule": "origin_missing",
            "place": "https://w3id.org/ictip/small/1.1/item/4",
        }
        late = await editor.error(EDIT, draft=draft["id"], expected=draft["state"], edits=[ADD])
        assert late["code"] == "draft_changed"

        undone = await editor.data(
            f'mutation {{ undoEdits(draft: "{draft["id"]}", expected: "{edited["state"]}") {{ {DRAFT} }} }}'
        )
        undone = undone["undoEdits"]["draft"]
        assert [each["undoneBy"] for each in undone["edits"]] == [None, "editor"]
        again = await editor.data(EDIT, draft=draft["id"], expected=undone["state"], edits=[ADD])
        reviewed = await editor.data(
            MOVE, draft=draft["id"], expected=again["editDraft"]["draft"]["state"], to="IN_REVIEW"
        )
        state = reviewed["moveDraft"]["draft"]["state"]
        refused = await custodian.data(RELEASE, draft=draft["id"], expected=state)
        assert [each["rule"] for each in refused["releaseDraft"]["faults"]] == ["origin_missing"]
        assert refused["releaseDraft"]["keys"] is None

        await custodian.data(MOVE, draft=draft["id"], expected=state, to="DRAFT")
        explained = await editor.data(
            EDIT,
            draft=draft["id"],
            expected=state,
            edits=[{"edit": "Explain", "association": {"sources": [], "targets": ["4"], "kind": "added"}}],
        )
        state = explained["editDraft"]["draft"]["state"]
        await editor.data(MOVE, draft=draft["id"], expected=state, to="IN_REVIEW")
        released = (await custodian.data(RELEASE, draft=draft["id"], expected=state))["releaseDraft"]
        assert (released["keys"], released["faults"]) == (["small/1.1", "correspondence/small-1.0--small-1.1"], [])
        seen = await custodian.data('{ scheme(id: "small") { latest { version digest } } drafts { stage tag } }')
        assert seen["scheme"]["latest"] == {"version": "1.1", "digest": released["digest"]}
        assert seen["drafts"] == [{"stage": "RELEASED", "tag": "1.1"}]


async def test_a_reader_sees_no_drafts_and_changes_nothing(database: Database) -> None:
    """Diffs are public, drafts are not; every mutation is refused."""
    await BoltReleaseStore(database).add([VocabularyText("small", "", (small("1.0"),))])
    reader = Actor("reader", frozenset({Right.READ_REGISTRY}))
    async with opened_over(database) as rooms, opened(rooms, actor=reader) as doors:
        for query in (
            "{ drafts { id } }",
            '{ draft(id: "unknown00") { id } }',
            'mutation { openDraft(scheme: "small", tag: "1.1") { draft { id } } }',
            'mutation { undoEdits(draft: "unknown00", expected: "") { draft { id } } }',
            'mutation { approveDraft(draft: "unknown00", expected: "") { draft { id } } }',
            'mutation { releaseDraft(draft: "unknown00", expected: "", reason: "x") { keys } }',
        ):
            assert (await doors.error(query))["code"] == "not_allowed"
    row = await BoltReleaseStore(database).listing()
    assert [record.key for record in row.records] == ["small/1.0"]
