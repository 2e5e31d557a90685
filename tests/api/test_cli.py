"""The command line: help, results, and one clear block for each error."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.cli.commands import run_command
from ontology.files import scheme_file

COMMANDS = (
    "serve",
    "load",
    "check",
    "import",
    "sample",
    "export",
    "schema",
    "recode",
    "recount",
    "indicators",
    "emerging",
)


def ictip(*arguments: str) -> int:
    """The exit code of one command."""
    return run_command(arguments)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """And each command has help of its own."""
    assert ictip("--help") == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {command} " in shown for command in COMMANDS)

    for command in COMMANDS:
        assert ictip(command, "--help") == 0
        assert "Usage: ictip" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Name and number."""
    assert ictip("--version") == 0
    assert capsys.readouterr().out.startswith("ictip ")


@pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("nothing",), ("serve", "--prot", "1"), ("export",)])
def test_wrong_use_is_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    """With what is wrong."""
    assert ictip(*arguments) == 2
    assert "Error" in capsys.readouterr().err


def test_serving_beyond_loopback_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Before anything is started or made."""
    assert ictip("serve", "--host", "0.0.0.0", "--data", str(tmp_path / "data")) == 2  # noqa: S104

    assert capsys.readouterr().err.splitlines() == [
        "Error: address_not_loopback",
        "  what   Refused to listen on 0.0.0.0: no authentication is configured, and everyone there would act as the "
        "local user.",
        "  where  host 0.0.0.0",
        "  next   Listen on 127.0.0.1, or configure authentication first.",
    ]
    assert not (tmp_path / "data").exists()


def test_schema_is_printed_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """The committed one is up to date."""
    assert ictip("schema") == 0
    assert "type Query {" in capsys.readouterr().out
    assert ictip("schema", "--check") == 0


def test_a_packaged_file_passes_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Our rules and the shapes."""
    file = tmp_path / "sex.ttl"
    file.write_bytes(scheme_file("sex", "1.0").read())

    assert ictip("check", str(file)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "No errors."


BREACHES = {
    "cycle": ('skos:notation "2.1" ;', 'skos:notation "2.1" ; skos:broader i:2.1 ;'),
    "notation": ('skos:notation "2.1" ;', 'skos:notation "2.2" ;'),
    "label": ('skos:notation "2.1" ;', 'skos:notation "2.1" ; skos:prefLabel "Another name"@en ;'),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_broken_file_is_told_by_rule_and_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, breach: str
) -> None:
    """A cycle, a notation twice, two English labels: exit code 1, each at the item."""
    before, after = BREACHES[breach]
    text = scheme_file("units", "1.0").text()
    assert before in text
    file = tmp_path / "units.ttl"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")

    assert ictip("check", str(file)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("error: ") and "units/1.0" in line and "2.1" in line for line in lines)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is no turtle", "vocabulary_unreadable"),
        (b"\xff\xfe", "vocabulary_unreadable"),
        (None, "file_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None, code: str
) -> None:
    """Missing, no Turtle, or not UTF-8: one block, exit code 2."""
    file = tmp_path / "x.ttl"
    if content is not None:
        file.write_bytes(content)

    assert ictip("check", str(file)) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"Error: {code}"


def test_a_file_that_breaks_a_shape_is_not_loaded(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What the shapes alone ask for, told by rule and place before a store is opened."""
    text = scheme_file("sex", "1.0").text()
    file = tmp_path / "sex.ttl"
    file.write_text("\n".join(line for line in text.splitlines() if "dcterms:publisher" not in line), encoding="utf-8")

    assert ictip("load", str(file), "--data", str(tmp_path / "data")) == 2

    told = capsys.readouterr().err
    assert told.splitlines()[0] == "Error: vocabulary_invalid"
    assert "shape version-publisher at https://w3id.org/ictip/sex/1.0" in told
    assert not (tmp_path / "data").exists()


def test_check_needs_something_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    """A file or the store."""
    assert ictip("check") == 2
    assert "arguments_conflicting" in capsys.readouterr().err
