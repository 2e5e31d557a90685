"""What of a record is seen without the right to identified cases: its codes, under other names, with years for dates.

Lives here: the one projection, pure. Elsewhere: who gets it (``gate``).

========================  =====================================================================
ids of event, person      pseudonyms of the role, purpose and period
batch, key of a part      likewise; the source's own key of the record is left out
codes, ranges, numbers    as stored
dates and times           the year, or the years from first to last
texts, sources' own words left out (a text becomes the missing state ``withheld``)
tokens of identifiers     left out
========================  =====================================================================
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from registry.access.pseudonyms import Pseudonyms
from registry.cases.model import (
    Content,
    Decision,
    EventRecord,
    Link,
    Missing,
    Moment,
    Participation,
    Place,
    Recoding,
    Stage,
    StoredEvent,
    Text,
    Value,
    Values,
)
from registry.cases.moments import read_moment
from registry.cases.ports import EventFilter
from registry.identifiers import BatchId, EventId, PersonId
from registry.instants import datetime_of, instant_of


def coded_event(stored: StoredEvent, names: Pseudonyms) -> StoredEvent:
    """The event without what identifies it or anybody in it, people and relations in the order of their new names."""
    record = stored.record
    parts = [coded_part(record.id, part, names) for part in record.participations]
    links = [coded_link(link, names) for link in record.links]
    return replace(
        stored,
        record=EventRecord(
            id=EventId(names.of("event", record.id)),
            entity=record.entity,
            source_key="",
            batch=BatchId(names.of("batch", record.batch)),
            values=coded_values(record.values),
            forms=record.forms,
            form_text=None,
            transits=record.transits,
            participations=tuple(sorted(parts, key=lambda part: part.key)),
            decisions=tuple(Decision(each.entity, coded_values(each.values)) for each in record.decisions),
            links=tuple(sorted(links, key=lambda link: (link.source, link.target, link.relationship))),
        ),
        recodings=tuple(coded_recoding(record.id, each, names) for each in stored.recodings),
    )


def coded_recoding(event: str, recoding: Recoding, names: Pseudonyms) -> Recoding:
    """The old codes under the other names of batch and parts."""

    def place(old: Place) -> Place:
        return old if old.part is None else replace(old, part=names.of("part", f"{event}|{old.part}"))

    kept = tuple(replace(each, place=place(each.place)) for each in recoding.kept)
    return Recoding(BatchId(names.of("batch", recoding.batch)), recoding.coding, kept)


def coded_part(event: str, part: Participation, names: Pseudonyms) -> Participation:
    """The part with its person under another name."""
    return replace(
        part,
        key=names.of("part", f"{event}|{part.key}"),
        person=None if part.person is None else PersonId(names.of("person", part.person)),
        values=coded_values(part.values),
        identifiers=(),
        stages=tuple(Stage(stage.status, coded_moment(stage.date), stage.entity) for stage in part.stages),
    )


def coded_link(link: Link, names: Pseudonyms) -> Link:
    """The relation between two other names."""
    source, target = (PersonId(names.of("person", end)) for end in (link.source, link.target))
    return Link(source, target, link.relationship)


def coded_values(values: Values) -> Values:
    """The values without the source's own words."""
    return {
        variable: Value(coded_content(value.content), (), value.derived, value.unmapped)
        for variable, value in values.items()
    }


def coded_content(content: Content | Missing) -> Content | Missing:
    """The content, a text withheld and a moment as years."""
    if isinstance(content, Text):
        return Missing.WITHHELD
    return (coded_moment(content) or Missing.WITHHELD) if isinstance(content, Moment) else content


def coded_moment(moment: Moment | None) -> Moment | None:
    """The years that a moment may lie in; None where it is so far off that no calendar names its year."""
    if moment is None:
        return None
    first, last = year_of(moment.earliest), year_of(moment.latest)
    return read_moment(f"{first:04}" if first == last else f"{first:04}/{last:04}")


def coded_filter(where: EventFilter) -> EventFilter:
    """The filter with its dates widened to whole years: otherwise one could ask for a day until it answers."""
    since, until = where.recorded_from, where.recorded_until
    return replace(
        where,
        recorded_from=None if since is None else start_of(year_of(since)),
        recorded_until=None if until is None else start_of(year_of(until) + 1) - 1,
    )


def year_of(microseconds: int) -> int:
    """The year of an instant in UTC, within the years that calendars here know (1 to 9998)."""
    try:
        return min(9998, datetime_of(microseconds).year)
    except OverflowError:
        return 1 if microseconds < 0 else 9998


def start_of(year: int) -> int:
    """The first instant of a year, in microseconds since 1970."""
    return instant_of(datetime(year, 1, 1, tzinfo=UTC))
