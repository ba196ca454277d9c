"""The rights that are checked outside Django as well: by ``live`` from the ticket, by the engine from its settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhiyin.contracts import commands as c

SUPERVISE_CALLS = "calls.supervise"
FORCE_AGENTS = "agents.force"
#: Change where and how a contact waits, and take one out of the line.
INTERVENE = "waiting.intervene"
PULL = "waiting.pull"
READ_LIVE = "live.read"
READ_NUMBERS = "numbers.clear"
#: Call a number that is blocked or not to be called.
OVERRIDE_LISTS = "lists.override"

#: Published to the engine with each user who has them.
ENGINE_RIGHTS = frozenset({SUPERVISE_CALLS, FORCE_AGENTS, INTERVENE, PULL, OVERRIDE_LISTS})

#: The rights whose scope is checked outside Django too: by teams.
SCOPED_RIGHTS = frozenset({SUPERVISE_CALLS, FORCE_AGENTS, INTERVENE, PULL, READ_LIVE})

#: What a command needs beyond a desk. Its scope is the engine's to check.
RIGHT_FOR: dict[type[c.Command], str] = {
    c.Monitor: SUPERVISE_CALLS,
    c.ChangeMonitoring: SUPERVISE_CALLS,
    c.StopMonitoring: SUPERVISE_CALLS,
    c.TakeOver: SUPERVISE_CALLS,
    c.Disconnect: SUPERVISE_CALLS,
    c.ForceState: FORCE_AGENTS,
    c.Requeue: INTERVENE,
    c.ChangePriority: INTERVENE,
    c.Assign: INTERVENE,
    c.EndWaiting: INTERVENE,
    c.Pull: PULL,
    c.AnswerRest: FORCE_AGENTS,
}


def is_within(reach: Mapping[str, Collection[int]], right: str, team: int | None) -> bool:
    """Return whether somebody of ``team`` is within a right's reach: its teams, or everybody where none are named."""
    teams = reach.get(right)
    return teams is None or (team is not None and team in teams)
