"""A small web server to stand where Django stands: it tells what it was asked, streams, ranges, and refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

RECORDING = bytes(range(256)) * 4096


async def tell(request: Request) -> Response:
    """Return what arrived; two cookies, so that headers of one name are seen to survive."""
    body = await request.body()
    response = JSONResponse(
        {
            "method": request.method,
            "path": request.scope["raw_path"].decode(),
            "query": request.url.query,
            "headers": dict(request.headers),
            "body_bytes": len(body),
        }
    )
    response.set_cookie("zhiyin_session", "one")
    response.set_cookie("zhiyin_csrf", "two")
    return response


async def audio(request: Request) -> Response:
    wanted = request.headers.get("range")
    if wanted is None:
        return Response(RECORDING, media_type="audio/wav", headers={"Accept-Ranges": "bytes"})
    first, last = map(int, wanted.removeprefix("bytes=").split("-"))
    part = RECORDING[first : last + 1]
    headers = {"Content-Range": f"bytes {first}-{last}/{len(RECORDING)}"}
    return Response(part, status_code=206, media_type="audio/wav", headers=headers)


async def slow(_request: Request) -> Response:
    """Send a first piece at once and then none: a proxy that collects would send nothing."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(60)

    return StreamingResponse(pieces(), media_type="text/plain")


async def embedding(request: Request) -> Response:
    """Company "acme" is embedded by two; "broken" answers what would mean something in a policy."""
    broken = ["https://x.example; script-src *", "*"]
    origins = {"acme": ["https://crm.example", "http://localhost:9"], "broken": broken}
    return JSONResponse({"origins": origins.get(request.path_params["company"], [])})


def small_web() -> ASGIApp:
    methods = ["GET", "POST", "PUT", "DELETE"]
    return Starlette(
        routes=[
            Route("/api/audio", audio),
            Route("/api/slow", slow),
            Route("/api/embedding/{company}", embedding),
            Route("/api/{path:path}", tell, methods=methods),
        ]
    )
