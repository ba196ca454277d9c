"""The rights that are checked outside Django as well: by ``live`` from the ticket, by the engine from its settings."""

from __future__ import annotations

from zhiyin.contracts import commands as c

SUPERVISE_CALLS = "calls.supervise"
FORCE_AGENTS = "agents.force"

#: Published to the engine with each user who has them.
ENGINE_RIGHTS = frozenset({SUPERVISE_CALLS, FORCE_AGENTS})

#: What a command needs beyond a desk. The right holds in the whole company.
RIGHT_FOR: dict[type[c.Command], str] = {
    c.Monitor: SUPERVISE_CALLS,
    c.ChangeMonitoring: SUPERVISE_CALLS,
    c.StopMonitoring: SUPERVISE_CALLS,
    c.TakeOver: SUPERVISE_CALLS,
    c.Disconnect: SUPERVISE_CALLS,
    c.ForceState: FORCE_AGENTS,
}
