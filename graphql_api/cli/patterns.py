"""``ictip network patterns``: where the patterns of the library are in a store, and how well planted ones are found."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.key import DEFAULT_DATA, Data, run
from graphql_api.settings import settings_from
from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES, Identities
from registry.classification.current import catalogue_of
from registry.errors import ArgumentsConflicting, FileUnreadable
from registry.network.gathering import MAX_BUDGET, MAX_HUB_LIMIT, Ground
from registry.network.pattern_queries import MAX_MATCHES, Matches, PatternQuestion
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import Match, PatternKind
from registry.network.patterns.truth import Planted, read_truth, score
from registry.network.stores import Stores
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.networks import network_stores

EVERY_MATCH: Final = MAX_MATCHES
"""Matches of one page of events."""


def patterns(
    kind: Annotated[PatternKind | None, typer.Argument(help="Which pattern; without it each of the library.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="A parameter: leastEvents=5.")] = None,
    most: Annotated[
        int | None,
        typer.Option(help="Matches of each pattern that are printed, 10 without it.", min=0, max=MAX_MATCHES),
    ] = None,
    check_truth: Annotated[
        Path | None, typer.Option(help="The truth file of the sample world in the store: print recall and precision.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> int:
    """Look for patterns through the whole store: who, by which events, and why it matched."""
    asked = read_settings(setting or ())
    if asked and kind is None:
        raise ArgumentsConflicting(arguments="--set", rule="name the pattern that the parameter is of")
    if most is not None and check_truth is not None:
        raise ArgumentsConflicting(arguments="--most, --check-truth", rule="beside the truth no match is printed")
    truth = None if check_truth is None else read_file(check_truth)
    kinds = list(LIBRARY) if kind is None else [kind]
    for each in kinds:
        settle(LIBRARY[each], asked)
    look = partial(_look, kinds=kinds, asked=asked, most=10 if most is None else most, truth=truth)
    for line in run(settings_from(os.environ, data=data), look):
        typer.echo(line)
    return DONE


async def _look(
    database: Database,
    *,
    kinds: Sequence[PatternKind],
    asked: Mapping[str, int],
    most: int,
    truth: Mapping[str, object] | None,
) -> list[str]:
    lines: list[str] = []
    catalogue = await catalogue_of(BoltReleaseStore(database))
    stores = network_stores(database, CatalogueCodebook(catalogue))
    planted = None if truth is None else await _planted(database, truth)
    for kind in kinds:
        pages = await every_page(stores, kind, asked)
        lines += score_lines(kind, planted, pages) if planted is not None else match_lines(kind, pages, most)
    return lines


async def every_page(stores: Stores, kind: PatternKind, asked: Mapping[str, int]) -> list[Matches]:
    """The whole list of events, as many a page as one question may read."""
    pages: list[Matches] = []
    question = PatternQuestion(
        kind, asked, Ground(budget=MAX_BUDGET), MAX_HUB_LIMIT, first=MAX_BUDGET // 2, most=EVERY_MATCH
    )
    while True:
        pages.append(await question.ask(stores, actor=local_user()))
        if pages[-1].account.end_cursor is None:
            return pages
        question = replace(question, after=pages[-1].account.end_cursor)


async def _planted(database: Database, truth: Mapping[str, object]) -> list[Planted]:
    key = await BoltCaseStore(database).identity_key(secrets.token_bytes(KEY_BYTES))
    return read_truth(truth, Identities(key))


def score_lines(kind: PatternKind, planted: Sequence[Planted], pages: Sequence[Matches]) -> Iterator[str]:
    """One line: how many of the planted were found, and how many of the matches were planted."""
    counted = score(kind, planted, [match for page in pages for match in page.matches])
    unlisted = sum(page.found - len(page.matches) for page in pages)
    yield (
        f"{kind.value:<24} planted {counted.planted:>4}  found {counted.found:>4}  recall {counted.recall:.2f}"
        f"   matches {counted.matches:>5}  of them planted {counted.true_matches:>4}  precision {counted.precision:.2f}"
        + (f"   {unlisted} more matches not looked at" if unlisted else "")
        + ("   truncated" if any(page.account.truncated for page in pages) else "")
    )


def match_lines(kind: PatternKind, pages: Sequence[Matches], most: int) -> Iterator[str]:
    """The pattern, and its matches by people, events and reasons."""
    matches = sorted((match for page in pages for match in page.matches), key=lambda match: match.order)
    found = sum(page.found for page in pages)
    yield f"{kind.value}: {found} found, {min(most, len(matches))} printed"
    for match in matches[:most]:
        yield from one_match(match)
    skipped = {hub.id for page in pages for hub in page.account.skipped_hubs}
    if skipped:
        yield f"  {len(skipped)} people were not looked at: more than {MAX_HUB_LIMIT} events each"
    if any(page.account.truncated for page in pages):
        yield "  truncated: more was there than one search may read or try"


def one_match(match: Match) -> Iterator[str]:
    """People, events and why."""
    yield "  " + ", ".join(f"{member.part} {member.person}" for member in match.members)
    yield f"    events {', '.join(match.events)}"
    sure = [] if match.timing is None else [f"order in time: {match.timing.value.lower()}"]
    yield from (f"    {sentence}" for sentence in (*match.because, *sure))


def read_settings(told: Sequence[str]) -> dict[str, int]:
    """Parameters by name; raises `ArgumentsConflicting` for what is no ``name=number``."""
    settings: dict[str, int] = {}
    for each in told:
        name, _, number = each.partition("=")
        if not name or not number.isdecimal() or len(number) > 9:
            raise ArgumentsConflicting(arguments="--set", rule="write it as name=number, such as leastEvents=5")
        settings[name] = int(number)
    return settings


def read_file(path: Path) -> Mapping[str, object]:
    """The truth file; raises `FileUnreadable`."""
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise FileUnreadable(file=path.name, reason=type(problem).__name__) from None
    if not isinstance(document, dict):
        raise FileUnreadable(file=path.name, reason="no object")
    return document
