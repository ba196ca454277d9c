"""Bringing a file to an HTTPS address and fetching one from there, through the guard of ``outgoing``."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from zhiyin.apps.exchange.models import FilePlan
from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.apps.outgoing import Answer, BadTarget, NoAnswer, Resolve, post
from zhiyin.apps.tenancy.vault import open_secret

PURPOSE = "file plan"
#: for a whole file, on its way there or back
WITHIN_S = 120.0
_PIECE = 256 * 1024
_AGENT = "Zhiyin-Files/1"


def address_of(plan: FilePlan, name: str) -> str:
    return f"{plan.url.rstrip('/')}/{quote(name)}"


def put_file(plan: FilePlan, *, name: str, source: IO[bytes], size_bytes: int, resolve: Resolve | None = None) -> None:
    """Send a file with PUT. Raises ``PlaceFault``."""
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size_bytes)}
    answer = _ask(plan, name, "PUT", body=_timed(source), headers=headers, resolve=resolve)
    if not answer.is_taken:
        raise _refused(answer)


def get_file(plan: FilePlan, *, name: str, most_bytes: int, resolve: Resolve | None = None) -> bytes | None:
    """Return the file; ``None``: there is none. Raises ``PlaceFault``."""
    answer = _ask(plan, name, "GET", body=b"", headers={}, resolve=resolve, most_bytes=most_bytes)
    if answer.status in (204, 404, 410):
        return None
    if not answer.is_taken:
        raise _refused(answer)
    return answer.body


def _ask(
    plan: FilePlan,
    name: str,
    method: str,
    *,
    body: bytes | Iterator[bytes],
    headers: dict[str, str],
    resolve: Resolve | None,
    most_bytes: int = 0,
) -> Answer:
    try:
        return post(
            address_of(plan, name),
            body=body,
            headers={"User-Agent": _AGENT, **_credentials(plan), **headers},
            resolve=resolve,
            method=method,
            most_bytes=most_bytes,
            is_whole=method == "GET",
            within_s=WITHIN_S,
        )
    except BadTarget as error:
        raise PlaceFault(error.code, is_lasting=True) from error
    except NoAnswer as error:
        facts = {"limit_mb": most_bytes // 1024 // 1024} if error.code == "file_too_large" else {}
        raise PlaceFault(error.code, is_lasting=bool(facts), **facts) from error


def _timed(source: IO[bytes]) -> Iterator[bytes]:
    """Yield the file in pieces, for so long: a receiver that takes them by drips is given up."""
    until = time.monotonic() + WITHIN_S
    while piece := source.read(_PIECE):
        if time.monotonic() > until:
            raise NoAnswer("late")
        yield piece


def _credentials(plan: FilePlan) -> dict[str, str]:
    if plan.auth == FilePlan.Auth.NONE:
        return {}
    secret = open_secret(plan.sealed_secret, tenant=plan.tenant, purpose=PURPOSE)
    if plan.auth == FilePlan.Auth.BEARER:
        return {"Authorization": f"Bearer {secret}"}
    told = base64.b64encode(f"{plan.username}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


def _refused(answer: Answer) -> PlaceFault:
    status = answer.status
    if status in (401, 403):
        return PlaceFault("refused_access", is_lasting=True, status=status)
    if status >= 500 or status in (408, 425, 429):
        return PlaceFault("server_error", status=status)
    return PlaceFault("moved" if status < 400 else "not_accepted", is_lasting=True, status=status)
