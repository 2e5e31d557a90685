"""GraphQL types and root fields of access: why somebody may, case grants, emergency openings, API keys.

Each type reads one model of ``registry.access``; the questions are ``access.queries`` and ``access.explain``, the acts
``access.actions``. Ids of events in grants and openings stand as they were given, to those who decide on them: they are
keyed hashes and open nothing without the right to records.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Final, TypeVar

import strawberry

from graphql_api.context import fresh_id
from graphql_api.schema.classification import Info
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import Instant
from graphql_api.schema.words import ArgumentFault, Words
from registry.access import actions, explain, queries
from registry.access.actions import REASONS, GrantChange, allow
from registry.access.actor import Account, Right, Sensitivity, StatedPurpose
from registry.access.explain import Condition, Explanation
from registry.access.grants import LONGEST_GRANT, LONGEST_OPENING, SECOND, Grant, Standing
from registry.access.keys import ID_BYTES, LONGEST_LIFE, SECRET_BYTES, KeyRecord, key_account
from registry.access.roles import Role
from registry.errors import FieldFault, GrantUnknown, SecretMissing
from registry.identifiers import EntityId, EventId, Identifier, Notation

Named = TypeVar("Named", bound=Identifier)

HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR
EVERY: Final = "*"

for _enum, _name, _description in (
    (Right, "Right", "A kind of act. Roles are sets of rights; there is no right to everything."),
    (Role, "AccountRole", "What somebody does here. An account may have several."),
    (Sensitivity, "Sensitivity", "What makes a record more sensitive than others."),
    (StatedPurpose, "StatedPurpose", "What records are wanted for."),
):
    strawberry.enum(_enum, name=_name, description=_description)


# --- why ---------------------------------------------------------------------------------------------------


@strawberry.type(name="DecisionReason", description="One rule that was asked, and its outcome.")
class ReasonTold:
    """`policy.Reason`."""

    rule: str = told("rule", "The rule: right, purpose, agency, country, sensitivity, case grant, record.")
    held: bool = told("held", "Whether it held.")
    said: str = told("said", "Its outcome in words.")


@strawberry.type(
    name="AccountCondition", description="What the account may see under one rule, whatever records there are."
)
class ConditionTold:
    """`explain.Condition`."""

    rule: str = told("rule", "The rule.")
    said: str = told("said", "What the account may see under it.")


@strawberry.type(name="Explanation", description="Why somebody may act so, or may not.")
class ExplanationTold:
    """`explain.Explanation`."""

    account: str = told("account", "Whose acting is explained.")
    right: Right = told("right", "The kind of act.")
    allowed: bool = told("decision.allowed", "The decision.")
    reasons: list[ReasonTold] = told("decision.reasons", "The rules in the order they were asked; every one must hold.")
    conditions: list[ConditionTold] = told("conditions", "The account's own side of each rule.")


@strawberry.input(description="Another account, as its provider or key tells of it.")
class AccountInput:
    """`Account`; lists take "*" alone for every one, as claims do."""

    name: str = strawberry.field(description="The account's name, as audit rows tell it.")
    roles: list[Role] | None = strawberry.field(
        default=None, description="Its roles; without them those of its newest key that is in use, with all the rest."
    )
    entities: list[str] = strawberry.field(
        default_factory=list, description="Reporting entities whose records it works with; * alone for all."
    )
    countries: list[str] = strawberry.field(
        default_factory=list, description="Countries of the records; * alone for all."
    )
    tiers: list[Sensitivity] = strawberry.field(default_factory=list, description="Sensitive records it may see.")
    purposes: list[StatedPurpose] = strawberry.field(default_factory=list, description="What it may act for.")
    needs_grants: bool = strawberry.field(default=True, description="Whether it sees granted cases only.")


RightArgument = Annotated[Right, strawberry.argument(description="The kind of act.")]
EventArgument = Annotated[strawberry.ID, strawberry.argument(description="The event's id.")]
GrantId = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
Ended = Annotated[bool, strawberry.argument(description="Also those that expired or were revoked.")]


async def why_allowed(
    info: Info,
    right: RightArgument,
    record: Annotated[
        strawberry.ID | None, strawberry.argument(description="On this event; without it at all.")
    ] = None,
    account: Annotated[
        AccountInput | None, strawberry.argument(description="Of another account; without it your own.")
    ] = None,
    purpose: Annotated[
        StatedPurpose | None, strawberry.argument(description="With an account: the purpose it would state.")
    ] = None,
) -> Explanation:
    """The decision about an act, rule by rule."""
    context = info.context
    act, rooms = context.act(), context.rooms
    standing = None if account is None else await standing_of(info, account)
    return await explain.why_allowed(
        rooms.access,
        rooms.audit,
        act,
        right=right,
        standing=standing,
        purpose=None if purpose is None else purpose.value,
        event=None if record is None else EventId(record),
    )


async def standing_of(info: Info, asked: AccountInput) -> Standing:
    """The account asked about with its grants; raises `GrantUnknown` without roles and without a key."""
    context = info.context
    act, store = context.act(), context.rooms.access
    await allow(context.rooms.audit, act, Right.ASK_WHY, subject=asked.name)
    if asked.roles is None:
        names = {asked.name, key_account(asked.name)}
        records = (record for record in await store.keys() if record.counts_at(act.now))
        account = next((record.account for record in records if record.account.name in names), None)
        if account is None:
            await context.rooms.audit.append(act.row("ask why", subject=asked.name, allowed=False))
            raise GrantUnknown(kind="key in use for an account")
    else:
        account = account_of(asked.name, asked.roles, asked, Words())
    return Standing(account, await queries.grants_of(store, account.name, since=act.now))


def account_of(name: str, roles: Sequence[Role], asked: AccountInput | KeyInput, words: Words) -> Account:
    """The account that the input tells of; malformed identifiers are faults and left out: they bring nothing."""
    entities = every_or("entities", asked.entities, EntityId, words)
    return Account(
        name=name,
        roles=tuple(sorted(role.value for role in roles)),
        entities=entities,
        countries=every_or("countries", asked.countries, Notation, words),
        tiers=frozenset(asked.tiers),
        purposes=frozenset(asked.purposes),
        needs_grants=asked.needs_grants,
        agency=next(iter(entities)) if entities is not None and len(entities) == 1 else None,
    )


def every_or(field: str, names: Sequence[str], kind: Callable[[str], Named], words: Words) -> frozenset[Named] | None:
    """None for ``*`` alone, else the names as identifiers."""
    return None if list(names) == [EVERY] else frozenset(words.identifiers(field, names, kind))


# --- grants and openings -----------------------------------------------------------------------------------


class GrantState(StrEnum):
    """Where a grant or opening stands."""

    WAITING = "waiting for a second person"
    OPEN = "gives access"
    REVOKED = "revoked"
    EXPIRED = "expired"


strawberry.enum(GrantState, name="GrantState", description="Where a grant or opening stands now.")


def grant_state(root: strawberry.Parent[Grant], info: Info) -> GrantState:
    """The state at this request's moment."""
    now = info.context.circumstances.at
    if root.revoked_at is not None:
        return GrantState.REVOKED
    if now >= root.expires:
        return GrantState.EXPIRED
    return GrantState.OPEN if root.counts_at(now) else GrantState.WAITING


