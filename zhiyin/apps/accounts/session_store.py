"""Where browsers' sessions are kept: Django's table, read by each request as cheaply as can be.

What a session holds is signed; a text that was found to be in order once need not be checked and unpacked again.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from zhiyin.apps.tenancy.prepared import fetch_prepared

#: beside the session its company is entered (``tenancy.scope``), which is known from the request before
_LOAD = b"""
SELECT session_data, set_config('app.tenant', $2, true) FROM django_session
WHERE session_key = $1 AND expire_date > statement_timestamp()
"""
_MOST_KEPT = 4_000


class SessionStore(DatabaseSessions):
    #: the company that was entered as the session was read; ``None``: none was
    entered: int | None = None

    def load(self) -> dict[str, Any]:
        key = self.session_key
        known = _unpacked.get(key)
        expected = known[1].get("tenant") if known else None
        rows = fetch_prepared(_LOAD, [key, "" if expected is None else str(expected)])
        if not rows:
            _unpacked.pop(key, None)
            self._session_key = None
            return {}
        text: str = rows[0][0]
        self.entered = expected
        if known is None or known[0] != text:
            known = _keep(key, text, self.decode(text))
        return deepcopy(known[1])

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - as Django calls it
        super().save(must_create)
        _keep(self.session_key, "", dict(self.items()))  # the text was made inside; what it holds names the company


Unpacked = tuple[str, dict[str, Any]]
#: key -> the session as it is stored, and what it holds
_unpacked: dict[str | None, Unpacked] = {}


def _keep(key: str | None, text: str, held: dict[str, Any]) -> Unpacked:
    if len(_unpacked) >= _MOST_KEPT:
        _unpacked.clear()
    _unpacked[key] = (text, held)
    return _unpacked[key]
