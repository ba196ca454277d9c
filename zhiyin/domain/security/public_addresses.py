"""Which addresses of the network a request made on somebody's behalf may go to: those of the public internet alone."""

from __future__ import annotations

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IPv6 addresses that hold an IPv4 address to which a gateway passes them on: (network, where it stands in the bytes)
_CARRIERS = (
    (ipaddress.ip_network("64:ff9b::/96"), 12),
    (ipaddress.ip_network("64:ff9b:1::/48"), 12),
    (ipaddress.ip_network("2002::/16"), 2),
    (ipaddress.ip_network("::/96"), 12),
)
_TEREDO = ipaddress.ip_network("2001::/32")


def is_public(text: str) -> bool:
    """Whether ``text`` is an address of the public internet: not of this machine, of its networks, or of a cloud's
    own services, nor one that a gateway would turn into such."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if "%" in text:  # the zone of a link-local address
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return _is_public(address.ipv4_mapped)
    return all(_is_public(each) for each in (address, *_carried(address)))


def _is_public(address: _Address) -> bool:
    if address.is_multicast or address.is_unspecified or address.is_loopback or address.is_link_local:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_reserved


def _carried(address: _Address) -> list[_Address]:
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    if address in _TEREDO:
        return [ipaddress.IPv4Address("127.0.0.1")]  # a tunnel to anywhere
    return [
        ipaddress.IPv4Address(address.packed[start : start + 4]) for network, start in _CARRIERS if address in network
    ]
