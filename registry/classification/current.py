"""The catalogue as the store has it now: compiled once a process, replaced whole when the registry's revision moves.

Lives here: keeping up. Elsewhere: when to look (the door that serves polls once a second), what is compiled
(``catalogue``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from registry.classification.catalogue import (
    EMPTY_CATALOGUE,
    Catalogue,
    CompiledVersion,
    compile_catalogue,
    compile_version,
)
from registry.classification.model import Binding, Correspondence, SchemeVersion
from registry.classification.ports import Listing, Release, ReleaseStore
from registry.identifiers import NAMESPACE


async def catalogue_of(store: ReleaseStore) -> Catalogue:
    """The catalogue as the store has it at this moment, for one command."""
    current = CurrentCatalogue(store)
    await current.refresh()
    return current.catalogue


class CurrentCatalogue:
    """Holds the newest catalogue seen. Readers take ``catalogue`` once a request and keep that one to its end."""

    def __init__(self, store: ReleaseStore) -> None:
        self._store = store
        self._refreshing = asyncio.Lock()
        self._releases: dict[str, Release | CompiledVersion] = {}  # by digest
        self.catalogue: Catalogue = EMPTY_CATALOGUE

    async def refresh(self) -> bool:
        """Whether a newer catalogue took the place of the old one. One small query when nothing changed.

        Only releases not compiled before are read. When reading fails, the old catalogue stays.
        """
        async with self._refreshing:
            if await self._store.revision() == self.catalogue.revision:
                return False
            listing = await self._store.listing()
            fresh = [record for record in listing.records if record.digest not in self._releases]
            read = dict(zip((record.digest for record in fresh), await self._store.read(fresh), strict=True))
            self.catalogue = await asyncio.to_thread(self._compile, listing, read)
            return True

    def _compile(self, listing: Listing, read: Mapping[str, Release]) -> Catalogue:
        kept: dict[str, Release | CompiledVersion] = {}
        for record in listing.records:
            release = read.get(record.digest) or self._releases[record.digest]
            if isinstance(release, SchemeVersion):
                release = compile_version(release, record.revision)
            kept[record.digest] = release
        self._releases = kept
        releases = list(kept.values())
        return compile_catalogue(
            listing.revision,
            (each for each in releases if isinstance(each, CompiledVersion)),
            (each for each in releases if isinstance(each, Correspondence)),
            (each for each in releases if isinstance(each, Binding)),
            ((change.at, change.revision) for change in listing.changes),
            born={f"{NAMESPACE}/{record.key}": record.revision for record in listing.records},
            retirements=listing.retirements,
        )
