"""The story of a revision by commands: draft, split, consult, review, refusal, correspondence, release, diff."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graphql_api.cli.commands import build_app
from graphql_api.cli.console import run

Ictip = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ictip(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ictip:
    """Run one command on a data folder of this test's own: exit code, output, errors."""
    monkeypatch.setenv("ICTIP_ENGINE_HEAP_MEBIBYTES", "512")

    def command(*words: str, store: bool = True) -> tuple[int, str, str]:
        code = run(build_app(), [*words, *(["--data", str(tmp_path / "data")] if store else [])])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_units_go_from_1_0_to_1_1_by_commands(ictip: Ictip, tmp_path: Path) -> None:
    """Split 5.4 below itself, add 5.6 unexplained, be refused, explain, release; the old codes still hold."""
    _, out, _ = ictip("draft", "open", "units", "1.1")
    draft = out.strip()
    edits = [
        {"edit": "DeclareLevel", "level": {"depth": 3, "labels": [{"text": "Detail", "language": "en"}]}},
        {
            "edit": "Split",
            "code": "5.4",
            "keep": True,
            "parts": [
                {"code": code, "labels": [{"text": text, "language": "en"}]}
                for code, text in (("5.4.1", "Online scam operations"), ("5.4.2", "Other fraud"))
            ],
        },
        {"edit": "Add", "parent": "5", "item": {"code": "5.6", "labels": [{"text": "Smuggling", "language": "en"}]}},
    ]
    (tmp_path / "edits.json").write_text(json.dumps(edits), encoding="utf-8")

    code, out, err = ictip("draft", "edit", draft, str(tmp_path / "edits.json"), "--reason", "Scam compounds.")
    assert (code, err) == (0, "")
    assert "added: 5.4.1" in out
    ictip("draft", "send", draft, "in consultation")
    assert ictip("draft", "comment", draft, "Fine.", "--organisation", "ke-nso", "--code", "5.4.1")[0] == 0
    ictip("draft", "send", draft, "in review")
    code, out, err = ictip("release", draft, "--reason", "Approved.")
    assert code == 2
    assert "origin_missing at https://w3id.org/ictip/units/1.1/item/5.6" in err
    ictip("draft", "send", draft, "draft")
    assert ictip("draft", "explain", draft, "added", "--new", "5.6", "--reason", "Never recorded before.")[0] == 0
    assert ictip("draft", "send", draft, "in review")[0] == 0
    assert ictip("release", draft, "--reason", "Mine.", "--as", "editor")[0] == 2
    code, out, err = ictip("release", draft, "--reason", "Approved.", "--decision", "Committee|2026-03-06|E/1")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["units/1.1", "correspondence/units-1.0--units-1.1"]

    code, out, _ = ictip("diff", "units", "1.0", "1.1")
    assert "Least version number: 1.1." in out
    assert "- 5.4 Fraud (including online scam operations) → 5.4.1 Online scam operations, 5.4.2 Other fraud" in out
    code, out, _ = ictip("translate", "units@1.1", "iccs@1.0", "5.4.1", "1")
    assert "5.4.1 Online scam operations: wider (n:1)" in out
    assert "1 Trafficking in persons for sexual exploitation: exact (1:1)" in out

    (tmp_path / "told.ndjson").write_text(DELIVERY, encoding="utf-8")
    assert ictip("import", str(tmp_path / "told.ndjson"), "--mapping", "ictip")[0] == 0
    code, out, err = ictip("recode", "units", "--to", "1.1", "--waiting", str(tmp_path / "waiting.csv"))
    assert (code, err) == (0, "")
    assert "1 events moved, 0 need a person" in out
    assert (tmp_path / "waiting.csv").read_text() == "event,part,code,chosen,targets,entity,variable\n"
    batch = out.splitlines()[-1].split()[1].rstrip(":")
    assert ictip("recode", "--undo", batch)[1] == "1 events have their old codes back\n"


DELIVERY = """\
{"format": "ictip-events", "version": "1.0", "source_type": "administrative", "releases": {"units": "1.0"}, \
"entities": [{"id": "ke-police", "name": "Police (invented)"}]}
{"key": "case-7", "forms": ["5.4"], "victims": [{"person": "ada"}]}
"""


def test_a_packaged_pair_is_compared_without_a_store(ictip: Ictip) -> None:
    """ISIC Rev.4 and Rev.5; 5520 warns of its reuse, and an unknown code sets the exit code."""
    code, out, _ = ictip("translate", "isic@4.0", "isic@5.0", "5520", "0000", store=False)

    assert code == 1
    assert "beware: 5520 is in the target version too" in out
    assert "0000: unknown (1:0)" in out
