"""Every fault that the doctor names is planted here, and found; what is well is not complained about."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from zhiyin.config.doctor.asterisk import examine_asterisk, judge_modules
from zhiyin.config.doctor.certificate import examine_certificate, judge_certificate
from zhiyin.config.doctor.clock import examine_clock, judge_offset, ntp_offset_s
from zhiyin.config.doctor.database import judge_lease
from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.machine import (
    find_leftovers,
    find_taken_voice_ports,
    judge_datagrams,
    judge_files,
    judge_memory,
    judge_own_name,
)
from zhiyin.config.doctor.trunks import examine_carrier
from zhiyin.config.supervisor.asterisk.modules import MODULES
from zhiyin.config.supervisor.options import RunOptions
from zhiyin.contracts.snapshots import TrunkSetting


def options(tmp_path: Path, **changed: object) -> RunOptions:
    fixed: dict[str, object] = {
        "data": tmp_path,
        "parts": tmp_path,
        "host": "127.0.0.1",
        "http_port": 8080,
        "sip_port": 5060,
        "rtp_ports": (20000, 20019),
        "public_address": None,
        "tls_cert": None,
        "tls_key": None,
        "is_self_signed": False,
        "has_demo": True,
        "demo_password": None,
    }
    return RunOptions(**{**fixed, **changed})  # type: ignore[arg-type] # of the test's own making


def levels(findings: Iterator[Finding]) -> dict[str, str]:
    """The findings by code; each says what to do in both languages."""
    found = list(findings)
    assert all(finding.en and any(letter >= "\u4e00" for letter in finding.zh) for finding in found)
    return {finding.code: finding.level for finding in found}


# --- trunks and what lies between -------------------------------------------------------------------------------

Answering = Callable[[str, tuple[str, int]], str | None]


@contextlib.contextmanager
def carrier(answer: Answering) -> Iterator[int]:
    """A carrier's SIP port; ``answer`` makes the answer of a request, or none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.1)
        is_over = threading.Event()

        def serve() -> None:
            while not is_over.is_set():
                with contextlib.suppress(TimeoutError):
                    request, sender = line.recvfrom(65535)
                    if said := answer(request.decode(), sender):
                        line.sendto(said.encode(), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        yield line.getsockname()[1]
        is_over.set()
        thread.join()


def answering(status: str, *, via: Callable[[str], str] = lambda line: line) -> Answering:
    """As a server answers: the headers that identify the request come back, the Via as ``via`` leaves it."""

    def answer(request: str, _sender: tuple[str, int]) -> str:
        kept = [line for line in request.split("\r\n") if line.partition(":")[0] in ("From", "To", "Call-ID", "CSeq")]
        (ours,) = (line for line in request.split("\r\n") if line.startswith("Via:"))
        return "\r\n".join([f"SIP/2.0 {status}", via(ours), *kept, "Content-Length: 0", "", ""])

    return answer


def examine(tmp_path: Path, port: int, **changed: object) -> dict[str, str]:
    trunk = TrunkSetting(id=1, name="总机", host="127.0.0.1", port=port)
    return levels(examine_carrier(trunk, options(tmp_path, **changed)))


def test_a_carrier_that_answers_is_well(tmp_path: Path) -> None:
    with carrier(answering("200 OK", via=lambda via: f"{via};received=127.0.0.1")) as port:
        assert examine(tmp_path, port) == {"trunk_answers": "ok"}
    with carrier(answering("403 Forbidden")) as port:
        assert examine(tmp_path, port) == {"trunk_answers": "ok"}, "to a stranger a refusal is an answer"


def test_a_carrier_that_does_not_answer(tmp_path: Path) -> None:
    with carrier(lambda _request, _sender: None) as port:
        assert examine(tmp_path, port) == {"trunk_silent": "bad"}


def test_a_name_that_does_not_exist(tmp_path: Path) -> None:
    trunk = TrunkSetting(id=1, name="总机", host="sip.no-such-carrier.invalid")
    assert levels(examine_carrier(trunk, options(tmp_path))) == {"trunk_name_unknown": "bad"}


def test_a_port_where_nobody_listens_by_tcp(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        trunk = TrunkSetting(id=1, name="总机", host="127.0.0.1", port=closed.getsockname()[1], transport="tcp")
        assert levels(examine_carrier(trunk, options(tmp_path))) == {"trunk_unreachable": "bad"}


def test_a_router_that_was_not_told_of(tmp_path: Path) -> None:
    with carrier(answering("200 OK", via=lambda via: f"{via};received=203.0.113.9")) as port:
        assert examine(tmp_path, port)["nat_unknown"] == "bad"
        assert examine(tmp_path, port, public_address="198.51.100.1")["trunk_answers"] == "ok"


def test_a_public_address_that_is_another(tmp_path: Path) -> None:
    with carrier(answering("200 OK", via=lambda via: f"{via};received=8.8.4.4")) as port:
        assert examine(tmp_path, port, public_address="8.8.8.8")["nat_wrong"] == "bad"
        assert "nat_wrong" not in examine(tmp_path, port, public_address="8.8.4.4")


def test_a_router_that_rewrites_sip(tmp_path: Path) -> None:
    with carrier(answering("200 OK", via=lambda via: via.replace("127.0.0.1", "203.0.113.9"))) as port:
        assert examine(tmp_path, port)["sip_alg"] == "bad"


# --- Asterisk and the engine -------------------------------------------------------------------------------------


def test_modules_that_are_missing_and_ones_that_are_not_ours() -> None:
    wanted = set(MODULES)
    assert levels(judge_modules(wanted)) == {"asterisk_modules": "ok"}
    assert levels(judge_modules(wanted - {"res_srtp.so"})) == {"asterisk_modules_missing": "bad"}
    assert levels(judge_modules(wanted | {"app_queue.so"})) == {"asterisk_modules_foreign": "warn"}


def test_an_asterisk_that_does_not_answer(tmp_path: Path) -> None:
    assert levels(examine_asterisk(tmp_path)) == {}, "nothing was started there"
    (tmp_path / "conf").mkdir()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        (tmp_path / "conf" / "http.conf").write_text(f"[general]\nbindport = {closed.getsockname()[1]}\n")
        (tmp_path / "conf" / "ari.conf").write_text("[zhiyin]\ntype = user\npassword = p\n")
        assert levels(examine_asterisk(tmp_path)) == {"asterisk_silent": "bad"}


@pytest.mark.parametrize(
    ("holder", "age_s", "found"),
    [
        ("m:1:2", 0.4, {"engine_lease": "ok"}),
        ("m:1:2", 5.1, {"engine_lease_old": "bad"}),
        ("", 1, {"engine_lease_free": "bad"}),
    ],
    ids=["renewed", "stands still", "given back"],
)
def test_the_engine_s_lease(holder: str, age_s: float, found: dict[str, str]) -> None:
    assert levels(iter([judge_lease(holder=holder, epoch=7, age_s=age_s)])) == found


# --- certificate and microphone ---------------------------------------------------------------------------------


def make_certificate(folder: Path, *, days: int, begins_in: int = -1, issuer: str = "us", name: str = "us") -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "us")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=min(begins_in, days - 1)))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{days}-{issuer}.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    file.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.mark.parametrize(
    ("given", "host", "found"),
    [
        ({"days": 90}, "us", {"certificate_days": "ok"}),
        ({"days": 5}, None, {"certificate_days": "warn"}),
        ({"days": -3}, None, {"certificate_over": "bad"}),
        ({"days": 90, "begins_in": 2}, None, {"certificate_early": "bad"}),
        ({"days": 90}, "10.0.0.5", {"certificate_days": "ok", "certificate_host": "warn"}),
        ({"days": 90, "issuer": "an authority"}, None, {"certificate_days": "ok", "certificate_chain": "warn"}),
    ],
    ids=["well", "ends soon", "over", "not yet", "another host", "without its chain"],
)
def test_certificates(tmp_path: Path, given: dict[str, int], host: str | None, found: dict[str, str]) -> None:
    certificate = make_certificate(tmp_path, **given)  # type: ignore[arg-type] # of the table's own making
    assert levels(judge_certificate(certificate, certificate.with_suffix(".key"), host=host)) == found


