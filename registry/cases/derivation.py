"""What follows from the values of one record, and what they cannot be together (DOMAIN 2 and 3).

Pure: `complete` takes a record as delivered and returns it with every derived value, marked so, and the findings.
Nothing delivered is changed or moved: derived values stand where nothing was told.

::

    forms of an event     = its own and its victims'; 7 yields to any of 1-6
    8 for a victim        = forms under two or more of units 1-6; derived a victim, within one event
    event variable        = from the victims, where a source tells it of each victim
    ccs                   = the furthest stage of a perpetrator's case
    RELATED_TO            = rtv or rvp, where an event has one victim and one perpetrator, both identified
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from registry.cases.model import (
    Codes,
    Content,
    EventRecord,
    Finding,
    Link,
    Missing,
    Moment,
    Range,
    Role,
    Severity,
    Value,
    Values,
)
from registry.cases.moments import day_text, is_certainly_before
from registry.cases.ports import Codebook
from registry.classification.model import UnitOfDescription
from registry.identifiers import Notation, PersonId

MIXED: Final = Notation("8")
NOT_RECORDED: Final = Notation("7")
SEXUAL, LABOUR = Notation("1"), Notation("2")
RESIDUAL: Final = frozenset({Notation("5.5"), Notation("6.5"), NOT_RECORDED})
"""Units that a free text may go with: those that hold what has no unit of its own (note d asks for it with 6.5)."""
_PARTS: Final = frozenset("123456")
"""The units that are forms of exploitation by themselves."""

AGE_BANDS: Final = ((0, 14), (15, 29), (30, 44), (45, 59), (60, None))
"""ICCS v1.0, disaggregating variable "age of victim/perpetrator"; whole years, both ends inclusive."""
MAJORITY: Final = 18
"""Years; the cut of GLOTIP and CTDC, and of age status."""
_AGES: Final = (("agv", "stv"), ("agp", "stp"))

STAGES: Final = (
    "reported",
    "under-investigation",
    "formal-contact",
    "closed-without-charge",
    "prosecuted",
    "acquitted",
    "convicted",
)
"""Stages of a criminal case from the least to the furthest; an acquittal ends a case as far on as a conviction, which
of the two is told first is for the statistics of convictions to see."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A record with its derived values, and what was found."""

    record: EventRecord
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FormSummary:
    """The forms of one event.

    ``forms`` are without 8. ``mixed`` are the keys of victims with 8, derived or delivered; ``told_mixed`` says that 8
    was delivered at all. ``is_derivable`` is false where several victims (or a group, or nobody) share forms of several
    units told of the event only: who suffered which is then not known.
    """

    forms: tuple[Notation, ...]
    mixed: tuple[str, ...]
    told_mixed: bool = False
    is_derivable: bool = True

    @property
    def stored(self) -> tuple[Notation, ...]:
        """The forms, with 8 where a victim has it or it was delivered."""
        return tuple(sorted({*self.forms, *([MIXED] if self.mixed or self.told_mixed else [])}))


def complete(record: EventRecord, codebook: Codebook) -> Completed:
    """The record with what follows from its values, and every finding of its rules, by place."""
    findings = [*_check_forms(record), *_check_dates(record), *_check_ages(record)]
    values, differing = derived_event_values(record, codebook)
    links, unlike = derived_links(record)
    whole = replace(record, values={**values, **record.values}, links=links)
    findings += [*differing, *unlike, *_check_sectors(whole)]
    return Completed(whole, tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule))))


def unit_of(form: Notation) -> str:
    """The unit a form belongs to: ``2.1`` is part of ``2``."""
    return form.partition(".")[0]


def summarise_forms(record: EventRecord) -> FormSummary:
    """The event's forms and whose are mixed (UN report, para 13, units 7 and 8; note f)."""
    victims = [part for part in record.participations if part.role is Role.VICTIM]
    single = len(victims) == 1 and not victims[0].is_group
    suffered = {part.key: (*part.forms, *(record.forms if single else ())) for part in victims}
    told = {*record.forms, *(form for part in victims for form in part.forms)}
    return FormSummary(
        forms=known_forms(told),
        mixed=tuple(key for key, forms in suffered.items() if MIXED in forms or _units(forms) > 1),
        told_mixed=MIXED in told,
        is_derivable=single or _units(record.forms) < 2,
    )


