"""What an operator may set, frozen: from the environment and the command line, read once at start.

Lives here: names, defaults, limits, and why each limit is what it is. Elsewhere: who obeys them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from pathlib import Path
from typing import Final

from registry.access.actor import STRANGER, Actor, Right
from registry.access.roles import Role
from registry.errors import SecretMissing, SettingInvalid
from registry.statistics.disclosure import THRESHOLD

MEBIBYTE: Final = 1024 * 1024
SECRET_BYTES: Final = 32
"""The least a secret holds: as much as the digests made with it."""


EVERYBODY: Final = "everybody"
KNOWN: Final = "known"
"""Whoever is believed to be somebody: a token's or key's account, or the user of local mode."""


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


ALGORITHMS: Final = ("RS256", "PS256", "ES256", "Ed25519")
"""Signatures of tokens that are read at all: public keys only, none weaker."""

CLAIMS: Final[Mapping[str, str]] = {
    "name": "sub",
    "roles": "roles",
    "entities": "ictip_entities",
    "countries": "ictip_countries",
    "tiers": "ictip_tiers",
    "purposes": "ictip_purposes",
    "grants": "ictip_grants",
    "agency": "ictip_agency",
}
"""Which claim says what of an account, unless ICTIP_OIDC_CLAIMS names others."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The one identity provider whose access tokens are believed."""

    issuer: str
    """The ``iss`` of its tokens, exactly; keys are found through its discovery document."""
    audience: str
    """What its tokens call us in ``aud``."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """The provider's names of roles or groups to ours; empty takes ours as they are."""
    claims: Mapping[str, str] = field(default_factory=lambda: dict(CLAIMS))
    plain_jwt: bool = False
    """Believe tokens of type ``JWT`` too, for providers that do not say ``at+jwt`` (RFC 9068)."""
    algorithms: tuple[str, ...] = ALGORITHMS


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets of the gate, derived from one file, or each from its own; none is ever printed."""

    pepper: bytes | None = field(default=None, repr=False)
    """Digests of API keys are made with it; without it no key is believed."""
    audit_key: bytes | None = field(default=None, repr=False)
    """The audit's chain is sealed with it."""
    pseudonym_key: bytes | None = field(default=None, repr=False)
    """Pseudonyms and contact tokens are made with it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request, on a caller, and on what a process keeps.

    Nothing is shared between workers: what is said of the whole server is divided by their number, each takes its part
    (`share_of`), and a caller whose connections fall on one worker may meet that part alone.
    """

    body_bytes: int = MEBIBYTE
    """A GraphQL request is text; an import of records goes through the command line."""
    delivery_bytes: int = 8 * MEBIBYTE
    """The same of who may edit vocabularies: a whole version is one request (`importVersion`), and the largest list
    that we ship has 1.3 MiB as Turtle."""
    document_characters: int = 20_000
    """What the lexer may have to look at: spaces, comments and long literals are few tokens; 800 fit, indented."""
    document_tokens: int = 800
    """Parsing as many takes 3 ms, and the parser stops there; introspecting everything takes some 200, the explorer's
    longest document 730.
    """
    document_depth: int = 24
    """The introspection query is 15 deep, our own schema about 9."""
    document_fields: int = 2_000
    """Fields after fragments are spread out; counted without spreading them."""
    document_aliases: int = 50
    document_directives: int = 50
    document_repeats: int = 100
    """Fields asked for again under the same key; a client that joins fragments has a few."""
    variables_depth: int = 20
    request_seconds: float = 30.0
    """Longest time to an answer; the store's own deadlines are shorter."""
    allowance_ms: int = 30_000
    """Milliseconds of work one actor (a stranger's address) may cause at once; only where callers are authenticated."""
    allowance_ms_a_second: int = 2_000
    """Milliseconds of work that come back each second. Both are the whole server's, divided by the workers."""
    requests: int = 256
    """Requests of the whole server under way at once, divided by the workers: more would wait for the store anyway."""
    requests_an_actor: int = 64
    """Of these, of one actor (a stranger's address), divided by the workers: a page sends a few, a program a pool."""
    streams: int = 400
    """Open subscriptions of the whole server, divided by the workers: each costs a socket and some 30 kB."""
    streams_an_actor: int = 12
    """Of these, of one actor (a stranger's address), divided by the workers: a person's open pages, not a flood."""
    stream_seconds: float = 3600.0
    """The longest life of one; then it ends with an error that says to go on after the last event's id."""
    stream_quiet_seconds: float = 15.0
    """A comment is sent after so long without an event: proxies close what is quiet for 30 to 60 s."""
    stream_send_seconds: float = 30.0
    """How long a connection may have no room for an event; then its caller is taken to be gone."""
    documents_kept: int = 500
    """Parsed and validated documents remembered, least recently used first out."""
    answers_bytes: int = 64 * MEBIBYTE
    """Finished answers remembered, registry only; about 500 whole code lists."""

    def body_of(self, actor: Actor) -> int:
        """The bytes of a request's body that are read from this caller."""
        return self.delivery_bytes if Right.EDIT_VOCABULARY in actor.rights else self.body_bytes


