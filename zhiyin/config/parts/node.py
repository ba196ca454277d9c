"""One Asterisk node: makes its configuration, keeps it running, and empties it before it ends.

The first SIGTERM or SIGINT lets the engine give it no new calls and waits for those it has; the second ends it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass

from zhiyin.config.logs import configure_logs
from zhiyin.config.supervisor import engine_link, networks
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskSettings,
    asterisk_program,
    provision_asterisk,
    write_configuration,
)
from zhiyin.config.supervisor.asterisk.configuration import HttpsServer
from zhiyin.config.supervisor.processes import Part, Program
from zhiyin.config.supervisor.words import CannotStart, say
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import split_address

#: the nodes' SIP is for the edge alone; the port is the usual one
SIP_PORT = 5060
_ASK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """``public_address``: where the voices of the outside reach this machine, behind a router."""

    name: str
    rtp_ports: tuple[int, int]
    public_address: str | None = None
    sip_port: int = SIP_PORT


def run_node(environment: Environment, options: NodeOptions) -> int:
    """Run until told to stop. Raises ``CannotStart``."""
    url = check_node(environment, options.name)
    configure_logs("node")
    install = provision_asterisk(environment.parts)
    home = environment.data / "asterisk" / options.name
    folder = AsteriskFolder(path=home, run=environment.run / options.name)
    settings = node_settings(environment, options, url)
    os.umask(0o077)
    write_configuration(install=install, folder=folder, settings=settings)
    log = environment.log / f"asterisk-{settings.node}.log"
    program = asterisk_program(install, folder, settings, log=log)
    asyncio.run(_Node(environment, options.name, program).run())
    return 0


def check_node(environment: Environment, name: str) -> str:
    """Return where the node's HTTP server is. Raises ``CannotStart``."""
    url = environment.node_urls.get(name)
    if url is None:
        raise CannotStart(
            f"ZHIYIN_NODES names no node {name!r}, only {', '.join(environment.node_urls)}.",
            f"ZHIYIN_NODES 中没有节点 {name!r}，仅有 {', '.join(environment.node_urls)}。",
        )
    return url


def node_settings(environment: Environment, options: NodeOptions, url: str) -> AsteriskSettings:
    """Return what Asterisk is configured by. Raises ``CannotStart`` without the parts' keys."""
    keys = environment.keys
    if keys is None or not url.startswith("https://"):
        raise CannotStart(
            f"Node {options.name} needs ZHIYIN_LINK_KEYS, and https:// in ZHIYIN_NODES: who reaches it commands calls.",
            f"节点 {options.name} 需要 ZHIYIN_LINK_KEYS，且 ZHIYIN_NODES 中须为 https://：能连接者即可控制通话。",
        )
    host, port = split_address(url.removeprefix("https://"))
    loopback_port = networks.choose_loopback_port()
    edge_host = split_address(environment.edge)[0]
    return AsteriskSettings(
        host=host,
        sip_port=options.sip_port,
        rtp_ports=options.rtp_ports,
        http_port=loopback_port,
        manager_port=networks.choose_loopback_port(other_than=loopback_port),
        ari_user=environment.ari_user,
        ari_password=environment.ari_password,
        ami_user=environment.ami_user,
        ami_password=environment.ami_password,
        music=environment.prompts / "music",
        public_address=options.public_address,
        local_addresses=networks.list_local_addresses(),
        node=options.name,
        https=HttpsServer(host, port, certificate=keys.certificate, key=keys.key),
        sip_peers=(edge_host, *os.environ.get("ZHIYIN_FRONTS", "").split()),
    )


class _Node:
    """The node's one program, and its end."""

    def __init__(self, environment: Environment, name: str, program: Program) -> None:
        self._environment = environment
        self._name = name
        self._part = Part(program=program, on_change=lambda: None)  # its log tells each change
        self._signals = asyncio.Queue[int]()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signals.put_nowait, number)
        self._part.start()
        await self._signals.get()
        again = asyncio.create_task(self._signals.get())
        empty = asyncio.create_task(self._empty())
        await asyncio.wait({again, empty}, return_when=asyncio.FIRST_COMPLETED)
        for task in (again, empty):
            task.cancel()
        await asyncio.gather(again, empty, return_exceptions=True)
        await self._part.stop()

    async def _empty(self) -> None:
        """Return when no connection lives here any more, or nobody can be asked."""
        said = -1
        while True:
            try:
                node = await engine_link.drain_node(self._environment.engine_link, self._name, is_draining=True)
            except engine_link.EngineAway as error:
                say(f"No engine says what lives here ({error}): stopping.", f"无法询问引擎（{error}）：停止。")
                return
            if node.legs == 0 or node.state == "away":
                return
            if node.legs != said:
                said = node.legs
                say(
                    f"Draining: {said} connections live, no new calls are taken. Once more stops at once.",
                    f"正在排空：仍有 {said} 路连接，不再接入新来电。再次发送信号将立即停止。",
                )
            await asyncio.sleep(_ASK_EVERY_S)
