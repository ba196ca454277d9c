"""Asterisk as a supervised program: how it is run, and when it serves.

It starts all the same when another program has taken its SIP port meanwhile, and nobody would reach it: so it serves
only when every transport stands. It says of itself by ARI which do (503 until it is fully booted).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from zhiyin.config.supervisor import http_probe
from zhiyin.config.supervisor.asterisk.configuration import AsteriskFolder, AsteriskSettings
from zhiyin.config.supervisor.asterisk.provision import AsteriskInstall
from zhiyin.config.supervisor.asterisk.sip import sip_ports
from zhiyin.config.supervisor.processes import CannotServe, Program
from zhiyin.config.supervisor.words import in_words


def asterisk_program(
    install: AsteriskInstall, folder: AsteriskFolder, settings: AsteriskSettings, *, log: Path
) -> Program:
    """Return the program that runs from the folder as ``settings`` were written there."""
    login = (settings.ari_user, settings.ari_password)

    async def status_of(path: str) -> int:
        return (await http_probe.get(f"/ari/asterisk/{path}", port=settings.http_port, login=login)).status

    async def serves() -> bool:
        if await status_of("ping") != HTTPStatus.OK:
            return False
        transports = sip_ports(settings)
        missing = [
            transport
            for transport in transports
            if await status_of(f"config/dynamic/res_pjsip/transport/{transport}") == HTTPStatus.NOT_FOUND
        ]
        if missing:
            raise CannotServe(_taken(settings.host, [transports[transport] for transport in missing]))
        return True

    def remove_stale_socket() -> None:
        for name in ("asterisk.ctl", "asterisk.pid"):
            (folder.run / name).unlink(missing_ok=True)

    return Program(
        name="asterisk",
        argv=folder.argv(install),
        environ={**os.environ, **install.environ, "HOME": str(folder.path)},
        cwd=folder.path,
        log=log,
        probe=serves,
        tidy=remove_stale_socket,
        stop_within_s=5,
    )


def _taken(host: str, ports: Sequence[str]) -> str:
    named = ", ".join(ports)
    return in_words(
        f"Asterisk cannot listen on {host} for SIP ({named}): another program has the port (ss -lntup shows it)",
        f"Asterisk 无法在 {host} 监听 SIP（{named}）：端口被其他程序占用（可用 ss -lntup 查看）",
    )
