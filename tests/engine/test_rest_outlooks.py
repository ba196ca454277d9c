"""What agents may know of their next rest: answered anew only where it may have changed, and always right."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.engine.test_agent_life import REASONS
from tests.engine.world import AFTER_SALES, SALES, company
from zhiyin.contracts.snapshots import AgentSetting, RestQuotaSetting, RestsSetting, TenantSettings
from zhiyin.domain import rests
from zhiyin.domain.agents import AgentState
from zhiyin.domain.rests import Places, RestRefusal
from zhiyin.engine.company import read_company
from zhiyin.engine.refusals import DeskRefused
from zhiyin.engine.rest_outlooks import Outlook
from zhiyin.engine.routing_desk import RoutingDesk

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
AGENTS = range(1, 9)
QUOTAS = st.lists(
    st.builds(
        RestQuotaSetting,
        queue=st.sampled_from([None, AFTER_SALES, SALES]),
        at_most=st.none() | st.integers(1, 3),
        share_pct=st.none() | st.sampled_from([20, 50]),
    ),
    max_size=3,
)
RULES = st.builds(
    RestsSetting,
    approval=st.sampled_from(["none", "list", "lead"]),
    quotas=QUOTAS.map(tuple),
    minutes_per_day=st.sampled_from([None, 15, 45]),
)
DEEDS = st.sampled_from(["in", "in", "tea", "tea", "tea", "meeting", "out", "withdraw", "yes", "no", "lost", "time"])
STEPS = st.lists(
    st.tuples(DEEDS, st.sampled_from(AGENTS), st.sampled_from([0, 1, 60, 700, 40_000])) | RULES, max_size=40
)


def settings_with(rule: RestsSetting) -> TenantSettings:
    found = company(agents=tuple(AgentSetting(agent, f"座席{agent}", f"{1000 + agent}") for agent in AGENTS))
    first, *more = found.queues
    queues = (msgspec.structs.replace(first, members=(1, 2, 3, 4)), *more)
    return msgspec.structs.replace(found, queues=queues, rests=rule, reasons=REASONS)


def deed(desk: RoutingDesk, do: str, agent: int, now: datetime) -> None:
    match do:
        case "in":
            desk.sign_in(agent, actor=agent, now=now)
        case "out":
            desk.sign_out(agent, actor=agent, now=now)
        case "withdraw":
            desk.rests.withdraw(agent, actor=agent, now=now)
        case "yes" | "no":
            refusal = RestRefusal.LATER if do == "no" else None
            desk.rests.answer(agent, refusal=refusal, actor=5, now=now)
        case "lost":
            if desk.agent(agent).is_signed_in:
                desk.become(agent, AgentState.LOST, now)
        case "time":
            desk.rests.time_is_over(agent, now)
        case reason:
            desk.set_not_ready(agent, reason, actor=agent, now=now)


def everybodys(desk: RoutingDesk, now: datetime) -> dict[int, Outlook]:
    """Look at everybody, as it was done before each was answered only where that may have changed."""
    rule = desk.company.rest_rule
    signed_in = frozenset(one.id for one in desk.agents.values() if one.is_signed_in)
    wished = {one.id: one.rest for one in desk.agents.values() if one.rest is not None}
    places, used_s = Places(rule.quotas, wished, signed_in=signed_in), desk.rests.outlooks.used_s
    return {
        agent: Outlook(places.free_for(agent), places.in_list(agent), rests.left_s(rule, used_s(agent, now)))
        for agent in signed_in
    }


@settings(max_examples=60)
@given(RULES, STEPS)
@example(RestsSetting(), [("in", 5, 0), RestsSetting(quotas=(RestQuotaSetting(queue=1),))])  # free: still no answer
def test_what_is_kept_is_what_a_look_at_everybody_would_give(
    rule: RestsSetting, steps: list[tuple[str, int, int] | RestsSetting]
) -> None:
    """A look at everybody after each step took a third of the engine's time with 600 agents."""
    desk, now = RoutingDesk(read_company(settings_with(rule))), NINE
    known = dict[int, Outlook]()
    for step in steps:
        if isinstance(step, RestsSetting):
            desk.company = read_company(settings_with(step), desk.company)
        else:
            do, agent, passed_s = step
            now += timedelta(seconds=passed_s)
            with suppress(DeskRefused):
                deed(desk, do, agent, now)
        desk.rests.settle(now)
        found, outlooks = everybodys(desk, now), desk.rests.outlooks
        assert {agent: outlooks.of(agent) for agent in AGENTS} == {a: found.get(a, Outlook()) for a in AGENTS}
        changed, new = outlooks.take_changed(), found.keys() - known.keys()
        assert changed - new == {agent for agent in found if agent in known and found[agent] != known[agent]}
        assert changed >= {agent for agent in new if found[agent] != Outlook()}
        known = found
