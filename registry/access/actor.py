"""Who asks: an actor with rights and a scope, made at the door and handed to every query and action.

Lives here: the value. Elsewhere: how a door comes to believe it (``graphql_api.authentication``), what it may do
(``policy``), how grants of the store become part of it (``grants``), what of a record it sees (``tiers``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from registry.identifiers import EntityId, EventId, Notation


class Right(StrEnum):
    """A kind of act. Roles are sets of rights; there is no right to everything."""

    READ_REGISTRY = "read the registry"
    READ_CASES = "read cases"
    READ_IDENTIFIED = "read identified cases"
    COUNT_CASES = "count cases"
    EXPLORE_NETWORK = "explore the network"
    JUDGE_RECORDS = "judge records the same"
    IMPORT_RECORDS = "import records"
    REFER_CASES = "refer cases"
    REQUEST_CONTACT = "request contact"
    OPEN_IN_EMERGENCY = "open cases in an emergency"
    APPROVE_EMERGENCY = "approve an emergency opening"
    LOAD_VOCABULARY = "load vocabularies"
    EDIT_VOCABULARY = "edit vocabularies"
    COMMENT_VOCABULARY = "comment on vocabularies"
    GATHER_ANSWERS = "gather a country's answers"
    REVIEW_VOCABULARY = "review vocabularies"
    RELEASE_VOCABULARY = "release vocabularies"
    CHECK_STORE = "check the store"
    READ_AUDIT = "read the audit"
    REMOVE_AUDIT = "remove expired audit rows"
    MANAGE_KEYS = "manage keys"
    GRANT_CASES = "grant cases"
    ASK_WHY = "ask why somebody may"


CASE_RIGHTS: Final = frozenset(
    {
        Right.READ_CASES,
        Right.READ_IDENTIFIED,
        Right.COUNT_CASES,
        Right.EXPLORE_NETWORK,
        Right.JUDGE_RECORDS,
        Right.IMPORT_RECORDS,
        Right.REFER_CASES,
        Right.REQUEST_CONTACT,
        Right.OPEN_IN_EMERGENCY,
    }
)
"""Rights that touch case records: they need a stated purpose."""


class StatedPurpose(StrEnum):
    """What the caller says the records are wanted for; said with each request, kept in the audit."""

    INVESTIGATION = "investigation"
    ASSISTANCE = "assistance"
    STATISTICS = "statistics"
    DATA_ENTRY = "data-entry"
    OVERSIGHT = "oversight"
    MAINTENANCE = "maintenance"


class Sensitivity(StrEnum):
    """What makes a record more sensitive than others: a child in it, sexual exploitation, an informant."""

    CHILD = "child"
    SEXUAL = "sexual"
    INFORMANT = "informant"


@dataclass(frozen=True)
class Scope:
    """Which case records an actor may see: **all** of the conditions must hold; each denies by default.

    ``opened`` are events that an approved emergency opening shows whatever the other conditions say.
    Whether a record lies inside is asked in one place: `registry.access.scope`.
    """

    entities: frozenset[EntityId] | None = frozenset()
    """Reporting entities that hold the record; None says of every one."""
    countries: frozenset[Notation] | None = frozenset()
    """Countries the record belongs to, codes of ``areas``; None says of every one, and of none told."""
    tiers: frozenset[Sensitivity] = frozenset()
    """Kinds of sensitive records that may be seen; a record is seen when all its kinds are among them."""
    cases: frozenset[EventId] | None = frozenset()
    """Events granted one by one, none of them expired; None says that no grant is needed."""
    opened: frozenset[EventId] = frozenset()

    @classmethod
    def of_entities(cls, *entities: str) -> Scope:
        """Every record that these reporting entities hold, whatever its country and sensitivity."""
        return cls(
            entities=frozenset(map(EntityId, entities)), countries=None, tiers=frozenset(Sensitivity), cases=None
        )

    @classmethod
    def everything(cls) -> Scope:
        """Every record: the local user's scope, and that of nobody else unless written down for them."""
        return cls(entities=None, countries=None, tiers=frozenset(Sensitivity), cases=None)

    @cached_property
    def key(self) -> str:
        """A short text, the same for the same scope only (a digest: a scope may hold thousands of cases)."""
        parts = (self.entities, self.countries, self.tiers, self.cases, self.opened)
        text = "|".join("*" if part is None else ",".join(sorted(part)) for part in parts)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Actor:
    """A named caller at one moment. ``name`` goes into logs and audit rows; it is an account, never a person's record.

    ``roles`` are told for explanations only: what counts is ``rights``.
    """

    name: str
    rights: frozenset[Right]
    scope: Scope = Scope()
    purpose: StatedPurpose | None = None
    """What this request is for; None when nothing was stated or the account may not act for it."""
    roles: tuple[str, ...] = ()
    agency: EntityId | None = None
    """The reporting entity the account works for: what it refers and asks contact as."""

    @cached_property
    def key(self) -> str:
        """A stable text of what the actor may read: part of the key of every cached answer."""
        return f"{'+'.join(sorted(self.rights))}|{self.purpose or '-'}|{self.scope.key}"


@dataclass(frozen=True, slots=True)
class Account:
    """What an identity provider or a key says of a caller, before the store's grants are added.

    ``needs_grants`` says that within its agencies and countries the account sees granted cases only.
    """

    name: str
    roles: tuple[str, ...] = ()
    entities: frozenset[EntityId] | None = frozenset()
    countries: frozenset[Notation] | None = frozenset()
    tiers: frozenset[Sensitivity] = frozenset()
    purposes: frozenset[StatedPurpose] = frozenset()
    needs_grants: bool = True
    agency: EntityId | None = None
    only: frozenset[Right] | None = None
    """A key may hold less than its roles: these rights at most."""


def local_user(name: str = "local") -> Actor:
    """The one user of local mode: whoever reaches loopback acts as this actor, with every right over every record."""
    return Actor(
        name=name,
        rights=frozenset(Right),
        scope=Scope.everything(),
        purpose=StatedPurpose.MAINTENANCE,
        roles=("local user",),
    )


STRANGER = Actor(name="stranger", rights=frozenset({Right.READ_REGISTRY}), roles=("public",))
"""Nobody in particular: the published classification is public, cases are not."""
