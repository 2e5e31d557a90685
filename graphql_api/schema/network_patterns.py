"""The library of patterns in GraphQL: what there is, and where it is found."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_ground import Asked, HubLimit, SearchAccount, Where, ground_of
from graphql_api.schema.reading import computed, told
from registry.access.actor import Right
from registry.access.policy import require
from registry.errors import ArgumentsConflicting
from registry.network import pattern_queries
from registry.network.confidence import Confidence
from registry.network.patterns import library
from registry.network.patterns import model as patterns
from registry.network.slice import Timing

strawberry.enum(patterns.PatternKind, name="PatternKind", description="A shape of trafficking that may be looked for.")
strawberry.enum(Timing, name="Timing", description="How sure an order of events in time is.")


@strawberry.type(description="A number that a pattern is asked with.")
class PatternParameter:
    """`patterns.Parameter`."""

    name: str = told("name", "Its name.")
    default: int = told("default", "Its value where none is given.")
    lowest: int = told("lowest", "The least it may be.")
    highest: int = told("highest", "The most it may be.")
    means: str = told("means", "What it counts.")


@strawberry.type(description="A pattern of the library.")
class PatternDefinition:
    """`patterns.Definition`."""

    kind: patterns.PatternKind = told("kind", "Which pattern.")
    words: str = told("words", "What it is, in a sentence.")
    parameters: list[PatternParameter] = told("parameters", "What it may be asked with.")


@strawberry.type(description="Somebody in a match.")
class PatternMember:
    """`patterns.Member`."""

    person: strawberry.ID = told("person", "The person.")
    part: str = told("part", "What they are to the pattern: recruiter, link, victim, mover, perpetrator.")


@strawberry.type(description="One place where a pattern is: who, by which events, and why.")
class PatternMatch:
    """`patterns.Match`."""

    kind: patterns.PatternKind = told("kind", "Which pattern.")
    strength: int = told("strength", "How clearly it stands out, in per cent; 100 where there is no measure of it.")
    members: list[PatternMember] = told("members", "Who is in it, in its own order.")
    events: list[strawberry.ID] = told("events", "The events that show it, in its own order.")
    timing: Timing | None = told("timing", "How sure the order in time is; null where none is asked for.")
    because: list[str] = told("because", "Why it matched, and what speaks against it, in sentences of counts.")
    confidence: Confidence = told("confidence", "That of its weakest event.")


@strawberry.type(description="The value that a parameter had.")
class PatternSetting:
    """`Asked`."""

    name: str = told("name", "The parameter.")
    value: int = told("value", "Its value.")


def match_settings(root: strawberry.Parent[pattern_queries.Matches]) -> list[Asked]:
    """Every parameter with its value."""
    return [Asked(name, value) for name, value in root.settings.items()]


@strawberry.type(description="Where a pattern was found, and what was left out.")
class PatternMatches:
    """`pattern_queries.Matches`."""

    settings: list[PatternSetting] = computed(match_settings, "Every parameter of the question.")
    matches: list[PatternMatch] = told("matches", "The matches: the clearest, then the largest first.")
    found: int = told("found", "How many there are on this ground, with those beyond `most`.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


@strawberry.input(description="A parameter's value.")
class PatternSettingInput:
    """A name of `PatternParameter` and its value."""

    name: str = strawberry.field(description="The parameter.")
    value: int = strawberry.field(description="Its value.")


def pattern_library(info: Info) -> list[patterns.Definition]:
    """Every pattern there is."""
    require(info.context.actor, Right.EXPLORE_NETWORK)
    return list(library.LIBRARY.values())


def patterns_question(
    kind: Annotated[patterns.PatternKind, strawberry.argument(description="Which pattern.")],
    settings: Annotated[
        list[PatternSettingInput] | None, strawberry.argument(description="Parameters; those not given have defaults.")
    ] = None,
    where: Where = None,
    hub_limit: HubLimit = 1_000,
    first: Annotated[
        int | None,
        strawberry.argument(description="Events of the list a page, 1 to 200000, else 5000; none around a start."),
    ] = None,
    after: Annotated[
        str | None, strawberry.argument(description="Go on in the list behind this cursor: `account.endCursor`.")
    ] = None,
    most: Annotated[int, strawberry.argument(description="Most matches in the answer, 1 to 1000.")] = 100,
) -> pattern_queries.PatternQuestion:
    """The matches of one pattern."""
    asked = {each.name: each.value for each in settings or ()}
    if len(asked) < len(settings or ()):
        raise ArgumentsConflicting(arguments="settings", rule="give each parameter once")
    return pattern_queries.PatternQuestion(kind, asked, ground_of(where), hub_limit, first, after, most)
