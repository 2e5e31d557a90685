"""schemathesis: requests made from the schema itself, every field and argument of it, none of which may be a fault.

An answer is a fault by its status (5xx), and also when it is a 200 that tells of something unexpected: what is masked
in an error is as much our defect. Mutations are among the requests; they act on a store of the tests' own.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.graphql import nodes

from graphql_api.settings import Limits, Purpose, Settings
from registry.classification.catalogue import Catalogue
from registry.storage.address import StoreAddress
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose as Mark
from registry.storage.bolt.migrate import migrate
from tests.conftest import empty
from tests.front.conftest import served
from tests.universe import build_universe, event_id, person_id

FAULTS: Final = frozenset(
    {"unexpected", "fault", "store_fault", "query_misused", "row_malformed", "value_not_storable"}
)
"""Codes that tell of a defect of ours, whatever the status they come with."""
WIDE: Final = Settings(
    log_level="error",
    purpose=Purpose.TEST,
    limits=Limits(
        document_characters=10**6,
        document_tokens=10**5,
        document_fields=10**6,
        document_aliases=10**4,
        document_depth=100,
        document_repeats=10**4,
    ),
)
"""The limits on documents are tested elsewhere: here they would keep most requests from running."""

known = st.sampled_from
SCALARS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "SchemeId": known(("units", "isic", "areas", "sex", "none")),
    "VersionTag": known(("1.0", "4.0", "5.0", "1.0.1", "9.9")),
    "Code": known(("1", "2.1", "01", "KE", "male", "0")),
    "LanguageTag": known(("en", "fr", "zh-Hans", "xx")),
    "Uri": known(("", "https://example.org/x", "urn:x")),
    "Instant": known(("2024-05-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59+14:00")),
    "Date": known(("2024-02-29", "0001-01-01", "9999-12-31")),
    "JSON": known(("{}", "[]", '{"kind": "split"}', "null")),
}
TEXTS: Final = (
    "",
    "ke-police",
    event_id("E1"),
    person_id("ada"),
    "' OR 1=1 //",
    "`",
    "\\u0027",
    "\\u0000",
    "é" * 300,
)
"""Ids that there are, and texts that mean something to one of the languages below us; as they stand in a document."""
TEXT: Final = re.compile(r'"[^"\\\n]*"')


def spiced(query: str, text: str | None, place: int) -> str:
    """The document with one of its texts replaced, if it has any; `None` leaves it as it is."""
    found = list(TEXT.finditer(query))
    if text is None or not found:
        return query
    met = found[place % len(found)]
    return f'{query[: met.start()]}"{text}"{query[met.end() :]}'


@pytest.fixture(scope="module")
def scalars() -> None:
    """Tells schemathesis how our scalars are written."""
    for name, values in SCALARS.items():
        schemathesis.graphql.scalar(name, values.map(nodes.String))


def attack(address: str, cases: int) -> Counter[str]:
    """Send so many requests; how often each code was told (``data`` where there was no error)."""
    schema = schemathesis.graphql.from_url(address)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    told: Counter[str] = Counter()

    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of([operation.as_strategy() for operation in operations]),
        text=st.one_of(st.none(), st.sampled_from(TEXTS)),
        place=st.integers(0, 9),
    )
    def one(case: Any, text: str | None, place: int) -> None:
        query = spiced(case.body, text, place)
        answer = http.post(address, json={"query": query})
        body = answer.json()
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        told.update(codes or ["data"])
        assert answer.status_code < 500, (answer.status_code, query)
        assert not FAULTS.intersection(codes), (codes, query)

    with httpx.Client(timeout=60) as http:
        one()
    return told


@pytest.mark.parametrize("cases", [250, pytest.param(10_000, marks=pytest.mark.long)])
async def test_no_request_is_a_fault(embedded: StoreAddress, catalogue: Catalogue, scalars: None, cases: int) -> None:
    """And they are not all refused for the same reason: some are answered, some meet errors of several kinds."""
    async with Database(embedded) as database:
        await migrate(database, purpose=Mark.TEST)
        await empty(database)
        await build_universe(BoltCaseStore(database))
        async with served(catalogue, settings=WIDE, database=database) as address:
            told = await asyncio.to_thread(attack, address, cases)

    assert told["data"] > cases // 20, told
    assert len(told) > 4, told
