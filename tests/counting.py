"""A database that counts what it is asked: a number of requests is a test, a time never is."""

from __future__ import annotations

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
