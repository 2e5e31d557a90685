"""Access over GraphQL as callers meet it: why, grants, openings, keys, audit; each denial, and that nothing changed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from registry.access.sealing import seal_waiting
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from tests.oidc.conftest import SECRETS, Gate
from tests.universe import event_id

WHY = """query Why($record: ID, $account: AccountInput, $for: StatedPurpose) {
  whyAllowed(right: READ_CASES, record: $record, account: $account, purpose: $for) {
    account allowed reasons { rule held said } conditions { rule said } } }"""
GRANT = """mutation Give($account: String!, $event: ID!, $days: Int! = 30) {
  grantCase(account: $account, event: $event, days: $days) {
    grant { id account event state } faults { path rule message } } }"""
REVOKE = "mutation End($id: ID!) { revokeGrant(id: $id) { grant { state } } }"
GRANTS = "query List($account: String) { caseGrants(account: $account) { id event state expires } }"
ASK = """mutation Ask($event: ID!, $reason: String!, $hours: Int! = 1) {
  askOpening(event: $event, reason: $reason, hours: $hours) {
    opening { id state reason } faults { path rule } } }"""
APPROVE = "mutation Approve($id: ID!) { approveOpening(id: $id) { opening { state approvedBy } } }"
CLOSE = "mutation Close($id: ID!) { revokeOpening(id: $id) { opening { state } } }"
OPENINGS = "{ openings { id account state } }"
REPORT = """query Report($id: ID!) { openingReport(id: $id) { opening { id approvedBy } more
  rows { actor act records opened } counted { actor act records } } }"""
KEY = """mutation Make($key: KeyInput!) { createKey(key: $key) {
  text key { id account roles state scope { rule said } } faults { path rule } } }"""
KEYS = "{ apiKeys { id account state lastUsed } }"
END_KEY = "mutation End($id: ID!) { revokeKey(id: $id) { key { state } text } }"
ROWS = """query Rows($where: AuditFilterInput, $after: String) { auditRows(where: $where, first: 2, after: $after) {
  nodes { actor act allowed records subject } pageInfo { hasNextPage endCursor } } }"""
HOLDS = "{ auditReport { blocks head rows removed unsealed } }"
EVENT = "query One($id: ID!) { event(id: $id) { id } }"
NOBODY = "nobody-knows-this-1"


def admin(gate: Gate) -> str:
    """An administrator of keys: gives access and sees no record."""
    return gate.provider.token(sub="kamau", roles=["key-administrator"])


def auditor(gate: Gate) -> str:
    """Sees who read what, and no record."""
    return gate.provider.token(sub="achieng", roles=["auditor"])


def reviewer(gate: Gate) -> str:
    """The second person."""
    return gate.provider.token(sub="juma", roles=["reviewer"])


async def data(gate: Gate, query: str, token: str, **variables: Any) -> Any:
    """The only root field of an answer without errors."""
    body = await gate.ask(query, token, **variables)
    assert "errors" not in body, body
    (value,) = body["data"].values()
    return value


async def test_everybody_learns_why_about_themselves_and_nothing_of_what_they_do_not_see(gate: Gate) -> None:
    """Rule by rule inside the scope; one outside is answered in the very bytes of one that is not there."""
    token = gate.investigator()
    told = await data(gate, WHY, token, record=event_id("E1"))
    assert told["allowed"]
    assert [reason["rule"] for reason in told["reasons"]] == [
        "right", "purpose", "agency", "country", "sensitivity", "case grant"
    ]  # fmt: skip

    hidden = await gate.post(WHY, token, "investigation", record=event_id("E5"))
    absent = await gate.post(WHY, token, "investigation", record=NOBODY)
    assert hidden.content == absent.content
    assert not orjson.loads(hidden.content)["data"]["whyAllowed"]["allowed"]
    rows = await gate.rows(act="ask why")
    assert {row.records for row in rows} == {(event_id("E1"),), (event_id("E5"),), (NOBODY,)}


async def test_who_sees_no_record_is_told_the_accounts_side_alone(gate: Gate) -> None:
    """An administrator may ask about others: the answer is the same for every id, there or not; others may not ask."""
    account = {"name": "asha", "roles": ["INVESTIGATOR"], "entities": ["ke-police"], "needsGrants": False}
    asked: dict[str, Any] = {"account": account, "for": "INVESTIGATION"}
    answers = [
        (await gate.post(WHY, admin(gate), None, record=record, **asked)).content
        for record in (event_id("E1"), event_id("E5"), NOBODY)
    ]
    assert len(set(answers)) == 1
    told = orjson.loads(answers[0])["data"]["whyAllowed"]
    assert told["reasons"][-1] == {
        "rule": "record", "held": False, "said": "there is no such record that may be seen"
    }  # fmt: skip
    assert {"rule": "agency", "said": "ke-police"} in told["conditions"]

    assert await gate.code(WHY, gate.investigator(), **asked) == "not_allowed"
    assert await gate.code(WHY, admin(gate), None, account={"name": "nobody"}) == "grant_unknown"


async def test_a_stranger_is_told_why_and_leaves_no_row(gate: Gate) -> None:
    """Nobody unknown fills the store."""
    told = (await gate.ask(WHY, record=event_id("E1")))["data"]["whyAllowed"]
    assert not told["allowed"]
    assert await gate.code(GRANT, account="asha", event=NOBODY) == "not_allowed"

    assert [row.actor for row in await gate.rows() if row.actor != "local"] == []


async def test_a_grant_shows_one_case_until_it_is_revoked(gate: Gate) -> None:
    """Given, seen, listed by both, revoked, hidden again."""
    token = gate.investigator(ictip_grants=None)
    assert await gate.code(EVENT, token, id=event_id("E1")) == "record_unknown"
    given = await data(gate, GRANT, admin(gate), account="asha", event=event_id("E1"))
    assert (given["faults"], given["grant"]["state"]) == ([], "OPEN")
    await gate.refresh()

    assert (await data(gate, EVENT, token, id=event_id("E1")))["id"] == event_id("E1")
    assert [each["event"] for each in await data(gate, GRANTS, token, account="asha")] == [event_id("E1")]
    assert len(await data(gate, GRANTS, admin(gate))) == 1
    assert await gate.code(GRANTS, token) == "not_allowed"
    assert await gate.code(GRANTS, token, account="okot") == "not_allowed"

    ended = await data(gate, REVOKE, admin(gate), id=given["grant"]["id"])
    assert ended["grant"]["state"] == "REVOKED"
    await gate.refresh()
    assert await gate.code(EVENT, token, id=event_id("E1")) == "record_unknown"
    assert await data(gate, GRANTS, token, account="asha") == []
    assert await gate.code(REVOKE, admin(gate), id=given["grant"]["id"]) == "grant_not_open"
    assert await gate.code(REVOKE, admin(gate), id="no-such-grant") == "grant_unknown"


async def test_wrong_words_are_told_field_by_field_and_nothing_is_done(gate: Gate) -> None:
    """Every fault at once; a hidden case is granted as an absent one is."""
    told = await data(gate, GRANT, admin(gate), account=" ", event="no", days=400)
    assert [(fault["path"], fault["rule"]) for fault in told["faults"]] == [
        ("account", "identifier_malformed"), ("event", "identifier_malformed"), ("days", "argument_out_of_range")
    ]  # fmt: skip
    assert told["grant"] is None
    told = await data(gate, ASK, gate.investigator(), event="no", reason="curiosity", hours=5)
    assert [fault["path"] for fault in told["faults"]] == ["event", "reason", "hours"]
    assert await data(gate, GRANTS, admin(gate)) == []
    assert await data(gate, OPENINGS, reviewer(gate)) == []
    there, absent = [
        await data(gate, GRANT, admin(gate), account="asha", event=event) for event in (event_id("E5"), NOBODY)
    ]
    assert {**there["grant"], "id": "", "event": ""} == {**absent["grant"], "id": "", "event": ""}


async def test_an_opening_shows_one_event_once_a_second_person_agreed_and_all_of_it_is_reported(gate: Gate) -> None:
    """Asked, refused to the asker, approved by another, read, reported under pseudonyms, closed."""
    token = gate.investigator()
    asked = await data(gate, ASK, token, event=event_id("E5"), reason="child-at-risk")
    absent = await data(gate, ASK, token, event=NOBODY, reason="child-at-risk")
    id_ = asked["opening"]["id"]
    assert {**asked["opening"], "id": ""} == {**absent["opening"], "id": ""}
    both = gate.investigator(roles=["investigator", "reviewer"])
    assert await gate.code(APPROVE, both, id=id_) == "second_person_needed"
    assert await gate.code(APPROVE, token, id=id_) == "not_allowed"
    assert await gate.code(EVENT, token, id=event_id("E5")) == "record_unknown"

    assert (await data(gate, APPROVE, reviewer(gate), id=id_))["opening"] == {"state": "OPEN", "approvedBy": "juma"}
    await gate.refresh()
    assert (await data(gate, EVENT, token, id=event_id("E5")))["id"] == event_id("E5")

    await gate.ask('{ codeUse(scheme: "units") { code } }', token)
    await gate.ask('{ codeUse(scheme: "units") { code } }', gate.investigator(sub="okot"))

    report = await data(gate, REPORT, auditor(gate), id=id_)
    assert report["counted"] == [{"actor": "asha", "act": "count codes", "records": []}]
    (row,) = report["rows"]
    assert (row["actor"], row["act"], len(row["opened"])) == ("asha", "read event", 1)
    assert row["opened"][0].startswith("p-")
    assert event_id("E5") not in orjson.dumps(report).decode()
    assert await gate.code(REPORT, reviewer(gate), id=id_) == "not_allowed"
    assert await gate.code(REPORT, auditor(gate), id="none") == "grant_unknown"

    stranger = gate.investigator(sub="okot")
    assert await gate.code(CLOSE, stranger, id=id_) == "grant_unknown"
    assert (await data(gate, CLOSE, token, id=id_))["opening"]["state"] == "REVOKED"
    await gate.refresh()
    assert await gate.code(EVENT, token, id=event_id("E5")) == "record_unknown"
    assert [each["id"] for each in await data(gate, OPENINGS, token)] == [absent["opening"]["id"]]


async def test_a_key_is_shown_once_used_noted_and_revoked(gate: Gate) -> None:
    """Scoped by rights and agency, listed without its secret; its use is a row of the audit."""
    made = await data(
        gate, KEY, admin(gate), key={"name": "survey", "roles": ["INVESTIGATOR"], "only": ["READ_REGISTRY"]}
    )
    key, text = made["key"], made["text"]
    assert (key["account"], key["state"], text.partition(".")[0]) == ("key:survey", "OPEN", key["id"])
    assert {"rule": "right", "said": "read the registry"} in key["scope"]
    await gate.refresh()
    assert (await gate.ask("{ schemes { id } }", text))["data"]["schemes"]
    assert await gate.code(EVENT, text, id=event_id("E1")) == "not_allowed"
    await gate.settle()

    (listed,) = await data(gate, KEYS, admin(gate))
    assert listed["lastUsed"] is not None
    assert text not in orjson.dumps(listed).decode()
    (used,) = await gate.rows(act="use key")
    assert (used.actor, used.subject) == ("key:survey", key["id"])

    assert (await data(gate, END_KEY, admin(gate), id=key["id"])) == {"key": {"state": "REVOKED"}, "text": None}
    await gate.refresh()
    assert (await gate.post("{ schemes { id } }", text)).status_code == 401
    assert await gate.code(KEYS, auditor(gate)) == "not_allowed"
    assert await gate.code(KEY, auditor(gate), key={"name": "x", "roles": []}) == "not_allowed"
    faults = (await data(gate, KEY, admin(gate), key={"name": "", "roles": [], "entities": ["No"], "days": 0}))[
        "faults"
    ]
    assert [fault["path"] for fault in faults] == ["key.name", "entities[0]", "key.roles", "key.days"]
    assert len(await BoltAccessStore(gate.database).keys()) == 1


@pytest.mark.parametrize("name", ["key:survey", "cli:root", "address 192.0.2.7"])
async def test_nobody_at_the_provider_is_called_as_keys_are(gate: Gate, name: str) -> None:
    """Else rows of the audit, and grants, would be another's."""
    answer = await gate.post("{ schemes { id } }", gate.provider.token(sub=name))

    assert answer.status_code == 401


