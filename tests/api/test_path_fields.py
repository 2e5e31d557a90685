"""Paths, ego networks and judgements at the GraphQL door: shape, errors, and requests to the database an operation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.settings import Purpose
from registry.access.actor import local_user
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.driver import Database
from tests.api.conftest import Doors, opened, rooms_of
from tests.counting import CountingDatabase, counting
from tests.universe import event_id, person_id

PATHS = """query ($from: NetworkStart!, $to: NetworkStart!, $within: NetworkWithin, $hops: Int) {
  paths(from: $from, to: $to, most: 1, maxHops: $hops, within: $within) {
    outcome limits
    paths { nodes confidence hops { near far links { kind } confidence evidence { event entity recorded grounds } } }
    network { visited judged countsByType { kind count } }
  }
}"""
JUDGE = """mutation ($one: ID!, $other: ID!) {
  judgeSame(kind: PERSON, one: $one, other: $other, grounds: DOCUMENT) { one other grounds by }
}"""
WITHDRAW = "mutation ($one: ID!, $other: ID!) { withdrawJudgement(kind: PERSON, one: $one, other: $other) { by } }"
EGO = """query ($id: ID!, $depth: Int, $within: NetworkWithin) {
  egoNetwork(start: { kind: PERSON, id: $id }, depth: $depth, within: $within) {
    judged nodes { id kind cluster label } edges { kind }
  }
}"""


def ends(one: str, other: str) -> dict[str, object]:
    """Variables of two people as ends of a path."""
    return {"from": {"kind": "PERSON", "id": person_id(one)}, "to": {"kind": "PERSON", "id": person_id(other)}}


async def test_a_path_with_its_evidence(case_doors: Doors) -> None:
    """From Cora to Dan: six hops, each with who reported it and what that rests on."""
    told = (await case_doors.data(PATHS, **ends("cora", "dan-1"), hops=8))["paths"]

    (path,) = told["paths"]
    assert (told["outcome"], told["limits"], len(path["hops"])) == ("FOUND", [], 6)
    assert path["hops"][-1]["evidence"] == [
        {"event": event_id("E4"), "entity": "ke-police", "recorded": "2020-06-15T10:30+03:00",
         "grounds": ["actual", "synthetic"]}
    ]  # fmt: skip


async def test_hubs_have_labels_wherever_they_are_asked_for(case_doors: Doors) -> None:
    """On paths and in components as in networks around a start: areas and units from the registry."""
    asked = """query ($from: NetworkStart!, $to: NetworkStart!, $within: NetworkWithin) {
      paths(from: $from, to: $to, within: $within) { network { nodes { id kind label } } }
      components(around: $from, within: $within) { network { nodes { id kind label } } }
    }"""

    told = await case_doors.data(asked, **ends("cora", "dan-1"), within={"ends": ["CONCEPT"], "languages": ["en"]})

    for field in ("paths", "components"):
        hubs = [each for each in told[field]["network"]["nodes"] if each["kind"] == "CONCEPT"]
        assert hubs
        assert all(each["label"] for each in hubs)
    start = '{ egoNetwork(start: { kind: AREA, id: "KE" }, depth: 1) { nodes { id label } } }'
    nodes = (await case_doors.data(start))["egoNetwork"]["nodes"]
    assert nodes[0] == {"id": "KE", "label": "Kenya"}


async def test_files_of_paths_say_that_they_show_the_paths_alone(case_doors: Doors) -> None:
    """With how much was looked at; where none was found within the limits, that there may be one."""
    asked = """query ($from: NetworkStart!, $to: NetworkStart!, $hops: Int!) {
      paths(from: $from, to: $to, most: 1, maxHops: $hops) { network { export(format: CSV) { name text } } }
    }"""

    told = []
    for hops in (12, 1):
        files = (await case_doors.data(asked, hops=hops, **ends("ben", "dan-1")))["paths"]["network"]["export"]
        told.append({file["name"]: file["text"] for file in files}["readme.txt"].splitlines())

    ends_told = f"from person {person_id('ben')[:8]} to person {person_id('dan-1')[:8]}"
    assert told == [
        [
            f"Paths {ends_told}: 3 people, 2 events, 4 links.",
            "Shown are the paths alone; 11 people and 3 events were looked at.",
        ],
        [
            f"No path found {ends_told}: 1 person, 0 links.",
            "Shown is the start alone; 2 people and 2 events were looked at.",
            "There may be a path: the search was ended by the limit of hops.",
        ],
    ]


async def test_judging_joins_and_withdrawing_parts(case_doors: Doors) -> None:
    """Ada and Xia: apart there is no path from Ada to Kurt; judged the same there is one, until that is taken back."""
    pair = {"one": person_id("ada"), "other": person_id("xia")}
    together = {"judged": "TOGETHER"}

    async def outcome(within: dict[str, str] | None = None) -> str:
        told = await case_doors.data(PATHS, **ends("ada", "kurt"), hops=8, within=within)
        return str(told["paths"]["outcome"])

    before = await outcome(together)
    made = (await case_doors.data(JUDGE, **pair))["judgeSame"]
    listed = await case_doors.data(
        "query ($ids: [ID!]!) { judgements(kind: PERSON, ids: $ids) { one other grounds by } }", ids=[pair["other"]]
    )
    again = await case_doors.error(JUDGE, **pair)
    ego = (await case_doors.data(EGO, id=pair["one"], depth=1, within=together))["egoNetwork"]
    joined, apart = await outcome(together), await outcome()
    withdrawn = (await case_doors.data(WITHDRAW, **pair))["withdrawJudgement"]
    gone = await case_doors.error(WITHDRAW, **pair)

    assert made == {"one": min(pair.values()), "other": max(pair.values()), "grounds": "DOCUMENT", "by": "local"}
    assert listed["judgements"] == [made]
    assert (before, joined, apart, await outcome(together)) == ("NONE", "FOUND", "NONE", "NONE")
    assert (again["code"], gone["code"], withdrawn["by"]) == ("already_judged", "judgement_unknown", "local")
    clusters = {node["id"]: node["cluster"] for node in ego["nodes"]}
    assert ego["judged"] == "TOGETHER"
    assert clusters[pair["one"]] == clusters[pair["other"]] == min(pair.values())


async def test_hubs_at_the_end_have_labels(case_doors: Doors) -> None:
    """Areas and forms in the language asked for, agencies by name."""
    within = {"ends": ["AREA", "CONCEPT", "ENTITY"], "languages": ["es"]}
    told = (await case_doors.data(EGO, id=person_id("xia"), depth=1, within=within))["egoNetwork"]

    labels = {node["id"]: node["label"] for node in told["nodes"] if node["kind"] in ("AREA", "CONCEPT", "ENTITY")}
    assert labels["UG"] == "Uganda"
    assert labels["ug-shelter"] == "Shelter of Uganda"
    assert labels["5.4"] not in (None, "5.4")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ paths(from: {kind: PERSON, id: "x"}, to: {kind: PERSON, id: "y"}) { outcome } }', "record_unknown"),
        ('{ paths(from: {kind: PERSON, id: "x"}, to: {kind: PERSON, id: "x"}) { outcome } }', "arguments_conflicting"),
        ('{ paths(from: {kind: AREA, id: "KE"}, to: {kind: PERSON, id: "x"}) { outcome } }', "arguments_conflicting"),
        ('{ paths(from: {kind: PERSON, id: "x"}, to: {kind: EVENT, id: "y"}, most: 0) { outcome } }',
         "argument_out_of_range"),
        ('{ paths(from: {kind: PERSON, id: "x"}, to: {kind: EVENT, id: "y"}, budget: 0) { outcome } }',
         "argument_out_of_range"),
        ('{ judgements(kind: AREA, ids: ["KE"]) { id } }', "arguments_conflicting"),
        ("{ judgements(kind: PERSON, ids: []) { id } }", "argument_out_of_range"),
        ('mutation { judgeSame(kind: PERSON, one: "x", other: "y", grounds: ANALYSIS) { id } }', "record_unknown"),
        ('mutation { judgeSame(kind: PERSON, one: "x", other: "x", grounds: ANALYSIS) { id } }',
         "arguments_conflicting"),
    ],
)  # fmt: skip
async def test_each_error_of_networks(case_doors: Doors, query: str, code: str) -> None:
    """One error with its code and a hint."""
    error = await case_doors.error(query)

    assert error["code"] == code
    assert error["hint"]


@pytest.fixture
async def counted(universe: Database, catalogue: Catalogue) -> AsyncIterator[tuple[Doors, CountingDatabase]]:
    """Doors over the universe, and the database that counts what they ask of it."""
    async with counting(universe) as database:
        rooms = rooms_of(catalogue, database, Purpose.TEST)
        async with opened(lambda: rooms, actor=local_user()) as doors:
            yield doors, database


async def test_requests_to_the_database_an_operation(counted: tuple[Doors, CountingDatabase]) -> None:
    """Two hops are one request, also two from either end of a path; each further hop is one; the rest costs its own."""
    doors, database = counted

    async def asked(query: str, **variables: object) -> list[str]:
        await doors.data(query, **variables)
        return database.counted()

    kofi = person_id("kofi")
    assert await asked(EGO, id=kofi, depth=2) == ["begin_person"]
    assert await asked(EGO, id=kofi, depth=4) == [
        "begin_person", "neighbours_of_people", "neighbours_of_events"
    ]  # fmt: skip
    assert await asked(EGO, id=kofi, depth=2, within={"ends": ["AREA"]}) == ["begin_person", "ends_in_areas"]
    assert await asked(EGO, id=kofi, depth=1, within={"minLinks": 2}) == ["begin_person", "neighbours_of_events"]
    assert await asked(EGO, id=kofi, depth=1, within={"onlyIds": {"events": []}}) == [
        "known_people", "neighbours_of_people"
    ]  # fmt: skip
    assert await asked(EGO, id=kofi, depth=1, within={"judged": "TOGETHER"}) == [
        "begin_person", "same_people", "same_events"
    ]  # fmt: skip
    assert await asked(PATHS, **ends("ada", "xia"), hops=8) == [
        "between_people", "neighbours_of_people"
    ]  # fmt: skip
    assert await asked(PATHS, **ends("ada", "ben"), hops=8) == [
        "between_people"
    ]  # fmt: skip


async def test_components_at_the_door(case_doors: Doors) -> None:
    """Around Uganda: one of the police, one of the shelter."""
    told = await case_doors.data(
        """{ components(around: {kind: AREA, id: "UG"}, depth: 5) {
          components { peopleCount eventCount countryCount agencyCount crossesBorders crossesAgencies agencies
                       because }
          network { truncated }
        } }"""
    )

    assert told["components"]["components"] == [
        {"peopleCount": 11, "eventCount": 4, "countryCount": 2, "agencyCount": 1, "crossesBorders": True,
         "crossesAgencies": False, "agencies": ["ke-police"],
         "because": ["11 people and 4 events that hang together",
                     "its events belong to 2 countries", "recorded by 1 agency"]},
        {"peopleCount": 2, "eventCount": 1, "countryCount": 2, "agencyCount": 1, "crossesBorders": True,
         "crossesAgencies": False, "agencies": ["ug-shelter"],
         "because": ["2 people and 1 event that hang together",
                     "its events belong to 2 countries", "recorded by 1 agency"]},
    ]  # fmt: skip
