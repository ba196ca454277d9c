"""What an administrator must hear of: found from readings, with the words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_FREE_BYTES = 1024**3
#: the disk will be full so soon that there is just time to act
FULL_WITHIN_DAYS = 14
CERTIFICATE_DAYS = 14
LAG_S = 60.0
CLOCK_OFF_S = 2.0
#: readings older than this tell nothing of now
READINGS_LAST = timedelta(minutes=5)


class Severity(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class TrunkReading:
    """A trunk that does not work. ``company`` is the company's code: others do not hear of it."""

    company: str
    name: str
    state: str  # "refused", "unreachable"


@dataclass(frozen=True, slots=True)
class NodeReading:
    """One of several telephone nodes that cannot be reached. ``unseen_since`` and ``lost_at`` are set while what was
    talked on it is let go on."""

    name: str
    unseen_since: datetime | None = None
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InterfaceReading:
    """An interface that fails for longer than a moment, or stopped: ``kind`` webhook, connector or file_plan."""

    company: str
    kind: str
    name: str
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class WorkReadings:
    """What the worker sees; ``clock_jumps`` in the last hour, ``clock_off_s`` the database's clock against ours.

    ``recording_bytes`` are stored now; ``recording_bytes_wanted`` is what will be once as much is deleted as comes,
    by each company's period and its growth; None where a company that grows keeps its recordings for ever.
    """

    at: datetime
    projection_lag_s: float
    recording_bytes_a_day: float
    clock_jumps: int
    clock_off_s: float
    trunks: tuple[TrunkReading, ...] = ()
    #: the codes of companies whose audit does not add up
    broken_audits: tuple[str, ...] = ()
    interfaces: tuple[InterfaceReading, ...] = ()
    recording_bytes: int = 0
    recording_bytes_wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """What is known now; None where it cannot be known. ``parts_away`` are those that do not serve."""

    now: datetime
    parts_away: tuple[str, ...]
    spooled_events: int
    disk_free_bytes: int | None
    certificate_ends_at: datetime | None
    work: WorkReadings | None
    #: kept aside by the engine: the log will never take them
    refused_events: int = 0
    #: of the engine: hardly any file or connection can be opened
    are_descriptors_short: bool = False
    #: of several telephone nodes those that cannot be reached
    nodes_away: tuple[NodeReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """``company`` is set where one company alone is concerned; ``subject`` tells two alarms of a code apart."""

    code: str
    severity: Severity
    en: str
    zh: str
    subject: str = ""
    company: str | None = None


def find_alarms(readings: Readings) -> tuple[Alarm, ...]:
    """Return every alarm that holds, the critical ones first."""
    found = [*_parts(readings), *_nodes(readings), *_disk(readings), *_certificate(readings)]
    work = readings.work
    if work is not None and readings.now - work.at <= READINGS_LAST:
        found += [*_work(work), *_trunks(work), *_interfaces(work), *_audits(work)]
    return tuple(sorted(found, key=lambda alarm: (alarm.severity is not Severity.CRITICAL, alarm.code, alarm.subject)))


def _parts(readings: Readings) -> Iterator[Alarm]:
    for part in readings.parts_away:
        yield Alarm(
            "part_away",
            Severity.CRITICAL,
            f"The part {part} does not serve. It is started again by itself; if this stays, see the log {part}.log.",
            f"组件 {part} 不可用。系统会自动重启它；若持续存在，请查看日志 {part}.log。",
            subject=part,
        )
    if readings.spooled_events:
        yield Alarm(
            "log_spooling",
            Severity.CRITICAL,
            f"PostgreSQL takes no events; {readings.spooled_events} wait on disk. Calls go on; bring the database "
            "back.",
            f"PostgreSQL 无法写入，{readings.spooled_events} 个事件暂存磁盘。通话不受影响，请尽快恢复数据库。",
        )

    if readings.are_descriptors_short:
        yield Alarm(
            "descriptors_short",
            Severity.CRITICAL,
            "The engine has hardly any file descriptor left and lives on its reserve; when that is used up too, it "
            "refuses new calls, and those that are live go on. Set LimitNOFILE=65536 in the systemd unit (or ulimit -n "
            "65536 before the start) and start again.",
            "引擎的文件描述符即将用尽，正在使用预留部分；预留也用完后将不再接受新来电，进行中的通话不受影响。"
            "请在 systemd 单元中设置 LimitNOFILE=65536（或启动前执行 ulimit -n 65536），然后重新启动。",
        )

    if readings.refused_events:
        yield Alarm(
            "events_refused",
            Severity.WARNING,
            f"The log refused {readings.refused_events} events for good. They are kept in spool/refused-*.jsonl of the "
            "data folder: see why in engine.log (event_refused), then move the files away.",
            f"有 {readings.refused_events} 个事件被日志永久拒绝，保存在数据目录 spool/refused-*.jsonl。"
            "请在 engine.log 中查看原因（event_refused），处理后移走这些文件。",
        )


def _nodes(readings: Readings) -> Iterator[Alarm]:
    for node in readings.nodes_away:
        if node.unseen_since is None or node.lost_at is None:
            en = (
                f"The telephone node {node.name} is away, and the calls that were on it count as lost; the other nodes "
                "take new ones. Look at its machine and start Asterisk there."
            )
            zh = (
                f"电话节点 {node.name} 已离线，其上的通话视为中断；新来电由其他节点接听。"
                "请检查该机器，并启动 Asterisk。"
            )
        else:
            for_min = round((readings.now - node.unseen_since).total_seconds() / 60)
            left_min = max(0, round((node.lost_at - readings.now).total_seconds() / 60))
            en = (
                f"The telephone node {node.name} has been out of sight for {for_min} min: what is talked on it goes "
                "on, but can be neither held nor transferred, and nobody sees it end. In "
                f"{left_min} min these calls count as lost. Look at its machine and at the network to it."
            )
            zh = (
                f"电话节点 {node.name} 已失联 {for_min} 分钟：其上的通话照常进行，但无法保持、转接，也看不到何时结束。"
                f"{left_min} 分钟后这些通话将视为中断。请检查该机器及其网络。"
            )
        yield Alarm("node_away", Severity.CRITICAL, en, zh, subject=node.name)


def _disk(readings: Readings) -> Iterator[Alarm]:
    free = readings.disk_free_bytes
    if free is None:
        return
    if free < LEAST_FREE_BYTES:
        yield Alarm(
            "disk_low",
            Severity.CRITICAL,
            f"Only {free // 1024**2} MB are free on the disk. Recordings and events need room: delete or move files.",
            f"磁盘仅剩 {free // 1024**2} MB。录音和事件需要空间：请删除或移走文件。",
        )
        return
    if readings.work is not None:
        yield from _disk_fills(readings.work, room=free - LEAST_FREE_BYTES)


def _disk_fills(work: WorkReadings, *, room: int) -> Iterator[Alarm]:
    """The disk fills soon, and retention does not free as much in time."""
    a_day = work.recording_bytes_a_day
    if a_day <= 0 or room / a_day >= FULL_WITHIN_DAYS:
        return
    days, wanted = room / a_day, work.recording_bytes_wanted
    en = f"Recordings grow by {a_day / 1024**2:.0f} MB a day: the disk is full in {days:.0f} days. "
    zh = f"录音每天增长 {a_day / 1024**2:.0f} MB：磁盘将在 {days:.0f} 天后写满。"
    if wanted is None:
        yield Alarm(
            "disk_fills",
            Severity.WARNING,
            f"{en}Add room, or set for how long recordings are kept (Settings, Retention).",
            f"{zh}请扩容，或设置录音保存期限（管理 → 录音保存）。",
        )
        return
    missing = wanted - work.recording_bytes - room
    if missing > 0:
        yield Alarm(
            "disk_fills",
            Severity.WARNING,
            f"{en}Retention cannot be met: to keep recordings as long as is set needs {missing / 1024**3:.1f} GB more "
            "than there is. Add room, or keep them for a shorter time (Settings, Retention).",
            f"{zh}无法满足录音保存期限：按设定时长保存还缺 {missing / 1024**3:.1f} GB 空间。"
            "请扩容，或缩短保存期限（管理 → 录音保存）。",
        )


def _certificate(readings: Readings) -> Iterator[Alarm]:
    if readings.certificate_ends_at is None:
        return
    days = (readings.certificate_ends_at - readings.now).days
    if days < CERTIFICATE_DAYS:
        severity = Severity.CRITICAL if days < 0 else Severity.WARNING
        yield Alarm(
            "certificate_ends",
            severity,
            f"The certificate ends in {days} days: renew it and start again."
            if days >= 0
            else "The certificate is over.",
            f"证书将在 {days} 天后到期：请更新并重新启动。" if days >= 0 else "证书已过期。",
        )


def _work(work: WorkReadings) -> Iterator[Alarm]:
    if work.projection_lag_s > LAG_S:
        yield Alarm(
            "projection_lag",
            Severity.WARNING,
            f"Records and figures are {work.projection_lag_s:.0f} s behind the calls. See the log worker.log.",
            f"记录和统计落后于通话 {work.projection_lag_s:.0f} 秒。请查看日志 worker.log。",
        )
    if work.clock_jumps or abs(work.clock_off_s) > CLOCK_OFF_S:
        yield Alarm(
            "clock_off",
            Severity.WARNING,
            f"The clock jumped {work.clock_jumps} times in the last hour and differs from the database's by "
            f"{abs(work.clock_off_s):.1f} s. Have NTP keep it: timedatectl set-ntp true",
            f"时钟在过去一小时内跳变 {work.clock_jumps} 次，与数据库相差 {abs(work.clock_off_s):.1f} 秒。"
            "请启用 NTP：timedatectl set-ntp true",
        )


def _trunks(work: WorkReadings) -> Iterator[Alarm]:
    for trunk in work.trunks:
        is_refused = trunk.state == "refused"
        yield Alarm(
            "trunk_down",
            Severity.CRITICAL,
            f"Trunk {trunk.name}: "
            + ("the carrier refuses our registration." if is_refused else "the carrier does not answer.")
            + " zhiyin doctor says more.",
            f"中继 {trunk.name}：{'运营商拒绝注册' if is_refused else '运营商没有应答'}。可用 zhiyin doctor "
            "进一步检查。",
            subject=trunk.name,
            company=trunk.company,
        )


_INTERFACES = {
    "webhook": ("Webhook", "Webhook"),
    "connector": ("Connector", "连接器"),
    "file_plan": ("File plan", "文件交换计划"),
}


def _interfaces(work: WorkReadings) -> Iterator[Alarm]:
    for each in work.interfaces:
        en, zh = _INTERFACES[each.kind]
        yield Alarm(
            "interface_stopped" if each.is_stopped else "interface_failing",
            Severity.WARNING,
            f"{en} {each.name} {'stopped' if each.is_stopped else 'fails'}. Settings, Interfaces' health says why.",
            f"{zh}“{each.name}”{'已停止' if each.is_stopped else '出现故障'}，原因见 管理 → 接口状态。",
            subject=f"{each.kind}:{each.name}",
            company=each.company,
        )


def _audits(work: WorkReadings) -> Iterator[Alarm]:
    for company in work.broken_audits:
        yield Alarm(
            "audit_broken",
            Severity.CRITICAL,
            "Entries of the audit were changed or removed behind the product's back. See Settings, Audit, and keep a "
            "backup before anything else.",
            "操作日志被绕过系统修改或删除。请先做备份，再到 管理 → 操作日志 查看。",
            company=company,
        )
