"""What an actor may do. Pure: the same question gets the same decision, with its reasons.

Every query and action of a room asks here first. Records outside an actor's scope are not refused but absent
(scope stands inside the queries); what is refused here is a kind of act.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.access.actor import Actor, Right
from registry.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the rules that said so, in the order they were asked."""

    allowed: bool
    reasons: tuple[str, ...]


def may(actor: Actor, right: Right) -> Decision:
    """Whether the actor may act so at all. Deny by default."""
    if right in actor.rights:
        return Decision(True, (f"{actor.name} holds the right to {right.value}",))
    return Decision(False, (f"{actor.name} does not hold the right to {right.value}",))


def require(actor: Actor, right: Right) -> None:
    """Return when the actor may; raise `NotAllowed` otherwise."""
    if not may(actor, right).allowed:
        raise NotAllowed(actor=actor.name, right=right.value)
