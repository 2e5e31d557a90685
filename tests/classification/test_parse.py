"""Guards: each text that has stalled or fooled a parser is refused with one clear error, and nothing is fetched."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from registry.errors import VocabularyUnreadable
from registry.storage.rdf import parse
from registry.storage.rdf.parse import parse_statements

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">&i;'
    "</rdf:Description></rdf:RDF>"
)


@pytest.mark.parametrize(
    ("data", "text_format", "reason"),
    [
        (b"<urn:a> <urn:b> ", "turtle", "malformed"),
        (b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> oops .\n", "turtle", "line 2 is malformed"),
        (b"\xff\xfe<\x00", "turtle", "byte 0 is not UTF-8"),
        (b"<urn:a> <urn:b> <urn:c d> .", "turtle", "IRI"),
        (b"<urn:a> <urn:b> " + b"[ <urn:b> " * 400 + b"1" + b"]" * 400 + b" .", "turtle", "nested"),
        (b"<urn:a> <urn:b> " + b"(" * 400 + b"1" + b")" * 400 + b" .", "turtle", "nested"),
        (BILLION.encode(), "rdfxml", "document type"),
        (BILLION.replace("DOCTYPE", "doctype").encode(), "rdfxml", "document type"),
        (b"<rdf:RDF", "rdfxml", "malformed"),
        (b"<a>" * 400, "rdfxml", "nested"),
        (b"[" * 400 + b"]" * 400, "jsonld", "nested"),
        (b"{", "jsonld", "no JSON"),
        (b'{"@context": "http://127.0.0.1/c", "a": 1}', "jsonld", "nothing is fetched"),
        (b'[{"x": {"@context": [{}, "file:///etc/passwd"]}}]', "jsonld", "nothing is fetched"),
        (b'{"@context": {"@import": "http://127.0.0.1/c"}, "a": 1}', "jsonld", "nothing is fetched"),
        (b"junk", "ntriples", "malformed"),
    ],
)
def test_an_unsafe_or_malformed_text_is_refused(data: bytes, text_format: str, reason: str) -> None:
    """One error with source, format and reason; never a crash, a stall or a request."""
    with pytest.raises(VocabularyUnreadable) as refused:
        parse_statements(data, source="it", text_format=text_format)

    assert reason in str(refused.value.facts["reason"])
    assert (refused.value.facts["source"], refused.value.facts["format"]) == ("it", text_format)


def test_brackets_in_texts_comments_and_iris_are_no_nesting() -> None:
    """Only what the grammar nests is counted."""
    quoted = "(" * 200
    data = f'# {quoted}\n<urn:a{quoted}> <urn:b> "{quoted}", """{quoted}\n"{quoted}""" .'

    assert len(list(parse_statements(data.encode(), source="it"))) == 2


def test_a_text_over_the_limit_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is decoded."""
    monkeypatch.setattr(parse, "MOST_BYTES", 10)

    with pytest.raises(VocabularyUnreadable):
        parse_statements(b"<urn:a> <urn:b> <urn:c> .", source="it")


@pytest.mark.parametrize(
    ("data", "text_format"),
    [
        ("<urn:a> <urn:b> <urn:c> .", "turtle"),
        ("<urn:a> <urn:b> <urn:c> .\n", "ntriples"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">'
            '<b xmlns="urn:" rdf:resource="urn:c"/></rdf:Description></rdf:RDF>',
            "rdfxml",
        ),
        (json.dumps({"@context": {"b": "urn:b"}, "@id": "urn:a", "b": {"@id": "urn:c"}}), "jsonld"),
    ],
)
def test_each_format_is_read(data: str, text_format: str) -> None:
    """One statement in four formats."""
    assert list(parse_statements(data.encode(), source="it", text_format=text_format)) == [("urn:a", "urn:b", "urn:c")]


@pytest.fixture
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A loopback port that remembers who called."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def answer() -> None:
            try:
                while True:
                    caller, _ = server.accept()
                    with caller:
                        calls.append(caller.recv(100))
            except OSError:
                return

        listening = threading.Thread(target=answer)
        listening.start()
        yield server.getsockname()[1], calls
        listening.join()


def test_no_text_makes_us_call(canary: tuple[int, list[bytes]]) -> None:
    """Contexts, imports, schemas and bases that point at a loopback server reach nobody."""
    port, calls = canary
    url = f"http://127.0.0.1:{port}/x"
    texts = [
        (f'{{"@context": "{url}", "a": 1}}', "jsonld"),
        (f'{{"@context": ["{url}"], "a": 1}}', "jsonld"),
        (f'{{"@context": {{"a": {{"@id": "urn:a", "@context": "{url}"}}}}, "a": {{"b": 1}}}}', "jsonld"),
        (f'<!DOCTYPE r SYSTEM "{url}"><r/>', "rdfxml"),
        (f"@base <{url}> . @prefix x: <{url}#> . <a> <{url}> x:b .", "turtle"),
        (f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{url}> .", "turtle"),
    ]
    for text, text_format in texts:
        try:
            parse_statements(text.encode(), source="it", text_format=text_format)
        except VocabularyUnreadable:
            continue

    assert calls == []