@strawberry.type(description="One event for one account, until a moment.")
class CaseGrant:
    """`Grant` of kind case."""

    id: strawberry.ID = told("id", "Its id.")
    account: str = told("account", "Who may see the event, if the rest of their scope lets them.")
    event: strawberry.ID = told("event", "The event's id, as it was given.")
    given_by: str = told("given_by", "Who gave it.")
    given_at: Instant = told("given_at", "When.")
    expires: Instant = told("expires", "Until when it counts.")
    revoked_at: Instant | None = told("revoked_at", "When it was ended before its time.")
    state: GrantState = computed(grant_state, "Where it stands now.")


@strawberry.type(description="An event shown out of scope, for some hours, once a second person approved it.")
class EmergencyOpening:
    """`Grant` of kind opening."""

    id: strawberry.ID = told("id", "Its id.")
    account: str = told("account", "Who asked, and to whom the event opens.")
    event: strawberry.ID = told("event", "The event's id, as it was given.")
    reason: str = told("reason", "Why, by a code of the list.")
    asked_at: Instant = told("given_at", "When it was asked for; its time runs from then.")
    expires: Instant = told("expires", "When it ends.")
    approved_by: str | None = told("approved_by", "The second person.")
    approved_at: Instant | None = told("approved_at", "When they approved.")
    revoked_at: Instant | None = told("revoked_at", "When it was ended before its time.")
    state: GrantState = computed(grant_state, "Where it stands now.")


@dataclass(frozen=True, slots=True)
class GrantOutcome:
    """A grant after an act, or what is wrong with the words."""

    grant: Grant | None = None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="A case grant after an act, or what is wrong with what you sent.")
