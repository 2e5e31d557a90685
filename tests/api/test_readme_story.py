"""The README's story of IC-TIP 1.0 to 1.1 is true: its commands run as they stand there, on both engines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graphql_api.cli.commands import run_command
from registry.classification.workbook import read_workbook
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STORY = README.partition("## From IC-TIP 1.0 to 1.1")[2].partition("```console\n")[2].partition("```")[0].splitlines()
Told = dict[str, str]


@pytest.fixture
def ictip(
    universe: Database,
    store_address: StoreAddress,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., tuple[int, str]]:
    """Run one command on the test's store, which holds the universe's records: exit code, and all it printed."""
    (tmp_path / "password").write_text(store_address.password, encoding="utf-8")
    for name, value in (
        ("NEO4J_URI", store_address.uri),
        ("NEO4J_USER", store_address.user),
        ("NEO4J_PASSWORD_FILE", str(tmp_path / "password")),
        ("NEO4J_DATABASE", store_address.database),
        ("ICTIP_PURPOSE", "test"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str]:
        code = run_command(words)
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


@pytest.mark.parametrize("store_address", ["embedded", pytest.param("neo4j", marks=pytest.mark.long)], indirect=True)
def test_the_story_runs_as_it_stands(ictip: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """Every line: what is said to be refused is refused for that rule, everything else is done."""
    names: Told = {}
    told: Told = {}
    before = ""
    for line in STORY:
        text, _, remark = line.partition("  # ")
        found = re.fullmatch(r"(\w+)=\$\((.*)\)", text.strip())
        before = datetime.now(UTC).isoformat(timespec="microseconds") if "--decision" in text else before
        words = shlex.split(found[2] if found else text)
        code, out = ictip(*(names.get(word.removeprefix("$"), word) for word in words[1:]))
        if found:
            names[found[1]] = out.strip()
        rule = remark.partition("refused: ")[2]
        assert (code, out) == (2 if rule else 0, out), line
        assert rule in out
        told[text.strip()] = out

    as_known = ictip("timeline", "units", "5.4", "--as-known-at", before)[1].splitlines()
    assert [line.split()[:2] for line in as_known] == [["1.0", "5.4"]]
    assert "units/1.1" in told[next(text for text in told if "--decision" in text)]
    assert "5.4.1 Online scam operations: wider (n:1)" in told["ictip translate units@1.1 iccs@1.0 5.4.1"]
    assert "Online scam operations" in (tmp_path / "diff.html").read_text(encoding="utf-8")
    [header, answer] = read_workbook((tmp_path / "dispositions.xlsx").read_bytes(), source="dispositions.xlsx")
    assert dict(zip(header, answer, strict=False))["disposition"] == "accepted"
    assert "Statistical Commission, 2026-03-06, E/CN.3/2026/1" in told["ictip history units --log dispositions.xlsx"]
    assert re.search(r"^[1-9]\d* events .*, 0 need a person$", told["ictip recode units --to 1.1"], re.MULTILINE)
