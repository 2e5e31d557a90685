"""``ictip contact ask | list | incoming | answer | withdraw``: whether another agency holds the same person.

Asking is noting: the answer is the same whether or not one does, until a holder chooses to tell.
"""

from __future__ import annotations

import os
import secrets
from typing import Annotated

import typer

from graphql_api.cli.audit import instant
from graphql_api.cli.console import DONE, group
from graphql_api.cli.key import DEFAULT_DATA, Data, appender, run
from graphql_api.cli.refer import As, act_as
from graphql_api.settings import settings_from
from registry.access import contact
from registry.access.exchanges import ContactAct, ContactHit, ContactRequest
from registry.errors import SettingInvalid
from registry.identifiers import EventId, PersonId
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore

RequestId = Annotated[str, typer.Argument(help="The request's id.")]
ANSWERS = {act.name.lower(): act for act in ContactAct}


def ask(
    person: Annotated[str, typer.Argument(help="The id of a person of your agency's own records.")],
    agency: As,
    reason: Annotated[str, typer.Option(help=f"Why: {', '.join(contact.REASONS)}.")] = "tracing",
    data: Data = DEFAULT_DATA,
) -> int:
    """Ask whether another agency holds the same person; the request is noted, whoever does."""
    act = act_as(agency, "contact ask")

    async def work(database: Database) -> ContactRequest:
        store, request_id = BoltExchangeStore(database), secrets.token_hex(8)
        return await contact.request_contact(
            store, appender(database), act, request_id=request_id, person=PersonId(person), reason=reason
        )

    tell(run(settings_from(os.environ, data=data), work), act.now)
    return DONE


def list_(agency: As, data: Data = DEFAULT_DATA) -> int:
    """List the requests of your agency with what was answered, newest first, 200 at most."""
    act = act_as(agency, "contact list")
    for request in run(
        settings_from(os.environ, data=data),
        lambda database: contact.requests_sent(BoltExchangeStore(database), appender(database), act),
    ):
        tell(request, act.now)
    return DONE


def incoming(agency: As, data: Data = DEFAULT_DATA) -> int:
    """List the requests of others that hit a record of your agency, newest first, 200 at most."""
    act = act_as(agency, "contact incoming")
    for hit in run(
        settings_from(os.environ, data=data),
        lambda database: contact.requests_received(BoltExchangeStore(database), appender(database), act),
    ):
        typer.echo(line(hit))
    return DONE


def answer(
    request: RequestId,
    event: Annotated[str, typer.Argument(help="The event of yours that it hits.")],
    how: Annotated[str, typer.Argument(help=f"One of {', '.join(ANSWERS)}; a decline is told to nobody.")],
    agency: As,
    contact_point: Annotated[str, typer.Option(help="With share: the office to call. Nothing of the case.")] = "",
    data: Data = DEFAULT_DATA,
) -> int:
    """Answer a request that hits a record of your agency."""
    if how not in ANSWERS:
        raise SettingInvalid(setting="HOW", reason=f"it is none of {', '.join(ANSWERS)}")
    act = act_as(agency, "contact answer")

    async def work(database: Database) -> ContactHit:
        return await contact.answer_request(
            BoltExchangeStore(database),
            appender(database),
            act,
            request_id=request,
            event=EventId(event),
            answer=ANSWERS[how],
            contact_point=contact_point,
            referral_id=secrets.token_hex(8),
        )

    typer.echo(line(run(settings_from(os.environ, data=data), work)))
    return DONE


def withdraw(request: RequestId, agency: As, data: Data = DEFAULT_DATA) -> int:
    """End a request of your agency."""
    act = act_as(agency, "contact withdraw")
    ended = run(
        settings_from(os.environ, data=data),
        lambda database: contact.withdraw_request(BoltExchangeStore(database), appender(database), act, request),
    )
    tell(ended, act.now)
    return DONE


def tell(request: ContactRequest, now: int) -> None:
    """One request, and a line for each answer that was told."""
    until = instant(request.expires)
    typer.echo(f"{request.id}  {request.person}  {request.reason}  {request.state(now)}, waits until {until}")
    for each in request.answers:
        how = f"referral {each.referral}" if each.referral else each.contact_point
        typer.echo(f"  {instant(each.answered_at)}  {each.agency}: {how}")


def line(hit: ContactHit) -> str:
    """One hit in one line: request, who asks, why, own event and person, what is in common, what was done."""
    done = hit.answered.value if hit.answered else "not answered"
    return f"{hit.request}  {hit.agency}  {hit.reason}  {hit.event}  {hit.person}  {','.join(hit.kinds)}  {done}"


def contact_app() -> typer.Typer:
    """The commands under ``ictip contact``."""
    return group(
        "Requests between agencies that know the same person.",
        ("ask", ask),
        ("list", list_),
        ("incoming", incoming),
        ("answer", answer),
        ("withdraw", withdraw),
    )
