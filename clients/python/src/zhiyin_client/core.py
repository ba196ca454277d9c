"""Sending one request: the key, errors as exceptions, and patience when told to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import IO, Any
from urllib.parse import quote

import httpx

#: (file name, content, content type)
Upload = tuple[str, bytes | IO[bytes], str]
_TOO_MANY, _AWAY = 429, 503
_TIMEOUT_S = 30.0


class Problem(Exception):
    """The API refused: ``code`` is stable, ``fields`` names what was wrong where."""

    def __init__(self, status: int, code: str, title: str, facts: Mapping[str, Any], fields: Mapping[str, str]) -> None:
        self.status, self.code, self.title, self.facts, self.fields = status, code, title, dict(facts), dict(fields)
        super().__init__(f"{status} {code}: {title}" + (f" {self.fields}" if self.fields else ""))


class TooManyRequests(Problem):
    """The key calls too often, and waiting as told did not help within the client's patience."""


class Unreachable(Exception):
    """No answer came. Whether the request was carried out is unknown."""


class Core:
    """One connection to one installation. Safe to share between threads."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``patience_s``: how long one call may wait in all, where the API says that it calls too often."""
        self._patience_s = patience_s
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=_TIMEOUT_S,
            transport=transport,
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @staticmethod
    def quoted(value: object) -> str:
        """Return a value as one part of an address, whatever it holds."""
        return quote(str(value), safe="")

    def call(
        self,
        method: str,
        address: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        files: Mapping[str, Upload] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a request and return its answer: JSON as Python has it, anything else as bytes, nothing as None.

        Where the key calls too often, or (for reading) a part is being restarted, the call waits as it was told.
        Raises ``Problem``, ``TooManyRequests`` and ``Unreachable``.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        waited_s = 0.0
        while True:
            answer = self._send(method, address, params=asked, json=body, files=files, data=form)
            wait_s = _asked_to_wait(method, answer)
            if wait_s is None or waited_s + wait_s > self._patience_s:
                return _read(answer)
            self._sleep(wait_s)
            waited_s += wait_s

    def _send(self, method: str, address: str, **parts: Any) -> httpx.Response:
        given = {name: value for name, value in parts.items() if value is not None}
        try:
            return self._http.request(method, address, **given)
        except httpx.HTTPError as error:
            raise Unreachable(f"{method} {address}: {error}") from error


def _asked_to_wait(method: str, answer: httpx.Response) -> float | None:
    """Return the seconds after which to try again; None: the answer stands."""
    may_repeat = answer.status_code == _TOO_MANY or (answer.status_code == _AWAY and method == "GET")
    told = answer.headers.get("Retry-After", "")
    return float(told) if may_repeat and told.isdecimal() else None


def _read(answer: httpx.Response) -> Any:
    kind = answer.headers.get("Content-Type", "")
    if answer.is_success:
        if not answer.content:
            return None
        return answer.json() if kind.startswith("application/json") else answer.content
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    refused = TooManyRequests if answer.status_code == _TOO_MANY else Problem
    title = str(said.get("title", answer.reason_phrase))
    raise refused(
        answer.status_code, str(said.get("code", "unknown")), title, said.get("facts", {}), said.get("fields", {})
    )
