"""The command ``zhiyin``: its words; what a command does lies beside.

Exit codes: 0 done; 1 it failed, the log says why; 2 the person has to do something first, the words say what.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.config.backup.command_line import add_commands as add_backup_commands
from zhiyin.config.flow_files.options import add_flows_command
from zhiyin.config.logs_command import add_command as add_logs_command
from zhiyin.config.parts.commands import add_commands
from zhiyin.config.parts.description import add_config_option, take_description
from zhiyin.config.simulation.options import add_simulate_command
from zhiyin.config.supervisor.options import (
    RunOptions,
    default_data_folder,
    default_parts_folder,
    parse_address,
    parse_metrics_address,
    parse_port,
    parse_port_range,
)
from zhiyin.config.supervisor.words import CannotStart, in_words
from zhiyin.contracts.environment import Encryption


def main(argv: list[str] | None = None) -> None:
    """Do what the command line says and leave with its exit code."""
    given = parser().parse_args(argv)
    try:
        sys.exit(given.do(given))
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def parser() -> argparse.ArgumentParser:
    """Return what understands the words of every command."""
    parser = argparse.ArgumentParser(prog="zhiyin", description=in_words("Zhiyin, a contact centre.", "知音联络中心。"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help=in_words("start everything and stay", "启动全部组件并保持运行"))
    _add_run_options(run)
    run.set_defaults(do=_run)
    status = commands.add_parser("status", help=in_words("what runs, since when", "查看运行状态"))
    _add_data_option(status)
    status.add_argument("--json", action="store_true", help=in_words("as JSON", "以 JSON 输出"))
    add_config_option(status)
    _add_control_option(status)
    status.set_defaults(do=_status)
    doctor = commands.add_parser("doctor", help=in_words("look for what could go wrong", "检查可能的问题"))
    _add_run_options(doctor)
    doctor.add_argument("--json", action="store_true", help=in_words("one object a line", "以 JSON 输出，每行一条"))
    add_config_option(doctor)
    _add_control_option(doctor)
    doctor.set_defaults(do=_doctor)
    reconcile = commands.add_parser(
        "reconcile",
        help=in_words("say what in log, records and recordings does not add up", "对账：核对日志、记录与录音"),
    )
    _add_data_option(reconcile)
    reconcile.add_argument(
        "--since",
        metavar="WHEN",
        default="1d",
        help=in_words("2026-11-01, or 90m, 12h, 7d ago (1d)", "起始日期，或 90m、12h、7d 之前（1d）"),
    )
    reconcile.add_argument("--json", action="store_true", help=in_words("as JSON", "以 JSON 输出"))
    add_config_option(reconcile)
    reconcile.set_defaults(do=_reconcile)
    add_backup_commands(commands)
    add_logs_command(commands)
    add_commands(commands)
    add_simulate_command(commands)
    add_flows_command(commands)
    return parser


def _add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=in_words("where everything is kept", "存放全部数据的目录")
    )


def _add_control_option(parser: argparse.ArgumentParser) -> None:
    text = in_words(
        "the edge's control socket, with --config on its machine", "边缘的控制套接字（在边缘机器上与 --config 同用）"
    )
    parser.add_argument("--ctl", type=Path, metavar="FILE", help=f"{text} (/run/kamailio/kamailio_ctl)")


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    _add_data_option(parser)
    options: tuple[tuple[str, str, str | None, str, str], ...] = (
        (
            "--host",
            "ADDR",
            "127.0.0.1",
            "address to listen on; 0.0.0.0 for the network",
            "监听地址；0.0.0.0 供局域网访问",
        ),
        ("--http-port", "N", "8080", "port of the web pages", "网页端口"),
        ("--sip-port", "N", "5060", "port of SIP telephones; SIP-TLS is the next one", "SIP 端口；其后一个为 SIP-TLS"),
        ("--rtp-ports", "A-B", "20000-20999", "ports of the voices (UDP)", "语音端口范围（UDP）"),
        ("--public-address", "ADDR", None, "this machine's address outside of the router", "路由器之外看到的本机地址"),
        (
            "--tls-cert",
            "FILE",
            None,
            "certificate chain (PEM) for HTTPS and SIP-TLS",
            "HTTPS 与 SIP-TLS 的证书链（PEM）",
        ),
        ("--tls-key", "FILE", None, "its private key (PEM)", "证书私钥（PEM）"),
        (
            "--metrics",
            "[ADDR:]PORT",
            None,
            "figures for Prometheus, for operators only",
            "供 Prometheus 抓取的指标（仅限运维网络）",
        ),
        ("--demo-password", "X", None, "password of all demo users", "演示用户的统一密码"),
    )
    for name, metavar, default, en, zh in options:
        text = in_words(en, zh) + (f" ({default})" if default else "")
        parser.add_argument(name, metavar=metavar, default=default, help=text)
    parser.add_argument(
        "--tls-self-signed", action="store_true", help=in_words("make a certificate of its own", "自行生成证书")
    )
    parser.add_argument(
        "--no-standby", action="store_true", help=in_words("no second engine that waits", "不启动备用引擎")
    )
    parser.add_argument(
        "--secure",
        action="store_true",
        help=in_words("telephones and trunks by TLS and SRTP only", "话机与中继仅限 TLS 与 SRTP 加密"),
    )
    parser.add_argument(
        "--secure-except-trunks",
        action="store_true",
        help=in_words("the same, but carriers may stay clear", "同上，但允许运营商中继不加密"),
    )
    parser.add_argument("--no-demo", action="store_true", help=in_words("no demo company", "不创建演示公司"))


def _options(given: argparse.Namespace) -> RunOptions:
    """Read the options; paths become absolute, because every part runs in the data folder."""
    data = (given.data or default_data_folder()).expanduser().absolute()
    parts = default_parts_folder(data).absolute()
    public = given.public_address
    is_secure = given.secure or given.secure_except_trunks
    return RunOptions(
        data=data,
        parts=parts,
        host=parse_address(given.host, option="--host"),
        http_port=parse_port(given.http_port, option="--http-port"),
        sip_port=parse_port(given.sip_port, option="--sip-port", highest=65534),
        rtp_ports=parse_port_range(given.rtp_ports, option="--rtp-ports"),
        public_address=parse_address(public, option="--public-address") if public else None,
        tls_cert=Path(given.tls_cert).absolute() if given.tls_cert else None,
        tls_key=Path(given.tls_key).absolute() if given.tls_key else None,
        is_self_signed=given.tls_self_signed or (is_secure and not given.tls_cert),
        encryption=_encryption(given),
        has_demo=not given.no_demo,
        has_standby=not given.no_standby,
        demo_password=given.demo_password,
        metrics=parse_metrics_address(given.metrics) if given.metrics else None,
    )


def _encryption(given: argparse.Namespace) -> Encryption:
    if given.secure:
        return Encryption.REQUIRED
    return Encryption.EXCEPT_TRUNKS if given.secure_except_trunks else Encryption.OFFERED


def _run(given: argparse.Namespace) -> int:
    from zhiyin.config.supervisor.launch import launch  # noqa: PLC0415 - `status` need not wait for it

    launch(_options(given))
    return 0


def _status(given: argparse.Namespace) -> int:
    if given.config is not None:
        from zhiyin.config.doctor.machines.status import print_machines as print_parts  # noqa: PLC0415

        return print_parts(given.config, control=given.ctl, is_json=given.json)
    from zhiyin.config.supervisor.report import print_status  # noqa: PLC0415

    data = (given.data or default_data_folder()).expanduser().absolute()
    return print_status(data, is_json=given.json)


def _doctor(given: argparse.Namespace) -> int:
    if given.config is not None:
        from zhiyin.config.doctor.machines.examine import print_machines  # noqa: PLC0415

        return print_machines(given.config, control=given.ctl, is_json=given.json)
    from zhiyin.config.doctor.examine import print_machine  # noqa: PLC0415

    return print_machine(_options(given), is_json=given.json)


def _reconcile(given: argparse.Namespace) -> int:
    from zhiyin.config.reconcile.audit import audit, print_report  # noqa: PLC0415
    from zhiyin.config.reconcile.installation import described_subject, parse_since, subject_of  # noqa: PLC0415

    since = parse_since(given.since, now=datetime.now(UTC))
    if given.config is not None:
        subject = described_subject(take_description(given.config, part="operator"))
    else:
        subject = subject_of((given.data or default_data_folder()).expanduser().absolute())
    return print_report(audit(subject, since=since), is_json=given.json)


if __name__ == "__main__":
    main()
