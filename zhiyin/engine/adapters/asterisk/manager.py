"""Manager actions over HTTP (``/rawman``), for the little that ARI cannot do: MixMonitor, questions about trunks.

A login is a cookie that Asterisk forgets when it was idle for ``httptimeout``, and when Asterisk restarts; then the
action is refused, and we log in again and repeat it, once.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused
from zhiyin.engine.lease import Gate, OpenGate

REQUEST_TIMEOUT_S = 5.0
OK = 200
_COOKIE = re.compile(r"^set-cookie: *(mansession_id=[^;\r]+)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(r"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
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
    """Sends one action at a time over one kept connection; Asterisk serialises a login's actions anyway.

    There is one such request in every recorded call, always the same few lines to the same server: a general HTTP
    client took a quarter of the engine's time for it.
    """

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
        address = urlsplit(url)
        self._host = address.hostname or "127.0.0.1"
        self._tls = tls if address.scheme == "https" else None
        self._port = address.port or (443 if self._tls else 80)
        self._login = {"action": "Login", "username": user, "secret": password}
        self._timeout_s = timeout_s
        self._gate = gate or OpenGate()
        self._lock = asyncio.Lock()
        self._cookie = ""
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def close(self) -> None:
        self._hang_up()

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
        try:
            async with asyncio.timeout(self._timeout_s):
                status, head, body = await self._ask(urlencode(form))
        except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self._hang_up()
            self._cookie = ""
            raise AriAway(f"manager: {error!r}") from error
        except asyncio.CancelledError:
            self._hang_up()  # the answer to come is not the next action's
            raise
        if status != OK:
            raise AriRefused(request="manager", status=status, reason=head.split("\r\n", 1)[0])
        if cookie := _COOKIE.search(head):
            self._cookie = cookie[1]
        return read_answer(body)

    async def _ask(self, body: str) -> tuple[int, str, str]:
        """Return status, head and body of the answer. Never repeats: the action may have been done."""
        if self._line is None or self._line[0].at_eof():
            self._hang_up()
            self._line = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        reader, writer = self._line
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        writer.write(
            f"POST /rawman HTTP/1.1\r\nHost: {self._host}\r\n{cookie}Content-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = _LENGTH.search(head)
        if length is None:
            raise ValueError("an answer without its length")
        answer = await reader.readexactly(int(length[1]))
        return int(head.split(" ", 2)[1]), head, answer.decode(errors="replace")  # telephones' own words are in it

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line[1].close()


def _lacks_login(answer: ManagerAnswer) -> bool:
    return not answer.is_ok and answer.text in _NOT_LOGGED_IN
