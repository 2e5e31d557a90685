"""What the records of a delivery hold, counted as they pass; memory does not grow with the file.

Lives here: the counting. The rules (DOMAIN 2 and 6): a group is nobody, so no victim and no perpetrator of the counts;
a victim counts once under each form recorded, and under 8 where several units are told, so that rows by form need not
add up to the total; a victim of an event whose only forms are the event's counts under those when alone in it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Final

import numpy as np

from registry.cases.derivation import MIXED, summarise_forms
from registry.cases.model import Codes, EventRecord, Missing, Participation, Role, Values
from registry.identifiers import Notation
from registry.intake.model import BatchCounts

COE, SVX, STV, CIV = (Notation(code) for code in ("coe", "svx", "stv", "civ"))
NONE: Final = "none"
"""Where nothing is told; a missing state counts under its own code."""
SEVERAL: Final = "several"
"""Where a value is a set of codes."""
PEOPLE_TOLD_APART: Final = 1_000_000
"""Participations whose people are told apart, at 8 bytes each; beyond them persons are not counted, only parts."""


class Counting:
    """Adds records up."""

    def __init__(self) -> None:
        self._totals: Counter[str] = Counter()
        self._people = array("Q")
        self._forms: Counter[str] = Counter()
        self._sexes: Counter[str] = Counter()
        self._age_statuses: Counter[str] = Counter()
        self._citizenships: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._entities: Counter[str] = Counter()

    def add(self, record: EventRecord) -> None:
        """Count one event and those who took part."""
        totals = self._totals
        totals["events"] += 1
        totals["values"] += len(record.values)
        self._entities[record.entity] += 1
        self._places[code_of(record.values, COE)] += 1
        summary = summarise_forms(record)
        mixed = summary.mixed
        totals["events_without_form"] += not summary.stored
        alone = sum(part.role is Role.VICTIM for part in record.participations) == 1
        for part in record.participations:
            totals["values"] += len(part.values)
            if part.person is None:
                totals["groups"] += 1
                continue
            self._tell_apart(part.person)
            if part.role is Role.PERPETRATOR:
                totals["perpetrators"] += 1
            else:
                self._add_victim(part, record.forms if alone else (), mixed=part.key in mixed)

    def _add_victim(self, part: Participation, event_forms: tuple[Notation, ...], *, mixed: bool) -> None:
        forms = {*part.forms, *event_forms} - {MIXED}
        self._totals["victims"] += 1
        self._totals["derived_mixed"] += mixed and bool(forms)
        self._totals["form_missing"] += not forms and not mixed
        self._forms.update(forms)
        self._forms[MIXED] += mixed
        self._sexes[code_of(part.values, SVX)] += 1
        self._age_statuses[code_of(part.values, STV)] += 1
        self._citizenships[code_of(part.values, CIV)] += 1

    def _tell_apart(self, person: str) -> None:
        if len(self._people) < PEOPLE_TOLD_APART:
            self._people.append(hash(person) & 0xFFFF_FFFF_FFFF_FFFF)

    def result(self) -> BatchCounts:
        """The counts so far."""
        totals = self._totals
        counted = len(self._people) < PEOPLE_TOLD_APART
        return BatchCounts(
            events=totals["events"],
            victims=totals["victims"],
            perpetrators=totals["perpetrators"],
            groups=totals["groups"],
            persons=len(np.unique(np.frombuffer(self._people, dtype=np.uint64))) if counted else None,
            derived_mixed=totals["derived_mixed"],
            form_missing=totals["form_missing"],
            events_without_form=totals["events_without_form"],
            values=totals["values"],
            victims_by_form=_sorted(self._forms),
            victims_by_sex=_sorted(self._sexes),
            victims_by_age_status=_sorted(self._age_statuses),
            victims_by_citizenship=_sorted(self._citizenships),
            events_by_place_of_exploitation=_sorted(self._places),
            events_by_entity=_sorted(self._entities),
        )


def code_of(values: Values, variable: Notation) -> str:
    """The one code of a variable, its missing state, or `SEVERAL` or `NONE`."""
    value = values.get(variable)
    if value is None:
        return NONE
    if isinstance(value.content, Missing):
        return value.content.value
    codes = value.content.codes if isinstance(value.content, Codes) else ()
    return codes[0] if len(codes) == 1 else SEVERAL


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {code: counter[code] for code in sorted(counter) if counter[code]}
