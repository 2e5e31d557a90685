"""Stored events by form and reporting entity, within the actor's scope, on both engines."""

from __future__ import annotations

import pytest

from registry.access.actor import Actor, Right, Scope, StatedPurpose, local_user
from registry.cases.form_use import FormUse, form_use
from registry.errors import NotAllowed
from registry.identifiers import Notation
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.form_use import BoltFormUseStore
from tests.revision.families import codes
from tests.universe import POLICE, SHELTER, V1, build_universe

FORMS = codes("1", "2.1", "4", "5.4", "8", "6.5")


async def test_events_are_counted_by_form_and_entity_within_the_scope(database: Database) -> None:
    """Of E1 to E6: an event counts under each of its forms; the shelter's are absent from the police's answer."""
    await build_universe(BoltCaseStore(database))
    store = BoltFormUseStore(database)

    everything = await form_use(store, V1, FORMS, actor=local_user())
    police = Actor(
        "police",
        frozenset({Right.READ_CASES}),
        Scope.of_entities(POLICE),
        purpose=StatedPurpose.INVESTIGATION,
    )
    own = await form_use(store, V1, FORMS, actor=police)

    assert own == tuple(each for each in everything if each.entity == POLICE)
    assert FormUse(Notation("1"), POLICE, 3) in everything
    assert FormUse(Notation("4"), POLICE, 1) in everything
    assert FormUse(Notation("5.4"), SHELTER, 1) in everything
    assert not any(each.code == "6.5" for each in everything)
    with pytest.raises(NotAllowed):
        await form_use(store, V1, FORMS, actor=Actor("reader", frozenset({Right.READ_REGISTRY})))
