"""Which records tell of the same: clusters over judgements, by union and find (Tarjan 1975), named by their least id.

Pure. Only judgements that the actor sees, both ends of them, ever come here.
"""

from __future__ import annotations


class Clusters:
    """Clusters of records; a record that no judgement joins is a cluster by itself."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, record: str) -> str:
        """The least id of the record's cluster."""
        root = record
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(record, record)) != root:
            self._above[record], record = root, above
        return root

    def join(self, one: str, other: str) -> None:
        """Make one cluster of those of the two."""
        least, greatest = sorted((self.of(one), self.of(other)))
        self._above[greatest] = least
