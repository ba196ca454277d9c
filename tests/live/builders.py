"""Rows, tickets and frames with the noise left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.snapshots import AgentRow, Board, InteractionRow, OfferRow, QueueRow
from zhiyin.contracts.tickets import Ticket, sign_ticket
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Direction, Phase

KEY = b"k" * 32
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
AGENT_RIGHTS = ("customers.read", "customers.write", "desk", "recordings.read")
LEAD_RIGHTS = (*AGENT_RIGHTS, "figures.read", "live.read", "numbers.clear", "recordings.read")


def ticket(**changes: object) -> str:
    given = {
        "tenant": 1,
        "user": 1001,
        "name": "王芳",
        "role": "agent",
        "rights": AGENT_RIGHTS,
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
        "session": "s1",
        "agent": 1001,
        **changes,
    }
    return sign_ticket(Ticket(**given), KEY)  # type: ignore[arg-type]


def lead_ticket(**changes: object) -> str:
    return ticket(**{"user": 2001, "agent": None, "role": "lead", "rights": LEAD_RIGHTS, **changes})


def agent(number: int, state: AgentState = AgentState.READY, **changes: object) -> AgentRow:
    given = {
        "id": number,
        "name": f"坐席{number}",
        "state": state,
        "reason": None,
        "since": NOW,
        "interaction": None,
        "until": None,
        "next_state": None,
        "next_reason": None,
        "telephone": "browser",
        **changes,
    }
    return AgentRow(**given)  # type: ignore[arg-type]


def interaction(name: str, **changes: object) -> InteractionRow:
    given = {
        "id": name,
        "phase": Phase.WAITING,
        "direction": Direction.INBOUND,
        "customer_number": "+8613800138000",
        "entry": "4008001234",
        "queue": 1,
        "path": ("1",),
        "started_at": NOW,
        "queued_at": NOW,
        "answered_at": None,
        "ended_at": None,
        "agent": None,
        "held_since": None,
        "offers": (),
        "is_recording": False,
        **changes,
    }
    return InteractionRow(**given)  # type: ignore[arg-type]


def offered(name: str, to: int, **changes: object) -> InteractionRow:
    offer = OfferRow(offer=f"o-{name}", agent=to, offered_at=NOW, expires_at=NOW + timedelta(seconds=20))
    return interaction(name, phase=Phase.OFFERED, offers=(offer,), **changes)


def queue(number: int = 1, **changes: object) -> QueueRow:
    given = {
        "id": number,
        "name": "售后",
        "name_en": "Service",
        "waiting": 0,
        "oldest_queued_at": None,
        "agents_signed_in": 2,
        "agents_ready": 2,
        "offered": 0,
        "answered": 0,
        "abandoned": 0,
        "answered_in_target": 0,
        "service_level_s": 20,
        "service_level_pct": None,
        "answer_rate_pct": None,
        "average_speed_of_answer_s": None,
        "talk_s": 0.0,
        "wrap_up_s": 0.0,
        **changes,
    }
    return QueueRow(**given)  # type: ignore[arg-type]


def board(
    *,
    tenant: int = 1,
    number: int = 1,
    agents: tuple[AgentRow, ...] = (),
    interactions: tuple[InteractionRow, ...] = (),
    queues: tuple[QueueRow, ...] = (),
    settings_version: int = 1,
) -> BoardUpdate:
    whole = Board(
        tenant=tenant,
        epoch=1,
        number=number,
        agents=agents,
        interactions=interactions,
        queues=queues,
        settings_version=settings_version,
    )
    return BoardUpdate(tenant=tenant, epoch=1, number=number, board=whole)


def update(number: int, *, tenant: int = 1, **changes: object) -> BoardUpdate:
    return BoardUpdate(tenant=tenant, epoch=1, number=number, **changes)  # type: ignore[arg-type]
