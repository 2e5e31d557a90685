"""The one kind of sensitivity that no value tells: that an event's record comes from, or names, an informant.

Lives here: who may mark an event so, and take the mark away. Elsewhere: kinds that values tell
(``registry.cases.sensitivity``), what the mark hides (``scope``), keeping it (``exchange_ports``).

The agency that holds the event marks it. Whoever is not cleared for informants sees it no more from then on, the
marker included; so only who is cleared takes the mark away. A delivery or a re-coding of the record leaves it.
"""

from __future__ import annotations

from registry.access.actions import Act
from registry.access.actor import Right
from registry.access.exchange_ports import ExchangeStore
from registry.access.ports import Audit
from registry.access.referral import allow_exchange
from registry.errors import RecordUnknown
from registry.identifiers import EventId

MARK = "mark informant"
UNMARK = "take informant's mark away"


async def mark_informant(
    store: ExchangeStore, audit: Audit, act: Act, *, event: EventId, is_informant: bool = True
) -> None:
    """Mark an event that one's agency holds, or take its mark away; to do it again changes nothing.

    Raises `NotAllowed`, `PurposeMissing`, `AgencyNotNamed`, and `RecordUnknown` alike for an event that is not there,
    one out of scope, and one that another agency holds.
    """
    agency = await allow_exchange(audit, act, Right.REFER_CASES)
    name = MARK if is_informant else UNMARK
    row = act.row(name, records=[event])
    try:
        await store.mark_informant(event, is_informant, agency=agency, scope=act.actor.scope, audit=row)
    except RecordUnknown:
        await audit.append(act.row(name, records=[event], allowed=False))
        raise
