"""Each field of the registry, by what users rely on, and each of its errors."""

from __future__ import annotations

import pytest

from tests.api.conftest import Doors, Json


async def test_schemes_lists_all_with_their_versions(doors: Doors) -> None:
    """By id; versions newest first."""
    data = await doors.data("{ schemes { id latest { version } versions { version } } }")

    by_id = {scheme["id"]: scheme for scheme in data["schemes"]}
    assert list(by_id) == sorted(by_id)
    assert len(by_id) == 26
    assert by_id["isic"] == {
        "id": "isic",
        "latest": {"version": "5.0"},
        "versions": [{"version": "5.0"}, {"version": "4.0"}],
    }


async def test_a_version_tells_its_facts(doors: Doors) -> None:
    """Printed version, counts, levels, languages."""
    data = await doors.data(
        '{ version(scheme: "isic", version: "4.0") { scheme version printedVersion conceptCount status standing '
        "levels { depth } languages covers } }"
    )

    version = data["version"]
    assert (version["scheme"], version["version"], version["printedVersion"]) == ("isic", "4.0", "Rev.4")
    assert (version["conceptCount"], version["status"], version["standing"]) == (766, "SUPERSEDED", "OFFICIAL")
    assert [level["depth"] for level in version["levels"]] == [1, 2, 3, 4]


async def test_a_concept_by_code_and_by_uri_is_the_same(doors: Doors) -> None:
    """Leading zeros kept; label in the first language that has one, and it says which."""
    fields = """{
      scheme version code uri level parent { code } ancestors { code } label(languages: ["ar", "es"]) { text language }
    }"""
    by_code = await doors.data(f'{{ concept(scheme: "iccs", code: "02041") {fields} }}')
    by_uri = await doors.data(f'{{ concept(uri: "https://w3id.org/ictip/iccs/1.0/item/02041") {fields} }}')

    assert by_code == by_uri
    concept = by_code["concept"]
    assert (concept["scheme"], concept["version"], concept["code"]) == ("iccs", "1.0", "02041")
    assert [each["code"] for each in concept["ancestors"]] == ["0204", "02"]
    assert concept["label"]["language"] == "es"


async def test_units_map_to_iccs(doors: Doors) -> None:
    """As the classification's links say."""
    data = await doors.data('{ concept(scheme: "units", code: "5.3") { matches { kind target } residual derived } }')

    assert data["concept"]["matches"] == [
        {"kind": "BROAD", "target": "https://w3id.org/ictip/iccs/1.0/item/02044"},
        {"kind": "RELATED", "target": "https://w3id.org/ictip/iccs/1.0/item/0601"},
    ]


async def test_a_whole_list_in_one_call(doors: Doors) -> None:
    """All 830 codes of ISIC Rev.5, in order."""
    data = await doors.data('{ codelist(scheme: "isic") { total version { version } entries { code } } }')

    assert data["codelist"]["total"] == len(data["codelist"]["entries"]) == 830
    assert data["codelist"]["version"] == {"version": "5.0"}
    assert [entry["code"] for entry in data["codelist"]["entries"][:4]] == ["A", "01", "011", "0111"]


async def test_a_list_as_a_tree(doors: Doors) -> None:
    """Eight units, two of them with sub-units."""
    data = await doors.data('{ codelist(scheme: "units", shape: TREE) { total entries { code children { code } } } }')

    below = {entry["code"]: [child["code"] for child in entry["children"]] for entry in data["codelist"]["entries"]}
    assert data["codelist"]["total"] == 20
    assert list(below) == list("12345678")
    assert below["2"] == ["2.1", "2.2"]
    assert below["6"] == ["6.1", "6.2", "6.3", "6.4", "6.5"]


async def test_the_list_of_a_variable(doors: Doors) -> None:
    """By its binding, which the answer echoes."""
    data = await doors.data(
        '{ codelist(variable: "svx", languages: ["ru", "en"]) { version { scheme version } '
        "binding { variable version } languages entries { code label { language } } } }"
    )

    codelist: Json = data["codelist"]
    assert codelist["version"] == {"scheme": "sex", "version": "1.0"}
    assert codelist["languages"] == ["en"]
    assert codelist["binding"]["variable"] == "svx"
    assert [entry["code"] for entry in codelist["entries"]][:2] == ["female", "male"]


