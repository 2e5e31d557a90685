"""How much work a caller may cause: by cost, by actor, and given back as time goes by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphql_api.authentication import allowances as module
from graphql_api.authentication.allowances import Allowances, Places
from graphql_api.settings import Limits, share_of
from registry.errors import RateExceeded, RequestsExceeded
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


def test_places_are_taken_and_given_back() -> None:
    """So many a payer, so many together; an error in the block gives its place back too."""
    places = Places(each=2, together=3, refusal=RequestsExceeded)
    with places.place("asha"), places.place("asha"), places.place("omar"):
        for payer, open_, limit in (("asha", 2, 2), ("omar", 3, 3)):
            with pytest.raises(RequestsExceeded) as raised, places.place(payer):
                pass
            assert (raised.value.facts["open"], raised.value.facts["limit"]) == (open_, limit)
    with pytest.raises(ZeroDivisionError), places.place("asha"):
        1 / 0  # noqa: B018

    assert len(places) == 0


def test_what_is_said_of_the_server_is_divided_by_its_workers() -> None:
    """Rounded up, so that nobody has nothing; what is said of a request is not divided."""
    shared = share_of(Limits(), 3)

    assert (shared.allowance_ms, shared.allowance_ms_a_second) == (10_000, 667)
    assert (shared.requests, shared.requests_an_actor, shared.streams, shared.streams_an_actor) == (86, 22, 134, 4)
    assert (shared.body_bytes, shared.request_seconds) == (Limits().body_bytes, Limits().request_seconds)
