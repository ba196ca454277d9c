"""Origins of web pages (RFC 6454): whom a page is trusted by is named by scheme, host and port, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}
#: what a Content-Security-Policy can name: no IPv6, no underscores
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
#: pages of one's own machine: browsers trust them without TLS
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1"})
_LONGEST_HOST = 253


class BadOrigin(ValueError):
    """``code``: bad_origin needs_https credentials_in_url wildcard."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_origin(text: str, *, plain_hosts: Collection[str]) -> str:
    """Return the origin of an address as browsers write it: ``https://crm.example``, ``https://crm.example:8443``.

    What follows the host is left out, so that an address may be copied from the browser. ``plain_hosts`` ("host" or
    "host:port") may do without TLS, and so may this machine. Raises ``BadOrigin``.
    """
    if "*" in text:
        raise BadOrigin("wildcard")
    if any(sign.isspace() or ord(sign) < 32 or sign in "\"'<>\\;," for sign in text.strip()):
        raise BadOrigin("bad_origin")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode().lower()
    except ValueError as error:  # UnicodeError is one
        raise BadOrigin("bad_origin") from error
    if parts.scheme not in _DEFAULT_PORTS or len(host) > _LONGEST_HOST or not _HOST.fullmatch(host) or port == 0:
        raise BadOrigin("bad_origin")
    if parts.username is not None or parts.password is not None:
        raise BadOrigin("credentials_in_url")
    is_plain = host in _OWN_MACHINE or not {host, f"{host}:{port}"}.isdisjoint(plain_hosts)
    if parts.scheme == "http" and not is_plain:
        raise BadOrigin("needs_https")
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"
