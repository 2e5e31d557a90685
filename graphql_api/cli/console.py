"""How the command line tells results and errors, and which exit code each has."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import click
import typer

from registry.errors import IctipError

DONE: Final = 0
FAULTS_FOUND: Final = 1
REFUSED: Final = 2


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run one command; every error of ours becomes one block and exit code 2."""
    try:
        result = typer.main.get_command(app).main(args=list(arguments), prog_name="ictip", standalone_mode=False)
    except IctipError as error:
        tell_error(error)
        return REFUSED
    except click.ClickException as error:
        error.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return DONE
    return result if isinstance(result, int) else DONE


def tell_error(error: IctipError) -> None:
    """One block on standard error: code and what; where; what to do."""
    lines = [f"Error: {error.code}", f"  what   {error.message}"]
    where = ", ".join(f"{name} {value}" for name, value in error.facts.items() if value not in (None, ""))
    if where:
        lines.append(f"  where  {where}")
    if error.hint:
        lines.append(f"  next   {error.hint}")
    print("\n".join(lines), file=sys.stderr)
