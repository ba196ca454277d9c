"""``/api/alarms``: the words of the alarms that hold, for administrators. ``web`` says who asks."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from zhiyin.domain.alarms import Alarm
from zhiyin.live.health import HealthBook
from zhiyin.live.logins import AskWeb
from zhiyin.live.problems import problem

_RIGHT = "admin"


class _AlarmRow(msgspec.Struct, frozen=True):
    code: str
    severity: str
    subject: str
    en: str
    zh: str


class _AlarmList(msgspec.Struct, frozen=True):
    items: tuple[_AlarmRow, ...]


class _User(msgspec.Struct, frozen=True):
    rights: tuple[str, ...] = ()


class _Company(msgspec.Struct, frozen=True):
    code: str


class _Session(msgspec.Struct, frozen=True):
    """As much of ``GET /api/session`` as matters here."""

    user: _User | None = None
    company: _Company | None = None


class AlarmsPage:
    def __init__(self, *, health: HealthBook, ask_web: AskWeb) -> None:
        self._health = health
        self._ask_web = ask_web

    async def serve(self, request: Request) -> Response:
        session = await self._who_asks(request.headers.get("cookie", ""))
        if session is None:
            return problem(503, "part_away", "The web server does not answer, so nobody can tell who you are.")
        if session.user is None:
            return problem(401, "not_logged_in", "Log in first.")
        if _RIGHT not in session.user.rights:
            return problem(403, "not_allowed", "Administrators hear of alarms.")
        await self._health.read()
        own = session.company.code if session.company else None
        rows = tuple(_row(alarm) for alarm in self._health.alarms if alarm.company in (None, own))
        body = msgspec.json.encode(_AlarmList(rows))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def _who_asks(self, cookie: str) -> _Session | None:
        answer = await self._ask_web("/api/session", cookie)
        if answer is None or answer[0] != 200:
            return None
        try:
            return msgspec.json.decode(answer[1], type=_Session)
        except msgspec.MsgspecError:
            return None


def _row(alarm: Alarm) -> _AlarmRow:
    return _AlarmRow(alarm.code, alarm.severity.value, alarm.subject, alarm.en, alarm.zh)
