"""Network questions about many events at the GraphQL door: answers, refusals, what is noted."""

from __future__ import annotations

from tests.api.conftest import Doors
from tests.universe import event_id, person_id

PATTERNS = """
query ($kind: PatternKind!, $settings: [PatternSettingInput!], $where: SearchGround, $after: String) {
  patterns(kind: $kind, settings: $settings, where: $where, after: $after) {
    settings { name value }
    found
    matches { kind strength members { person part } events timing because }
    account { truncated visited hidden skippedIdentifiers endCursor skippedHubs { id kind degree }
              countsByType { kind count } }
  }
}
"""


async def test_the_library_tells_its_patterns(case_doors: Doors) -> None:
    """Six of them, each with parameters and their ranges."""
    data = await case_doors.data("{ patternLibrary { kind words parameters { name default lowest highest means } } }")

    library = {each["kind"]: each for each in data["patternLibrary"]}
    assert len(library) == 6
    assert library["RING"]["parameters"][0] == {
        "name": "leastPeople", "default": 3, "lowest": 3, "highest": 8, "means": "members",
    }  # fmt: skip


async def test_a_pattern_is_found_with_its_reasons(case_doors: Doors) -> None:
    """Ben is a victim in E2 and a perpetrator in E3; no role is told there, so nothing says that he recruits."""
    asked = [{"name": "leastEvents", "value": 3}, {"name": "leastTold", "value": 1}, {"name": "leastShare", "value": 0}]

    star = (await case_doors.data(PATTERNS, kind="STAR_RECRUITER", settings=asked))["patterns"]
    turned = (await case_doors.data(PATTERNS, kind="VICTIM_TURNED_RECRUITER", settings=asked[:1]))["patterns"]

    assert star["settings"] == asked
    assert (star["found"], turned["found"]) == (0, 0)
    assert star["account"]["countsByType"] == [{"kind": "EVENT", "count": 6}, {"kind": "PERSON", "count": 14}]
    assert (star["account"]["visited"], star["account"]["endCursor"]) == (6, None)


async def test_where_and_settings_are_refused_with_what_to_do(case_doors: Doors) -> None:
    """Foreign parameters, one given twice, a start beside a cursor, an unknown start, a crossed window."""
    foreign = [{"name": "mostDays", "value": 3}]
    twice = [{"name": "leastPeople", "value": 3}, {"name": "leastPeople", "value": 4}]
    start = {"kind": "PERSON", "id": "no-such-person"}

    codes = [
        (await case_doors.error(PATTERNS, kind="RING", **variables))["code"]
        for variables in (
            {"settings": foreign},
            {"settings": twice},
            {"settings": [{"name": "leastPeople", "value": 9}]},
            {"where": {"around": start}},
            {"where": {"around": start}, "after": "x"},
            {"after": "x"},
            {"where": {"validDuring": {"since": "2020-01-01", "until": "2019-01-01"}}},
            {"where": {"budget": 0}},
        )
    ]

    assert codes == [
        "arguments_conflicting",
        "arguments_conflicting",
        "argument_out_of_range",
        "record_unknown",
        "arguments_conflicting",
        "cursor_foreign",
        "arguments_conflicting",
        "argument_out_of_range",
    ]


async def test_links_are_told_with_their_evidence(case_doors: Doors) -> None:
    """Kofi and Lena have two victims in common, by E1 and E2."""
    query = """{ sharedLinks(kind: SAME_VICTIM, minWeight: 2) {
      kind crowds links { nodes { source target weight events via identifiers because } totalCount }
      account { visited } } }"""

    found = (await case_doors.data(query))["sharedLinks"]

    (link,) = found["links"]["nodes"]
    assert {link["source"], link["target"]} == {person_id("kofi"), person_id("lena")}
    assert (link["weight"], set(link["events"])) == (2, {event_id("E1"), event_id("E2")})
    assert set(link["via"]) == {person_id("ada"), person_id("ben")}
    assert link["because"] == ["perpetrators with 2 victims in common", "shown by 2 events"]
    assert (found["kind"], found["links"]["totalCount"]) == ("SAME_VICTIM", 1)
    assert (found["crowds"], found["account"]["visited"]) == (0, 6)


