"""The whole application with a provider and keys configured: who is believed, what leaves, and what is left behind."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from graphql_api.app import build_app
from graphql_api.context import Rooms
from graphql_api.settings import Limits, OidcSettings, Purpose, Settings
from registry.access.actor import Account, StatedPurpose
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow
from registry.cases import actions
from registry.cases.model import EventRecord, Text, Value
from registry.classification.catalogue import Catalogue
from registry.errors import StoreUnavailable
from registry.identifiers import EntityId, Notation
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.api.conftest import lifespan, rooms_of
from tests.oidc.conftest import SECRETS, Gate, key_of, opened_gate
from tests.oidc.provider import NOW
from tests.universe import CODEBOOK, EVERYONE, batch_of, event_id, person_id

CANARY = "Wanjiru-Canary"
Json = dict[str, Any]
NETWORK = '{ egoNetwork(start: {kind: PERSON, id: "ID"}) { nodes { id } } }'

ONE_EVENT = """query One($id: ID!) { event(id: $id) { id sourceKey participations { person } } }"""
ALL_EVENTS = """query All($after: String) { events(first: 2, after: $after, count: true) {
  totalCount pageInfo { endCursor hasNextPage } edges { node { id sourceKey participations { person } } } } }"""


async def test_strangers_read_the_registry_and_no_case(gate: Gate) -> None:
    """Also from loopback: where callers are authenticated no address is believed."""
    assert (await gate.ask('{ scheme(id: "units") { id } }'))["data"]["scheme"]["id"] == "units"
    assert await gate.code(ONE_EVENT, id=event_id("E1")) == "not_allowed"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "k-AAAAAAAAAAAA." + "A" * 43])
async def test_false_credentials_are_a_401_with_a_challenge(gate: Gate, token: str) -> None:
    """Even for what everybody may read: who shows something false is told."""
    answer = await gate.post('{ scheme(id: "units") { id } }', token)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["error"]["code"] == "credentials_refused"


async def test_an_investigator_sees_their_agency_for_a_stated_purpose(gate: Gate) -> None:
    """Whole records, ids and all; without a purpose, or for another, the error says what to do."""
    token = gate.investigator()

    told = (await gate.ask(ONE_EVENT, token, id=event_id("E1")))["data"]["event"]
    assert told["sourceKey"] == "E1"
    assert {part["person"] for part in told["participations"]} == {person_id("ada"), person_id("kofi")}
    assert await gate.code(ONE_EVENT, token, None, id=event_id("E1")) == "purpose_missing"
    assert await gate.code(ONE_EVENT, token, "statistics", id=event_id("E1")) == "purpose_missing"


@pytest.mark.parametrize(
    "narrower",
    [
        {"ictip_entities": ["ug-shelter"]},
        {"ictip_countries": ["UG"]},
        {"ictip_tiers": ["child"]},
        {"ictip_grants": None},
    ],
    ids=["agency", "country", "sensitivity", "case grant"],
)
async def test_a_hidden_event_is_answered_as_one_that_is_not_there(gate: Gate, narrower: Json) -> None:
    """The same status and the same bytes, whichever condition hides it; and both lookups are noted alike."""
    token = gate.investigator(**narrower)

    hidden = await gate.post(ONE_EVENT, token, "investigation", id=event_id("E1"))
    absent = await gate.post(ONE_EVENT, token, "investigation", id="nobody-knows-this")

    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert orjson.loads(hidden.content)["errors"][0]["extensions"]["code"] == "record_unknown"
    rows = {(row.allowed, row.records) for row in await gate.rows(act="read event")}
    assert rows == {(False, (event_id("E1"),)), (False, ("nobody-knows-this",))}


async def test_what_was_read_is_in_the_audit_before_it_leaves(gate: Gate) -> None:
    """Who, in which role, what for, which records, how many; and refusals."""
    token = gate.investigator()
    await gate.ask(ALL_EVENTS, token)
    network = NETWORK.replace("ID", person_id("kofi"))
    answer = await gate.post(network, token, "investigation")
    nodes = orjson.loads(answer.content)["data"]["egoNetwork"]["nodes"]
    await gate.code(ONE_EVENT, token, None, id=event_id("E1"))

    rows = {row.act: row for row in await gate.rows(actor="asha")}
    assert sorted(rows) == ["count events", "explore network", "read events", "refused to read cases"]
    assert {(row.roles, row.purpose) for row in rows.values() if row.allowed} == {("investigator", "investigation")}
    assert set(rows["explore network"].records) == {node["id"] for node in nodes}
    assert person_id("kofi") in rows["read events"].records
    assert not rows["refused to read cases"].allowed
    assert all(len(row.operation) == 64 for row in rows.values())
    # whoever reads the audit cannot try texts until one fits
    assert rows["explore network"].operation != hashlib.sha256(answer.request.content).hexdigest()


async def test_nothing_leaves_when_its_row_cannot_be_kept(gate: Gate) -> None:
    """The caller is told to try again, and sees no record."""

    class Broken(BoltAuditStore):
        async def add(self, rows: Sequence[AuditRow]) -> None:
            raise StoreUnavailable(reason="test")

    gate.held[0] = replace(gate.held[0], audit=AuditAppender(Broken(gate.database)))

    body = await gate.ask(ONE_EVENT, gate.investigator(), id=event_id("E1"))

    assert body["data"] is None or body["data"]["event"] is None
    assert body["errors"][0]["extensions"]["code"] == "store_unavailable"
    assert person_id("ada") not in orjson.dumps(body).decode()


async def test_an_analyst_sees_codes_under_pseudonyms_and_no_real_id(gate: Gate) -> None:
    """By key; page by page; and a real id is answered as an unknown one."""
    account = Account(
        "desk",
        ("analyst",),
        frozenset({EntityId("ke-police")}),
        None,
        purposes=frozenset({StatedPurpose.STATISTICS}),
        tiers=frozenset(universe.OFFICER.scope.tiers),
        needs_grants=False,
    )
    key = await key_of(gate, account)
    seen: list[Json] = []
    after = None
    texts = ""
    while True:
        body = await gate.ask(ALL_EVENTS, key, "statistics", after=after)
        texts += orjson.dumps(body).decode()
        page = body["data"]["events"]
        seen += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert len(seen) == page["totalCount"] == 4
    assert all(node["id"].startswith("p-") and node["sourceKey"] == "" for node in seen)
    real = [event_id(name) for name in ("E1", "E2", "E3", "E4")] + [person_id(name) for name in ("ada", "kofi", "ben")]
    assert not any(id_ in texts for id_ in real)
    assert await gate.code(ONE_EVENT, key, "statistics", id=event_id("E1")) == "record_unknown"
    network = NETWORK.replace("ID", person_id("kofi"))
    assert await gate.code(network, key, "statistics") == "not_allowed"
    assert {row.records for row in await gate.rows(act="read events")} != {()}


async def test_a_raised_period_gives_every_record_a_new_name(
    gate: Gate, oidc: OidcSettings, catalogue: Catalogue
) -> None:
    """Ids of events and of people, none of which the period before knew."""
    analyst = gate.investigator(roles=["analyst"])
    before = (await gate.ask(ALL_EVENTS, analyst))["data"]["events"]
    rotated = Settings(log_level="error", purpose=Purpose.TEST, oidc=oidc, secrets=SECRETS, pseudonym_period=2)
    async with opened_gate(rotated, gate.database, gate.provider, catalogue) as next_period:
        after = (await next_period.ask(ALL_EVENTS, analyst))["data"]["events"]

    assert before["totalCount"] == after["totalCount"]
    names = [
        {edge["node"]["id"] for edge in page["edges"]}
        | {part["person"] for edge in page["edges"] for part in edge["node"]["participations"]}
        for page in (before, after)
    ]
    assert len(names[0]) > 4
    assert names[0] & names[1] <= {None}  # a group is nobody, in any period


async def test_a_flood_is_answered_with_429_and_costs_what_it_asks(
    database: Database, oidc: OidcSettings, catalogue: Catalogue
) -> None:
    """The same code list again and again, from memory: charged what making it took, until nothing is left."""
    rooms = rooms_of(catalogue, database)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Callable[[], Rooms]]:
        yield lambda: rooms

    limits = replace(Limits(), allowance_ms=60, allowance_ms_a_second=1)
    app = build_app(Settings(log_level="error", oidc=oidc, secrets=SECRETS, limits=limits), opened, clock=lambda: NOW)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.7", 5000))
    body = {"query": '{ codelist(scheme: "isic", version: "5.0") { entries { code } } }'}
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        statuses = [(await http.post("/graphql", json=body)).status_code for _ in range(200)]

    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert sorted(statuses) == statuses


async def test_what_strangers_spend_stops_nobody_who_is_believed(gate: Gate) -> None:
    """At one proxy's address: neither those remembered nor a fresh token pays for them; false credentials do not
    reach those remembered either."""
    transport = gate.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    allowances = transport.app._allowances  # type: ignore[attr-defined]
    known, fresh, late = gate.investigator(), gate.investigator(ictip_tiers=[]), gate.investigator(ictip_countries=[])
    question = '{ scheme(id: "units") { id } }'
    assert (await gate.post(question, known)).status_code == 200

    allowances.charge("address 192.0.2.7", 10**6)
    assert [(await gate.post(question, token)).status_code for token in (None, known, fresh)] == [429, 200, 200]

    allowances.charge("address 192.0.2.7 (credentials)", 10**6)
    assert [(await gate.post(question, token)).status_code for token in (known, fresh, late)] == [200, 200, 429]


def canary_record() -> EventRecord:
    """An event whose free texts and own key are the canary."""
    record = universe.event("E9", universe.victim("ada", "v1"), forms=["1"])
    return replace(
        record,
        source_key=CANARY,
        form_text=CANARY,
        values={**record.values, Notation("cca"): Value(Text(CANARY), (CANARY,))},
    )


async def test_a_name_in_the_records_or_the_question_reaches_no_log_error_or_audit_row(
    gate: Gate, capfd: pytest.CaptureFixture[str]
) -> None:
    """Read by its reader, asked for in literals and variables, in broken documents and wrong ids."""
    await actions.store_events(
        BoltCaseStore(gate.database), CODEBOOK, batch_of(universe.POLICE), [canary_record()], actor=EVERYONE
    )
    token = gate.investigator()
    told = await gate.ask(ONE_EVENT, token, id=event_id("E9"))
    assert told["data"]["event"]["sourceKey"] == CANARY

    questions: list[tuple[str, Json]] = [
        ('{ event(id: "CANARY") { id } }', {}),
        ('{ person(id: "CANARY") { id } }', {}),
        (ONE_EVENT, {"id": CANARY}),
        ('{ events(where: {entity: "CANARY"}) { totalCount } }', {}),
        ('{ searchConcepts(text: "CANARY") { totalCount } }', {}),
        ('{ events(after: "CANARY") { totalCount } }', {}),
    ]
    for text, variables in questions:
        question = text.replace("CANARY", CANARY)
        body = await gate.ask(question, token, **variables)
        for error in body.get("errors", ()):
            assert CANARY not in error["message"] or error["extensions"]["code"] == "document_invalid"
        await gate.ask(question, None, **variables)

    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    assert all(CANARY not in repr(replace(row, records=())) for row in await gate.rows())
