"""What ``zhiyin`` says to wrong options, taken ports and questions about nothing; nothing is left half-started."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from zhiyin.config.supervisor.networks import choose_loopback_port, is_port_free, list_local_addresses


def zhiyin(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhiyin.config.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environ},
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "no.such.host.invalid"], "no such address"),
        (["--host", "::1"], "IPv4"),
        (["--http-port", "70000"], "not a port"),
        (["--sip-port", "65535"], "1 to 65534"),
        (["--rtp-ports", "20000"], "not a range"),
        (["--rtp-ports", "20000-20010"], "not a range"),
        (["--sip-port", "20500"], "lies inside --rtp-ports"),
        (["--sip-port", "8079"], "also a SIP port"),
        (["--tls-cert", "/etc/hostname"], "belong together"),
        (["--tls-self-signed", "--tls-cert", "a", "--tls-key", "b"], "makes its own"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_contradictions_are_explained_and_leave_nothing(tmp_path: Path, options: list[str], says: str) -> None:
    done = zhiyin("run", "--data", str(tmp_path / "data"), *options)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_named_with_what_to_do(reachable_folder: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        data = reachable_folder / "data"
        done = zhiyin("run", "--data", str(data), "--http-port", str(port), "--sip-port", str(choose_loopback_port()))
    assert done.returncode == 2, done.stderr
    assert f"Port {port}/TCP on 127.0.0.1 is taken" in done.stderr
    assert "--http-port" in done.stderr
    assert not (data / "pg").exists()


def test_status_of_nothing_says_how_to_start(tmp_path: Path) -> None:
    done = zhiyin("status", "--data", str(tmp_path))
    assert done.returncode == 3
    assert "zhiyin run" in done.stdout
    as_json = zhiyin("status", "--data", str(tmp_path), "--json")
    assert json.loads(as_json.stdout) == {"state": "stopped", "parts": {}}


def test_help_speaks_the_terminal_s_language() -> None:
    assert "启动全部组件" in zhiyin("--help", LC_ALL="zh_CN.UTF-8").stdout
    assert "start everything" in zhiyin("--help").stdout


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        assert not is_port_free("127.0.0.1", port, socket.SOCK_DGRAM)
        assert is_port_free("127.0.0.1", port, socket.SOCK_STREAM)
    assert not is_port_free("192.0.2.77", port, socket.SOCK_STREAM)


def test_loopback_is_among_the_local_addresses() -> None:
    found = {local.address: local for local in list_local_addresses()}
    assert found["127.0.0.1"].network == "127.0.0.0/8"
