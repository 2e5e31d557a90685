"""What a command that works on the store needs of it: the words loaded, the catalogue compiled, the store of cases.

Lives here: opening these for one command. Elsewhere: the engine and the mark of an installation (``serving``), the
doors that serve (``app``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from graphql_api.context import today
from graphql_api.rooms import settle_memory
from graphql_api.serving import open_store
from graphql_api.settings import Purpose, Settings
from registry.access.actor import Actor
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue, compile_catalogue, compile_version
from registry.classification.current import catalogue_of
from registry.classification.model import Binding, Correspondence, SchemeVersion
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.migrate import read_installation
from registry.storage.rdf.vocabulary import load_packaged, read_packaged


@dataclass(frozen=True, slots=True)
class Installation:
    """An open store with the catalogue that it holds."""

    catalogue: Catalogue
    codebook: CatalogueCodebook
    cases: BoltCaseStore
    purpose: Purpose


@asynccontextmanager
async def open_installation(settings: Settings, *, actor: Actor) -> AsyncIterator[Installation]:
    """The settings' store for the time of a block; packaged vocabularies that it lacks are loaded first."""
    async with open_store(settings) as database:
        releases = BoltReleaseStore(database)
        await load_packaged(releases, actor=actor)
        catalogue = await catalogue_of(releases)
        mark = await read_installation(database)
        purpose = Purpose(mark.purpose.value) if mark is not None else Purpose.REAL
        settle_memory()
        yield Installation(catalogue, CatalogueCodebook(catalogue, today), BoltCaseStore(database), purpose)


def packaged_catalogue() -> Catalogue:
    """The catalogue of what the package ships, read from its files: for checks that need no store. Takes seconds."""
    releases = [release for text in read_packaged() for release in text.releases]
    return compile_catalogue(
        0,
        (compile_version(each, 0) for each in releases if isinstance(each, SchemeVersion)),
        (each for each in releases if isinstance(each, Correspondence)),
        (each for each in releases if isinstance(each, Binding)),
    )
