"""Alarms: each holds exactly while its reason does, says what to do, and concerns nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.alarms import (
    LEAST_FREE_BYTES,
    InterfaceReading,
    NodeReading,
    Readings,
    Severity,
    TrunkReading,
    WorkReadings,
    find_alarms,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORK = WorkReadings(NOW, projection_lag_s=0, recording_bytes_a_day=0, clock_jumps=0, clock_off_s=0)
WELL = Readings(
    now=NOW,
    parts_away=(),
    spooled_events=0,
    disk_free_bytes=100 * 1024**3,
    certificate_ends_at=NOW + timedelta(days=90),
    work=WORK,
)


def codes(readings: Readings) -> list[str]:
    return [alarm.code for alarm in find_alarms(readings)]


def test_where_all_is_well_there_is_no_alarm() -> None:
    assert codes(WELL) == []
    assert codes(replace(WELL, disk_free_bytes=None, certificate_ends_at=None, work=None)) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"parts_away": ("web", "worker")}, ["part_away", "part_away"]),
        ({"spooled_events": 1}, ["log_spooling"]),
        ({"refused_events": 1}, ["events_refused"]),
        ({"are_descriptors_short": True}, ["descriptors_short"]),
        ({"nodes_away": (NodeReading("a"), NodeReading("b"))}, ["node_away", "node_away"]),
        ({"disk_free_bytes": LEAST_FREE_BYTES}, []),
        ({"disk_free_bytes": LEAST_FREE_BYTES - 1}, ["disk_low"]),
        ({"certificate_ends_at": NOW + timedelta(days=14)}, []),
        ({"certificate_ends_at": NOW + timedelta(days=14) - timedelta(seconds=1)}, ["certificate_ends"]),
        ({"work": replace(WORK, projection_lag_s=60.0)}, []),
        ({"work": replace(WORK, projection_lag_s=60.1)}, ["projection_lag"]),
        ({"work": replace(WORK, clock_jumps=1)}, ["clock_off"]),
        ({"work": replace(WORK, clock_off_s=-2.1)}, ["clock_off"]),
        ({"work": replace(WORK, recording_bytes_a_day=99 / 14 * 1024**3 * 0.99)}, []),
        ({"work": replace(WORK, recording_bytes_a_day=99 / 14 * 1024**3 * 1.01)}, ["disk_fills"]),
        ({"work": replace(WORK, at=NOW - timedelta(minutes=6), clock_jumps=9)}, []),
    ],
)
def test_an_alarm_holds_exactly_while_its_reason_does(changed: dict[str, object], found: list[str]) -> None:
    assert codes(replace(WELL, **changed)) == found  # type: ignore[arg-type] # of the table's own making


def test_a_trunk_concerns_its_own_company_and_comes_before_warnings() -> None:
    down = (TrunkReading("acme", "总机", "refused"),)
    first, second = find_alarms(replace(WELL, work=replace(WORK, trunks=down, clock_jumps=1)))
    assert (first.code, first.company, first.severity) == ("trunk_down", "acme", Severity.CRITICAL)
    assert (second.code, second.company) == ("clock_off", None)


def test_a_node_out_of_sight_and_a_lost_one_are_told_apart() -> None:
    unseen = NodeReading("far", NOW - timedelta(minutes=3), NOW + timedelta(minutes=7))
    (alarm,) = find_alarms(replace(WELL, nodes_away=(unseen,)))
    assert "out of sight for 3 min" in alarm.en
    assert "In 7 min these calls count as lost" in alarm.en
    assert "失联 3 分钟" in alarm.zh
    assert "7 分钟后" in alarm.zh
    (alarm,) = find_alarms(replace(WELL, nodes_away=(NodeReading("far"),)))
    assert "count as lost; the other nodes" in alarm.en
    assert (alarm.subject, alarm.severity) == ("far", Severity.CRITICAL)


@given(
    st.builds(
        Readings,
        now=st.just(NOW),
        parts_away=st.lists(st.sampled_from(("web", "engine")), unique=True).map(tuple),
        spooled_events=st.integers(0, 10),
        are_descriptors_short=st.booleans(),
        nodes_away=st.lists(
            st.builds(NodeReading, st.sampled_from("ab"), st.none() | st.just(NOW), st.none() | st.just(NOW)),
            unique_by=lambda node: node.name,
        ).map(tuple),
        disk_free_bytes=st.none() | st.integers(0, 10**13),
        certificate_ends_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        work=st.none()
        | st.builds(
            WorkReadings,
            at=st.just(NOW),
            projection_lag_s=st.floats(0, 1e6),
            recording_bytes_a_day=st.floats(0, 1e15),
            clock_jumps=st.integers(0, 5),
            clock_off_s=st.floats(-1e6, 1e6),
            trunks=st.lists(st.builds(TrunkReading, st.just("acme"), st.just("总机"), st.just("unreachable"))).map(
                tuple
            ),
        ),
    )
)
def test_whatever_is_read_alarms_speak_both_languages_and_none_is_told_twice(readings: Readings) -> None:
    found = find_alarms(readings)
    assert all(alarm.en and any(letter >= "\u4e00" for letter in alarm.zh) for alarm in found)
    disk = [alarm.code for alarm in found if alarm.code.startswith("disk")]
    assert len(disk) <= 1


GB = 1024**3


@pytest.mark.parametrize(
    ("wanted_gb", "stored_gb", "found"),
    [(None, 500, "set for how long"), (400, 500, ""), (549, 500, ""), (551, 500, "Retention cannot be met")],
    ids=["for ever", "not by far", "just fits", "just does not"],
)
def test_a_disk_that_fills_says_whether_retention_can_be_met(
    wanted_gb: float | None, stored_gb: int, found: str
) -> None:
    """50 GB of room and 5 GB a day: full in 10 days, unless as much is deleted by then as comes."""
    wanted = None if wanted_gb is None else wanted_gb * GB
    work = replace(WORK, recording_bytes_a_day=5 * GB, recording_bytes=stored_gb * GB, recording_bytes_wanted=wanted)
    alarms = find_alarms(replace(WELL, disk_free_bytes=51 * GB, work=work))
    assert [found in alarm.en and alarm.code == "disk_fills" for alarm in alarms] == ([True] if found else [])


def test_an_interface_that_fails_or_stopped_is_told_to_its_own_company() -> None:
    down = (InterfaceReading("acme", "file_plan", "每日客户", True), InterfaceReading("acme", "webhook", "W", False))
    failing, stopped = find_alarms(replace(WELL, work=replace(WORK, interfaces=down)))
    assert (failing.code, failing.company, "W" in failing.en) == ("interface_failing", "acme", True)
    assert (stopped.code, "文件交换计划“每日客户”已停止" in stopped.zh) == ("interface_stopped", True)
