"""The commands for parts on machines of their own: ``zhiyin engine``, ``web``, ``worker``, ``front``, ``node`` ..."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.config.parts.beside import own_name, start_pulse
from zhiyin.config.parts.description import DEFAULT_FILE, take_description
from zhiyin.config.parts.given import check_certificate, parse_addresses, parse_networks, parse_nodes
from zhiyin.config.parts.tables import require_tables
from zhiyin.config.supervisor.options import parse_address, parse_port, parse_port_range
from zhiyin.config.supervisor.words import CannotStart, in_words, say, warn
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import split_address

_ROOMS = {
    "engine": ("engine", "the call engine of this machine", "本机的呼叫引擎"),
    "web": ("web", "the web server behind the front", "前端之后的 Web 服务"),
    "worker": ("worker", "jobs and projections", "后台任务与投影"),
    "front": ("live", "the front: pages, sockets, browsers' telephones", "前端：页面、连接、浏览器电话"),
}
#: who reads the database itself, and as whom
_ROLES: dict[str, Callable[[Environment], str]] = {
    "engine": lambda environment: environment.db_engine,
    "web": lambda environment: environment.db_web,
    "worker": lambda environment: environment.db_engine,
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
    for option, metavar, default, en, zh in (
        ("--out", "DIR", Path("/etc/kamailio"), "where to", "写入的目录"),
        ("--ctl", "DIR", Path("/run/kamailio"), "where Kamailio's control socket is", "Kamailio 控制套接字所在目录"),
    ):
        edge.add_argument(option, type=Path, default=default, metavar=metavar, help=f"{in_words(en, zh)} ({default})")
    for option, metavar, en, zh in (
        (
            "--public-host",
            "ADDR",
            "one more address of the edge to listen on; repeatable",
            "边缘另外监听的地址，可重复",
        ),
        (
            "--trust",
            "NET",
            "a carrier that may send more than 30 requests a second; repeatable",
            "每秒可超过 30 个请求的运营商地址或网段，可重复",
        ),
    ):
        edge.add_argument(option, action="append", default=[], metavar=metavar, help=in_words(en, zh))
    _add_new_cluster(commands)
    link = commands.add_parser("new-link", help=in_words("make new keys for the parts", "生成新的组件间密钥"))
    link.add_argument("--out", type=Path, required=True, metavar="DIR", help=in_words("a new folder", "新目录"))
    link.set_defaults(do=_write_link)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    en: str,
    zh: str,
    do: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=in_words(en, zh))
    text = in_words("the installation's description", "描述本安装的文件")
    command.add_argument("--config", type=Path, default=DEFAULT_FILE, metavar="FILE", help=f"{text} ({DEFAULT_FILE})")
    command.set_defaults(do=do, part=name)
    return command


def _add_node(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    node = _add(commands, "node", "one Asterisk node", "一个 Asterisk 节点", _run_node)
    node.add_argument("name", metavar="NAME", help=in_words("as ZHIYIN_NODES calls it", "ZHIYIN_NODES 中的名称"))
    ports = "20000-20999"
    text = in_words("ports of the voices (UDP)", "语音端口范围（UDP）")
    node.add_argument("--rtp-ports", default=ports, metavar="A-B", help=f"{text} ({ports})")
    text = in_words("this node's address outside of the router", "路由器之外看到的本节点地址")
    node.add_argument("--public-address", metavar="ADDR", help=text)


def _add_new_cluster(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = commands.add_parser("new-cluster", help=in_words("describe a new installation", "描述一个新的多机安装"))
    needed: tuple[tuple[str, str, bool, str, str], ...] = (
        ("--out", "DIR", False, "where to write it", "写入的目录"),
        ("--database", "URL", False, "PostgreSQL, by a user that may make roles", "PostgreSQL 地址，用户须能创建角色"),
        ("--node", "NAME=ADDR", True, "an Asterisk node; repeatable", "Asterisk 节点，可重复"),
        ("--edge", "ADDR", False, "Kamailio's address", "Kamailio 的地址"),
        ("--engine", "ADDR", True, "an engine; the second stands by", "引擎的地址；第二个为备用"),
        ("--web", "ADDR", True, "a web server behind the front", "前端之后的 Web 服务地址"),
        ("--front", "ADDR", True, "where browsers come", "浏览器访问的地址"),
    )
    for option, metavar, is_many, en, zh in needed:
        action = "append" if is_many else "store"
        new.add_argument(option, action=action, required=True, metavar=metavar, help=in_words(en, zh))
    other = (
        ("--data", "DIR", "/var/lib/zhiyin/data", "the data folder, on every machine", "各台机器上的数据目录"),
        ("--http-port", "N", "8443", "port of the front", "前端的端口"),
        (
            "--public-address",
            "ADDR",
            "",
            "where telephones register: the edge, from outside",
            "话机注册的地址：边缘的外部地址",
        ),
        ("--tls-cert", "FILE", "", "certificate chain (PEM), on front and edge", "证书链（PEM），用于前端和边缘"),
        ("--tls-key", "FILE", "", "its private key (PEM)", "证书私钥（PEM）"),
    )
    for option, metavar, default, en, zh in other:
        text = in_words(en, zh) + (f" ({default})" if default else "")
        new.add_argument(option, default=default, metavar=metavar, help=text)
    new.set_defaults(do=_write_cluster)


def _run_room(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part=given.part)
    if given.part in _ROLES:
        require_tables(_ROLES[given.part](environment))
    from zhiyin.config.main import main  # noqa: PLC0415 - a room is loaded alone

    start_pulse(environment, given.part, own_name(environment, given.part), given.config)
    return main([_ROOMS[given.part][0]])


def _prepare(given: argparse.Namespace) -> int:
    take_description(given.config, part="prepare")
    from zhiyin.config.main import main  # noqa: PLC0415

    more = ["--demo-password", given.demo_password] if given.demo_password else []
    code = main(["prepare", *more] if given.demo or more else ["prepare", "--no-demo"])
    if code == 0:
        say("Tables and prompts are ready.", "数据表和提示音已就绪。")
    return code


def _run_node(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="node")
    from zhiyin.config.parts.node import NodeOptions, check_node, run_node  # noqa: PLC0415

    public = given.public_address
    options = NodeOptions(
        name=given.name,
        rtp_ports=parse_port_range(given.rtp_ports, option="--rtp-ports"),
        public_address=parse_address(public, option="--public-address") if public else None,
    )
    check_node(environment, options.name)
    start_pulse(environment, "node", options.name, given.config)
    return run_node(environment, options)


def _drain(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="operator")
    from zhiyin.config.supervisor import engine_link  # noqa: PLC0415

    is_draining = given.part == "drain"
    try:
        node = asyncio.run(engine_link.drain_node(environment.engine_link, given.node, is_draining=is_draining))
    except engine_link.UnknownNode as error:
        known = ", ".join(sorted(environment.node_urls))
        raise CannotStart(
            f"There is no node {given.node}. Give one of: {known}.", f"没有节点 {given.node}。可用的节点：{known}。"
        ) from error
    except engine_link.EngineAway as error:
        raise CannotStart(
            f"No engine did it ({error}). Is one running at {' '.join(environment.engine_link.addresses)}?",
            f"引擎未执行（{error}）。请确认引擎在 {' '.join(environment.engine_link.addresses)} 运行。",
            exit_code=1,
        ) from error
    say(f"{given.node}: {node.state}, {node.legs} connections", f"{given.node}：{node.state}，{node.legs} 路连接")
    return 0


def _write_edge(given: argparse.Namespace) -> int:
    environment = take_description(given.config, part="edge")
    from zhiyin.config.parts.edge import EdgeSettings, edge_files, lay_certificate  # noqa: PLC0415
    from zhiyin.config.parts.node import SIP_PORT  # noqa: PLC0415

    hosts = {name: split_address(url.partition("://")[2])[0] for name, url in environment.node_urls.items()}
    settings = EdgeSettings(
        address=environment.edge,
        nodes={name: f"{host}:{SIP_PORT}" for name, host in hosts.items()},
        public_hosts=parse_addresses(given.public_host, option="--public-host"),
        trusted=parse_networks(given.trust, option="--trust"),
        tls_cert=environment.tls_cert,
        tls_key=environment.tls_key,
    )
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in edge_files(settings, given.out, given.ctl).items():
        (given.out / name).write_text(text)
    lay_certificate(settings, given.out)
    sys.stdout.write(f"{given.out}/kamailio.cfg\n")
    return 0


def _write_cluster(given: argparse.Namespace) -> int:
    from zhiyin.config.parts.new_cluster import Machines, Surroundings, write_cluster  # noqa: PLC0415

    machines = Machines(
        nodes=parse_nodes(given.node),
        edge=parse_address(given.edge, option="--edge"),
        engines=parse_addresses(given.engine, option="--engine"),
        webs=parse_addresses(given.web, option="--web"),
        fronts=parse_addresses(given.front, option="--front"),
    )
    check_certificate(given.tls_cert, given.tls_key)
    public = given.public_address
    surroundings = Surroundings(
        database=given.database,
        data=Path(given.data),
        http_port=parse_port(given.http_port, option="--http-port"),
        public_address=parse_address(public, option="--public-address") if public else "",
        tls_cert=given.tls_cert,
        tls_key=given.tls_key,
    )
    file = write_cluster(Path(given.out), machines, surroundings)
    if not given.tls_cert:
        warn(
            "Without --tls-cert and --tls-key the front speaks plain HTTP, and browsers give it no microphone: "
            "put a server with a certificate before it, or give both in ZHIYIN_TLS_CERT and ZHIYIN_TLS_KEY.",
            "未给出 --tls-cert 和 --tls-key，前端使用明文 HTTP，浏览器不会允许使用麦克风："
            "请在前面放置带证书的服务器，或在 ZHIYIN_TLS_CERT、ZHIYIN_TLS_KEY 中给出证书。",
        )
    say(
        f"Wrote {file} and {file.parent / 'link'}: copy both to /etc/zhiyin on every machine.",
        f"已写入 {file} 和 {file.parent / 'link'}：请复制到每台机器的 /etc/zhiyin。",
    )
    return 0


def _write_link(given: argparse.Namespace) -> int:
    folder: Path = given.out
    if folder.exists():
        raise CannotStart(
            f"{folder} exists: parts that run know each other by what is in it. Name a new folder.",
            f"{folder} 已存在：运行中的组件靠其中的密钥互相识别。请指定新目录。",
        )
    from zhiyin.config.parts.keys import make_link_keys  # noqa: PLC0415

    make_link_keys(folder, now=datetime.now(UTC))
    say(
        f"Wrote {folder}. Copy it over link/ on every machine (chown -R root:zhiyin, chmod -R u=rwX,g=rX,o=), then "
        "restart all parts: those with the old keys and those with the new ones do not reach each other.",
        f"已写入 {folder}。请在每台机器上用它替换 link/（chown -R root:zhiyin，chmod -R u=rwX,g=rX,o=），"
        "然后重启所有组件：使用新旧密钥的组件之间无法通信。",
    )
    return 0
