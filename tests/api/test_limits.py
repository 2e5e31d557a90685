"""Hostile documents are refused in milliseconds, before they are validated; good ones are parsed once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphql_api.schema.documents import Documents, PreparedDocument, Unanswerable, parse_text
from graphql_api.schema.limits import CostWalk, require_affordable
from graphql_api.schema.query import build_schema
from graphql_api.settings import Limits
from registry.errors import DocumentInvalid, DocumentTooCostly
from tests.api.conftest import Doors

UNFIT = (
    "{ __schema { types { name } } }",
    '{ __type(name: "Scheme") { name } }',
    "{ nothing }",
    "{ scheme { id } }",
    "{ schemas { id } }",
    "{ schemes }",
    "{ schemes { id { id } } }",
    "{ scheme(id: 7) { id } }",
    '{ scheme(id: "units", nothing: 1) { id } }',
    "query ($id: SchemaId!) { scheme(id: $id) { id } }",
    "{ a b c d e f g }",
)
"""Documents that do not fit the schema, each for another reason."""


@pytest.fixture(scope="module")
def documents() -> Documents:
    """Documents of the schema under the limits that ship."""
    return Documents(build_schema()._schema, Limits())


def doubling(levels: int) -> str:
    """Fragments that each spread the next one twice: 2^levels fields in a short text."""
    fragments = [f"fragment F{at} on Query {{ ...F{at + 1} ...F{at + 1} }}" for at in range(levels)]
    return " ".join(["{ ...F0 }", *fragments, f"fragment F{levels} on Query {{ schemes {{ id }} }}"])


def nested(levels: int) -> str:
    """Fields inside fields."""
    return "{ codelist " + "{ entries { children " * levels + "{ code }" + " } }" * levels + " }"


@pytest.mark.parametrize("levels", [20, 40, 90])
@pytest.mark.parametrize("make", [doubling, nested])
def test_exponential_and_deep_documents_are_refused(
    documents: Documents, make: Callable[[int], str], levels: int
) -> None:
    """Before they are validated; what is refused is not kept."""
    with pytest.raises((DocumentTooCostly, Unanswerable)):  # the parser stops first where there are too many tokens
        documents.prepare(make(levels))

    assert len(documents) == 0


@pytest.mark.parametrize("levels", [20, 60, 90])
def test_each_selection_set_is_walked_once(levels: int) -> None:
    """A count of steps, not a timing: linear in the document, where spreading it out would take 2^levels."""
    doubled = walked(doubling(levels))
    deep = walked(nested(levels))

    assert (doubled.steps, deep.steps) == (levels + 3, 2 * levels + 2)


def walked(text: str) -> CostWalk:
    """The walk over everything in a document, whatever it costs."""
    generous = Limits(
        document_tokens=10_000,
        document_depth=10**6,
        document_fields=2**400,
        document_aliases=2**400,
        document_repeats=2**400,
    )
    return require_affordable(parse_text(text, generous), generous)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("{ " + " ".join(f"a{at}: schemes {{ id }}" for at in range(60)) + " }", "aliases"),
        ("{ schemes { id " + "@include(if: true) " * 60 + "} }", "directives"),
        (
            "{ ...A } fragment A on Query { "
            + "...B " * 50
            + "} fragment B on Query { "
            + "schemes { id } " * 30
            + "}",
            "fields",
        ),
        ("{ schemes { id } }" + " " * 20_000, "characters"),
        ("{ schemes { id } } #" + "x" * 20_000, "characters"),
        ("{ scheme(id: " + "9" * 20_000 + ") { id } }", "characters"),
        ("{ " + "__typename " * 500 + "}", "repeated fields"),
        (nested(30), "levels"),
    ],
)
def test_floods_are_refused(documents: Documents, text: str, measure: str) -> None:
    """Each by the measure it floods."""
    with pytest.raises(DocumentTooCostly) as raised:
        documents.prepare(text)

    assert raised.value.facts["measure"] == measure


def test_fragments_that_spread_themselves_are_refused(documents: Documents) -> None:
    """Also in a circle of two, and where nothing spreads them."""
    circle = "fragment A on Query { ...B } fragment B on Query { ...A }"
    for text in (f"{{ ...A }} {circle}", f"{{ schemes {{ id }} }} {circle}"):
        with pytest.raises(DocumentInvalid):
            documents.prepare(text)


async def test_too_many_tokens_are_malformed(doors: Doors) -> None:
    """The parser stops; nothing is built from the rest."""
    error = await doors.error("{ " + "a " * 5000 + "}")

    assert error["code"] == "document_malformed"


async def test_brackets_without_end_are_one_clear_error(doors: Doors) -> None:
    """Deeper than the parser's recursion, and the server stays up."""
    for text in ("{a" * 2000, "{ a(b: " + "[" * 3000, "query($a: " + "[" * 3000):
        assert (await doors.error(text))["code"] in {"document_malformed", "document_too_costly"}

    assert await doors.data('{ scheme(id: "sex") { id } }') == {"scheme": {"id": "sex"}}


def test_a_repeated_document_is_the_same_object(documents: Documents) -> None:
    """Parsed and validated once."""
    text = "{ schemes { id } }"

    first, second = documents.prepare(text), documents.prepare(text)

    assert isinstance(first, PreparedDocument)
    assert first is second


def test_documents_are_kept_up_to_a_number() -> None:
    """The least recently used goes first."""
    documents = Documents(build_schema()._schema, Limits(documents_kept=2))
    one = documents.prepare("{ one: schemes { id } }")
    documents.prepare("{ two: schemes { id } }")
    assert documents.prepare("{ one: schemes { id } }") is one
    documents.prepare("{ three: schemes { id } }")

    assert len(documents) == 2
    assert documents.prepare("{ one: schemes { id } }") is one


@pytest.mark.parametrize("text", UNFIT)
def test_who_may_not_see_the_schema_is_told_nothing_of_it(documents: Documents, text: str) -> None:
    """One error, the same for everything that does not fit, without a place; a document that fits is answered."""
    with pytest.raises(DocumentInvalid) as raised:
        documents.prepare(text, sees_schema=False)

    assert raised.value.facts == {"reason": "The document does not fit the schema, which you may not see."}
    documents.prepare('{ scheme(id: "units") { id __typename } }', sees_schema=False)


def test_what_one_may_see_is_not_anothers(documents: Documents) -> None:
    """An introspection prepared for who may see the schema is not given to who may not."""
    documents.prepare("{ __schema { types { name } } }", sees_schema=True)

    with pytest.raises(DocumentInvalid):
        documents.prepare("{ __schema { types { name } } }", sees_schema=False)
