"""The command line: ``ictip serve | load | check | import | sample | export | schema``, one module a command.

Exit codes: 0 done, 1 faults found, 2 wrong use or refused. An error is one block on standard error: what, where,
what to do.
"""

from __future__ import annotations

import sys

from graphql_api.cli.commands import build_app
from graphql_api.cli.console import run


def main() -> None:
    """Run the command line of this process; a first word that is no option names the command."""
    arguments = sys.argv[1:]
    sys.exit(run(build_app(arguments[0] if arguments else None), arguments))
