"""How the command line tells results and errors, and which exit code each has."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Final, ParamSpec

import typer

from registry.errors import IctipError

P = ParamSpec("P")

DONE: Final = 0
FAULTS_FOUND: Final = 1
REFUSED: Final = 2


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run one command; every error of ours becomes one block and exit code 2."""
    try:
        typer.main.get_command(app).main(args=list(arguments), prog_name="ictip")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except IctipError as error:
        tell_error(error)
        return REFUSED
    except BrokenPipeError:  # who read our output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return DONE


def ending(command: Callable[P, int]) -> Callable[P, None]:
    """The command, its exit code told the way the library wants to hear it."""

    @wraps(command)
    def ended(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(command(*args, **kwargs))

    return ended


def group(told: str, *commands: tuple[str, Callable[..., int]]) -> typer.Typer:
    """Commands of two words, by their second."""
    app = typer.Typer(help=told, no_args_is_help=True, rich_markup_mode=None)
    for second, command in commands:
        app.command(second)(ending(command))
    return app


def tell_error(error: IctipError) -> None:
    """One block on standard error: code and what; where, each fault of several in a line of its own; what to do."""
    lines = [f"Error: {error.code}", f"  what   {error.message}"]
    facts = {name: value for name, value in error.facts.items() if value not in (None, "")}
    where = ", ".join(f"{name} {value}" for name, value in facts.items() if not isinstance(value, list))
    if where:
        lines.append(f"  where  {where}")
    told = [text for value in facts.values() if isinstance(value, list) for text in value]
    told = told or [": ".join(filter(None, (each.path, each.place, each.message))) for each in error.details]
    lines += [f"         {text}" for text in told]
    if error.hint:
        lines.append(f"  next   {error.hint}")
    print("\n".join(lines), file=sys.stderr)
