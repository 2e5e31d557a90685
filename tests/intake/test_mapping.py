"""Mappings: those that ship load, and what is wrong in one of one's own is told by its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.cases.codebook import CatalogueCodebook
from registry.errors import FileUnreadable, MappingInvalid, MappingUnknown
from registry.identifiers import Notation
from registry.intake.mapping import MatchKind, load_mapping, mapping_names, parse_mapping
from registry.intake.table import TableReader

SOUND = """
name = "own"
title = "Own"
format = "csv"
source = "nowhere"
source_type = "survey"
key = "id"

[entity]
id = "own"
name = "Own (invented)"

[victim]
shown_by = ["sex"]

[[column]]
name = "sex"
of = "victim"
variable = "svx"
match = "approximation"
values = { m = "male", f = "female" }
missing = { "?" = "not-known" }

[[column]]
name = "form"
of = "victim"
form = true
match = "exact"
"""


def test_the_shipped_mappings_load() -> None:
    """Both, by name."""
    assert mapping_names() == ["ctdc-vp", "ictip"]
    assert [load_mapping(name).name for name in mapping_names()] == ["ctdc-vp", "ictip"]


def test_an_unknown_mapping_names_those_there_are() -> None:
    """Never a file of another kind."""
    with pytest.raises(MappingUnknown) as refused:
        load_mapping("../ctdc-vp")

    assert refused.value.facts["available"] == "ctdc-vp, ictip"


def test_a_mapping_of_ones_own_is_a_file(tmp_path: Path) -> None:
    """By a path that ends in .toml."""
    path = tmp_path / "own.toml"
    path.write_text(SOUND, encoding="utf-8")

    mapping = load_mapping(str(path))

    assert mapping.header == ("id", "sex", "form")
    assert mapping.columns[0].match is MatchKind.APPROXIMATION
    assert mapping.columns[0].values == {"m": ("male",), "f": ("female",)}
    assert mapping.columns[1].target.variable is None
    with pytest.raises(FileUnreadable):
        load_mapping(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('title = "Own"', "title = 1", "title"),
        ('title = "Own"', 'title = "Own"\nextra = 1', "extra"),
        ('format = "csv"', 'format = "xlsx"', "format"),
        ('source_type = "survey"', "", "source_type"),
        ('id = "own"', 'id = "Own Police"', "entity"),
        ('shown_by = ["sex"]', 'shown_by = ["gender"]', "victim.shown_by"),
        ('of = "victim"\nvariable', 'of = "witness"\nvariable', "column sex.of"),
        ('match = "approximation"', 'match = "roughly"', "column sex.match"),
        ("form = true", "form = false", "column form.form"),
        ("form = true", 'form = true\nvariable = "svx"', "column form.variable"),
        ("form = true", 'form = true\nmissing = { "?" = "not-known" }', "column form.missing"),
        ('"?" = "not-known"', '"?" = "lost"', "column sex.missing.?"),
        ('m = "male"', "m = 1", "column sex.values.m"),
        ('name = "form"', 'name = "sex"', "column sex"),
        ("[entity]", "[entity", "the file"),
    ],
)
def test_a_broken_mapping_tells_its_place(old: str, new: str, place: str) -> None:
    """One thing wrong, one place."""
    assert old in SOUND
    with pytest.raises(MappingInvalid) as refused:
        parse_mapping(SOUND.replace(old, new, 1), name="own")

    assert refused.value.facts["place"] == place
    assert refused.value.facts["expected"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"svx"', '"xyz"', "column sex.variable"),
        ('"svx"', '"spx"', "column sex.of"),
        ('m = "male"', 'm = "man"', "column sex.values.m"),
        ("[entity]", '[releases]\nsex = "9.9"\n\n[entity]', "column sex.values.m"),
    ],
)
def test_a_mapping_is_checked_against_the_releases(codebook: CatalogueCodebook, old: str, new: str, place: str) -> None:
    """Variables, units of description, codes and named releases, before the first row is read."""
    mapping = parse_mapping(SOUND.replace(old, new, 1), name="own")

    with pytest.raises(MappingInvalid) as refused:
        TableReader(mapping, codebook)

    assert refused.value.facts["place"] == place


def test_every_column_of_the_ctdc_mapping_is_explained() -> None:
    """An approximation says why, and no text has a code that is not one."""
    for column in load_mapping("ctdc-vp").columns:
        assert column.match is MatchKind.EXACT or column.why
        for codes in (column.values or {}).values():
            assert all(Notation(code) for code in codes)


def test_the_documentation_names_every_key() -> None:
    """docs/import-mappings.md describes each key that the reader takes."""
    source = Path("registry/intake/mapping.py").read_text(encoding="utf-8")
    page = Path("docs/import-mappings.md").read_text(encoding="utf-8")
    keys = set(re.findall(r'table\.(?:text|texts|flag|choice|table|tables|has)\("(\w+)"', source))

    assert keys
    assert {key for key in keys if f"`{key}`" not in page} == set()
