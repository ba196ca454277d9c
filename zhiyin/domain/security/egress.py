"""Where a request that somebody configured may go: an address's form, the hosts inside that are let through by name,
and which of a name's addresses is connected to. Pure: names are resolved by who asks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urlsplit

from zhiyin.domain.security.public_addresses import is_public

#: the ports of the schemes that are spoken
PORTS = {"https": 443, "http": 80}
#: a host whose last label is a number is read as an address, in whatever way it is written (127.1, 0x7f.1, 2130706433)
_NUMERIC = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


class RefusedTarget(ValueError):
    """Nothing is sent there; ``code`` says why: bad_url credentials_in_url needs_https internal_address unresolved
    refused_address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_target(url: str, *, internal_hosts: Collection[str]) -> SplitResult:
    """Return the parts of an address that may be asked. Raises ``RefusedTarget``.

    Names are not resolved here: what they lead to may change, and is looked at with each request.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedTarget("bad_url") from error
    if parts.scheme not in PORTS or not parts.hostname or port == 0:
        raise RefusedTarget("bad_url")
    if parts.username is not None or parts.password is not None:
        raise RefusedTarget("credentials_in_url")
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or parts.fragment:
        raise RefusedTarget("bad_url")
    if not is_named_inside(parts.hostname, port_of(parts), internal_hosts):
        if parts.scheme != "https":
            raise RefusedTarget("needs_https")
        if is_address(parts.hostname) and not is_public(parts.hostname):
            raise RefusedTarget("internal_address")
    return parts


def as_http(url: str) -> str:
    """Return a websocket's address as the HTTP address that it begins as; another as it is."""
    for scheme, http in (("wss://", "https://"), ("ws://", "http://")):
        if url.lower().startswith(scheme):
            return http + url[len(scheme) :]
    return url


def port_of(parts: SplitResult) -> int:
    return parts.port or PORTS.get(parts.scheme, 0)


def is_named_inside(host: str, port: int, internal_hosts: Collection[str]) -> bool:
    """Whether the installation lets this host (and port) be asked though it stands in a private network."""
    name = host.lower()
    return name in internal_hosts or f"{name}:{port}" in internal_hosts


def is_address(host: str) -> bool:
    """Whether a host is written as an address, in any of the ways in which a resolver reads one."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _NUMERIC.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None
    return True


def choose_address(host: str, port: int, found: Sequence[str], *, internal_hosts: Collection[str]) -> str:
    """Return the one address of a name's to connect to. Raises ``RefusedTarget``: every one of them must be public."""
    if not found:
        raise RefusedTarget("unresolved")
    if not is_named_inside(host, port, internal_hosts) and not all(is_public(address) for address in found):
        raise RefusedTarget("refused_address")
    return found[0]
