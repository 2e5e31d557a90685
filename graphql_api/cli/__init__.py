"""The command line: ``ictip serve | load | check | import | sample | export | schema``, one module a command.

Exit codes: 0 done, 1 faults found, 2 wrong use or refused. An error is one block on standard error: what, where,
what to do.
"""

from __future__ import annotations

import sys

from graphql_api.cli.commands import run_command


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run_command(sys.argv[1:]))
