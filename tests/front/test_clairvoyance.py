"""The tool clairvoyance, which rebuilds a schema from what errors say of guesses: it gets nothing from us."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from registry.access.actor import STRANGER, Actor, local_user
from registry.classification.catalogue import Catalogue
from tests.front.conftest import served

WORDS = ("schemes", "scheme", "codelist", "id", "uri", "version", "latest", "digest", "events", "person", "nothing")
"""Field names of ours among others: a luckier guess than any word list of the tool's."""


async def recovered(catalogue: Catalogue, folder: Path, actor: Actor, words: Sequence[str] = WORDS) -> set[str]:
    """The fields that the tool wrote down, with their types."""
    listed, found = folder / "words.txt", folder / "schema.json"
    listed.write_text("\n".join(words))
    tool = [sys.executable, "-m", "clairvoyance", "-w", str(listed), "-o", str(found), "-m", "1"]
    async with served(catalogue, actor=actor) as address:
        running = await asyncio.create_subprocess_exec(
            *tool, address, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await asyncio.wait_for(running.wait(), 60)
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
    if not found.exists():
        return set()
    types = json.loads(found.read_text())["data"]["__schema"]["types"]
    return {f"{each['name']}.{field['name']}" for each in types for field in each.get("fields") or ()}


async def test_a_stranger_recovers_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    """Not one field, though the names are in the word list: no answer tells them from the others. Who may see the
    schema is told what is wrong, so the tool finds them.
    """
    assert await recovered(catalogue, tmp_path, STRANGER) == set()
    assert "Query.schemes" in await recovered(catalogue, tmp_path, local_user(), ("schemes", "nothing"))
