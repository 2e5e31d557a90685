"""Signs that a revision is due: how much of what is recorded ends in residual codes, unknowns and unmapped local codes.

Lives here: what one record adds, and the shares made of the sums; pure. Elsewhere: the table the sums stand in
(``registry.storage.bolt.code_use``), what of them may be told (``disclosure``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registry.cases.code_use import EVENTS, Counts, Use
from registry.cases.derivation import MIXED, NOT_RECORDED, summarise_forms, unit_of
from registry.cases.model import FORM, EventRecord, Missing, Moment, StoredEvent, Value
from registry.cases.projection import year_of
from registry.identifiers import EntityId, Notation
from registry.statistics.disclosure import protected_share

LIST: Final = "#indicators"
"""Stands where a use of a code names its list: no scheme can be called so."""
UNDATED: Final = "undated"
_PARTS: Final = frozenset("123456")


class Indicator(StrEnum):
    """What is counted, in events; the first two are what the others are shares of."""

    EVENTS = "events"
    TOLD = "told"
    OTHER_CRIMINALITY = "form-5.5"
    OTHER_EXPLOITATION = "form-6.5"
    NOT_RECORDED = "form-7"
    BARE_MIXED = "form-8-bare"
    """8 delivered without the forms that were mixed."""
    FORM_MISSING = "form-missing"
    NOT_KNOWN = "not-known"
    UNMAPPED = "unmapped"
    """A local code that the mapping has no code for."""


BASES: Final = frozenset({Indicator.EVENTS, Indicator.TOLD})
_RESIDUAL: Final = {"5.5": Indicator.OTHER_CRIMINALITY, "6.5": Indicator.OTHER_EXPLOITATION}


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """How many events of one entity and period show an indicator; ``variable`` is `FORM` for those of forms."""

    period: str
    entity: EntityId
    variable: str
    indicator: Indicator
    events: int


@dataclass(frozen=True, slots=True)
class RevisionIndicator:
    """A share as it may be told: ``events`` is a multiple of the threshold, ``percent`` None where few are meant."""

    period: str
    entity: EntityId
    variable: str
    indicator: Indicator
    events: int
    percent: int | None


def indicator_uses(stored: StoredEvent) -> list[Use]:
    """What one record adds, each once, as if indicators and periods were codes."""
    period = period_of(stored.record)
    told = f"{Indicator.TOLD} {period}"
    found = {(FORM, f"{indicator} {period}") for indicator in form_indicators(stored.record)}
    for variable, value in values_told(stored.record):
        found.add((variable, told))
        if value.content is Missing.NOT_KNOWN:
            found.add((variable, f"{Indicator.UNMAPPED if value.unmapped else Indicator.NOT_KNOWN} {period}"))
    return [(LIST, variable, code, EVENTS) for variable, code in found]


def period_of(record: EventRecord) -> str:
    """The year the event was recorded in, the span of years where it is told as one, or `UNDATED`."""
    recorded = record.values.get(Notation("dat"))
    if recorded is None or not isinstance(recorded.content, Moment):
        return UNDATED
    return period_between(recorded.content.earliest, recorded.content.latest)


def period_between(earliest: int | None, latest: int | None) -> str:
    """The same of the two readings, in microseconds since 1970."""
    if earliest is None or latest is None:
        return UNDATED
    first, last = year_of(earliest), year_of(latest)
    return f"{first:04}" if first == last else f"{first:04}/{last:04}"


def form_indicators(record: EventRecord) -> set[Indicator]:
    """What the event's forms show."""
    told = {*record.forms, *(form for part in record.participations for form in part.forms)}
    found = {Indicator.EVENTS} | {_RESIDUAL[form] for form in told if form in _RESIDUAL}
    if not told:
        found.add(Indicator.FORM_MISSING)
    if NOT_RECORDED in summarise_forms(record).forms:
        found.add(Indicator.NOT_RECORDED)
    if MIXED in told and len({unit_of(form) for form in told} & _PARTS) < 2:
        found.add(Indicator.BARE_MIXED)
    return found


def values_told(record: EventRecord) -> Iterable[tuple[str, Value]]:
    """Every value as delivered, with its variable."""
    yield from ((variable, value) for variable, value in record.values.items() if not value.derived)
    for part in record.participations:
        yield from part.values.items()
    for decision in record.decisions:
        yield from decision.values.items()


def read_counts(counts: Counts) -> list[IndicatorCount]:
    """The inverse of what `indicator_uses` writes, with its sums."""
    found = []
    for (_, variable, code, entity), bearers in counts.items():
        indicator, _, period = code.partition(" ")
        found.append(IndicatorCount(period, entity, variable, Indicator(indicator), bearers[EVENTS]))
    return found


def shares_of(counts: Iterable[IndicatorCount], threshold: int) -> tuple[RevisionIndicator, ...]:
    """The shares that may be told, by period, entity, variable and indicator; where the base is few, nothing is."""
    sums: dict[tuple[str, EntityId, str], dict[Indicator, int]] = {}
    for each in counts:
        known = sums.setdefault((each.period, each.entity, each.variable), {})
        known[each.indicator] = known.get(each.indicator, 0) + each.events
    return tuple(found for key in sorted(sums) for found in _shares(key, sums[key], threshold))


def _shares(
    key: tuple[str, EntityId, str], counts: Mapping[Indicator, int], threshold: int
) -> Iterable[RevisionIndicator]:
    base = counts.get(Indicator.EVENTS if key[2] == FORM else Indicator.TOLD, 0)
    for indicator in Indicator:
        is_formal = indicator not in (Indicator.NOT_KNOWN, Indicator.UNMAPPED)
        if indicator in BASES or is_formal != (key[2] == FORM):
            continue
        share = protected_share(counts.get(indicator, 0), base, threshold)
        if share is not None:
            yield RevisionIndicator(*key, indicator, share.base, share.percent)
