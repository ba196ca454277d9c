"""``zhiyin status``: what runs on a data folder, for people or as JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.config.supervisor.engine_link import leader_pid
from zhiyin.config.supervisor.folders import find_owner_pid, run_folder_of
from zhiyin.config.supervisor.status import read_status
from zhiyin.config.supervisor.words import in_words, say
from zhiyin.contracts.links import socket_link

_STATES = {
    "ok": ("ok", "正常"),
    "starting": ("starting", "启动中"),
    "restarting": ("restarting", "重启中"),
    "failed": ("failed", "失败"),
    "stopped": ("stopped", "已停止"),
    "running": ("running", "运行中"),
    "draining": ("draining", "排空中"),
    "stopping": ("stopping", "停止中"),
}


def print_status(data: Path, *, is_json: bool) -> int:
    """Print the state; return 0 when all is well, 1 when something is not, 3 when nothing runs there."""
    pid = find_owner_pid(data)
    content = read_status(run_folder_of(data)) if pid else None
    if is_json:
        if content is not None:
            content["leader"] = asyncio.run(leader_pid(socket_link(run_folder_of(data) / "engine.sock")))
        print(json.dumps(content or {"state": "stopped", "parts": {}}, ensure_ascii=False))
    elif content is None:
        say(
            f"Nothing runs on {data}. Start it with: zhiyin run --data {data}",
            f"{data} 上没有运行。启动：zhiyin run --data {data}",
        )
    if content is None:
        return 3
    is_well = content["state"] == "running" and all(part["state"] == "ok" for part in content["parts"].values())
    if not is_json:
        leader = asyncio.run(leader_pid(socket_link(run_folder_of(data) / "engine.sock")))
        age_s = int((datetime.now(UTC) - datetime.fromisoformat(content["started_at"])).total_seconds())
        state = in_words(*_STATES.get(content["state"], (content["state"],) * 2))
        age = f"{age_s // 3600}:{age_s % 3600 // 60:02d} h"
        print(f"{content['url']}  {state}  pid {content['pid']}  {age}  Asterisk {content['asterisk']}")
        for name, part in content["parts"].items():
            word = in_words(*_STATES.get(part["state"], (part["state"],) * 2))
            restarts = (
                in_words(f"{part['restarts']} restarts", f"重启 {part['restarts']} 次") if part["restarts"] else ""
            )
            leads = in_words("leads", "主引擎") if leader and part["pid"] == leader else ""
            print(f"  {name:<9} {word:<10} {part['pid'] or '':<8} {leads} {restarts} {part['detail']}".rstrip())
    return 0 if is_well else 1
