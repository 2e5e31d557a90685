"""Which records are more sensitive than others, told from their own values.

Lives here: the rule for a child and for sexual exploitation. Elsewhere: who may see such records
(``registry.access.scope``); an informant is never told from values, but marked by hand (``registry.access.marking``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.access.actor import Sensitivity
from registry.cases.model import Codes, EventRecord, Participation, Range, Values
from registry.identifiers import Notation

ADULT_FROM: Final = 18
"""Years (Convention on the Rights of the Child, article 1)."""
MINOR: Final = Notation("minor")
AGES: Final = (Notation("agv"), Notation("agp"))
AGE_STATUSES: Final = (Notation("stv"), Notation("stp"))
SEXUAL_SECTOR: Final = Notation("ssc")
SEXUAL: Final = Notation("1")
"""The unit of classification for sexual exploitation."""


def kinds_of_record(record: EventRecord) -> frozenset[Sensitivity]:
    """What makes the record sensitive. An age that may lie below 18 counts as a child's; an age not told does not."""
    told = set()
    if any(may_be_child(part.values) for part in record.participations):
        told.add(Sensitivity.CHILD)
    if SEXUAL in forms_of(record) or any(SEXUAL_SECTOR in values for values in values_of(record)):
        told.add(Sensitivity.SEXUAL)
    return frozenset(told)


def may_be_child(values: Values) -> bool:
    """Whether the values tell of a minor, or of an age that need not be an adult's."""
    statuses = [values[variable].content for variable in AGE_STATUSES if variable in values]
    if any(isinstance(status, Codes) and MINOR in status.codes for status in statuses):
        return True
    ages = [values[variable].content for variable in AGES if variable in values]
    return any(isinstance(age, Range) and (age.low is None or age.low < ADULT_FROM) for age in ages)


def forms_of(record: EventRecord) -> frozenset[Notation]:
    """Every form told anywhere in the record."""
    parts: tuple[Participation, ...] = record.participations
    return frozenset(record.forms).union(*(part.forms for part in parts))


def values_of(record: EventRecord) -> Iterator[Values]:
    """The values of the event and of each part."""
    yield record.values
    for part in record.participations:
        yield part.values