def test_a_key_of_another_certificate_and_a_file_that_is_none(tmp_path: Path) -> None:
    first, second = make_certificate(tmp_path, days=90), make_certificate(tmp_path, days=91)
    assert levels(judge_certificate(first, second.with_suffix(".key"), host=None))["certificate_key"] == "bad"
    first.write_text("no certificate")
    assert levels(judge_certificate(first, None, host=None)) == {"certificate_unreadable": "bad"}


def test_a_microphone_in_the_network_needs_https(tmp_path: Path) -> None:
    assert levels(examine_certificate(options(tmp_path, host="0.0.0.0"))) == {"microphone_needs_https": "warn"}
    assert levels(examine_certificate(options(tmp_path))) == {}


# --- clock ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def time_server(*, ahead_s: float) -> Iterator[tuple[str, int]]:
    def answer(line: socket.socket) -> None:
        _, sender = line.recvfrom(512)
        seconds, part = divmod(time.time() + ahead_s + 2_208_988_800, 1)
        stamp = struct.pack(">II", int(seconds), int(part * 2**32))
        line.sendto(b"\x24\x01" + bytes(30) + stamp + stamp, sender)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=answer, args=(line,))
        thread.start()
        yield line.getsockname()
        thread.join()


@pytest.mark.parametrize(("ahead_s", "level"), [(0, "ok"), (90, "bad"), (-90, "bad")], ids=["right", "slow", "fast"])
def test_a_clock_against_the_world_s(ahead_s: float, level: str) -> None:
    with time_server(ahead_s=ahead_s) as server:
        assert levels(examine_clock(server))["clock_off"] == level


