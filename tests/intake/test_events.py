"""ictip-events: a full line becomes the record it says, and every fault is told by the path of its field."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from registry.cases.identity import Identities
from registry.cases.model import Codes, Decision, Link, Missing, Number, Role, Text
from registry.errors import FileEmpty, HeaderMalformed
from registry.identifiers import BatchId, EntityId, EventId, Notation
from registry.intake.mapping import load_mapping
from registry.intake.model import ReadRow
from registry.intake.reading import Reading, SeenKeys, read_rows
from registry.intake.rows import file_digest
from tests.intake.deliveries import HEADER, event, write_bytes, write_events
from tests.universe import CODEBOOK

IDS = Identities(bytes(32))
POLICE = EntityId("ke-police")


def read(path: Path) -> list[ReadRow]:
    """The rows of a file, against the universe's lists."""
    return list(
        read_rows(
            Reading(
                path=path,
                mapping=load_mapping("ictip"),
                codebook=CODEBOOK,
                digest=file_digest(path),
                identities=IDS,
                batch=BatchId("test-batch"),
                entity=None,
            )
        )
    )


def test_a_full_event_is_read_whole(tmp_path: Path) -> None:
    """Values of every kind, missing states, sources, people, groups, stages, decisions, links, transits."""
    path = write_events(
        tmp_path / "events.ndjson.gz",
        [
            {
                "key": "case-7",
                "entity": "ke-police",
                "values": {
                    "sta": "actual",
                    "dat": "2005-2013",
                    "coe": ["KE", "UG"],
                    "cca": "Art. 3",
                    "moc": {"missing": "withheld"},
                },
                "forms": ["6.5"],
                "form_text": "invented",
                "transits": ["UG"],
                "victims": [
                    {
                        "person": "ada",
                        "values": {"agv": "15-17", "ncv": 2, "svx": {"value": "female", "source": "F"}},
                        "forms": ["1", "2.1"],
                    }
                ],
                "perpetrators": [
                    {
                        "key": "boss",
                        "values": {"rpp": ["recruiter"]},
                        "stages": [{"status": "prosecuted", "date": "2020", "entity": "ke-police"}],
                    },
                    {"group": True, "values": {"spx": ["male", "female"]}},
                ],
                "decisions": [{"entity": "ke-police", "values": {"sta": "actual", "dat": "2019-06"}}],
                "links": [{"source": "v1", "target": "boss", "relationship": "friend"}],
            }
        ],
    )

    (row,) = read(path)
    record = row.record

    assert row.faults == ()
    assert record is not None
    assert (record.id, record.source_key, record.entity) == (IDS.event(POLICE, "case-7"), "case-7", POLICE)
    assert record.values[Notation("coe")].content == Codes((Notation("KE"), Notation("UG")))
    assert record.values[Notation("cca")].content == Text("Art. 3")
    assert record.values[Notation("moc")].content is Missing.WITHHELD
    assert (record.forms, record.form_text, record.transits) == (("6.5",), "invented", ("UG",))
    victim, boss, group = record.participations
    assert victim.person == IDS.person(POLICE, "ada")
    assert victim.values[Notation("ncv")].content == Number(2)
    assert victim.values[Notation("svx")].source == ("F",)
    assert boss.person == IDS.part(POLICE, "case-7", "boss")
    assert [(stage.status, stage.entity) for stage in boss.stages] == [("prosecuted", POLICE)]
    assert (group.role, group.key, group.person) == (Role.PERPETRATOR, "p2", None)
    assert record.values[Notation("ccs")].derived
    assert [isinstance(each, Decision) for each in record.decisions] == [True]
    assert victim.person is not None
    assert boss.person is not None
    assert record.links == (Link(victim.person, boss.person, Notation("friend")),)


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        (["UG", "014", "UG"], ("UG", "014", "UG")),
        (["UG", "UG", "014", "UG", "UG"], ("UG", "014", "UG")),
        ("UG", ("UG",)),
        ([], ()),
    ],
)
def test_areas_passed_through_keep_their_order_and_returns(tmp_path: Path, told: object, read_as: tuple[str]) -> None:
    """Who comes back to an area passed through it twice; an area told twice running is one stay."""
    content = {"key": "case-8", "entity": "ke-police", "transits": told}
    (row,) = read(write_events(tmp_path / "events.ndjson", [content]))

    assert row.faults == ()
    assert row.record is not None
    assert row.record.transits == read_as


def test_forms_told_twice_are_told_once(tmp_path: Path) -> None:
    """A set, other than what was passed through."""
    (row,) = read(
        write_events(tmp_path / "events.ndjson", [{"key": "case-9", "entity": "ke-police", "forms": ["3", "1", "3"]}])
    )

    assert row.record is not None
    assert row.record.forms == ("3", "1")


