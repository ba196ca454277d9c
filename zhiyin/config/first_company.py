"""While there is no company, each start makes a setup code and says it at the terminal: nowhere else does it stand.

In plain SQL, as the database's owner: a start that finds everything current loads no Django.
"""

from __future__ import annotations

import ipaddress
import os
import sys

import psycopg

from zhiyin.config.environment import Environment
from zhiyin.config.supervisor import networks
from zhiyin.contracts import setup_codes

_KEEP = "INSERT INTO installation (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def see_to_setup_code(environment: Environment, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make and say a new setup code where there is no company, in the place of the last; else forget the last."""
    if connection.execute("SELECT 1 FROM tenancy_tenant LIMIT 1").fetchone() is not None:
        connection.execute("DELETE FROM installation WHERE name = %s", (setup_codes.INSTALLATION_NAME,))
        return
    code = setup_codes.make_code()
    digest = setup_codes.digest_of(code, secret_key=environment.secret_key)
    connection.execute(_KEEP, (setup_codes.INSTALLATION_NAME, digest))
    sys.stdout.write("\n".join(["", *_words(environment, code), "", ""]))
    sys.stdout.flush()


def _words(environment: Environment, code: str) -> list[str]:
    told = f"Setup code / 安装码: {code}"
    if setup_codes.is_loopback(environment.http_host):
        return [
            told,
            "Asked for only where the page is not opened at localhost / 仅当网页不是以 localhost 打开时才需要填写",
        ]
    return [
        told,
        "With it the first page makes your company and its administrator; the next start says another one.",
        "首次打开网页时凭此码建立公司和管理员；每次启动都会更换。",
        *(f"  {address}/setup#code={code}" for address in _addresses(environment)),
    ]


def _addresses(environment: Environment) -> list[str]:
    """Return where the first page can be opened from other machines, as far as it is known here."""
    hosts = os.environ.get("ZHIYIN_FRONTS", "").split()  # of several machines: this one need not be a front
    if not hosts and environment.http_host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        own = (local.address for local in networks.list_local_addresses())
        hosts = [address for address in own if not ipaddress.ip_address(address).is_loopback] or ["localhost"]
        if environment.public_address and environment.public_address not in hosts:
            hosts.append(environment.public_address)
    scheme = "https" if environment.is_tls else "http"
    named = (f"[{host}]" if ":" in host else host for host in hosts or [environment.http_host])
    return [f"{scheme}://{host}:{environment.http_port}" for host in named]
