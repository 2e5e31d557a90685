"""``ictip impact``: what a new version does to the codes somebody holds."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.asking import AnyData, AsKnownAt, NewValidOn, OldValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE
from graphql_api.cli.draft_files import read_bytes
from graphql_api.cli.revising import DEFAULT_DATA, catalogue_at, open_desk
from registry.access.actor import local_user
from registry.classification.draft_actions import replay
from registry.classification.draft_model import DraftId
from registry.classification.impact import Impact, Treatment, content_impact, version_impact
from registry.classification.report import to_plain
from registry.classification.table_import import read_csv
from registry.errors import ArgumentsConflicting
from registry.identifiers import Notation
from registry.statistics.stored_impact import StoredImpact, stored_impact
from registry.storage.bolt.code_use_table import BoltCodeUseStore


def impact(
    scheme: Annotated[str | None, typer.Argument(help="The scheme: isic.")] = None,
    old: Annotated[str | None, typer.Option(help="The version held: 4.0.")] = None,
    new: Annotated[str | None, typer.Option(help="The version to go to; without it the latest.")] = None,
    draft: Annotated[str | None, typer.Option(help="A draft instead: what its release would do.")] = None,
    codes: Annotated[Path | None, typer.Option(help="CSV with your codes in its first column; without it all.")] = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="Count stored events by code, variable and reporting entity.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer.")] = False,
    old_valid_on: OldValidOn = None,
    new_valid_on: NewValidOn = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Say which codes stay, which change by rule, which need a person, and which would lie if left alone."""
    held = read_codes(codes) if codes is not None else []
    if draft is not None and any(
        given is not None for given in (scheme, old, new, old_valid_on, new_valid_on, as_known_at)
    ):
        raise ArgumentsConflicting(arguments="--draft", rule="a draft has its base and number; give it alone")
    if draft is not None:
        found = asyncio.run(draft_impact(draft, held, data or DEFAULT_DATA))
    elif scheme is not None and (old is not None or old_valid_on is not None):
        actor = local_user()
        catalogue = asyncio.run(catalogue_of(data, actor, known_at=as_known_at))
        before, after = chosen(old, old_valid_on), chosen(new, new_valid_on)
        found = version_impact(catalogue, scheme, held, old=before, new=after, actor=actor)
    else:
        rule = "give scheme and --old (or --old-valid-on), or --draft"
        raise ArgumentsConflicting(arguments="SCHEME, --old, --draft", rule=rule)
    tell(found, as_json=as_json)
    if stored:
        for line in asyncio.run(stored_use(found, data or DEFAULT_DATA)):
            typer.echo(line)
    return DONE


async def stored_use(found: Impact, data: Path) -> list[str]:
    """A line for each code that changes, variable and reporting entity with stored events."""
    async with open_desk(data, "reader", makes=False) as desk:
        rows = await stored_impact(BoltCodeUseStore(desk.database), found, actor=desk.actor)
    return [stored_line(each) for each in rows]


def stored_line(found: StoredImpact) -> str:
    """One code under one variable in one entity's records."""
    code, use = found.code, found.use
    ruled = f", by rule {code.rule}" if code.rule is not None else ""
    return f"stored: {code.code} {code.treatment} ({use.variable}), {use.entity}: {use.events} events{ruled}"


async def draft_impact(draft: str, held: list[Notation], data: Path) -> Impact:
    """What releasing the draft would do."""
    async with open_desk(data, "reader", makes=False) as desk:
        content = (await replay(desk.stores, DraftId(draft))).content
        return content_impact(await catalogue_at(desk), content.base, content.version, content.declared, held)


def read_codes(file: Path) -> list[Notation]:
    """The first column of a CSV file, each code once; a header that says code is skipped."""
    rows = read_csv(read_bytes(file), source=file.name)
    texts = [row[0].strip() for row in rows if row and row[0].strip()]
    if texts and texts[0].lower() == "code":
        texts = texts[1:]
    return [Notation(text) for text in dict.fromkeys(texts)]


def tell(found: Impact, *, as_json: bool) -> None:
    """Print codes that need anything, links that go stale, and the counts."""
    if as_json:
        plain = {
            "codes": to_plain(found.codes),
            "staleLinks": to_plain(found.stale_links),
            "staleAssociations": to_plain(found.stale_associations),
            "counts": to_plain(found.counts()),
        }
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for each in found.codes:
        if each.treatment is not Treatment.UNCHANGED:
            targets = ", ".join(each.targets) or "nothing"
            typer.echo(f"{each.treatment}: {each.code} {each.label} -> {targets}")
    for link in found.stale_links:
        typer.echo(f"stale link: {link.source} -> {link.target} ({', '.join(link.kinds)}); owner {link.owner}")
    for stale in found.stale_associations:
        ends = f"{', '.join(stale.sources) or 'nothing'} -> {', '.join(stale.targets) or 'nothing'}"
        changed = f"{', '.join(stale.changed)}: {', '.join(stale.kinds)}"
        typer.echo(f"stale association: {stale.correspondence}/{stale.place} {ends} ({changed}); owner {stale.owner}")
    typer.echo(", ".join(f"{count} {treatment}" for treatment, count in found.counts().items()))