def share_of(limits: Limits, workers: int) -> Limits:
    """One worker's part of what the limits allow the whole server, rounded up."""
    return replace(
        limits,
        allowance_ms=ceil(limits.allowance_ms / workers),
        allowance_ms_a_second=ceil(limits.allowance_ms_a_second / workers),
        requests=ceil(limits.requests / workers),
        requests_an_actor=ceil(limits.requests_an_actor / workers),
        streams=ceil(limits.streams / workers),
        streams_an_actor=ceil(limits.streams_an_actor / workers),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. ``allowed_hosts`` are the Host headers answered to, beside loopback's own names."""

    data: Path = Path("data/main")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    purpose: Purpose = Purpose.REAL
    graphiql: bool = False
    introspection: frozenset[str] = frozenset({"known"})
    """Who may see the schema, by introspection, by errors that name its parts, and in the query editor: everybody,
    whoever is known (`KNOWN`, all but strangers), nobody (empty), or the roles of that name."""
    neo4j: Neo4jSettings | None = None
    engine_heap_mebibytes: int | None = None
    """Java heap of the embedded engine; None takes a quarter of the memory, from 512 MiB to 4 GiB."""
    oidc: OidcSettings | None = None
    secrets: Secrets = Secrets()
    pseudonym_period: int = 1
    """Raised by an operator to give every pseudonym a new name."""
    disclosure_threshold: int = THRESHOLD
    """Records below which no statistic is told (k = 11, as CTDC's). The operator's choice, never a caller's: asked with
    several thresholds, steps would give exact counts away."""
    reads_audited: bool = False
    """Whether reads leave audit rows in local mode too; where callers are authenticated they always do."""
    audit_heads: Path | None = None
    """Where sealed heads of the audit are appended, best on another machine's disk; they are logged anyway."""
    documents: Path | None = None
    """A folder of ``*.graphql`` files: where it is set, no other document is answered."""
    allowed_hosts: tuple[str, ...] = ()
    log_level: str = "info"
    limits: Limits = Limits()

    def shows_schema(self, actor: Actor) -> bool:
        """Whether the actor may see the schema."""
        if EVERYBODY in self.introspection:
            return True
        is_known = actor.name != STRANGER.name
        return is_known and (KNOWN in self.introspection or not self.introspection.isdisjoint(actor.roles))

    @property
    def authenticates(self) -> bool:
        """Whether callers must show a token or a key; otherwise loopback is the one local user."""
        return self.oidc is not None or self.secrets.pepper is not None

    @property
    def notes_reads(self) -> bool:
        """Whether reads of case records leave audit rows."""
        return self.authenticates or self.reads_audited


def oidc_from(environ: Mapping[str, str]) -> OidcSettings | None:
    """The provider of ``ICTIP_OIDC_ISSUER`` and ``ICTIP_OIDC_AUDIENCE``; none without an issuer.

    ``ICTIP_OIDC_ROLES`` maps names, ``tip-investigators=investigator tip-audit=auditor``; ``ICTIP_OIDC_CLAIMS`` renames
    claims, ``roles=realm_access.roles entities=agency``. Raises `SettingInvalid`.
    """
    issuer = environ.get("ICTIP_OIDC_ISSUER", "")
    if not issuer:
        return None
    audience = environ.get("ICTIP_OIDC_AUDIENCE", "")
    if not audience:
        raise SettingInvalid(setting="ICTIP_OIDC_AUDIENCE", reason="an issuer is set, so it must be too")
    renamed = pairs_from(environ, "ICTIP_OIDC_CLAIMS")
    if unknown := sorted(renamed.keys() - CLAIMS.keys()):
        raise SettingInvalid(setting="ICTIP_OIDC_CLAIMS", reason=f"{unknown[0]} is none of {', '.join(CLAIMS)}")
    roles = pairs_from(environ, "ICTIP_OIDC_ROLES")
    if strange := sorted(set(roles.values()) - {role.value for role in Role}):
        raise SettingInvalid(setting="ICTIP_OIDC_ROLES", reason=f"{strange[0]} is none of {', '.join(Role)}")
    return OidcSettings(
        issuer=issuer,
        audience=audience,
        roles=roles,
        claims={**CLAIMS, **renamed},
        plain_jwt=is_on(environ.get("ICTIP_OIDC_PLAIN_JWT", "off")),
    )


def pairs_from(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """``a=b c=d`` as a mapping; raises `SettingInvalid` for a word without ``=``."""
    pairs = [word.partition("=") for word in environ.get(name, "").replace(",", " ").split()]
    if any(not key or not value for key, _, value in pairs):
        raise SettingInvalid(setting=name, reason="write it as name=value name=value")
    return {key: value for key, _, value in pairs}


def secret_from(environ: Mapping[str, str], name: str) -> bytes | None:
    """The secret in the file that the setting names, without white space at its ends; none without the setting.

    Raises `SecretMissing` for a file that cannot be read, is shorter than `SECRET_BYTES`, or that others may read.
    """
    if not environ.get(name):
        return None
    path, reason = Path(environ[name]), ""
    try:
        secret = path.read_bytes().strip()
        if len(secret) >= SECRET_BYTES and not path.stat().st_mode & 0o007:
            return secret
        reason = "it is shorter" if len(secret) < SECRET_BYTES else "everybody may read or write the file"
    except OSError as error:
        reason = type(error).__name__
    raise SecretMissing(secret=f"the file of {name}", bytes=SECRET_BYTES, reason=reason, setting=name)


def secrets_from(environ: Mapping[str, str]) -> Secrets:
    """The secrets derived from ``ICTIP_SECRET_FILE``, each under its own label, or read from a file of its own.

    Raises `SecretMissing`.
    """
    master = secret_from(environ, "ICTIP_SECRET_FILE")

    def secret(name: str, label: bytes) -> bytes | None:
        own = secret_from(environ, name)
        derived = None if master is None else hmac.new(master, b"ictip " + label, hashlib.sha256).digest()
        return own if own is not None else derived

    return Secrets(
        pepper=secret("ICTIP_PEPPER_FILE", b"pepper"),
        audit_key=secret("ICTIP_AUDIT_KEY_FILE", b"audit"),
        pseudonym_key=secret("ICTIP_PSEUDONYM_KEY_FILE", b"pseudonyms"),
    )


def whole_from(environ: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    """A whole number, ``least`` or more; raises `SettingInvalid`."""
    text = environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise SettingInvalid(setting=name, reason=f"it must be a whole number, {least} at least")
    return int(text)


def is_on(text: str) -> bool:
    """Whether a setting's text means yes."""
    return text.lower() not in {"", "off", "0", "false", "no"}


def introspection_from(environ: Mapping[str, str]) -> frozenset[str]:
    """Who may see the schema by ``ICTIP_INTROSPECTION``: on, known (the default), off, or roles.

    Raises `SettingInvalid` for a word that is none of these.
    """
    words = environ.get("ICTIP_INTROSPECTION", KNOWN).lower().replace(",", " ").split()
    if words in (["on"], ["off"]):
        return frozenset({EVERYBODY} if words == ["on"] else ())
    if strange := sorted(set(words) - {KNOWN, *Role}):
        raise SettingInvalid(setting="ICTIP_INTROSPECTION", reason=f"{strange[0]} is none of on, known, off and roles")
    return frozenset(words)


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
        introspection=introspection_from(environ),
        neo4j=neo4j_from(environ),
        engine_heap_mebibytes=int(environ["ICTIP_ENGINE_HEAP_MIB"]) if environ.get("ICTIP_ENGINE_HEAP_MIB") else None,
        oidc=oidc_from(environ),
        secrets=secrets_from(environ),
        pseudonym_period=whole_from(environ, "ICTIP_PSEUDONYM_PERIOD", 1),
        disclosure_threshold=whole_from(environ, "ICTIP_DISCLOSURE_THRESHOLD", THRESHOLD),
        reads_audited=is_on(environ.get("ICTIP_AUDIT_READS", "off")),
        audit_heads=Path(environ["ICTIP_AUDIT_HEADS_FILE"]) if environ.get("ICTIP_AUDIT_HEADS_FILE") else None,
        documents=Path(environ["ICTIP_DOCUMENTS"]) if environ.get("ICTIP_DOCUMENTS") else None,
        allowed_hosts=hosts,
        log_level=environ.get("ICTIP_LOG_LEVEL", "info").lower(),
        limits=limits_from(environ),
    )


def limits_from(environ: Mapping[str, str]) -> Limits:
    """The limits that an operator may set; raises `SettingInvalid`."""
    shipped = Limits()

    def whole(name: str, default: float, least: int = 1) -> int:
        return whole_from(environ, name, round(default), least=least)

    return Limits(
        allowance_ms=whole("ICTIP_ALLOWANCE_MS", shipped.allowance_ms),
        allowance_ms_a_second=whole("ICTIP_ALLOWANCE_MS_A_SECOND", shipped.allowance_ms_a_second),
        request_seconds=whole("ICTIP_REQUEST_SECONDS", shipped.request_seconds),
        requests=whole("ICTIP_REQUESTS", shipped.requests),
        requests_an_actor=whole("ICTIP_REQUESTS_AN_ACTOR", shipped.requests_an_actor),
        streams=whole("ICTIP_STREAMS", shipped.streams, 0),
        streams_an_actor=whole("ICTIP_STREAMS_AN_ACTOR", shipped.streams_an_actor, 0),
    )


def software_version() -> str:
    """The version of this software; ``source tree`` where it runs without being installed."""
    try:
        return version("ictip")
    except PackageNotFoundError:
        return "source tree"
