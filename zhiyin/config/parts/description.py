"""The file that describes an installation of several machines, the same on each: ``KEY=value``, as systemd reads it.

What stands in the environment counts before the file, so that one machine can differ.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from zhiyin.config.supervisor import networks
from zhiyin.config.supervisor.words import CannotStart, in_words
from zhiyin.contracts.environment import Environment, EnvironmentIncomplete
from zhiyin.contracts.links import BadAddress, split_address

DEFAULT_FILE = Path("/etc/zhiyin/zhiyin.conf")
#: who only asks and writes elsewhere: folders that it made, as root perhaps, would be of no use to the parts
_MAKE_NO_FOLDERS = ("operator", "edge")


def read_description(file: Path) -> dict[str, str]:
    """Return the file's variables. Raises ``CannotStart`` when it cannot be read or has a line that is none."""
    try:
        lines = file.read_text().splitlines()
    except PermissionError as error:
        raise CannotStart(
            f"{file} may not be read by this account. Run this as the service's account "
            f"(runuser -u zhiyin -- ...), or give it the file: chown root:zhiyin, chmod 640.",
            f"当前账户无权读取 {file}。请以服务账户执行（runuser -u zhiyin -- ...），或 chown root:zhiyin、chmod 640。",
        ) from error
    except OSError as error:
        raise CannotStart(
            f"{file} cannot be read: {error.strerror}. Make it with `zhiyin new-cluster`, or name it with --config.",
            f"无法读取 {file}：{error.strerror}。请用 `zhiyin new-cluster` 生成，或用 --config 指定其他文件。",
        ) from error
    found = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise CannotStart(f"{file}:{number}: not NAME=value.", f"{file}:{number}：不是 NAME=value 格式。")
        found[name] = value.strip().strip('"')
    return found


def take_description(file: Path, *, part: str) -> Environment:
    """Put the file's variables into the environment of this process, which is to be ``part``. Raises ``CannotStart``.

    Where it listens is not said in the file: it is the address of the part that is this machine's own.
    """
    given = {**read_description(file), **os.environ}
    given.setdefault("ZHIYIN_LISTEN", own_address(given, part))
    os.environ.update({name: value for name, value in given.items() if name.startswith("ZHIYIN_")})
    try:
        environment = Environment.from_environ()
        nodes = environment.node_urls
    except EnvironmentIncomplete as error:
        raise CannotStart(f"{file}: {error}", f"{file}：{error}") from error
    if part not in _MAKE_NO_FOLDERS:
        for folder in (
            environment.run,
            environment.spool,
            environment.log,
            environment.recordings_raw,
            environment.prompts,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if part == "node" and not nodes:
        raise CannotStart(f"{file} names no ZHIYIN_NODES.", f"{file} 未列出 ZHIYIN_NODES。")
    return environment


def add_config_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--config``, by which a command is about an installation of several machines instead of a data folder."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=in_words(
            f"the description of an installation of several machines ({DEFAULT_FILE}), in the place of --data",
            f"多机安装的描述文件（{DEFAULT_FILE}），代替 --data",
        ),
    )


def secrets_of(environment: Environment) -> dict[str, bytes]:
    """Return the installation's secrets by the names that they have in the data folder of one machine."""
    urls = {"owner": environment.db_owner, "engine": environment.db_engine, "web": environment.db_web}
    passwords = {role: conninfo_to_dict(url).get("password") for role, url in urls.items()}
    keys = {"secret_key": environment.secret_key, "ticket_key": environment.ticket_key}
    keys["vault_key"] = environment.vault_key
    keys |= {f"database_{role}": str(password) for role, password in passwords.items() if password}
    return {name: value.encode() for name, value in keys.items()}


def own_address(given: Mapping[str, str], part: str) -> str:
    """Return which of the addresses of ``part`` is this machine's; empty for a part that nobody connects to."""
    addresses = given.get(f"ZHIYIN_{part.upper()}_AT", "").split()
    own = {local.address for local in networks.list_local_addresses()}
    try:
        mine = [address for address in addresses if split_address(address)[0] in own]
    except BadAddress as error:
        raise CannotStart(f"ZHIYIN_{part.upper()}_AT: {error}", f"ZHIYIN_{part.upper()}_AT：{error}") from error
    if addresses and not mine:
        raise CannotStart(
            f"None of {', '.join(addresses)} is an address of this machine ({', '.join(sorted(own))}). Start {part} "
            f"where it belongs, correct ZHIYIN_{part.upper()}_AT, or set ZHIYIN_LISTEN.",
            f"{', '.join(addresses)} 都不是本机地址（{', '.join(sorted(own))}）。请在对应的机器上启动 {part}，"
            f"或更正 ZHIYIN_{part.upper()}_AT，或设置 ZHIYIN_LISTEN。",
        )
    return mine[0] if mine else ""
