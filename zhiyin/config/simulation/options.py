"""The options of ``zhiyin simulate``; the engine is imported only when it is to be played on."""

from __future__ import annotations

import argparse
from pathlib import Path

from zhiyin.config.supervisor.words import in_words


def add_simulate_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "simulate",
        help=in_words("try the engine on random histories in virtual time", "在虚拟时间中用随机历史检验引擎"),
    )
    parser.add_argument("--seed", type=int, help=in_words("the first seed (a fresh one)", "起始种子（默认随机）"))
    parser.add_argument("--runs", type=int, default=100, help=in_words("how many seeds (100)", "种子数量（100）"))
    steps = in_words("steps of a history (120)", "每段历史的步数（120）")
    parser.add_argument("--steps", type=int, default=120, help=steps)
    parser.add_argument("--day", action="store_true", help=in_words("whole working days", "模拟完整工作日"))
    standby = in_words("with a second engine that stands by", "带一台备用引擎")
    parser.add_argument("--standby", action="store_true", help=standby)
    parser.add_argument("--jobs", type=int, default=1, help=in_words("processes (1)", "进程数（1）"))
    parser.add_argument(
        "--replay",
        metavar="SEED|FILE",
        help=in_words("play this one, show its trace", "重放指定种子或历史文件并显示轨迹"),
    )
    parser.add_argument("--out", type=Path, help=in_words("folder for failing histories", "保存失败历史的目录"))
    parser.set_defaults(do=_simulate)


def _simulate(given: argparse.Namespace) -> int:
    from zhiyin.config.simulation.command import simulate  # noqa: PLC0415 - other commands need not wait for it

    return simulate(given)
