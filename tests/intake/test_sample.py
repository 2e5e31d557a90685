"""Sample worlds: the same seed makes the same bytes, everything imports, and the truth file is true."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.classification.catalogue import Catalogue
from registry.errors import ArgumentOutOfRange, FileNotWritable
from registry.intake.actions import Delivery, check_batch
from registry.intake.mapping import load_mapping
from registry.intake.sample.actions import SampleFiles, write_world
from registry.intake.sample.draws import Urn, lasting_uniform, pick, power_law, uniforms
from registry.intake.sample.palette import Palette, palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import World

STANDARD = {
    *("sta", "geo", "dat", "coe", "exp", "moc", "ccs", "cca", "cyb", "ssc", "fls", "dab", "dae"),
    *("svx", "agv", "stv", "civ", "lcv", "msv", "ncv", "lpv", "lsv", "lev", "rtv"),
    *("spx", "agp", "stp", "cip", "rpp", "rvp"),
    *("rer", "ret", "dem"),
}


@pytest.fixture(scope="module")
def palette(catalogue: Catalogue) -> Palette:
    """The codes of the package."""
    return palette_of(catalogue)


@pytest.fixture(scope="module")
def files(palette: Palette, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A world of 6,000 events, so with two of some patterns."""
    return write_world(World(6_000, Preset.SPARSE, 5, palette), tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def events(files: SampleFiles) -> dict[str, dict[str, object]]:
    """Its events by key."""
    with gzip.open(files.events_file) as stream:
        next(stream)
        documents = [orjson.loads(line) for line in stream]
    return {document["key"]: document for document in documents}


@pytest.mark.parametrize("preset", list(Preset))
def test_every_preset_imports_without_a_fault(
    palette: Palette, codebook: CatalogueCodebook, tmp_path: Path, preset: Preset
) -> None:
    """Checked as any delivery; events are as many as asked for."""
    made = write_world(World(700, preset, 2, palette), tmp_path)

    report = check_batch(Delivery(made.events_file, load_mapping("ictip")), codebook, actor=local_user())

    assert (report.fault_total, report.rows, report.source_type) == (0, 700, "synthetic")


def test_the_same_seed_makes_the_same_bytes(palette: Palette, tmp_path: Path) -> None:
    """Also the truth; another seed makes another world."""
    made = [
        write_world(World(300, Preset.HUB, seed, palette), tmp_path / folder)
        for folder, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    contents = [(each.events_file.read_bytes(), each.truth_file.read_bytes()) for each in made]

    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_all_variables_occur_with_missing_states(events: dict[str, dict[str, object]]) -> None:
    """The 33, two national ones, and three of the four missing states (not applicable is for real forms to say)."""
    found: set[str] = set()
    states: Counter[str] = Counter()
    for document in events.values():
        holders = [document]
        for part in ("victims", "perpetrators", "decisions"):
            holders += document.get(part, [])  # type: ignore[arg-type]
        for holder in holders:
            values = holder["values"]
            assert isinstance(values, dict)
            found |= values.keys()
            states.update(told["missing"] for told in values.values() if isinstance(told, dict))

    assert found == STANDARD | {"rmo", "asg"}
    assert len(STANDARD) == 33
    assert states.keys() == {"not-known", "not-collected", "withheld"}


def test_nobody_has_a_name(files: SampleFiles) -> None:
    """Keys only, and the header says that it is invented."""
    with gzip.open(files.events_file) as stream:
        header = orjson.loads(next(stream))
        line = next(stream)

    assert header["remark"].startswith("Invented data")
    assert all("Invented" in entity["name"] for entity in header["entities"])
    assert b'"name"' not in line


def test_the_truth_is_in_the_events(files: SampleFiles, events: dict[str, dict[str, object]]) -> None:
    """Each planted pattern has its shape, with the people and events that the truth file lists."""
    truth = orjson.loads(files.truth_file.read_bytes())
    patterns = truth["patterns"]

    assert Counter(pattern["typology"] for pattern in patterns) == {
        "star recruiter": 1,
        "ring": 1,
        "relay route": 1,
        "shared address": 1,
        "victim turned recruiter": 1,
        "short-cycle movement": 1,
    }
    for pattern in patterns:
        planted = [events[key] for key in pattern["events"]]
        perpetrators = [people(document, "perpetrators") for document in planted]
        victims = [people(document, "victims") for document in planted]
        assert {document["entity"] for document in planted} == {pattern["entity"]}
        assert {person for each in perpetrators for person in each} == set(pattern["perpetrators"])
        assert {person for each in victims for person in each} == set(pattern["victims"])
        match pattern["typology"]:
            case "star recruiter":
                assert len(pattern["perpetrators"]) == 1
                assert len(pattern["victims"]) == len(planted) >= 12
            case "ring":
                assert Counter(person for each in perpetrators for person in each) == dict.fromkeys(
                    pattern["perpetrators"], 2
                )
            case "relay route":
                assert all(before[1] == after[0] for before, after in pairwise(perpetrators))
                assert len(pattern["victims"]) == 1
            case "shared address":
                assert len({str(document["values"]["geo"]) for document in planted}) == 1  # type: ignore[index]
                assert len({str(document["identifiers"]) for document in planted}) == 1
                assert len(pattern["perpetrators"]) == len(planted)
            case "victim turned recruiter":
                person = victims[0][0]
                assert [person in each for each in perpetrators] == [False, *[True] * (len(planted) - 1)]
            case "short-cycle movement":
                route = [str(document["values"]["coe"]) for document in planted]  # type: ignore[index]
                assert all(before != after for before, after in pairwise(route))
                assert len(set(route)) < len(route)
                assert (len(pattern["victims"]), len(pattern["perpetrators"])) == (1, 1)


def people(document: dict[str, object], field: str) -> list[str]:
    """The keys of an event's victims or perpetrators."""
    parts = document[field]
    assert isinstance(parts, list)
    return [part["person"] for part in parts]


def test_nobody_is_linked_with_themselves(palette: Palette, codebook: CatalogueCodebook, tmp_path: Path) -> None:
    """In this world a victim who turned is told as victim and as perpetrator of one event."""
    made = write_world(World(10_000, Preset.SPARSE, 3, palette), tmp_path)

    report = check_batch(Delivery(made.events_file, load_mapping("ictip")), codebook, actor=local_user())

    assert report.fault_total == 0


def test_hubs_are_larger_in_the_hub_preset(palette: Palette, tmp_path: Path) -> None:
    """The most frequent perpetrator of an agency, in two worlds of the same size."""
    most = {}
    for preset in (Preset.SPARSE, Preset.HUB):
        made = write_world(World(3_000, preset, 1, palette), tmp_path, compress=False)
        met: Counter[tuple[str, str]] = Counter()
        for line in made.events_file.read_bytes().splitlines()[1:]:
            document = orjson.loads(line)
            met.update((document["entity"], part.get("person", "")) for part in document.get("perpetrators", ()))
        most[preset] = met.most_common(1)[0][1]

    assert most[Preset.HUB] > 3 * most[Preset.SPARSE]


def test_small_worlds_have_no_patterns(palette: Palette, tmp_path: Path) -> None:
    """They would be nothing else."""
    assert write_world(World(99, Preset.DENSE, 1, palette), tmp_path).patterns == 0


def test_a_world_too_large_is_refused(palette: Palette, tmp_path: Path) -> None:
    """And no file is left behind."""
    with pytest.raises(ArgumentOutOfRange):
        write_world(World(1_000_001, Preset.DENSE, 1, palette), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(palette: Palette, tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(FileNotWritable):
        write_world(World(10, Preset.DENSE, 1, palette), tmp_path / "taken")


@given(st.integers(1, 50), st.floats(1.1, 4.0))
def test_power_laws_stay_within_their_bounds(most: int, exponent: float) -> None:
    """And one is the most frequent."""
    drawn = power_law(np.random.default_rng(1), 2_000, exponent=exponent, most=most)

    assert drawn.min() == 1
    assert drawn.max() <= most
    assert np.bincount(drawn).argmax() == 1


def test_power_laws_have_their_exponent() -> None:
    """P(2) / P(1) = 2^-exponent."""
    drawn = np.bincount(power_law(np.random.default_rng(1), 400_000, exponent=2.0, most=100))

    assert drawn[2] / drawn[1] == pytest.approx(0.25, rel=0.03)


def test_the_urn_grows_as_the_process_has_it() -> None:
    """With discount 0 the expected number of people is the sum of strength / (strength + n) (Pitman 2006, 3.8)."""
    urn = Urn(uniforms(np.random.default_rng(3)), discount=0.0, strength=100.0)
    for _ in range(20_000):
        urn.draw()

    assert urn.people == pytest.approx(sum(100 / (100 + number) for number in range(20_000)), rel=0.15)


def test_an_event_has_different_people() -> None:
    """Also where the urn knows one person only."""
    urn = Urn(uniforms(np.random.default_rng(3)), discount=0.0, strength=0.001)

    assert len(set(urn.draw_several(5))) == 5


def test_facts_of_a_person_last() -> None:
    """The same person and salt give the same number; numbers are even over [0, 1)."""
    people_numbers = np.arange(100_000, dtype=np.int64)
    facts = lasting_uniform(people_numbers, salt=1)

    assert (facts == lasting_uniform(people_numbers, salt=1)).all()
    assert (facts != lasting_uniform(people_numbers, salt=2)).all()
    assert np.histogram(facts, bins=10, range=(0, 1))[0].min() > 9_600


def test_picking_follows_weights() -> None:
    """A weight of nothing is never picked, and the end of the range falls on the last one."""
    uniform = np.array([0.0, 0.24, 0.26, 0.9999999999999999])

    assert pick(uniform, [1, 0, 3]).tolist() == [0, 0, 2, 2]
