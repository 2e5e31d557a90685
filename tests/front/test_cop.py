"""The checks of the scanner graphql-cop, by their own names: what each sends, and the answer that would be its finding.

Asked as a stranger asks, with everything as it ships, and with the header that the scanner's client sends. All that it
calls high or medium are here, and the lower ones too.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from registry.classification.catalogue import Catalogue
from tests.api.conftest import Doors, Json, opened, rooms_of
from tests.front.conftest import SHIPPED

CLIENT = {"accept": "*/*", "user-agent": "graphql-cop/1.13"}
CIRCULAR = "query { __schema { types " + "{ fields { type " * 4 + "{ name }" + " } }" * 4 + " } }"


async def ask(doors: Doors, query: str) -> Json:
    """The body of the answer to a plain POST."""
    body: Json = (await doors.http.post("/graphql", json={"query": query}, headers=CLIENT)).json()
    return body


@pytest.mark.parametrize(
    ("check", "query", "code"),
    [
        ("Alias Overloading (high)", "query { " + " ".join(f"alias{at}: __typename" for at in range(101)) + " }", None),
        ("Field Duplication (high)", "query { " + "__typename \n" * 500 + "}", None),
        ("Introspection-based Circular Query (high)", CIRCULAR, "document_invalid"),
        (
            "Circular Fragment (high)",
            "query { __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }",
            "document_invalid",
        ),
        ("Introspection (high)", "query { __schema { types { name fields { name } } } }", "document_invalid"),
        ("Field Suggestions (low)", "query { __schema { directive } }", "document_invalid"),
        ("Field Suggestions (low), of ours", "query { schemez { id } }", "document_invalid"),
        ("Unhandled Errors Detection (info)", "qwerty cop { abc }", "document_malformed"),
    ],
)
async def test_a_document_that_is_no_good_to_anybody_is_refused(
    strange: Doors, check: str, query: str, code: str | None
) -> None:
    """With one error of ours and no data, nothing suggested and nothing of the inside told."""
    body = await ask(strange, query)
    (error,) = body["errors"]

    assert "data" not in body, check
    assert error["extensions"]["code"] == (code or "document_too_costly")
    assert "Did you mean" not in error["message"]
    assert set(error["extensions"]) == {"code", "retriable", "hint", "facts"}


async def test_directive_overloading_gives_no_error_for_each(strange: Doors) -> None:
    """High, if ten directives in one place gave ten errors."""
    body = await ask(strange, "query { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }")

    assert len(body["errors"]) == 1


async def test_array_based_batches_are_refused(strange: Doors) -> None:
    """High, if ten requests in one body were answered."""
    batch = [{"query": "query { __typename }"}] * 10
    answer = await strange.http.post("/graphql", json=batch, headers=CLIENT)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "batch_refused")


@pytest.mark.parametrize("query", ["{__typename}", "mutation {__typename}", 'query {scheme(id: "units") {id}}'])
async def test_a_get_of_anybodys_is_not_answered(strange: Doors, query: str) -> None:
    """Medium, if a GET that any page can cause were answered, be it a query or a mutation."""
    answer = await strange.http.get("/graphql", params={"query": query}, headers=CLIENT)

    assert answer.status_code == 406
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "sent",
    [
        {"params": {"query": "query {__typename}"}},
        {"data": {"query": "query {__typename}"}},
        {"content": b'{"query": "query {__typename}"}', "headers": {"content-type": "text/plain"}},
        {"files": {"operations": b'{"query": "query {__typename}"}'}},
    ],
)
async def test_a_form_is_no_request(strange: Doors, sent: dict[str, Any]) -> None:
    """Medium, if a POST that a form of any page can send were answered."""
    answer = await strange.http.post("/graphql", **sent)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (415, "media_type_refused")


async def test_no_traces_are_told(strange: Doors) -> None:
    """Info: neither times nor stacks, whatever is asked to be traced."""
    answers = [
        await strange.http.post("/graphql", json={"query": query}, headers={**CLIENT, "x-apollo-tracing": "1"})
        for query in ("query { __typename }", "query { nothing }", "{")
    ]

    for answer in answers:
        told = answer.text.lower()
        assert not any(word in told for word in ("tracing", "stacktrace", "traceback", ".py", "exception"))


@pytest.mark.parametrize("path", ["/graphiql", "/playground", "/console", "/graphql"])
async def test_no_editor_is_found(strange: Doors, path: str) -> None:
    """Low: where the editor is not enabled there is none, wherever it is looked for."""
    for accept in ("*/*", "text/html"):
        answer: httpx.Response = await strange.http.get(path, headers={"accept": accept})
        assert not any(word in answer.text for word in ("graphiql.min.css", "GraphQL Playground", "GraphiQL"))


async def test_the_known_user_may_introspect(catalogue: Catalogue) -> None:
    """So what is refused above is refused to strangers, and not to everybody."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=SHIPPED) as doors:
        assert len((await doors.data("{ __schema { types { name } } }"))["__schema"]["types"]) > 25
