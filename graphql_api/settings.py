"""What an operator may set, frozen: from the environment and the command line, read once at start.

Lives here: names, defaults, limits, and why each limit is what it is. Elsewhere: who obeys them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024


class Purpose(StrEnum):
    """What an installation is for; kept in the store's ``:Installation`` node, said on the start page."""

    REAL = "real"
    SAMPLE = "sample"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Neo4jSettings:
    """A Neo4j server to use in place of the embedded engine."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request and on what a process keeps. Per process; nothing is shared between workers."""

    body_bytes: int = MEBIBYTE
    """A GraphQL request is text; an import goes through the command line."""
    document_tokens: int = 4_000
    """GraphiQL's own introspection query has about 400."""
    document_depth: int = 24
    """The introspection query is 15 deep, our own schema about 9."""
    document_fields: int = 2_000
    """Fields after fragments are spread out; counted without spreading them."""
    document_aliases: int = 50
    document_directives: int = 50
    variables_depth: int = 20
    request_seconds: float = 30.0
    """Longest time to an answer; the store's own deadlines are shorter."""
    documents_kept: int = 500
    """Parsed and validated documents remembered, least recently used first out."""
    answers_bytes: int = 64 * MEBIBYTE
    """Finished answers remembered, registry only; about 500 whole code lists."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. ``allowed_hosts`` are the Host headers answered to, beside loopback's own names."""

    data: Path = Path("data/main")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    purpose: Purpose = Purpose.REAL
    graphiql: bool = False
    introspection: bool = True
    neo4j: Neo4jSettings | None = None
    engine_heap_mebibytes: int | None = None
    """Java heap of the embedded engine; None takes a quarter of the memory, from 512 MiB to 4 GiB."""
    allowed_hosts: tuple[str, ...] = ()
    log_level: str = "info"
    limits: Limits = Limits()


def neo4j_from(environ: Mapping[str, str]) -> Neo4jSettings | None:
    """The Neo4j of ``NEO4J_URI``, ``NEO4J_USER``, ``NEO4J_PASSWORD``, ``NEO4J_DATABASE``; none without a URI.

    ``NEO4J_PASSWORD_FILE`` names a file that holds the password, as container secrets do.
    """
    uri = environ.get("NEO4J_URI", "")
    if not uri:
        return None
    password = environ.get("NEO4J_PASSWORD", "")
    if secret := environ.get("NEO4J_PASSWORD_FILE"):
        password = Path(secret).read_text(encoding="utf-8").strip()
    return Neo4jSettings(
        uri=uri,
        user=environ.get("NEO4J_USER", "neo4j"),
        password=password,
        database=environ.get("NEO4J_DATABASE", "neo4j"),
    )


def settings_from(
    environ: Mapping[str, str],
    *,
    data: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    sample: bool = False,
    graphiql: bool = False,
) -> Settings:
    """Settings of one start: the command line's, completed from the environment."""
    hosts = tuple(name.strip() for name in environ.get("ICTIP_ALLOWED_HOSTS", "").split(",") if name.strip())
    return Settings(
        data=data,
        host=host,
        port=port,
        workers=workers,
        purpose=Purpose.SAMPLE if sample else Purpose.REAL,
        graphiql=graphiql,
        introspection=environ.get("ICTIP_INTROSPECTION", "on").lower() not in {"off", "0", "false", "no"},
        neo4j=neo4j_from(environ),
        engine_heap_mebibytes=int(environ["ICTIP_ENGINE_HEAP_MIB"]) if environ.get("ICTIP_ENGINE_HEAP_MIB") else None,
        allowed_hosts=hosts,
        log_level=environ.get("ICTIP_LOG_LEVEL", "info").lower(),
    )


def software_version() -> str:
    """The version of this software; ``source tree`` where it runs without being installed."""
    try:
        return version("ictip")
    except PackageNotFoundError:
        return "source tree"
