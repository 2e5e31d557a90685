"""What is looked for in many events takes the processor for seconds: it is looked for beside the loop that answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from registry.identifiers import EventId
from registry.network import pattern_queries, route_queries, shared_queries, similar_queries
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.library import LIBRARY
from registry.network.patterns.model import PatternKind
from registry.network.route_queries import RouteQuestion
from registry.network.routes import count_routes
from registry.network.shared import Likeness, SharedKind, links_in
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.universe import EVERYONE, event_id, networks

PATIENCE = 10.0
"""Seconds until a loop that does not turn is given up."""


@pytest.mark.parametrize("store_address", ["embedded"], indirect=True)
async def test_others_are_answered_meanwhile(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each search waits for the loop to turn once, which it never would had it been called by the loop itself."""
    await universe.build_universe(BoltCaseStore(database))
    turned = threading.Event()
    waited: list[bool] = []

    def waiting(search: Callable[..., Any]) -> Callable[..., Any]:
        def found(*asked: Any, **told: Any) -> Any:
            loop.call_soon_threadsafe(turned.set)
            waited.append(turned.wait(PATIENCE))
            turned.clear()
            return search(*asked, **told)

        return found

    loop = asyncio.get_running_loop()
    ring = LIBRARY[PatternKind.RING]
    monkeypatch.setattr(pattern_queries, "LIBRARY", {ring.kind: replace(ring, find=waiting(ring.find))})
    monkeypatch.setattr(route_queries, "count_routes", waiting(count_routes))
    monkeypatch.setattr(shared_queries, "links_in", waiting(links_in))
    monkeypatch.setattr(similar_queries, "_compared", waiting(similar_queries._compared))

    for question in (
        PatternQuestion(PatternKind.RING),
        RouteQuestion(),
        SharedQuestion(Likeness(SharedKind.CO_OFFENDING)),
        SimilarQuestion(EventId(event_id("E1"))),
    ):
        await question.ask(networks(database), actor=EVERYONE)

    assert waited == [True] * 4
