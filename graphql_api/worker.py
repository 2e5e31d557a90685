"""One worker process: the application on a socket it was handed, until its supervisor is gone.

Lives here: what runs in the child. Elsewhere: who starts, restarts and stops it (``serving``), and the application
(``app``).

Standard input is the life line: it begins with the pickled `WorkerOrder` and then stays silent and open. Its end
says that the supervisor is gone, however it ended; a worker that went on would answer from a dead store. The order
comes this way because it holds the store's password, which belongs neither into the process list nor the environment.
"""

from __future__ import annotations

import os
import pickle
import socket
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import uvicorn

from graphql_api.observability import configure_logging
from graphql_api.settings import Settings

APPLICATION: Final = "graphql_api.app:create_app"

GRACE_SECONDS: Final = 10
"""How long requests in flight may take to end when the server stops."""


@dataclass(frozen=True, slots=True)
class WorkerOrder:
    """What a worker needs to know: its settings and the descriptors it inherited."""

    settings: Settings
    listener: int
    """The listening socket, shared by all workers."""
    sign: int
    """The worker writes one byte to it once it answers."""
    factory: str
    """``module:function`` that makes the application from the settings."""


class ReportingServer(uvicorn.Server):
    """A server that tells its supervisor when it answers, and its application when it is about to stop."""

    def __init__(self, config: uvicorn.Config, sign: int) -> None:
        super().__init__(config)
        self._sign = sign

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application, listen, and say so."""
        await super().startup(sockets)
        os.write(self._sign, b"1")
        os.close(self._sign)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams end, which would be waited for in vain, then stop as servers do."""
        end_streams = getattr(self.config.app, "end_streams", None)
        if end_streams is not None:
            end_streams()
        await super().shutdown(sockets)


def main() -> None:
    """Load the application's code, wait for the order, and serve until told to stop or left alone."""
    import_module(sys.argv[1].partition(":")[0])
    try:
        order: WorkerOrder = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own supervisor's pipe)
    except EOFError:  # the supervisor ended before it had an order to give
        return
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    configure_logging(order.settings.log_level)
    listener = socket.socket(fileno=order.listener)
    ReportingServer(uvicorn_config(order), order.sign).run([listener])


def uvicorn_config(order: WorkerOrder) -> uvicorn.Config:
    """uvloop and httptools, no access log (we write our own), no header that names the server."""
    module, _, function = order.factory.partition(":")
    return uvicorn.Config(
        getattr(import_module(module), function)(order.settings),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _end_with_supervisor() -> None:
    """Wait for the end of the life line, then leave at once: what is in flight has no store to finish on."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
