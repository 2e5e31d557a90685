"""GraphQL subscriptions: every root field that is answered again for each thing that happens.

A subscription field is an ordinary resolver, asked once for each happening of its kind, with that happening in
``info.context.happening`` and everything else as for a query of that moment: actor, scope, catalogue, notes. It gives
what to tell, or None where the happening is none of the caller's; then nothing at all is sent. `follows` declares it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import strawberry

from graphql_api.schema import saved
from graphql_api.schema.classification import Info
from graphql_api.schema.reading import told
from graphql_api.schema.saved import NewLinks
from graphql_api.schema.scalars import Instant, SchemeName, VersionText
from registry.access.actor import Right
from registry.classification.queries import ToldVersion, told_version
from registry.errors import StreamNeeded
from registry.outbox.model import NETWORK_CHANGED, VERSION_RELEASED

FOLLOWED: Final = "followed"
"""Under this key a field's metadata holds its `Followed`."""
AFTER: Final = "after"
"""The argument that every subscription field has: the cursor of the last event a caller has seen."""

After = Annotated[
    str | None,
    strawberry.argument(
        description="What happened after this cursor, then what comes; the empty text is before everything, null is "
        "now. A `Last-Event-ID` header comes first."
    ),
]


async def anything_goes(_info: Info, **_arguments: object) -> None:
    """For what can be followed whatever is asked."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription field follows: the kind of happening, the right it takes, and the records an answer names."""

    kind: str
    right: Right
    records: Callable[[Any], Iterable[str]]
    """Ids of the records in what is told: they are in the audit before it leaves."""
    check: Callable[..., Awaitable[None]] = anything_goes
    """Asked once with the field's arguments, before anything is waited for; raises where there is nothing to follow."""


def follows(
    resolver: Callable[..., object],
    description: str,
    *,
    kind: str,
    right: Right,
    records: Callable[[Any], Iterable[str]],
    check: Callable[..., Awaitable[None]] = anything_goes,
) -> Any:
    """A subscription field; the resolver takes ``after`` and may leave it alone: the stream begins there."""
    return strawberry.field(
        resolver=resolver, description=description, metadata={FOLLOWED: Followed(kind, right, records, check)}
    )


def no_records(_value: Any) -> tuple[str, ...]:
    """For what names no case record."""
    return ()


@strawberry.type(description="A version or edition of a scheme that came into the registry.")
class VersionRelease:
    """`ToldVersion`."""

    scheme: SchemeName = told("version.scheme", "The scheme.")
    version: VersionText = told("version.tag", "The version's tag.")
    digest: str = told("version.content.digest", "SHA-256 of its canonical N-Triples.")
    revision: int = told("happening.place.position", "The registry revision that brought it.")
    at: Instant = told("happening.at", "When.")
    cursor: str = told("happening.cursor", "Where it stands among releases: give it as `after` to go on from here.")


def version_released(
    info: Info,
    schemes: Annotated[
        list[SchemeName] | None, strawberry.argument(description="These schemes' versions alone; null says all.")
    ] = None,
    after: After = None,
) -> ToldVersion | None:
    """The version that was released."""
    context = info.context
    if context.happening is None:
        raise StreamNeeded()
    return told_version(context.catalogue, context.happening, schemes or (), actor=context.actor)


@strawberry.type(description="What can be followed, as a stream of events (`Accept: text/event-stream`).")
class Subscription:
    """The root fields of subscriptions."""

    version_released: VersionRelease | None = follows(
        version_released,
        "Each version that comes into the registry, at most a few seconds later; an event is sent for each.",
        kind=VERSION_RELEASED,
        right=Right.READ_REGISTRY,
        records=no_records,
    )
    new_links: NewLinks | None = follows(
        saved.new_links,
        "Links that deliveries tell for the first time within two hops of a saved query's start, or one where one was "
        "saved; nothing is sent for others.",
        kind=NETWORK_CHANGED,
        right=Right.EXPLORE_NETWORK,
        records=saved.told_records,
        check=saved.must_be_followable,
    )
