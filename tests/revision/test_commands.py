"""The story of a revision by commands: draft, split, consult, review, refusal, correspondence, release, diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from graphql_api.cli.commands import build_app, run_command
from graphql_api.cli.draft import draft_app

Ictip = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ictip(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ictip:
    """Run one command on a data folder of this test's own: exit code, output, errors."""
    monkeypatch.setenv("ICTIP_ENGINE_HEAP_MEBIBYTES", "512")

    def command(*words: str, store: bool = True) -> tuple[int, str, str]:
        code = run_command([*words, *(["--data", str(tmp_path / "data")] if store else [])])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_a_packaged_pair_is_compared_without_a_store(ictip: Ictip) -> None:
    """ISIC Rev.4 and Rev.5; 5520 warns of its reuse, and an unknown code sets the exit code."""
    code, out, _ = ictip("translate", "isic@4.0", "isic@5.0", "5520", "0000", store=False)

    assert code == 1
    assert "beware: 5520 is in the target version too" in out
    assert "0000: unknown (1:0)" in out


def test_counts_of_an_empty_store_are_none(ictip: Ictip) -> None:
    """Recounting counts nothing, there is no sign of a revision, and an unknown batch is refused."""
    assert ictip("draft", "list")[0] == 0
    assert ictip("recount") == (0, "0 events counted\n", "")
    assert ictip("indicators") == (0, "", "")
    code, _, err = ictip("recode", "--undo", "nobodys-batch")
    assert (code, "recode_batch_unknown" in err) == (2, True)


@pytest.mark.parametrize("name", ["diff", "translate", "timeline", "impact", "languages", "export", "history"])
def test_what_asks_the_registry_takes_both_axes_of_time(name: str) -> None:
    """As its twin in GraphQL does; history is told of every version and takes what was known alone."""
    app = get_command(build_app())
    assert isinstance(app, TyperGroup)
    options = {option for each in app.commands[name].params for option in each.opts}

    assert "--as-known-at" in options
    assert name == "history" or any(option.endswith("-valid-on") for option in options)


def test_a_version_in_force_on_a_day_is_asked_for_without_its_number(ictip: Ictip) -> None:
    """ISIC Rev.4 held in 2020; a number and a day together are refused, and neither is."""
    day = ("--old-valid-on", "2020-01-01")

    code, out, _ = ictip("diff", "isic", *day, "--as-known-at", "2026-03-01T12:00:00Z", store=False)

    assert (code, out.splitlines()[0]) == (0, "# isic 4.0 to 5.0")
    for words in (("isic",), ("isic", "4.0", *day)):
        code, _, err = ictip("diff", *words, store=False)
        assert (code, err.splitlines()[0]) == (2, "Error: arguments_conflicting")


def test_every_command_that_edits_or_sends_a_draft_asks_why() -> None:
    """No reason is made up for anybody: where one is kept, it is given."""
    draft = get_command(draft_app())
    assert isinstance(draft, TyperGroup)
    asked = {
        name: option.required
        for name, each in draft.commands.items()
        for option in each.params
        if option.name == "reason"
    }

    assert set(asked) == {
        "add", "remove", "relabel", "translate", "move", "recode", "deprecate", "split", "merge", "note", "link",
        "bind", "explain", "edit", "import", "level", "renumber", "send", "dispose",
    }  # fmt: skip
    assert all(asked.values())
