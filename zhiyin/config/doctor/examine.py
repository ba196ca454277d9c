"""All examinations in their order, and how they are told."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

from zhiyin.config.doctor.asterisk import examine_asterisk
from zhiyin.config.doctor.certificate import examine_certificate
from zhiyin.config.doctor.clock import examine_clock
from zhiyin.config.doctor.database import examine_database
from zhiyin.config.doctor.findings import Finding, print_findings
from zhiyin.config.doctor.machine import examine_machine
from zhiyin.config.doctor.trunks import KnownTrunk, examine_trunks
from zhiyin.config.supervisor import folders, networks, postgres
from zhiyin.config.supervisor.asterisk.lock import read_lock
from zhiyin.config.supervisor.asterisk.provision import find_system_asterisk, unpacked_folder
from zhiyin.config.supervisor.launch import browser_url, check_ports
from zhiyin.config.supervisor.options import RunOptions, check_options
from zhiyin.config.supervisor.running import owner_url
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.links import socket_link

_RTP_PORTS_PER_CALL = 4


def print_machine(options: RunOptions, *, is_json: bool) -> int:
    """Print what was found; return 0 when nothing is bad, else 1."""
    return print_findings(_examine(options), is_json=is_json)


def _examine(options: RunOptions) -> Iterator[Finding]:
    yield from examine_machine(options)
    yield from _refused(options)
    yield from _foreign_programs(options)
    yield from _speech()
    yield from examine_clock()
    yield from examine_certificate(options)
    yield from _microphone(options)
    yield from _addresses(options)
    yield from _running(options)


def _running(options: RunOptions) -> Iterator[Finding]:
    """What can be asked only where it runs (or where the database is another's, at any time)."""
    is_running = folders.find_owner_pid(options.data) is not None
    if not is_running and not os.environ.get("DATABASE_URL"):
        return
    trunks: list[KnownTrunk] = []
    try:
        yield from examine_database(owner_url(options.data), trunks)
    except CannotStart as problem:
        yield Finding("database_unknown", "warn", str(problem), str(problem))
    if is_running:
        yield from examine_asterisk(options.data / "asterisk")
    engine = folders.run_folder_of(options.data) / "engine.sock"
    yield from examine_trunks(trunks, options, engine=socket_link(engine) if engine.exists() else None)


def _microphone(options: RunOptions) -> Iterator[Finding]:
    if options.is_tls or ipaddress.ip_address(options.host).is_loopback:
        url = browser_url(options)
        yield Finding(
            "microphone",
            "ok",
            f"Browsers may use the microphone at {url}; the page's device check tries each agent's own",
            f"浏览器可在 {url} 使用麦克风；网页中的设备检测会检查每位座席的设备",
        )


def _refused(options: RunOptions) -> Iterator[Finding]:
    """The very checks a start makes, one by one."""
    pid = folders.find_owner_pid(options.data)
    if pid:
        yield Finding("runs", "ok", f"Runs on {options.data}, process {pid}", f"正在 {options.data} 上运行，进程 {pid}")
    checks: tuple[tuple[Callable[[], None], str, str], ...] = (
        (lambda: check_options(options), "The options agree", "选项一致"),
        (lambda: folders.check_free_space(options.data), "There is room on the disk", "磁盘空间充足"),
        (lambda: None if pid else check_ports(options), "The ports are free, or ours", "端口可用或由本程序占用"),
    )
    for check, en, zh in checks:
        try:
            check()
        except CannotStart as problem:
            yield Finding("start_refused", "bad", str(problem), str(problem))
        else:
            yield Finding("start_check", "ok", en, zh)
    first, last = options.rtp_ports
    calls = (last - first + 1) // _RTP_PORTS_PER_CALL
    yield Finding(
        "voice_capacity", "ok", f"Voice ports for about {calls} calls at once", f"语音端口约可同时支持 {calls} 个通话"
    )


def _foreign_programs(options: RunOptions) -> Iterator[Finding]:
    if system := find_system_asterisk():
        yield Finding(
            "asterisk", "ok", f"Asterisk {system.version} of this system", f"系统自带 Asterisk {system.version}"
        )
    elif (version := unpacked_folder(options.parts, read_lock()) / "version").exists():
        yield Finding(
            "asterisk", "ok", f"Asterisk {version.read_text()} unpacked", f"已解包 Asterisk {version.read_text()}"
        )
    else:
        yield Finding(
            "asterisk_missing",
            "warn",
            "Asterisk 22 is not here yet: the first start fetches it from Debian (17 MB).",
            "尚无 Asterisk 22：首次启动将从 Debian 获取（17 MB）。",
        )
    if os.environ.get("DATABASE_URL"):
        yield Finding("database_yours", "ok", "PostgreSQL by DATABASE_URL", "使用 DATABASE_URL 指定的 PostgreSQL")
        return
    try:
        install = postgres.provision_postgres(parts=options.parts, cluster=options.data / "pg")
    except (CannotStart, OSError) as problem:
        yield Finding("postgres_missing", "bad", str(problem), str(problem))
    else:
        yield Finding(
            "postgres",
            "ok",
            f"PostgreSQL {install.major} at {install.programs}",
            f"PostgreSQL {install.major}，位于 {install.programs}",
        )


def _speech() -> Iterator[Finding]:
    if program := shutil.which("espeak-ng"):
        said = subprocess.run((program, "--version"), capture_output=True, text=True, check=False).stdout
        found = re.search(r"\d+\.\d+[.\d]*", said)
        version = found[0] if found else ""
        yield Finding(
            "speech", "ok", f"Prompts are spoken by espeak-ng {version}", f"提示音由 espeak-ng {version} 合成"
        )
    else:
        yield Finding("speech", "ok", "Prompts are spoken by the bundled espeak-ng", "提示音由随附的 espeak-ng 合成")
    if importlib.util.find_spec("pocketsphinx") is not None:
        en = "English phrases are understood here (pocketsphinx); Chinese, and all else, by a company's service"
        zh = "本机能听懂英文词语（pocketsphinx）；中文和其他内容由各公司的语音识别服务听懂"
    else:
        en = "Callers are understood by a company's recognition service alone: pocketsphinx is not installed here"
        zh = "来电者的话只由各公司的语音识别服务听懂：本机没有安装 pocketsphinx"
    yield Finding("hearing", "ok", en, zh)


def _addresses(options: RunOptions) -> Iterator[Finding]:
    """Whether telephones elsewhere will find the voices."""
    local = networks.list_local_addresses()
    others = [found.address for found in local if not ipaddress.ip_address(found.address).is_loopback]
    if ipaddress.ip_address(options.host).is_loopback:
        yield Finding(
            "local_only",
            "ok",
            "Reachable from this machine only; other devices need --host 0.0.0.0",
            "仅本机可访问；其他设备需要 --host 0.0.0.0",
        )
        return
    listed = ", ".join(others) or "-"
    yield Finding("network", "ok", f"Reachable in the network at {listed}", f"局域网地址：{listed}")
    if options.public_address is None:
        return
    public = ipaddress.ip_address(options.public_address)
    if options.public_address in others:
        yield Finding("public_own", "ok", "The public address is this machine's own", "公网地址就是本机地址")
    elif public.is_private or public.is_loopback or public.is_unspecified:
        yield Finding(
            "public_private",
            "warn",
            f"--public-address {public} is no address of the internet; callers from outside will not be heard.",
            f"--public-address {public} 不是互联网地址，外部来电将没有声音。",
        )
    else:
        first, last = options.rtp_ports
        yield Finding(
            "router",
            "ok",
            f"The router must forward to this machine: UDP and TCP {options.sip_port}, UDP {first}-{last}, "
            f"TCP {options.http_port}",
            f"路由器须转发到本机：UDP 与 TCP {options.sip_port}、UDP {first}-{last}、TCP {options.http_port}",
        )
