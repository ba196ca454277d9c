"""The clock: kept by somebody, and the same as the database's and the world's."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import time
from collections.abc import Iterator

from zhiyin.config.doctor.findings import Finding

_STA_UNSYNC = 0x0040
_NTP_EPOCH_S = 2_208_988_800
_NTP_PORT = 123
_WITHIN_S = 2.0
TOLERATED_S = 1.0


def examine_clock(ntp_server: tuple[str, int] | None = None) -> Iterator[Finding]:
    """``ntp_server`` is asked for the world's time; one that does not answer is no finding."""
    if not is_kept():
        yield Finding(
            "clock_unkept",
            "warn",
            "Nobody keeps the clock: times in records may be off. Run: timedatectl set-ntp true (or install chrony)",
            "系统时钟未同步，记录的时间可能不准。请执行：timedatectl set-ntp true（或安装 chrony）",
        )
    host, port = ntp_server or (os.environ.get("ZHIYIN_NTP", "pool.ntp.org"), _NTP_PORT)
    offset_s = ntp_offset_s(host, port)
    if offset_s is not None:
        yield judge_offset(offset_s, en=f"the world's time (by {host})", zh=f"标准时间（{host}）", code="clock_off")


def judge_offset(offset_s: float, *, en: str, zh: str, code: str) -> Finding:
    """``offset_s`` is by how much the other clock is ahead of ours."""
    if abs(offset_s) <= TOLERATED_S:
        return Finding(
            code,
            "ok",
            f"The clock agrees with {en} within {TOLERATED_S:g} s",
            f"时钟与{zh}相差不超过 {TOLERATED_S:g} 秒",
        )
    return Finding(
        code,
        "bad",
        f"The clock is {abs(offset_s):.1f} s {'behind' if offset_s > 0 else 'ahead of'} {en}: records, tickets and "
        "certificates "
        "depend on it. Run: timedatectl set-ntp true (or chronyc makestep)",
        f"时钟比{zh}{'慢' if offset_s > 0 else '快'} {abs(offset_s):.1f} 秒，会影响记录、登录凭证和证书。"
        "请执行：timedatectl set-ntp true（或 chronyc makestep）",
    )


def is_kept() -> bool:
    """Whether the kernel's clock is being synchronised, by whatever program; asked without changing anything."""
    timex = ctypes.create_string_buffer(
        512
    )  # struct timex: int modes; long offset, freq, maxerror, esterror; int status
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.adjtimex(timex) < 0:
        return True  # cannot be asked here: no finding
    (status,) = struct.unpack_from("i", timex.raw, 8 + 4 * struct.calcsize("l"))
    return not status & _STA_UNSYNC


def ntp_offset_s(host: str, port: int = _NTP_PORT, *, within_s: float = _WITHIN_S) -> float | None:
    """Return by how many seconds an NTP server is ahead of us (RFC 4330); ``None`` where it does not answer."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(within_s)
            line.connect((host, port))
            asked_at = time.time()
            line.send(b"\x23" + bytes(47))
            answer = line.recv(512)
            answered_at = time.time()
    except OSError:
        return None
    if len(answer) < 48 or answer[1] == 0:  # stratum 0: go away
        return None
    received, sent = (_seconds(answer, at) for at in (32, 40))
    return ((received - asked_at) + (sent - answered_at)) / 2


def _seconds(answer: bytes, at: int) -> float:
    whole, part = struct.unpack_from(">II", answer, at)
    return float(whole - _NTP_EPOCH_S + part / 2**32)
