"""``zhiyin doctor``: looks for what could keep an installation from working, before or while it runs."""

from __future__ import annotations

import ipaddress
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhiyin.config.supervisor import folders, networks, postgres, tls
from zhiyin.config.supervisor.asterisk.lock import read_lock
from zhiyin.config.supervisor.asterisk.provision import find_system_asterisk, unpacked_folder
from zhiyin.config.supervisor.launch import check_ports
from zhiyin.config.supervisor.options import RunOptions, check_options
from zhiyin.config.supervisor.words import CannotStart, in_words

_RTP_PORTS_PER_CALL = 4
_CERTIFICATE_SOON_OVER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """``level``: "ok", "warn" (works, but look at it), "bad" (will not work)."""

    level: str
    en: str
    zh: str


def print_findings(options: RunOptions) -> int:
    """Print what was found; return 0 when nothing is bad, else 1."""
    marks = {"ok": in_words("ok  ", "正常"), "warn": in_words("warn", "注意"), "bad": in_words("BAD ", "问题")}
    worst = 0
    for finding in _examine(options):
        print(f"{marks[finding.level]}  {in_words(finding.en, finding.zh)}", flush=True)
        worst = max(worst, 1 if finding.level == "bad" else 0)
    return worst


def _examine(options: RunOptions) -> Iterator[Finding]:
    yield from _machine()
    yield from _refusals(options)
    yield from _foreign_programs(options)
    yield from _speech()
    yield from _clock()
    yield from _certificate(options)
    yield from _addresses(options)


def _machine() -> Iterator[Finding]:
    python = platform.python_version()
    yield Finding("ok", f"Python {python} at {sys.executable}", f"Python {python}，位于 {sys.executable}")
    if platform.machine() != "x86_64":
        yield Finding(
            "warn",
            f"This machine is {platform.machine()}; only x86_64 is tested.",
            f"本机架构为 {platform.machine()}，仅在 x86_64 上测试过。",
        )


def _refusals(options: RunOptions) -> Iterator[Finding]:
    """The very checks a start makes, one by one."""
    pid = folders.find_owner_pid(options.data)
    if pid:
        yield Finding("ok", f"Runs on {options.data}, process {pid}", f"正在 {options.data} 上运行，进程 {pid}")
    checks: tuple[tuple[Callable[[], None], str, str], ...] = (
        (lambda: check_options(options), "The options agree", "选项一致"),
        (lambda: folders.check_free_space(options.data), "There is room on the disk", "磁盘空间充足"),
        (lambda: None if pid else check_ports(options), "The ports are free, or ours", "端口可用或由本程序占用"),
    )
    for check, en, zh in checks:
        try:
            check()
        except CannotStart as problem:
            yield Finding("bad", str(problem), str(problem))
        else:
            yield Finding("ok", en, zh)
    first, last = options.rtp_ports
    calls = (last - first + 1) // _RTP_PORTS_PER_CALL
    yield Finding("ok", f"Voice ports for about {calls} calls at once", f"语音端口约可同时支持 {calls} 个通话")


def _foreign_programs(options: RunOptions) -> Iterator[Finding]:
    if system := find_system_asterisk():
        yield Finding("ok", f"Asterisk {system.version} of this system", f"系统自带 Asterisk {system.version}")
    elif (version := unpacked_folder(options.parts, read_lock()) / "version").exists():
        yield Finding("ok", f"Asterisk {version.read_text()} unpacked", f"已解包 Asterisk {version.read_text()}")
    else:
        yield Finding(
            "warn",
            "Asterisk 22 is not here yet: the first start fetches it from Debian (17 MB).",
            "尚无 Asterisk 22：首次启动将从 Debian 获取（17 MB）。",
        )
    if os.environ.get("DATABASE_URL"):
        yield Finding("ok", "PostgreSQL by DATABASE_URL", "使用 DATABASE_URL 指定的 PostgreSQL")
        return
    try:
        install = postgres.provision_postgres(parts=options.parts, cluster=options.data / "pg")
    except (CannotStart, OSError) as problem:
        yield Finding("bad", str(problem), str(problem))
    else:
        yield Finding(
            "ok",
            f"PostgreSQL {install.major} at {install.programs}",
            f"PostgreSQL {install.major}，位于 {install.programs}",
        )


