"""Questions that somebody keeps by name and shares: values, who sees one, and what may be done to it.

Lives here: the value, its rules, and each act with its audit row. Elsewhere: asking (``questions``), keeping
(``saved_ports``).

A saved query holds what was asked, never an answer: whoever runs it asks anew, with rights and scope of their own. So
sharing one gives nobody a record; a start outside the runner's scope is not found, as it would be if they asked for it
themselves. Whoever it is shared with is not told its start and ids either, for these may lie outside their scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from registry.access.actions import Act, allow
from registry.access.actor import Actor, Right
from registry.access.audit import AuditRow
from registry.access.policy import require
from registry.access.ports import Audit
from registry.cases.ports import Codebook
from registry.errors import ArgumentsConflicting, NotAllowed, SavedQueriesFull, SavedQueryUnknown, SavedQueryUnreadable
from registry.identifiers import EntityId
from registry.network.pattern_queries import PatternQuestion
from registry.network.questions import AnyQuestion

MAX_NAME: Final = 100
MAX_SAVED: Final = 200
"""Saved queries of one account."""
MAX_ACCOUNTS: Final = 50
"""Accounts that one query is shared with by name."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What was kept of a question, where this version cannot read it: another one kept it."""

    text: str


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One question by name. ``agency`` is the owner's, and all in it see the query where it is shared so."""

    id: str
    name: str
    owner: str
    agency: EntityId | None
    kept: AnyQuestion | Unread
    with_agency: bool = False
    with_accounts: frozenset[str] = frozenset()
    created_at: int = 0
    changed_at: int = 0

    @property
    def question(self) -> AnyQuestion:
        """What is asked; raises `SavedQueryUnreadable`."""
        if isinstance(self.kept, Unread):
            raise SavedQueryUnreadable(id=self.id)
        return self.kept


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom a query is shared: all of the owner's agency, and accounts by name."""

    agency: bool = False
    accounts: frozenset[str] = frozenset()


class SavedStore(Protocol):
    """Where saved queries are kept. Each change is one transaction with its audit row."""

    async def saved(self, *, owner: str, agency: EntityId | None) -> Sequence[SavedQuery]:
        """Those of this owner, those shared with them by name, and those shared with this agency; by name, then id."""

    async def add_saved(self, query: SavedQuery, *, most: int, audit: AuditRow) -> bool:
        """Keep a new one; False where its owner has ``most`` already, and then nothing is kept."""

    async def change_saved(self, query: SavedQuery, *, audit: AuditRow) -> bool:
        """Keep it as it is now; False when its owner has no such query any more."""

    async def delete_saved(self, id_: str, *, owner: str, audit: AuditRow) -> bool:
        """Forget it; False when its owner has no such query."""


async def saved_queries(store: SavedStore, *, actor: Actor) -> tuple[SavedQuery, ...]:
    """What the actor saved and what is shared with them, by name."""
    require(actor, Right.EXPLORE_NETWORK)
    return tuple(await store.saved(owner=actor.name, agency=actor.agency))


async def saved_query(store: SavedStore, id_: str, *, actor: Actor) -> SavedQuery:
    """The query of that id, if the actor may run it; raises `SavedQueryUnknown`."""
    for each in await saved_queries(store, actor=actor):
        if each.id == id_:
            return each
    raise SavedQueryUnknown()


async def save_query(
    store: SavedStore,
    codebook: Codebook,
    audit: Audit,
    act: Act,
    *,
    id_: str,
    name: str,
    question: AnyQuestion,
    sharing: Sharing,
) -> SavedQuery:
    """Keep a question whose bounds hold.

    Raises `NotAllowed`, `PurposeMissing`, `ArgumentsConflicting`, `ArgumentOutOfRange`, `CodeUnknown`,
    `SavedQueriesFull`.
    """
    await allow(audit, act, Right.EXPLORE_NETWORK)
    actor = act.actor
    question.check(codebook, actor=actor)
    if isinstance(question, PatternQuestion) and question.after is not None:
        raise ArgumentsConflicting(arguments="after", rule="a saved question begins with its first page")
    _check(name, sharing, actor)
    made = SavedQuery(
        id=id_,
        name=name.strip(),
        owner=actor.name,
        agency=actor.agency,
        kept=question,
        with_agency=sharing.agency,
        with_accounts=sharing.accounts,
        created_at=act.now,
        changed_at=act.now,
    )
    if not await store.add_saved(made, most=MAX_SAVED, audit=act.row("save query", subject=id_)):
        raise SavedQueriesFull(limit=MAX_SAVED)
    return made


async def change_query(
    store: SavedStore, audit: Audit, act: Act, id_: str, *, name: str | None = None, sharing: Sharing | None = None
) -> SavedQuery:
    """Rename a query of one's own, or share it otherwise; what is None stays.

    Raises `NotAllowed`, `PurposeMissing`, `ArgumentsConflicting`, `SavedQueryUnknown`.
    """
    found = await _own(store, audit, act, id_)
    shared = sharing or Sharing(found.with_agency, found.with_accounts)
    _check(found.name if name is None else name, shared, act.actor)
    changed = replace(
        found,
        name=found.name if name is None else name.strip(),
        with_agency=shared.agency,
        with_accounts=shared.accounts,
        agency=act.actor.agency,
        changed_at=act.now,
    )
    if not await store.change_saved(changed, audit=act.row("change saved query", subject=id_)):
        raise SavedQueryUnknown()
    return changed


async def delete_query(store: SavedStore, audit: Audit, act: Act, id_: str) -> None:
    """Forget a query of one's own. Raises `NotAllowed`, `PurposeMissing`, `SavedQueryUnknown`."""
    await _own(store, audit, act, id_)
    if not await store.delete_saved(id_, owner=act.actor.name, audit=act.row("delete saved query", subject=id_)):
        raise SavedQueryUnknown()


async def _own(store: SavedStore, audit: Audit, act: Act, id_: str) -> SavedQuery:
    """The actor's own query; one that is only shared with them may not be changed."""
    await allow(audit, act, Right.EXPLORE_NETWORK)
    found = await saved_query(store, id_, actor=act.actor)
    if found.owner != act.actor.name:
        await audit.append(act.row("change saved query", subject=id_, allowed=False))
        raise NotAllowed(actor=act.actor.name, right="change a saved query of another account")
    return found


def _check(name: str, sharing: Sharing, actor: Actor) -> None:
    if not 1 <= len(name.strip()) <= MAX_NAME or not name.isprintable():
        raise ArgumentsConflicting(arguments="name", rule=f"it has 1 to {MAX_NAME} letters on one line")
    if len(sharing.accounts) > MAX_ACCOUNTS or any(not each or len(each) > 200 for each in sharing.accounts):
        raise ArgumentsConflicting(arguments="accounts", rule=f"name at most {MAX_ACCOUNTS} accounts")
    if sharing.agency and actor.agency is None:
        raise ArgumentsConflicting(arguments="agency", rule="your account works for no single agency")