class CaseGrantPayload:
    """`GrantOutcome`."""

    grant: CaseGrant | None = told("grant", "The grant as it is now; null with faults.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was done then.")


@strawberry.type(description="An emergency opening after an act, or what is wrong with what you sent.")
class OpeningPayload:
    """`GrantOutcome`."""

    opening: EmergencyOpening | None = told("grant", "The opening as it is now; null with faults.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was done then.")


async def case_grants(
    info: Info,
    account: Annotated[str | None, strawberry.argument(description="Of this account; your own need no right.")] = None,
    event: Annotated[strawberry.ID | None, strawberry.argument(description="For this event.")] = None,
    ended: Ended = False,
) -> Sequence[Grant]:
    """Case grants, newest first."""
    context = info.context
    return await queries.case_grants(
        context.rooms.access,
        context.rooms.audit,
        context.act(),
        account=account,
        event=None if event is None else EventId(event),
        ended=ended,
    )


async def openings(info: Info, ended: Ended = False) -> Sequence[Grant]:
    """Emergency openings, newest first."""
    context = info.context
    return await queries.openings(context.rooms.access, context.rooms.audit, context.act(), ended=ended)


async def grant_case(
    info: Info,
    account: Annotated[str, strawberry.argument(description="The account, as audit rows name it.")],
    event: EventArgument,
    days: Annotated[int, strawberry.argument(description="Days until it ends, 1 to 366.")] = 30,
) -> GrantOutcome:
    """Add one event to those an account may see."""
    context, words = info.context, Words()
    act, audit = context.act(), context.rooms.audit
    await allow(audit, act, Right.GRANT_CASES, subject=account)
    name = words.name("account", account)
    record = words.identifier("event", event, EventId)
    life = words.within("days", days, 1, LONGEST_GRANT // DAY) * DAY
    if words.faults or record is None:
        return GrantOutcome(faults=words.faults)
    made = await actions.grant_case(
        context.rooms.access, audit, act, grant_id=fresh_id(16), account=name, event=record, life=life
    )
    return GrantOutcome(made)


async def revoke_grant(info: Info, id: GrantId) -> GrantOutcome:
    """End a case grant before its time."""
    return await changed(info, actions.revoke_grant, id)


async def ask_opening(
    info: Info,
    event: EventArgument,
    reason: Annotated[str, strawberry.argument(description=f"Why: {', '.join(REASONS)}.")],
    hours: Annotated[int, strawberry.argument(description="For how long, 1 to 4.")] = 1,
) -> GrantOutcome:
    """Ask to see one event out of scope."""
    context, words = info.context, Words()
    act, audit = context.act(), context.rooms.audit
    await allow(audit, act, Right.OPEN_IN_EMERGENCY)
    record = words.identifier("event", event, EventId)
    why = words.one_of("reason", reason, REASONS)
    life = words.within("hours", hours, 1, LONGEST_OPENING // HOUR) * HOUR
    if words.faults or record is None:
        return GrantOutcome(faults=words.faults)
    asked = await actions.ask_opening(
        context.rooms.access, audit, act, grant_id=fresh_id(16), event=record, life=life, reason=why
    )
    return GrantOutcome(asked)


async def approve_opening(info: Info, id: GrantId) -> GrantOutcome:
    """Open what somebody else asked for."""
    return await changed(info, actions.approve_opening, id)


async def revoke_opening(info: Info, id: GrantId) -> GrantOutcome:
    """End an opening, or its asking."""
    return await changed(info, actions.revoke_opening, id)


async def changed(info: Info, change: GrantChange, id: str) -> GrantOutcome:
    """A case grant or an opening after a change."""
    context = info.context
    return GrantOutcome(await change(context.rooms.access, context.rooms.audit, context.act(), words_id(id)))


# --- keys --------------------------------------------------------------------------------------------------


def key_roles(root: strawberry.Parent[KeyRecord]) -> list[str]:
    """Its roles."""
    return list(root.account.roles)


def key_state(root: strawberry.Parent[KeyRecord], info: Info) -> GrantState:
    """The state at this request's moment."""
    if root.revoked_at is not None:
        return GrantState.REVOKED
    return GrantState.OPEN if root.counts_at(info.context.circumstances.at) else GrantState.EXPIRED


def key_scope(root: strawberry.Parent[KeyRecord]) -> tuple[Condition, ...]:
    """What its account may see."""
    actor = Standing(root.account).actor(now=root.created_at, purpose=None)
    purposes = Condition("purposes", explain.listed(root.account.purposes))
    told_of = [each for each in explain.conditions_of(actor, None, None) if each.rule != "purpose"]
    return (*told_of, purposes)


@strawberry.type(description="An API key as it is kept: never its secret.")
class ApiKey:
    """`KeyRecord`."""

    id: strawberry.ID = told("id", "Its id: what stands before the dot.")
    account: str = told("account.name", "The account it stands for.")
    roles: list[str] = computed(key_roles, "Its roles.")
    scope: list[ConditionTold] = computed(key_scope, "What its account may do and see, rule by rule.")
    created_by: str = told("created_by", "Who made it.")
    created_at: Instant = told("created_at", "When.")
    expires: Instant = told("expires", "When it ends.")
    last_used: Instant | None = told("last_used", "When it was last used, to the hour.")
    revoked_at: Instant | None = told("revoked_at", "When it was ended before its time.")
    state: GrantState = computed(key_state, "Where it stands now.")


@strawberry.input(description="What a new key may do and see; what is not said it may not.")
class KeyInput:
    """A key to be made."""

    name: str = strawberry.field(description="Its name; its account is called key:NAME.")
    roles: list[Role] = strawberry.field(description="Its roles.")
    only: list[Right] | None = strawberry.field(
        default=None, description="Of what the roles bring, these rights alone."
    )
    entities: list[str] = strawberry.field(
        default_factory=list, description="Reporting entities whose records it works with; * alone for all."
    )
    countries: list[str] = strawberry.field(
        default_factory=list, description="Countries of the records; * alone for all."
    )
    tiers: list[Sensitivity] = strawberry.field(default_factory=list, description="Sensitive records it may see.")
    purposes: list[StatedPurpose] = strawberry.field(default_factory=list, description="What it may act for.")
    needs_grants: bool = strawberry.field(default=True, description="Whether it sees granted cases only.")
    days: int = strawberry.field(default=90, description="Days until it ends, 1 to 366.")


@dataclass(frozen=True, slots=True)
class KeyOutcome:
    """A key after an act; its text only when it was made just now."""

    key: KeyRecord | None = None
    text: str | None = None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="A key after an act, or what is wrong with what you sent.")
class KeyPayload:
    """`KeyOutcome`."""

    key: ApiKey | None = told("key", "The key as it is kept; null with faults.")
    text: str | None = told("text", "What its holder sends, shown this once; null but for a key made just now.")
    faults: list[ArgumentFault] = told("faults", "What is wrong, field by field; nothing was done then.")


async def api_keys(info: Info) -> Sequence[KeyRecord]:
    """Every key, newest first."""
    context = info.context
    return await queries.keys(context.rooms.access, context.rooms.audit, context.act())


async def create_key(
    info: Info, key: Annotated[KeyInput, strawberry.argument(description="What it may do and see.")]
) -> KeyOutcome:
    """Make a key."""
    context, words = info.context, Words()
    act, audit, pepper = context.act(), context.rooms.audit, context.secrets.pepper
    await allow(audit, act, Right.MANAGE_KEYS, subject=key.name)
    if pepper is None:
        raise SecretMissing(secret="The pepper", bytes=32, reason="none is set", setting="ICTIP_PEPPER_FILE")  # noqa: S106
    account = account_of(words.name("key.name", key.name), key.roles, key, words)
    if not key.roles:
        words.one_of("key.roles", "", [role.value for role in Role])
    life = words.within("key.days", key.days, 1, LONGEST_LIFE // DAY) * DAY
    if words.faults:
        return KeyOutcome(faults=words.faults)
    if key.only is not None:
        account = replace(account, only=frozenset(key.only))
    random = secrets.token_bytes(ID_BYTES + SECRET_BYTES)
    record, text = await actions.create_key(
        context.rooms.access, audit, act, account=account, life=life, random=random, pepper=pepper
    )
    return KeyOutcome(record, text)


async def revoke_key(info: Info, id: GrantId) -> KeyOutcome:
    """End a key at once."""
    context = info.context
    store, key_id = context.rooms.access, words_id(id)
    await actions.revoke_key(store, context.rooms.audit, context.act(), key_id)
    return KeyOutcome(await store.key(key_id))


def words_id(text: str) -> str:
    """An id as somebody typed it, cut to what ids can be: the rest of it matches nothing anyway."""
    return text[:64]
