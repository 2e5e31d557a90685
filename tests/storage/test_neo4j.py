"""What holds on Neo4j alone: its server ends a transaction at the deadline that the call sent along."""

from __future__ import annotations

import asyncio
import time

import pytest
from neo4j import GraphDatabase

from registry.errors import DeadlineExceeded
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from tests.storage.statements import STATEMENTS


def running(address: StoreAddress) -> int:
    """How many runaway counts the server is working on."""
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        records, _, _ = driver.execute_query(
            "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'a + b + c = 17' "
            "AND NOT currentQuery CONTAINS 'SHOW' RETURN count(*) AS n"
        )
    return int(records[0]["n"])


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_the_server_ends_what_the_caller_gave_up(store_address: StoreAddress) -> None:
    """An abandoned query does not go on burning the server's processors."""
    async with Database(store_address) as database:
        calls = [database.read(STATEMENTS["run_away"], seconds=1.0) for _ in range(2)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(outcome, DeadlineExceeded) for outcome in outcomes)

        began = time.monotonic()
        while left := await asyncio.to_thread(running, store_address):
            if time.monotonic() - began > 10:
                pytest.fail(f"{left} queries run on")
            await asyncio.sleep(0.2)
