"""From the options to a running tree: everything that can be refused is refused before anything is started."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from zhiyin.config.descriptors import raise_limit
from zhiyin.config.environment import Environment
from zhiyin.config.logs import configure_logs
from zhiyin.config.supervisor import folders, networks, postgres, tls
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskInstall,
    AsteriskSettings,
    asterisk_program,
    provision_asterisk,
    write_configuration,
)
from zhiyin.config.supervisor.options import RunOptions, check_options
from zhiyin.config.supervisor.postgres import DatabaseUrls, PostgresInstall
from zhiyin.config.supervisor.processes import OWN_LOG, keep_log_small
from zhiyin.config.supervisor.service_user import become_service_user
from zhiyin.config.supervisor.tree import Tree
from zhiyin.config.supervisor.words import CannotStart, say
from zhiyin.contracts.environment import Encryption

log = structlog.get_logger(__name__)

_UNPRIVILEGED_PORTS = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
_ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - the person's choice by --host


def launch(options: RunOptions) -> None:
    """Run the installation until it is asked to stop. Raises ``CannotStart``."""
    check_options(options)
    raise_limit()
    readable = tuple(file for file in (options.tls_cert, options.tls_key) if file is not None)
    become_service_user(data=options.data, parts=options.parts, readable=readable)
    folder = folders.open_data_folder(options.data)
    options = _with_certificate(options)
    check_ports(options)
    database, asterisk = _provision(options)
    os.umask(0o077)
    environment = _make_environment(options, folder)
    own_log = environment.log / OWN_LOG
    keep_log_small(own_log)
    with own_log.open("a", buffering=1) as lines:
        configure_logs("supervisor", to=lines)
        _run(options, folder, environment, database, asterisk)


def _run(
    options: RunOptions,
    folder: folders.DataFolder,
    environment: Environment,
    database: PostgresInstall | None,
    asterisk: AsteriskInstall,
) -> None:
    asterisk_folder = AsteriskFolder(path=options.data / "asterisk", run=folder.run)
    settings = _configure_asterisk(asterisk, asterisk_folder, options, environment)
    tree = Tree(
        environment=environment,
        database=database,
        asterisk=asterisk_program(asterisk, asterisk_folder, settings, log=environment.log / "asterisk.log"),
        asterisk_version=asterisk.version,
        prepare_arguments=_prepare_arguments(options),
        url=browser_url(options),
        has_standby=options.has_standby,
        network_urls=network_urls(options),
        metrics=options.metrics,
    )
    try:
        asyncio.run(tree.run())
    except CannotStart as problem:
        log.error("cannot_start", reason=str(problem).partition("\n")[0])
        raise


def check_ports(options: RunOptions) -> None:
    """Refuse to start where somebody listens already. Raises ``CannotStart``."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    wanted = [
        ("--http-port", options.host, options.http_port, tcp),
    ]
    if options.encryption is not Encryption.REQUIRED:
        wanted += [("--sip-port", options.host, options.sip_port, kind) for kind in (udp, tcp)]
    if options.metrics is not None:
        wanted.append(("--metrics", *options.metrics, tcp))
    if options.is_tls:
        wanted.append(("--sip-port", options.host, options.sip_port + 1, tcp))
    for option, host, port, kind in wanted:
        if not _may_use_port(port):
            raise CannotStart(
                f"Port {port} ({option}) is a privileged one and this user may not use it. Give a higher one, or put a "
                "forwarding rule in front.",
                f"端口 {port}（{option}）属于特权端口，当前用户无权使用。请换一个更大的端口，或在前面设置端口转发。",
            )
        if not networks.is_port_free(host, port, kind):
            protocol = "TCP" if kind is tcp else "UDP"
            raise CannotStart(
                f"Port {port}/{protocol} on {host} is taken, or that address is not this machine's. "
                f"Give another one with {option}, or stop the program that uses it (ss -lntup shows it).",
                f"{host} 的端口 {port}/{protocol} 已被占用，或该地址不属于本机。"
                f"请用 {option} 换一个，或停止占用它的程序（可用 ss -lntup 查看）。",
            )


def browser_url(options: RunOptions) -> str:
    """The address to open: localhost where this machine's browsers may use it, for the microphone's sake."""
    scheme = "https" if options.is_tls else "http"
    host = "localhost" if options.host in {"127.0.0.1", _ALL_ADDRESSES} else options.host
    return f"{scheme}://{host}:{options.http_port}"


def network_urls(options: RunOptions) -> tuple[str, ...]:
    """The addresses to open on other devices, where it listens for them."""
    if options.host != _ALL_ADDRESSES:
        return ()
    scheme = "https" if options.is_tls else "http"
    own = (local.address for local in networks.list_local_addresses())
    others = (address for address in own if not ipaddress.ip_address(address).is_loopback)
    return tuple(f"{scheme}://{address}:{options.http_port}" for address in others)


