"""Routes: literals over the small world, plain counting on random worlds, what is missing is a row."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from registry.access.actor import STRANGER, Actor
from registry.cases.actions import store_events
from registry.cases.derivation import summarise_forms
from registry.cases.model import Codes, EventRecord, Missing, Participation, Role, Value, Values
from registry.cases.queries import check_store
from registry.cases.queries import event as stored_event
from registry.classification.paging import Page, PageRequest
from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, CursorForeign, NotAllowed, RecordUnknown
from registry.identifiers import Notation
from registry.network.gathering import EVERYWHERE, Around, Ground
from registry.network.model import NodeKind, Start
from registry.network.route_queries import RouteQuestion, Routes
from registry.network.routes import AreaLevel, By, Journey, Known, Origin, Roller, Route, Stop, count_routes
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import oracle, universe
from tests.network.test_ego_network import store_world
from tests.universe import CARER, EVERYONE, OFFICER, POLICE, event_id, networks, person_id
from tests.worlds import two_agencies

PARENTS = {
    "KE-30": "KE", "KE": "014", "UG": "014", "014": "202", "202": "002", "DZ": "015", "015": "002", "002": "001",
}  # fmt: skip
"""Of areas, as M49 has them; the small world's own list is a level shorter."""


def roller(level: AreaLevel) -> Roller:
    """Rolls areas by `PARENTS`."""

    def parent(code: Notation) -> Notation | None:
        return Notation(PARENTS[code]) if code in PARENTS else None

    return Roller(parent, lambda code: None, level)


@pytest.mark.parametrize(
    ("level", "code", "expected", "coarser"),
    [
        (AreaLevel.AS_TOLD, "KE-30", "KE-30", False),
        (AreaLevel.COUNTRY, "KE-30", "KE", False),
        (AreaLevel.COUNTRY, "014", "014", True),
        (AreaLevel.SUBREGION, "KE", "202", False),
        (AreaLevel.SUBREGION, "DZ", "015", False),
        (AreaLevel.SUBREGION, "014", "202", False),
        (AreaLevel.SUBREGION, "002", "002", True),
        (AreaLevel.REGION, "KE-30", "002", False),
        (AreaLevel.REGION, "001", "001", True),
        (AreaLevel.REGION, "XXA", "XXA", False),
        (AreaLevel.COUNTRY, "XXA", "XXA", False),
    ],
)
def test_areas_are_rolled_up_one_hierarchy(level: AreaLevel, code: str, expected: str, coarser: bool) -> None:
    """What is coarser than the level stays and says so; who has no country stays too."""
    assert roller(level).stop(Known(code)) == Stop(Known(expected), coarser)


async def ask(
    database: Database,
    ground: Ground = EVERYWHERE,
    *,
    actor: Actor = EVERYONE,
    level: AreaLevel = AreaLevel.COUNTRY,
    origin: Origin = Origin.RESIDENCE,
    by: tuple[By, ...] = (),
) -> Routes:
    """The routes."""
    return await RouteQuestion(ground, level, origin, by).ask(networks(database), actor=actor)


def rows(found: Routes) -> dict[tuple[str, ...], tuple[int, int]]:
    """Victims and events by the words of a row."""
    return {
        (
            *(stop.area.code or stop.area.missing for stop in (each.origin, *each.transits, each.destination)),
            *(value.code or value.missing for _, value in each.by),
        ): (each.victims, each.events)
        for each in found.routes
    }


async def test_routes_of_the_small_world(database: Database) -> None:
    """Ada of two citizenships is in two rows of E1; what is not told has a row; transits stand in their order."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database)

    assert rows(found) == {
        ("KE", "KE"): (1, 1),  # ada in E1
        ("UG", "KE"): (1, 1),  # ada's other citizenship there
        ("KE", "not-told"): (1, 1),  # ada in E2, where no country of exploitation is told
        ("UG", "not-told"): (1, 1),  # ben, who last lived in UG
        ("not-known", "UG"): (1, 1),  # cora
        ("not-told", "KE"): (6, 1),  # dan-1 … dan-6
        ("not-told", "UG"): (6, 1),
        ("not-told", "KE", "014", "UG"): (1, 1),  # xia by way of Kenya and a region
        ("not-told", "not-told"): (1, 1),  # yan
    }
    assert (found.account.visited, found.account.counts_by_type) == (6, {"Event": 6, "Person": 11})
    leg = next(leg for leg in found.legs if leg.target.is_coarser)
    assert (leg.source.area.code, leg.target.area.code, leg.events) == ("KE", "014", (event_id("E5"),))


async def test_rows_are_told_apart_by_year_form_sex_and_age_status(database: Database) -> None:
    """Missing states and spans of years are values of their own."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database, level=AreaLevel.REGION, by=(By.YEAR, By.FORM, By.SEX, By.AGE_STATUS), actor=OFFICER)

    told = rows(found)
    assert told["002", "002", "2019", "1", "female", "minor"] == (1, 1)
    assert told["not-known", "002", "2020", "4", "withheld", "not-told"] == (1, 1)
    assert told["not-told", "002", "2020", "2", "male", "not-told"] == (6, 1)
    assert told["not-told", "002", "2020", "1", "male", "not-told"] == (6, 1)


