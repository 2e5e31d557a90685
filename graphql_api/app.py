"""The ASGI application: doors in one building, made from settings.

::

    Building                 request id, host, actor, log line, security headers      every request
      ├── /graphql           GraphQLDoor: the answer cache, then execution             not routed
      └── Starlette          / /graphiql /health /ready downloads static files

Lives here: what is mounted where, the outermost wrapper, opening and closing the stores. Elsewhere: what each door
says.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic, perf_counter, time
from typing import Final

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.authentication import Authentication, Caller, Client, LocalMode
from graphql_api.authentication.allowances import Allowances, Places
from graphql_api.authentication.beliefs import NOBODY, Beliefs
from graphql_api.authentication.issuer import Issuer
from graphql_api.authentication.tokens import TokenVerifier
from graphql_api.context import RequestContext, Rooms
from graphql_api.linked_data.routes import linked_data_routes
from graphql_api.observability import REQUEST_ID, RequestLog
from graphql_api.problems import problem_of
from graphql_api.replies import Reply, read_bytes
from graphql_api.rooms import open_rooms
from graphql_api.schema.answers import Answer, AnswerCache, AnswerKey
from graphql_api.schema.documents import Documents, digest_of
from graphql_api.schema.door import (
    EVENTS,
    JSON,
    GraphQLDoor,
    GraphQLRequest,
    choose_media,
    read_body,
    read_query_string,
    refused_for,
    require_json,
)
from graphql_api.schema.execution import Executor
from graphql_api.schema.query import CLASSES, REGISTRY_FIELDS, build_schema
from graphql_api.schema.streams import Follower, StreamDoor
from graphql_api.settings import Settings, share_of
from graphql_api.streaming import send_stream
from graphql_api.web.pages import web_routes
from registry.access.actor import STRANGER, Actor, StatedPurpose
from registry.access.audit import Circumstances
from registry.access.notes import Notes
from registry.access.pseudonyms import Pseudonyms
from registry.errors import (
    AddressUnknown,
    FileUnreadable,
    HostRefused,
    IctipError,
    MethodRefused,
    NotReady,
    RequestsExceeded,
    StandingChanged,
    StreamsExceeded,
)

OpenRooms = Callable[[], AbstractAsyncContextManager[Callable[[], Rooms]]]
"""Opens the stores for the life of an application; gives a function that tells the rooms as they stand now."""

LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]", "::1")
REQUEST_ID_SHAPE: Final = re.compile(rb"[A-Za-z0-9_-]{8,64}")
GRAPHQL: Final = "/graphql"
UNROUTED: Final = "(refused before its path was read)"
DAY: Final = 86_400


def create_app(settings: Settings) -> ASGIApp:
    """The application of one worker; its lifespan opens the store and compiles the catalogue."""
    return build_app(settings, lambda: open_rooms(settings))


def build_app(
    settings: Settings,
    rooms: OpenRooms,
    *,
    authentication: Authentication | None = None,
    shaping: bool = True,
    clock: Callable[[], float] = time,
) -> Building:
    """The application over any rooms; tests give their own rooms, actor and clock (seconds since 1970)."""
    executor = executor_of(shaping=shaping)
    documents = Documents(
        executor.schema,
        settings.limits,
        listed=listed_documents(settings.documents),
    )
    answers = AnswerCache(settings.limits.answers_bytes)
    door = GraphQLDoor(executor, documents, settings.limits, registry_fields=REGISTRY_FIELDS)
    return Building(settings, rooms, door, answers, authentication or authentication_of(settings, clock), clock)


@cache
def executor_of(*, shaping: bool) -> Executor:
    """One a process: nothing in it is an application's own, and a schema takes most of a second to make."""
    return Executor(build_schema(), CLASSES, shaping=shaping)


