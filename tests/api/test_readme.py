"""The README is true: its queries answer as printed, its commands and options exist, its pages are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.main import get_command

from graphql_api.cli.commands import GROUPS, build_app, run_command
from graphql_api.schema.documents import Documents
from graphql_api.schema.query import build_schema
from graphql_api.settings import Limits
from tests.api.conftest import Doors

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
CONSOLE = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
COMMANDS = sorted(set(re.findall(r"^(?:\S+=\S+ )*(ictip [^#\n]*)", CONSOLE, re.MULTILINE)))
DOWNLOADS = re.findall(r"curl -O http://127\.0\.0\.1:8000(\S+)", CONSOLE)
LINKS = sorted(set(re.findall(r"\]\(([^)#]+)\)", README)))


@pytest.mark.parametrize("number", range(len(QUERIES)))
async def test_each_query_answers_as_printed(case_doors: Doors, number: int) -> None:
    """No error, and something in every root field."""
    data = await case_doors.data(QUERIES[number])

    assert all(data.values())


def test_each_subscription_fits_the_schema() -> None:
    """What the README follows can be followed."""
    bodies = [orjson.loads(body) for body in re.findall(r"-d '(\{.*\})'", CONSOLE)]
    followed = [body["query"] for body in bodies if body["query"].startswith("subscription")]

    assert len(followed) == 1
    Documents(build_schema()._schema, Limits()).prepare(followed[0])


async def test_each_download_is_there(doors: Doors) -> None:
    """The files that the README fetches."""
    answers = [await doors.http.get(path) for path in DOWNLOADS]

    assert [answer.status_code for answer in answers] == [200] * len(DOWNLOADS)
    assert all(answer.headers["etag"] for answer in answers)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_and_option_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command's own help names every option that the README uses."""
    _, name, *words = shlex.split(command)
    code = run_command([name, *(words[:1] if name in GROUPS else []), "--help"])

    told = capsys.readouterr().out
    assert code == 0
    assert [word for word in words if word.startswith("--") and word not in told] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_understood(command: str) -> None:
    """Each word is taken for what it stands for: also the values of options."""
    _, *words = shlex.split(command)
    called: Any = get_command(build_app(words[0]))
    context = called.make_context("ictip", words)
    while hasattr(called, "resolve_command"):
        name, called, rest = called.resolve_command(context, [*context._protected_args, *context.args])
        context = called.make_context(name, rest, parent=context)


@pytest.mark.parametrize("link", [link for link in LINKS if "://" not in link])
def test_each_page_is_there(link: str) -> None:
    """No link leads nowhere."""
    assert (ROOT / link).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", README)) - {"docker"}))
def test_each_make_target_exists(target: str) -> None:
    """What the README makes, the Makefile has."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
