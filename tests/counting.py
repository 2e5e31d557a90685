"""What is counted of a database, requests and hits: a number is a test, a time never is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from neo4j import GraphDatabase, Session

from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery, Parameters, Row


class CountingDatabase(Database):
    """Notes the name of each query read from it."""

    asked: list[str]

    async def read(
        self, query: NamedQuery, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> list[Row]:
        """All rows, and the query's name noted."""
        self.asked.append(query.name)
        return await super().read(query, parameters, seconds=seconds)

    def counted(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


def counting(database: Database) -> CountingDatabase:
    """A counting database at the same address; open it as a context."""
    found = CountingDatabase(database.address, database.limits)
    found.asked = []
    return found


def hits_of(database: Database, query: NamedQuery, parameters: Parameters) -> int:
    """The hits of a query in a Neo4j database, all steps of its plan together."""
    with _session(database) as session:
        plan: Any = session.run(f"PROFILE {query.text}", query.packed(parameters)).consume().profile
    return _total(plan)


def plan_anew(database: Database) -> None:
    """Let the next plans be of the store as it is, not of the statistics of one that was emptied or smaller."""
    with _session(database) as session:
        session.run("CALL db.prepareForReplanning(30)").consume()


@contextmanager
def _session(database: Database) -> Iterator[Session]:
    address = database.address
    with (
        GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        yield session


def _total(step: Mapping[str, Any]) -> int:
    """The hits of a step and of those below it."""
    return int(step.get("dbHits", 0)) + sum(_total(each) for each in step.get("children", ()))