async def test_variables_by_step_and_unit_of_description(doors: Doors) -> None:
    """Four core ones of the victim; 33 in the scheme."""
    core = await doors.data(
        "{ variables(step: 1, describes: VICTIM) { code kind repeated list { version { scheme } } } }"
    )
    steps = await doors.data("{ one: variables(step: 1) { code } two: variables(step: 2) { code } }")

    assert [each["code"] for each in core["variables"]] == ["svx", "agv", "stv", "civ"]
    assert core["variables"][1]["kind"] == "RANGE"
    assert len(steps["one"]) + len(steps["two"]) == 33


async def test_search_pages_through_all_hits(doors: Doors) -> None:
    """Forward by cursor, nothing twice, accents folded; then backward to the same."""
    query = """query ($after: String, $before: String, $first: Int, $last: Int) {
      searchConcepts(text: "COTE", first: $first, last: $last, after: $after, before: $before) {
        totalCount nodes { matched concept { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }"""
    seen: list[str] = []
    after, total = None, 0
    while True:
        found = (await doors.data(query, first=3, after=after))["searchConcepts"]
        seen += [node["concept"]["code"] for node in found["nodes"]]
        total = found["totalCount"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]

    assert len(seen) == len(set(seen)) == total
    assert "CI" in seen
    back = (await doors.data(query, last=2, before=found["pageInfo"]["startCursor"]))["searchConcepts"]
    assert back["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("query", "code", "facts"),
    [
        ('{ scheme(id: "none") { id } }', "scheme_unknown", {"scheme": "none"}),
        ('{ scheme(id: "No such") { id } }', "identifier_malformed", None),
        ('{ version(scheme: "units", version: "9.0") { uri } }', "version_unknown", None),
        ('{ version(scheme: "isic", validOn: "1900-01-01") { uri } }', "version_unknown", None),
        (
            '{ concept(scheme: "iccs", code: "2041") { uri } }',
            "code_unknown",
            {"scheme": "iccs", "version": "1.0", "item": "2041"},
        ),
        ('{ concept(uri: "https://example.org/x") { uri } }', "uri_unknown", {}),
        ('{ concept(uri: "https://w3id.org/ictip/units/1.0/item/99") { uri } }', "uri_unknown", {}),
        ('{ concept(scheme: "units") { uri } }', "arguments_conflicting", None),
        ('{ concept(uri: "x", code: "1") { uri } }', "arguments_conflicting", None),
        ('{ codelist(scheme: "units", languages: ["xx"]) { total } }', "language_unknown", None),
        ('{ codelist(scheme: "units", languages: ["zh_CN"]) { total } }', "identifier_malformed", None),
        (
            '{ codelist(scheme: "units", level: 7) { total } }',
            "argument_out_of_range",
            {"argument": "level", "actual": 7, "lowest": 1, "highest": 2},
        ),
        ('{ codelist(scheme: "units", variable: "svx") { total } }', "arguments_conflicting", None),
        ('{ codelist(variable: "zzz") { total } }', "variable_unknown", {"variable": "zzz"}),
        ('{ codelist(variable: "dat") { total } }', "list_not_bound", None),
        (
            "{ variables(step: 4) { code } }",
            "argument_out_of_range",
            {"argument": "step", "actual": 4, "lowest": 1, "highest": 3},
        ),
        ('{ searchConcepts(text: "a", first: 101) { totalCount } }', "argument_out_of_range", None),
        ('{ searchConcepts(text: "a", after: "nonsense") { totalCount } }', "cursor_foreign", {"argument": "after"}),
        ('{ searchConcepts(text: "?!") { totalCount } }', "arguments_conflicting", None),
        ('{ concept(scheme: 7, code: "1") { uri } }', "document_invalid", None),
        ('{ version(scheme: "isic", validOn: "yesterday") { uri } }', "document_invalid", None),
    ],
)
async def test_each_error_says_what_and_what_to_do(doors: Doors, query: str, code: str, facts: Json | None) -> None:
    """One error with its code, facts and a hint; never retriable, for asking again changes nothing."""
    error = await doors.error(query)

    assert error["code"] == code
    assert facts is None or error["facts"] == facts
    assert error["hint"]
    assert error["retriable"] is False


async def test_a_cursor_of_another_question_is_refused(doors: Doors) -> None:
    """Its arguments are part of it."""
    page = await doors.data('{ searchConcepts(text: "traf", first: 1) { pageInfo { endCursor } } }')
    cursor = page["searchConcepts"]["pageInfo"]["endCursor"]

    error = await doors.error(
        'query ($c: String) { searchConcepts(text: "forced", after: $c) { totalCount } }', c=cursor
    )

    assert error["code"] == "cursor_foreign"
