"""What happened, as the outbox tells it, and where in the outbox that stands.

A happening is written in the transaction of the change it tells of, so that none is told that did not take place, and
none is lost. Each kind has positions of its own that only rise: a registry revision, or an instant, never a count of
records, because a gap in a count would tell of records that the reader may not see.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from registry.errors import CursorForeign

VERSION_RELEASED: Final = "version released"
"""A version or edition of a scheme came into the registry. Its position is the registry's revision, its subject the
release's key."""
VERSION_RETIRED: Final = "version retired"
"""A version was superseded or withdrawn by an act. Its position is the registry's revision, its subject the version's
key."""
NETWORK_CHANGED: Final = "network changed"
"""A delivery added or changed records. Its position is the instant, its subject the chunk that first told its links."""
LONGEST_CURSOR: Final = 500
"""Characters: far above the longest key of anything told here."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place among the happenings of one kind: position, then key. What one transaction wrote shares a position."""

    position: int
    key: str = ""

    def cursor(self, kind: str) -> str:
        """The place as text, opaque, good in a header: `place_of` reads it."""
        text = f"{kind}\n{self.position}\n{self.key}"
        return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


START: Final = Place(-1)
"""Before the first happening of any kind."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. ``subject`` names what it is about; ``at`` is in microseconds since 1970 (UTC)."""

    kind: str
    place: Place
    subject: str
    at: int

    @property
    def cursor(self) -> str:
        """Its place, to go on from."""
        return self.place.cursor(self.kind)


def place_of(cursor: str, *, kind: str, argument: str) -> Place:
    """The place that a cursor names, the start for an empty one; `CursorForeign` where it is none of that kind."""
    if not cursor:
        return START
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        named, position, key = text.split("\n", 2)
        place = Place(int(position), key)
        if named == kind and place.cursor(kind) == cursor and -1 <= place.position < 2**63:
            return place
    except (ValueError, binascii.Error):
        pass
    raise CursorForeign(argument=argument)