class Cut(StrEnum):
    """Where an age range lies to the age of majority."""

    MINOR = "minor"
    ADULT = "adult"
    STRADDLES = "straddles"


def age_band(age: Range) -> tuple[int, int | None] | None:
    """The ICCS band that holds the whole range; None where it straddles two: it is never assigned to one."""
    for low, high in AGE_BANDS:
        if (age.low or 0) >= low and (high is None or (age.high is not None and age.high <= high)):
            return (low, high)
    return None


def age_cut(age: Range) -> Cut:
    """Under 18, 18 or over, or straddling."""
    if (age.low or 0) >= MAJORITY:
        return Cut.ADULT
    return Cut.MINOR if age.high is not None and age.high < MAJORITY else Cut.STRADDLES


def furthest_stage(record: EventRecord) -> Notation | None:
    """The furthest stage of any perpetrator's case; a status outside the list of stages is left aside."""
    told = {stage.status for part in record.participations for stage in part.stages}
    known = sorted((status for status in told if status in STAGES), key=STAGES.index)
    return known[-1] if known else None


def derived_event_values(record: EventRecord, codebook: Codebook) -> tuple[Values, list[Finding]]:
    """Values of event variables that were told of each victim (as HTCDS does) or follow from stages; marked derived.

    Codes of a repeated variable are joined. Where victims differ in a single-valued one nothing is derived, and a
    warning says so. An event begins with its first victim's beginning and ends with its last one's end.
    """
    victims = [part for part in record.participations if part.role is Role.VICTIM]
    derived: dict[Notation, Value] = {}
    findings = []
    for variable in sorted({code for part in victims for code in part.values} - set(record.values)):
        facts = codebook.variable(variable)
        if facts is None or facts.describes is not UnitOfDescription.EVENT:
            continue
        content = _joined(variable, [part.values.get(variable) for part in victims], repeated=facts.repeated)
        if content is None:
            findings.append(Finding("victims_differ", f"values/{variable}", Severity.WARNING))
        else:
            derived[variable] = Value(content, derived=True)
    stage = furthest_stage(record)
    if stage is not None and "ccs" not in record.values:
        derived[Notation("ccs")] = Value(Codes((stage,)), derived=True)
    return derived, findings


def derived_links(record: EventRecord) -> tuple[tuple[Link, ...], list[Finding]]:
    """The record's links and the one that rtv or rvp tell: one fact, from victim to perpetrator.

    Only where the event has one victim and one perpetrator and both are identified; otherwise whom the relationship
    is with was not told, and the values stay where they were delivered.
    """
    pair = _only_pair(record)
    if pair is None:
        return record.links, []
    victim, perpetrator, told = pair
    if any({link.source, link.target} == {victim, perpetrator} for link in record.links):
        return record.links, []
    findings = [Finding("relationships_differ", "links", Severity.WARNING)] if len(set(told)) > 1 else []
    made = tuple(Link(victim, perpetrator, code) for code in told[0])
    return (*record.links, *made), findings


def _only_pair(record: EventRecord) -> tuple[PersonId, PersonId, list[tuple[Notation, ...]]] | None:
    """The one victim, the one perpetrator, and the sets of relationships told from either end; None without any."""
    victims = [part for part in record.participations if part.role is Role.VICTIM]
    perpetrators = [part for part in record.participations if part.role is Role.PERPETRATOR]
    if len(victims) != 1 or len(perpetrators) != 1:
        return None
    victim, perpetrator = victims[0], perpetrators[0]
    told = [codes for codes in (_codes(victim.values, "rtv"), _codes(perpetrator.values, "rvp")) if codes]
    if victim.person is None or perpetrator.person is None or not told:
        return None
    return victim.person, perpetrator.person, told


def _joined(variable: str, values: Sequence[Value | None], *, repeated: bool) -> Content | Missing | None:
    """What the victims' values say of the event; None where they disagree."""
    told = [value.content for value in values if value is not None]
    contents = [content for content in told if not isinstance(content, Missing)]
    if not contents:
        return told[0] if len(set(told)) == 1 else None
    if variable in ("dab", "dae"):
        return _extreme([each for each in contents if isinstance(each, Moment)], latest=variable == "dae")
    if repeated and all(isinstance(content, Codes) for content in contents):
        return Codes(tuple(dict.fromkeys(code for each in contents if isinstance(each, Codes) for code in each.codes)))
    return contents[0] if len(set(contents)) == 1 else None