@pytest.mark.parametrize(
    ("fields", "column", "code"),
    [
        ({"key": None}, "key", "field_missing"),
        ({"key": "x" * 201}, "key", "key_malformed"),
        ({"key": 7}, "key", "key_malformed"),
        ({"entity": "nobody"}, "entity", "entity_unknown"),
        ({"secret name": 1}, "[field 4]", "field_unknown"),
        ({"values": {"svx": "female"}}, "values[field 1]", "variable_misplaced"),
        ({"values": {"dat": "2019", "xyz": "1"}}, "values[field 2]", "variable_unknown"),
        ({"values": {"sta": "perhaps"}}, "values.sta", "code_unknown"),
        ({"values": {"sta": ["actual", "possible"]}}, "values.sta", "several_values"),
        ({"values": {"sta": ""}}, "values.sta", "type_wrong"),
        ({"values": {"sta": True}}, "values.sta", "type_wrong"),
        ({"values": {"sta": {"missing": "lost"}}}, "values.sta", "missing_state_unknown"),
        ({"values": {"sta": {"missing": "withheld", "value": "actual"}}}, "values.sta", "type_wrong"),
        ({"values": {"dat": "yesterday"}}, "values.dat", "date_malformed"),
        ({"values": {"dat": 20190503}}, "values.dat", "date_malformed"),
        ({"values": []}, "values", "type_wrong"),
        ({"forms": ["1.9"]}, "forms", "code_unknown"),
        ({"forms": 1}, "forms", "type_wrong"),
        ({"form_text": ""}, "form_text", "text_unsound"),
        ({"victims": {}}, "victims", "type_wrong"),
        ({"victims": [1]}, "victims[0]", "type_wrong"),
        ({"victims": [{"values": {"agv": "17-15"}}]}, "victims[0].values.agv", "range_malformed"),
        ({"victims": [{"values": {"ncv": -1}}]}, "victims[0].values.ncv", "number_malformed"),
        ({"victims": [{"key": "a"}, {"key": "a"}]}, "victims[1].key", "key_repeated"),
        ({"victims": [{"group": True, "person": "ada"}]}, "victims[0].group", "type_wrong"),
        ({"victims": [{"stages": []}]}, "victims[0].[field 1]", "field_unknown"),
        ({"victims": [{}] * 10_001}, "victims", "too_many"),
        ({"perpetrators": [{"stages": [{"status": "lost"}]}]}, "perpetrators[0].stages[0].status", "code_unknown"),
        ({"decisions": [{"entity": "nobody"}]}, "decisions[0].entity", "entity_unknown"),
        ({"links": [{"source": "v1", "target": "p1", "relationship": "friend"}]}, "links[0]", "link_dangling"),
        ({"victims": [{"values": {"agv": "17", "stv": "adult"}}]}, "v1/stv", "age_status_impossible"),
        ({"values": {"dab": "2019", "dae": "2018"}}, "values/dae", "dates_reversed"),
    ],
)
def test_a_fault_is_told_by_the_path_of_its_field(
    tmp_path: Path, fields: dict[str, object], column: str, code: str
) -> None:
    """The faulty line is left out, the one after it is read; no fault carries a value of the line."""
    wrong = event(1, **fields)
    path = write_events(tmp_path / "events.ndjson", [wrong, event(2)])

    faulty, sound = read(path)

    assert faulty.record is None
    assert (faulty.faults[0].row, faulty.faults[0].column, faulty.faults[0].code) == (2, column, code)
    assert faulty.faults[0].hint
    assert not any(text in str(faulty.faults) for text in ("secret", "perhaps", "yesterday", "nobody"))
    assert sound.record is not None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"format": "other"}, '"format": "ictip-events"'),
        ({"version": "2.0"}, '"version": "1.0"'),
        ({"source_type": "rumour"}, '"source_type"'),
        ({"extra": 1}, "no other fields"),
        ({"entities": []}, '"entities"'),
        ({"entities": [{"id": "KE Police", "name": "x"}]}, "reporting entity"),
        ({"releases": {"sex": 1}}, '"releases"'),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, change: dict[str, object], expected: str) -> None:
    """With what was expected."""
    path = write_events(tmp_path / "events.ndjson", [event(1)], header={**HEADER, **change})

    with pytest.raises(HeaderMalformed) as refused:
        read(path)

    assert expected in str(refused.value.facts["expected"])


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """There is not even a header."""
    with pytest.raises(FileEmpty):
        read(write_bytes(tmp_path / "events.ndjson", b""))


def test_a_repeated_key_is_a_fault_of_the_later_line(tmp_path: Path) -> None:
    """Also far apart; the first one is kept."""
    path = write_events(tmp_path / "events.ndjson", [*(event(number) for number in range(2_500)), event(7), event(7)])

    rows = read(path)

    assert [(fault.row, fault.column, fault.code) for row in rows for fault in row.faults] == [
        (2502, "key", "key_repeated"),
        (2503, "key", "key_repeated"),
    ]
    assert rows[7].record is not None
    assert isinstance(rows[7].record.id, EventId)


def test_seen_keys_are_remembered_over_blocks() -> None:
    """As a plain set would."""
    keys = SeenKeys()
    plain: set[int] = set()
    for start in range(0, 30_000, 700):
        digests = [(start + number) * 7919 % 9_001 for number in range(700)]
        expected = []
        for digest in digests:
            expected.append(digest in plain)
            plain.add(digest)
        assert keys.add(digests) == expected


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    """Header and event of docs/import-format.md, as printed there."""
    page = Path("docs/import-format.md").read_text(encoding="utf-8")
    header, example = (orjson.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL))

    (row,) = read(write_events(tmp_path / "events.ndjson", [example], header=header))

    assert row.faults == ()
    assert row.record is not None
    assert len(row.record.participations) == 3
