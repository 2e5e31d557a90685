"""Categories in the making: frequent terms of the free texts given with residual codes (UN report, note d), protected.

Lives here: counting terms; pure. Elsewhere: the terms of one text (``terms``), texts within a scope (``ports``).

A term is told for one residual code, entity and period when at least k **cases** of these have it, k being the
threshold. Records that share a person are one case, so that no single victim, told of many times, carries a term over
the threshold. Counts are told in steps of k, cells never overlap, nothing is summed beside them (``disclosure``). The
texts themselves go to nobody by this way: who may read identified records reads them there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.cases.derivation import RESIDUAL
from registry.identifiers import EntityId, EventId, Notation
from registry.statistics.disclosure import stepped
from registry.statistics.terms import terms_of

RESIDUAL_FORMS: Final = tuple(sorted(RESIDUAL))
"""Units that a free text may go with."""
TERMS_TOLD: Final = 50
"""Terms of one code, entity and period: more than that is no longer looked at."""


@dataclass(frozen=True, slots=True)
class ResidualText:
    """The free text of one record, with what it is counted under, and the people of the record."""

    event: EventId
    code: Notation
    period: str
    entity: EntityId
    text: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmergingTerm:
    """A term and how many cases have it, of how many with a text: both rounded down to a multiple of the threshold."""

    code: Notation
    period: str
    entity: EntityId
    term: str
    cases: int
    of: int


def emerging_terms(texts: Iterable[ResidualText], threshold: int) -> tuple[EmergingTerm, ...]:
    """The terms that may be told: by code, period and entity, the most frequent first, then by letter."""
    cells: dict[tuple[Notation, str, EntityId], list[ResidualText]] = {}
    for each in texts:
        cells.setdefault((each.code, each.period, each.entity), []).append(each)
    return tuple(term for key in sorted(cells) for term in _cell_terms(key, cells[key], threshold))


def _cell_terms(
    key: tuple[Notation, str, EntityId], texts: Sequence[ResidualText], threshold: int
) -> list[EmergingTerm]:
    terms: dict[str, set[str]] = {}
    for text in texts:
        terms.setdefault(text.event, set()).update(terms_of(text.text))
    cases = cases_of(texts)
    told: dict[str, set[str]] = {}
    for event, found in terms.items():
        told.setdefault(cases[event], set()).update(found)
    counts = Counter(term for found in told.values() for term in found)
    of = stepped(len(told), threshold)
    shown = [(term, stepped(count, threshold)) for term, count in counts.items() if count >= threshold]
    shown.sort(key=lambda pair: (-pair[1], pair[0]))
    code, period, entity = key
    return [EmergingTerm(code, period, entity, term, count, of) for term, count in shown[:TERMS_TOLD]]


def cases_of(texts: Iterable[ResidualText]) -> Mapping[str, str]:
    """By event the name of its case: records that share a person, also by way of others, have the same."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    events = {f"e{each.event}": each for each in texts}
    for name, each in events.items():
        for person in each.people:
            one, other = sorted((find(name), find(f"p{person}")))
            leader[other] = one
    return {each.event: find(name) for name, each in events.items()}
