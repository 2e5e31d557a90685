"""The vocabulary read once a session, and where the publishers' tables lie, if they do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import Graph

from ontology import files

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def graphs() -> Mapping[str, Graph]:
    """Every vocabulary file's statements, by path: ``vocabulary/schemes/units/1.0.ttl``."""
    return {file.path: file.graph() for file in files.vocabulary_files()}


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder with the publishers' tables."""
    if not (SOURCES / "iccs").is_dir():
        pytest.skip(f"{SOURCES} is absent: the publishers' tables of ICCS and ISIC are not part of the project")
    return SOURCES
