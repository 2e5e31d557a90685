"""GraphQL over HTTP: what is read, in which media type and status it is answered, and what is refused."""

from __future__ import annotations

import re

import httpx
import orjson
import pytest

from graphql_api.settings import Limits, Settings
from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue
from tests.api.conftest import Doors, Json, opened, rooms_of

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
ASK = '{ scheme(id: "units") { id } }'
DATA = {"data": {"scheme": {"id": "units"}}}


async def post(doors: Doors, body: object, **headers: str) -> httpx.Response:
    """The answer to a JSON body, or to raw bytes."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return await doors.http.post("/graphql", content=content, headers={"content-type": JSON, **headers})


def code_of(answer: httpx.Response) -> str:
    """The code of the answer's only error."""
    (error,) = answer.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (RESPONSE, RESPONSE),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON};q=0.5, {RESPONSE};q=0.4", JSON),
        (f"text/html, {RESPONSE}", RESPONSE),
    ],
)
async def test_answers_in_the_media_type_asked_for(doors: Doors, accept: str, media: str) -> None:
    """By quality, then by order; UTF-8 is said."""
    answer = await post(doors, {"query": ASK}, accept=accept)

    assert answer.json() == DATA
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"


async def test_refuses_media_types_it_cannot_write(doors: Doors) -> None:
    """406, with what there is."""
    answer = await post(doors, {"query": ASK}, accept="text/csv")

    assert (answer.status_code, code_of(answer)) == (406, "answer_type_refused")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin-1"]
)
async def test_reads_json_in_utf8_only(doors: Doors, kind: str) -> None:
    """A foreign page can send the others without asking first."""
    answer = await doors.http.post("/graphql", content=orjson.dumps({"query": ASK}), headers={"content-type": kind})

    assert (answer.status_code, code_of(answer)) == (415, "media_type_refused")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "request_malformed"),
        (b"{", "request_malformed"),
        (b'"text"', "request_malformed"),
        (b"{}", "request_malformed"),
        (b'{"query": 7}', "request_malformed"),
        (b'{"query": "  "}', "request_malformed"),
        (b'{"query": "{a}", "variables": [1]}', "request_malformed"),
        (b'{"query": "{a}", "variables": "x"}', "request_malformed"),
        (b'{"query": "{a}", "operationName": 3}', "request_malformed"),
        (b'{"query": "{a}", "extensions": 3}', "request_malformed"),
        (b'{"query": "\\ud800"}', "request_malformed"),
        (b'{"query": "\xff"}', "request_malformed"),
        (b"[" * 5000 + b"]" * 5000, "request_malformed"),
        (b'{"query": "{a}", "variables": {"a": ' + b"[" * 30 + b"]" * 30 + b"}}", "request_malformed"),
        (b'[{"query": "{a}"}, {"query": "{a}"}]', "batch_refused"),
    ],
)
async def test_a_malformed_request_is_400(doors: Doors, body: bytes, code: str) -> None:
    """Whatever the media type of the answer; the server stays up."""
    for accept in (JSON, RESPONSE):
        answer = await post(doors, body, accept=accept)
        assert (answer.status_code, code_of(answer)) == (400, code)

    assert (await post(doors, {"query": ASK})).json() == DATA


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "document_malformed"),
        ("{ nothing }", "document_invalid"),
        ("query A { schemes { id } } query B { schemes { id } }", "operation_unclear"),
        ("fragment F on Scheme { id }", "document_invalid"),
        ("query ($id: SchemeId!) { scheme(id: $id) { id } }", "variables_invalid"),
        ("mutation { nothing }", "document_invalid"),
    ],
)
async def test_a_request_that_cannot_run_has_no_data(doors: Doors, query: str, code: str) -> None:
    """400 in the newer media type, 200 in plain JSON, as the specification wants."""
    for accept, status in ((RESPONSE, 400), (JSON, 200)):
        answer = await post(doors, {"query": query}, accept=accept)
        body: Json = answer.json()
        assert (answer.status_code, body["errors"][0]["extensions"]["code"]) == (status, code)
        assert "data" not in body


