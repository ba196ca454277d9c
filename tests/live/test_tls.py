"""The front with a certificate: pages, API and sockets over TLS, and everybody behind it knows."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from tests.live.builders import ticket
from tests.live.conftest import Front, Peer, serving
from tests.live.small_web import small_web
from zhiyin.config.supervisor.tls import ensure_own_certificate
from zhiyin.live.app import create_app


async def test_everything_works_over_tls(front: Front, tmp_path: Path) -> None:
    cert, key = ensure_own_certificate(tmp_path, ("127.0.0.1",), now=datetime.now(UTC))
    trust = ssl.create_default_context(cafile=str(cert))
    files = {"ssl_certfile": str(cert), "ssl_keyfile": str(key)}
    (front.pages / "index.html").write_text("<script nonce=__CSP_NONCE__></script>")
    async with (
        serving(small_web(), uds=str(front.web_socket)),
        serving(create_app(front.settings()), host="127.0.0.1", port=0, **files) as server,
    ):
        host = f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient(verify=trust, trust_env=False) as browser:
            page = await browser.get(f"https://{host}/")
            assert f"connect-src 'self' wss://{host};" in page.headers["content-security-policy"]
            told = (await browser.get(f"https://{host}/api/who")).json()
            assert told["headers"]["x-forwarded-proto"] == "https"
        address = f"wss://{host}/ws?ticket={ticket()}"
        async with connect(address, ssl=trust, proxy=None, origin=f"https://{host}") as socket:  # type: ignore[arg-type]
            assert (await Peer(socket).next("snapshot"))["me"]["id"] == 1001