def _speech() -> Iterator[Finding]:
    if program := shutil.which("espeak-ng"):
        said = subprocess.run((program, "--version"), capture_output=True, text=True, check=False).stdout
        found = re.search(r"\d+\.\d+[.\d]*", said)
        version = found[0] if found else ""
        yield Finding("ok", f"Prompts are spoken by espeak-ng {version}", f"提示音由 espeak-ng {version} 合成")
    else:
        yield Finding("ok", "Prompts are spoken by the bundled espeak-ng", "提示音由随附的 espeak-ng 合成")


def _clock() -> Iterator[Finding]:
    program = shutil.which("timedatectl")
    if program is None:
        return
    command = (program, "show", "--property=NTPSynchronized", "--value")
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    if said == "no":
        yield Finding(
            "warn",
            "The clock is not synchronised: times in records may be off. Run: timedatectl set-ntp true",
            "系统时钟未同步，记录的时间可能不准。请执行：timedatectl set-ntp true",
        )


def _certificate(options: RunOptions) -> Iterator[Finding]:
    is_local = ipaddress.ip_address(options.host).is_loopback
    if options.tls_cert is None and not options.is_self_signed:
        if not is_local:
            yield Finding(
                "warn",
                "Without HTTPS a browser gives its microphone to localhost only: use --tls-cert or --tls-self-signed.",
                "没有 HTTPS 时，浏览器只允许 localhost 使用麦克风：请使用 --tls-cert 或 --tls-self-signed。",
            )
        return
    certificate = options.tls_cert or options.data / "secrets" / "self-signed.crt"
    if options.is_self_signed and not certificate.exists():
        yield Finding("ok", "A certificate will be made", "将自行生成证书")
        return
    yield from _judge_certificate(certificate, options.tls_key)


def _judge_certificate(certificate: Path, key: Path | None) -> Iterator[Finding]:
    try:
        days = tls.days_left(certificate)
        fits = key is None or tls.does_key_fit(certificate, key)
    except (OSError, ValueError, TypeError) as error:
        yield Finding("bad", f"The certificate cannot be read: {error}", f"无法读取证书：{error}")
        return
    if not fits:
        yield Finding("bad", "The key does not belong to the certificate", "私钥与证书不匹配")
    level = "bad" if days < 0 else "warn" if days < _CERTIFICATE_SOON_OVER_DAYS else "ok"
    yield Finding(level, f"The certificate ends in {days} days", f"证书还有 {days} 天到期")


def _addresses(options: RunOptions) -> Iterator[Finding]:
    """Whether telephones elsewhere will find the voices."""
    local = networks.list_local_addresses()
    others = [found.address for found in local if not ipaddress.ip_address(found.address).is_loopback]
    if ipaddress.ip_address(options.host).is_loopback:
        yield Finding(
            "ok",
            "Reachable from this machine only; other devices need --host 0.0.0.0",
            "仅本机可访问；其他设备需要 --host 0.0.0.0",
        )
        return
    listed = ", ".join(others) or "-"
    yield Finding("ok", f"Reachable in the network at {listed}", f"局域网地址：{listed}")
    if options.public_address is None:
        return
    public = ipaddress.ip_address(options.public_address)
    if options.public_address in others:
        yield Finding("ok", "The public address is this machine's own", "公网地址就是本机地址")
    elif public.is_private or public.is_loopback or public.is_unspecified:
        yield Finding(
            "warn",
            f"--public-address {public} is no address of the internet; callers from outside will not be heard.",
            f"--public-address {public} 不是互联网地址，外部来电将没有声音。",
        )
    else:
        first, last = options.rtp_ports
        yield Finding(
            "ok",
            f"The router must forward to this machine: UDP and TCP {options.sip_port}, UDP {first}-{last}, "
            f"TCP {options.http_port}",
            f"路由器须转发到本机：UDP 与 TCP {options.sip_port}、UDP {first}-{last}、TCP {options.http_port}",
        )
