"""Listens to Asterisk's security events and tells who tried to be whom it is not.

They come over the manager interface by a long poll of a user of its own, who may do nothing else. A request that
came by a websocket came from ``live``, which watches its browsers itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from zhiyin.domain.security.bans import Offence
from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.ports import AccessRefused

log = structlog.get_logger(__name__)

#: The manager user who may read security events; its password is the manager's.
SECURITY_USER = "zhiyin-security"
POLL_S = 30
#: Between two polls: some event that is none of ours may end each of them at once. What happens meanwhile is kept.
PAUSE_S = 0.5
RETRY_S = 1.0
_WRONG_PASSWORD = frozenset({"ChallengeResponseFailed", "InvalidPassword"})


class SecurityWatch:
    """Runs until stopped; a lost connection is made anew."""

    def __init__(self, *, url: str, password: str, on_refused: Callable[[AccessRefused], None]) -> None:
        self._manager = ManagerClient(url=url, user=SECURITY_USER, password=password, timeout_s=POLL_S + 10)
        self._on_refused = on_refused
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="security watch")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._manager.close()

    async def _run(self) -> None:
        is_told = False
        while True:
            try:
                answer = await self._manager.act("WaitEvent", timeout=str(POLL_S))
                is_told = False
            except (AriAway, AriRefused) as error:
                if not is_told:
                    log.warning("security_watch_away", why=str(error))
                is_told = True
                await asyncio.sleep(RETRY_S)
                continue
            for message in answer.messages:
                if (fact := to_access_refused(message)) is not None:
                    self._on_refused(fact)
            await asyncio.sleep(PAUSE_S)


def to_access_refused(event: dict[str, str]) -> AccessRefused | None:
    """Return what a security event says about an intruder; None for all that is in order."""
    if event.get("Service") != "PJSIP":
        return None
    _family, _, rest = event.get("RemoteAddress", "").partition("/")
    transport, _, address_and_port = rest.partition("/")
    address = address_and_port.rpartition("/")[0]
    if not address or transport in ("WS", "WSS"):
        return None
    name, account = event.get("Event", ""), event.get("AccountID", "")
    if name in _WRONG_PASSWORD and account not in ("", "anonymous", "<unknown>"):
        return AccessRefused(address, Offence.WRONG_PASSWORD, account)
    is_unknown = name == "FailedACL" and event.get("ACLName") == "registrar_attempt_without_configured_aors"
    if is_unknown or name in ("InvalidAccountID", *_WRONG_PASSWORD):
        return AccessRefused(address, Offence.UNKNOWN_ACCOUNT)
    return None
