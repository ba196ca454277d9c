"""Asking another system over HTTP and JSON, with its refusals as the port's faults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zhiyin.apps.integrations.connectors.port import Access, Away, Busy, Refused, Unacceptable
from zhiyin.apps.outgoing import Answer, BadTarget, NoAnswer, post

#: of an answer; a page of customers is far smaller
_MOST_BYTES = 4_000_000


def ask_json(
    access: Access, path: str, *, headers: Mapping[str, str], method: str = "GET", body: Mapping[str, Any] | None = None
) -> Any:
    """Return what a system answers. Raises ``ConnectorFault``.

    Nothing that it says about a failure is kept: it may quote what it was sent.
    """
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {"User-Agent": "Zhiyin-Connector/1", "Accept": "application/json", **headers}
    if body is not None:
        sent["Content-Type"] = "application/json"
    try:
        answer = post(
            access.url.rstrip("/") + path,
            body=content,
            headers=sent,
            resolve=access.resolve,
            method=method,
            most_bytes=_MOST_BYTES,
        )
    except (NoAnswer, BadTarget) as error:
        raise Away(error.code) from error
    if not answer.is_taken:
        raise _fault(answer)
    try:
        return json.loads(answer.body)
    except ValueError as error:
        raise Away("not_json", status=answer.status) from error


def _fault(answer: Answer) -> Exception:
    status = answer.status
    if status in (401, 403):
        return Refused("wrong_key" if status == 401 else "no_access", status=status)
    if status == 429 or (status == 503 and answer.retry_after_s is not None):
        return Busy(status=status, retry_after_s=answer.retry_after_s)
    if 400 <= status < 500 and status != 408:
        return Unacceptable("unacceptable", status=status)
    return Away("server_error" if status >= 500 else "moved", status=status)
