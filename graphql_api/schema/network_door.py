"""The one way from a question of networks to its answer: asked within the actor's scope, and noted before it leaves.

Lives here: asking, labels of hubs, pages of rows. Elsewhere: what is asked (``registry.network.questions``), the types
(one module a room's answer).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar, get_args, get_type_hints

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network import label_network, languages_of
from registry.classification.paging import Page, PageRequest
from registry.network.components import Components
from registry.network.measures import Communities, KeyPlayers
from registry.network.model import Subgraph
from registry.network.path_model import Paths
from registry.network.questions import Question

Found = TypeVar("Found")
Row = TypeVar("Row")


def asking(question: Callable[..., Question[Any]]) -> Callable[..., Awaitable[Any]]:
    """The root field that asks what a function makes of its arguments; the field has the same arguments."""

    async def field(info: Info, **arguments: Any) -> Any:
        return await answered(info, question(**arguments), languages_of(arguments.get("within")))

    told = [each.replace(annotation=kind) for each, kind in arguments_of(question)]
    first = Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    field.__signature__ = Signature([first, *told])  # type: ignore[attr-defined]
    field.__name__ = question.__name__
    return field


def question_input(question: Callable[..., Question[Any]], name: str) -> type:
    """The input that holds the arguments of a question, for where one is kept and not asked."""
    space: dict[str, Any] = {"__annotations__": {}, "__module__": __name__, "__doc__": question.__doc__}
    for each, kind in arguments_of(question):
        hint, argument = get_args(kind)
        space["__annotations__"][each.name] = hint
        told = {} if each.default is Parameter.empty else {"default": each.default}
        space[each.name] = strawberry.field(name=argument.name, description=argument.description, **told)
    return strawberry.input(type(name, (), space), name=name, description=question.__doc__)


def arguments_of(question: Callable[..., object]) -> list[tuple[Parameter, Any]]:
    """The arguments of a function, each with what it is annotated as."""
    hints = get_type_hints(question, include_extras=True)
    return [(each, hints[each.name]) for each in signature(question).parameters.values()]


async def answered(
    info: Info, question: Question[Found], languages: Sequence[str] = (), *, act: str | None = None
) -> Found:
    """The answer, its records noted under the question's own word, or another act's."""
    context = info.context
    found = await context.looked_up(
        act or question.act,
        question.ask(context.rooms.network, actor=context.actor),
        about=question.about,
        records=question.records,
    )
    return with_labels(found, info, languages)


def with_labels(found: Found, info: Info, languages: Sequence[str]) -> Found:
    """The answer with labels of areas and units in its network, where it has one or is one."""
    answer: Any = found
    if isinstance(answer, Subgraph):
        answer = label_network(answer, info, languages)
    elif isinstance(answer, Communities | KeyPlayers | Paths | Components):
        answer = replace(answer, network=label_network(answer.network, info, languages))
    changed: Found = answer
    return changed


async def told_page(
    info: Info,
    act: str,
    cut: Callable[[PageRequest], Page[Row]],
    records: Callable[[Sequence[Row]], Iterable[str]],
    first: int | None,
    after: str | None,
) -> Page[Row]:
    """A page of an answer's rows, noted with its records before it leaves."""
    page = cut(PageRequest(first=first, after=after))
    await info.context.note(act, dict.fromkeys(records(page.nodes)))
    return page
