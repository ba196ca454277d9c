"""Which rights a role has: codes that routes, tickets and the front end compare. Each role adds to the one before."""

from __future__ import annotations

AGENT = frozenset({"desk", "customers.read", "customers.write", "own.recordings"})
LEAD = AGENT | {"live.read", "recordings.read", "numbers.clear", "figures.read"}
ADMINISTRATOR = LEAD | {"admin", "audit.read"}

RIGHTS: dict[str, frozenset[str]] = {"agent": AGENT, "lead": LEAD, "administrator": ADMINISTRATOR}