def listed_documents(folder: Path | None) -> Mapping[str, str] | None:
    """The folder's documents by their digest; None without a folder. Raises `FileUnreadable`."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise FileUnreadable(file=str(folder), reason="it is no folder")
    texts = [file.read_text(encoding="utf-8").strip() for file in folder.glob("*.graphql")]
    return {digest_of(text): text for text in texts}


def authentication_of(settings: Settings, clock: Callable[[], float] = time) -> Authentication:
    """Tokens and keys where a provider or a pepper is configured; else local mode."""
    if not settings.authenticates:
        return LocalMode()
    tokens = None
    if settings.oidc is not None:
        issuer = Issuer(settings.oidc.issuer, monotonic=monotonic)
        tokens = (TokenVerifier(settings.oidc, issuer), settings.oidc)
    return Beliefs(
        tokens=tokens, pepper=settings.secrets.pepper, clock=lambda: int(clock() * 1_000_000), monotonic=monotonic
    )


class Building:
    """The outermost application: every request passes its host, actor, limits and log, also if answered from memory."""

    def __init__(
        self,
        settings: Settings,
        open_rooms: OpenRooms,
        door: GraphQLDoor,
        answers: AnswerCache,
        authentication: Authentication,
        clock: Callable[[], float],
    ) -> None:
        self.answers = answers
        self._settings = settings
        self._door = door
        self._authentication = authentication
        self._clock = clock
        self._hosts = frozenset(name.lower() for name in (*LOOPBACK_HOSTS, *settings.allowed_hosts))
        self._log = RequestLog(level=settings.log_level)
        limits = share_of(settings.limits, settings.workers)
        self._stream_door = StreamDoor(door, limits, monotonic=monotonic)
        self._streams = Places(each=limits.streams_an_actor, together=limits.streams, refusal=StreamsExceeded)
        self._requests = Places(each=limits.requests_an_actor, together=limits.requests, refusal=RequestsExceeded)
        self._is_ending = False
        self._allowances = (
            Allowances(burst=limits.allowance_ms, a_second=limits.allowance_ms_a_second, monotonic=monotonic)
            if settings.authenticates
            else None
        )
        self._passing_secret = secrets.token_bytes(32)
        self._require_host = lru_cache(maxsize=64)(self._check_host)
        self._names_of = lru_cache(maxsize=256)(self._derive_names)
        self._rooms: Callable[[], Rooms] | None = None
        self._open_rooms = open_rooms
        routes = self._routes()
        self._patterns = {route.endpoint: route.path for route in routes if isinstance(route, Route)}
        self._fixed_paths = frozenset({GRAPHQL, *self._patterns.values()})
        self._pages = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={IctipError: tell_problem, HTTPException: tell_refusal, Exception: tell_problem},
        )

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/health", live),
            Route("/ready", self._ready),
            *web_routes(self._settings, self._context_of),
            *linked_data_routes(self._context_of),
            Route("/{path:path}", nothing_there),
        ]

    def _told_path(self, scope: Scope) -> str:
        """What the log says of a path: one without parts that vary as it is, else its pattern, for parts may be ids."""
        path: str = scope["path"]
        if path in self._fixed_paths:
            return path
        return self._patterns.get(scope["endpoint"], UNROUTED) if "endpoint" in scope else UNROUTED

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with self._open_rooms() as rooms, self._authentication.opened(rooms().access):
            self._rooms = rooms
            try:
                yield
            finally:
                self._rooms = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass a lifespan on."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        started = perf_counter()
        headers = dict(scope["headers"])
        request_id = self._request_id(headers)
        caller, payer = NOBODY, ""
        reply = Reply(send, request_id)
        try:
            self._require_host(headers.get(b"host", b""))
            payer = address = address_of(scope)
            remembered = self._authentication.remembered(scope["client"], headers)
            if remembered is None:  # verifying is paid apart, so that strangers at one proxy keep nobody out
                payer = f"{address} (credentials)"
                self._afford(payer)
            caller = remembered or await self._authentication.believe(scope["client"], headers)
            payer = address if caller is NOBODY or self._allowances is None else caller.actor.name
            self._afford(payer)
            if scope["path"] == GRAPHQL and not is_page_request(scope, headers):
                await self._graphql(scope, headers, receive, reply, caller, payer)
            else:
                with self._requests.place(payer):
                    await self._page(scope, receive, reply, caller)
        except Exception as error:
            await reply.problem(error)
        finally:
            if self._allowances is not None and payer:
                self._allowances.charge(payer, reply.charge(perf_counter() - started))
            self._log.write(
                request_id,
                scope["method"],
                self._told_path(scope),
                reply.status,
                perf_counter() - started,
                reply.sent,
                caller.actor.name,
                reply.source,
            )

    def _afford(self, payer: str) -> None:
        """Return while the payer has something left; raise `RateExceeded` otherwise."""
        if self._allowances is not None:
            self._allowances.require(payer)

    async def _believe(self, client: Client, headers: dict[bytes, bytes]) -> Caller:
        """Who asks; of what is remembered first, without waiting."""
        remembered = self._authentication.remembered(client, headers)
        return remembered if remembered is not None else await self._authentication.believe(client, headers)

    async def _page(self, scope: Scope, receive: Receive, reply: Reply, caller: Caller) -> None:
        """One routed request."""
        token = REQUEST_ID.set(reply.request_id)
        scope["state"] = {**scope.get("state", {}), "actor": caller.actor, "request_id": reply.request_id}
        try:
            await self._pages(scope, receive, reply.passing)
        finally:
            REQUEST_ID.reset(token)

    async def _graphql(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        receive: Receive,
        reply: Reply,
        caller: Caller,
        payer: str,
    ) -> None:
        """One GraphQL request: from memory where it can be, made otherwise, or told as a stream of events."""
        started = perf_counter()
        body = b""
        key: AnswerKey | None = None
        if scope["method"] == "POST":
            body = await read_bytes(headers, receive, self._settings.limits.body_of(caller.actor))
            key = self._key(body, headers, caller)
            answer = self.answers.get(key)
            if answer is not None:
                reply.source, reply.cost = "cache", answer.cost
                await reply.answer(answer)
                return
        token = REQUEST_ID.set(reply.request_id)
        try:
            request = self._streamed(scope, headers, body, caller.actor)
            if request is not None:
                follower = self._follower(scope, headers, body, reply, caller, payer)
                reply.cost = (perf_counter() - started) * 1000
                with self._streams.place(payer):
                    events = self._stream_door.events(request, follower)
                    await send_stream(events, receive, reply, self._settings.limits)
                return
            with self._requests.place(payer):
                answer = await self._make(scope, headers, body, reply, caller)
        finally:
            REQUEST_ID.reset(token)
        if key is not None and answer.lasting:
            self.answers.put(key, replace(answer, cost=(perf_counter() - started) * 1000))
        await reply.answer(answer)

    def _key(self, body: bytes, headers: dict[bytes, bytes], caller: Caller) -> AnswerKey:
        """What the answer to a POST depends on."""
        revision = self._rooms().catalogue.revision if self._rooms is not None else -1
        kind, accept = headers.get(b"content-type", b""), headers.get(b"accept", b"")
        return (body, kind, accept, caller.key, revision, int(self._clock() // DAY))

    def _streamed(self, scope: Scope, headers: dict[bytes, bytes], body: bytes, actor: Actor) -> GraphQLRequest | None:
        """The request, where it is to be answered as a stream: by the media type, or by being a subscription.

        None also for what is no request: that is told as everywhere (`_make`), with its status.
        """
        accept = headers.get(b"accept", b"").decode("latin-1")
        if EVENTS not in accept:
            return None
        try:
            media, request = choose_media(accept), self._read(scope, headers, body)
        except IctipError:
            return None
        if media == EVENTS:
            return request
        follows = self._door.is_subscription(request, sees_schema=self._settings.shows_schema(actor))
        return request if follows else None

    def _follower(
        self, scope: Scope, headers: dict[bytes, bytes], body: bytes, reply: Reply, caller: Caller, payer: str
    ) -> Follower:
        """Whoever holds a stream open: believed anew each time, and charged as they go."""

        async def believe() -> RequestContext:
            now = await self._believe(scope["client"], headers)
            if now.actor is not caller.actor and now.actor != caller.actor:
                raise StandingChanged()
            return self._context(now.actor, reply.request_id, body or scope["query_string"])

        def charge(milliseconds: float) -> None:
            if self._allowances is not None:
                self._allowances.charge(payer, milliseconds)

        return Follower(
            believe=believe,
            charge=charge,
            affords=lambda: self._allowances is None or self._allowances.affords(payer),
            ending=lambda: self._is_ending,
            last_event=headers.get(b"last-event-id", b"").decode("latin-1"),
            reads_only=scope["method"] == "GET",
        )

    def end_streams(self) -> None:
        """Let every stream end: the server is about to stop, and would wait for them."""
        self._is_ending = True

    async def _make(
        self, scope: Scope, headers: dict[bytes, bytes], body: bytes, reply: Reply, caller: Caller
    ) -> Answer:
        """The answer to a request that was not answered before."""
        media = JSON
        is_get = scope["method"] == "GET"
        try:
            explicit = is_get and not is_asked_first(headers)
            media = choose_media(headers.get(b"accept", b"").decode("latin-1"), explicit=explicit)
            media = JSON if media == EVENTS else media
            context = self._context(caller.actor, reply.request_id, body or scope["query_string"])
            request = self._read(scope, headers, body)
        except IctipError as error:
            return as_http(refused_for(error, media, reply.request_id), error)
        return await self._door.answer(request, media, context, only_reads=is_get)

    def _read(self, scope: Scope, headers: dict[bytes, bytes], body: bytes) -> GraphQLRequest:
        if scope["method"] == "GET":
            require_own_page(headers)
            return read_query_string(scope["query_string"], self._settings.limits)
        if scope["method"] != "POST":
            raise MethodRefused(method=scope["method"], reason="only POST and GET are")
        require_json(headers.get(b"content-type", b"").decode("latin-1"))
        return read_body(body, self._settings.limits)

    def _request_id(self, headers: dict[bytes, bytes]) -> str:
        """The caller's own id if it is a sound one, else ours: chance, for a number would count others' requests."""
        given = headers.get(b"x-request-id")
        if given is not None and REQUEST_ID_SHAPE.fullmatch(given):
            return given.decode("ascii")
        return secrets.token_hex(8)

    def _check_host(self, given: bytes) -> None:
        """Refuse a Host that is not ours: a foreign page may have its name point here (DNS rebinding)."""
        host = given.decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in self._hosts:
            raise HostRefused()

    def _context(self, actor: Actor, request_id: str, asked: bytes = b"") -> RequestContext:
        if self._rooms is None:
            raise NotReady(reason="the store is not open")
        now, rooms = self._clock(), self._rooms()
        today = datetime.fromtimestamp(now, UTC).date()
        threshold, sees_schema = self._settings.disclosure_threshold, self._settings.shows_schema(actor)
        if actor is STRANGER:  # nothing that they may do is noted or has a name of its own
            return RequestContext(actor, request_id, today, rooms, threshold=threshold, sees_schema=sees_schema)
        circumstances = Circumstances(request_id, self._digest(asked), int(now * 1_000_000))
        notes = Notes(rooms.audit, actor, circumstances, fresh_id) if self._settings.notes_reads else None
        return RequestContext(
            actor,
            request_id,
            today,
            rooms,
            notes,
            threshold=threshold,
            sees_schema=sees_schema,
            circumstances=circumstances,
            secrets=self._settings.secrets,
            names=self._names_of(actor.roles, actor.purpose),
        )

    def _digest(self, asked: bytes) -> str:
        """What the audit keeps of a request's text: equal for equal texts, and no way back to a phone number in one."""
        key = self._settings.secrets.audit_key or self._passing_secret
        return hashlib.blake2b(asked, key=key[:64], person=b"ictip operation", digest_size=32).hexdigest()

    def _derive_names(self, roles: tuple[str, ...], purpose: StatedPurpose | None) -> Pseudonyms:
        """The names that stand for records before actors without the right to identified ones."""
        secret = self._settings.secrets.pseudonym_key or self._passing_secret
        return Pseudonyms.derive(secret, roles=roles, purpose=purpose, period=self._settings.pseudonym_period)

    def _context_of(self, request: Request) -> RequestContext:
        """The surroundings of a routed request."""
        return self._context(request.state.actor, request.state.request_id)

    async def _ready(self, request: Request) -> Response:
        """200 when the engine answers and a catalogue is compiled; 503 with the reason otherwise."""
        rooms = self._context_of(request).rooms
        await rooms.health()
        if not rooms.catalogue.versions:
            raise NotReady(reason="the registry is empty")
        ready = {"status": "ready", "revision": rooms.catalogue.revision, "schemes": len(rooms.catalogue.versions)}
        return Response(orjson.dumps(ready), media_type=JSON)


