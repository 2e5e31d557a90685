"""Referrals and contact requests over GraphQL: two agencies, one of which must not learn what the other holds."""

from __future__ import annotations

import re
from typing import Any

import orjson

from registry.access.audit import Circumstances
from registry.cases import actions
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import UnitOfWork
from tests import universe
from tests.access.test_exchange import telling
from tests.oidc.conftest import Gate
from tests.oidc.provider import NOW
from tests.oidc.test_access_doors import data
from tests.universe import CODEBOOK, EVERYONE, batch_of, event_id, person_id

REFER = """mutation Refer($event: ID!, $to: ID!, $reason: String! = "jurisdiction") {
  referCase(event: $event, to: $to, reason: $reason) { referral { id state } faults { path rule } } }"""
ACCEPT = "mutation Accept($id: ID!) { acceptReferral(id: $id) { referral { state } } }"
RECEIVED = "{ referrals(direction: RECEIVED) { id event giver to state } }"
EVENT = "query One($id: ID!) { event(id: $id) { id } }"
ASK = """mutation Ask($person: ID!, $reason: String! = "tracing") { requestContact(person: $person, reason: $reason) {
  request { id person state answers { agency } } faults { path rule } } }"""
SENT = """{ contactRequests { id person state asked: askedAt expires
  answers { agency act contactPoint referral answeredAt } } }"""
INCOMING = "{ incomingContacts { request agency event person kinds answered } }"
ANSWER = """mutation Answer($request: ID!, $event: ID!, $answer: ContactAct!, $point: String! = "") {
  answerContact(request: $request, event: $event, answer: $answer, contactPoint: $point) {
    contact { answered } faults { path rule } } }"""
EVERYTHING = "{ events(first: 50, count: true) { totalCount nodes { id participations { person } } } }"
DOCUMENT = "KE A 123"


def carer(gate: Gate, **changed: Any) -> str:
    """A token of somebody of ug-shelter who sees all its records without grants."""
    return gate.investigator(sub="xola", ictip_entities=["ug-shelter"], **changed)


async def tell(gate: Gate, name: str, person: str, *, document: str) -> None:
    """The event's record with that person's document, told an hour ago."""
    record = next(each for each in universe.all_events() if each.id == event_id(name))
    told = Circumstances("r", "o", (NOW - 3600) * 1_000_000)
    await actions.store_events(
        BoltCaseStore(gate.database), CODEBOOK, batch_of(record.entity), [telling(record, person, document=document)],
        actor=EVERYONE, circumstances=told,
    )  # fmt: skip


async def test_a_case_moves_when_it_is_accepted(gate: Gate) -> None:
    """Offered, listed by the receiver, accepted; wrong words are told by field; hidden and absent are one answer."""
    officer = gate.investigator()
    made = await data(gate, REFER, officer, event=event_id("E2"), to="ug-shelter")
    assert (made["referral"]["state"], made["faults"]) == ("offered", [])
    (listed,) = await data(gate, RECEIVED, carer(gate))
    assert (listed["event"], listed["giver"], listed["to"]) == (event_id("E2"), "ke-police", "ug-shelter")
    assert (await data(gate, ACCEPT, carer(gate), id=listed["id"]))["referral"] == {"state": "accepted"}
    assert (await data(gate, EVENT, carer(gate), id=event_id("E2")))["id"] == event_id("E2")
    assert await gate.code(EVENT, officer, id=event_id("E2")) == "record_unknown"

    wrong = await data(gate, REFER, officer, event="no", to="ke-police", reason="because")
    assert [fault["path"] for fault in wrong["faults"]] == ["event", "reason", "to"]
    asked = [
        (await gate.post(REFER, officer, "investigation", event=event, to=to)).content
        for event, to in ((event_id("E5"), "ug-shelter"), ("nobody-knows", "ug-shelter"), (event_id("E1"), "nobody"))
    ]
    assert len(set(asked)) == 1
    assert orjson.loads(asked[0])["errors"][0]["extensions"]["code"] == "record_unknown"
    assert await gate.code(ACCEPT, officer, id=listed["id"]) == "grant_unknown"
    nowhere = gate.investigator(ictip_entities=["ke-police", "ug-shelter"])
    assert await gate.code(REFER, nowhere, event=event_id("E1"), to="ug-shelter") == "agency_not_named"
    analyst = gate.provider.token(sub="neema", roles=["analyst"])
    assert await gate.code(RECEIVED, analyst) == "not_allowed"


