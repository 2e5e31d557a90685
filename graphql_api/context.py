"""What a request carries from its door to the rooms: who asks, what day it is, and where the rooms keep things.

Lives here: the values. Elsewhere: how the actor is believed (``authentication``), how stores are opened (``app``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.access.actor import Actor


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request's surroundings. ``today`` is what "in force now" is measured by, fixed for the whole answer."""

    actor: Actor
    request_id: str
    today: date
