"""Ending a released version's time: the act, with its audit entry.

Lives here: `retire_version`. Elsewhere: what is recorded (``retirement``), the transaction (``draft_ports``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.draft_actions import Stamp, Stores, act_entry, check_text
from registry.classification.lifecycle import Stage, right_to_move
from registry.classification.model import Binding, Decision, ReleaseStatus
from registry.classification.ports import Listing, ReleaseKind, ReleaseStore
from registry.classification.retirement import Retirement, Standing, standings
from registry.errors import MoveRefused, RetirementRefused, VersionUnknown
from registry.identifiers import NAMESPACE, SchemeId, VersionTag

STAGE_OF: Final = {
    ReleaseStatus.RELEASED: Stage.RELEASED,
    ReleaseStatus.SUPERSEDED: Stage.SUPERSEDED,
    ReleaseStatus.WITHDRAWN: Stage.WITHDRAWN,
}


async def retire_version(
    stores: Stores,
    scheme: SchemeId,
    tag: VersionTag,
    to: ReleaseStatus,
    *,
    successors: Sequence[str] = (),
    reason: str,
    decisions: Sequence[Decision] = (),
    actor: Actor,
    stamp: Stamp,
) -> Retirement:
    """The version superseded or withdrawn from now on, in one transaction with all that tells of it.

    Its text, its URIs and its codes answer for ever, with their status and successors; a withdrawn version answers only
    who names it. ``successors`` are keys or URIs of released versions (``units/1.1``).

    `VersionUnknown`; `MoveRefused` when no such move leads from where it stands; `RetirementRefused` when a successor
    is not there or withdrawn itself, or when a variable takes its codes from a version to be withdrawn.
    """
    policy.require(actor, Right.RELEASE_VOCABULARY)
    check_text("reason", reason)
    listing = await stores.releases.listing()
    standing = stands(listing, scheme, tag)
    if standing.retirement is not None and standing.retirement.to is to:
        raise MoveRefused(stage=STAGE_OF[to], to=STAGE_OF[to], allowed="another stage")
    if standing.status is not to:  # what the next release superseded may still be told to be so by another
        right_to_move(STAGE_OF[standing.status], STAGE_OF[to])
    keys = tuple(key.removeprefix(f"{NAMESPACE}/") for key in successors)
    require_successors(listing, f"{scheme}/{tag}", keys)
    if to is ReleaseStatus.WITHDRAWN:
        await require_unbound(stores.releases, listing, scheme, tag)
    retirement = Retirement(scheme, tag, to, keys, reason, actor.name, stamp.at, tuple(decisions))
    facts = {"to": to.value, "successors": ", ".join(keys), "reason": reason}
    audit = act_entry(stamp, actor, "retire version", f"version {tag} of {scheme}", facts)
    return await stores.drafts.retire(retirement, audit, expected=listing.revision)


def stands(listing: Listing, scheme: SchemeId, tag: VersionTag) -> Standing:
    """Where a release stands; a version stands as its newest edition does. `VersionUnknown`."""
    tags = scheme_tags(listing, scheme)
    meant = [each for each in tags if each == tag or each.version == tag]
    if not meant:
        raise VersionUnknown(scheme=scheme, version=tag, available=", ".join(tags) or "none")
    return standings(scheme, tags, listing.retirements)[meant[-1]]


def scheme_tags(listing: Listing, scheme: SchemeId) -> list[VersionTag]:
    """The tags of a scheme's versions and editions, rising."""
    keys = [record.key for record in listing.records if record.kind is ReleaseKind.SCHEME_VERSION]
    tags = [VersionTag(key.removeprefix(f"{scheme}/")) for key in keys if key.startswith(f"{scheme}/")]
    return sorted(tags, key=lambda tag: tag.numbers)


def require_successors(listing: Listing, retired: str, successors: Sequence[str]) -> None:
    """Raise `RetirementRefused` unless each is a released version that holds, and another."""
    known = {record.key for record in listing.records if record.kind is ReleaseKind.SCHEME_VERSION}
    for key in successors:
        if key not in known:
            raise RetirementRefused(release=retired, rule=f"{key} is not released, and cannot succeed it")
        scheme, _, tag = key.partition("/")
        if key == retired or stands(listing, SchemeId(scheme), VersionTag(tag)).status is ReleaseStatus.WITHDRAWN:
            raise RetirementRefused(release=retired, rule=f"{key} is withdrawn, and cannot succeed it")


async def require_unbound(store: ReleaseStore, listing: Listing, scheme: SchemeId, tag: VersionTag) -> None:
    """Raise `RetirementRefused` when the newest binding of a variable ties it to the version."""
    records = [record for record in listing.records if record.kind is ReleaseKind.BINDING]
    newest: dict[tuple[str, str], Binding] = {}
    bindings = [each for each in await store.read(records) if isinstance(each, Binding)]
    for each in sorted(bindings, key=lambda binding: binding.valid_from):
        newest[each.variable_scheme, each.variable] = each
    bound = sorted(
        each.variable
        for each in newest.values()
        if each.list_scheme == scheme and each.list_version == tag and each.valid_to is None
    )
    if bound:
        rule = f"{', '.join(bound)} take their codes from it; bind them to another list first"
        raise RetirementRefused(release=f"{scheme}/{tag}", rule=rule)
