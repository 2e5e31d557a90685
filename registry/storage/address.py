"""Where a store listens and how to sign in: the same four facts for both engines.

Lives here: the value. Elsewhere: who finds it out (``engine`` for the embedded one, settings for Neo4j)
and who connects with it (``bolt.driver``).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """One database over Bolt. ``uri`` is ``bolt://host:port`` (one server; ``bolt+s`` in secret, ``bolt+ssc`` whoever
    vouches for it) or ``neo4j://host`` (routed over a cluster)."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
