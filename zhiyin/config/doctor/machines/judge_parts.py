"""Is every part that is described there, does it answer, and do calls reach it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.machines.look import Seen, Silent
from zhiyin.config.doctor.machines.rows import DOUBTFUL, NAMES, STATES, Row
from zhiyin.config.doctor.sip_probe import SipAnswer

_BEHIND_S = 60.0
#: state -> what to do about it, with the row's ``unit`` and ``why``
_ADVICE: dict[str, tuple[str, str]] = {
    "draining": (
        "it takes no new calls and waits for its last: `zhiyin undrain` lets it take calls again",
        "不再接入新来电，等待最后的通话结束；`zhiyin undrain` 可恢复",
    ),
    "starting": ("look again in a minute", "请一分钟后再看"),
    "out": (
        (
            "the edge gives it no calls: does it answer SIP (UDP 5060) to the edge, and is it in the edge's list "
            "(`zhiyin edge`, then kamcmd dispatcher.reload)?"
        ),
        (
            "边缘没有向它派发来电：请确认它对边缘的 SIP（UDP 5060）有应答，并在边缘的列表中"
            "（`zhiyin edge`，再执行 kamcmd dispatcher.reload）"
        ),
    ),
    "silent": (
        "its process lives and does not answer. There: journalctl -u {unit}, then systemctl restart {unit}",
        "进程存在但没有应答。请在该机器上查看 journalctl -u {unit}，再执行 systemctl restart {unit}",
    ),
    "frozen": (
        "somebody stopped its process. There: systemctl kill -s CONT {unit}",
        "有人暂停了它的进程。请在该机器上执行 systemctl kill -s CONT {unit}",
    ),
    "gone": (
        (
            "nothing was heard of it for {age_s:.0f} s: it does not run, its machine is away, or it does not reach the "
            "database. There: systemctl status {unit}"
        ),
        "已 {age_s:.0f} 秒没有消息：没有运行、机器离线或连不上数据库。请在该机器上执行 systemctl status {unit}",
    ),
    "untold": (
        "start it: systemctl enable --now {unit}. If it runs, does its machine reach the database?",
        "请启动：systemctl enable --now {unit}。若已在运行，请确认该机器能连上数据库",
    ),
    "unreachable": (
        "it says that it is well, but this machine does not reach it ({why}): look at the network between them",
        "它自称正常，但本机无法连通（{why}）：请检查两机之间的网络",
    ),
    "away": (
        "its calls are out of sight or over, others take the new ones ({why}). There: systemctl status {unit}",
        "其上的通话失联或已中断，新来电由其他节点接听（{why}）。请在该机器上执行 systemctl status {unit}",
    ),
    "unknown": (
        "the database tells nothing of it, so only its own machine knows",
        "数据库没有它的消息，只有它所在的机器知道",
    ),
}


def judge_parts(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        yield _part(row)
    yield from _engines(seen, rows)
    yield from _nodes(seen, rows)
    yield from _workers(rows)


def _part(row: Row) -> Finding:
    en, zh = NAMES[row.part]
    label = row.name or "-"
    age_s = row.heard.age_s if row.heard else 0.0
    facts = {"unit": row.unit, "why": row.why or "-", "age_s": age_s}
    state_en, state_zh = STATES[row.state]
    if row.is_well:
        here = (" (this machine)", "（本机）") if row.is_here else ("", "")
        return Finding(
            f"{row.part}_{row.state}", "ok", f"{en} {label}: {state_en}{here[0]}", f"{zh} {label}：{state_zh}{here[1]}"
        )
    advice_en, advice_zh = (words.format(**facts) for words in _ADVICE[row.state])
    return Finding(
        f"{row.part}_{row.state}",
        "warn" if row.state in DOUBTFUL else "bad",
        f"{en} {label}: {state_en}; {advice_en}.",
        f"{zh} {label}：{state_zh}。{advice_zh}。",
    )


def _engines(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    engine = seen.engine
    if isinstance(engine, Silent):
        at = ", ".join(seen.engines)
        yield Finding(
            "engine_unanswered",
            "bad",
            f"No engine that leads answers at {at} ({engine.why}): callers ring, then hear music. On their machines: "
            "systemctl status zhiyin-engine.",
            f"{at} 上没有主引擎应答（{engine.why}）：来电只能振铃，然后听到音乐。"
            "请在这些机器上执行 systemctl status zhiyin-engine。",
        )
        return
    if engine.log != "ok":
        yield Finding(
            "engine_log_spooling",
            "bad",
            f"The engine cannot write the log: {engine.spooled_events} events wait on its disk. Do not delete it; "
            "bring the database back.",
            f"引擎无法写入日志：{engine.spooled_events} 个事件暂存在其磁盘上。请勿删除，并尽快恢复数据库。",
        )
    is_known = not isinstance(seen.pulses, Silent)
    if is_known and not any(row.part == "engine" and row.state == "stands_by" for row in rows):
        yield Finding(
            "engine_alone",
            "warn",
            "No engine stands by: when the one that leads ends, callers ring until it is back. Describe a second one "
            "in ZHIYIN_ENGINE_AT and start it on another machine.",
            "没有备用引擎：主引擎一旦退出，来电只能振铃等待。"
            "请在 ZHIYIN_ENGINE_AT 中再写一个引擎，并在另一台机器上启动。",
        )


def _nodes(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in () if isinstance(seen.pulses, Silent) else rows:
        if row.part != "node" or row.state not in ("ok", "draining", "out"):
            continue
        if row.heard is None or not row.heard.is_fresh:
            yield Finding(
                "node_without_pulse",
                "warn",
                f"node {row.name}: Asterisk answers, but nothing tells of its machine (disk, folders, clock). Does it "
                "reach the database? An older program does not tell: restart it.",
                f"节点 {row.name}：Asterisk 应答正常，但没有其机器的消息（磁盘、目录、时钟）。请确认它能连上数据库；"
                "旧版程序不会上报，请重新启动。",
            )
    versions: dict[str, list[str]] = {}
    for name, node in seen.nodes.items():
        if not isinstance(node, Silent):
            versions.setdefault(node.version, []).append(name)
    if len(versions) > 1:
        listed = "; ".join(f"{version}: {', '.join(names)}" for version, names in sorted(versions.items()))
        yield Finding(
            "asterisk_versions",
            "warn",
            f"The nodes run different Asterisks ({listed}): restart those with the older one.",
            f"各节点的 Asterisk 版本不同（{listed}）：请重新启动版本较旧的节点。",
        )
    if seen.edge_nodes is None:
        yield Finding(
            "edge_list_elsewhere",
            "ok",
            "Which nodes the edge gives calls to is known on its own machine: run this there, too",
            "边缘向哪些节点派发来电，只有边缘所在机器知道：请也在那台机器上执行本命令",
        )
    elif isinstance(seen.edge_nodes, Silent):
        yield Finding(
            "edge_list_closed",
            "warn",
            "Which nodes the edge gives calls to could not be asked: run this as root on this machine, where kamcmd is",
            "无法询问边缘向哪些节点派发来电：请在本机以 root 身份执行本命令（需要 kamcmd）",
        )


def _workers(rows: Sequence[Row]) -> Iterator[Finding]:
    workers = [row for row in rows if row.part == "worker"]
    if len(workers) > 1:
        listed = ", ".join(row.name for row in workers)
        yield Finding(
            "worker_twice",
            "bad",
            f"Several workers run ({listed}): one is enough, and the ledger of erasures counts on one machine alone. "
            "Stop the others: systemctl disable --now zhiyin-worker.",
            f"有多个后台任务在运行（{listed}）：只应有一个，删除台账只在一台机器上有效。"
            "请停止其余的：systemctl disable --now zhiyin-worker。",
        )
    for row in workers:
        readings = row.heard.pulse.readings if row.heard and row.heard.is_fresh else None
        if readings is not None and readings.projection_lag_s > _BEHIND_S:
            yield Finding(
                "records_behind",
                "warn",
                f"Records and figures are {readings.projection_lag_s:.0f} s behind the log: see journalctl -u "
                "zhiyin-worker on its machine.",
                f"记录和指标比日志落后 {readings.projection_lag_s:.0f} 秒："
                "请在其机器上查看 journalctl -u zhiyin-worker。",
            )


def judge_edge(seen: Seen, at: str) -> Iterator[Finding]:
    if isinstance(seen.edge, SipAnswer):
        yield Finding(
            "edge_answers",
            "ok",
            f"The edge {at} answers SIP in {seen.edge.rtt_ms:.0f} ms",
            f"边缘 {at} 在 {seen.edge.rtt_ms:.0f} 毫秒内应答 SIP",
        )
    else:
        yield Finding(
            "edge_silent",
            "bad",
            f"The edge {at} does not answer SIP ({seen.edge.why}): no call comes in, and no SIP telephone rings. On "
            "its machine: systemctl status zhiyin-edge.",
            f"边缘 {at} 没有应答 SIP（{seen.edge.why}）：没有来电能进入，SIP 话机也不会振铃。"
            "请在该机器上执行 systemctl status zhiyin-edge。",
        )


def judge_fronts(seen: Seen) -> Iterator[Finding]:
    for host, front in seen.fronts.items():
        if isinstance(front, Silent) or front.status == "ok":
            continue
        unwell = [f"{name}: {state}" for name, (state, _) in front.parts.items() if state not in ("ok", "unknown")]
        yield Finding(
            "front_degraded",
            "warn",
            f"front {host} says that not all is well ({', '.join(unwell)}): GET /api/health there, and the bell, tell "
            "more.",
            f"前端 {host} 报告有异常（{', '.join(unwell)}）：详见其 GET /api/health 和消息铃铛。",
        )
