"""Similar events: the measure by hand, the candidates, both engines, the scope."""

from __future__ import annotations

from itertools import combinations

import pytest

from registry.access.actor import Actor
from registry.cases.model import EventRecord
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, RecordUnknown
from registry.identifiers import EventId
from registry.network.gathering import EVERY_EVENT, Extent
from registry.network.model import Window
from registry.network.similar_queries import SimilarEvents, SimilarQuestion, ancestors_of
from registry.network.similarity import (
    DATES,
    MILLION,
    VARIABLES,
    Profile,
    compare,
    date_likeness,
    tree_likeness,
    wu_palmer,
)
from registry.network.slice import DAY
from registry.network.slice_ports import Bounds
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network_similar import BoltSimilarStore
from tests import universe
from tests.network.facts import facts_of
from tests.network.test_ego_network import store_world
from tests.universe import CARER, CODEBOOK, EVERYONE, event_id, networks
from tests.worlds import two_agencies

TREE = {"2.1": "2", "2.2": "2", "5.4": "5"}


def above(code: str) -> list[str]:
    """A code and its parent."""
    return [code, TREE[code]] if code in TREE else [code]


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("2.1", "2.1", 1.0), ("2.1", "2.2", 0.5), ("2.1", "2", 2 / 3), ("2", "2", 1.0), ("2.1", "5.4", 0.0)],
)
def test_codes_are_alike_by_their_nearest_common_code(one: str, other: str, likeness: float) -> None:
    """Wu and Palmer: twice the common depth by the sum of depths."""
    assert wu_palmer(one, other, above) == pytest.approx(likeness)


def test_sets_of_codes_are_alike_by_best_partners() -> None:
    """{2.1, 5.4} and {2.2}: 1/2, 0 and 1/2 over three codes."""
    assert tree_likeness({"2.1", "5.4"}, {"2.2"}, above) == pytest.approx(1 / 3)


def test_dates_are_alike_by_the_least_gap() -> None:
    """Touching spans are alike, five years apart they are not, without a date nothing is said."""
    first, touching, far = (Profile("e", "", a * DAY, b * DAY) for a, b in ((0, 10), (10, 20), (10 + 913, 3_000)))

    assert date_likeness(first, touching) == 1
    assert date_likeness(first, far) == pytest.approx(0.5)
    assert date_likeness(first, Profile("e", "", None, None)) is None


def test_the_likeness_is_gowers_over_what_both_tell() -> None:
    """Form 4 x 1/2, means 2 x 1/3, sex 1 x 1; area and the rest are not told by one of the two."""
    one = Profile(
        "a", "", None, None, {n: frozenset(c) for n, c in (("form", ["2.1"]), ("moc", ["x", "y"]), ("svx", ["f"]))}
    )
    other = Profile(
        "b", "", None, None,
        {n: frozenset(c) for n, c in (("form", ["2.2"]), ("moc", ["y", "z"]), ("svx", ["f"]), ("area", ["KE"]))},
        {"fls": "withheld"},
    )  # fmt: skip

    found = compare(one, other, {"form": above, "area": above, "fls": above, "rpp": above})

    assert found.likeness == pytest.approx((4 * 0.5 + 2 / 3 + 1) / 7, abs=1e-5)
    assert found.compared == pytest.approx(7 / sum(each.weight for each in VARIABLES), abs=1e-5)
    assert sum(part.share for part in found.parts) == pytest.approx(found.likeness, abs=1e-5)
    assert {part.variable: part.missing for part in found.parts if part.likeness is None} == {
        "area": "not-told", "fls": "not-told", "ssc": "not-told", "rpp": "not-told", "stv": "not-told",
        "dates": "not-told",
    }  # fmt: skip


@pytest.mark.parametrize("number", range(1, len(VARIABLES) + 1))
def test_who_tells_the_same_is_wholly_alike(number: int) -> None:
    """However many variables both tell: the shares add up to 1, by no rounding to more or less."""
    for told in combinations([variable.name for variable in VARIABLES], number):
        since = 0 if DATES in told else None
        codes = {name: frozenset(["x"]) for name in told if name != DATES}
        one, other = (Profile(name, "", since, since, codes) for name in ("a", "b"))

        found = compare(one, other, dict.fromkeys(("form", "area", "fls", "rpp"), above))

        assert found.likeness == 1
        assert sum(round(part.share * MILLION) for part in found.parts) == MILLION


