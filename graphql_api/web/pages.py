"""The pages people open: start page, explorer, query editor. Plain files, filled in by name; no build step.

Lives here: the pages and the files they need. Elsewhere: what they tell (``registry`` queries).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from graphql_api.context import RequestContext
from graphql_api.settings import Purpose, Settings, software_version
from registry.access.actor import Right
from registry.access.policy import may
from registry.cases.queries import usage
from registry.classification.queries import SchemeAnswer, schemes
from registry.errors import AddressUnknown, Unavailable

ContextOf = Callable[[Request], RequestContext]

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
EDITOR_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing from elsewhere. Inline styles, because the editor positions its parts by them."""
EXPLORER_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""As the start page, with its own scripts; a text of a record can never become markup."""

MEDIA: Final[Mapping[str, str]] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".LICENSE": "text/plain; charset=utf-8",
}
STATIC: Final[Mapping[str, tuple[str, ...]]] = {
    "": (
        "page.css",
        "graphiql.css",
        "graphiql.js",
        "explore.css",
        "explore.js",
        "explore_facts.js",
        "explore_measures.js",
        "explore_paths.js",
        "explore_patterns.js",
        "explore_picture.js",
        "explore_questions.js",
        "explore_sent.js",
        "explore_spread.js",
    ),
    "static/graphiql": (
        "graphiql.min.css",
        "graphiql.min.js",
        "graphiql.LICENSE",
        "react.production.min.js",
        "react.LICENSE",
        "react-dom.production.min.js",
        "react-dom.LICENSE",
    ),
}
"""Folder of this package to the files given out of it; nothing else ever is."""

EXAMPLE: Final = """{
  codelist(scheme: "units", languages: ["en"]) {
    version { version standing digest }
    entries { code level label { text language status } }
  }
}"""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file given out as it is."""

    media: str
    body: bytes


def web_routes(settings: Settings, context_of: ContextOf) -> list[BaseRoute]:
    """The start page, the explorer, the editor where it is enabled, and their files."""
    static = read_static()

    async def start(request: Request) -> Response:
        return page(await start_page(settings, context_of(request), host_of(request)), PAGE_POLICY)

    async def explorer(_request: Request) -> Response:
        return page(read_text("explore.html"), EXPLORER_POLICY)

    async def editor(request: Request) -> Response:
        if not settings.graphiql or not context_of(request).sees_schema:
            raise AddressUnknown()
        return page(read_text("graphiql.html"), EDITOR_POLICY)

    async def file(request: Request) -> Response:
        found = static.get(request.path_params["path"])
        if found is None:
            raise AddressUnknown()
        return Response(found.body, headers={"content-type": found.media, "cache-control": "public, max-age=3600"})

    return [
        Route("/", start),
        Route("/explore", explorer),
        Route("/graphql", editor, methods=["GET"]),
        Route("/graphiql", editor),
        Route("/static/{path:path}", file),
    ]


def page(html: str, policy: str) -> Response:
    """A page under its content policy."""
    return HTMLResponse(html, headers={"content-security-policy": policy})


def read_text(name: str) -> str:
    """A packaged file of this folder."""
    return (files("graphql_api.web") / name).read_text(encoding="utf-8")


def read_static() -> dict[str, StaticFile]:
    """The files given out, by their address under /static/."""
    found: dict[str, StaticFile] = {}
    for folder, names in STATIC.items():
        for name in names:
            place = files("graphql_api.web") / folder / name if folder else files("graphql_api.web") / name
            address = f"{folder.removeprefix('static/')}/{name}".removeprefix("/")
            found[address] = StaticFile(MEDIA[f".{name.rpartition('.')[2]}"], place.read_bytes())
    return found


def host_of(request: Request) -> str:
    """The host the caller used; it was checked at the outermost wrapper."""
    return request.headers.get("host", "127.0.0.1")


