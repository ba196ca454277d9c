"""How a part's command starts the pulse beside itself.

Apart from ``pulse``, since it is the part's own process that runs this: nothing may be loaded there that the part
itself has to set up first (``web`` names the folder of its figures before it loads what counts them).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from zhiyin.config.supervisor import networks
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import split_address
from zhiyin.contracts.pulses import PARTS


def start_pulse(environment: Environment, part: str, name: str, config: Path) -> None:
    """Start it beside this process, whose environment is the part's. It ends with this process, however that ends.

    Raises ``CannotStart`` where what is said of its figures' address cannot be.
    """
    at = metrics_address(environment, part, name)
    argv = [sys.executable, "-P", "-m", "zhiyin.config.parts.pulse", str(os.getpid()), part, name]
    subprocess.Popen([*argv, str(config.absolute()), at], stdin=subprocess.DEVNULL)


def metrics_address(environment: Environment, part: str, name: str) -> str:
    """Return where the part hands out its figures, "host:port"; empty: on its machine's socket alone.

    ``ZHIYIN_METRICS_PORTS`` is for all machines; ``ZHIYIN_METRICS_AT`` in one part's environment overrules it.
    Raises ``CannotStart``.
    """
    if own := os.environ.get("ZHIYIN_METRICS_AT"):
        return _checked(own)
    ports = dict(pair.partition("=")[::2] for pair in os.environ.get("ZHIYIN_METRICS_PORTS", "").split())
    if wrong := [kind for kind, port in ports.items() if kind not in PARTS or not _is_port(port)]:
        example = "engine=9401 web=9402 worker=9403 front=9404 node=9405"
        raise CannotStart(
            f"ZHIYIN_METRICS_PORTS: {', '.join(wrong)} must be a part with a port, as in {example}.",
            f"ZHIYIN_METRICS_PORTS：{', '.join(wrong)} 须为“组件=端口”，例如 {example}。",
        )
    port = ports.get(part)
    host = _private_host(environment, part, name) if port else ""
    return f"{host}:{port}" if host else ""


def _is_port(text: str) -> bool:
    return text.isdecimal() and 0 < int(text) < 65536


def _checked(at: str) -> str:
    host, _, port = at.rpartition(":")
    if host and _is_port(port):
        return at
    raise CannotStart(
        f"ZHIYIN_METRICS_AT={at}: give an address of this machine and a port, such as 10.0.0.2:9401.",
        f"ZHIYIN_METRICS_AT={at}：请给出本机地址和端口，例如 10.0.0.2:9401。",
    )


def _private_host(environment: Environment, part: str, name: str) -> str:
    """The part's address in the description; the worker has none: the one by which it goes to the database."""
    match part:
        case "engine" | "web" if environment.listen:
            return split_address(environment.listen)[0]
        case "node":
            return split_address(environment.node_urls[name].partition("://")[2])[0]
        case "front" if name:
            return name
    return _way_to_database(environment.db_engine)


def _way_to_database(url: str) -> str:
    """Return this machine's address on the way there; empty for a unix socket, or where there is no way now."""
    host = str(conninfo_to_dict(url).get("host") or "").partition(",")[0]
    if not host or host.startswith("/"):
        return ""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))  # nothing is sent
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def own_name(environment: Environment, part: str) -> str:
    """Return how the part is told from others of its kind; empty: by the address that the database sees."""
    if part == "front":
        own = {local.address for local in networks.list_local_addresses()}
        return next((host for host in os.environ.get("ZHIYIN_FRONTS", "").split() if host in own), "")
    return environment.listen if part in ("engine", "web") else ""