@pytest.mark.parametrize("edit", ["{}", "{split: null}", '{remove: {code: "1"}, move: {code: "1"}}'])
async def test_an_input_of_one_member_takes_no_other_number(doors: Doors, edit: str) -> None:
    """Said as an error of the caller's, not as one of ours; as a literal and as a variable."""
    mutation = 'mutation { editDraft(draft: "d", expected: "", reason: "r", edits: [%s]) { draft { id } } }'
    by_variable = """mutation ($edits: [EditInput!]!) {
      editDraft(draft: "d", expected: "", reason: "r", edits: $edits) { draft { id } } }"""
    given = orjson.loads(re.sub(r"(\w+):", r'"\1":', edit))

    for body in ({"query": mutation % edit}, {"query": by_variable, "variables": {"edits": [given]}}):
        assert code_of(await post(doors, body)) in {"variables_invalid", "document_invalid"}


async def test_names_choose_the_operation(doors: Doors) -> None:
    """Two operations, one named."""
    query = 'query A { scheme(id: "units") { id } } query B { scheme(id: "isic") { id } }'

    answer = await post(doors, {"query": query, "operationName": "B"})

    assert answer.json() == {"data": {"scheme": {"id": "isic"}}}


async def test_a_field_error_answers_200_with_data(doors: Doors) -> None:
    """In both media types, with path and place."""
    answer = await post(
        doors, {"query": '{ ok: scheme(id: "units") { id } no: scheme(id: "none") { id } }'}, accept=RESPONSE
    )

    assert answer.status_code == 200
    assert answer.json()["data"] == {"ok": {"id": "units"}, "no": None}
    assert answer.json()["errors"] == [
        {
            "message": "There is no scheme none.",
            "locations": [{"line": 1, "column": 34}],
            "path": ["no"],
            "extensions": {
                "code": "scheme_unknown",
                "retriable": False,
                "hint": "List them with the query `schemes`.",
                "facts": {"scheme": "none"},
            },
        }
    ]


READ = {"query": "query ($id: SchemeId!) { scheme(id: $id) { id } }", "variables": '{"id": "units"}'}


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": JSON},
        {"accept": RESPONSE, "sec-fetch-site": "same-origin"},
        {"accept": "*/*", "graphql-require-preflight": "1"},
        {"accept": "*/*", "sec-fetch-mode": "cors"},
        {"accept": "*/*", "sec-fetch-site": "cross-site", "apollo-require-preflight": "1"},
    ],
)
async def test_a_get_reads_where_no_foreign_page_can_have_sent_it(doors: Doors, headers: dict[str, str]) -> None:
    """It names one of our media types, or has a header that browsers ask about first."""
    assert (await doors.http.get("/graphql", params=READ, headers=headers)).json() == DATA


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"accept": "*/*"}, 406, "answer_type_refused"),
        ({"accept": "image/webp,*/*;q=0.8"}, 406, "answer_type_refused"),
        ({"accept": "*/*", "sec-fetch-mode": "cors", "sec-fetch-site": "none"}, 406, "answer_type_refused"),
        ({"accept": JSON, "sec-fetch-site": "cross-site"}, 405, "method_refused"),
        ({"accept": JSON, "sec-fetch-site": "same-site"}, 405, "method_refused"),
        ({"accept": JSON, "origin": "https://evil.example"}, 405, "method_refused"),
    ],
)
async def test_a_get_that_a_foreign_page_may_have_sent_is_refused(
    doors: Doors, headers: dict[str, str], status: int, code: str
) -> None:
    """Links, images, forms and scripts of other sites are told by their headers."""
    refused = await doors.http.get("/graphql", params=READ, headers=headers)

    assert (refused.status_code, code_of(refused)) == (status, code)


@pytest.mark.parametrize("query", ["query=", "query={a}&query={b}", "query={a}&variables={", "x=1"])
async def test_a_malformed_get_is_400(doors: Doors, query: str) -> None:
    """Missing, doubled or unreadable parameters."""
    answer = await doors.http.get(f"/graphql?{query}", headers={"accept": JSON})

    assert (answer.status_code, code_of(answer)) == (400, "request_malformed")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(doors: Doors, method: str) -> None:
    """Only POST and GET."""
    answer = await doors.http.request(method, "/graphql", headers={"accept": JSON})

    assert (answer.status_code, code_of(answer)) == (405, "method_refused")


