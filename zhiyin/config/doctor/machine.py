"""The machine: enough memory, files and ports, and nothing left of a former run."""

from __future__ import annotations

import platform
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.supervisor import folders, networks
from zhiyin.config.supervisor.options import RunOptions

LEAST_MEMORY_BYTES = 512 * 1024**2
#: of a socket's datagrams: what 400 calls a second bring within a few tenths of a second
ENOUGH_BUFFER_BYTES = 4 * 1024**2
#: a call holds about ten descriptors in Asterisk
LEAST_FILES = 4096
_NEARLY_FULL_PCT = 80
_PROGRAMS = ("postgres", "asterisk")


def examine_machine(options: RunOptions) -> Iterator[Finding]:
    python = platform.python_version()
    yield Finding("python", "ok", f"Python {python} at {sys.executable}", f"Python {python}，位于 {sys.executable}")
    if platform.machine() != "x86_64":
        yield Finding(
            "architecture",
            "warn",
            f"This machine is {platform.machine()}; only x86_64 is tested.",
            f"本机架构为 {platform.machine()}，仅在 x86_64 上测试过。",
        )
    yield from examine_limits()
    is_running = folders.find_owner_pid(options.data) is not None
    if not is_running:
        yield from find_leftovers(options.data)
        yield from find_taken_voice_ports(options)


