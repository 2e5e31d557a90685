"""A diff as a page for people: one HTML file that needs nothing else, and reads well in print and without colours.

Lives here: the page. Elsewhere: finding the changes (``diff``), the Markdown and machine-readable forms (``report``).
Every text of a classification is escaped; each side's labels are those of its own version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import groupby
from typing import Final

from registry.classification.changes import Change, FieldEdit, SchemeDiff, Severity
from registry.classification.model import Label, Note
from registry.classification.report import KEPT, SECTION_OF, told_value

STYLE: Final = """
:root { color-scheme: light dark; --ink: #16232f; --soft: #506070; --paper: #fff; --panel: #f3f6f8; --line: #d5dde4;
  --breaking: #a4262c; --caution: #8a5a00; --safe: #1d6b45; --gone: #fbe3e4; --come: #ddf3e4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7edf2; --soft: #a5b3bf; --paper: #10171d; --panel: #18222b;
  --line: #2c3a46; --breaking: #ff9aa0; --caution: #f2c063; --safe: #7fd8a8; --gone: #4a2327; --come: #1c4030; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .2rem; padding-left: .7rem; border-left: .35rem solid; }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; color: var(--soft); font-weight: 650; }
.lead { color: var(--soft); margin: .5rem 0 1.5rem; }
.lead b { color: var(--ink); }
.breaking { color: var(--breaking); } .caution { color: var(--caution); } .safe { color: var(--safe); }
h2 span, h3 span { color: var(--ink); }
nav { display: flex; flex-wrap: wrap; gap: .5rem; }
nav a { color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 1rem;
  padding: .1rem .8rem; text-decoration: none; font-size: .92rem; }
nav a b { font-variant-numeric: tabular-nums; }
a:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
article { display: grid; grid-template-columns: 1fr 1.6rem 1fr; gap: .2rem .4rem; padding: .65rem .9rem;
  margin: .4rem 0; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; break-inside: avoid; }
article > .one { grid-column: 1 / 4; }
.arrow { text-align: center; color: var(--soft); }
.side ul { list-style: none; margin: 0; padding: 0; }
code { font: 650 .93em ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; white-space: nowrap; }
.why, dl { grid-column: 1 / 4; margin: .3rem 0 0; font-size: .94rem; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; border-top: 1px solid var(--line);
  padding-top: .4rem; }
dt { font-weight: 600; } dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
del { background: var(--gone); text-decoration-thickness: 1px; } ins { background: var(--come); text-decoration: none; }
.mark { font-size: .85rem; color: var(--soft); border: 1px solid var(--line); border-radius: .8rem; padding: 0 .5rem; }
@media (max-width: 40rem) { article { grid-template-columns: 1fr; } article > *, .why, dl { grid-column: 1; } }
@media print { body { max-width: none; padding: 0; } nav { display: none; } }
"""
NOTHING: Final = "<p>Nothing differs.</p>"


def diff_to_html(diff: SchemeDiff) -> str:
    """The page: what number the changes ask for, how many there are of each kind, then each, the gravest first."""
    title = f"{diff.scheme} {diff.old} to {diff.new}"
    body = "\n".join([*_heading(diff, title), *(_sections(diff.changes) if diff.changes else [NOTHING])])
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _heading(diff: SchemeDiff, title: str) -> Iterator[str]:
    yield f"<h1>{escape(title)}</h1>"
    if diff.changes:
        yield (
            f'<p class="lead">{len(diff.changes)} changes, the gravest <b class="{diff.severity}">{diff.severity}</b>. '
            f"Least version number: <b>{escape(diff.least_version)}</b>.</p>"
        )
        yield "<nav>"
        for severity, kind, changes in _groups(diff.changes):
            yield f'<a href="#{_anchor(severity, kind)}" class="{severity}">{escape(kind)} <b>{len(changes)}</b></a>'
        yield "</nav>"


def _groups(changes: Sequence[Change]) -> Iterator[tuple[Severity, str, list[Change]]]:
    for (severity, kind), of_kind in groupby(changes, key=lambda change: (change.severity, change.kind)):
        yield severity, kind, list(of_kind)


def _anchor(severity: Severity, kind: str) -> str:
    return f"{severity}-{kind.replace(' ', '-')}"


def _sections(changes: Sequence[Change]) -> Iterator[str]:
    last: Severity | None = None
    for severity, kind, of_kind in _groups(changes):
        if severity is not last:
            yield f'<h2 class="{severity}"><span>{escape(SECTION_OF[severity])}</span></h2>'
            last = severity
        name = escape(kind[0].upper() + kind[1:])
        yield f'<h3 id="{_anchor(severity, kind)}"><span>{name}</span> · {len(of_kind)}</h3>'
        for change in of_kind:
            yield _article(change)


def _article(change: Change) -> str:
    """Old side, arrow, new side; one side where both are told alike; then why, and each field."""
    sides = [_side(change.old, change.old_labels), _side(change.new, change.new_labels)]
    is_same = change.kind in KEPT and (change.old, change.old_labels) == (change.new, change.new_labels)
    if is_same or not all(sides):
        told = f'<div class="one side">{sides[0] or sides[1] or "the scheme"}</div>'
    else:
        told = f'<div class="side">{sides[0]}</div><div class="arrow">→</div><div class="side">{sides[1]}</div>'
    marks = '<div class="why"><span class="mark">derived from the levels below</span></div>' if change.derived else ""
    reason = f'<div class="why">{escape(change.reason)}</div>' if change.reason else ""
    edits = "".join(line for edit in change.edits for line in _field(edit))
    return f"<article>{told}{marks}{reason}{f'<dl>{edits}</dl>' if edits else ''}</article>"


def _side(codes: Sequence[str], labels: Sequence[str]) -> str:
    items = "".join(
        f'<li><code>{escape(code)}</code> <span dir="auto">{escape(label)}</span></li>'
        for code, label in zip(codes, labels, strict=True)
    )
    return f"<ul>{items}</ul>" if items else ""


def _field(edit: FieldEdit) -> Iterator[str]:
    """A field's name, and each text that changed word by word; what left and what came of other lists."""
    gone, come = _parts(edit.before, edit.after), _parts(edit.after, edit.before)
    yield f"<dt>{escape(edit.field.replace('_', ' '))}</dt><dd>"
    if len(gone) == len(come):
        yield "<br>".join(_words(before, after) for before, after in zip(gone, come, strict=True))
    else:
        left, came = (f"<del>{escape(each)}</del>" for each in gone), (f"<ins>{escape(each)}</ins>" for each in come)
        yield "<br>".join([*left, *came])
    yield "</dd>"


def _parts(value: object, other: object) -> list[str]:
    """The texts of a value that the other side lacks; a label or note with its language and kind."""
    if isinstance(value, tuple):
        missing = [each for each in value if not isinstance(other, tuple) or each not in other]
        return [_part(each) for each in missing or value]
    return [] if value is None else [_part(value)]


def _part(value: object) -> str:
    if isinstance(value, Label | Note):
        return f"{value.text} ({value.language}, {value.kind})"
    return told_value(value)


def _words(before: str, after: str) -> str:
    """One text, word by word: struck out what left, marked what came."""
    old, new = before.split(" "), after.split(" ")
    told = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            told.append(escape(" ".join(old[i:j])))
            continue
        if i < j:
            told.append(f"<del>{escape(' '.join(old[i:j]))}</del>")
        if k < m:
            told.append(f"<ins>{escape(' '.join(new[k:m]))}</ins>")
    return f'<span dir="auto">{" ".join(told)}</span>'
