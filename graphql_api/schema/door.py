"""GraphQL over HTTP, as its specification says, from bytes to bytes: what a body means, and which answer it gets.

Lives here: reading requests, media types, statuses. Elsewhere: the socket, hosts and actors
(``graphql_api.app``), running an operation (``execution``).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import orjson
from graphql import OperationDefinitionNode, OperationType

from graphql_api.context import RequestContext
from graphql_api.problems import problem_of
from graphql_api.schema.answers import Answer
from graphql_api.schema.documents import Documents, PreparedDocument, Unanswerable, digest_of, name_of
from graphql_api.schema.execution import Executor, log_unexpected, told
from graphql_api.settings import Limits
from registry.errors import (
    AnswerTypeRefused,
    BatchRefused,
    BodyTooLarge,
    DeadlineExceeded,
    IctipError,
    MediaTypeRefused,
    MethodRefused,
    RequestMalformed,
    StreamNeeded,
)

T = TypeVar("T")

RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
UTF8: Final = "; charset=utf-8"
WILD: Final = {"*/*": JSON, "application/*": JSON, RESPONSE: RESPONSE, JSON: JSON, EVENTS: EVENTS}
"""Media ranges we can meet, and with what; JSON where the caller does not care, for callers older than the other."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a caller asks, read and typed but not yet understood: by a document's text, or by its digest alone."""

    query: str | None
    operation: str | None
    variables: dict[str, Any]
    digest: str = ""


class GraphQLDoor:
    """Answers GraphQL requests. ``registry_fields`` are the root fields whose answers may be remembered."""

    def __init__(
        self,
        executor: Executor,
        documents: Documents,
        limits: Limits,
        *,
        registry_fields: frozenset[str],
    ) -> None:
        self.executor = executor
        self.documents = documents
        self._limits = limits
        self._registry_fields = registry_fields

    async def answer(
        self, request: GraphQLRequest, media: str, context: RequestContext, *, only_reads: bool = False
    ) -> Answer:
        """The answer, made; never raises but for being stopped."""
        try:
            prepared = self.prepare(request, sees_schema=context.sees_schema)
            operation = prepared.operation(request.operation)
            if operation.operation is OperationType.SUBSCRIPTION:
                raise StreamNeeded()
            if only_reads and operation.operation is not OperationType.QUERY:
                raise MethodRefused(method="GET", reason="only queries are read that way")
            body = await self.run(prepared, operation, request.variables, context)
        except Unanswerable as refusal:
            return refused({"errors": [told(error, context.request_id) for error in refusal.errors]}, media, 400)
        except Exception as error:
            return refused_for(error, media, context.request_id)
        lasting = "errors" not in body and self._may_remember(prepared, operation)
        return Answer(200, media + UTF8, orjson.dumps(body, default=str), lasting)

    async def run(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> dict[str, Any]:
        """A query's or mutation's result, within the time of a request; raises `DeadlineExceeded`, `Unanswerable`."""
        return await in_time(self.executor.run(prepared, operation, variables, context), self._limits.request_seconds)

    def prepare(self, request: GraphQLRequest, *, sees_schema: bool) -> PreparedDocument:
        """The request's document, ready to run; raises `Unanswerable`, `DocumentUnknown`, or an error of the walk."""
        text = request.query if request.query is not None else self.documents.kept(request.digest)
        return self.documents.prepare(text, sees_schema=sees_schema)

    def is_subscription(self, request: GraphQLRequest, *, sees_schema: bool) -> bool:
        """Whether a stream is asked for; a document that cannot be read is none."""
        try:
            prepared = self.prepare(request, sees_schema=sees_schema)
            return prepared.operation(request.operation).operation is OperationType.SUBSCRIPTION
        except (Unanswerable, IctipError):
            return False

    def _may_remember(self, prepared: PreparedDocument, operation: OperationDefinitionNode) -> bool:
        return prepared.roots[name_of(operation)] <= self._registry_fields


async def in_time(work: Awaitable[T], seconds: float) -> T:
    """What the work comes to, in time: beyond it whatever it waits for is stopped, the store's work with it."""
    try:
        async with asyncio.timeout(seconds) as clock:
            return await work
    except TimeoutError:
        if not clock.expired():
            raise
        raise DeadlineExceeded(query="The request", seconds=seconds) from None


def read_body(body: bytes, limits: Limits) -> GraphQLRequest:
    """The request of a JSON body; raises `RequestMalformed`, `BatchRefused`."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:  # also lone surrogates, broken UTF-8 and nesting past a thousand
        raise RequestMalformed(reason="the body is not JSON in UTF-8") from None
    if isinstance(fields, list):
        raise BatchRefused(count=len(fields))
    if not isinstance(fields, dict):
        raise RequestMalformed(reason="the body is not a JSON object")
    return request_of(fields, limits)


def read_query_string(text: bytes, limits: Limits) -> GraphQLRequest:
    """The request of a GET's query string; raises `RequestMalformed`, `BodyTooLarge`."""
    if len(text) > limits.body_bytes:
        raise BodyTooLarge(limit=limits.body_bytes)
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:
        raise RequestMalformed(reason="the query string cannot be read") from None
    fields: dict[str, Any] = dict(pairs)
    if len(fields) < len(pairs):
        raise RequestMalformed(reason="a parameter is given twice")
    for name in ("variables", "extensions"):
        if fields.get(name):
            try:
                fields[name] = orjson.loads(fields[name])
            except orjson.JSONDecodeError:
                raise RequestMalformed(reason=f"{name} is not JSON") from None
        else:
            fields.pop(name, None)
    if fields.get("operationName") == "":
        fields.pop("operationName")
    return request_of(fields, limits)


def request_of(fields: Mapping[str, Any], limits: Limits) -> GraphQLRequest:
    """The request of an object's fields, types checked; raises `RequestMalformed`."""
    digest = document_digest(fields)
    query = fields.get("query")
    operation = fields.get("operationName")
    variables = fields.get("variables")
    if (query is not None or not digest) and (not isinstance(query, str) or not query.strip()):
        raise RequestMalformed(reason="`query` is missing or no text")
    if query is not None and digest and digest not in digests_of(query):
        raise RequestMalformed(reason="`query` has another SHA-256 than is told")
    if operation is not None and not isinstance(operation, str):
        raise RequestMalformed(reason="`operationName` is no text")
    if variables is not None and not isinstance(variables, dict):
        raise RequestMalformed(reason="`variables` is no object")
    if variables and is_deeper(variables, limits.variables_depth):
        raise RequestMalformed(reason=f"`variables` is nested deeper than {limits.variables_depth}")
    return GraphQLRequest(query, operation, variables or {}, digest)


def document_digest(fields: Mapping[str, Any]) -> str:
    """The SHA-256 that a request names its document by, empty where it names none; raises `RequestMalformed`.

    As ``documentId`` (``sha256:`` and hexadecimal digits, or these alone: the persisted documents of GraphQL over
    HTTP), or as ``extensions.persistedQuery.sha256Hash`` (what Apollo's clients send).
    """
    extensions = fields.get("extensions")
    if not isinstance(extensions, dict | None):
        raise RequestMalformed(reason="`extensions` is no object")
    persisted = (extensions or {}).get("persistedQuery")
    told = persisted.get("sha256Hash") if isinstance(persisted, dict) else persisted
    for given in (fields.get("documentId"), told):
        if given is None:
            continue
        digest = given.removeprefix("sha256:") if isinstance(given, str) else ""
        if not DIGEST.fullmatch(digest):
            raise RequestMalformed(reason="the document's id is no SHA-256")
        return digest
    return ""


def digests_of(query: str) -> tuple[str, str]:
    """What a client may call a document by: the SHA-256 of its text as it is, and without white space at its ends."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest(), digest_of(query)


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie inside each other more than so many times; looks no deeper than that."""
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            inner
            for held in layer
            if isinstance(held, dict | list)
            for inner in (held.values() if isinstance(held, dict) else held)
        ]
        if not layer:
            return False
    return any(isinstance(held, dict | list) for held in layer)