GROUP = Participation(Role.VICTIM, "g1", None, {}, (Notation("2.1"),))
WITHHELD = Value(Missing.WITHHELD)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (universe.event("E7", GROUP), {("not-told", "not-told", "2"): (0, 1)}),
        (universe.event("E7", GROUP, forms=["7"]), {("not-told", "not-told", "2"): (0, 1)}),
        (
            universe.event("E7", universe.victim("ada", "v1", forms=["2.1"]), forms=["1"]),
            {("not-told", "not-told", "1"): (1, 1), ("not-told", "not-told", "2"): (1, 1)},
        ),
        (
            universe.event("E7", universe.victim("ada", "v1", forms=["2.1"]), GROUP, forms=["1"]),
            {("not-told", "not-told", "2"): (1, 1)},
        ),
        (
            universe.event("E7", universe.victim("ada", "v1", forms=["7", "1"])),
            {("not-told", "not-told", "1"): (1, 1)},
        ),
        (universe.event("E7", universe.victim("ada", "v1"), forms=["8"]), {("not-told", "not-told", "8"): (1, 1)}),
        (
            universe.event(
                "E7",
                universe.victim("ada", "v1", coe=universe.codes("KE")),
                universe.victim("ben", "v2", civ=universe.codes("UG")),
            ),
            {("not-told", "KE", "not-told"): (1, 1), ("UG", "not-told", "not-told"): (1, 1)},
        ),
        (
            universe.event("E7", universe.victim("ada", "v1", coe=WITHHELD, lcv=WITHHELD), coe=universe.codes("KE")),
            {("withheld", "withheld", "not-told"): (1, 1)},
        ),
    ],
)
async def test_what_a_victim_suffered_and_where(
    database: Database, told: EventRecord, expected: dict[tuple[str, ...], tuple[int, int]]
) -> None:
    """Forms and countries of the victim, of the event where they are told of it, and of nobody else."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    await store_events(store, universe.CODEBOOK, universe.batch_of(POLICE), [told], actor=EVERYONE)

    around = await ask(database, Ground(around=Around(Start(NodeKind.EVENT, told.id), 1)), by=(By.FORM,))
    everywhere = await ask(database, by=(By.FORM,))

    assert rows(around) == expected
    assert rows(everywhere).keys() >= expected.keys()


async def test_the_legs_of_one_network(database: Database) -> None:
    """Around Xia: what her event tells, and nothing of others."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ask(database, Ground(around=Around(Start(NodeKind.PERSON, person_id("xia")), 2)))

    assert [(leg.source.area.code, leg.target.area.code, leg.victims) for leg in found.legs] == [
        ("", "KE", 1),
        ("014", "UG", 1),
        ("KE", "014", 1),
    ]


async def test_a_return_is_a_leg_of_its_own(database: Database) -> None:
    """By way of Uganda, Tanzania and Uganda again; delivered anew it is stored and told whole."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    event = universe.event("E7", universe.victim("ada", "v1", civ=universe.codes("KE")), coe=universe.codes("KE"))
    passed = tuple(map(Notation, ("UG", "014", "UG")))
    around = Ground(around=Around(Start(NodeKind.EVENT, event.id), 1))
    batch = universe.batch_of(POLICE)

    for transits in (passed[:2], passed):
        told = replace(event, transits=transits)
        await store_events(store, universe.CODEBOOK, batch, [told], actor=EVERYONE)
        assert (await stored_event(store, event.id, actor=EVERYONE)).record.transits == transits

    found = await ask(database, around)
    assert ("KE", "UG", "014", "UG", "KE") in rows(found)
    legs = {(leg.source.area.code, leg.target.area.code) for leg in found.legs if event.id in leg.events}
    assert legs == {("KE", "UG"), ("UG", "014"), ("014", "UG"), ("UG", "KE")}
    assert await check_store(store, universe.CODEBOOK, actor=EVERYONE) == []


def expected(records: list[EventRecord], origin: Origin, by: tuple[By, ...]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Every row by going over every victim of every record."""
    found: dict[tuple[str, ...], tuple[set[str], set[str]]] = {}
    for record in records:
        victims: list[Participation | None] = [
            part for part in record.participations if part.role is Role.VICTIM and part.person
        ]
        for part in victims or [None]:
            values: Values = part.values if part else {}
            origins = words(values, "civ")
            if origin is Origin.RESIDENCE and "lcv" in values and isinstance(values[Notation("lcv")].content, Codes):
                origins = words(values, "lcv")
            ends = words(values, "coe") if "coe" in values else words(record.values, "coe")
            forms = suffered(record, part) or ("not-told",)
            options = {
                By.YEAR: [years(record)],
                By.FORM: sorted({form if form == "not-told" else form[0] for form in forms}),
                By.SEX: words(values, "svx")[:1],
                By.AGE_STATUS: words(values, "stv")[:1],
            }
            for first, last, *rest in product(origins, ends, *(options[each] for each in by)):
                people, events = found.setdefault((first, *record.transits, last, *rest), (set(), set()))
                people.update([part.person] if part and part.person else [])
                events.add(record.id)
    return {key: (len(people), len(events)) for key, (people, events) in found.items()}


