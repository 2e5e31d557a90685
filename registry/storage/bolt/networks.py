"""Every store that questions of networks need, over one database."""

from __future__ import annotations

from registry.cases.ports import Codebook
from registry.network.stores import Stores
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network import BoltNetworkStore
from registry.storage.bolt.network_routes import BoltRouteStore
from registry.storage.bolt.network_similar import BoltSimilarStore
from registry.storage.bolt.network_slices import BoltSliceStore


def network_stores(database: Database, codebook: Codebook) -> Stores:
    """The stores of that database; a code is one that the codebook knows."""
    return Stores(
        links=BoltNetworkStore(database),
        slices=BoltSliceStore(database),
        routes=BoltRouteStore(database),
        similar=BoltSimilarStore(database),
        analyses=BoltAnalysisStore(database),
        codebook=codebook,
    )
