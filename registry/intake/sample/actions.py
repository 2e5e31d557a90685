"""A sample world written to files: the events in the import format, and the truth about what was planted.

Lives here: files, and importing them into a store. Elsewhere: the lines (``world``), the mark that keeps samples out of
real databases (``registry.storage.bolt.migrate``).
"""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

import orjson

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.cases.ports import CaseStore, Codebook
from registry.errors import FileNotWritable
from registry.intake.actions import Delivery, ProgressCallback, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.model import BatchReport
from registry.intake.sample.cast import event_key, person_key
from registry.intake.sample.world import REMARK, Setting, World, event_lines, header_line

PROGRESS_EVERY: Final = 2_000
COMPRESSION: Final = 1
"""Of gzip: a million events take 20 s at 1 and 70 s at 6, for a file a fifth smaller."""


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where a world was written, and how many events and planted patterns it has."""

    events_file: Path
    truth_file: Path
    events: int
    patterns: int


def write_world(
    world: World, folder: Path, *, compress: bool = True, progress: Callable[[int], None] | None = None
) -> SampleFiles:
    """Write the events and the truth file into a folder, made if need be; each appears under its name when it is whole.

    Raises `ArgumentOutOfRange` for too many events and `FileNotWritable`.
    """
    setting = Setting(world)
    name = f"sample-{world.name}"
    events_file = folder / f"{name}.ndjson{'.gz' if compress else ''}"
    truth_file = folder / f"{name}.truth.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(events_file) as stream:
            if compress:
                # Name and time are left out of the gzip header, so that equal worlds are equal files.
                with gzip.GzipFile(
                    filename="", mode="wb", compresslevel=COMPRESSION, fileobj=stream, mtime=0
                ) as packed:
                    _write_lines(packed, setting, progress)
            else:
                _write_lines(stream, setting, progress)
        with whole_file(truth_file) as stream:
            stream.write(orjson.dumps(truth(setting), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as problem:
        raise FileNotWritable(file=folder.name, reason=problem.strerror or type(problem).__name__) from None
    return SampleFiles(events_file, truth_file, world.events, len(setting.plan.patterns))


def truth(setting: Setting) -> dict[str, object]:
    """What was planted: each pattern with its agency, its people and events by the agency's own keys."""
    world = setting.world
    return {
        "remark": REMARK,
        "events": world.events,
        "preset": world.preset.value,
        "seed": world.seed,
        "patterns": [
            {
                "typology": pattern.typology.value,
                "entity": setting.agencies[pattern.entity].id,
                "perpetrators": setting.perpetrator_keys(number),
                "victims": [person_key(each) for each in setting.victims[number]],
                "events": [event_key(each) for each in pattern.events],
            }
            for number, pattern in enumerate(setting.plan.patterns)
        ],
    }


async def load_world(
    store: CaseStore,
    world: World,
    codebook: Codebook,
    *,
    actor: Actor,
    fresh_key: bytes,
    progress: ProgressCallback | None = None,
) -> BatchReport:
    """Make a world and import it as any delivery. The caller has made sure that the database is marked a sample.

    The file it goes through is gone afterwards. Raises what `write_world` and `import_batch` raise.
    """
    require(actor, Right.IMPORT_RECORDS)
    with TemporaryDirectory(prefix="ictip-sample-") as folder:
        files = await asyncio.to_thread(write_world, world, Path(folder))
        delivery = Delivery(files.events_file, load_mapping("ictip"))
        return await import_batch(
            store, delivery, codebook, actor=actor, fresh_key=fresh_key, for_invented=True, progress=progress
        )


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it was written whole."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_lines(stream: BinaryIO | gzip.GzipFile, setting: Setting, progress: Callable[[int], None] | None) -> None:
    stream.write(header_line(setting))
    for number, line in enumerate(event_lines(setting), start=1):
        stream.write(line)
        if progress is not None and number % PROGRESS_EVERY == 0:
            progress(number)
