"""What ``zhiyin run`` was asked for, checked before anything is touched."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.environment import Encryption

LEAST_RTP_PORTS = 20
_SYSTEM_FOLDER = Path("/var/lib/zhiyin")
_CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One start. Addresses are IPv4; ``rtp_ports`` is inclusive; paths are absolute."""

    data: Path
    parts: Path
    host: str
    http_port: int
    sip_port: int
    rtp_ports: tuple[int, int]
    public_address: str | None
    tls_cert: Path | None
    tls_key: Path | None
    is_self_signed: bool
    has_demo: bool
    demo_password: str | None
    #: where figures are handed out, apart from the socket in RUN
    metrics: tuple[str, int] | None = None
    encryption: Encryption = Encryption.OFFERED
    has_standby: bool = True

    @property
    def is_tls(self) -> bool:
        return self.is_self_signed or self.tls_cert is not None


def default_data_folder() -> Path:
    """``ZHIYIN_DATA``; in a checkout its folder ``data``; for root a place of the system's; else the user's own."""
    if given := os.environ.get("ZHIYIN_DATA"):
        return Path(given)
    if _is_checkout() and not _CHECKOUT.is_relative_to(_SYSTEM_FOLDER):  # that one is ``./dev``'s copy
        return _CHECKOUT / "data"
    if os.geteuid() == 0 or _is_checkout():
        return _SYSTEM_FOLDER / "data"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zhiyin"


def default_parts_folder(data: Path) -> Path:
    """``ZHIYIN_PARTS``; in a checkout the place that its copies and tests share; else inside the data folder."""
    if given := os.environ.get("ZHIYIN_PARTS"):
        return Path(given)
    return _CHECKOUT / ".dev" / "parts" if _is_checkout() else data / "parts"


def _is_checkout() -> bool:
    return (_CHECKOUT / "dev").is_file() and (_CHECKOUT / "pyproject.toml").is_file()


def parse_address(text: str, *, option: str) -> str:
    """Return an IPv4 address, resolving a name once. Raises ``CannotStart``."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        try:
            return str(socket.getaddrinfo(text, None, family=socket.AF_INET)[0][4][0])
        except OSError as error:
            raise CannotStart(
                f"{option} {text}: no such address. Give an IPv4 address such as 127.0.0.1 or 0.0.0.0.",
                f"{option} {text}：没有这个地址。请给出 IPv4 地址，例如 127.0.0.1 或 0.0.0.0。",
            ) from error
    if address.version != 4:
        raise CannotStart(
            f"{option} {text}: telephones are reached over IPv4 only. Give an IPv4 address.",
            f"{option} {text}：电话只支持 IPv4，请给出 IPv4 地址。",
        )
    return str(address)


def parse_port(text: str, *, option: str, highest: int = 65535) -> int:
    if text.isdecimal() and 1 <= int(text) <= highest:
        return int(text)
    raise CannotStart(
        f"{option} {text}: not a port. Give a number from 1 to {highest}.",
        f"{option} {text}：不是端口号，请给出 1 到 {highest} 的数字。",
    )


def parse_metrics_address(text: str) -> tuple[str, int]:
    """Return "9400" or "10.0.0.5:9400" as address and port; without an address, this machine alone."""
    host, _, port = text.rpartition(":")
    return parse_address(host or "127.0.0.1", option="--metrics"), parse_port(port, option="--metrics")


def parse_port_range(text: str, *, option: str) -> tuple[int, int]:
    """Return "20000-20999" as two numbers; each call needs up to four ports."""
    first, dash, last = text.partition("-")
    if dash and first.isdecimal() and last.isdecimal():
        low, high = int(first), int(last)
        if low >= 1024 and high <= 65535 and high - low + 1 >= LEAST_RTP_PORTS:
            return low, high
    raise CannotStart(
        f"{option} {text}: not a range of ports. Give at least {LEAST_RTP_PORTS} ports above 1023, e.g. 20000-20999.",
        f"{option} {text}：不是端口范围。请给出 1023 以上至少 {LEAST_RTP_PORTS} 个端口，例如 20000-20999。",
    )


def check_options(options: RunOptions) -> None:
    """Refuse what contradicts itself. Raises ``CannotStart``."""
    if (options.tls_cert is None) != (options.tls_key is None):
        raise CannotStart(
            "--tls-cert and --tls-key belong together: give both, or --tls-self-signed.",
            "--tls-cert 和 --tls-key 必须同时给出，或使用 --tls-self-signed。",
        )
    if options.is_self_signed and options.tls_cert is not None:
        raise CannotStart(
            "--tls-self-signed makes its own certificate: leave out --tls-cert and --tls-key.",
            "--tls-self-signed 会自行生成证书，请不要同时给出 --tls-cert 和 --tls-key。",
        )
    low, high = options.rtp_ports
    if low <= options.sip_port <= high or low <= options.sip_port + 1 <= high:
        raise CannotStart(
            f"--sip-port {options.sip_port} (and the one after it) lies inside --rtp-ports {low}-{high}. Move one of "
            "them.",
            f"--sip-port {options.sip_port}（及其后一个端口）落在 --rtp-ports {low}-{high} 之内，请调整其一。",
        )
    if options.http_port in {options.sip_port, options.sip_port + 1}:
        raise CannotStart(
            f"--http-port {options.http_port} is also a SIP port. Give another one.",
            f"--http-port {options.http_port} 与 SIP 端口相同，请换一个。",
        )
