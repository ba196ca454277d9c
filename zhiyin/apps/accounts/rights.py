"""Which rights a role has: codes that routes, tickets and the front end compare. Each role adds to the one before."""

from __future__ import annotations

from zhiyin.contracts.rights import FORCE_AGENTS, OVERRIDE_LISTS, SUPERVISE_CALLS

INTERFACES = frozenset({"integrations.manage", "events.read"})

AGENT = frozenset({"desk", "customers.read", "customers.write", "own.recordings"})
LEAD = (
    AGENT
    | {"lists.write", OVERRIDE_LISTS, "customers.assign"}
    | {"customers.import", "customers.export", "customers.merge", "views.share"}
    | {"live.read", "recordings.read", "numbers.clear", "figures.read", SUPERVISE_CALLS, FORCE_AGENTS}
)
ADMINISTRATOR = LEAD | {"admin", "audit.read", "fields.write", "customers.settings"}

RIGHTS: dict[str, frozenset[str]] = {"agent": AGENT, "lead": LEAD, "administrator": ADMINISTRATOR | INTERFACES}
