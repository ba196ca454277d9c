"""Where a socket was opened from. Browsers name the page's origin; only our own pages may open our sockets."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def is_same_origin(connection: HTTPConnection) -> bool:
    """True for our own pages, and for programs, which name no origin (and must show a ticket or a SIP password)."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    host = connection.headers.get("host", "")
    return bool(host) and urlsplit(origin).netloc.lower() == host.lower()


def peer_address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else "unknown"
