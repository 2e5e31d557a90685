"""What an actor may do. Pure: the same question gets the same decision, with its reasons.

Every query and action of a room asks here first. Records outside an actor's scope are not refused but absent
(scope stands inside the queries: ``scope``); what is refused here is a kind of act.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.access.actor import CASE_RIGHTS, Actor, Right
from registry.access.scope import Placed, conditions
from registry.errors import NotAllowed, PurposeMissing


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that was asked, whether it held, and its outcome in words."""

    rule: str
    held: bool
    said: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the rules that said so, in the order they were asked; the first not held decided."""

    allowed: bool
    reasons: tuple[Reason, ...]


def may(actor: Actor, right: Right, resource: Placed | None = None) -> Decision:
    """Whether the actor may act so, at all or on this record. Deny by default; every rule must hold."""
    reasons = [_right(actor, right)]
    if right in CASE_RIGHTS:
        reasons.append(_purpose(actor))
    if resource is not None:
        reasons += _record(actor, resource)
    return Decision(all(reason.held for reason in reasons), tuple(reasons))


def require(actor: Actor, right: Right) -> None:
    """Return when the actor may; raise `NotAllowed`, or `PurposeMissing` where only the purpose is wanting."""
    if right not in actor.rights:
        raise NotAllowed(actor=actor.name, right=right.value)
    if right in CASE_RIGHTS and actor.purpose is None:
        raise PurposeMissing(right=right.value)


def _right(actor: Actor, right: Right) -> Reason:
    held = right in actor.rights
    roles = ", ".join(actor.roles) or "no role"
    return Reason("right", held, f"{roles} {'brings' if held else 'does not bring'} the right to {right.value}")


def _purpose(actor: Actor) -> Reason:
    if actor.purpose is None:
        return Reason("purpose", False, "no purpose was stated that the account may act for")
    return Reason("purpose", True, f"stated for {actor.purpose.value}")


def _record(actor: Actor, resource: Placed) -> list[Reason]:
    """One reason a condition of the scope; an emergency opening stands in for all that do not hold."""
    opened = resource.event in actor.scope.opened
    reasons = []
    for rule, held in conditions(actor.scope, resource):
        said = "inside the scope" if held else "opened in an emergency" if opened else "outside the scope"
        reasons.append(Reason(rule, held or opened, said))
    return reasons
