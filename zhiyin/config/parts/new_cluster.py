"""Writes the description of a new installation of several machines, with fresh secrets, and the parts' keys."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.config.parts.keys import make_link_keys
from zhiyin.config.supervisor import postgres
from zhiyin.config.supervisor.words import CannotStart

ENGINE_PORT, WEB_PORT, NODE_HTTP_PORT, SIP_PORT = 7070, 7080, 7088, 5060


@dataclass(frozen=True, slots=True)
class Machines:
    """Which address each part has in the private network. Several engines: one leads, the others stand by."""

    nodes: Mapping[str, str]
    edge: str
    engines: tuple[str, ...]
    webs: tuple[str, ...]
    fronts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``database`` is a libpq URL that may make roles; ``public_address`` is where telephones register, the edge's."""

    database: str
    data: Path
    http_port: int
    public_address: str
    tls_cert: str
    tls_key: str


def write_cluster(folder: Path, machines: Machines, surroundings: Surroundings) -> Path:
    """Make the database's roles and the folder's ``zhiyin.conf`` and ``link/``. Raises ``CannotStart``."""
    file = folder / "zhiyin.conf"
    if file.exists():
        raise CannotStart(
            f"{file} exists: its secrets open the recordings of an installation. Name another folder with --out.",
            f"{file} 已存在：其中的密钥用于打开已有录音。请用 --out 指定其他目录。",
        )
    passwords = {role: secrets.token_hex(24) for role in ("owner", "engine", "web")}
    urls = postgres.ensure_external_roles(surroundings.database, passwords, named="--database")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_link_keys(folder / "link", now=datetime.now(UTC))
    values = {
        "ZHIYIN_DATA": str(surroundings.data),
        "ZHIYIN_RUN": str(surroundings.data / "run"),
        "ZHIYIN_PARTS": str(surroundings.data / "parts"),
        "ZHIYIN_LINK_KEYS": "/etc/zhiyin/link",
        "ZHIYIN_DB_OWNER": urls.owner,
        "ZHIYIN_DB_ENGINE": urls.engine,
        "ZHIYIN_DB_WEB": urls.web,
        "ZHIYIN_ENGINE_AT": _at(machines.engines, ENGINE_PORT),
        "ZHIYIN_WEB_AT": _at(machines.webs, WEB_PORT),
        "ZHIYIN_FRONTS": " ".join(machines.fronts),
        "ZHIYIN_NODES": " ".join(f"{name}=https://{host}:{NODE_HTTP_PORT}" for name, host in machines.nodes.items()),
        "ZHIYIN_EDGE": f"{machines.edge}:{SIP_PORT}",
        # what has one Asterisk only: the first node's
        "ZHIYIN_ARI_URL": f"https://{next(iter(machines.nodes.values()))}:{NODE_HTTP_PORT}",
        "ZHIYIN_ARI_USER": "zhiyin",
        "ZHIYIN_ARI_PASSWORD": secrets.token_hex(16),
        "ZHIYIN_AMI_USER": "zhiyin",
        "ZHIYIN_AMI_PASSWORD": secrets.token_hex(16),
        "ZHIYIN_HTTP_HOST": "0.0.0.0",  # noqa: S104 - the front's own machine decides who reaches it
        "ZHIYIN_HTTP_PORT": str(surroundings.http_port),
        "ZHIYIN_TLS_CERT": surroundings.tls_cert,
        "ZHIYIN_TLS_KEY": surroundings.tls_key,
        "ZHIYIN_SIP_HOST": machines.edge,
        "ZHIYIN_SIP_PORT": str(SIP_PORT),
        "ZHIYIN_PUBLIC_ADDRESS": surroundings.public_address or machines.edge,
        **{f"ZHIYIN_{name}": secrets.token_hex(32) for name in ("SECRET_KEY", "TICKET_KEY", "VAULT_KEY")},
    }
    file.touch(mode=0o600)
    file.write_text(_HEAD + "".join(f"{name}={value}\n" for name, value in values.items()) + _TAIL)
    return file


def _at(hosts: tuple[str, ...], port: int) -> str:
    return " ".join(f"{host}:{port}" for host in hosts)


_HEAD = """# One Zhiyin installation on several machines: the same file on each, for the service's account.
# It holds every secret there is: without it recordings cannot be opened. Keep a copy apart.
"""

_TAIL = """# Figures for Prometheus, on each part's own address in the private network (docs/ops/scale-out.md):
#ZHIYIN_METRICS_PORTS=engine=9401 web=9402 worker=9403 front=9404 node=9405
"""
