"""Refusals over HTTP, in the API's own form (``application/problem+json``); the front end translates the code."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.responses import Response


class _Problem(msgspec.Struct, frozen=True):
    code: str
    title: str
    facts: dict[str, str] = {}
    fields: dict[str, str] = {}


def problem(status: int, code: str, title: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the refusal; ``title`` is an English sentence for whoever reads the API by hand."""
    body = msgspec.json.encode(_Problem(code=code, title=title))
    return Response(body, status_code=status, media_type="application/problem+json", headers=dict(headers or {}))
