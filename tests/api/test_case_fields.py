"""Each field of cases and networks over the universe on both engines, inside the caller's scope."""

from __future__ import annotations

import pytest

from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue
from registry.storage.bolt.driver import Database
from tests.api.conftest import Doors, Json, opened, rooms_of
from tests.universe import OFFICER, event_id, person_id


async def test_an_event_with_everything_told_of_it(case_doors: Doors) -> None:
    """Forms, participants, the releases of its codes."""
    data = await case_doors.data(
        """query ($id: ID!) { event(id: $id) {
          id entity sourceKey forms { code scheme version } coding { variable scheme version }
          participations(role: VICTIM) { key role person isGroup }
        } }""",
        id=event_id("E1"),
    )

    found = data["event"]
    assert (found["entity"], found["sourceKey"]) == ("ke-police", "E1")
    assert found["forms"] == [{"code": "1", "scheme": "units", "version": "1.0"}]
    assert [part["person"] for part in found["participations"]] == [person_id("ada")]
    assert {"variable": "svx", "scheme": "sex", "version": "1.0"} in found["coding"]


async def test_events_newest_first_with_a_count(case_doors: Doors) -> None:
    """Those without a date last; paged by cursor."""
    query = """query ($after: String) { events(first: 4, after: $after, count: true) {
      totalCount nodes { sourceKey } pageInfo { endCursor hasNextPage }
    } }"""
    first = (await case_doors.data(query))["events"]
    second = (await case_doors.data(query, after=first["pageInfo"]["endCursor"]))["events"]

    assert [node["sourceKey"] for node in (*first["nodes"], *second["nodes"])] == ["E5", "E4", "E3", "E2", "E1", "E6"]
    assert first["totalCount"] == 6
    assert second["pageInfo"]["hasNextPage"] is False


async def test_events_by_form_and_area(case_doors: Doors) -> None:
    """A unit takes its sub-units along, an area what lies in it."""
    query = "query ($where: EventFilterInput) { events(where: $where, count: true) { totalCount nodes { sourceKey } } }"
    labour = await case_doors.data(query, where={"form": "2"})
    entity = await case_doors.data(query, where={"entity": "ug-shelter"})

    assert sorted(node["sourceKey"] for node in labour["events"]["nodes"]) == ["E2", "E4", "E6"]
    assert entity["events"]["totalCount"] == 2


async def test_a_person_may_be_victim_and_perpetrator(case_doors: Doors) -> None:
    """The role is on each part."""
    data = await case_doors.data(
        "query ($id: ID!) { person(id: $id) { entity parts { event role } } }", id=person_id("ben")
    )

    roles = {part["event"]: part["role"] for part in data["person"]["parts"]}
    assert roles == {event_id("E2"): "VICTIM", event_id("E3"): "PERPETRATOR"}


async def test_reporting_entities(case_doors: Doors) -> None:
    """By id, with their events."""
    data = await case_doors.data(
        '{ reportingEntities { nodes { id name area eventCount } } reportingEntity(id: "ke-police") { name } }'
    )

    assert data["reportingEntities"]["nodes"] == [
        {"id": "ke-police", "name": "Police of Kenya", "area": "KE", "eventCount": 4},
        {"id": "ug-shelter", "name": "Shelter of Uganda", "area": "UG", "eventCount": 2},
    ]
    assert data["reportingEntity"] == {"name": "Police of Kenya"}


async def test_an_ego_network_says_what_it_left_out(case_doors: Doors) -> None:
    """Kofi's events and who took part; cut at the budget, it says so."""
    query = """query ($id: ID!, $budget: Int!) { egoNetwork(start: { kind: PERSON, id: $id }, budget: $budget) {
      truncated visited hidden countsByType { kind count } skippedHubs { id } nodes { id kind distance } edges { kind }
    } }"""
    whole = (await case_doors.data(query, id=person_id("kofi"), budget=100))["egoNetwork"]
    cut = (await case_doors.data(query, id=person_id("kofi"), budget=5))["egoNetwork"]

    events = {node["id"] for node in whole["nodes"] if node["kind"] == "EVENT"}
    assert events == {event_id("E1"), event_id("E2"), event_id("E4")}
    assert whole["truncated"] is False
    assert (cut["truncated"], len(cut["nodes"])) == (True, 5)


