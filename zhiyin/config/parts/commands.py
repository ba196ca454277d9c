"""The commands for parts on machines of their own: ``zhiyin engine``, ``web``, ``worker``, ``front``, ``node`` ..."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from zhiyin.config.parts.description import DEFAULT_FILE, take_description
from zhiyin.config.supervisor.options import parse_address, parse_port_range
from zhiyin.config.supervisor.words import CannotStart, in_words, say
from zhiyin.contracts.links import split_address

_ROOMS = {
    "engine": ("engine", "the call engine of this machine", "本机的呼叫引擎"),
    "web": ("web", "the web server behind the front", "前端之后的 Web 服务"),
    "worker": ("worker", "jobs and projections", "后台任务与投影"),
    "front": ("live", "the front: pages, sockets, browsers' telephones", "前端：页面、连接、浏览器电话"),
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, (_, en, zh) in _ROOMS.items():
        _add(commands, name, en, zh, _run_room)
    prepare = _add(commands, "prepare", "tables, prompts and rights", "启动各部件前准备数据库", _prepare)
    prepare.add_argument("--demo", action="store_true", help=in_words("with a demo company", "并创建演示公司"))
    prepare.add_argument("--demo-password", metavar="X", help=in_words("its users' password", "演示用户的密码"))
    _add_node(commands)
    for name, en, zh in (
        ("drain", "let a node take no new calls", "停止向节点派发新来电"),
        ("undrain", "let it take calls again", "恢复向节点派发来电"),
    ):
        command = _add(commands, name, en, zh, _drain)
        command.add_argument("node", metavar="NODE")
    edge = _add(commands, "edge", "write Kamailio's configuration", "生成 Kamailio 配置", _write_edge)
    edge.add_argument("--out", type=Path, default=Path("/etc/kamailio"), metavar="DIR")
    edge.add_argument("--public-host", action="append", default=[], metavar="ADDR")
    edge.add_argument("--trust", action="append", default=[], metavar="NET", help=in_words("carriers", "运营商地址"))
    edge.add_argument("--ctl", type=Path, default=Path("/run/kamailio"), metavar="DIR")
    _add_new_cluster(commands)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    en: str,
    zh: str,
    do: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=in_words(en, zh))
    command.add_argument("--config", type=Path, default=DEFAULT_FILE, metavar="FILE")
    command.set_defaults(do=do, part=name)
    return command


def _add_node(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    node = _add(commands, "node", "one Asterisk node", "一个 Asterisk 节点", _run_node)
    node.add_argument("name", metavar="NAME", help=in_words("as ZHIYIN_NODES calls it", "ZHIYIN_NODES 中的名称"))
    node.add_argument("--rtp-ports", default="20000-20999", metavar="A-B")
    node.add_argument("--public-address", metavar="ADDR")


def _add_new_cluster(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = commands.add_parser("new-cluster", help=in_words("describe a new installation", "描述一个新的多机安装"))
    new.add_argument("--out", type=Path, required=True, metavar="DIR")
    new.add_argument("--database", required=True, metavar="URL")
    new.add_argument("--node", action="append", required=True, metavar="NAME=ADDR")
    new.add_argument("--edge", required=True, metavar="ADDR")
    for name in ("--engine", "--web", "--front"):
        new.add_argument(name, action="append", required=True, metavar="ADDR")
    new.add_argument("--data", type=Path, default=Path("/var/lib/zhiyin/data"), metavar="DIR")
    new.add_argument("--http-port", type=int, default=8443, metavar="N")
    new.add_argument("--public-address", default="", metavar="ADDR")
    new.add_argument("--tls-cert", default="", metavar="FILE")
    new.add_argument("--tls-key", default="", metavar="FILE")
    new.set_defaults(do=_write_cluster)


def _run_room(given: argparse.Namespace) -> int:
    take_description(given.config, part=given.part)
    from zhiyin.config.main import main  # noqa: PLC0415 - a room is loaded alone

    return main([_ROOMS[given.part][0]])


def _prepare(given: argparse.Namespace) -> int:
    take_description(given.config, part="prepare")
    from zhiyin.config.main import main  # noqa: PLC0415

    more = ["--demo-password", given.demo_password] if given.demo_password else []
    return main(["prepare", *more] if given.demo or more else ["prepare", "--no-demo"])


def _run_node(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="node")
    from zhiyin.config.parts.node import NodeOptions, run_node  # noqa: PLC0415

    public = given.public_address
    options = NodeOptions(
        name=given.name,
        rtp_ports=parse_port_range(given.rtp_ports, option="--rtp-ports"),
        public_address=parse_address(public, option="--public-address") if public else None,
    )
    return run_node(environment, options)


def _drain(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="operator")
    from zhiyin.config.supervisor import engine_link  # noqa: PLC0415

    is_draining = given.part == "drain"
    try:
        node = asyncio.run(engine_link.drain_node(environment.engine_link, given.node, is_draining=is_draining))
    except engine_link.EngineAway as error:
        raise CannotStart(f"The engine did not do it: {error}", f"引擎未执行：{error}", exit_code=1) from error
    say(f"{given.node}: {node.state}, {node.legs} connections", f"{given.node}：{node.state}，{node.legs} 路连接")
    return 0


def _write_edge(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="edge")
    from zhiyin.config.parts.edge import EdgeSettings, edge_files  # noqa: PLC0415
    from zhiyin.config.parts.node import SIP_PORT  # noqa: PLC0415

    hosts = {name: split_address(url.partition("://")[2])[0] for name, url in environment.node_urls.items()}
    settings = EdgeSettings(
        address=environment.edge,
        nodes={name: f"{host}:{SIP_PORT}" for name, host in hosts.items()},
        public_hosts=tuple(given.public_host),
        trusted=tuple(given.trust),
        tls_cert=environment.tls_cert,
        tls_key=environment.tls_key,
    )
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in edge_files(settings, given.out, given.ctl).items():
        (given.out / name).write_text(text)
    sys.stdout.write(f"{given.out}/kamailio.cfg\n")
    return 0


def _write_cluster(given: argparse.Namespace) -> int:
    from zhiyin.config.parts.new_cluster import Machines, Surroundings, write_cluster  # noqa: PLC0415

    nodes = dict(pair.partition("=")[::2] for pair in given.node)
    for name, host in nodes.items():
        if not name.isalnum():
            raise CannotStart(f"--node {name}: NAME=ADDR is needed.", f"--node {name}：格式应为 NAME=ADDR。")
        parse_address(host, option="--node")
    machines = Machines(
        nodes=nodes, edge=given.edge, engines=tuple(given.engine), webs=tuple(given.web), fronts=tuple(given.front)
    )
    surroundings = Surroundings(
        database=given.database,
        data=given.data,
        http_port=given.http_port,
        public_address=given.public_address,
        tls_cert=given.tls_cert,
        tls_key=given.tls_key,
    )
    file = write_cluster(given.out, machines, surroundings)
    say(
        f"Wrote {file} and {file.parent / 'link'}: copy both to /etc/zhiyin on every machine.",
        f"已写入 {file} 和 {file.parent / 'link'}：请复制到每台机器的 /etc/zhiyin。",
    )
    return 0
