"""The figures for Prometheus: what is documented and alarmed on exists, and joining parts never breaks the answer."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter

from tests.harness.metrics import families, value
from tests.harness.places import ROOT
from zhiyin.config.supervisor import http_probe
from zhiyin.config.supervisor.metrics import SOCKET_NAME, MetricsPage
from zhiyin.config.supervisor.options import parse_metrics_address
from zhiyin.config.supervisor.processes import PartState
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.metrics import MetricsServer, metrics_socket

ALERTS = ROOT / "docs" / "ops" / "alerts.yml"
_NAME = re.compile(r"\bzhiyin_[a-z_]+\b")
_SUFFIX = re.compile(r"_(total|bucket|count|sum)$")


def names_in_source() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "zhiyin").rglob("*metrics.py"):
        found |= set(re.findall(r'"(zhiyin_[a-z_]+)"', file.read_text()))
    return found


def test_every_alert_and_every_documented_figure_exists() -> None:
    known = names_in_source()
    alarmed = {_SUFFIX.sub("", name) for name in _NAME.findall(ALERTS.read_text())}
    assert alarmed - known == set()
    documented = {_SUFFIX.sub("", name) for name in _NAME.findall((ROOT / "docs" / "ops.md").read_text())}
    assert documented - known == set()
    assert known - documented == set(), "a figure that nobody can look up"


def test_the_alert_rules_are_valid() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool (Debian: prometheus) is not installed")
    done = subprocess.run([promtool, "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "address"), [("9400", ("127.0.0.1", 9400)), ("10.0.0.5:9400", ("10.0.0.5", 9400))], ids=["here", "there"]
)
def test_without_an_address_figures_stay_on_this_machine(text: str, address: tuple[str, int]) -> None:
    assert parse_metrics_address(text) == address


def test_a_wrong_address_says_which_option_it_was() -> None:
    with pytest.raises(CannotStart, match="--metrics"):
        parse_metrics_address("here:99999")


async def test_a_part_that_hangs_costs_its_own_figures_only(tmp_path: Path, environment: Environment) -> None:
    registry = CollectorRegistry()
    Counter("zhiyin_sample", "A part's own.", registry=registry).inc(3)
    part = MetricsServer(metrics_socket(environment.run, "engine"), registry)
    await part.start()
    hanging = await asyncio.start_unix_server(_say_nothing, path=str(metrics_socket(environment.run, "live")))
    states = {"engine": PartState(state="ok", pid=os.getpid()), "live": PartState(state="restarting", restarts=2)}
    page = MetricsPage(environment, lambda: states, address=None)
    await page.start()
    try:
        answer = await http_probe.get("/metrics", socket=environment.run / SOCKET_NAME, timeout_s=10)
        wrong = await http_probe.get("/", socket=environment.run / SOCKET_NAME)
    finally:
        await page.stop()
        await part.stop()
        hanging.close()
    found = families(answer.body.decode())
    assert value(found, "zhiyin_sample_total") == 3
    assert value(found, "zhiyin_part_answers", part="engine") == 1
    assert value(found, "zhiyin_part_answers", part="live") == 0
    assert value(found, "zhiyin_part_restarts_total", part="live") == 2
    assert wrong.status == 404
    assert (environment.run / SOCKET_NAME).exists() is False


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    absent = dict.fromkeys(
        ("db_owner", "db_engine", "db_web", "ari_url", "ari_user", "ari_password", "ami_user", "ami_password"), ""
    )
    keys = dict.fromkeys(("secret_key", "ticket_key", "vault_key"), "00")
    return Environment.from_environ(
        {
            **{f"ZHIYIN_{name.upper()}": value or "x" for name, value in {**absent, **keys}.items()},
            **{f"ZHIYIN_{name}": str(tmp_path) for name in ("DATA", "RUN", "PARTS")},
            "ZHIYIN_HTTP_HOST": "127.0.0.1",
            "ZHIYIN_HTTP_PORT": "1",
            "ZHIYIN_SIP_HOST": "x",
            "ZHIYIN_SIP_PORT": "2",
        }
    )
