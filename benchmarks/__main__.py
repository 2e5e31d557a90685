"""``make bench``: every speed the project promises, as ratios of one run, on both engines, at growing sizes.

::

    doors      once                       code lists and one code over HTTP, against static bytes and plain Strawberry
    releasing  once, and each engine      diff of ISIC, check of 1,600 concepts; release of IC-TIP: seconds
    permission once                       what believing and allowing costs of a code list's answer
    intake     each engine, each size     import against raw UNWIND; memory of reading
    network    engine, size and world     2-hop ego against the raw driver and @neo4j/graphql; a hub start; flat in size
    revision   each engine, each size     use of codes from the table against a scan
    paths      engine, size and world     constrained shortest path against the raw driver
    start      each engine, each size     warm start, resident memory

Sizes are 10k and 100k events, and a million with ``SIZE=1m`` (hours); worlds are sparse, dense and hub. An import is
measured beside a raw one, so a store ends up with twice its size. Results go to ``benchmarks/results`` as a table and
as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import doors, hostile, intake, network, paths, permission, releasing, revision, start
from benchmarks.report import Better, Ratio, table, table_row, write
from benchmarks.stores import ENGINES, environment_of, fresh_store, settings_of
from graphql_api.cli.installation import open_installation
from graphql_api.settings import Settings
from registry.access.actor import local_user
from registry.classification.catalogue import Catalogue
from registry.intake.sample.presets import Preset

SIZES: Final = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}


def measure_engine(engine: str, events: int, preset: Preset) -> list[Ratio]:
    """Every figure that needs a store with so many events; those that hang on no shape in the first world alone."""
    measured = network.Measured(engine, events, preset.value)
    with TemporaryDirectory(prefix="ictip-bench-") as name:
        folder, files = Path(name) / "store", Path(name) / "files"
        with fresh_store(engine, folder) as address:
            catalogue = asyncio.run(filled(settings_of(address)))
            found = asyncio.run(intake.measure_import(address, catalogue, files, events=events, preset=preset))
            rows = import_rows(found, engine, preset)
            rows += network.measure(address, measured)
            rows += paths.measure(address, measured)
            if preset is not Preset.SPARSE:
                return rows
            rows += memory_rows(files, engine, events)
            rows += revision.measure(address, engine, events)
            rows += releasing.measure_release(address, engine)
            if engine == "neo4j":
                return rows + start.measure([], environment_of(address), engine, events)
        return rows + start.measure(["--data", str(folder)], {}, engine, events)


async def filled(settings: Settings) -> Catalogue:
    """The catalogue, its releases loaded."""
    async with open_installation(settings, actor=local_user()) as installation:
        return installation.catalogue


def import_rows(found: intake.ImportRatio, engine: str, preset: Preset) -> list[Ratio]:
    """The import's rates beside the raw one's."""
    base = Ratio("", 0.0, "events/s", found.raw_rate, engine, found.events, preset=preset.value)
    return [
        replace(base, name="import, storing pass / raw UNWIND", ours=found.store_rate, target=0.5),
        replace(base, name="import with its check / raw UNWIND", ours=found.import_rate),
    ]


def memory_rows(files: Path, engine: str, events: int) -> list[Ratio]:
    """The memory of reading a whole file, above that of a process that read none; once a size."""
    if engine != ENGINES[0]:
        return []
    largest = max(files.glob("*.ndjson.gz"), key=lambda file: file.stat().st_size)
    before, after = intake.measure_memory(largest)
    size = largest.stat().st_size / 1024 / 1024
    return [
        Ratio("memory that checking a file adds", after - before, "MiB", None, events=events, better=Better.LOWER,
              remark=f"of a file of {size:.1f} MiB")
    ]  # fmt: skip


def main() -> int:
    """Measure, print each figure as it comes, write the results; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="100k", help="the largest number of events")
    parser.add_argument("--worlds", nargs="+", choices=[*Preset], default=[*Preset], type=Preset)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    options = parser.parse_args()
    rows: list[Ratio] = []
    keep(rows, doors.measure())
    keep(rows, hostile.measure())
    keep(rows, releasing.measure_pure())
    keep(rows, permission.measure())
    for events in (count for count in SIZES.values() if count <= SIZES[options.size]):
        for engine, world in product(options.engines, options.worlds):
            keep(rows, measure_engine(engine, events, world))
    keep(rows, network.flat_rows(rows))
    page = write(rows, options.size, datetime.now(UTC).date().isoformat())
    print(f"\n{table(rows)}\nwritten to {page}")
    return 1 if any(row.reached is False for row in rows) else 0


def keep(rows: list[Ratio], found: list[Ratio]) -> None:
    """Add and print."""
    rows += found
    for row in found:
        print(table_row(row), flush=True)


if __name__ == "__main__":
    sys.exit(main())
