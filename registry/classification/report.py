"""A diff written out: as plain values for machines, as a page for people.

Lives here: the two forms. Elsewhere: finding the changes (``diff``). Labels are those of each side's own version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import groupby
from typing import Final

from registry.classification.changes import Change, ChangeKind, FieldEdit, SchemeDiff, Severity
from registry.classification.model import Label, Note

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold."""

LONGEST_TEXT: Final = 300
"""Characters of one text on the readable page; the machine-readable form holds all."""

SECTION_OF: Final[Mapping[Severity, str]] = {
    Severity.BREAKING: "Breaking: a stored code is gone or means something else",
    Severity.CAUTION: "Caution: stored codes hold, what is read or added up with them changes",
    Severity.SAFE: "Safe",
}


def to_plain(value: object) -> Plain:
    """Any of our frozen values as JSON holds them: dates in ISO 8601, fields by their names, tuples as lists."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Iterable):
        return [to_plain(each) for each in value]
    raise TypeError(type(value).__name__)


def diff_to_plain(diff: SchemeDiff) -> dict[str, Plain]:
    """``scheme, old, new, severity, leastVersion, counts, changes``; each change without its empty fields."""
    return {
        "scheme": diff.scheme,
        "old": diff.old,
        "new": diff.new,
        "severity": diff.severity,
        "leastVersion": diff.least_version,
        "counts": to_plain(diff.counts()),
        "changes": [change_to_plain(change) for change in diff.changes],
    }


def change_to_plain(change: Change) -> dict[str, Plain]:
    """One change; ``step`` in words."""
    named = {each.name: to_plain(getattr(change, each.name)) for each in fields(change)}
    named["step"] = change.step.name.lower()
    return {name: value for name, value in named.items() if value not in (None, [], False)}


def diff_to_markdown(diff: SchemeDiff) -> str:
    """A page: what number it asks for, how many changes of each kind, then each change under its severity."""
    return "\n".join([*_heading(diff), *_sections(diff), ""])


def _heading(diff: SchemeDiff) -> Iterator[str]:
    yield f"# {diff.scheme} {diff.old} to {diff.new}"
    yield ""
    if not diff.changes:
        yield "Nothing differs."
        return
    yield f"Gravest change: {diff.severity}. Least version number: {diff.least_version}."
    yield ""
    yield "| change | how many |"
    yield "|---|---|"
    yield from (f"| {kind} | {count} |" for kind, count in sorted(diff.counts().items()))


def _sections(diff: SchemeDiff) -> Iterator[str]:
    for severity, changes in groupby(diff.changes, key=lambda change: change.severity):
        yield ""
        yield f"## {SECTION_OF[severity]}"
        for kind, of_kind in groupby(changes, key=lambda change: change.kind):
            yield ""
            yield f"### {kind[0].upper()}{kind[1:]}"
            yield ""
            for change in of_kind:
                yield from change_lines(change)


def change_lines(change: Change) -> Iterator[str]:
    """``- 5.4 Drug offences → 5.4.1 ..., 5.4.2 ...`` and a line for each field."""
    sides = [_codes(change.old, change.old_labels), _codes(change.new, change.new_labels)]
    if change.kind in KEPT and change.old == change.new and change.old_labels == change.new_labels:
        sides = sides[:1]
    marks = " (derived from the levels below)" if change.derived else ""
    reason = f": {change.reason}" if change.reason else ""
    place = f" (after {change.after})" if change.kind is ChangeKind.REORDERED and change.after else ""
    yield f"- {' → '.join(side for side in sides if side) or 'the scheme'}{place}{marks}{reason}"
    for edit in change.edits:
        yield from edit_lines(edit)


KEPT: Final = frozenset(ChangeKind) - {ChangeKind.CODE_REUSED}
"""Kinds whose both sides may be told once where they are equal."""


def _codes(codes: tuple[str, ...], labels: tuple[str, ...]) -> str:
    return ", ".join(f"{code} {label}".strip() for code, label in zip(codes, labels, strict=True))


def edit_lines(edit: FieldEdit) -> Iterator[str]:
    """What left and what came of a list; before and after of a single value."""
    if isinstance(edit.before, tuple) and isinstance(edit.after, tuple) and set(edit.before) != set(edit.after):
        yield from (f"  - {edit.field}, before: {told_value(each)}" for each in edit.before if each not in edit.after)
        yield from (f"  - {edit.field}, now: {told_value(each)}" for each in edit.after if each not in edit.before)
    else:
        yield f"  - {edit.field}: {told_value(edit.before)} → {told_value(edit.after)}"


def told_value(value: object) -> str:
    """A field's value in words, long texts shortened."""
    if value is None or value == ():
        return "none"
    if isinstance(value, (Label, Note)):
        return f"{_shortened(value.text)} ({value.language}, {value.kind})"
    if isinstance(value, tuple):
        return ", ".join(told_value(each) for each in value)
    if is_dataclass(value):
        return _shortened(", ".join(f"{each.name} {told_value(getattr(value, each.name))}" for each in fields(value)))
    return _shortened(str(value))


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_TEXT else f"{flat[: LONGEST_TEXT - 1]}…"
