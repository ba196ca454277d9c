"""The command ``zhiyin logs``: one contact's story through all parts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.config.parts.description import add_config_option, take_description
from zhiyin.config.supervisor.options import default_data_folder
from zhiyin.config.supervisor.words import CannotStart, in_words, say, warn

if TYPE_CHECKING:
    from zhiyin.config.call_story import Moment


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    logs = commands.add_parser(
        "logs", help=in_words("one call's story through all parts", "查看一次联络经过各组件的全过程")
    )
    logs.add_argument("--data", type=Path, metavar="DIR", help=in_words("the data folder", "数据目录"))
    logs.add_argument(
        "--call",
        required=True,
        metavar="ID",
        help=in_words("the contact, as its page's address names it", "联络编号，见其页面地址"),
    )
    logs.add_argument(
        "--json", action="store_true", help=in_words("as JSON, one object a line", "以 JSON 输出，每行一条")
    )
    add_config_option(logs)
    logs.add_argument(
        "--lines",
        action="append",
        default=[],
        metavar="FILE",
        help=in_words(
            "lines of parts that stand elsewhere, such as journalctl -o cat gives them; - reads them here; repeatable",
            "存放在别处的组件日志，例如 journalctl -o cat 的输出；- 表示从标准输入读取，可重复",
        ),
    )
    logs.set_defaults(do=_logs)


def _logs(given: argparse.Namespace) -> int:
    from zhiyin.config.call_story import tell  # noqa: PLC0415 - other commands need not wait for them
    from zhiyin.config.supervisor.running import owner_url  # noqa: PLC0415

    url: str | None = None
    if given.config is not None:
        described = take_description(given.config, part="operator")
        data, url = described.data, described.db_owner
    else:
        data = Path(given.data or default_data_folder()).expanduser().absolute()
        try:
            url = owner_url(data)
        except CannotStart as away:
            warn(f"Only the parts' own lines: {away}", f"只有各组件自己的日志：{away}")
    moments = tell(given.call, log=data / "log", database_url=url, elsewhere=_lines(given.lines))
    if not moments:
        say(
            f"Nothing is known of {given.call}. Logs keep the last 20 to 40 MB of each part; events are kept.",
            f"没有 {given.call} 的任何记录。每个组件的日志只保留最近 20 至 40 MB；事件会一直保留。",
        )
        return 1
    for moment in moments:
        print(_as_json(moment) if given.json else _as_line(moment, since=moments[0]), flush=True)
    return 0


def _lines(files: Iterable[str]) -> Iterator[str]:
    for name in files:
        if name == "-":
            yield from sys.stdin
            continue
        try:
            with Path(name).expanduser().open(errors="replace") as lines:
                yield from lines
        except OSError as error:
            raise CannotStart(
                f"--lines {name}: cannot be read: {error.strerror}.", f"--lines {name}：无法读取：{error.strerror}。"
            ) from error


def _as_json(moment: Moment) -> str:
    told = asdict(moment) | {"at": moment.at.isoformat(), "facts": json.loads(moment.facts)}
    return json.dumps(told, ensure_ascii=False)


def _as_line(moment: Moment, *, since: Moment) -> str:
    after_s = (moment.at - since.at).total_seconds()
    mark = " " if moment.level == "info" else "!"
    facts = "  ".join(f"{name}={value}" for name, value in json.loads(moment.facts).items())
    return f"{moment.at:%H:%M:%S.%f}"[:-3] + f" {after_s:+9.3f} s {mark}{moment.part:<9}{moment.said}  {facts}".rstrip()