def require_json(content_type: str) -> None:
    """Return for JSON in UTF-8; raise `MediaTypeRefused` otherwise.

    Only this type is read, because a foreign page cannot send it without asking first (CSRF).
    """
    kind, _, parameters = content_type.partition(";")
    if kind.strip().lower() != JSON:
        raise MediaTypeRefused()
    charset = parameters.partition("charset=")[2].strip().strip('"').lower()
    if charset not in {"", "utf-8", "utf8"}:
        raise MediaTypeRefused()


def choose_media(accept: str, *, explicit: bool = False) -> str:
    """The media type to answer in, by quality, then by order; raises `AnswerTypeRefused`.

    No Accept at all means JSON; with ``explicit`` (a GET) one of our types must be named: no link, image or form of a
    foreign page does that, and what asks for events is looked at more closely (``graphql_api.app``).
    """
    best, chosen = 0.0, ""
    for part in accept.split(",") if accept else ():
        kind, _, parameters = part.partition(";")
        media = WILD.get(kind.strip().lower())
        if media is None or (explicit and "*" in kind):
            continue
        quality = _quality(parameters)
        if quality > best:
            best, chosen = quality, media
    if not chosen and (accept or explicit):
        raise AnswerTypeRefused(available=[RESPONSE, JSON, EVENTS])
    return chosen or JSON


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def refused_for(error: Exception, media: str, request_id: str) -> Answer:
    """A request that came to nothing, told as a GraphQL error; HTTP's own refusals keep their status."""
    return refused(error_body(error, request_id), media, problem_of(error, request_id=request_id).status)


def error_body(error: Exception, request_id: str) -> dict[str, Any]:
    """A result that is one error without a place in the document; the unexpected is masked, and logged by its kind."""
    if not isinstance(error, IctipError):
        log_unexpected(error)
    problem = problem_of(error, request_id=request_id)
    return {"errors": [{"message": problem.message, "extensions": problem.extensions}]}


def refused(body: dict[str, Any], media: str, status: int) -> Answer:
    """An answer without data. In plain JSON an understood request answers 200 (GraphQL over HTTP, 6.4.1)."""
    return Answer(status if media == RESPONSE or status >= 500 else 200, media + UTF8, orjson.dumps(body, default=str))
