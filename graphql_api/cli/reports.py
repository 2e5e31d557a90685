"""Reports of imports as lines of text, and progress on a terminal.

Lives here: the words of the command line. Elsewhere: the facts (``registry.intake.model``). No case value is printed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Final

from registry.intake.model import BatchCounts, BatchReport, Fault, Outcome, Phase

FAULTS_SHOWN: Final = 20
WIDTH: Final = 72

OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.CHECKED: "checked, nothing was written",
    Outcome.IMPORTED: "imported",
    Outcome.UNCHANGED: "nothing changed: every record was there already",
}


def tell_progress(phase: Phase) -> None:
    """One line on a terminal's standard error, overwritten each time; nothing where nobody looks on."""
    if not sys.stderr.isatty():
        return
    share = 100 * phase.bytes_read // phase.bytes_all if phase.bytes_all else 100
    print(
        f"\r{f'{phase.doing} … row {phase.rows}, {share} % of the file':<{WIDTH}}", end="", file=sys.stderr, flush=True
    )


def end_progress() -> None:
    """Clear the progress line."""
    if sys.stderr.isatty():
        print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)


def report_lines(report: BatchReport) -> Iterator[str]:
    """The whole report: outcome, counts, warnings, faults."""
    yield f"{report.file} by {report.mapping}: {OUTCOMES[report.outcome]}"
    yield f"  digest           {report.digest}"
    yield f"  source           {report.source_type.value}, delivered by {report.entity}"
    if report.batch is not None:
        yield f"  batch            {report.batch}"
    yield f"  rows             {report.rows} ({report.left_out} with faults)"
    if report.stored is not None:
        stored = report.stored
        yield f"  store            {stored.added} events added, {stored.changed} changed, {stored.unchanged} unchanged"
    yield from count_lines(report.counts)
    for code, number in report.warnings_by_code.items():
        yield f"  warning          {code}: {number}"
    yield from fault_lines(report)


def count_lines(counts: BatchCounts) -> Iterator[str]:
    """The counts of the valid rows. Victims by form need not add up to victims."""
    persons = "not counted" if counts.persons is None else str(counts.persons)
    yield f"  events           {counts.events}"
    yield f"  persons          {persons}"
    yield f"  victims          {counts.victims}"
    yield f"  perpetrators     {counts.perpetrators}, and {counts.groups} groups, which count as nobody"
    yield f"  values           {counts.values}"
    yield f"  unit 8 derived   {counts.derived_mixed}"
    yield f"  form missing     {counts.form_missing} victims; {counts.events_without_form} events without any form"
    for title, table in (
        ("victims by form", counts.victims_by_form),
        ("victims by sex", counts.victims_by_sex),
        ("victims by age status", counts.victims_by_age_status),
        ("victims by citizenship", counts.victims_by_citizenship),
        ("events by place of exploitation", counts.events_by_place_of_exploitation),
        ("events by entity", counts.events_by_entity),
    ):
        yield f"  {title}"
        shown = sorted(table.items(), key=lambda pair: -pair[1])[:FAULTS_SHOWN]
        yield from (f"    {code:<24} {number:>9}" for code, number in shown)
        if len(table) > len(shown):
            yield f"    and {len(table) - len(shown)} more codes"


def fault_lines(report: BatchReport) -> Iterator[str]:
    """The number of faults of each code, and the first ones."""
    if report.is_clean:
        return
    yield f"  faults           {report.fault_total}"
    yield from (f"    {code:<24} {number:>9}" for code, number in report.faults_by_code.items())
    yield from (f"  {fault_line(fault)}" for fault in report.faults[:FAULTS_SHOWN])
    if report.fault_total > FAULTS_SHOWN:
        yield f"  and {report.fault_total - FAULTS_SHOWN} more: --faults FILE writes all of them"


def fault_line(fault: Fault) -> str:
    """Row, column, code, what was expected, what to do."""
    column = f", column {fault.column}" if fault.column is not None else ""
    return f"row {fault.row}{column}: {fault.code}, expected {fault.expected}. {fault.hint}".rstrip()
