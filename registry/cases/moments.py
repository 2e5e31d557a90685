"""Dates as sources give them: EDTF texts (ISO 8601-2:2019) with their earliest and latest instant.

Read are level 0 (a year, a month, a day, a time, an interval) and of level 1 the qualifiers ``~ ? %``, unspecified
digits (``200X``, ``2005-XX``) and open or unknown ends of an interval; besides, two years with a hyphen
(``2005-2013``, as statistical sources write a span). Seasons are not read: they differ between hemispheres.

The PyPI library ``edtf`` was tried: it takes 5 ms a text, drops the time of day and fails on open intervals,
so it serves the tests as a second opinion only.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from registry.cases.model import Moment
from registry.instants import datetime_of, instant_of

EARLIEST: Final = -62_135_596_800_000_000
"""0001-01-01T00:00Z, which also stands for an open beginning."""
LATEST: Final = 253_402_300_799_999_999
"""The last microsecond of the year 9999, which also stands for an open end."""
_UNKNOWN_ZONE: Final = 14 * 3600 * 1_000_000
"""How far a local time without offset may lie from UTC: zones run from -12 to +14 hours."""
_CACHED: Final = 4096
"""Texts kept: a file repeats its dates, and ten years have 3,653 days."""

_DATE: Final = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[~?%]?", re.ASCII)
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_OPEN: Final = ("", "..")
"""An end that is unknown or open: any instant on that side."""
_YEARS: Final = re.compile(r"(\d{4})-(\d{4})", re.ASCII)

Bounds = tuple[int, int, int | None]
"""Earliest and latest instant, and the offset from UTC in minutes where one is told."""


@lru_cache(maxsize=_CACHED)
def read_moment(text: str) -> Moment | None:
    """The moment a text tells, or None where it tells none. A day without a zone is taken as a day of UTC."""
    text = text.strip()
    if years := _YEARS.fullmatch(text):
        text = f"{years[1]}/{years[2]}"
    try:
        earliest, latest, offset = _read_interval(text) if "/" in text else _read_instant(text)
    except ValueError:
        return None
    return Moment(edtf=text, earliest=earliest, latest=latest, offset_minutes=offset) if earliest <= latest else None


def is_certainly_before(first: Moment, second: Moment) -> bool:
    """Whether the first is before the second in every reading of both."""
    same_clock = (first.offset_minutes is None) == (second.offset_minutes is None)
    return first.latest + (0 if same_clock else _UNKNOWN_ZONE) < second.earliest


def day_text(instant: int) -> str:
    """The UTC day of an instant as EDTF."""
    return datetime_of(instant).date().isoformat()


def _read_interval(text: str) -> Bounds:
    begin, _, end = text.partition("/")
    if begin in _OPEN and end in _OPEN:
        raise ValueError("an interval without ends")
    earliest, _, first_offset = _read_instant(begin) if begin not in _OPEN else (EARLIEST, EARLIEST, None)
    _, latest, last_offset = _read_instant(end) if end not in _OPEN else (LATEST, LATEST, None)
    return earliest, latest, first_offset if first_offset is not None else last_offset


def _read_instant(text: str) -> Bounds:
    if match := _DATE.fullmatch(text):
        return *_date_bounds(*match.groups()), None
    if match := _TIME.fullmatch(text):
        return _time_bounds(match)
    raise ValueError("no date of the profile")


def _date_bounds(year: str, month: str | None, day: str | None) -> tuple[int, int]:
    if month == "XX" and day not in (None, "XX"):
        raise ValueError("a day of an unknown month")
    known_month = int(month) if month not in (None, "XX") else None
    first_year, last_year = max(int(year.replace("X", "0")), 1), int(year.replace("X", "9"))
    first_month, last_month = (known_month, known_month) if known_month else (1, 12)
    if day is None or day == "XX":
        first_day, last_day = 1, monthrange(last_year, last_month)[1]
    else:
        first_day = last_day = int(day)
    begin = datetime(first_year, first_month, first_day, tzinfo=UTC)
    end = datetime(last_year, last_month, last_day, 23, 59, 59, 999_999, tzinfo=UTC)
    return instant_of(begin), instant_of(end)


def _time_bounds(match: re.Match[str]) -> Bounds:
    """A time is as exact as it is written: ``10:30`` is a minute, ``10:30:00`` a second."""
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    offset = _offset(zone)
    clock = datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}")
    zone_told = timezone(timedelta(minutes=offset or 0))
    begin = clock.replace(microsecond=int((fraction or "0").ljust(6, "0")), tzinfo=zone_told)
    width = 10 ** (6 - len(fraction)) if fraction else 1_000_000 if second else 60_000_000
    return instant_of(begin), instant_of(begin) + width - 1, offset


def _offset(zone: str | None) -> int | None:
    """Minutes from UTC; None where no zone is told."""
    if zone is None or zone == "Z":
        return None if zone is None else 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60 or int(digits[2:]) > 59:
        raise ValueError("no such zone")
    return -minutes if zone[0] == "-" else minutes
