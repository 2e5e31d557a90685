"""``ictip import`` and ``ictip sample`` as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.cli.commands import run_command
from tests.intake.deliveries import event, write_events, write_table


def ictip(*arguments: str | Path | int) -> int:
    """The exit code of a command."""
    return run_command([str(argument) for argument in arguments])


def test_a_dry_run_prints_counts_and_makes_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the packaged vocabulary, without a store."""
    file = write_table(tmp_path / "invented.csv.gz")

    code = ictip("import", file, "--mapping", "ctdc-vp", "--dry-run", "--data", tmp_path / "none")

    told = capsys.readouterr().out.splitlines()
    assert code == 0
    assert told[0] == "invented.csv.gz by ctdc-vp: checked, nothing was written"
    assert "  rows             5 (0 with faults)" in told
    assert "  perpetrators     2, and 1 groups, which count as nobody" in told
    assert "  unit 8 derived   1" in told
    assert not (tmp_path / "none").exists()


def test_faults_are_printed_and_told_by_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1: faults found; the file of faults is written."""
    file = write_events(tmp_path / "events.ndjson", [event(1), event(2, values={"sta": "perhaps"})])
    faults = tmp_path / "faults.csv"

    code = ictip("import", file, "--mapping", "ictip", "--dry-run", "--data", tmp_path / "none", "--faults", faults)

    told = capsys.readouterr().out
    assert code == 1
    assert "row 3, column values.sta: code_unknown, expected a code of event-status 0.1." in told
    assert "perhaps" not in told + faults.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "mapping", "code"),
    [
        ("none.csv", "ctdc-vp", "file_unreadable"),
        ("none.csv", "no-such", "mapping_unknown"),
    ],
)
def test_a_refusal_is_one_block(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, mapping: str, code: str
) -> None:
    """2: refused, with code, what, where and what to do."""
    assert ictip("import", tmp_path / name, "--mapping", mapping, "--dry-run", "--data", tmp_path / "none") == 2

    told = capsys.readouterr().err
    assert told.startswith(f"Error: {code}\n")
    assert "  next " in told


def test_a_sample_is_written_to_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Events and truth, in a folder made for them."""
    assert ictip("sample", "--events", "150", "--preset", "dense", "--seed", "4", "--out", tmp_path / "out") == 0

    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "sample-dense-150-4.ndjson.gz",
        "sample-dense-150-4.truth.json",
    }
    assert "150 invented events" in capsys.readouterr().out


def test_a_sample_needs_somewhere_to_go(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder for files or a store."""
    assert ictip("sample", "--events", "5") == 2
    assert "arguments_conflicting" in capsys.readouterr().err


def test_a_sample_is_never_loaded_into_a_real_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that an import made is real, and stays as it is."""
    file = write_table(tmp_path / "invented.csv")
    data = tmp_path / "data"
    assert ictip("import", file, "--mapping", "ctdc-vp", "--data", data) == 0
    capsys.readouterr()

    assert ictip("sample", "--events", "5", "--data", data) == 2
    assert "installation_foreign" in capsys.readouterr().err
    assert ictip("import", file, "--mapping", "ctdc-vp", "--data", data) == 0
    assert "0 events added, 0 changed, 5 unchanged" in capsys.readouterr().out


def test_a_real_delivery_is_never_loaded_into_a_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sample takes what a generator made, and nothing else; what was made by one goes nowhere else."""
    store, made = tmp_path / "store", tmp_path / "made"
    file = write_events(tmp_path / "events.ndjson", [event(1)])
    assert ictip("sample", "--events", 10, "--data", store) == 0
    assert ictip("sample", "--events", 10, "--seed", 2, "--out", made) == 0
    capsys.readouterr()

    refused = ictip("import", file, "--mapping", "ictip", "--data", store)
    told = capsys.readouterr().err
    taken = ictip("import", next(made.glob("*.ndjson.gz")), "--mapping", "ictip", "--data", store)

    assert (refused, taken) == (2, 0)
    assert "installation_foreign" in told
