"""Which records tell of the same: clusters over judgements, by union and find (Tarjan 1975), named by their least id.

Pure. Only judgements that the actor sees, both ends of them, ever come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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
        if least != greatest:
            self._above[greatest] = least

    def __bool__(self) -> bool:
        """Whether anything was joined."""
        return bool(self._above)

    def members(self) -> Sequence[str]:
        """Every record that was joined with another, sorted."""
        return sorted({*self._above, *map(self.of, self._above)})

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The clusters of two records or more, each sorted, in order of their least."""
        groups: dict[str, list[str]] = {}
        for record in self.members():
            groups.setdefault(self.of(record), []).append(record)
        return tuple(tuple(group) for _, group in sorted(groups.items()))

    def with_members(self, records: Iterable[str]) -> set[str]:
        """These records and all of their clusters."""
        wanted = {self.of(record) for record in records}
        return wanted | {record for record in self.members() if self.of(record) in wanted}