async def test_an_auditor_pages_the_audit_and_that_is_audited(gate: Gate) -> None:
    """Newest first, by account, act and record; records under pseudonyms; nobody else may."""
    token = gate.investigator()
    for name in ("E1", "E2", "E3"):
        await gate.ask(EVENT, token, id=event_id(name))
    first = await data(gate, ROWS, auditor(gate), where={"actor": "asha"})
    second = await data(gate, ROWS, auditor(gate), where={"actor": "asha"}, after=first["pageInfo"]["endCursor"])
    assert [row["act"] for row in first["nodes"] + second["nodes"]] == ["read event"] * 3
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    told = {record for row in first["nodes"] + second["nodes"] for record in row["records"]}
    assert all(record.startswith("p-") for record in told)
    one = await data(gate, ROWS, auditor(gate), where={"record": event_id("E2")})
    assert [(row["actor"], row["act"]) for row in one["nodes"]] == [("asha", "read event"), ("local", "import records")]

    assert len(await gate.rows(act="read audit")) == 3
    assert await gate.code(ROWS, admin(gate)) == "not_allowed"
    assert await gate.code(ROWS, token) == "not_allowed"
    cursor = first["pageInfo"]["endCursor"]
    assert await gate.code(ROWS, auditor(gate), where={"actor": "okot"}, after=cursor) == "cursor_foreign"


async def test_an_auditor_learns_whether_the_audit_holds(gate: Gate) -> None:
    """Blocks, rows, and what is not sealed yet."""
    await gate.ask(EVENT, gate.investigator(), id=event_id("E1"))
    assert SECRETS.audit_key is not None
    await seal_waiting(BoltAuditStore(gate.database), SECRETS.audit_key, lambda head: None)
    await gate.ask(EVENT, gate.investigator(), id=event_id("E2"))

    report = await data(gate, HOLDS, auditor(gate))

    assert (report["blocks"], report["rows"], report["removed"], report["unsealed"]) == (1, 3, 0, 1)
    assert await gate.code(HOLDS, gate.investigator()) == "not_allowed"