def suffered(record: EventRecord, part: Participation | None) -> set[Notation]:
    """The forms that count for a victim, or for an event without a named one; 7 beside others does not."""
    victims = [each for each in record.participations if each.role is Role.VICTIM]
    if part is None:
        told = {*record.forms, *(form for each in victims for form in each.forms)}
    elif victims == [part]:
        told = {*part.forms, *record.forms}
    else:
        told = set(part.forms or record.forms)
    return told - {"7"} or told


def words(values: Values, variable: str) -> list[str]:
    """Codes, or why there are none."""
    value = values.get(Notation(variable))
    if value is None:
        return ["not-told"]
    if isinstance(value.content, Missing):
        return [value.content.value]
    return list(value.content.codes) if isinstance(value.content, Codes) else []


def years(record: EventRecord) -> str:
    """The year of recording."""
    moment = oracle._moment(record.values, "dat")
    if moment is None:
        return "not-told"
    return moment.edtf[:4] if "/" not in moment.edtf else "several-years"


@pytest.mark.parametrize("seed", range(2))
async def test_both_engines_agree_with_plain_counting(database: Database, seed: int) -> None:
    """Random worlds, each origin, by anything, the actor's records alone."""
    records = two_agencies(seed)
    await store_world(database, records)
    assert any(summarise_forms(record).stored for record in records)
    dice = random.Random(seed)

    for _ in range(6):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE])))
        by = tuple(dice.sample(list(By), dice.randint(0, 4)))
        origin = dice.choice(list(Origin))

        found = await ask(database, actor=actor, level=AreaLevel.AS_TOLD, origin=origin, by=by)

        assert rows(found) == expected(oracle.in_scope(records, entities), origin, by)
        counts = [(-each.victims, -each.events) for each in found.routes]
        assert counts == sorted(counts)


async def test_limits_of_routes_are_told_or_refused(database: Database) -> None:
    """The newest events within the budget; wrong numbers, cursors, repeated words, unknown starts, other actors."""
    await universe.build_universe(BoltCaseStore(database))

    cut = await ask(database, Ground(budget=2))
    assert (cut.account.truncated, cut.account.visited) == (True, 2)
    assert (await ask(database, Ground(budget=6))).account.truncated is False
    whole = await ask(database)
    pages: list[Page[Route]] = []
    after: str | None = None
    while not pages or pages[-1].has_next:
        pages.append(whole.page(PageRequest(first=4, after=after)))
        after = pages[-1].end_cursor
    assert [row for page in pages for row in page.nodes] == list(whole.routes)
    assert ([len(page.nodes) for page in pages], pages[0].total) == ([4, 4, 1], 9)
    with pytest.raises(CursorForeign):
        whole.page_of_legs(PageRequest(after=after))
    with pytest.raises(CursorForeign):
        (await ask(database, by=(By.SEX,))).page(PageRequest(after=after))
    with pytest.raises(ArgumentOutOfRange):
        whole.page(PageRequest(first=101))
    with pytest.raises(ArgumentsConflicting):
        await ask(database, by=(By.SEX, By.SEX))
    with pytest.raises(RecordUnknown):
        await ask(database, Ground(around=Around(Start(NodeKind.PERSON, person_id("ada")))), actor=CARER)
    with pytest.raises(NotAllowed):
        await ask(database, actor=STRANGER)


def test_nothing_has_no_routes() -> None:
    """No journeys, no rows."""
    assert count_routes([], roller(AreaLevel.COUNTRY), origin=Origin.RESIDENCE, by=()) == ((), ())


def test_an_area_is_rolled_up_once() -> None:
    """However many journeys pass it: the lists are asked for its parents, and for those of what is above it."""
    asked: list[str] = []

    def parent(code: Notation) -> Notation | None:
        asked.append(code)
        return Notation(PARENTS[code]) if code in PARENTS else None

    told = Known(missing="not-told")
    journeys = [
        Journey(f"e{n}", f"{n}", f"p{n}", [Known("KE")], [], ["UG"], [Known("DZ")], told, [Known("2")], told, told)
        for n in range(100)
    ]
    (row,), _ = count_routes(
        journeys, Roller(parent, parent, AreaLevel.COUNTRY), origin=Origin.RESIDENCE, by=(By.FORM,)
    )

    assert (row.victims, row.events) == (100, 100)
    assert sorted(asked) == sorted(
        [*("KE", "014", "202", "002", "001"), *("UG", "014", "202", "002", "001"), *("DZ", "015", "002", "001"), "2"]
    )
