"""What is installed is what was written: the built wheel holds every data file and works from there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ontology", "registry", "graphql_api")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Turtle, Cypher, SDL, pages and mappings travel with the code; nothing else does."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    expected = {name for name in tracked.stdout.splitlines() if (ROOT / name).exists()}

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert packed == expected


def test_the_installed_files_are_found_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the words parse, the queries load and the SDL prints."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        "import pathlib, registry, ontology.files, graphql_api.cli\n"
        "assert pathlib.Path(registry.__file__).is_relative_to(pathlib.Path.cwd())\n"
        "from registry.storage.bolt.named_queries import load_queries\n"
        "assert load_queries('cases')\n"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", "import sys; sys.path.insert(0, '.')\n" + program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
