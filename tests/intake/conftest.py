"""The packaged vocabulary as a lookup of codes, read once a session."""

from __future__ import annotations

import pytest

from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue


@pytest.fixture(scope="session")
def codebook(catalogue: Catalogue) -> CatalogueCodebook:
    """Its codes."""
    return CatalogueCodebook(catalogue)
