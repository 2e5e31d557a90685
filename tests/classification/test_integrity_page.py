"""The page of rules names every rule that a finding of ours can bear, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
PAGES: Final = ("docs/integrity.md", "docs/revision.md")
"""Rules of texts and versions; those of the gate beside them."""
CODE: Final = (
    "registry/classification/integrity.py",
    "registry/classification/skos_conditions.py",
    "registry/classification/lifecycle.py",
    "registry/classification/actions.py",
    "registry/storage/rdf/reader.py",
    "registry/storage/rdf/values.py",
    "registry/storage/rdf/parse.py",
    "registry/storage/rdf/vocabulary.py",
    "registry/storage/rdf/xkos_rules.py",
)
TOLD: Final = re.compile(
    r"(?:error|warning|notice|miss)\(\s*\"(\w+)\"|rule = \"(\w+)\"|\(\"(skos\w+)\", Res|\"(code_\w+)\" if"
)


def test_the_pages_name_every_rule() -> None:
    """A rule without a line there has no source."""
    used = {name for file in CODE for found in TOLD.findall((ROOT / file).read_text("utf-8")) for name in found if name}
    named = {name for page in PAGES for name in re.findall(r"`(\w+)`", (ROOT / page).read_text("utf-8"))}
    own = set(re.findall(r"^\| (`.*?`) \|", (ROOT / PAGES[0]).read_text("utf-8"), re.MULTILINE))

    assert len(used) > 60
    assert used - named == set()
    assert {name for cell in own for name in re.findall(r"`(\w+)`", cell)} - used == set()
