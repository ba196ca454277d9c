"""Where contacts are in flows, and what came of each stay at a node."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.domain.interactions import (
    CallbackAgreed,
    DialEnded,
    Direction,
    EndedBy,
    InteractionEnded,
    InteractionEvent,
    InteractionStarted,
    MessageEnd,
    MessageEnded,
    NodeEntered,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RequestEnded,
    SegmentStarted,
    SurveyStarted,
)
from zhiyin.domain.metrics.flow_traffic import (
    NodeCounts,
    NodeEntry,
    NodeFact,
    NodeFailure,
    NodeKey,
    NodeStay,
    StayEnd,
    Tally,
    Whereabouts,
    follow,
    quarter_of,
)

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
STARTED = InteractionStarted(Direction.INBOUND, "voice", "l", None, "4008001234", "trunk:1", 7, 3)
START = NodeEntered("start", "start")
MENU = NodeEntered("menu", "menu", "next")
HUNG_UP = InteractionEnded(EndedBy.CUSTOMER, "hangup")
TRANSFERRED = InteractionEnded(EndedBy.SYSTEM, "transferred")


def facts_of(*events: InteractionEvent) -> list[NodeFact]:
    """Follow a contact whose events are a second apart."""
    here: Whereabouts | None = None
    found: list[NodeFact] = []
    for second, event in enumerate(events):
        here, facts = follow(here, event, NINE + timedelta(seconds=second))
        found += facts
    return found


def ends(facts: Iterable[NodeFact]) -> list[tuple[str, str, str]]:
    return [(fact.at.node, fact.end.value, fact.way) for fact in facts if isinstance(fact, NodeStay)]


def test_a_stay_lasts_from_one_node_to_the_next_and_belongs_to_the_version_that_the_call_began_with() -> None:
    facts = facts_of(STARTED, START, MENU, HUNG_UP)
    start, menu = NodeKey(7, 3, "start", "start"), NodeKey(7, 3, "menu", "menu")
    at = [NINE + timedelta(seconds=second) for second in range(4)]
    assert facts == [
        NodeEntry(start, at[1], is_arrival=True),
        NodeStay(start, at[1], at[2], StayEnd.LEFT, "next"),
        NodeEntry(menu, at[2], is_arrival=False),
        NodeStay(menu, at[2], at[3], StayEnd.GAVE_UP),
    ]


@pytest.mark.parametrize(
    ("then", "ended"),
    [
        ([QueueEntered(1), HUNG_UP], ("gave_up", "")),
        ([QueueEntered(1), SegmentStarted(1, 5, "a"), HUNG_UP], ("served", "answered")),
        ([QueueLeft(1, QueueEnd.OVERFLOWED), NodeEntered("m", "menu", "overflow")], ("left", "overflow")),
        ([MessageEnded("r", MessageEnd.LEFT, 9.0), HUNG_UP], ("served", "message")),
        ([MessageEnded("r", MessageEnd.SHORT, 1.0), HUNG_UP], ("gave_up", "")),
        ([CallbackAgreed(1, "n", "flow", NINE, NINE)], ("served", "callback")),
        ([DialEnded("outside", "l", answered=False), NodeEntered("m", "menu", "busy")], ("left", "busy")),
        ([DialEnded("outside", "l", answered=True), TRANSFERRED], ("served", "answered")),
        ([InteractionEnded(EndedBy.SYSTEM, "closed")], ("ended", "closed")),
        ([InteractionEnded(EndedBy.SUPERVISOR, "ended")], ("ended", "ended")),
        ([InteractionEnded(EndedBy.SYSTEM, "flow_fault")], ("fault", "flow_fault")),
        ([InteractionEnded(EndedBy.SYSTEM, "unknown_queue")], ("fault", "unknown_queue")),
    ],
    ids=[
        *("gave up in line", "answered", "overflowed", "left a message", "a slip of the finger", "to be called back"),
        *("busy outside", "called through", "ended by the flow", "ended by a lead", "a fault", "no such queue"),
    ],
)  # fmt: skip
def test_each_way_out_of_a_node_counts_once(then: list[InteractionEvent], ended: tuple[str, str]) -> None:
    assert ends(facts_of(STARTED, START, *then))[0] == ("start", *ended)
    assert [node for node, *_ in ends(facts_of(STARTED, START, *then))].count("start") == 1


def test_a_fault_that_the_flows_own_handler_caught_counts_at_the_node_that_failed() -> None:
    facts = facts_of(STARTED, START, NodeEntered("handler", "on_error", "error"), HUNG_UP)
    assert ends(facts) == [("start", "fault", "error"), ("handler", "gave_up", "")]
    (failure,) = [fact for fact in facts if isinstance(fact, NodeFailure)]
    assert (failure.at.node, failure.what, failure.outcome) == ("start", "step", "caught")


def test_an_exit_that_somebody_called_error_is_no_fault() -> None:
    facts = facts_of(STARTED, START, NodeEntered("menu", "menu", "error"))
    assert ends(facts) == [("start", "left", "error")]


def test_a_request_that_fails_or_is_late_counts_whatever_the_exit() -> None:
    ask = NodeEntered("ask", "http", "next")
    told = [RequestEnded("ask", "http", outcome, "timeout") for outcome in ("failed", "late", "found", "missing")]
    facts = facts_of(STARTED, START, ask, *told, MENU)
    failures = [(fact.what, fact.outcome) for fact in facts if isinstance(fact, NodeFailure)]
    assert failures == [("http", "failed"), ("http", "late")]


def test_a_node_entered_anew_after_an_engines_end_is_the_same_stay() -> None:
    facts = facts_of(STARTED, START, MENU, NodeEntered("menu", "menu"), HUNG_UP)
    assert [fact.at.node for fact in facts if isinstance(fact, NodeEntry)] == ["start", "menu"]
    (_, stay) = [fact for fact in facts if isinstance(fact, NodeStay)]
    assert stay.duration_ms == 2000


def test_a_menu_said_again_is_a_stay_of_its_own() -> None:
    facts = facts_of(STARTED, START, MENU, NodeEntered("menu", "menu", "0"), HUNG_UP)
    assert ends(facts) == [("start", "left", "next"), ("menu", "left", "0"), ("menu", "gave_up", "")]


def test_who_was_served_and_is_asked_how_it_was_arrives_in_the_surveys_flow() -> None:
    served = [QueueEntered(1), SegmentStarted(1, 5, "a")]
    asked = [SurveyStarted(8, 2, 1, 5, 1), NodeEntered("start", "start"), HUNG_UP]
    facts = facts_of(STARTED, START, *served, *asked)
    entries = [(fact.at.flow, fact.at.version, fact.is_arrival) for fact in facts if isinstance(fact, NodeEntry)]
    assert entries == [(7, 3, True), (8, 2, True)]
    assert ends(facts) == [("start", "served", "answered"), ("start", "gave_up", "")]


def test_a_contact_that_no_flow_has_counts_nowhere() -> None:
    outbound = InteractionStarted(Direction.OUTBOUND, "voice", "l", None, None, "desk")
    assert facts_of(outbound, SegmentStarted(1, 5, "a"), HUNG_UP) == []
    assert facts_of(START, HUNG_UP) == [], "its beginning is older than the log"


EVENTS = st.sampled_from(
    [
        *(START, MENU, NodeEntered("menu", "menu", "0"), NodeEntered("handler", "on_error", "error")),
        *(NodeEntered("q", "queue", "1"), NodeEntered("menu", "menu"), QueueEntered(1)),
        *(QueueLeft(1, QueueEnd.OVERFLOWED), SegmentStarted(1, 5, "a"), RequestEnded("menu", "http", "late")),
        *(MessageEnded("r", MessageEnd.LEFT, 9.0), CallbackAgreed(1, "n", "flow", NINE, NINE)),
        *(SurveyStarted(8, 2, 1, 5, 1), HUNG_UP, InteractionEnded(EndedBy.SYSTEM, "flow")),
    ]
)


@given(
    histories=st.lists(st.lists(st.tuples(EVENTS, st.integers(0, 1200)), max_size=15), max_size=4),
    cuts=st.sets(st.integers(0, 60)),
)
@settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy with other things
def test_every_stay_is_in_exactly_one_sum_and_batches_add_up_to_the_whole(
    histories: list[list[tuple[InteractionEvent, int]]], cuts: set[int]
) -> None:
    whole, batch, batches = Tally(), Tally(), []
    here: dict[int, Whereabouts | None] = {}
    log = [(number, event, after) for number, events in enumerate(histories) for event, after in events]
    log = [(number, STARTED, 0) for number in range(len(histories))] + log
    at = NINE
    for place, (number, event, after_s) in enumerate(log):
        at += timedelta(seconds=after_s)
        here[number], facts = follow(here.get(number), event, at)
        for fact in facts:
            whole.add(fact)
            batch.add(fact)
        if place in cuts:
            batches.append(batch)
            batch = Tally()
    batches.append(batch)
    inside: dict[NodeKey, int] = {}
    for stands in here.values():
        if stands is not None and stands.node is not None:
            inside[stands.node] = inside.get(stands.node, 0) + 1
    sums: dict[NodeKey, int] = {}
    for (node, _), counts in whole.nodes.items():
        over = counts.left + counts.served + counts.gave_up + counts.faults + counts.ended
        sums[node] = sums.get(node, 0) + counts.entered - over
    assert {node: n for node, n in sums.items() if n} == inside
    assert sum(whole.ways.values()) == sum(c.entered for c in whole.nodes.values()) - sum(inside.values())
    added: dict[tuple[NodeKey, datetime], NodeCounts] = {}
    for each in batches:
        for key, counts in each.nodes.items():
            total = added.setdefault(key, NodeCounts())
            for name in NodeCounts.__dataclass_fields__:
                setattr(total, name, getattr(total, name) + getattr(counts, name))
    assert added == whole.nodes


def test_quarter_hours() -> None:
    assert quarter_of(NINE.replace(minute=44, second=59, microsecond=9)) == NINE.replace(minute=30)
