"""Remakes the vocabulary files: ``python -m ontology.build --sources FOLDER`` (or ``make vocabulary SOURCES=FOLDER``).

Without ``--sources`` it remakes what needs no publisher's tables. With ``--check`` it writes nothing, names the files
that would change and ends with status 1 if there are any.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ontology.build.make import make_files, make_own_editions

PACKAGE: Final = Path(__file__).parents[1]


def main() -> int:
    """Status 0, or 1 when ``--check`` found a file that is not as it would be made."""
    parser = argparse.ArgumentParser(prog="python -m ontology.build", description=__doc__)
    parser.add_argument(
        "--sources", nargs="?", type=Path, help="folder with iccs/ and isic/ as their publishers' tables"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if a file would change")
    parser.add_argument("--own-notes", type=Path, help="folder for local editions of ICCS and ISIC with their notes")
    arguments = parser.parse_args()
    if arguments.own_notes is not None:
        return _make_own_editions(parser, arguments.sources, arguments.own_notes)
    made = make_files(arguments.sources)
    changed = sorted(path for path, text in made.items() if not _is_as(PACKAGE / path, text))
    if arguments.check:
        print("\n".join(changed) or f"{len(made)} files are as made.", file=sys.stderr)
        return 1 if changed else 0
    _write(PACKAGE, made)
    print(f"{len(made)} files made, {len(changed)} changed.", file=sys.stderr)
    if arguments.sources is None:
        print("Without --sources the files of ICCS and ISIC were left as they are.", file=sys.stderr)
    return 0


def _is_as(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _make_own_editions(parser: argparse.ArgumentParser, sources: Path | None, folder: Path) -> int:
    if sources is None:
        parser.error("--own-notes needs --sources, the folder with the publishers' tables")
    made = make_own_editions(sources)
    _write(folder, made)
    print(f"Made {', '.join(sorted(made))} in {folder}; load them with `ictip load`.", file=sys.stderr)
    return 0


def _write(folder: Path, made: Mapping[str, str]) -> None:
    for path, text in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