def test_a_time_server_that_is_not_there_is_no_finding() -> None:
    assert ntp_offset_s("ntp.no-such-host.invalid") is None


def test_a_clock_that_differs_says_which_way() -> None:
    assert "behind" in judge_offset(5, en="x", zh="标准", code="c").en
    assert "ahead of" in judge_offset(-5, en="x", zh="标准", code="c").en


# --- the machine ------------------------------------------------------------------------------------------------


def test_little_memory_and_few_files() -> None:
    assert levels(judge_memory(100 * 1024**2)) == {"memory": "warn"}
    assert levels(judge_memory(4 * 1024**3)) == {}
    assert levels(judge_datagrams(49_582, 212_992)) == {"socket_buffers": "warn"}
    assert levels(judge_datagrams(0, 212_992)) == {}, "small as everywhere, and nothing was lost"
    assert levels(judge_datagrams(49_582, 4 * 1024**2)) == {}
    assert levels(judge_datagrams(49_582, None)) == {}, "a container that does not say"
    assert levels(judge_own_name("pbx", "127.0.0.1 localhost\n127.0.1.1 pbx.example.com pbx\n")) == {}
    assert levels(judge_own_name("pbx", "127.0.0.1 localhost # pbx\n")) == {"own_name": "warn"}
    assert levels(judge_files(1024)) == {"open_files": "bad"}
    assert levels(judge_files(65536)) == {}


def test_a_voice_port_that_somebody_has(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        (finding,) = find_taken_voice_ports(options(tmp_path, rtp_ports=(port, port)))
        assert (finding.code, finding.level) == ("voice_ports", "warn")
        assert str(port) in finding.en
    assert list(find_taken_voice_ports(options(tmp_path, rtp_ports=(port, port)))) == []


def test_a_program_left_of_a_former_run(tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.symlink_to(sys.executable)
    waiting = "import sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [str(program), "-c", waiting, f"{tmp_path}/data/pg"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as left:
        assert left.stdout is not None
        left.stdout.readline()
        (finding,) = find_leftovers(tmp_path / "data")
        assert (finding.code, finding.level) == ("leftover", "bad")
        assert f"kill {left.pid}" in finding.en
        left.kill()
    assert list(find_leftovers(tmp_path / "data")) == []


# --- all of it --------------------------------------------------------------------------------------------------


def test_as_a_command_it_ends_with_1_where_something_is_bad(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, days=-3)
    command = ["doctor", "--json", "--data", str(tmp_path / "data"), "--tls-cert", str(certificate)]
    done = subprocess.run(
        [sys.executable, "-m", "zhiyin.config.cli", *command, "--tls-key", str(certificate.with_suffix(".key"))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8", "ZHIYIN_NTP": "127.0.0.1"},
    )
    told = {line["code"]: line["level"] for line in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1, done.stderr
    assert told["certificate_over"] == "bad"
    assert told["python"] == "ok"
