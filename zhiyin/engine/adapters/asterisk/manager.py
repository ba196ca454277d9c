"""Manager actions over HTTP (``/rawman``), for the little that ARI cannot do: MixMonitor, questions about trunks.

A login is a cookie that Asterisk forgets when it was idle for ``httptimeout``, and when Asterisk restarts; then the
action is refused, and we log in again and repeat it, once.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass
from urllib.parse import urlencode

from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused
from zhiyin.engine.adapters.asterisk.http_line import HttpLine
from zhiyin.engine.lease import Gate, OpenGate

REQUEST_TIMEOUT_S = 5.0
OK = 200
_COOKIE = re.compile(r"^set-cookie: *(mansession_id=[^;\r]+)", re.IGNORECASE | re.MULTILINE)
#: What Asterisk says when the cookie is not, or no longer, a login.
_NOT_LOGGED_IN = frozenset({"Permission denied", "Authentication Required", "Authentication failed"})


@dataclass(frozen=True, slots=True)
class ManagerAnswer:
    """The response first, then the events of a list. Names are as Asterisk writes them ("RoundtripUsec")."""

    messages: tuple[dict[str, str], ...]

    @property
    def is_ok(self) -> bool:
        return bool(self.messages) and self.messages[0].get("Response") == "Success"

    @property
    def text(self) -> str:
        return self.messages[0].get("Message", "") if self.messages else ""

    def events(self, name: str) -> list[dict[str, str]]:
        return [message for message in self.messages if message.get("Event") == name]


def read_answer(text: str) -> ManagerAnswer:
    """Parse manager messages: lines "Name: value", messages parted by an empty line."""
    messages: list[dict[str, str]] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        pairs = (line.partition(":") for line in block.split("\n") if ":" in line)
        message = {name.strip(): value.strip() for name, _, value in pairs}
        if message:
            messages.append(message)
    return ManagerAnswer(tuple(messages))


class ManagerClient:
    """Sends one action at a time over one kept connection; Asterisk serialises a login's actions anyway."""

    def __init__(
        self,
        *,
        url: str,
        user: str,
        password: str,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = REQUEST_TIMEOUT_S,
        gate: Gate | None = None,
    ) -> None:
        self._line = HttpLine(url=url, tls=tls, timeout_s=timeout_s)
        self._login = {"action": "Login", "username": user, "secret": password}
        self._gate = gate or OpenGate()
        self._lock = asyncio.Lock()
        self._cookie = ""

    async def close(self) -> None:
        self._line.close()

    async def act(self, action: str, **fields: str) -> ManagerAnswer:
        """Do one action and return its answer, also when it says no.

        Raises ``AriAway`` when Asterisk cannot be reached, ``AriRefused`` when the login is refused.
        """
        form = {"action": action, **fields}
        async with self._lock:
            await self._gate.passed()
            if self._cookie:
                answer = await self._post(form)
                if not _lacks_login(answer):
                    return answer
            await self._log_in()
            return await self._post(form)

    async def _log_in(self) -> None:
        self._cookie = ""
        answer = await self._post(self._login)
        if not answer.is_ok or not self._cookie:
            raise AriRefused(request="manager login", status=403, reason=answer.text or "no manager on this address")

    async def _post(self, form: dict[str, str]) -> ManagerAnswer:
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        try:
            answer = await self._line.ask("POST", "/rawman", form=urlencode(form), headers=cookie)
        except AriAway:
            self._cookie = ""
            raise
        if answer.status != OK:
            raise AriRefused(request="manager", status=answer.status, reason=answer.reason)
        if given := _COOKIE.search(answer.head):
            self._cookie = given[1]
        return read_answer(answer.body)


def _lacks_login(answer: ManagerAnswer) -> bool:
    return not answer.is_ok and answer.text in _NOT_LOGGED_IN
