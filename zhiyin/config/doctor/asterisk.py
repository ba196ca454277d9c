"""Asterisk beside a running product: it answers, and has loaded what it must and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.reconcile.asterisk_checks import AsteriskDoor
from zhiyin.config.supervisor.asterisk.modules import MODULES


def examine_asterisk(folder: Path) -> Iterator[Finding]:
    """Ask the Asterisk whose generated configuration is in ``folder``."""
    door = AsteriskDoor.of_folder(folder)
    if door is None:
        return
    try:
        modules = door.get("asterisk/modules")
    except (OSError, ValueError) as error:
        yield Finding(
            "asterisk_silent",
            "bad",
            f"Asterisk does not answer ({error}): no call comes in. It is started again by itself; if this stays, see "
            "DATA/log/asterisk.log.",
            f"Asterisk 没有应答（{error}），无法接听来电。系统会自动重启它；若持续存在，请查看 DATA/log/asterisk.log。",
        )
        return
    running = {module["name"] for module in modules if module["status"] == "Running"}
    yield from judge_modules({name for name in running if name.endswith(".so")})  # others are built in


def judge_modules(running: Set[str]) -> Iterator[Finding]:
    """Compare with what is wanted: a missing one is a feature that fails, a foreign one a door that nobody watches."""
    wanted = set(MODULES)
    if missing := ", ".join(sorted(wanted - running)):
        yield Finding(
            "asterisk_modules_missing",
            "bad",
            f"Asterisk runs without {missing}: calls or recordings fail where these are needed. DATA/log/asterisk.log "
            "says why; with an Asterisk of the system, install its missing packages.",
            f"Asterisk 缺少模块 {missing}：相关通话或录音功能会失败。原因见 DATA/log/asterisk.log；"
            "使用系统自带 Asterisk 时请安装缺少的软件包。",
        )
    if foreign := ", ".join(sorted(running - wanted)):
        yield Finding(
            "asterisk_modules_foreign",
            "warn",
            f"Asterisk has loaded {foreign}, which is not ours: somebody changed it by hand. Restart Asterisk "
            "(stop it; it comes back with its own).",
            f"Asterisk 加载了非本系统的模块 {foreign}：有人手工改动过。请重启 Asterisk（停止后会自动按原样启动）。",
        )
    if not missing and not foreign:
        yield Finding(
            "asterisk_modules",
            "ok",
            f"Asterisk has loaded its {len(wanted)} modules and no other",
            f"Asterisk 已加载所需的 {len(wanted)} 个模块，没有多余模块",
        )
