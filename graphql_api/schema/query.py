"""The whole schema: every root field in one place, and the schema made of them.

Root fields of the registry may be remembered as finished answers; those of cases never are (``answers``).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_api.schema import (
    access,
    audit,
    cases,
    consultation,
    exchange,
    identified,
    measures,
    network,
    network_patterns,
    network_routes,
    network_shared,
    recoding,
    registry,
    releasing,
    revision,
    saved,
    statistics,
)
from graphql_api.schema import code_use as uses
from graphql_api.schema import components as parts
from graphql_api.schema import drafts as revised
from graphql_api.schema import judgements as judged
from graphql_api.schema import languages as spoken
from graphql_api.schema import paths as path_fields
from graphql_api.schema.access import ApiKey, CaseGrant, EmergencyOpening, ExplanationTold
from graphql_api.schema.audit import AuditReport, AuditRow, OpeningReport
from graphql_api.schema.cases import Event, Person, ReportingEntity
from graphql_api.schema.classification import Codelist, Concept, Info, Scheme, SearchHit, Variable, Version
from graphql_api.schema.code_use import CodeUse, StoredImpact
from graphql_api.schema.components import NetworkComponents
from graphql_api.schema.drafts import Draft, DraftSummary
from graphql_api.schema.exchange import ContactRequest, IncomingContact, ReferralTold
from graphql_api.schema.identified import Sightings
from graphql_api.schema.judgements import Judgement
from graphql_api.schema.languages import VersionLanguages
from graphql_api.schema.measures import Analysis, Communities, KeyPlayers, Measured
from graphql_api.schema.mutation import Mutation
from graphql_api.schema.network import Network
from graphql_api.schema.network_door import asking
from graphql_api.schema.network_patterns import PatternDefinition, PatternMatches
from graphql_api.schema.network_routes import Routes, SimilarEvents
from graphql_api.schema.network_shared import SharedLinks
from graphql_api.schema.paging import Connection
from graphql_api.schema.paths import Paths
from graphql_api.schema.reading import computed, told
from graphql_api.schema.recoding import RecodeBatch
from graphql_api.schema.releasing import ReleaseEvent
from graphql_api.schema.revision import Diff, Impact, TimelineEntry, Translation
from graphql_api.schema.saved import SavedAnswer, SavedQuery
from graphql_api.schema.scalars import SCALARS
from graphql_api.schema.statistics import EmergingTerm, RevisionIndicator
from graphql_api.schema.subscriptions import Subscription
from graphql_api.settings import Purpose, software_version
from registry.access.actor import Right
from registry.access.policy import may
from registry.cases.queries import usage

strawberry.enum(Purpose, description="What an installation is for.")


@dataclass(frozen=True, slots=True)
class RecordCount:
    """How many records of a kind the caller may see."""

    kind: str
    count: int


@strawberry.type(description="How many records of a kind you may see.")
class CountOfRecords:
    """`RecordCount`."""

    kind: str = told("kind", "events, persons, groups or reporting entities.")
    count: int = told("count", "How many.")


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    """What this server is and holds."""

    purpose: Purpose
    software: str
    revision: int
    schemes: int
    versions: int
    concepts: int
    records: tuple[RecordCount, ...]


@strawberry.type(description="What this server is and holds.")
class Installation:
    """`InstallationFacts`."""

    purpose: Purpose = told("purpose", "Whether its records are real, a made-up sample or a test.")
    software: str = told("software", "The version of this software.")
    revision: int = told("revision", "The registry revision: it grows with each release.")
    schemes: int = told("schemes", "Number of schemes.")
    versions: int = told("versions", "Number of scheme versions, editions counted.")
    concepts: int = told("concepts", "Number of concepts in the latest versions.")
    records: list[CountOfRecords] = told("records", "Case records that you may see, by kind.")


async def installation(info: Info) -> InstallationFacts:
    """What this server is and holds."""
    context = info.context
    catalogue = context.catalogue
    seen = may(context.actor, Right.READ_CASES).allowed
    counts = await usage(context.cases, actor=context.actor) if seen else {}
    latest = [catalogue.resolve(scheme) for scheme in catalogue.versions]
    return InstallationFacts(
        purpose=context.rooms.purpose,
        software=software_version(),
        revision=catalogue.revision,
        schemes=len(latest),
        versions=sum(len(versions) for versions in catalogue.versions.values()),
        concepts=sum(len(version.content.concepts) for version in latest),
        records=tuple(RecordCount(kind, count) for kind, count in counts.items()),
    )


@strawberry.type(description="All that can be asked.")
class Query:
    """The root fields."""

    installation: Installation = computed(installation, "What this server is and holds.")
    schemes: list[Scheme] = computed(registry.schemes, "Every scheme, by id.")
    scheme: Scheme | None = computed(registry.scheme, "One scheme.")
    version: Version | None = computed(registry.version, "One version of a scheme; without a tag the latest.")
    concept: Concept | None = computed(registry.concept, "One concept, by scheme and code, or by URI.")
    codelist: Codelist | None = computed(
        registry.codelist, "A whole code list in one answer: of a scheme, or the one a variable is bound to."
    )
    variables: list[Variable] = computed(
        registry.variables, "The disaggregating variables, core ones first, with the lists they take codes from."
    )
    search_concepts: Connection[SearchHit] | None = computed(
        registry.search_concepts,
        "Concepts whose code begins with the text or whose label holds its words; accents do not matter.",
    )
    event: Event | None = computed(cases.event, "One event.")
    events: Connection[Event] | None = computed(cases.events, "Events, newest recorded first, those undated last.")
    person: Person | None = computed(cases.person, "One person, with their part in each event.")
    identified: Sightings | None = computed(
        identified.identified, "Where a phone, address, document or account is told: the way in for who knows one."
    )
    reporting_entity: ReportingEntity | None = computed(cases.reporting_entity, "One reporting entity.")
    reporting_entities: Connection[ReportingEntity] | None = computed(
        cases.reporting_entities, "Reporting entities, by id."
    )
    ego_network: Network | None = computed(
        asking(network.ego_question), "What lies around one node of the case graph, and what was left out."
    )
    pattern_library: list[PatternDefinition] | None = computed(
        network_patterns.pattern_library, "The patterns that may be looked for, with their parameters."
    )
    patterns: PatternMatches | None = computed(
        asking(network_patterns.patterns_question),
        "Where one pattern of the library is found: by whom, by which events, and why.",
    )
    communities: Communities | None = computed(
        asking(measures.communities_question),
        "How what lies around one node falls into communities, and how sure that is.",
    )
    key_players: KeyPlayers | None = computed(
        asking(measures.key_players_question),
        "Who holds together what lies around one node, and what removing each one does.",
    )
    analyses: list[Analysis] | None = computed(
        measures.analyses, "Analyses of the whole graph that you may read, the newest first."
    )
    measured_records: Connection[Measured] | None = computed(
        measures.measured_records,
        "Results of an analysis of the whole graph, filtered and in an order; forward only. Every order but that of "
        "components is of people.",
    )
    measured: list[Measured] | None = computed(measures.measured, "What an analysis found of some records.")
    saved_queries: list[SavedQuery] | None = computed(
        saved.saved_queries, "Questions about networks that you saved, or that are shared with you, by name."
    )
    run_saved_query: SavedAnswer | None = computed(
        saved.run_saved_query, "Ask a saved question now, with your own rights and scope."
    )
    paths: Paths | None = computed(
        asking(path_fields.paths_question),
        "The shortest paths between two records, each hop with its evidence; or that there is none.",
    )
    components: NetworkComponents | None = computed(
        asking(parts.components_question),
        "What hangs together around a node, or among some records: across borders, across agencies.",
    )
    judgements: list[Judgement] | None = computed(
        judged.judgements, "Judgements about some records that you see both ends of, newest first."
    )
    shared_links: SharedLinks | None = computed(
        asking(network_shared.shared_question),
        "Who shares what with whom: events, victims, recruiters, places, identifiers.",
    )
    routes: Routes | None = computed(
        asking(network_routes.routes_question),
        "From where victims came, through where, to where they were exploited, in numbers.",
    )
    similar_events: SimilarEvents | None = computed(
        asking(network_routes.similar_question), "Events like one event, with each variable's part in the likeness."
    )
    languages: VersionLanguages | None = computed(
        spoken.languages, "How complete and how fresh the labels of a version are in each language."
    )
    diff: Diff | None = computed(revision.diff, "Everything that differs between two versions of a scheme.")
    translate: Translation | None = computed(
        revision.translate, "Codes of one version in the words of another, by the shortest chain of correspondences."
    )
    timeline: list[TimelineEntry] | None = computed(
        revision.timeline, "A concept through the versions of its scheme, oldest first."
    )
    impact: Impact | None = computed(
        revision.impact, "What going from one version to another does to codes that somebody holds."
    )
    code_use: list[CodeUse] | None = computed(
        uses.code_use, "How many stored events that you may see hold each code of a list, by variable and entity."
    )
    stored_impact: list[StoredImpact] | None = computed(
        uses.stored_impact, "Codes that change from one version to another, or by a draft, and that records hold."
    )
    history: list[ReleaseEvent] | None = computed(
        releasing.history, "What happened to a scheme's versions, oldest first, with the decisions behind it."
    )
    questionnaire: str | None = computed(
        consultation.questionnaire, "A questionnaire about a draft's changes, as a workbook (XLSX) in Base64."
    )
    disposition_log: str | None = computed(
        consultation.disposition_log,
        "What organisations said of a draft, or of the version it became, and what became of it; XLSX in Base64.",
    )
    revision_indicators: list[RevisionIndicator] | None = computed(
        statistics.revision_indicators,
        "Signs that a revision is due: shares of residual codes, unknowns and unmapped codes, above the threshold.",
    )
    emerging_terms: list[EmergingTerm] | None = computed(
        statistics.emerging_terms, "Frequent terms of the free texts given with residual codes, above the threshold."
    )
    drafts: list[DraftSummary] | None = computed(revised.drafts, "Drafts, oldest first.")
    draft: Draft | None = computed(revised.draft, "One draft, with its content.")
    recode_batches: list[RecodeBatch] | None = computed(
        recoding.recode_batches,
        "Your own recode batches, and those that moved a record that you may see; newest first.",
    )
    why_allowed: ExplanationTold | None = computed(
        access.why_allowed, "Why you may act so or may not, rule by rule; about others with the right to ask."
    )
    case_grants: list[CaseGrant] | None = computed(
        access.case_grants, "Case grants, newest first, 500 at most: your own, or all with the right to grant cases."
    )
    openings: list[EmergencyOpening] | None = computed(
        access.openings,
        "Emergency openings, newest first, 500 at most: your own, or all for those who watch over them.",
    )
    api_keys: list[ApiKey] | None = computed(access.api_keys, "Every API key, newest first, without secrets.")
    audit_rows: Connection[AuditRow] | None = computed(audit.audit_rows, "Rows of the audit, newest first.")
    opening_report: OpeningReport | None = computed(
        audit.opening_report, "Everything that left under one emergency opening."
    )
    audit_report: AuditReport | None = computed(
        audit.audit_report, "Whether every sealed row is what was sealed; reads the whole chain."
    )
    referrals: list[ReferralTold] | None = computed(
        exchange.referrals, "Cases that your agency offered, or was offered; newest first, 500 at most."
    )
    contact_requests: list[ContactRequest] | None = computed(
        exchange.contact_requests, "Contact requests of your agency, newest first, 200 at most."
    )
    incoming_contacts: list[IncomingContact] | None = computed(
        exchange.incoming_contacts,
        "Contact requests of other agencies that hit a record of yours, newest first, 200 at most.",
    )


REGISTRY_FIELDS: Final = frozenset(
    {
        "schemes",
        "scheme",
        "version",
        "concept",
        "codelist",
        "variables",
        "searchConcepts",
        "languages",
        "diff",
        "translate",
        "timeline",
        "impact",
        "__typename",
    }
)
"""Root fields that depend on the released classification alone."""

CLASSES: Final[dict[type, str]] = {}
"""Which GraphQL type each model of a union or interface is; there is none yet."""


def build_schema() -> strawberry.Schema:
    """A schema of its own: an executor changes its root fields, so it is made for one."""
    return strawberry.Schema(Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=SCALARS))


def written_schema() -> str:
    """The SDL as it is, ending in one line end."""
    return build_schema().as_str().rstrip() + "\n"


def committed_schema() -> str:
    """The SDL as it was last written into ``schema.graphql``; empty if it never was."""
    file = files("graphql_api.schema") / "schema.graphql"
    return file.read_text(encoding="utf-8") if file.is_file() else ""
