"""The pages and downloads: what they say, that they need nothing from elsewhere, and who gets them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from rdflib import Graph

from graphql_api.linked_data.downloads import csv_text
from graphql_api.settings import Purpose, Settings
from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue
from registry.classification.model import Label
from registry.identifiers import LanguageTag
from registry.storage.rdf.canonical import canonical_release
from tests.api.conftest import Doors, opened, rooms_of

STRANGER = ("192.0.2.7", 5000)
"""Who may see no cases, so that the page needs no store."""


async def test_the_start_page_tells_what_is_here(catalogue: Catalogue) -> None:
    """Counts, the doors, an example, each scheme; without a notice where records are real."""
    rooms = rooms_of(catalogue, purpose=Purpose.REAL)
    known = Actor("asha", frozenset({Right.READ_REGISTRY}))
    async with opened(lambda: rooms, actor=known) as doors, opened(lambda: rooms, client=STRANGER) as strange:
        answer = await doors.http.get("/")
        assert 'href="/graphiql"' not in (await strange.http.get("/")).text

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<dt>schemes</dt><dd>26</dd>" in answer.text
    assert 'href="/graphiql"' in answer.text
    assert "codelist(scheme: &quot;units&quot;" in answer.text
    assert answer.text.count("<tr><td><code>") == 26
    assert "sample world" not in answer.text


async def test_a_sample_says_so_first(catalogue: Catalogue) -> None:
    """Plainly, before any number."""
    rooms = rooms_of(catalogue, purpose=Purpose.SAMPLE)
    async with opened(lambda: rooms, client=STRANGER) as doors:
        page = (await doors.http.get("/")).text

    assert 0 < page.index("This is a sample world.") < page.index("<dt>schemes")


@pytest.mark.parametrize("address", ["/", "/graphiql"])
async def test_pages_need_nothing_from_elsewhere(catalogue: Catalogue, address: str) -> None:
    """Every file they name is here, no script stands in the page, and their policy forbids the rest."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, client=STRANGER if address == "/" else ("127.0.0.1", 1)) as doors:
        page = await doors.http.get(address)
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
        assert files
        for file in files:
            assert (await doors.http.get(file)).status_code == 200, file

    assert "//" not in " ".join(re.findall(r'(?:src|href)="([^"]+)"', page.text))
    assert re.search(r"<script(?! src=)", page.text) is None
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.headers["content-security-policy"]


async def test_the_editor_is_there_only_where_it_is_enabled(doors: Doors, catalogue: Catalogue) -> None:
    """At its own address and, for browsers, at the query's; to whoever may see the schema."""
    html = {"accept": "text/html,application/xhtml+xml"}
    assert 'id="graphiql"' in (await doors.http.get("/graphiql")).text
    assert 'id="graphiql"' in (await doors.http.get("/graphql", headers=html)).text

    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=Settings(log_level="error")) as plain:
        assert (await plain.http.get("/graphiql")).status_code == 404
        assert (await plain.http.get("/graphql", headers=html)).status_code == 404
    enabled = Settings(log_level="error", graphiql=True)
    async with opened(lambda: rooms, settings=enabled, client=("192.0.2.7", 5000)) as strange:
        assert (await strange.http.get("/graphiql")).status_code == 404


async def test_the_examples_of_the_editor_work(doors: Doors, case_doors: Doors) -> None:
    """Each runs as it stands; the one with a variable with an id that another found."""
    script = (await doors.http.get("/static/graphiql.js")).text
    examples = re.findall(r"`([^`]+)`", script)
    assert len(examples) == 5

    for example in examples[:4]:
        await case_doors.data(example)
    found = await case_doors.data("{ events(first: 1) { nodes { id } } }")
    await case_doors.data(examples[4], id=found["events"]["nodes"][0]["id"])


@pytest.mark.parametrize("file", ["nothing.js", "../pages.py", "%2e%2e/pages.py", "graphiql/../../pages.py"])
async def test_no_other_file_is_given_out(doors: Doors, file: str) -> None:
    """Only those on the list."""
    assert (await doors.http.get(f"/static/{file}")).status_code == 404


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # the library's own reader of JSON-LD makes one
@pytest.mark.parametrize(("ending", "form"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")])
async def test_downloads_hold_the_same_statements(doors: Doors, catalogue: Catalogue, ending: str, form: str) -> None:
    """In every notation those of the canonical text; the ETag is the digest of the bytes."""
    answer = await doors.http.get(f"/units/1.0.{ending}")

    text = canonical_release(catalogue.resolve("units").content).text
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert set(Graph().parse(data=answer.text, format=form)) == set(Graph().parse(data=text, format="nt"))


async def test_a_known_download_is_not_sent_again(doors: Doors) -> None:
    """304 without a body."""
    first = await doors.http.get("/sex/1.0.csv")
    again = await doors.http.get("/sex/1.0.csv", headers={"if-none-match": first.headers["etag"]})
    latest = await doors.http.get("/sex/latest.csv")

    assert (again.status_code, again.content) == (304, b"")
    assert (latest.content, latest.headers["cache-control"]) == (first.content, "no-cache")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/units/1.0.xlsx", 404, "address_unknown"),
        ("/none/1.0.ttl", 404, "scheme_unknown"),
        ("/units/7.0.ttl", 404, "version_unknown"),
    ],
)
async def test_unknown_downloads(doors: Doors, address: str, status: int, code: str) -> None:
    """Each by what is unknown of it."""
    answer = await doors.http.get(address)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_spreadsheet_formulas_are_made_harmless(catalogue: Catalogue, text: str) -> None:
    """In a whole file; `tests/classification/test_cells.py` has the cells."""
    content = catalogue.resolve("sex").content
    first = replace(content.concepts[0], labels=(Label(text, LanguageTag("en")),))

    assert f"'{text}" in csv_text(replace(content, concepts=(first,)))
