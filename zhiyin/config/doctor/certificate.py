"""The certificate: readable, in time, for this host, with its chain; and what a browser's microphone asks of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.supervisor import tls
from zhiyin.config.supervisor.options import RunOptions

_SOON_OVER_DAYS = 14


def examine_certificate(options: RunOptions) -> Iterator[Finding]:
    is_local = ipaddress.ip_address(options.host).is_loopback
    if options.tls_cert is None and not options.is_self_signed:
        if not is_local:
            yield Finding(
                "microphone_needs_https",
                "warn",
                "Without HTTPS a browser gives its microphone to localhost only: use --tls-cert or --tls-self-signed.",
                "没有 HTTPS 时，浏览器只允许 localhost 使用麦克风：请使用 --tls-cert 或 --tls-self-signed。",
            )
        return
    certificate = options.tls_cert or options.data / "secrets" / "server.crt"
    if options.is_self_signed and not certificate.exists():
        yield Finding("certificate_new", "ok", "A certificate will be made", "将自行生成证书")
        return
    yield from judge_certificate(certificate, options.tls_key, host=_public_host(options))


def judge_certificate(certificate: Path, key: Path | None, *, host: str | None) -> Iterator[Finding]:
    """``host`` is the address by which others come, where one is known."""
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        fits = key is None or tls.does_key_fit(certificate, key)
    except (OSError, ValueError, TypeError) as error:
        yield Finding(
            "certificate_unreadable",
            "bad",
            f"The certificate cannot be read: {error}. Give PEM files without a password.",
            f"无法读取证书：{error}。请给出不带密码的 PEM 文件。",
        )
        return
    if not fits:
        yield Finding(
            "certificate_key",
            "bad",
            "The key does not belong to the certificate: give both from the same issue.",
            "私钥与证书不匹配：请使用同一次签发的文件。",
        )
    yield from _time_left(chain[0])
    yield from _names(chain[0], host)
    if len(chain) == 1 and chain[0].issuer != chain[0].subject:
        yield Finding(
            "certificate_chain",
            "warn",
            "The file holds the certificate alone: telephones and some browsers will not trust it. Give the full chain "
            "(fullchain.pem: certificate first, then its issuers).",
            "文件中只有证书本身：话机和部分浏览器不会信任它。请使用完整证书链（fullchain.pem，证书在前，签发者在后）。",
        )


def _time_left(certificate: x509.Certificate) -> Iterator[Finding]:
    now = datetime.now(UTC)
    days = (certificate.not_valid_after_utc - now).days
    if days < 0:
        yield Finding(
            "certificate_over",
            "bad",
            f"The certificate ended {-days} days ago: renew it and start again.",
            f"证书已过期 {-days} 天：请更新并重新启动。",
        )
    elif certificate.not_valid_before_utc > now:
        yield Finding(
            "certificate_early",
            "bad",
            f"The certificate begins at {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only: is the clock "
            "right?",
            f"证书自 {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC 起才有效：请检查时钟。",
        )
    else:
        level: Literal["ok", "warn"] = "warn" if days < _SOON_OVER_DAYS else "ok"
        yield Finding("certificate_days", level, f"The certificate ends in {days} days", f"证书还有 {days} 天到期")


def _names(certificate: x509.Certificate, host: str | None) -> Iterator[Finding]:
    names = _names_of(certificate)
    if host is not None and host not in names:
        yield Finding(
            "certificate_host",
            "warn",
            f"The certificate is for {', '.join(sorted(names)) or 'no name'}, not for {host}: who comes by that "
            "address is "
            "warned, and the browser's telephone does not connect. Use one of its names, or another certificate.",
            f"证书适用于 {'、'.join(sorted(names)) or '（无名称）'}，不含 {host}：通过该地址访问会出现警告，"
            "浏览器电话无法连接。"
            "请用证书中的名称访问，或更换证书。",
        )


def _names_of(certificate: x509.Certificate) -> set[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {str(name.value) for name in found}


def _public_host(options: RunOptions) -> str | None:
    """The one address that is surely used: outside of a router, or the one listened on. A real certificate has "
    "names."""
    if not options.is_self_signed:
        return None
    host = options.public_address or options.host
    return None if ipaddress.ip_address(host).is_unspecified else host
