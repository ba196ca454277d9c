"""The simulated company: two queues, agents at browsers and SIP telephones, two trunks, a hotline with a menu."""

from __future__ import annotations

import msgspec

from zhiyin.contracts.snapshots import (
    AgentSetting,
    CallbackSetting,
    FlowSetting,
    HoursSetting,
    NumberSetting,
    OutboundSetting,
    OverflowSetting,
    PromptSetting,
    QueueSetting,
    ReasonSetting,
    RestQuotaSetting,
    RestsSetting,
    SipAccountSetting,
    TenantSettings,
    TrunkSetting,
    VoicemailSetting,
)
from zhiyin.domain.announcements import SYSTEM_PROMPTS

TENANT = 1
HOTLINE = "4008001234"
QUEUES = (1, 2)
ALWAYS = tuple((("00:00", "24:00"),) for _ in range(7))
_PROMPTS = ("menu", "closed", "goodbye", *SYSTEM_PROMPTS)
#: Every so many agents one has a SIP telephone.
_SIP_EVERY = 4

_FLOW = {
    "format": 1,
    "start": "start",
    "nodes": [
        {"id": "start", "kind": "start"},
        {"id": "menu", "kind": "menu", "config": {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b"}}},
        {"id": "q1", "kind": "queue", "config": {"queue": 1}},
        {"id": "q2", "kind": "queue", "config": {"queue": 2, "priority": 1}},
        {"id": "busy", "kind": "hang_up", "config": {"prompt": {"key": "all_busy"}, "reason": "no_agents"}},
        {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
    ],
    "edges": [
        {"from": "start", "exit": "next", "to": "menu"},
        {"from": "menu", "exit": "1", "to": "q1"},
        {"from": "menu", "exit": "2", "to": "q2"},
        {"from": "menu", "exit": "no_key", "to": "bye"},
        {"from": "menu", "exit": "wrong_key", "to": "bye"},
        *({"from": q, "exit": e, "to": "busy"} for q in ("q1", "q2") for e in ("closed", "overflow")),
    ],
}


def is_sip(agent: int) -> bool:
    return agent % _SIP_EVERY == 0


def make_company(*, agents: int, wrap_up_s: int = 20) -> TenantSettings:
    """Return its settings. Even agents serve both queues, odd ones the first; the second rings all."""
    numbers = range(1, agents + 1)
    sip = [n for n in numbers if is_sip(n)]
    return TenantSettings(
        tenant=TENANT,
        code="sim",
        name="模拟公司",
        version=1,
        numbers=(NumberSetting(HOTLINE, 1),),
        flows=(FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(_FLOW))),),
        hours=(HoursSetting(1, "always", ALWAYS),),
        queues=(
            QueueSetting(
                1,
                "售后",
                "After-sales",
                tuple(numbers),
                wrap_up_s=wrap_up_s,
                max_wait_s=300,
                callback=CallbackSetting(after_s=0, attempts=2, retry_after_s=30, expires_after_s=900),
                voicemail=VoicemailSetting(max_s=20, limit=20),
                overflow=(
                    OverflowSetting("waited_over", "play", 20, prompt="closed"),
                    OverflowSetting("waited_over", "add_queue", 40, queue=2),
                    OverflowSetting("waited_over", "callback", 150),
                ),
            ),
            QueueSetting(
                2,
                "销售",
                "Sales",
                tuple(n for n in numbers if n % 2 == 0),
                wrap_up_s=wrap_up_s,
                agent_choice="ring_all",
                ring_at_most=3,
                overflow=(
                    OverflowSetting("line_reached", "message", 4),
                    OverflowSetting("waited_over", "move", 60, queue=1),
                ),
                wrap_up_mode="optional",
                missed_limit=2,
                missed_pause_s=5,
                missed_back_after_s=30,
            ),
        ),
        agents=tuple(
            AgentSetting(
                n,
                f"座席{n}",
                f"{1000 + n}",
                telephone="sip" if n in sip else "browser",
                sip_account=f"desk{n}" if n in sip else None,
            )
            for n in numbers
        ),
        sip_accounts=tuple(SipAccountSetting(f"desk{n}", "secret", n) for n in sip),
        trunks=(TrunkSetting(1, "first", "192.0.2.1"), TrunkSetting(2, "second", "192.0.2.2")),
        outbound=OutboundSetting(wrap_up_s=wrap_up_s, max_per_hour_per_agent=1000, max_concurrent=1000),
        reasons=(
            ReasonSetting("meeting", "会议", "Meeting"),
            ReasonSetting("rest", "小休", "Rest", is_rest=True, planned_min=1),
        ),
        rests=RestsSetting(approval="list", quotas=(RestQuotaSetting(at_most=2), RestQuotaSetting(queue=2, at_most=1))),
        prompts=tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in _PROMPTS),
    )


def change_company(settings: TenantSettings, *, agents: int, dice_roll: int) -> TenantSettings:
    """Return the settings as an administrator changed them in mid-call: a queue's members and times, or an agent gone
    and, the next time, back."""
    whole = make_company(agents=agents)
    leaving = 1 + dice_roll % agents
    changes: dict[str, object] = {"version": settings.version + 1}
    if dice_roll % 3 == 0 and len(settings.agents) == agents:
        changes["agents"] = tuple(a for a in whole.agents if a.id != leaving)
        changes["sip_accounts"] = tuple(s for s in whole.sip_accounts if s.agent != leaving)
    queue = msgspec.structs.replace(
        whole.queues[0],
        members=tuple(a for a in whole.queues[0].members if dice_roll % 2 or a != leaving),
        wrap_up_s=(0, 5, 20)[dice_roll % 3],
        offer_timeout_s=(8, 20)[dice_roll % 2],
        is_recorded=dice_roll % 5 != 0,
    )
    changes["queues"] = (queue, *whole.queues[1:])
    return msgspec.structs.replace(whole, **changes)
