"""Manager actions over HTTP (``/rawman``), for the little that ARI cannot do: MixMonitor, questions about trunks.

A login is a cookie that Asterisk forgets when it was idle for ``httptimeout``, and when Asterisk restarts; then the
action is refused, and we log in again and repeat it, once.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

import httpx

from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused

REQUEST_TIMEOUT_S = 5.0
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
    """Sends one action at a time; Asterisk serialises a login's actions anyway."""

    def __init__(
        self,
        *,
        url: str,
        user: str,
        password: str,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> None:
        self._url = f"{url}/rawman"
        self._login = {"action": "Login", "username": user, "secret": password}
        # On loopback the address is ours: no proxy of the environment, no certificates to load.
        self._http = httpx.AsyncClient(timeout=timeout_s, trust_env=False, verify=tls or False)
        self._lock = asyncio.Lock()
        self._is_logged_in = False

    async def close(self) -> None:
        await self._http.aclose()

    async def act(self, action: str, **fields: str) -> ManagerAnswer:
        """Do one action and return its answer, also when it says no.

        Raises ``AriAway`` when Asterisk cannot be reached, ``AriRefused`` when the login is refused.
        """
        form = {"action": action, **fields}
        async with self._lock:
            if self._is_logged_in:
                answer = await self._post(form)
                if not _lacks_login(answer):
                    return answer
            await self._log_in()
            return await self._post(form)

    async def _log_in(self) -> None:
        self._is_logged_in = False
        self._http.cookies.clear()
        answer = await self._post(self._login)
        if not answer.is_ok:
            raise AriRefused(request="manager login", status=403, reason=answer.text or "no manager on this address")
        self._is_logged_in = True

    async def _post(self, form: dict[str, str]) -> ManagerAnswer:
        try:
            response = await self._http.post(self._url, data=form)
        except httpx.HTTPError as error:
            self._is_logged_in = False
            raise AriAway(f"manager: {error!r}") from error
        if response.status_code != httpx.codes.OK:
            raise AriRefused(request="manager", status=response.status_code, reason=response.reason_phrase)
        return read_answer(response.text)


def _lacks_login(answer: ManagerAnswer) -> bool:
    return not answer.is_ok and answer.text in _NOT_LOGGED_IN
