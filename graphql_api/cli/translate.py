"""``ictip translate``: codes of one version in the words of another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from graphql_api.cli.asking import DAY, AnyData, AsKnownAt, ValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE, FAULTS_FOUND
from registry.access.actor import local_user
from registry.classification.report import to_plain
from registry.classification.revision_queries import CodeTranslation, translate_codes
from registry.classification.translation import Loss, LossKind, Outcome


def translate(
    source: Annotated[str, typer.Argument(help="Scheme and version: units@1.0; without @ the latest.")],
    target: Annotated[str, typer.Argument(help="Scheme and version: iccs@1.0.")],
    codes: Annotated[list[str] | None, typer.Argument(help="The codes; without any, all of the version.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer, with ways and losses.")] = False,
    valid_on: ValidOn = None,
    to_valid_on: Annotated[
        datetime | None,
        typer.Option("--to-valid-on", formats=list(DAY), help="The target: the version in force on that day."),
    ] = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Say what codes become in another version or scheme, along the way, and what is lost.

    Exit code 1 says that some code is unknown.
    """
    actor = local_user()
    (scheme, version), (to_scheme, to_version) = split_version(source), split_version(target)
    answer = translate_codes(
        asyncio.run(catalogue_of(data, actor, known_at=as_known_at)),
        codes or [],
        scheme=scheme,
        version=chosen(version, valid_on),
        to_scheme=to_scheme,
        to_version=chosen(to_version, to_valid_on),
        actor=actor,
    )
    if as_json:
        typer.echo(json.dumps(to_plain(answer.result), ensure_ascii=False, indent=2))
    else:
        for each in answer.codes:
            for line in code_lines(each):
                typer.echo(line)
        extent = "as a whole they mean the same" if answer.result.same_extent else "as a whole they differ"
        typer.echo(f"codes asked {len(answer.codes)}, targets {len(answer.result.targets)}; {extent}")
    return FAULTS_FOUND if any(each.answer.outcome is Outcome.UNKNOWN for each in answer.codes) else DONE


def split_version(text: str) -> tuple[str, str | None]:
    """``units@1.0`` as scheme and version, which may be wanting."""
    scheme, _, version = text.partition("@")
    return scheme, version or None


def code_lines(told: CodeTranslation) -> Iterator[str]:
    """A line for the code, one for each target, one for each loss, one for a reused code."""
    answer = told.answer
    label = told.source.label() if told.source is not None else None
    name = f" {label.text}" if label is not None else ""
    yield f"{answer.code}{name}: {answer.outcome} ({answer.cardinality})"
    for target, item in zip(answer.targets, told.targets, strict=True):
        there = item.label()
        derived = ", derived" if target.derived else ""
        yield f"  {target.relation}{derived}: {target.code} {there.text if there is not None else ''}".rstrip()
    for loss in answer.lost:
        yield f"  lost at {loss.at}: {loss_text(loss)}"
    if answer.reused:
        yield f"  beware: {answer.code} is in the target version too, and means something else"


def loss_text(loss: Loss) -> str:
    """A loss in words."""
    codes = ", ".join(loss.codes)
    text = {
        LossKind.DISTINCTION: f"told apart no more from {codes}",
        LossKind.EXTENT: "the target holds more",
        LossKind.PART: f"only a part goes to each of {codes}",
        LossKind.EVERYTHING: "nothing takes its place",
    }[loss.kind]
    return f"{text} ({loss.reason})" if loss.reason else text