async def test_routes_are_told_by_area_and_year(case_doors: Doors) -> None:
    """The row of Xia, by way of Kenya and a region; the real list has Eastern Africa two levels below Africa."""
    query = """query ($level: AreaLevel!) { routes(level: $level, by: [YEAR], where: {entity: "ug-shelter"}) {
      routes { nodes { origin { area { code missing } } transits { area { code } isCoarser }
                       destination { area { code } } by { by value { code missing } } victims events } }
      legs { totalCount } } }"""

    country = (await case_doors.data(query, level="COUNTRY"))["routes"]
    region = (await case_doors.data(query, level="SUBREGION"))["routes"]

    (first,) = [each for each in country["routes"]["nodes"] if each["transits"]]
    (rolled,) = [each for each in region["routes"]["nodes"] if each["transits"]]
    assert first["transits"] == [
        {"area": {"code": "KE"}, "isCoarser": False},
        {"area": {"code": "014"}, "isCoarser": True},
    ]
    assert (first["origin"]["area"], first["destination"]["area"]["code"]) == (
        {"code": None, "missing": "not-told"},
        "UG",
    )
    assert (first["by"], first["victims"]) == ([{"by": "YEAR", "value": {"code": "2020", "missing": None}}], 1)
    assert [stop["area"]["code"] for stop in rolled["transits"]] == ["202"]


async def test_similar_events_are_explained(case_doors: Doors) -> None:
    """The shares of a likeness add up to it; an event that is not there is unknown."""
    query = """query ($event: ID!) { similarEvents(event: $event, leastCompared: 0) {
      event similar { totalCount
                      nodes { event likeness compared parts { variable weight likeness share missing } } } } }"""

    found = (await case_doors.data(query, event=event_id("E1")))["similarEvents"]
    unknown = await case_doors.error(query, event="no-such-event")

    assert found["similar"]["totalCount"] == len(found["similar"]["nodes"]) == 3
    for each in found["similar"]["nodes"]:
        assert abs(sum(part["share"] for part in each["parts"]) - each["likeness"]) < 1e-5
    assert unknown["code"] == "record_unknown"


async def test_a_pattern_around_a_start(case_doors: Doors) -> None:
    """Around Kofi lie four events of the police and nothing of the shelter."""
    where = {"around": {"kind": "PERSON", "id": person_id("kofi"), "depth": 3}}

    found = (await case_doors.data(PATTERNS, kind="RING", where=where))["patterns"]

    assert (found["found"], found["account"]["visited"]) == (0, 4)
    assert event_id("E5") not in str(found)


async def test_what_would_be_ignored_or_found_empty_is_refused(case_doors: Doors) -> None:
    """Words that no list has, as `events` refuses them; lists of nothing; what the question has no use for."""
    start, rest = '{kind: AREA, id: "KE"}', "account { visited }"
    asked = {
        f'{{ sharedLinks(kind: CO_OFFENDING, where: {{area: "ZZ"}}) {{ {rest} }} }}': "code_unknown",
        f'{{ routes(where: {{form: "99"}}) {{ {rest} }} }}': "code_unknown",
        f'{{ patterns(kind: RING, where: {{area: "ZZ"}}) {{ {rest} }} }}': "code_unknown",
        f'{{ similarEvents(event: "no-such-event", where: {{form: "99"}}) {{ {rest} }} }}': "code_unknown",
        f'{{ egoNetwork(start: {start}, within: {{areas: ["ZZ"]}}) {{ visited }} }}': "code_unknown",
        f"{{ egoNetwork(start: {start}, within: {{edgeKinds: []}}) {{ visited }} }}": "arguments_conflicting",
        f"{{ egoNetwork(start: {start}, within: {{forms: []}}) {{ visited }} }}": "arguments_conflicting",
        f"{{ egoNetwork(start: {start}, within: {{onlyIds: {{}}}}) {{ visited }} }}": "arguments_conflicting",
        f"{{ sharedLinks(kind: CO_OFFENDING, mostDays: 3) {{ {rest} }} }}": "arguments_conflicting",
        '{ components(ids: {people: ["p"]}, depth: 3) { network { visited } } }': "arguments_conflicting",
        '{ codeUse(scheme: "units", codes: []) { code } }': "arguments_conflicting",
        '{ codeUse(scheme: "unitz") { code } }': "scheme_unknown",
        '{ codeUse(scheme: "units", version: "9.9") { code } }': "version_unknown",
        '{ codeUse(scheme: "units", codes: ["99"]) { code } }': "code_unknown",
        '{ codeUse(scheme: "units", version: "1.0", codes: ["99"]) { code } }': "code_unknown",
    }

    assert {query: (await case_doors.error(query))["code"] for query in asked} == asked
