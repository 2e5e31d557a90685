"""Delivered texts as values: every kind, every missing state, every fault by its rule."""

from __future__ import annotations

import pytest

from registry.cases.coding import Coded, Coder, read_range
from registry.cases.model import (
    Codes,
    Content,
    Finding,
    Missing,
    Moment,
    Number,
    Range,
    Reference,
    Severity,
    Text,
    Value,
)
from registry.identifiers import EntityId, Notation
from tests.universe import CODEBOOK, CODING

CODER = Coder(CODEBOOK, CODING)


def code(variable: str, *texts: str, missing: str | None = None, several: bool = False) -> Coded:
    """Texts of one variable, read at ``v1/x``."""
    return CODER.value(variable, texts, place="v1/x", missing=missing, several=several)


@pytest.mark.parametrize(
    ("variable", "texts", "content"),
    [
        ("svx", ["female"], Codes((Notation("female"),))),
        ("civ", ["UG", "KE", "UG"], Codes((Notation("UG"), Notation("KE")))),
        ("agv", ["0--29"], Range(0, 29)),
        ("ncv", [" 3 "], Number(3)),
        ("cca", ["Art. 1"], Text("Art. 1")),
        ("rer", ["ke-police"], Reference(EntityId("ke-police"))),
        ("dab", ["2005"], Moment("2005", 1104537600000000, 1136073599999999)),
    ],
)
def test_each_kind_is_read_and_keeps_its_source(variable: str, texts: list[str], content: Content) -> None:
    """A value is the content and what the source wrote."""
    assert code(variable, *texts) == Coded(Value(content, tuple(text.strip() for text in texts)))


@pytest.mark.parametrize("variable", ["svx", "civ", "agv", "ncv", "cca", "rer", "dab", "dat"])
@pytest.mark.parametrize("state", list(Missing))
def test_missing_is_a_state_of_every_kind(variable: str, state: Missing) -> None:
    """Beside the value, for codes, dates, ranges, numbers, texts and references alike."""
    assert code(variable, missing=state.value) == Coded(Value(state))


def test_blank_tells_nothing() -> None:
    """An empty cell is neither a missing state nor a no."""
    assert code("svx", "", "  ") == Coded()


@pytest.mark.parametrize(
    ("variable", "texts", "rule"),
    [
        ("svx", ["feminine"], "code_unknown"),
        ("svx", ["female", "male"], "several_values"),
        ("agv", ["old"], "range_malformed"),
        ("agv", ["29-0"], "range_malformed"),
        ("ncv", ["-1"], "number_malformed"),
        ("ncv", ["1.5"], "number_malformed"),
        ("dab", ["05/03/2005"], "date_malformed"),
        ("rer", ["Police!"], "reference_malformed"),
        ("cca", ["x" * 10_001], "text_unsound"),
        ("cca", ["a\x00b"], "text_unsound"),
        ("xyz", ["1"], "variable_unknown"),
    ],
)
def test_a_fault_names_rule_and_place_and_no_value(variable: str, texts: list[str], rule: str) -> None:
    """The finding says what would have been right, never what was there."""
    coded = code(variable, *texts)

    assert coded.value is None
    assert [(finding.rule, finding.place, finding.severity) for finding in coded.findings] == [
        (rule, "v1/x", Severity.FAULT)
    ]
    assert not any(text in finding.expected for finding in coded.findings for text in texts if len(text) > 2)


def test_a_missing_state_excludes_a_value() -> None:
    """Told and missing at once is a fault; so is a state that is not in the scheme."""
    assert code("svx", "female", missing="not-known").findings[0].rule == "missing_and_told"
    assert code("svx", missing="unknown").findings[0].rule == "missing_state_unknown"


def test_a_group_holds_sets() -> None:
    """Several unnamed people: both sexes, and the range that holds every age."""
    assert code("spx", "male", "female", several=True).value == Value(
        Codes((Notation("male"), Notation("female"))), ("male", "female")
    )
    assert code("agp", "0--29", "48+", several=True).value == Value(Range(0, None), ("0--29", "48+"))
    assert code("agp", "30--38", "39--47", several=True).value == Value(Range(30, 47), ("30--38", "39--47"))


def test_a_code_is_checked_against_the_named_release() -> None:
    """Without a named list nothing is sound, whatever list is in force."""
    assert Coder(CODEBOOK, {}).value("svx", ["female"], place="v1/svx").findings == (
        Finding("list_not_named", "v1/svx", Severity.FAULT),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0-14", Range(0, 14)),
        ("0--29", Range(0, 29)),
        ("48+", Range(48, None)),
        ("17", Range(17, 17)),
        ("30 – 38", Range(30, 38)),
        ("Y0T17", Range(0, 17)),
        ("Y_GE18", Range(18, None)),
        ("Y_GT18", Range(19, None)),
        ("Y_LT18", Range(0, 17)),
        ("Y_LE17", Range(0, 17)),
        ("Y17", Range(17, 17)),
        ("Y_LT0", None),
        ("17 years", None),
    ],
)
def test_ages_are_ranges(text: str, expected: Range | None) -> None:
    """As sources write them, and as SDMX does."""
    assert read_range(text) == expected