def _with_certificate(options: RunOptions) -> RunOptions:
    if options.is_self_signed:
        folder = options.data / "secrets"
        addresses = {local.address for local in networks.list_local_addresses()}
        if options.public_address:
            addresses.add(options.public_address)
        _tell_of_authority(folder / tls.AUTHORITY)
        certificate, key = tls.ensure_own_certificate(folder, tuple(sorted(addresses)), now=datetime.now(UTC))
        return replace(options, tls_cert=certificate, tls_key=key)
    if options.tls_cert is None or options.tls_key is None:
        return options
    try:
        fits, days = tls.does_key_fit(options.tls_cert, options.tls_key), tls.days_left(options.tls_cert)
    except (OSError, ValueError, TypeError) as error:
        raise CannotStart(
            f"The certificate cannot be read: {error}. Give PEM files without a password.",
            f"无法读取证书：{error}。请给出不带密码的 PEM 文件。",
        ) from error
    if not fits or days < 0:
        raise CannotStart(
            f"The certificate {options.tls_cert} " + ("has expired." if fits else "does not belong to --tls-key."),
            f"证书 {options.tls_cert} " + ("已过期。" if fits else "与 --tls-key 不匹配。"),
        )
    return options


def _tell_of_authority(file: Path) -> None:
    """Say once what telephones and browsers must be told to trust."""
    if file.exists():
        return
    say(
        f"A certificate authority of this installation's own is made. Let telephones and browsers trust {file} "
        "(import it there as a CA certificate), or give a certificate they know with --tls-cert.",
        f"将创建本系统自有的证书颁发机构。请在话机和浏览器中将 {file} 导入为受信任的 CA 证书，"
        "或用 --tls-cert 提供其已信任的证书。",
    )


def _provision(options: RunOptions) -> tuple[PostgresInstall | None, AsteriskInstall]:
    """Find or unpack both foreign programs at once. The threads end before any child is started."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        asterisk = pool.submit(provision_asterisk, options.parts)
        database = None
        try:
            if not os.environ.get("DATABASE_URL"):
                database = postgres.provision_postgres(parts=options.parts, cluster=options.data / "pg")
            return database, asterisk.result()
        except KeyboardInterrupt:
            os._exit(130)  # the thread would go on to the next suite; what it left is begun anew next time


def _make_environment(options: RunOptions, folder: folders.DataFolder) -> Environment:
    urls = _database_urls(folder)
    return Environment(
        data=options.data,
        run=folder.run,
        parts=options.parts,
        db_owner=urls.owner,
        db_engine=urls.engine,
        db_web=urls.web,
        ari_url=f"http://127.0.0.1:{networks.choose_loopback_port()}",
        ari_user="zhiyin",
        ari_password=secrets.token_hex(16),
        ami_user="zhiyin",
        ami_password=secrets.token_hex(16),
        http_host=options.host,
        http_port=options.http_port,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        sip_host=options.host,
        sip_port=options.sip_port,
        public_address=options.public_address,
        encryption=options.encryption,
        secret_key=folder.secrets["secret_key"],
        ticket_key=folder.secrets["ticket_key"],
        vault_key=folder.secrets["vault_key"],
        internal_hosts=os.environ.get("ZHIYIN_INTERNAL_HOSTS", ""),
        exchange_folder=os.environ.get("ZHIYIN_EXCHANGE_FOLDER", ""),
    )


def _database_urls(folder: folders.DataFolder) -> DatabaseUrls:
    external = os.environ.get("DATABASE_URL")
    if not external:
        return postgres.socket_urls(folder.run)
    return postgres.ensure_external_roles(external, folders.database_passwords(folder.path))


def _configure_asterisk(
    install: AsteriskInstall, folder: AsteriskFolder, options: RunOptions, environment: Environment
) -> AsteriskSettings:
    """Write the folder Asterisk runs from, and return what it was written by."""
    music = environment.prompts / "music"
    music.mkdir(parents=True, exist_ok=True)
    http_port = int(environment.ari_url.rpartition(":")[2])
    settings = AsteriskSettings(
        host=options.host,
        sip_port=options.sip_port,
        rtp_ports=options.rtp_ports,
        http_port=http_port,
        manager_port=networks.choose_loopback_port(other_than=http_port),
        ari_user=environment.ari_user,
        ari_password=environment.ari_password,
        ami_user=environment.ami_user,
        ami_password=environment.ami_password,
        music=music,
        public_address=options.public_address,
        local_addresses=networks.list_local_addresses(),
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        encryption=options.encryption,
    )
    write_configuration(install=install, folder=folder, settings=settings)
    return settings


def _prepare_arguments(options: RunOptions) -> tuple[str, ...]:
    if not options.has_demo:
        return ("--no-demo",)
    return ("--demo-password", options.demo_password) if options.demo_password else ()


def _may_use_port(port: int) -> bool:
    try:
        first_open_port = int(_UNPRIVILEGED_PORTS.read_text())
    except (OSError, ValueError):
        first_open_port = 1024
    return os.geteuid() == 0 or port >= first_open_port
