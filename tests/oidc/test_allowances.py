"""How much work a caller may cause: by cost, by actor, and given back as time goes by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphql_api.authentication import allowances as module
from graphql_api.authentication.allowances import Allowances
from graphql_api.settings import Limits
from registry.errors import RateExceeded
from tests.oidc.conftest import Clock


@pytest.fixture
def allowances(clock: Clock) -> Allowances:
    """100 ms at once, 10 ms a second."""
    return Allowances(burst=100, a_second=10, monotonic=clock.monotonic)


def test_work_is_paid_after_it_is_done_and_comes_back(allowances: Allowances, clock: Clock) -> None:
    """One costly answer is given; the next waits until it is paid."""
    allowances.require("asha")
    allowances.charge("asha", 150)

    with pytest.raises(RateExceeded) as raised:
        allowances.require("asha")
    assert raised.value.facts == {"left": 0, "limit": 100, "seconds": 5}
    clock.seconds += 5.1
    allowances.require("asha")


def test_one_callers_work_is_not_anothers(allowances: Allowances) -> None:
    """Each has a bucket of their own."""
    allowances.charge("asha", 1000)

    allowances.require("omar")


def test_a_bucket_never_holds_more_than_its_burst(allowances: Allowances, clock: Clock) -> None:
    """A quiet year buys nothing."""
    allowances.charge("asha", 50)
    clock.seconds += 365 * 24 * 3600
    allowances.charge("asha", 101)

    with pytest.raises(RateExceeded):
        allowances.require("asha")


def test_buckets_are_bounded(allowances: Allowances, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of addresses costs no more memory than so many."""
    monkeypatch.setattr(module, "KEPT", 10)
    for number in range(100):
        allowances.require(f"address {number}")

    assert len(allowances) == 10


def test_the_default_lets_a_page_load_and_stops_a_flood() -> None:
    """Thirty seconds of work at once, two a second."""
    limits = replace(Limits())

    assert (limits.allowance_ms, limits.allowance_ms_a_second) == (30_000, 2_000)