async def start_page(settings: Settings, context: RequestContext, host: str) -> str:
    """The start page, with this moment's counts."""
    answers = schemes(context.catalogue, actor=context.actor)
    return Template(read_text("start.html")).substitute(
        notice=notice(context.rooms.purpose),
        figures="\n".join(figure(name, number) for name, number in (await figures(context, answers)).items()),
        doors="\n".join(doors(shows_editor=settings.graphiql and context.sees_schema)),
        query=escape(EXAMPLE),
        curl=escape(curl(host)),
        schemes="\n".join(map(row, answers)),
        software=escape(software_version()),
        revision=context.revision,
        actor=escape(context.actor.name),
    )


async def figures(context: RequestContext, answers: Iterable[SchemeAnswer]) -> dict[str, str]:
    """What is counted on the start page; case records only for those who may see them."""
    found = {
        "schemes": tell(sum(1 for _ in answers)),
        "concepts": tell(sum(len(answer.latest.content.concepts) for answer in answers)),
    }
    if may(context.actor, Right.READ_CASES).allowed:
        try:
            counts = await usage(context.cases, actor=context.actor)
        except Unavailable:
            return {**found, "case records": "not now"}
        found |= {kind: tell(count) for kind, count in counts.items()}
    return found


def tell(number: int) -> str:
    """A number in groups of three."""
    return f"{number:,}"


def figure(name: str, number: str) -> str:
    """One count."""
    return f"<div><dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(number)}</dd></div>"


def notice(purpose: Purpose) -> str:
    """What must be said first about this installation."""
    if purpose is Purpose.SAMPLE:
        return (
            '<p class="notice" role="note"><strong>This is a sample world.</strong> Its events and persons are made up '
            "by a generator; only the classification is real.</p>"
        )
    if purpose is Purpose.TEST:
        told = "<strong>This is a test installation.</strong> It may be emptied at any time."
        return f'<p class="notice" role="note">{told}</p>'
    return ""


def doors(*, shows_editor: bool) -> list[str]:
    """The addresses of this server, each with what it is for."""
    editor = [("/graphiql", "Query editor", "Working examples, documentation of every field, completion.")]
    linked = [
        f'<li><a href="{href}">{escape(name)}</a><p>{escape(told)}</p></li>'
        for href, name, told in (
            (
                "/explore",
                "Case network",
                "Who is linked to whom through which events: a picture to walk through, and tables.",
            ),
            *(editor if shows_editor else []),
            (
                "/ready",
                "Readiness",
                "Whether the store answers and the catalogue is compiled. /health: the process lives.",
            ),
        )
    ]
    return [
        "<li><strong>GraphQL</strong><p>POST JSON to <code>/graphql</code>; see the example below.</p></li>",
        *linked,
    ]


def curl(host: str) -> str:
    """The example as a command."""
    flat = " ".join(EXAMPLE.split()).replace('"', '\\"')
    return f"""curl http://{host}/graphql -H 'content-type: application/json' \\
  -d '{{"query": "{flat}"}}'"""


def row(answer: SchemeAnswer) -> str:
    """One scheme in the table."""
    latest = answer.latest
    title = next((label.text for label in answer.titles if label.language == "en"), answer.scheme)
    standing = "" if latest.content.standing == "official" else ' <span class="tag">provisional</span>'
    base = f"/{answer.scheme}/{latest.tag}"
    links = " ".join(
        f'<a href="{base}.{ending}">{name}<span class="skip"> of {escape(answer.scheme)}</span></a>'
        for ending, name in (("csv", "CSV"), ("ttl", "Turtle"), ("jsonld", "JSON-LD"))
    )
    return (
        f"<tr><td><code>{escape(answer.scheme)}</code></td><td>{escape(title)}{standing}</td><td>{latest.tag}</td>"
        f'<td class="number">{tell(len(latest.content.concepts))}</td>'
        f"<td>{escape(', '.join(latest.languages))}</td><td>{links}</td></tr>"
    )
