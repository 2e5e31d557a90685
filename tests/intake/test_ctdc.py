"""The CTDC Victim-Perpetrator layout: an invented file row by row, and the counts of the real one if it is at hand."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import Identities
from registry.cases.model import Codes, Content, EventRecord, Moment, Participation, Range, Role, SourceType
from registry.identifiers import BatchId, Notation
from registry.intake.actions import Delivery, check_batch
from registry.intake.mapping import load_mapping
from registry.intake.model import Fault
from registry.intake.reading import Reading, read_rows
from registry.intake.rows import file_digest
from tests.intake.deliveries import INVENTED, write_table

CTDC = Path(__file__).parents[3] / "shared" / "data" / "ctdc" / "CTDC_VPsynthetic_condensed.csv.gz"
REGIONS = {"Africa": "002", "Asia": "142", "Europe": "150", "Americas/Oceania": "CTDC-AMERICAS-OCEANIA"}
VICTIM = ("gender", "majorityStatus", "isForcedLabour", "isSexualExploit", "UN_COO_Region", "UN_COE_Region")


def read(path: Path, codebook: CatalogueCodebook) -> tuple[list[EventRecord], list[Fault]]:
    """The records and the faults of a file of that layout."""
    reading = Reading(
        path=path,
        mapping=load_mapping("ctdc-vp"),
        codebook=codebook,
        digest=file_digest(path),
        identities=Identities(bytes(32)),
        batch=BatchId("test-batch"),
        entity=None,
    )
    rows = list(read_rows(reading))
    faults = [fault for row in rows for fault in row.faults]
    return [row.record for row in rows if row.record is not None], faults


def contents(part: Participation | EventRecord) -> dict[str, Content | str]:
    """The values by variable; codes as one text, sets with commas."""
    return {
        variable: ",".join(value.content.codes) if isinstance(value.content, Codes) else value.content
        for variable, value in part.values.items()
    }


@pytest.fixture
def records(tmp_path: Path, codebook: CatalogueCodebook) -> Sequence[EventRecord]:
    """The records of the invented file."""
    found, faults = read(write_table(tmp_path / "invented.csv.gz"), codebook)
    assert faults == []
    return found


def test_a_row_is_an_event_with_its_own_key(records: Sequence[EventRecord], tmp_path: Path) -> None:
    """The key is the file's digest and the row's number; equal rows are different events."""
    digest = file_digest(tmp_path / "invented.csv.gz")

    assert [record.source_key for record in records] == [f"{digest}:{row}" for row in range(2, 7)]
    assert len({record.id for record in records}) == len(INVENTED)
    assert {record.entity for record in records} == {"ctdc"}


def test_a_full_row_becomes_a_victim_and_a_perpetrator(records: Sequence[EventRecord]) -> None:
    """Every column is where the crosswalk says; both flags stay two forms, from which 8 is derived."""
    record = records[0]
    victim, perpetrator = record.participations

    moment = record.values[Notation("dat")].content
    assert isinstance(moment, Moment)
    assert moment.edtf == "2005/2013"
    assert contents(record)["coe"] == "CTDC-AMERICAS-OCEANIA"
    assert (victim.role, sorted(victim.forms)) == (Role.VICTIM, ["1", "2"])
    assert contents(victim) == {"svx": "female", "stv": "minor", "civ": "002", "rtv": "friend-acquaintance"}
    assert perpetrator.role is Role.PERPETRATOR
    assert contents(perpetrator) == {
        "rpp": "exploiter,recruitment",
        "spx": "male",
        "agp": Range(48, None),
        "cip": "150",
        "pay": "no",
    }
    assert victim.person is not None
    assert perpetrator.person is not None


def test_the_source_text_is_kept_beside_each_value(records: Sequence[EventRecord]) -> None:
    """As the file wrote it; of flags also the column."""
    victim, perpetrator = records[0].participations

    assert records[0].values[Notation("dat")].source == ("2005-2013",)
    assert victim.values[Notation("svx")].source == ("Female",)
    assert perpetrator.values[Notation("rpp")].source == ("IP_Exploiter=1", "IP_RecruiterBroker=1")
    assert perpetrator.values[Notation("agp")].source == ("48+",)


def test_sets_become_one_group(records: Sequence[EventRecord]) -> None:
    """Set values on a participation without a person; a set of bands is their hull."""
    victim, group = records[1].participations

    assert group.person is None
    assert contents(group) == {
        "rpp": "control",
        "spx": "female,male",
        "agp": Range(0, 47),
        "cip": "002,142",
        "pay": "no,yes",
    }
    assert group.values[Notation("agp")].source == ("0--29", "39--47")
    assert contents(victim)["rtv"] == "friend-acquaintance,stranger-unknown-other"


def test_an_empty_cell_is_no_value(records: Sequence[EventRecord]) -> None:
    """Neither "no" nor a missing state; without a flag there is no form, not unit 7."""
    victim = records[1].participations[0]

    assert victim.forms == ()
    assert records[1].forms == ()
    assert contents(victim).keys() == {"svx", "rtv"}
    assert contents(records[1]) == {}


def test_nobody_is_made_of_blanks(records: Sequence[EventRecord]) -> None:
    """No victim without a victim field, no perpetrator without one of theirs; an empty row is an event of nobody."""
    assert [[part.role.value for part in record.participations] for record in records] == [
        ["victim", "perpetrator"],
        ["victim", "perpetrator"],
        ["perpetrator"],
        ["victim"],
        [],
    ]


def test_a_relationship_without_a_victim_is_told_from_the_other_end(records: Sequence[EventRecord]) -> None:
    """It is not lost: rvp of the perpetrator."""
    assert contents(records[2].participations[0]) == {"rpp": "transaction", "rvp": "stranger-unknown-other"}


def test_faults_are_told_by_row_and_column(tmp_path: Path, codebook: CatalogueCodebook) -> None:
    """A text that the crosswalk does not name, a set where none may be, a wrong date: each with what was expected."""
    path = write_table(
        tmp_path / "faults.csv",
        [
            {"gender": "Woman"},
            {"gender": "Female;Male"},
            {"yearRegister": "2019-2011"},
            {"IP_ageBroad": "0--29;17"},
            {"gender": "Male"},
        ],
    )

    found, faults = read(path, codebook)

    assert [(fault.row, fault.column, fault.code) for fault in faults] == [
        (2, "gender", "text_unknown"),
        (3, "gender", "set_not_allowed"),
        (4, "yearRegister", "date_malformed"),
        (5, "IP_ageBroad", "text_unknown"),
    ]
    assert len(found) == 1
    assert not any(text in str(fault) for fault in faults for text in ("Woman", "2011", "17"))


@pytest.mark.skipif(not CTDC.exists(), reason="needs the CTDC file at ../shared/data/ctdc")
def test_the_counts_are_those_of_the_real_file(codebook: CatalogueCodebook) -> None:
    """Counted a second time from the file itself, without any code of the import."""
    with gzip.open(CTDC, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    victims = [row for row in rows if any(row[name] for name in VICTIM)]
    perpetrators = [row for row in rows if any(row[name] for name in row if name.startswith("IP_"))]
    groups = [row for row in perpetrators if any(";" in row[name] for name in row if name.startswith("IP_"))]
    labour = [row for row in victims if row["isForcedLabour"] == "1"]
    sexual = [row for row in victims if row["isSexualExploit"] == "1"]
    both = [row for row in labour if row["isSexualExploit"] == "1"]

    report = check_batch(Delivery(CTDC, load_mapping("ctdc-vp")), codebook, actor=local_user())
    counts = report.counts

    assert report.is_clean
    assert report.source_type is SourceType.SYNTHETIC
    assert (report.rows, counts.events) == (len(rows), len(rows)) == (21_195, 21_195)
    assert counts.victims == len(victims) == 21_195 - 125
    assert counts.perpetrators + counts.groups == len(perpetrators) == 21_195 - 1_815
    assert counts.groups == len(groups)
    assert counts.persons == len(victims) + len(perpetrators) - len(groups)
    assert counts.victims_by_form == {"1": len(sexual), "2": len(labour), "8": len(both)}
    assert counts.derived_mixed == len(both) == 347
    assert counts.form_missing == len(victims) - len(labour) - len(sexual) + len(both) == 6_519 - 125
    assert counts.events_without_form == 6_519
    assert counts.victims_by_sex == tabulate(victims, "gender", {"Female": "female", "Male": "male"})
    assert counts.victims_by_age_status == tabulate(victims, "majorityStatus", {"Adult": "adult", "Minor": "minor"})
    assert counts.victims_by_citizenship == tabulate(victims, "UN_COO_Region", REGIONS)
    assert counts.events_by_place_of_exploitation == tabulate(rows, "UN_COE_Region", REGIONS)


def tabulate(rows: Sequence[dict[str, str]], column: str, codes: dict[str, str]) -> dict[str, int]:
    """How many rows have each text of a column, under its code; blanks under ``none``."""
    return dict(Counter(codes[row[column]] if row[column] else "none" for row in rows))