async def ask(
    database: Database,
    event: EventId,
    extent: Extent = EVERY_EVENT,
    *,
    actor: Actor = EVERYONE,
    candidates: int = 1_000,
    least_compared: int = 0,
) -> SimilarEvents:
    """The events like one."""
    question = SimilarQuestion(event, extent, candidates, least_compared)
    return await question.ask(networks(database), actor=actor)


async def test_the_most_alike_come_first_with_reasons(database: Database) -> None:
    """To E1 (sexual, Kenya, a girl) E4 (1 and 2.1, KE and UG, boys) is nearest, then E2, its own people's."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database, event_id("E1"))

    names = {universe.event_id(name): name for name in ("E1", "E2", "E3", "E4", "E5", "E6")}
    assert {names[EventId(each.event)] for each in found.similar} == {"E2", "E4", "E6"}
    assert found.account.truncated is False
    fourth = next(each for each in found.similar if each.event == event_id("E4"))
    parts = {part.variable: part for part in fourth.parts}
    assert parts["form"].likeness == pytest.approx(2 / 3, abs=1e-5)
    assert parts["area"].likeness == pytest.approx((1 + 1 + 2 * 3 / (4 + 4)) / 3, abs=1e-5)
    assert (parts["svx"].likeness, parts["moc"].likeness, parts["moc"].missing) == (0.0, None, "not-told")


async def test_candidates_are_the_nearest_in_time_of_a_form_or_area(database: Database) -> None:
    """On random worlds, against going over every record: own people, then nearest on either side, in the budget."""
    records = two_agencies(4)
    await store_world(database, records)
    ancestors = ancestors_of(CODEBOOK)
    store = BoltSimilarStore(database)

    for record in records[::6]:
        facts = facts_of(record)
        (mine,) = await store.profiles([record.id], Bounds(universe.EVERYTHING))
        units = {ancestors["form"](code)[-1] for code in mine.codes["form"]}
        for limit in (4, 1_000):
            found = await ask(database, record.id, candidates=limit)
            own = {p.person for p in facts.parts}
            theirs = {r.id for r in records if own & {p.person for p in facts_of(r).parts}} - {record.id}
            told = {each.event for each in found.similar}
            assert found.account.truncated or theirs <= told
            assert len(told) <= limit
            if limit == 1_000 and units:
                same = {r.id for r in records if units & {f[0] for f in stored_forms(r)}} - {record.id}
                assert same <= told
                assert not found.account.truncated


def stored_forms(record: EventRecord) -> set[str]:
    """The forms of a record, of the event and of its victims."""
    return {*record.forms, *(form for part in record.participations for form in part.forms)}


async def test_limits_of_likeness_are_told_or_refused(database: Database) -> None:
    """What lies outside the scope is unknown, as a start and as an answer; wrong numbers and grounds are refused."""
    await universe.build_universe(BoltCaseStore(database))
    first, fifth = event_id("E1"), event_id("E5")

    assert {each.event for each in (await ask(database, fifth, actor=CARER)).similar} <= {event_id("E6")}
    silent = await ask(database, first, least_compared=100)
    assert (silent.similar, silent.account.hidden) == ((), 3)
    assert (await ask(database, first, candidates=1)).account.truncated is True
    for event in (first, EventId("no-such-event")):
        with pytest.raises(RecordUnknown):
            await ask(database, event, actor=CARER)
    for candidates, least_compared in ((0, 0), (5_001, 0), (9, 101), (9, -1)):
        with pytest.raises(ArgumentOutOfRange):
            await ask(database, first, candidates=candidates, least_compared=least_compared)
    with pytest.raises(ArgumentsConflicting):
        await ask(database, first, Extent(window=Window(2, 1)))
