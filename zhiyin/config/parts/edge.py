"""The SIP edge: Kamailio's configuration for the installation's nodes. Kamailio is GPL-2 and a process of its own."""

from __future__ import annotations

import grp
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiyin.config.supervisor.words import CannotStart, warn
from zhiyin.contracts.links import split_address

TEMPLATE = Path(__file__).with_name("kamailio.cfg")
#: requests of one source in two seconds; a carrier that sends more is named as trusted
FLOOD_LIMIT = 60
#: the account of the distribution's package, as which deploy/systemd/zhiyin-edge.service runs it
ACCOUNT = "kamailio"
CERTIFICATE, KEY = "zhiyin-edge.crt", "zhiyin-edge.key"


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


def lay_certificate(settings: EdgeSettings, folder: Path) -> None:
    """Lay a copy of certificate and key into Kamailio's folder, for its account alone. Raises ``CannotStart``.

    The installation's own folder holds every secret there is, and who faces the internet shall not read there.
    """
    if settings.tls_cert is None or settings.tls_key is None:
        return
    group = _group_of_kamailio(folder)
    for source, name in ((settings.tls_cert, CERTIFICATE), (settings.tls_key, KEY)):
        try:
            content = source.read_bytes()
        except OSError as error:
            raise CannotStart(
                f"{source} cannot be read ({error.strerror}): the edge needs certificate and key. Run this as root, "
                "where both lie as the description says (ZHIYIN_TLS_CERT, ZHIYIN_TLS_KEY).",
                f"无法读取 {source}（{error.strerror}）：边缘需要证书和私钥。请以 root 执行，"
                "并确认两者位于描述文件所指的位置（ZHIYIN_TLS_CERT、ZHIYIN_TLS_KEY）。",
            ) from error
        target = folder / name
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(content)
        if group is not None:
            os.chown(target, -1, group)
            target.chmod(0o640)


def _group_of_kamailio(folder: Path) -> int | None:
    """Return the group to give the key to; ``None`` where this is not root, who alone may give."""
    if os.geteuid() != 0:
        return None
    try:
        return grp.getgrnam(ACCOUNT).gr_gid
    except KeyError:
        warn(
            f"There is no account {ACCOUNT} here, so root alone can read the edge's key. Install Kamailio "
            "(apt-get install kamailio kamailio-tls-modules) and run this again; or, where this is a container, "
            f"give it the files on the host: chown {ACCOUNT} {folder}/zhiyin-edge.*",
            f"这里没有账户 {ACCOUNT}，因此只有 root 能读取边缘的私钥。请安装 Kamailio"
            "（apt-get install kamailio kamailio-tls-modules）后重新执行；如果这是容器，"
            f"请在宿主机上把文件交给它：chown {ACCOUNT} {folder}/zhiyin-edge.*",
        )
        return None


def _values(settings: EdgeSettings, folder: Path, run: Path) -> dict[str, str]:
    host, port = split_address(settings.address)
    hosts = tuple(dict.fromkeys((host, *settings.public_hosts)))
    listen = [f"listen={protocol}:{each}:{port}" for each in hosts for protocol in ("udp", "tcp")]
    tls = ""
    if settings.tls_cert and settings.tls_key:
        listen = ["enable_tls=yes", *listen, *(f"listen=tls:{each}:{port + 1}" for each in hosts)]
        tls = "\n".join(
            (
                'loadmodule "tls.so"',
                'modparam("tls", "tls_method", "TLSv1.2+")',
                f'modparam("tls", "certificate", "{folder / CERTIFICATE}")',
                f'modparam("tls", "private_key", "{folder / KEY}")',
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
