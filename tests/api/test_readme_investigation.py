"""The README's investigation is true: each step in turn on the sample world of ``make run``, on either engine."""

from __future__ import annotations

import re
from pathlib import Path

from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES
from registry.classification.catalogue import Catalogue
from registry.intake.actions import Delivery, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.sample.actions import write_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import World
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests.api.conftest import opened, rooms_of

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```graphql step\n(.*?)```", README, re.DOTALL)


async def test_a_phone_number_leads_to_a_ring(database: Database, catalogue: Catalogue, tmp_path: Path) -> None:
    """With the figures that the README tells."""
    world = write_world(World(1000, Preset.SPARSE, 1, palette_of(catalogue)), tmp_path)
    store, mapping = BoltCaseStore(database), load_mapping("ictip")
    delivery = Delivery(world.events_file, mapping)
    await import_batch(store, delivery, CatalogueCodebook(catalogue), actor=local_user(), fresh_key=bytes(KEY_BYTES))
    rooms = rooms_of(catalogue, database)
    async with opened(lambda: rooms, actor=local_user()) as doors:
        told = (await doors.data(STEPS[0]))["identified"]
        person = told["sightings"][0]["person"]
        ego, players, patterns, picture = [await doors.data(step, person=person) for step in STEPS[1:]]

    assert ({each["person"] for each in told["sightings"]}, len(told["sightings"])) == ({person}, 2)
    network = ego["egoNetwork"]
    assert {each["kind"]: each["count"] for each in network["countsByType"]} == {"PERSON": 10, "EVENT": 5}
    assert (network["truncated"], network["skippedHubs"], len(network["edges"])) == (False, [], 15)
    first = players["keyPlayers"]["players"]
    assert len({each["betweenness"] for each in first}) == 1
    assert [(each["degree"], each["isArticulation"]) for each in first] == [(2, False)] * 5
    (ring,) = patterns["patterns"]["matches"]
    assert {each["person"] for each in ring["members"]} == {each["id"] for each in first}
    assert len(ring["events"]) == 5
    (file,) = picture["egoNetwork"]["export"]
    assert "10 people, 5 events, 15 links" in file["text"]
    assert person not in file["text"]
