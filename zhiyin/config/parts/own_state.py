"""How a part of this machine is, seen from a process beside it: frozen, silent, or well."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import is_socket_path, split_address
from zhiyin.contracts.metrics import metrics_socket

_WITHIN_S = 4.0
FIGURES = "/metrics"
#: one question may fail under load
_SILENT_AFTER = 2
_STARTS_WITHIN_S = 60.0

Ask = Callable[[], None]


class OwnState:
    """Asks the part now and again. ``ask`` raises ``OSError`` where it does not answer."""

    def __init__(self, pid: int, ask: Ask) -> None:
        self._pid = pid
        self._ask = ask
        self._failures = 0
        self._has_answered = False
        self._began_s = time.monotonic()

    def read(self) -> str:
        """Return "ok", "starting", "silent" or "frozen"."""
        if is_stopped(self._pid):
            return "frozen"
        try:
            self._ask()
        except (OSError, http.client.HTTPException, ValueError):
            self._failures += 1
        else:
            self._failures = 0
            self._has_answered = True
        if self._failures < _SILENT_AFTER:
            return "ok" if self._has_answered else "starting"
        is_young = time.monotonic() - self._began_s < _STARTS_WITHIN_S
        return "starting" if is_young and not self._has_answered else "silent"


def is_stopped(pid: int) -> bool:
    """Whether somebody stopped the process (SIGSTOP, a debugger)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("T", "t")
    except (OSError, IndexError):
        return False


class HasRun:
    """Asks a process that answers nobody: an engine looks at its lease ten times a second, so its main thread runs."""

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/schedstat")
        self._ran = ""

    def __call__(self) -> None:
        """Raises ``OSError`` where the main thread has not had a processor since the last time."""
        before, self._ran = self._ran, self._path.read_text() if self._path.exists() else ""
        if self._ran and self._ran == before:
            raise OSError("it has not run")


def how_to_ask(environment: Environment, part: str, name: str, *, pid: int) -> Ask:
    """Return how a part of this machine is asked."""
    match part:
        case "engine":
            return HasRun(pid)
        case "worker" | "front" | "web":
            return lambda: _expect(get_figures(environment, part))
        case "node":
            return lambda: _expect(ask_asterisk(environment, name, "asterisk/ping"))
    raise ValueError(f"no part: {part}")


def get_figures(environment: Environment, part: str) -> bytes:
    """Return the part's own figures; empty where it has none. Raises ``OSError``, ``HTTPException``."""
    match part:
        case "web":
            return get(over_tls(environment, environment.listen), FIGURES)
        case "front":
            return get(_UnixConnection(metrics_socket(environment.run, "live")), FIGURES)
        case "engine" | "worker":
            path = metrics_socket(environment.run, part)
            return get(_UnixConnection(path), FIGURES) if path.exists() or part == "worker" else b""
    return b""


def ask_asterisk(environment: Environment, node: str, path: str) -> bytes:
    """Ask a node by ARI. Raises ``OSError``, ``HTTPException``."""
    at = environment.node_urls[node].partition("://")[2]
    login = b64encode(f"{environment.ari_user}:{environment.ari_password}".encode()).decode()
    return get(over_tls(environment, at), f"/ari/{path}", {"Authorization": f"Basic {login}"})


def asterisk_version(environment: Environment, node: str) -> str:
    """Return the node's version; empty where it does not answer."""
    try:
        return str(json.loads(ask_asterisk(environment, node, "asterisk/info?only=system"))["system"]["version"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return ""


def _expect(answer: bytes) -> None:
    if not answer:
        raise OSError("nothing came")


def over_tls(environment: Environment, at: str) -> http.client.HTTPConnection:
    """Return a connection to a part; not opened yet."""
    if is_socket_path(at) or not at:
        return _UnixConnection(environment.web_socket)
    host, port = split_address(at)
    if environment.keys is None:
        return http.client.HTTPConnection(host, port, timeout=_WITHIN_S)
    return _TlsConnection(host, port, environment.keys.client)


def get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return what is answered with 200, and close. Raises ``OSError`` (any other status too), ``HTTPException``."""
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise OSError(f"status {answer.status}")
    return body


class _TlsConnection(http.client.HTTPSConnection):
    """Between parts: the key counts, not the name (``contracts/links.py``)."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=_WITHIN_S, context=context)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_WITHIN_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_WITHIN_S)
        self.sock.connect(str(self._path))
