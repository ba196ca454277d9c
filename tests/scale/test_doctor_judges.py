"""Every fault of several machines that the doctor names is planted here; what is well is not complained about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.machines.database import judge_standing
from zhiyin.config.doctor.machines.judge_alike import judge_alike
from zhiyin.config.doctor.machines.judge_parts import judge_edge, judge_fronts, judge_parts
from zhiyin.config.doctor.machines.look import FrontSeen, Lease, NodeSeen, Seen, Silent, read_dispatcher
from zhiyin.config.doctor.machines.rows import Row, read_rows
from zhiyin.config.doctor.machines.status import is_all_silent, is_well
from zhiyin.config.doctor.sip_probe import SipAnswer
from zhiyin.contracts.frames import EngineHealth, NodeHealth
from zhiyin.contracts.pulses import STANDS_FOR_S, FolderSeen, Pulse, PulseHeard
from zhiyin.domain.alarms import WorkReadings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEADER, STANDBY, WEB, FRONT, WORKER = "10.0.0.2:7070", "10.0.0.3:7070", "10.0.0.4:7080", "10.0.0.4", "10.0.0.6"
DESCRIBED = {"ZHIYIN_SECRET_KEY": "aa", "ZHIYIN_NODES": "bb", "link/": "cc"}
REFUSED = Silent("Connection refused")


def pulse(process: str, **changed: Any) -> Pulse:
    told = Pulse(
        process=process,
        machine=process,
        program="1 (a)",
        state="ok",
        started_at=NOW - timedelta(hours=3),
        sent_at=NOW,
        description=DESCRIBED,
        disk_free_bytes=10 * 1024**3,
    )
    return msgspec.structs.replace(told, **changed)


def heard(part: str, name: str, **changed: Any) -> PulseHeard:
    folders = {
        "engine": {"spoken": FolderSeen("s1", can_write=True)},
        "node": {"recordings": FolderSeen("r1", can_write=True), "spoken": FolderSeen("s1")},
        "web": {"recordings": FolderSeen("r1")},
        "worker": {"recordings": FolderSeen("r1", can_write=True)},
    }
    age_s, off_s = changed.pop("age_s", 1.0), changed.pop("clock_off_s", 0.02)
    host = {"a": "10.0.0.11", "b": "10.0.0.12"}.get(name, name.partition(":")[0])
    own = pulse(f"{part}-{name}", **{"folders": folders.get(part, {}), **changed})
    return PulseHeard(part, name, host, age_s, off_s, own)


ALL = (
    heard("engine", LEADER),
    heard("engine", STANDBY),
    heard("node", "a"),
    heard("node", "b"),
    heard("web", WEB),
    heard("worker", WORKER),
    heard("front", FRONT),
)
HEALTH = EngineHealth(
    epoch=5,
    asterisk="ok",
    log="ok",
    spooled_events=0,
    live_calls=3,
    is_draining=False,
    started_at=NOW,
    nodes={"a": NodeHealth("ok", 4), "b": NodeHealth("ok", 2)},
)
WELL = Seen(
    now=NOW,
    here=frozenset({"127.0.0.1", "10.0.0.2"}),
    program="1 (a)",
    description=DESCRIBED,
    engines=(LEADER, STANDBY),
    pulses=ALL,
    lease=Lease(f"engine-{LEADER}", 5, 0.2),
    engine=HEALTH,
    leads_at=LEADER,
    webs={WEB: None},
    nodes={"a": NodeSeen("22.10.1"), "b": NodeSeen("22.10.1")},
    fronts={FRONT: FrontSeen("ok", {"worker": ("ok", "")}, NOW + timedelta(days=80))},
    edge=SipAnswer(200, "Keepalive", 1.2, "10.0.0.2", None, is_rewritten=False),
    edge_nodes={"10.0.0.11": "AP", "10.0.0.12": "AP"},
    node_hosts={"a": "10.0.0.11", "b": "10.0.0.12"},
    link_ends_at=NOW + timedelta(days=3000),
)


def findings(seen: Seen) -> list[Finding]:
    rows = read_rows(seen)
    return [*judge_parts(seen, rows), *judge_edge(seen, "10.0.0.5:5060"), *judge_fronts(seen), *judge_alike(seen, rows)]


def unwell(seen: Seen) -> dict[str, str]:
    return {finding.code: finding.level for finding in findings(seen) if finding.level != "ok"}


def with_pulse(part: str, name: str, **changed: Any) -> Seen:
    """All well, but this part told otherwise."""
    others = tuple(each for each in ALL if (each.part, each.name) != (part, name))
    return replace(WELL, pulses=(*others, heard(part, name, **changed)))


def without_pulse(part: str, name: str) -> Seen:
    return replace(WELL, pulses=tuple(each for each in ALL if (each.part, each.name) != (part, name)))


def with_node(name: str, state: str) -> Seen:
    """The engine says so of the node."""
    nodes = {**HEALTH.nodes, name: NodeHealth(state, 1)}
    return replace(WELL, engine=msgspec.structs.replace(HEALTH, nodes=nodes))


def states(seen: Seen) -> dict[str, str]:
    return {row.name: row.state for row in read_rows(seen)}


def test_of_an_installation_that_is_well_nothing_is_complained_about() -> None:
    assert unwell(WELL) == {}
    assert states(WELL) == {
        LEADER: "leads", STANDBY: "stands_by", "a": "ok", "b": "ok", WEB: "ok", WORKER: "ok", FRONT: "ok",
    }  # fmt: skip
    assert is_well(WELL, read_rows(WELL))
    told = {finding.code: finding.en for finding in findings(WELL)}
    assert told["engine_leads"] == f"engine {LEADER}: leads (this machine)"
    assert told["clocks"] == "The machines' clocks agree with the database's within 0.1 s"
    assert {"folder_shared", "program", "description", "link", "certificate_days", "edge_answers"} <= told.keys()


LAG = WorkReadings(NOW, projection_lag_s=300, recording_bytes_a_day=0, clock_jumps=0, clock_off_s=0)


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (without_pulse("engine", STANDBY), {"engine_untold": "bad", "engine_alone": "warn"}),
        (
            with_pulse("engine", STANDBY, age_s=STANDS_FOR_S + 1),
            {"engine_gone": "bad", "engine_alone": "warn"},
        ),
        (with_pulse("engine", LEADER, state="frozen"), {"engine_frozen": "bad"}),
        (with_pulse("worker", WORKER, state="silent"), {"worker_silent": "bad"}),
        (with_pulse("worker", WORKER, age_s=300.0), {"worker_gone": "bad"}),
        (without_pulse("worker", WORKER), {"worker_untold": "bad"}),
        (with_pulse("worker", WORKER, readings=LAG), {"records_behind": "warn"}),
        (replace(WELL, pulses=(*ALL, heard("worker", "10.0.0.7"))), {"worker_twice": "bad"}),
        (with_pulse("worker", WORKER, state="starting"), {"worker_starting": "warn"}),
        (replace(WELL, webs={WEB: REFUSED}), {"web_unreachable": "warn"}),
        (replace(without_pulse("web", WEB), webs={WEB: REFUSED}), {"web_untold": "bad"}),
        (replace(WELL, fronts={FRONT: REFUSED}), {"front_unreachable": "warn"}),
        (replace(WELL, nodes={**WELL.nodes, "b": REFUSED}), {"node_unreachable": "warn"}),
        (
            replace(with_pulse("node", "b", age_s=99.0), nodes={**WELL.nodes, "b": REFUSED}),
            {"node_gone": "bad"},
        ),
        (
            replace(with_pulse("node", "b", state="silent"), nodes={**WELL.nodes, "b": REFUSED}),
            {"node_away": "bad"},
        ),
        (without_pulse("node", "b"), {"node_without_pulse": "warn"}),
        (
            replace(WELL, nodes={"a": NodeSeen("22.10.1"), "b": NodeSeen("22.9.0")}),
            {"asterisk_versions": "warn"},
        ),
        (with_node("b", "draining"), {"node_draining": "warn"}),
        (with_node("b", "away"), {"node_away": "bad"}),
        (replace(WELL, edge_nodes={"10.0.0.11": "AP", "10.0.0.12": "IP"}), {"node_out": "bad"}),
        (replace(WELL, edge_nodes={"10.0.0.11": "AP"}), {"node_out": "bad"}),
        (replace(WELL, edge_nodes=Silent("CalledProcessError")), {"edge_list_closed": "warn"}),
        (replace(WELL, edge=Silent("no answer to OPTIONS")), {"edge_silent": "bad"}),
        (replace(WELL, engine=Silent("refused"), leads_at=""), {"engine_unanswered": "bad"}),
        (
            replace(WELL, engine=msgspec.structs.replace(HEALTH, log="spooling", spooled_events=9)),
            {"engine_log_spooling": "bad"},
        ),
        (replace(WELL, fronts={FRONT: FrontSeen("ok")}), {"microphone_needs_https": "warn"}),
        (
            replace(WELL, fronts={FRONT: FrontSeen("degraded", {"disk": ("full", "")}, NOW + timedelta(days=80))}),
            {"front_degraded": "warn"},
        ),
        (replace(WELL, fronts={FRONT: FrontSeen("ok", {}, NOW + timedelta(days=3))}), {"certificate_ends": "warn"}),
        (replace(WELL, fronts={FRONT: FrontSeen("ok", {}, NOW - timedelta(days=3))}), {"certificate_ends": "bad"}),
        (with_pulse("web", WEB, program="1 (b)"), {"program_differs": "warn"}),
        (
            with_pulse("web", WEB, description={**DESCRIBED, "ZHIYIN_NODES": "xx"}),
            {"description_differs": "bad"},
        ),
        (
            with_pulse("web", WEB, description={"ZHIYIN_SECRET_KEY": "zz", "ZHIYIN_NODES": "xx", "link/": "cc"}),
            {"description_foreign": "bad"},
        ),
        (replace(WELL, link_ends_at=NOW + timedelta(days=5)), {"link_ends": "warn"}),
        (replace(WELL, link_ends_at=NOW - timedelta(days=5)), {"link_ends": "bad"}),
        (replace(WELL, link_ends_at=Silent("Permission denied")), {"link_unreadable": "bad"}),
        (with_pulse("node", "a", clock_off_s=-3.2), {"clock_off_part": "bad"}),
        (with_pulse("node", "a", disk_free_bytes=1024**2), {"disk_low_part": "bad"}),
        (
            with_pulse("node", "a", folders={"recordings": FolderSeen("local", can_write=True)}),
            {"folder_differs": "bad"},
        ),
        (
            with_pulse("web", WEB, folders={"recordings": FolderSeen("")}),
            {"folder_differs": "bad"},
        ),
        (
            with_pulse("node", "a", folders={"recordings": FolderSeen("r1", can_write=False, problem="Read-only")}),
            {"folder_unusable": "bad"},
        ),
        (
            with_pulse("node", "a", folders={"recordings": FolderSeen("r1", can_write=True, age_s=300)}),
            {"folder_hangs": "bad"},
        ),
    ],
)  # fmt: skip
def test_each_fault_is_named_alone(seen: Seen, found: dict[str, str]) -> None:
    assert unwell(seen) == found


def test_status_is_well_only_where_every_part_is() -> None:
    assert not is_well(*_and_rows(with_pulse("worker", WORKER, state="silent")))
    assert not is_well(*_and_rows(replace(WELL, edge=Silent("no answer to OPTIONS"))))
    assert is_well(*_and_rows(with_pulse("worker", WORKER, clock_off_s=9.0))), "that is the doctor's"


def _and_rows(seen: Seen) -> tuple[Seen, tuple[Row, ...]]:
    return seen, read_rows(seen)


def test_what_is_wrong_says_what_to_do_in_both_languages() -> None:
    (gone,) = [each for each in findings(with_pulse("node", "b", age_s=99.0)) if each.code == "node_without_pulse"]
    assert "restart" in gone.en
    (frozen,) = [each for each in findings(with_pulse("worker", WORKER, state="frozen")) if each.level == "bad"]
    assert "systemctl kill -s CONT zhiyin-worker" in frozen.en
    assert "systemctl kill -s CONT zhiyin-worker" in frozen.zh
    for finding in findings(WELL):
        assert "{" not in finding.en + finding.zh


def test_without_the_database_each_is_asked_itself() -> None:
    seen = replace(WELL, pulses=Silent("Connection refused"), lease=None)
    assert states(seen) == {
        LEADER: "leads",
        STANDBY: "unknown",
        "a": "ok",
        "b": "ok",
        WEB: "ok",
        "": "unknown",
        FRONT: "ok",
    }
    assert not is_well(seen, read_rows(seen))
    assert not is_all_silent(seen)
    assert unwell(seen) == {"engine_unknown": "warn", "worker_unknown": "warn"}, "what cannot be known is no fault"


def test_where_nothing_answers_it_says_so() -> None:
    nothing = replace(
        WELL, pulses=REFUSED, lease=None, engine=REFUSED, edge=REFUSED, webs={WEB: REFUSED}, fronts={FRONT: REFUSED},
        nodes={"a": REFUSED, "b": REFUSED},
    )  # fmt: skip
    assert is_all_silent(nothing)


def test_a_worker_that_moved_is_one_worker() -> None:
    seen = replace(WELL, pulses=(*ALL, heard("worker", "10.0.0.7", age_s=9000.0)))
    assert [row.name for row in read_rows(seen) if row.part == "worker"] == [WORKER]
    assert unwell(seen) == {}


def test_who_is_not_described_any_more_and_still_tells_is_shown() -> None:
    seen = replace(WELL, pulses=(*ALL, heard("web", "10.0.0.99:7080")))
    (other,) = [row for row in read_rows(seen) if row.name == "10.0.0.99:7080"]
    assert isinstance(other, Row)
    assert other.state == "ok"


def test_the_edge_s_list_is_read() -> None:
    said = """DEST: {
    URI: sip:10.0.0.11:5060
    FLAGS: AP
    PRIORITY: 0
}
DEST: {
    URI: sip:10.0.0.12:5060
    FLAGS: IP
}"""
    assert read_dispatcher(said) == {"10.0.0.11": "AP", "10.0.0.12": "IP"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {"database_replicas": "ok"}),
        ({"replicas": [("b", "streaming", 0.1)]}, {"database_replicas": "ok"}),
        ({"replicas": [("b", "catchup", 0.1)]}, {"database_replica_behind": "warn", "database_replicas": "ok"}),
        ({"replicas": [("b", "streaming", 90.0)]}, {"database_replica_behind": "warn", "database_replicas": "ok"}),
        ({"unsafe": ["fsync"]}, {"database_unsafe": "warn", "database_replicas": "ok"}),
        ({"is_replica": True}, {"database_replica": "bad"}),
    ],
)
def test_what_stands_beside_the_database_is_told(given: dict[str, Any], found: dict[str, str]) -> None:
    told = judge_standing(**{"is_replica": False, "unsafe": [], "replicas": [], **given})
    assert {finding.code: finding.level for finding in told} == found
