"""What the commands of an installation of several machines are given, checked before anything is written."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path

from zhiyin.config.supervisor.options import parse_address
from zhiyin.config.supervisor.words import CannotStart

#: it stands in the ids of the node's legs, before a hyphen
_NODE_NAME = re.compile(r"[A-Za-z0-9]{1,20}")


def parse_nodes(pairs: Iterable[str]) -> dict[str, str]:
    """Return the nodes' addresses by name. Raises ``CannotStart``."""
    nodes: dict[str, str] = {}
    for pair in pairs:
        name, sign, address = pair.partition("=")
        if not sign:
            raise CannotStart(
                f"--node {pair}: give a name and an address, e.g. --node a=10.0.0.11.",
                f"--node {pair}：请给出名称和地址，例如 --node a=10.0.0.11。",
            )
        if not _NODE_NAME.fullmatch(name):
            raise CannotStart(
                f"--node {pair}: a node's name is 1 to 20 letters and digits, such as a or node1.",
                f"--node {pair}：节点名称须为 1 至 20 个英文字母或数字，例如 a 或 node1。",
            )
        if name in nodes:
            raise CannotStart(
                f"--node {pair}: there is a node {name} already. Give each its own name.",
                f"--node {pair}：节点 {name} 已存在，名称不能重复。",
            )
        own = parse_address(address, option="--node")
        if own in nodes.values():
            raise CannotStart(
                f"--node {pair}: another node has this address. Give each its own.",
                f"--node {pair}：该地址已属于另一个节点，每个节点须有自己的地址。",
            )
        nodes[name] = own
    return nodes


def parse_addresses(texts: Iterable[str], *, option: str) -> tuple[str, ...]:
    """Return the addresses in their order, each once. Raises ``CannotStart``."""
    return tuple(dict.fromkeys(parse_address(text, option=option) for text in texts))


def parse_networks(texts: Iterable[str], *, option: str) -> tuple[str, ...]:
    """Return addresses and networks as Kamailio compares them. Raises ``CannotStart``."""
    found = []
    for text in texts:
        try:
            network = ipaddress.IPv4Network(text)
        except ValueError as error:
            raise CannotStart(
                f"{option} {text}: not an IPv4 address or network. Give e.g. 198.51.100.7 or 198.51.100.0/24.",
                f"{option} {text}：不是 IPv4 地址或网段。例如 198.51.100.7 或 198.51.100.0/24。",
            ) from error
        found.append(str(network))
    return tuple(found)


def check_certificate(cert: str, key: str) -> None:
    """Raise ``CannotStart`` unless both are given, or none; they may come to the machines later."""
    if bool(cert) != bool(key):
        raise CannotStart(
            "--tls-cert and --tls-key belong together: give both.", "--tls-cert 和 --tls-key 须同时给出。"
        )
    for option, file in (("--tls-cert", cert), ("--tls-key", key)):
        if file and not Path(file).is_absolute():
            raise CannotStart(
                f"{option} {file}: give the whole path, as it is on every machine, e.g. /etc/zhiyin/cert.pem.",
                f"{option} {file}：请给出各台机器上的完整路径，例如 /etc/zhiyin/cert.pem。",
            )
