"""Serving: Datasette in this process, with our pages, on the address given and no other."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from pathlib import Path

import uvicorn
from datasette.app import Datasette

from kb.errors import KnowledgeError
from kb.schema import open_database


class AddressInUse(KnowledgeError):
    """Another program listens where we should."""

    def __init__(self, host: str, port: int, cause: str) -> None:
        super().__init__(f"can't listen on {host}:{port} ({cause}); name another port with --port")


def application(database: Path) -> Datasette:
    """Return Datasette over the knowledge base, which may grow while it is served."""
    open_database(
        database
    ).close()  # says clearly what is wrong with the file, and brings its schema up to date
    return Datasette([str(database)], settings={"default_page_size": 50, "sql_time_limit_ms": 3000})


def serve(database: Path, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises
    ------
    BadDatabase
        The file is missing or is no knowledge base.
    AddressInUse
        The address is taken.
    """
    datasette = application(database)
    listener = _listen(host, port)
    shown = listener.getsockname()[1]
    print(f"SpineMets KB: http://{host}:{shown}  (Ctrl-C ends it)", file=sys.stderr, flush=True)
    asyncio.run(datasette.invoke_startup())
    config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", workers=1)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise AddressInUse(host, port, "another program is using it" if taken else str(error)) from error
    return listener
