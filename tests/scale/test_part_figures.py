"""Where a part on a machine of its own hands out figures, and what is in them when the part does not answer."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.asterisk_adapter.instance import free_udp_port
from tests.harness.metrics import families, value
from tests.supervisor.test_figures import environment
from zhiyin.config.parts.beside import metrics_address
from zhiyin.config.parts.part_metrics import PartPage
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.pulses import FOLDER_HANGS_S, FolderSeen, Pulse

__all__ = ["environment"]  # fixture

NOW = datetime.now(UTC)
PULSE = Pulse(
    process="host:1:1",
    machine="host",
    program="1 (a)",
    state="silent",
    started_at=NOW,
    sent_at=NOW,
    link_ends_at=NOW + timedelta(days=2),
    folders={"recordings": FolderSeen("r", can_write=True), "prompts": FolderSeen("p", age_s=FOLDER_HANGS_S + 1)},
)


@pytest.fixture
def page(environment: Environment) -> Iterator[tuple[PartPage, str]]:
    """The worker's, whose process is this one; it does not answer on its socket."""
    found = PartPage(environment, "worker", os.getpid(), lambda: PULSE)
    at = f"127.0.0.1:{free_udp_port()}"
    found.serve(at)
    yield found, at
    found.stop()


def test_of_a_part_that_does_not_answer_what_is_seen_from_outside_is_told(page: tuple[PartPage, str]) -> None:
    with urllib.request.urlopen(f"http://{page[1]}/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        found = families(answer.read().decode())
    assert value(found, "zhiyin_part_is_up", part="worker") == 0
    assert value(found, "zhiyin_part_answers", part="worker") == 0
    assert value(found, "zhiyin_part_resident_bytes", part="worker") > 1024**2
    assert value(found, "zhiyin_part_cpu_seconds_total", part="worker") > 0
    assert value(found, "zhiyin_shared_folder_is_well", folder="recordings") == 1
    assert value(found, "zhiyin_shared_folder_is_well", folder="prompts") == 0
    assert value(found, "zhiyin_link_certificate_seconds_left") == 2 * 86400


def test_nothing_else_is_answered(page: tuple[PartPage, str]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://{page[1]}/", timeout=10)


def test_an_address_that_is_taken_is_tried_again(page: tuple[PartPage, str], environment: Environment) -> None:
    other = PartPage(environment, "worker", os.getpid(), lambda: PULSE)
    with pytest.raises(OSError, match="in use"):
        other.serve(page[1])
    assert not other.is_served
    page[0].stop()
    other.serve(page[1])
    assert other.is_served
    other.stop()


@pytest.mark.parametrize(
    ("given", "who", "at"),
    [
        ({}, ("engine", ""), ""),
        ({"ZHIYIN_METRICS_PORTS": "web=9402"}, ("engine", ""), ""),
        ({"ZHIYIN_METRICS_PORTS": "engine=9401 web=9402"}, ("engine", ""), "10.0.0.2:9401"),
        ({"ZHIYIN_METRICS_PORTS": "front=9404"}, ("front", "10.0.0.4"), "10.0.0.4:9404"),
        ({"ZHIYIN_METRICS_PORTS": "node=9405"}, ("node", "a"), "10.0.0.11:9405"),
        ({"ZHIYIN_METRICS_PORTS": "worker=9403"}, ("worker", ""), "127.0.0.1:9403"),
        ({"ZHIYIN_METRICS_PORTS": "worker=9403", "ZHIYIN_METRICS_AT": "10.9.9.9:1"}, ("worker", ""), "10.9.9.9:1"),
    ],
    ids=["off", "not this part", "engine", "front", "node", "worker, by its way to the database", "one part's own"],
)
def test_each_part_hands_them_out_on_its_private_address(
    given: dict[str, str], who: tuple[str, str], at: str, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {
        **environment.to_environ(),
        "ZHIYIN_LISTEN": "10.0.0.2:7070",
        "ZHIYIN_NODES": "a=https://10.0.0.11:7088",
        "ZHIYIN_DB_ENGINE": "postgresql://engine:x@127.0.0.1/zhiyin",
    }
    for variable in ("ZHIYIN_METRICS_PORTS", "ZHIYIN_METRICS_AT"):
        monkeypatch.delenv(variable, raising=False)
    for variable, words in given.items():
        monkeypatch.setenv(variable, words)
    assert metrics_address(Environment.from_environ(described), *who) == at


@pytest.mark.parametrize("words", ["engine", "engine=no", "engines=9401", "engine=99999"])
def test_ports_that_cannot_be_are_refused_before_the_start(
    words: str, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIYIN_METRICS_PORTS", words)
    with pytest.raises(CannotStart, match="engine=9401 web=9402"):
        metrics_address(environment, "engine", "")
