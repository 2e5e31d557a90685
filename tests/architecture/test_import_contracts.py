"""The map of the house is law: each import contract is broken once on purpose and must notice.

The packages are copied to a scratch folder, one forbidden import is added, and import-linter is run there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ontology", "registry", "graphql_api")

BREACHES = [
    ("registry/classification/breach.py", "import rdflib", "Rooms know no store"),
    ("registry/cases/breach.py", "import starlette", "Rooms know no store"),
    ("registry/network/breach.py", "import registry.storage", "Between the rooms"),
    ("registry/classification/breach.py", "import registry.cases", "Between the rooms"),
    ("registry/access/breach.py", "import graphql_api", "Doors open onto rooms"),
    ("ontology/breach.py", "import registry.errors", "Doors open onto rooms"),
    ("registry/storage/rdf/breach.py", "import neo4j", "The Bolt driver lives in one place"),
    ("graphql_api/web/breach.py", "import strawberry", "Strawberry lives in one place"),
    ("registry/storage/bolt/breach.py", "import rdflib", "rdflib lives with the words"),
    ("graphql_api/settings.py", "import graphql_api.app", "Inside the doors"),
    ("registry/helpers/__init__.py", "", "Between the rooms"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages and of the contracts, without data files."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("*.ttl", "*.jsonld", "static", "__pycache__", "*.cypher"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=house, capture_output=True, text=True, check=False)


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    """Without a breach the linter is content."""
    result = lint(house)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("place", "line", "contract"), BREACHES, ids=[f"{b[0]}: {b[1]}" for b in BREACHES])
def test_a_breach_is_noticed(house: Path, place: str, line: str, contract: str) -> None:
    """One forbidden import, or a room that is not on the map, breaks the contract that forbids it."""
    target = house / place
    before = target.read_text() if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{before or ''}\n{line}\n")
    try:
        result = lint(house)
    finally:
        if before is None:
            target.unlink()
        else:
            target.write_text(before)
        if place == "registry/helpers/__init__.py":
            target.parent.rmdir()

    assert result.returncode == 1
    assert contract in result.stdout