async def live(_request: Request) -> Response:
    """The process answers; says nothing of the store."""
    return Response(b'{"status":"live"}', media_type=JSON)


async def nothing_there(_request: Request) -> Response:
    """No page, no download, no query."""
    raise AddressUnknown()


async def tell_problem(request: Request, error: Exception) -> Response:
    """One of our errors, or the masked rest, as a plain HTTP answer."""
    request_id: str = request.state.request_id
    problem = problem_of(error, request_id=request_id)
    return Response(problem.body(request_id), status_code=problem.status, media_type=JSON)


async def tell_refusal(request: Request, error: Exception) -> Response:
    """The framework's own refusals (a method, a path) as ours."""
    status = getattr(error, "status_code", 500)
    ours = MethodRefused(method=request.method, reason="only GET is") if status == 405 else AddressUnknown()
    return await tell_problem(request, ours)


def address_of(scope: Scope) -> str:
    """Who pays for what a stranger, or somebody not believed yet, asks: the address."""
    client = scope["client"]
    return f"address {client[0] if client else 'unknown'}"


def fresh_id() -> str:
    """A random id for an audit row."""
    return secrets.token_hex(16)


def is_page_request(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether a browser opens the query editor at the query's own address."""
    return scope["method"] == "GET" and not scope["query_string"] and b"text/html" in headers.get(b"accept", b"")


ASKED_FIRST: Final = (b"authorization", b"ictip-purpose", b"graphql-require-preflight", b"apollo-require-preflight")
"""Headers that a browser lets no page of another site send without asking first; we never say yes."""


def is_asked_first(headers: dict[bytes, bytes]) -> bool:
    """Whether the request has a header that no page of another site can send.

    No page can set what begins with ``Sec-``, and no browser says Sec-Fetch-Mode without Sec-Fetch-Site: who does is a
    program that says what it wants.
    """
    is_program = b"sec-fetch-mode" in headers and b"sec-fetch-site" not in headers
    return is_program or any(name in headers for name in ASKED_FIRST)


def require_own_page(headers: dict[bytes, bytes]) -> None:
    """Return unless a GET may come from another site's page; raise `MethodRefused` then.

    Browsers say where it comes from (Sec-Fetch-Site); older ones name the page's site where a script asks (Origin).
    What is left of them, a link, an image, a form, asks for no media type of ours (`choose_media`).
    """
    site = headers.get(b"sec-fetch-site")
    is_foreign = site not in (None, b"none", b"same-origin") or (site is None and b"origin" in headers)
    if is_foreign and not is_asked_first(headers):
        raise MethodRefused(method="GET", reason="another site's page may have sent it")


def as_http(answer: Answer, error: IctipError) -> Answer:
    """A refusal of HTTP's own kind keeps its status in every media type."""
    return Answer(problem_of(error, request_id="").status, answer.media, answer.body)
