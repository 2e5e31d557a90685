"""The database of the store tests: things and links have unique keys in it."""

from __future__ import annotations

import pytest

from registry.storage.bolt.driver import Database
from tests.storage.statements import constrain


@pytest.fixture
async def things(database: Database) -> Database:
    """An empty database, on either engine, with the constraints of `statements`."""
    await constrain(database)
    return database