def examine_limits() -> Iterator[Finding]:
    """What this machine gives to whatever runs on it."""
    yield from judge_memory(_available_memory())
    yield from judge_files(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    yield from _connection_table()
    yield from judge_datagrams(_lost_datagrams(Path("/proc/net/snmp").read_text()), _socket_buffer())
    yield from judge_own_name(socket.gethostname(), _hosts())


def judge_own_name(name: str, hosts: str) -> Iterator[Finding]:
    """``hosts``: what stands in the hosts file. Asterisk asks for the machine's own name for each call that begins."""
    if any(name in line.partition("#")[0].split()[1:] for line in hosts.splitlines()):
        return
    yield Finding(
        "own_name",
        "warn",
        f"This machine's own name {name} is not in /etc/hosts: Asterisk asks the DNS for it whenever a call begins, "
        f"and while the DNS is away each call waits some seconds. Add the line:  127.0.1.1 {name}",
        f"/etc/hosts 中没有本机名称 {name}：每次呼叫开始时 Asterisk 都会向 DNS 查询，DNS 不可用时每个呼叫都要多等数秒。"
        f"请添加一行：127.0.1.1 {name}",
    )


def judge_memory(available_bytes: int | None) -> Iterator[Finding]:
    if available_bytes is not None and available_bytes < LEAST_MEMORY_BYTES:
        yield Finding(
            "memory",
            "warn",
            f"Only {available_bytes // 1024**2} MB of memory are available; {LEAST_MEMORY_BYTES // 1024**2} MB are "
            "needed "
            "at least. End something else, or give the machine more.",
            f"可用内存仅 {available_bytes // 1024**2} MB，至少需要 {LEAST_MEMORY_BYTES // 1024**2} MB。"
            "请关闭其他程序或增加内存。",
        )


def judge_files(limit: int) -> Iterator[Finding]:
    if limit != resource.RLIM_INFINITY and limit < LEAST_FILES:
        yield Finding(
            "open_files",
            "bad",
            f"A process may open {limit} files only, which is enough for {limit // 12} calls. Set LimitNOFILE=65536 "
            "in the "
            "systemd unit (or ulimit -n 65536 before the start).",
            f"每个进程最多只能打开 {limit} 个文件，仅够约 {limit // 12} 个通话。请在 systemd 单元中设置 "
            "LimitNOFILE=65536"
            "（或启动前执行 ulimit -n 65536）。",
        )


def judge_datagrams(lost: int, buffer_bytes: int | None) -> Iterator[Finding]:
    """``lost`` by full sockets since the machine started; a lost SIP request comes again after half a second."""
    if lost and buffer_bytes is not None and buffer_bytes < ENOUGH_BUFFER_BYTES:
        yield Finding(
            "socket_buffers",
            "warn",
            f"{lost} datagrams were lost since this machine started because sockets were full (they hold "
            f"{buffer_bytes // 1024} KiB): when many call at once, calls begin late and voices break up. Run: "
            f"sysctl -w net.core.rmem_default={ENOUGH_BUFFER_BYTES}, write the same to /etc/sysctl.d/60-zhiyin.conf, "
            "and start Zhiyin again.",
            f"本机启动以来，因套接字缓冲区已满（容量 {buffer_bytes // 1024} KiB）丢失了 {lost} 个数据报："
            f"大量来电同时进入时，接通会变慢、声音会断续。请执行 "
            f"sysctl -w net.core.rmem_default={ENOUGH_BUFFER_BYTES}，将同一行写入 /etc/sysctl.d/60-zhiyin.conf，"
            "然后重新启动知音。",
        )


def find_leftovers(data: Path) -> Iterator[Finding]:
    """Programs of a former run that hold the folder, although nothing runs on it."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if Path(words[0]).name in _PROGRAMS and any(word.startswith(f"{data}/") for word in words):
            yield Finding(
                "leftover",
                "bad",
                f"{Path(words[0]).name} (process {entry.name}) of a former run still holds {data}: end it with "
                f"kill {entry.name}",
                f"上次运行遗留的 {Path(words[0]).name}（进程 {entry.name}）仍占用 {data}：请执行 kill {entry.name}",
            )


def find_taken_voice_ports(options: RunOptions) -> Iterator[Finding]:
    first, last = options.rtp_ports
    taken = [
        port for port in range(first, last + 1) if not networks.is_port_free(options.host, port, socket.SOCK_DGRAM)
    ]
    if taken:
        yield Finding(
            "voice_ports",
            "warn",
            f"{len(taken)} of the voice ports {first}-{last} are taken ({taken[0]}/UDP first): calls that get one "
            "have no "
            "voice. Give another range with --rtp-ports; ss -lnup shows who has them.",
            f"语音端口 {first}-{last} 中有 {len(taken)} 个被占用（如 {taken[0]}/UDP）：分到这些端口的通话没有声音。"
            "请用 --rtp-ports 换一个范围；ss -lnup 可查看占用者。",
        )


def _hosts() -> str:
    try:
        return Path("/etc/hosts").read_text(errors="replace")
    except OSError:
        return ""


def _available_memory() -> int | None:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _lost_datagrams(snmp: str) -> int:
    """Read ``RcvbufErrors`` of UDP from /proc/net/snmp: a line of names, then one of numbers."""
    names, numbers = [line.split()[1:] for line in snmp.splitlines() if line.startswith("Udp:")]
    return int(dict(zip(names, numbers, strict=True)).get("RcvbufErrors", 0))


def _socket_buffer() -> int | None:
    """Return how many bytes a socket holds that asks for none; a container may not know."""
    try:
        return int(Path("/proc/sys/net/core/rmem_default").read_text())
    except OSError:
        return None


def _connection_table() -> Iterator[Finding]:
    """A firewall that follows connections drops what does not fit its table: voices first."""
    folder = Path("/proc/sys/net/netfilter")
    try:
        used, most = (int((folder / name).read_text()) for name in ("nf_conntrack_count", "nf_conntrack_max"))
    except (OSError, ValueError):
        return
    if used * 100 > most * _NEARLY_FULL_PCT:
        yield Finding(
            "connection_table",
            "warn",
            f"The firewall follows {used} of at most {most} connections; what does not fit is dropped. Raise "
            "net.netfilter.nf_conntrack_max.",
            f"防火墙连接跟踪已用 {used}/{most}，超出部分会被丢弃。请提高 net.netfilter.nf_conntrack_max。",
        )
