"""How it stands with each of several Asterisks, for those who run the installation and for a company's pages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from zhiyin.contracts.frames import NodeHealth
from zhiyin.engine.ports import Nodes, NodeState
from zhiyin.engine.switchboard import Switchboard


def node_healths(board: Switchboard, nodes: Nodes | None, *, tenant: int | None = None) -> dict[str, NodeHealth]:
    """Return every node's health by its name; none where there is but one Asterisk.

    Contacts out of sight are counted of one company, or of all (``tenant`` None).
    """
    if nodes is None:
        return {}
    contacts = _contacts_out_of_sight(board, nodes, tenant)
    now = board.clock.now()
    return {name: _health(state, contacts[name], now) for name, state in nodes.node_states().items()}


def _contacts_out_of_sight(board: Switchboard, nodes: Nodes, tenant: int | None) -> Counter[str]:
    """Of one that this engine never saw, a contact may be on several: it counts on each."""
    found: Counter[str] = Counter()
    for session in board.sessions.values():
        if session.call.unseen_since is not None and tenant in (None, session.tenant.id):
            found.update({node for leg in session.live.legs for node in nodes.may_hide(leg)})
    return found


def _health(node: NodeState, contacts: int, now: datetime) -> NodeHealth:
    if node.is_up:
        return NodeHealth("draining" if node.is_draining else "ok", node.legs)
    return NodeHealth(
        "away",
        node.legs,
        unseen_since=_at(now, node.unseen_for_s, sign=-1),
        lost_at=_at(now, node.lost_in_s),
        contacts=contacts,
    )


def _at(now: datetime, in_s: float | None, *, sign: int = 1) -> datetime | None:
    return None if in_s is None else now + sign * timedelta(seconds=in_s)
