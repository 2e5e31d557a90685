"""Who asks: an actor with rights and a scope, made at the door and handed to every query and action.

Lives here: the value. Elsewhere: how a door comes to believe it (``graphql_api.authentication``),
what it may do (``policy``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.identifiers import EntityId


class Right(StrEnum):
    """A kind of act. Roles are sets of rights; there is no right to everything."""

    READ_REGISTRY = "read the registry"
    READ_CASES = "read cases"
    EXPLORE_NETWORK = "explore the network"
    IMPORT_RECORDS = "import records"
    LOAD_VOCABULARY = "load vocabularies"
    CHECK_STORE = "check the store"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which case records an actor may see: those of these reporting entities; None says of every one.

    The scope is handed to each case query as parameters and stands inside the Cypher, before limits and counts.
    """

    entities: frozenset[EntityId] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A named caller. ``name`` goes into logs and audit rows; it is an account, never a person's record."""

    name: str
    rights: frozenset[Right]
    scope: Scope = Scope()

    @property
    def key(self) -> str:
        """A stable text of what the actor may read: part of the key of every cached answer."""
        entities = self.scope.entities
        scope = "*" if entities is None else ",".join(sorted(entities))
        return f"{'+'.join(sorted(self.rights))}|{scope}"


def local_user(name: str = "local") -> Actor:
    """The one user of local mode: whoever reaches loopback acts as this actor, with every right over every record."""
    return Actor(name=name, rights=frozenset(Right), scope=Scope(entities=None))


STRANGER = Actor(name="stranger", rights=frozenset({Right.READ_REGISTRY}))
"""Nobody in particular: the published classification is public, cases are not."""
