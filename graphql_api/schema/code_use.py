"""GraphQL types and root fields of how often codes are used by stored records, and what a revision does to them.

Each type reads a model of ``registry.cases``; counts are of the caller's scope.
"""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network import some
from graphql_api.schema.reading import told
from graphql_api.schema.revision import SchemeArgument, choice, revising
from graphql_api.schema.scalars import CodeText, SchemeName, VersionText
from registry.access import policy
from registry.access.actor import Right
from registry.cases import code_use as uses
from registry.cases.codes import check_listed
from registry.classification import impact as impacts
from registry.classification.draft_actions import replay
from registry.classification.draft_model import DraftId
from registry.errors import ArgumentsConflicting, NotReady
from registry.identifiers import Notation, VersionTag
from registry.statistics import stored_impact as stored

Codes = Annotated[list[CodeText] | None, strawberry.argument(description="Only these codes; without it every one.")]


@strawberry.type(description="How often records of one reporting entity hold a code under one variable.")
class CodeUse:
    """`code_use.CodeUse`."""

    scheme: SchemeName = told("scheme", "The list.")
    version: VersionText = told("version", "The version that the records are coded in.")
    variable: str = told("variable", "The variable; form for units of classification.")
    code: CodeText = told("code", "The code.")
    entity: strawberry.ID = told("entity", "The reporting entity.")
    events: int = told("events", "Events that hold it anywhere; an event with several codes counts under each.")
    on_events: int = told("on_events", "Events that hold it themselves, as recorded.")
    victims: int = told("victims", "Victims who bear it.")
    perpetrators: int = told("perpetrators", "Perpetrators who bear it.")
    groups: int = told("groups", "Groups of unnamed people who bear it.")


@strawberry.type(description="A code that changes, and how often records of one entity hold it under one variable.")
class StoredImpact:
    """`stored_impact.StoredImpact`."""

    code: CodeText = told("code.code", "The code held.")
    treatment: impacts.Treatment = told("code.treatment", "What to do with it.")
    automatic: bool = told("is_automatic", "Whether a rule re-codes it; else a person decides.")
    becomes: CodeText | None = told("code.rule", "What it becomes by rule.")
    targets: list[CodeText] = told("code.targets", "What it may become.")
    variable: str = told("use.variable", "The variable; form for units of classification.")
    entity: strawberry.ID = told("use.entity", "The reporting entity.")
    events: int = told(
        "use.events",
        "Events that hold it; an event with several codes counts under each. For who may count and not read cases in "
        "steps of the threshold, and none below it.",
    )


async def code_use(
    info: Info,
    scheme: SchemeArgument,
    version: Annotated[
        VersionText | None, strawberry.argument(description="The version held; without it every one that is.")
    ] = None,
    codes: Codes = None,
) -> tuple[uses.CodeUse, ...]:
    """How often codes of a list are held."""
    asked = [Notation(code) for code in some("codes", codes)]
    named = None if version is None else VersionTag(version)
    check_listed(info.context.catalogue, scheme, named, asked)
    found = await uses.code_use(use_store(info), scheme, named, asked, actor=info.context.actor)
    await info.context.note("count codes")
    return found


async def stored_impact(
    info: Info,
    scheme: Annotated[SchemeName | None, strawberry.argument(description="The scheme's id.")] = None,
    old: Annotated[VersionText | None, strawberry.argument(description="The version held.")] = None,
    new: Annotated[VersionText | None, strawberry.argument(description="To; without it the latest.")] = None,
    draft: Annotated[strawberry.ID | None, strawberry.argument(description="A draft, instead of two versions.")] = None,
    codes: Codes = None,
) -> tuple[stored.StoredImpact, ...]:
    """What a revision does to stored records."""
    context = info.context
    if draft is not None:
        policy.require(context.actor, Right.COMMENT_VOCABULARY)
        content = (await replay(revising(info).stores, DraftId(draft))).content
        held = [Notation(code) for code in codes or ()]
        impact = impacts.content_impact(context.catalogue, content.base, content.version, content.declared, held)
    elif scheme is not None and old is not None:
        impact = impacts.version_impact(
            context.catalogue, scheme, codes or (), old=choice(old), new=choice(new), actor=context.actor
        )
    else:
        raise ArgumentsConflicting(arguments="scheme, old, draft", rule="give scheme and old, or draft")
    found = await stored.stored_impact(use_store(info), impact, threshold=context.threshold, actor=context.actor)
    await context.note("count codes")
    return found


def use_store(info: Info) -> uses.CodeUseStore:
    """Where the counts stand; `NotReady` where this server has no store."""
    store = info.context.rooms.code_use
    if store is None:
        raise NotReady(reason="no store of records is open")
    return store
