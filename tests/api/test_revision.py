"""Revision at the doors: diffs, translations and timelines without a store; a draft's whole way over either engine."""

from __future__ import annotations

import pytest

from graphql_api.rooms import opened_over
from graphql_api.schema.edit_inputs import KINDS
from registry.access.actor import Actor, Right, local_user
from registry.classification.ports import VocabularyText
from registry.storage.address import StoreAddress
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from tests.api.conftest import Doors, Json, opened
from tests.revision.doors import small_doors
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
FAULTS = "written faults { path place rule message }"
EDIT = f"""
mutation ($draft: String!, $expected: String!, $edits: [EditInput!]!) {{
  editDraft(draft: $draft, expected: $expected, reason: "Because.", edits: $edits) {{ {DRAFT} {FAULTS} }}
}}
"""
MOVE = f"""
mutation ($draft: String!, $expected: String!, $to: DraftStage!) {{
  moveDraft(draft: $draft, expected: $expected, to: $to, reason: "On.") {{ {DRAFT} {FAULTS} }}
}}
"""
RELEASE = """
mutation ($draft: String!, $expected: String!) {
  releaseDraft(draft: $draft, expected: $expected, reason: "Approved.",
    decisions: [{body: "Committee", decidedOn: "2026-03-06"}]) { keys revision digest faults { place rule } }
}
"""
SPLIT: Json = {
    "split": {
        "code": "3",
        "keep": True,
        "parts": [{"code": code, "labels": [{"text": f"Item {code}", "language": "en"}]} for code in ("3.1", "3.2")],
    }
}
ADD: Json = {"add": {"item": {"code": "4", "labels": [{"text": "Item 4", "language": "en"}]}}}


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
            EDIT, draft=draft["id"], expected=draft["state"], edits=[SPLIT, {"remove": {"code": "9"}}]
        )
        assert wrong["editDraft"]["draft"] is None
        assert [(each["path"], each["place"], each["rule"]) for each in wrong["editDraft"]["faults"]] == [
            ("edits[1].remove.code", "9", "edit_refused")
        ]
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
            edits=[{"explain": {"association": {"sources": [], "targets": ["4"], "kind": "ADDED"}}}],
        )
        state = explained["editDraft"]["draft"]["state"]
        await editor.data(MOVE, draft=draft["id"], expected=state, to="IN_REVIEW")
        released = (await custodian.data(RELEASE, draft=draft["id"], expected=state))["releaseDraft"]
        assert (released["keys"], released["faults"]) == (["small/1.1", "correspondence/small-1.0--small-1.1"], [])
        seen = await custodian.data('{ scheme(id: "small") { latest { version digest } } drafts { stage tag } }')
        assert seen["scheme"]["latest"] == {"version": "1.1", "digest": released["digest"]}
        assert seen["drafts"] == [{"stage": "RELEASED", "tag": "1.1"}]


BAD_EDITS: list[tuple[list[Json], list[tuple[str, str]]]] = [
    ([{"move": {"code": "1", "parent": "1.1"}}], [("edits[0].move.parent", "cycle")]),
    ([{"split": {"code": "3", "parts": []}}], [("edits[0].split.parts", "two parts")]),
    (
        [{"merge": {"codes": ["2", "1.1"], "into": {"code": "8", "labels": [{"text": "x", "language": "en"}]}}}],
        [("edits[0].merge.codes[0]", "below it")],
    ),
    (
        [{"merge": {"codes": ["3", "1.1"], "into": {"code": "8", "labels": [{"text": "x", "language": "en"}]}}}],
        [("edits[0].merge.codes[1]", "level 2")],
    ),
    (
        [{"deprecate": {"code": "1.1", "successors": ["1.2"]}}, {"deprecate": {"code": "1.2", "successors": ["2.1"]}}],
        [("edits[1].deprecate.code", "successor of 1.1")],
    ),
    (
        [{"deprecate": {"code": "1.1", "successors": ["1.2"]}}, {"remove": {"code": "1.2"}}],
        [("edits[1].remove.code", "successor of 1.1")],
    ),
    (
        [
            {"deprecate": {"code": "1.1", "successors": ["1.2", "1.1"]}},
            {"renumber": {"tag": "1.0"}},
            {"declareLevel": {"level": {"depth": -3, "labels": []}}},
            {"describe": {"titles": []}},
            {"relabel": {"code": "3", "label": {"text": "Item 3", "language": "en"}}},
        ],
        [
            ("edits[0].deprecate.successors[1]", "succeeds itself"),
            ("edits[1].renumber.tag", "does not come after 1.0"),
            ("edits[2].declareLevel.level.depth", "depth 1 to 1"),
            ("edits[3].describe.titles", "has a title"),
            ("edits[4].relabel", "nothing would change"),
        ],
    ),
    (
        [
            {"recode": {"code": "!", "newCode": "1 1"}},
            {"relabel": {"code": "1", "label": {"text": "x", "language": "?"}}},
        ],
        [
            ("edits[0].recode.code", "matches"),
            ("edits[0].recode.newCode", "matches"),
            ("edits[1].relabel.label.language", "matches"),
        ],
    ),
]


