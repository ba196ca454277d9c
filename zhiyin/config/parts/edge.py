"""The SIP edge: Kamailio's configuration for the installation's nodes. Kamailio is GPL-2 and a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiyin.contracts.links import split_address

TEMPLATE = Path(__file__).with_name("kamailio.cfg")
#: requests of one source in two seconds; a carrier that sends more is named as trusted
FLOOD_LIMIT = 60


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """``address`` ("host:port") is where the nodes find it; ``public_hosts`` are more addresses to listen on.

    ``nodes`` are the nodes' SIP addresses; ``trusted`` the addresses or networks of carriers that are never too fast.
    """

    address: str
    nodes: Mapping[str, str]
    public_hosts: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    children: int = 4


def edge_files(settings: EdgeSettings, folder: Path, run: Path) -> dict[str, str]:
    """Return the files of Kamailio's folder by name."""
    text = TEMPLATE.read_text()
    for name, value in _values(settings, folder, run).items():
        text = text.replace(f"@{name}@", value)
    nodes = "".join(f"1 sip:{address} 0 0 duid={name}\n" for name, address in settings.nodes.items())
    return {"kamailio.cfg": text, "dispatcher.list": nodes}


def _values(settings: EdgeSettings, folder: Path, run: Path) -> dict[str, str]:
    host, port = split_address(settings.address)
    hosts = (host, *settings.public_hosts)
    listen = [f"listen={protocol}:{each}:{port}" for each in hosts for protocol in ("udp", "tcp")]
    tls = ""
    if settings.tls_cert and settings.tls_key:
        listen = ["enable_tls=yes", *listen, *(f"listen=tls:{each}:{port + 1}" for each in hosts)]
        tls = "\n".join(
            (
                'loadmodule "tls.so"',
                'modparam("tls", "tls_method", "TLSv1.2+")',
                f'modparam("tls", "certificate", "{settings.tls_cert}")',
                f'modparam("tls", "private_key", "{settings.tls_key}")',
                "",
            )
        )
    never_too_fast = ['ds_is_from_list("1", "3")', *(f'is_in_subnet("$si", "{net}")' for net in settings.trusted)]
    return {
        "CHILDREN": str(settings.children),
        "IS_MULTIHOMED": "1" if len(hosts) > 1 else "0",
        "LISTEN": "\n".join(listen) + "\n",
        "TLS": tls,
        "RUN": str(run),
        "FOLDER": str(folder),
        "ADDRESS": settings.address,
        "FLOOD": str(FLOOD_LIMIT),
        "IS_WATCHED": " && ".join(f"!{condition}" for condition in never_too_fast),
    }
