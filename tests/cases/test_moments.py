"""Dates as sources give them, with their earliest and latest reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.model import Moment
from registry.cases.moments import EARLIEST, LATEST, is_certainly_before, read_moment


def instant(*parts: int) -> int:
    """Microseconds since 1970 of a time in UTC."""
    return (datetime(*parts, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)  # type: ignore[misc, arg-type]


def moment(text: str) -> Moment:
    """The moment a sound text tells."""
    found = read_moment(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "edtf", "first", "after"),
    [
        ("2005", "2005", (2005, 1, 1), (2006, 1, 1)),
        ("2005-2013", "2005/2013", (2005, 1, 1), (2014, 1, 1)),
        ("2005-02", "2005-02", (2005, 2, 1), (2005, 3, 1)),
        ("2004-02-29~", "2004-02-29~", (2004, 2, 29), (2004, 3, 1)),
        ("200X", "200X", (2000, 1, 1), (2010, 1, 1)),
        ("2005-XX-XX", "2005-XX-XX", (2005, 1, 1), (2006, 1, 1)),
        ("2005-03-01T10:30Z", "2005-03-01T10:30Z", (2005, 3, 1, 10, 30), (2005, 3, 1, 10, 31)),
        ("2005-03-01T10:30:15+03:00", "2005-03-01T10:30:15+03:00", (2005, 3, 1, 7, 30, 15), (2005, 3, 1, 7, 30, 16)),
    ],
)
def test_a_text_has_an_earliest_and_a_latest_reading(
    text: str, edtf: str, first: tuple[int, ...], after: tuple[int, ...]
) -> None:
    """As exact as it is written, never more."""
    assert (moment(text).edtf, moment(text).earliest, moment(text).latest) == (
        edtf,
        instant(*first),
        instant(*after) - 1,
    )


def test_open_ends_reach_to_the_ends_of_time() -> None:
    """An interval may lack one end."""
    assert moment("2005/..").latest == LATEST
    assert moment("/2005").earliest == EARLIEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "05/03/2005",
        "2005-02-29",
        "2005-13",
        "2013/2005",
        "../..",
        "/",
        "2005-21",
        "2005-XX-03",
        "0000",
        "2005-03-01T24:01",
        "2005-03-01T10:30+15:00",
        "２００５",
    ],
)
def test_what_is_no_date_of_the_profile_tells_nothing(text: str) -> None:
    """Seasons, dates written another way, days that never were, digits of other scripts."""
    assert read_moment(text) is None


def test_two_dates_are_reversed_only_in_every_reading() -> None:
    """A year holds its days; another year does not; a local time may be 14 hours elsewhere."""
    assert is_certainly_before(moment("2004"), moment("2005-01-01"))
    assert not is_certainly_before(moment("2005"), moment("2005-06-01"))
    assert not is_certainly_before(moment("2005-01-01"), moment("2005-01-02T01:00+03:00"))
    assert is_certainly_before(moment("2005-01-01T10:00Z"), moment("2005-01-01T10:01Z"))


@given(st.dates(min_value=datetime(1000, 1, 1, tzinfo=UTC).date()), st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y"]))
def test_the_library_agrees_about_days(day: datetime, form: str) -> None:
    """The PyPI library edtf, our second opinion, gives the same first and last day."""
    text = day.strftime(form)
    other = parse_edtf(text)

    assert moment(text).earliest == instant(*other.lower_strict()[:3])
    assert moment(text).latest == instant(*other.upper_strict()[:3]) + 86_400_000_000 - 1
