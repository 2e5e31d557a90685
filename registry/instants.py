"""Instants: microseconds since 1970 in UTC, as they are stored, compared and audited; and the library's values of them.

Lives here: one to the other. Elsewhere: dates that are only partly known (``registry.cases.moments``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def instant_of(when: datetime) -> int:
    """The instant of a time with an offset, exactly; `TypeError` for one without."""
    return (when - EPOCH) // _MICROSECOND


def datetime_of(instant: int) -> datetime:
    """The instant in UTC; `OverflowError` outside the years 1 to 9999."""
    return EPOCH + timedelta(microseconds=instant)
