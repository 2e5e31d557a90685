"""``ictip refer offer | list | accept | refuse | withdraw``: cases handed from one agency to another."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar

import typer

from graphql_api.cli.audit import instant
from graphql_api.cli.console import DONE, group
from graphql_api.cli.key import DEFAULT_DATA, Data, act_here, appender, run
from graphql_api.settings import settings_from
from registry.access import referral
from registry.access.actions import Act
from registry.access.exchanges import Referral
from registry.access.ports import Audit
from registry.access.referral import Direction
from registry.identifiers import EntityId, EventId
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore

T = TypeVar("T")

As = Annotated[str, typer.Option("--as", help="The reporting entity that you act for.")]
ReferralId = Annotated[str, typer.Argument(help="The referral's id.")]
Ending = Callable[[BoltExchangeStore, Audit, Act, str], Awaitable[Referral]]


def offer(
    event: Annotated[str, typer.Argument(help="The event's id.")],
    to: Annotated[str, typer.Argument(help="The reporting entity that is to take it over.")],
    agency: As,
    reason: Annotated[str, typer.Option(help=f"Why: {', '.join(referral.REASONS)}.")] = "jurisdiction",
    data: Data = DEFAULT_DATA,
) -> int:
    """Offer a case that your agency holds to another; it moves when they accept."""
    act = act_as(agency, "refer offer")

    async def work(database: Database) -> Referral:
        return await referral.refer_case(
            BoltExchangeStore(database),
            appender(database),
            act,
            referral_id=secrets.token_hex(8),
            event=EventId(event),
            to=EntityId(to),
            reason=reason,
        )

    typer.echo(line(run(settings_from(os.environ, data=data), work), act.now))
    return DONE


def list_(
    agency: As,
    given: Annotated[
        bool, typer.Option("--given", help="Those your agency gave; without it those it received.")
    ] = False,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that ended or lapsed.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """List referrals of your agency, newest first, 500 at most."""
    act = act_as(agency, "refer list")
    direction = Direction.GIVEN if given else Direction.RECEIVED
    found = run(
        settings_from(os.environ, data=data),
        lambda database: referral.referrals(
            BoltExchangeStore(database), appender(database), act, direction, ended=ended
        ),
    )
    for each in found:
        typer.echo(line(each, act.now))
    return DONE


def accept(id: ReferralId, agency: As, data: Data = DEFAULT_DATA) -> int:
    """Take a case over: your agency holds it then."""
    return end(referral.accept_referral, id, act_as(agency, "refer accept"), data)


def refuse(id: ReferralId, agency: As, data: Data = DEFAULT_DATA) -> int:
    """Leave a case with who offers it."""
    return end(referral.refuse_referral, id, act_as(agency, "refer refuse"), data)


def withdraw(id: ReferralId, agency: As, data: Data = DEFAULT_DATA) -> int:
    """Take an offer of your agency back."""
    return end(referral.withdraw_referral, id, act_as(agency, "refer withdraw"), data)


def end(ending: Ending, id: str, act: Act, data: Data) -> int:
    """End an offer and tell how it stands."""
    ended = run(
        settings_from(os.environ, data=data),
        lambda database: ending(BoltExchangeStore(database), appender(database), act, id),
    )
    typer.echo(line(ended, act.now))
    return DONE


def act_as(agency: str, command: str) -> Act:
    """An act of whoever runs the command, for an agency."""
    act = act_here(command)
    return replace(act, actor=replace(act.actor, agency=EntityId(agency)))


def line(each: Referral, now: int) -> str:
    """One referral in one line: id, event, from whom to whom, why, state."""
    state = each.state(now)
    until = f" until {instant(each.expires)}" if state == "offered" else ""
    return f"{each.id}  {each.event}  {each.giver} -> {each.to}  {each.reason}  {state}{until}"


def refer_app() -> typer.Typer:
    """The commands under ``ictip refer``."""
    return group(
        "Cases handed from agency to agency.",
        ("offer", offer),
        ("list", list_),
        ("accept", accept),
        ("refuse", refuse),
        ("withdraw", withdraw),
    )
