"""Network questions about many events at the GraphQL door: answers, refusals, what is noted."""

from __future__ import annotations

from tests.api.conftest import Doors
from tests.universe import event_id, person_id

PATTERNS = """
query ($kind: PatternKind!, $settings: [PatternSettingInput!], $where: SearchGround) {
  patterns(kind: $kind, settings: $settings, where: $where) {
    settings { name value }
    found
    matches { kind strength members { person part } events timing because }
    account { truncated visited hidden skippedAddresses endCursor skippedHubs { id kind degree }
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
            {"where": {"start": start}},
            {"where": {"start": start, "after": "x"}},
            {"where": {"after": "x"}},
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


async def test_a_pattern_around_a_start(case_doors: Doors) -> None:
    """Around Kofi lie four events of the police and nothing of the shelter."""
    where = {"start": {"kind": "PERSON", "id": person_id("kofi")}, "depth": 3}

    found = (await case_doors.data(PATTERNS, kind="RING", where=where))["patterns"]

    assert (found["found"], found["account"]["visited"]) == (0, 4)
    assert event_id("E5") not in str(found)