async def test_only_a_willing_answer_tells_the_asker(gate: Gate) -> None:
    """The holder is told who asks and which own record is hit; the asker of the contact point, once it is shared."""
    await tell(gate, "E1", "ada", document=DOCUMENT)
    await tell(gate, "E5", "xia", document=DOCUMENT.lower())
    officer, holder = gate.investigator(), carer(gate)
    noted = await data(gate, ASK, officer, person=person_id("ada"))
    assert (noted["request"]["state"], noted["request"]["answers"], noted["faults"]) == ("noted", [], [])
    assert await data(gate, INCOMING, officer) == []
    assert await data(gate, INCOMING, holder) == [
        {
            "request": noted["request"]["id"], "agency": "ke-police", "event": event_id("E5"),
            "person": person_id("xia"), "kinds": ["document"], "answered": None,
        }
    ]  # fmt: skip
    asked = {"request": noted["request"]["id"], "event": event_id("E5")}
    wrong = await data(gate, ANSWER, holder, **asked, answer="SHARE")
    assert [fault["path"] for fault in wrong["faults"]] == ["contactPoint"]
    assert await gate.code(ANSWER, officer, **asked, answer="DECLINE") == "grant_unknown"

    quiet = await data(gate, SENT, officer)
    await data(gate, ANSWER, holder, **asked, answer="DECLINE")
    assert await data(gate, SENT, officer) == quiet
    await data(gate, ANSWER, holder, **asked, answer="SHARE", point="Desk 4")
    (told,) = await data(gate, SENT, officer)
    assert (told["state"], [each["contactPoint"] for each in told["answers"]]) == ("answered", ["Desk 4"])

    unfit = await data(gate, ASK, officer, person=person_id("kofi"))
    assert [(fault["path"], fault["rule"]) for fault in unfit["faults"]] == [("person", "identifiers_unfit")]
    assert await gate.code(ASK, officer, person=person_id("xia")) == "record_unknown"
    assert await gate.code(ASK, officer, None, person=person_id("ada")) == "purpose_missing"


async def test_a_hidden_hit_changes_no_byte_and_no_work_of_the_asker(gate: Gate, monkeypatch: Any) -> None:
    """Everything that the asker can ask, asked without and with another agency's record of the same person."""
    await tell(gate, "E1", "ada", document=DOCUMENT)
    officer, statements = gate.investigator(), list[str]()
    run = UnitOfWork.run

    async def counted(unit: UnitOfWork, query: Any, parameters: Any = None) -> Any:
        statements.append(query.name)
        return await run(unit, query, parameters)

    monkeypatch.setattr(UnitOfWork, "run", counted)

    async def everything() -> tuple[list[bytes], list[str]]:
        statements.clear()
        bodies = [(await gate.post(ASK, officer, "investigation", person=person_id("ada"))).content]
        work = [name for name in statements if name != "add_rows"]
        questions = (SENT, INCOMING, RECEIVED, EVERYTHING)
        bodies += [(await gate.post(question, officer, "investigation")).content for question in questions]
        newest = orjson.loads(bodies[1])["data"]["contactRequests"]
        bodies[1] = orjson.dumps([each for each in newest if each["id"].encode() in bodies[0]])
        return [re.sub(rb'"id":"[a-z2-9]{16}"', b'"id":"one"', body) for body in bodies], work

    before = await everything()
    await tell(gate, "E5", "xia", document=DOCUMENT)
    after = await everything()

    assert before == after
    assert len(await data(gate, INCOMING, carer(gate))) == 2
