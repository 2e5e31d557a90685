"""The end of a released version's time: superseded by what comes after, or withdrawn. It answers for ever all the same.

Lives here: what is recorded, and the standing that follows. Elsewhere: the act (``retirement_actions``), keeping it
(``draft_ports``), who answers without being named (``catalogue``).

A release's text never changes, so its end is a record beside it, with a registry revision of its own: whoever asks how
things stood before that revision is told that the version still held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry.classification.model import Decision, ReleaseStatus
from registry.identifiers import SchemeId, VersionTag


@dataclass(frozen=True, slots=True)
class Retirement:
    """A version (all its editions, unless the tag names one) does not hold any more.

    ``successors`` are keys of what to use instead (``units/1.1``), of whatever scheme.
    """

    scheme: SchemeId
    version: VersionTag
    to: ReleaseStatus
    """Superseded or withdrawn."""
    successors: tuple[str, ...]
    reason: str
    actor: str
    at: datetime
    decisions: tuple[Decision, ...] = ()
    revision: int = 0
    """The registry's, that it brought."""

    def ends(self, tag: VersionTag) -> bool:
        """Whether it is about the release of that tag: an edition's own, or all of a version."""
        return tag == self.version or tag.version == self.version


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a released version stands, and the keys of what to use instead."""

    status: ReleaseStatus
    successors: tuple[str, ...] = ()
    retirement: Retirement | None = None


RELEASED: Final = Standing(ReleaseStatus.RELEASED)
"""Nothing has come after it."""


def standings(
    scheme: SchemeId, tags: Sequence[VersionTag], retirements: Iterable[Retirement]
) -> Mapping[VersionTag, Standing]:
    """Where each version of a scheme stands: as recorded, else superseded by the newest that was not withdrawn.

    ``tags`` rise; retirements of other schemes are passed over, of two of one release the later counts.
    """
    recorded: dict[VersionTag, Retirement] = {}
    for each in sorted(retirements, key=lambda retirement: retirement.revision):
        if each.scheme == scheme:
            recorded.update({tag: each for tag in tags if each.ends(tag)})
    found: dict[VersionTag, Standing] = {}
    newest: VersionTag | None = None
    for tag in reversed(tags):
        end = recorded.get(tag)
        later = (f"{scheme}/{newest}",) if newest is not None else ()
        if end is not None:
            found[tag] = Standing(end.to, end.successors or later, end)
        else:
            found[tag] = Standing(ReleaseStatus.SUPERSEDED if later else ReleaseStatus.RELEASED, later)
        if end is None or end.to is not ReleaseStatus.WITHDRAWN:
            newest = newest or tag
    return found