async def test_a_large_body_is_refused_before_it_is_read(catalogue: Catalogue) -> None:
    """By its announced length, and while it comes in pieces without one."""
    pieces = 0

    async def stream() -> object:
        nonlocal pieces
        for _ in range(1000):
            pieces += 1
            yield b"x" * 100

    rooms = rooms_of(catalogue)
    settings = Settings(limits=Limits(body_bytes=500, delivery_bytes=1_000), log_level="error")
    reader = Actor("reader", frozenset({Right.READ_REGISTRY}))
    async with opened(lambda: rooms, settings=settings, actor=reader) as doors:
        announced = await post(doors, b"x" * 501)
        streamed = await doors.http.post("/graphql", content=stream(), headers={"content-type": JSON})  # type: ignore[arg-type]

    assert (announced.status_code, announced.json()["error"]["code"]) == (413, "body_too_large")
    assert (streamed.status_code, pieces) == (413, 6)


async def test_who_may_edit_vocabularies_sends_a_whole_version(catalogue: Catalogue) -> None:
    """A larger body, which has its limit too; told what to do beyond it."""
    rooms = rooms_of(catalogue)
    settings = Settings(limits=Limits(body_bytes=500, delivery_bytes=1_000), log_level="error")
    editor = Actor("editor", frozenset({Right.READ_REGISTRY, Right.EDIT_VOCABULARY}))
    async with opened(lambda: rooms, settings=settings, actor=editor) as doors:
        whole, too_large = [await post(doors, {"query": ASK, "variables": {"x": "x" * size}}) for size in (600, 1_000)]

    assert whole.json() == DATA
    assert (too_large.status_code, too_large.json()["error"]["code"]) == (413, "body_too_large")
    assert "ictip draft import" in too_large.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.2:80"])
async def test_foreign_hosts_are_refused(doors: Doors, host: str) -> None:
    """A name that was made to point here is none of ours (DNS rebinding)."""
    answer = await doors.http.get("/health", headers={"host": host})

    assert (answer.status_code, answer.json()["error"]["code"]) == (421, "host_refused")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:80", "[::1]"])
async def test_own_hosts_are_answered(doors: Doors, host: str) -> None:
    """With and without a port."""
    assert (await doors.http.get("/health", headers={"host": host})).status_code == 200


async def test_every_answer_has_its_headers(doors: Doors) -> None:
    """Security headers, and the caller's own request id where it is a sound one."""
    for answer in (
        await doors.http.get("/", headers={"x-request-id": "my-request-1"}),
        await doors.http.get("/nowhere", headers={"x-request-id": "my-request-1"}),
        await post(doors, {"query": ASK}, **{"x-request-id": "my-request-1"}),
    ):
        assert answer.headers["x-request-id"] == "my-request-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    unsound = await doors.http.get("/health", headers={"x-request-id": 'x"\n'.replace("\n", " ")})
    assert unsound.headers["x-request-id"] != 'x" '


async def test_health_and_readiness(doors: Doors) -> None:
    """Live without a word of the store; ready with the catalogue's revision."""
    assert (await doors.http.get("/health")).json() == {"status": "live"}
    assert (await doors.http.get("/ready")).json() == {"status": "ready", "revision": 0, "schemes": 26}


async def test_unknown_addresses_are_404(doors: Doors) -> None:
    """With what to do."""
    answer = await doors.http.get("/nowhere/at/all")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "address_unknown"
    assert answer.json()["error"]["hint"] == "The start page `/` lists what is here."


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-real-ip", "via"])
async def test_what_a_proxy_on_this_machine_passes_on_is_a_strangers(catalogue: Catalogue, header: str) -> None:
    """Its own address is loopback; whoever asks through it is not the local user."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms) as doors:
        answer = await post(doors, {"query": "{ openings { id } }"}, **{header: "192.0.2.7"})

    assert answer.json()["errors"][0]["extensions"]["facts"]["actor"] == "stranger"


async def test_strangers_read_the_classification_but_no_cases(catalogue: Catalogue) -> None:
    """Who does not come over loopback is nobody in particular."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, client=("192.0.2.7", 5000)) as doors:
        assert await doors.data(ASK) == DATA["data"]
        refused = await doors.error("{ events { totalCount } }")

    assert refused["code"] == "not_allowed"
    assert refused["facts"] == {"actor": "stranger", "right": "read cases"}
