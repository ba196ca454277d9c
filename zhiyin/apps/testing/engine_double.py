"""For tests: something on the engine's socket that speaks its protocol and gives the answers it was told to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from django.conf import settings

from zhiyin.contracts.commands import Command
from zhiyin.contracts.frames import Problem, Reply, Request, decode_frame, encode_frame

Answer = Callable[[Command], object]


@contextlib.contextmanager
def engine_that(answer: Answer) -> Iterator[list[Request]]:
    """Listen where the engine does; yield the requests as they come. ``answer`` returns a result or a ``Problem``."""
    path = Path(settings.ENGINE_LINK.addresses[0])
    path.unlink(missing_ok=True)
    heard: list[Request] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, answer, heard), daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)
            path.unlink(missing_ok=True)


def _serve(server: socket.socket, answer: Answer, heard: list[Request]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rwb") as stream:
            length = int.from_bytes(stream.read(4), "big")
            request = decode_frame(stream.read(length))
            assert isinstance(request, Request)
            heard.append(request)
            given = answer(request.command)
            if isinstance(given, Problem):
                reply = Reply(id=request.id, problem=given)
            else:
                reply = Reply(id=request.id, result=msgspec.Raw(msgspec.json.encode(given)))
            frame = encode_frame(reply)
            stream.write(len(frame).to_bytes(4, "big") + frame)
            stream.flush()
