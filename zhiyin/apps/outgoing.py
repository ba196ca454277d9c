"""Requests to addresses that a user typed: only to the public internet, wherever a name leads, however it changes.

The name is resolved once, every address that it has must be public, and the connection goes to the very address that
was looked at: a name that answers otherwise a moment later (rebinding) leads nowhere. Redirects are not followed,
proxies of the environment not used. Hosts inside that the installation names (``ZHIYIN_INTERNAL_HOSTS``) are let
through, also without TLS.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult

import httpx
from django.conf import settings

from zhiyin.apps.refusals import Invalid
from zhiyin.domain.security.egress import RefusedTarget, choose_address, port_of, read_target

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 4.0, 10.0
#: of an answer only so much is read and kept
MAX_ANSWER_BYTES = 4_000

Resolve = Callable[[str, int], Sequence[str]]


class BadTarget(Invalid):
    """An address that nothing is sent to; ``code`` says why."""

    code = "bad_url"
    title = "This address cannot be used."


class NoAnswer(Exception):
    """Nothing came back; ``code`` says why: unresolved refused_address unreachable tls late broken file_too_large."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {detail}" if detail else code)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, cut to what is kept."""

    status: int
    body: bytes
    duration_ms: int
    retry_after_s: float | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


_TITLES = {
    "bad_url": "Give a whole address that begins with https://, without spaces or a fragment (#).",
    "credentials_in_url": "An address must not hold a user name or password.",
    "needs_https": "Give an address that begins with https://, so that nobody reads along.",
    "internal_address": "This address is inside a private network; an operator can allow it.",
}


def check_url(url: str) -> SplitResult:
    """Return the parts of an address that may be asked. Raises ``BadTarget``."""
    try:
        return read_target(url, internal_hosts=settings.INTERNAL_HOSTS)
    except RefusedTarget as refused:
        title = _TITLES[refused.code]
        raise BadTarget(refused.code, title=title, fields={"url": refused.code}) from refused


def post(
    url: str,
    *,
    body: bytes | Iterable[bytes],
    headers: Mapping[str, str],
    resolve: Resolve | None = None,
    method: str = "POST",
    most_bytes: int = MAX_ANSWER_BYTES,
    is_whole: bool = False,
    within_s: float = ANSWER_WITHIN_S,
) -> Answer:
    """Send a request and return the beginning of its answer. Raises ``NoAnswer`` and ``BadTarget``.

    ``is_whole``: all of the answer is needed; one that is longer or slower than allowed is none at all. A body in
    pieces needs its ``Content-Length`` among the headers.
    """
    parts = check_url(url)
    assert parts.hostname is not None
    port = port_of(parts)
    address = _choose_address(parts.hostname, port, resolve or _resolve)
    host = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{host}:{port}", fragment="").geturl()
    begun = time.monotonic()
    sent = {
        "Host": parts.netloc,
        "User-Agent": "Zhiyin-Webhooks/1",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    timeout = httpx.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S)
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout, verify=_tls()) as client,
            client.stream(
                method, target, content=body, headers=sent, extensions={"sni_hostname": parts.hostname}
            ) as answer,
        ):
            until = begun + within_s
            read = _whole if is_whole else _beginning
            kept = read(answer, most_bytes, until=until)
            return Answer(
                status=answer.status_code,
                body=kept,
                duration_ms=round((time.monotonic() - begun) * 1000),
                retry_after_s=_seconds(answer.headers.get("retry-after", "")),
            )
    except httpx.TimeoutException as error:
        raise NoAnswer("late") from error
    except httpx.ConnectError as error:
        raise NoAnswer("tls" if _is_tls_fault(error) else "unreachable", str(error)[:200]) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswer("broken", str(error)[:200]) from error


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _beginning(answer: httpx.Response, most_bytes: int, *, until: float) -> bytes:
    """Read as much of an answer as is kept, and no longer than its time: one that drips is cut off."""
    kept = b""
    for chunk in answer.iter_raw():
        kept += chunk
        if len(kept) >= most_bytes or time.monotonic() > until:
            break
    return kept[:most_bytes]


def _whole(answer: httpx.Response, most_bytes: int, *, until: float) -> bytes:
    """Read all of an answer. Raises ``NoAnswer``."""
    pieces, size = [], 0
    for chunk in answer.iter_raw():
        pieces.append(chunk)
        size += len(chunk)
        if size > most_bytes:
            raise NoAnswer("file_too_large")
        if time.monotonic() > until:
            raise NoAnswer("late")
    return b"".join(pieces)


def _choose_address(host: str, port: int, resolve: Resolve) -> str:
    """Return the one address to connect to. Raises ``NoAnswer``: every address of the name must be public."""
    try:
        return choose_address(host, port, list(resolve(host, port)), internal_hosts=settings.INTERNAL_HOSTS)
    except (OSError, UnicodeError) as error:
        raise NoAnswer("unresolved", host) from error
    except RefusedTarget as refused:
        raise NoAnswer(refused.code, host) from refused


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_tls_fault(error: Exception) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
