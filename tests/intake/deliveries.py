"""Small invented files to deliver: the layout of the CTDC file, and ictip-events. Nobody in them exists."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import orjson

COLUMNS: Final = (
    "yearRegister",
    "gender",
    "majorityStatus",
    "isForcedLabour",
    "isSexualExploit",
    "UN_COO_Region",
    "UN_COE_Region",
    "IP_Exploiter",
    "IP_Gender",
    "IP_ageBroad",
    "IP_citizen_UNRegion",
    "IP_Relation",
    "IP_PayMoney",
    "IP_RecruiterBroker",
    "IP_TransactionProcess",
    "IP_ControlAbuseKidnap",
)

INVENTED: Final[Sequence[Mapping[str, str]]] = (
    # row 2: both flags, one perpetrator
    {
        "yearRegister": "2005-2013",
        "gender": "Female",
        "majorityStatus": "Minor",
        "isForcedLabour": "1",
        "isSexualExploit": "1",
        "UN_COO_Region": "Africa",
        "UN_COE_Region": "Americas/Oceania",
        "IP_Exploiter": "1",
        "IP_Gender": "Male",
        "IP_ageBroad": "48+",
        "IP_citizen_UNRegion": "Europe",
        "IP_Relation": "FriendAcquaintance",
        "IP_PayMoney": "No",
        "IP_RecruiterBroker": "1",
    },
    # row 3: no flag; perpetrators told as sets
    {
        "gender": "Male",
        "IP_Gender": "Female;Male",
        "IP_ageBroad": "0--29;39--47",
        "IP_citizen_UNRegion": "Africa;Asia",
        "IP_Relation": "FriendAcquaintance;StrangerUnknownOther",
        "IP_PayMoney": "No;Yes",
        "IP_ControlAbuseKidnap": "1",
    },
    # row 4: nothing of a victim
    {"yearRegister": "2019", "IP_Relation": "StrangerUnknownOther", "IP_TransactionProcess": "1"},
    # row 5: nothing of a perpetrator
    {"yearRegister": "2020", "majorityStatus": "Adult", "isForcedLabour": "1", "UN_COE_Region": "Asia"},
    # row 6: nothing at all
    {},
)
"""One record for each case that the crosswalk decides."""


def write_table(path: Path, rows: Iterable[Mapping[str, str]] = INVENTED, *, columns: Sequence[str] = COLUMNS) -> Path:
    """The rows as a CSV file of that layout, compressed where the name ends in ``.gz``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns])
    return write_bytes(path, text.getvalue().encode())


HEADER: Final[Mapping[str, object]] = {
    "format": "ictip-events",
    "version": "1.0",
    "source_type": "administrative",
    "entities": [{"id": "ke-police", "name": "Police (invented)", "type": "police", "area": "KE"}],
}


def event(number: int, **fields: object) -> dict[str, object]:
    """A small valid event."""
    return {
        "key": f"case-{number}",
        "values": {"dat": "2019-05-03"},
        "victims": [{"person": f"person-{number}", "values": {"svx": "female"}, "forms": ["1"]}],
        **fields,
    }


def write_events(path: Path, events: Iterable[object], *, header: Mapping[str, object] = HEADER) -> Path:
    """The events as an ictip-events file."""
    return write_bytes(path, b"".join(orjson.dumps(line) + b"\n" for line in (header, *events)))


def write_bytes(path: Path, content: bytes) -> Path:
    """The content, compressed where the name ends in ``.gz``."""
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