@pytest.mark.parametrize(("edits", "faults"), BAD_EDITS)
async def test_a_bad_edit_is_told_by_field_rule_and_code(
    embedded: StoreAddress, edits: list[Json], faults: list[tuple[str, str]]
) -> None:
    """Every fault of every edit; nothing is written."""
    async with small_doors(embedded) as doors:
        opened_draft = await doors.data(f'mutation {{ openDraft(scheme: "small", tag: "1.1") {{ {DRAFT} }} }}')
        draft = opened_draft["openDraft"]["draft"]
        told = (await doors.data(EDIT, draft=draft["id"], expected=draft["state"], edits=edits))["editDraft"]

        assert (told["draft"], told["written"]) == (None, False)
        assert [fault["path"] for fault in told["faults"]] == [path for path, _ in faults]
        assert all(part in fault["message"] for fault, (_, part) in zip(told["faults"], faults, strict=True))
        now = await doors.data("query ($id: String!) { draft(id: $id) { state edits { number } } }", id=draft["id"])
        assert now["draft"] == {"state": draft["state"], "edits": []}


async def test_an_edit_is_one_of_its_kinds(doors: Doors) -> None:
    """Two in one are no edit; every kind of edit has its input."""
    error = await doors.error(EDIT, draft="x", expected="", edits=[{"remove": {"code": "1"}, "recode": {"code": "1"}}])
    kinds = await doors.data('{ __type(name: "EditInput") { isOneOf inputFields { name } } }')

    assert error["code"] == "variables_invalid"
    assert kinds["__type"]["isOneOf"] is True
    assert {field["name"] for field in kinds["__type"]["inputFields"]} == {
        "".join(word.capitalize() if place else word for place, word in enumerate(name.split("_"))) for name in KINDS
    }


IMPORT = f"""
mutation ($draft: String!, $expected: String!, $content: String!, $form: DeliveryForm!, $accept: Boolean!) {{
  importVersion(
    draft: $draft, expected: $expected, reason: "A file.", content: $content, form: $form, accept: $accept
  ) {{
    {DRAFT} {FAULTS} changes {{ kind new }}
  }}
}}
"""
TABLE = "code,parent,label.en\n1,,Item 1\n1.1,1,Item 1.1\n1.2,1,Item 1.2\n2,,Item 2\n2.1,2,Item 2.1\n3,,Three\n"


async def test_a_whole_version_is_tried_dry_then_accepted_in_the_state_told(embedded: StoreAddress) -> None:
    """Faults by row and column, the diff it would cause, and a second custodian's acceptance that comes too late."""
    async with small_doors(embedded) as doors:
        draft = (await doors.data(f'mutation {{ openDraft(scheme: "small", tag: "1.1") {{ {DRAFT} }} }}'))["openDraft"]
        asked = {"draft": draft["draft"]["id"], "expected": draft["draft"]["state"], "form": "CSV"}
        bad = await doors.data(IMPORT, **asked, content=TABLE + "4,9,Item 4\n", accept=True)
        assert [(each["path"], each["message"]) for each in bad["importVersion"]["faults"]] == [
            ("row 8, column parent", "no row above has that code (9)")
        ]
        dry = (await doors.data(IMPORT, **asked, content=TABLE, accept=False))["importVersion"]
        assert (dry["written"], [(each["kind"], each["new"]) for each in dry["changes"]]) == (
            False,
            [("RELABELLED", ["3"])],
        )
        done = (await doors.data(IMPORT, **asked, content=TABLE, accept=True))["importVersion"]
        assert (done["written"], len(done["draft"]["edits"])) == (True, 1)
        late = await doors.error(IMPORT, **asked, content=TABLE, accept=True)
        assert late["code"] == "draft_changed"


HOSTILE: list[tuple[str, str, str]] = [
    ("RDFXML", '<!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF xmlns:rdf="x"/>', "document type"),
    ("TURTLE", "@prefix : <urn:x:> . :a :b " + "[ :b " * 400 + ":c" + " ]" * 400 + " .", "deep"),
    ("JSONLD", '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "urn:x:a"}', "context"),
    ("JSONLD", "[" * 400 + "]" * 400, "deep"),
    ("XLSX", "no base64", "Base64"),
    ("XLSX", "AAAA", "workbook"),
]


@pytest.mark.parametrize(("form", "content", "reason"), HOSTILE)
async def test_a_hostile_delivery_is_a_fault_of_its_content(
    embedded: StoreAddress, form: str, content: str, reason: str
) -> None:
    """Refused before it can do harm, and told as data."""
    async with small_doors(embedded) as doors:
        draft = (await doors.data(f'mutation {{ openDraft(scheme: "small", tag: "1.1") {{ {DRAFT} }} }}'))["openDraft"]
        told = await doors.data(
            IMPORT,
            draft=draft["draft"]["id"],
            expected=draft["draft"]["state"],
            form=form,
            content=content,
            accept=True,
        )

    [fault] = told["importVersion"]["faults"]
    assert fault["path"] == "content"
    assert reason in fault["message"]


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
