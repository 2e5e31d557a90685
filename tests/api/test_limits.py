"""Hostile documents are refused in milliseconds, before they are validated; good ones are parsed once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from graphql_api.app import listed_documents
from graphql_api.schema.documents import Documents, PreparedDocument
from graphql_api.schema.query import build_schema
from graphql_api.settings import Limits
from registry.errors import DocumentInvalid, DocumentNotListed, DocumentTooCostly, FileUnreadable
from tests.api.conftest import Doors


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
def test_exponential_and_deep_documents_are_refused_at_once(documents: Documents, make: object, levels: int) -> None:
    """Under 5 ms of processor time, the best of five; what is refused is not kept."""
    text = doubling(levels) if make is doubling else nested(levels)
    taken = []
    for _ in range(5):
        started = time.process_time()
        with pytest.raises(DocumentTooCostly):
            documents.prepare(text)
        taken.append(time.process_time() - started)

    assert min(taken) < 0.005
    assert len(documents) == 0


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("{ " + " ".join(f"a{at}: schemes {{ id }}" for at in range(60)) + " }", "aliases"),
        ("{ schemes { id " + "@include(if: true) " * 60 + "} }", "directives"),
        ("{ " + "schemes { id id id } " * 600 + "}", "fields"),
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


async def test_introspection_and_suggestions_can_be_off() -> None:
    """Nothing of the schema is told by errors then."""
    documents = Documents(build_schema()._schema, Limits(), introspection=False)
    told = []
    for text in ("{ __schema { types { name } } }", "{ scheme { id } }", "{ schemas { id } }"):
        try:
            documents.prepare(text)
        except Exception as error:
            told.append(str(getattr(error, "errors", error)))

    assert len(told) == 3
    assert "introspection" in told[0]
    assert "Did you mean" not in "".join(told)


def test_only_listed_documents_are_answered_where_there_is_a_list(tmp_path: Path) -> None:
    """Told apart by their text; white space at the ends does not count, anything else does."""
    (tmp_path / "units.graphql").write_text('{ scheme(id: "units") { id } }\n')
    listed = listed_documents(tmp_path)
    documents = Documents(build_schema()._schema, Limits(), listed=listed)

    documents.prepare('{ scheme(id: "units") { id } }')
    for other in ('{ scheme(id: "iccs") { id } }', "{ __schema { types { name } } }", "{ nonsense"):
        with pytest.raises(DocumentNotListed):
            documents.prepare(other)
    with pytest.raises(FileUnreadable):
        listed_documents(tmp_path / "none")
