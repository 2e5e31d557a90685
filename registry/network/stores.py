"""Where every question of networks is answered from: the stores, and the lists whose codes a question may name."""

from __future__ import annotations

from dataclasses import dataclass

from registry.cases.ports import Codebook
from registry.network.analysis_ports import AnalysisStore
from registry.network.ports import NetworkStore
from registry.network.slice_ports import RouteStore, SimilarStore, SliceStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one database, and the codes of the released lists."""

    links: NetworkStore
    slices: SliceStore
    routes: RouteStore
    similar: SimilarStore
    analyses: AnalysisStore
    codebook: Codebook
