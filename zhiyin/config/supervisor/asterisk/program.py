"""Asterisk as a supervised program: how it is run, and when it serves.

It starts all the same when another program has taken its SIP port meanwhile, and nobody would reach it: so it serves
only when every transport stands. It says of itself by ARI which do (503 until it is fully booted).

And it may hang while it runs: two threads that wait for each other's lock stop all SIP, or every new call, for good
(Asterisk's issues 1558, 1907, 1946). So it is asked for what takes those locks: an answer by SIP, a configured object
(through the pool that does all SIP), the list of channels.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path

from zhiyin.config.doctor.sip_probe import options_request
from zhiyin.config.supervisor import http_probe
from zhiyin.config.supervisor.asterisk.configuration import AsteriskFolder, AsteriskSettings
from zhiyin.config.supervisor.asterisk.provision import AsteriskInstall
from zhiyin.config.supervisor.asterisk.sip import sip_ports
from zhiyin.config.supervisor.processes import CannotServe, Program
from zhiyin.config.supervisor.words import in_words

#: resolv.conf(5). Where this machine's own name stands in no hosts file, Asterisk asks the DNS for it at its start and
#: for each call that begins: one that is away would hold up each for 20 s.
RESOLVER = "timeout:1 attempts:2"
ANSWER_WITHIN_S = 4.0
_ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - compared
#: nobody's: it is written again and again to see whether it can be
_LOOKED_AT = "/ari/asterisk/config/dynamic/res_pjsip/aor/is-alive"
_OBJECT = json.dumps({"fields": [{"attribute": "max_contacts", "value": "1"}]}).encode()


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

    async def is_alive() -> bool:
        if "transport-tcp" in sip_ports(settings) and not settings.sip_peers:  # a node hears its edge alone
            await answers_sip("127.0.0.1" if settings.host == _ALL_ADDRESSES else settings.host, settings.sip_port)
        ask = partial(http_probe.ask, port=settings.http_port, login=login, timeout_s=ANSWER_WITHIN_S)
        answers = await asyncio.gather(
            ask("GET", "/ari/asterisk/variable?variable=CHANNELS()"), ask("PUT", _LOOKED_AT, body=_OBJECT)
        )
        return all(answer.status == HTTPStatus.OK for answer in answers)

    def remove_stale_socket() -> None:
        for name in ("asterisk.ctl", "asterisk.pid"):
            (folder.run / name).unlink(missing_ok=True)

    return Program(
        name="asterisk",
        argv=folder.argv(install),
        environ={"RES_OPTIONS": RESOLVER, **os.environ, **install.environ, "HOME": str(folder.path)},
        cwd=folder.path,
        log=log,
        probe=serves,
        is_alive=is_alive,
        tidy=remove_stale_socket,
        stop_within_s=5,
    )


async def answers_sip(host: str, port: int) -> None:
    """Return once anything is answered by SIP over TCP, which no flood of datagrams crowds out.

    Raises ``OSError``, ``TimeoutError``, ``asyncio.IncompleteReadError``.
    """
    async with asyncio.timeout(ANSWER_WITHIN_S):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            local, local_port = writer.get_extra_info("sockname")[:2]
            branch = f"z9hG4bK{secrets.token_hex(8)}"
            writer.write(options_request(host, "tcp", f"{local}:{local_port}", branch))
            await reader.readexactly(len(b"SIP/2.0"))
        finally:
            writer.close()


def _taken(host: str, ports: Sequence[str]) -> str:
    named = ", ".join(ports)
    return in_words(
        f"Asterisk cannot listen on {host} for SIP ({named}): another program has the port (ss -lntup shows it)",
        f"Asterisk 无法在 {host} 监听 SIP（{named}）：端口被其他程序占用（可用 ss -lntup 查看）",
    )
