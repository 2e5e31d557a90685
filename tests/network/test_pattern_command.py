"""``ictip network patterns`` as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.test_commands import ictip


def test_planted_patterns_are_found_by_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each pattern with recall and precision; a match is told with people, events and reasons."""
    assert ictip("sample", "--events", 150, "--seed", 4, "--out", tmp_path, "--data", tmp_path / "store") == 0
    truth = tmp_path / "sample-sparse-150-4.truth.json"
    capsys.readouterr()

    assert ictip("network", "patterns", "--check-truth", truth, "--data", tmp_path / "store") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all("planted    1  found    1  recall 1.00" in line for line in lines)

    assert ictip("network", "patterns", "RING", "--set", "leastPeople=3", "--data", tmp_path / "store") == 0
    told = capsys.readouterr().out
    assert told.startswith("RING: 1 found, 1 printed\n  link ")
    assert "each pair of neighbours with an act of their own" in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--set", "leastPeople=3"), "arguments_conflicting"),
        (("RING", "--set", "leastPeople"), "arguments_conflicting"),
        (("RING", "--set", "leastPeople=99"), "argument_out_of_range"),
        (("RING", "--set", "leastEvents=4"), "arguments_conflicting"),
        (("--check-truth", "no-such-file"), "file_unreadable"),
    ],
)
def test_wrong_use_is_one_block(arguments: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """2: refused before a store is opened."""
    assert ictip("network", "patterns", *arguments) == 2
    assert capsys.readouterr().err.startswith(f"Error: {code}\n")