async def test_the_installation_counts_what_it_holds(case_doors: Doors) -> None:
    """Purpose, vocabularies and records."""
    data = await case_doors.data("{ installation { purpose schemes records { kind count } } }")

    counts = {each["kind"]: each["count"] for each in data["installation"]["records"]}
    assert (data["installation"]["purpose"], data["installation"]["schemes"]) == ("TEST", 26)
    assert counts["events"] == 6


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ event(id: "not-there-at-all") { id } }', "record_unknown"),
        ('{ person(id: "not-there-at-all") { id } }', "record_unknown"),
        ('{ reportingEntity(id: "nobody") { id } }', "record_unknown"),
        ('{ event(id: "?") { id } }', "identifier_malformed"),
        ('{ reportingEntity(id: "No Body") { id } }', "identifier_malformed"),
        ('{ events(where: { form: "99" }) { totalCount } }', "code_unknown"),
        ('{ events(where: { area: "ZZ" }) { totalCount } }', "code_unknown"),
        ('{ events(where: { variable: "svx" }) { totalCount } }', "arguments_conflicting"),
        ('{ events(where: { variable: "zzz", code: "1" }) { totalCount } }', "variable_unknown"),
        ("{ events(first: 1, last: 1) { totalCount } }", "arguments_conflicting"),
        ("{ events(first: 100000) { totalCount } }", "argument_out_of_range"),
        ('{ events(after: "nonsense") { totalCount } }', "cursor_foreign"),
        ('{ egoNetwork(start: { kind: PERSON, id: "not-there-at-all" }) { hidden } }', "record_unknown"),
        ('{ egoNetwork(start: { kind: PERSON, id: "x" }, depth: 7) { hidden } }', "argument_out_of_range"),
        ('{ egoNetwork(start: { kind: PERSON, id: "x" }, depth: 0) { hidden } }', "argument_out_of_range"),
        ('{ egoNetwork(start: { kind: PERSON, id: "x" }, budget: 0) { hidden } }', "argument_out_of_range"),
        ('{ egoNetwork(start: { kind: PERSON, id: "x" }, budget: 999999) { hidden } }', "argument_out_of_range"),
        (
            '{ egoNetwork(start: { kind: PERSON, id: "x" }, '
            'within: { validDuring: { since: "2021-01-01", until: "2020-01-01" } }) { hidden } }',
            "arguments_conflicting",
        ),
        (
            '{ egoNetwork(start: { kind: PERSON, id: "x" }, within: { validDuring: {} }) { hidden } }',
            "arguments_conflicting",
        ),
    ],
)
async def test_each_error_of_cases(case_doors: Doors, query: str, code: str) -> None:
    """One error with its code and a hint."""
    error = await case_doors.error(query)

    assert (error["code"], bool(error["hint"])) == (code, True)


async def test_outside_the_scope_is_not_found(universe: Database, catalogue: Catalogue) -> None:
    """The same words as for what does not exist; lists and counts hold the scope alone."""
    rooms = rooms_of(catalogue, universe)
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        there = await doors.error("query ($id: ID!) { event(id: $id) { id } }", id=event_id("E5"))
        nowhere = await doors.error("query ($id: ID!) { event(id: $id) { id } }", id="not-there-at-all")
        listed: Json = await doors.data(
            "{ events(count: true) { totalCount nodes { entity } } installation { records { kind count } } }"
        )

    assert there == nowhere
    assert listed["events"]["totalCount"] == 4
    assert {node["entity"] for node in listed["events"]["nodes"]} == {"ke-police"}
    assert {"kind": "events", "count": 4} in listed["installation"]["records"]


async def test_without_the_right_nothing_of_cases_is_told(universe: Database, catalogue: Catalogue) -> None:
    """Each field refuses the kind of act."""
    rooms = rooms_of(catalogue, universe)
    reader = Actor("reader", frozenset({Right.READ_REGISTRY}))
    async with opened(lambda: rooms, actor=reader) as doors:
        for field in ('event(id: "not-there-at-all")', "events", 'person(id: "not-there-at-all")', "reportingEntities"):
            assert (await doors.error(f"{{ {field} {{ __typename }} }}"))["code"] == "not_allowed"
        network = '{ egoNetwork(start: { kind: PERSON, id: "x" }) { hidden } }'
        assert (await doors.error(network))["code"] == "not_allowed"
        counted = await doors.data("{ installation { records { kind } } }")

    assert counted["installation"]["records"] == []


async def test_who_knows_a_phone_is_told_where_it_is(case_doors: Doors) -> None:
    """Nothing where no record tells it; the text is in no answer, nor in the error for one that is none."""
    query = "query ($text: String!) { identified(kind: PHONE, text: $text) { sightings { event } truncated } }"

    found = (await case_doors.data(query, text="+000 999"))["identified"]
    refused = await case_doors.ask(query, text="- - -")

    assert found == {"sightings": [], "truncated": False}
    assert refused["errors"][0]["extensions"]["code"] == "identifier_malformed"
    assert "- - -" not in str(refused)