def _extreme(moments: Sequence[Moment], *, latest: bool) -> Moment | None:
    """When the first of several begins, or the last ends: the readings of the least, or greatest, of uncertain days."""
    if not moments:
        return None
    choose = max if latest else min
    earliest = choose(moment.earliest for moment in moments)
    latest_reading = choose(moment.latest for moment in moments)
    for moment in moments:
        if (moment.earliest, moment.latest) == (earliest, latest_reading):
            return moment
    return Moment(f"{day_text(earliest)}/{day_text(latest_reading)}", earliest, latest_reading)


def _units(forms: Iterable[Notation]) -> int:
    """Under how many of the units 1 to 6 the forms are."""
    return len({unit_of(form) for form in forms} & _PARTS)


def known_forms(forms: Iterable[Notation]) -> tuple[Notation, ...]:
    """Those of the forms told that are known, sorted: no 7 beside any of 1-6, and no 8, which is a victim's."""
    told = {form for form in forms if unit_of(form) != MIXED}
    parts = {form for form in told if unit_of(form) in _PARTS}
    return tuple(sorted(parts or told))


def _check_forms(record: EventRecord) -> list[Finding]:
    findings = []
    if not summarise_forms(record).is_derivable:
        findings.append(Finding("mixed_not_derivable", "forms", Severity.WARNING, "forms of each victim"))
    holders = [("forms", record.forms), *((f"{part.key}/forms", part.forms) for part in record.participations)]
    for place, forms in holders:
        if MIXED in forms and _units(forms) < 2:
            findings.append(Finding("parts_not_recorded", place, Severity.WARNING, "the forms that were mixed"))
    if record.form_text is not None and not RESIDUAL & _all_forms(record):
        findings.append(Finding("form_text_without_other", "form_text", Severity.WARNING, "form 5.5, 6.5 or 7"))
    return findings


def _check_sectors(record: EventRecord) -> list[Finding]:
    """Sector of labour without unit 2, sector of sexual exploitation without unit 1: doubtful, but not with 8."""
    units = {unit_of(form) for form in _all_forms(record)}
    if MIXED in units or summarise_forms(record).mixed:
        return []
    told = {code for values in _all_values(record).values() for code in values}
    return [
        Finding(f"{variable}_without_unit", f"values/{variable}", Severity.WARNING, f"unit {unit}")
        for variable, unit in (("fls", LABOUR), ("ssc", SEXUAL))
        if variable in told and unit not in units
    ]


def _check_dates(record: EventRecord) -> list[Finding]:
    """Begin and end in the wrong order in every reading."""
    findings = []
    for place, values in _all_values(record).items():
        began, ended = (_moment(values, code) for code in ("dab", "dae"))
        if began is not None and ended is not None and is_certainly_before(ended, began):
            findings.append(Finding("dates_reversed", f"{place}/dae", Severity.FAULT, "an end not before dab"))
    return findings


def _check_ages(record: EventRecord) -> list[Finding]:
    """Age and age status that no person can have together."""
    findings = []
    for place, values in _all_values(record).items():
        for age_code, status_code in _AGES:
            age, statuses = values.get(Notation(age_code)), _codes(values, status_code)
            if age is None or not isinstance(age.content, Range) or len(statuses) != 1:
                continue
            if {age_cut(age.content), statuses[0]} == {Cut.MINOR, Cut.ADULT}:
                findings.append(Finding("age_status_impossible", f"{place}/{status_code}", Severity.FAULT))
    return findings


def _all_values(record: EventRecord) -> Mapping[str, Values]:
    """The values of the event and of each part, by place."""
    return {"values": record.values, **{part.key: part.values for part in record.participations}}


def _all_forms(record: EventRecord) -> set[Notation]:
    return {*record.forms, *(form for part in record.participations for form in part.forms)}


def _codes(values: Values, variable: str) -> tuple[Notation, ...]:
    value = values.get(Notation(variable))
    return value.content.codes if value is not None and isinstance(value.content, Codes) else ()


def _moment(values: Values, variable: str) -> Moment | None:
    value = values.get(Notation(variable))
    return value.content if value is not None and isinstance(value.content, Moment) else None
