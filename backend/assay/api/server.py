"""uvicorn, which on stopping first lets go of those who watch."""

import socket
from typing import cast

import uvicorn
from fastapi import FastAPI

from assay.api.connections import Connection, room_for

STOP_SECONDS = 5
"""How long uploads in flight may take to finish when the server stops."""


class Server(uvicorn.Server):
    """Event streams and long polls end when it stops; browsers come back and resume by themselves.

    Otherwise uvicorn would wait for them, then cancel them and log each as an error.
    """

    def __init__(self, app: FastAPI, host: str, port: int, log_level: str = "info") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=Connection,
                limit_concurrency=room_for(app.state.settings.max_connections),
                log_level=log_level,
                log_config=None,  # its lines go where ours go
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="on",
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        cast(FastAPI, self.config.app).state.feed.stop()
        await super().shutdown(sockets)
