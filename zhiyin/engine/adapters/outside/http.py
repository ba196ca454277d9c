"""HTTP to other systems: verified TLS, no redirects, no proxies, so much and so long and no more."""

from __future__ import annotations

import ssl

import httpx

from zhiyin.domain.security.egress import RefusedTarget, port_of, read_target
from zhiyin.engine.adapters.outside.names import Names
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideFailed

USER_AGENT = "Zhiyin-Flows/1"
_CONNECT_S = 4.0


class HttpCaller:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._tls = ssl.create_default_context()  # dear to make, and the same for all

    async def call(self, call: HttpCall, *, company: int, within_s: float) -> HttpAnswer:
        """Send one request of a company's and return its whole answer. Raises ``OutsideFailed``."""
        try:
            parts = read_target(call.url, internal_hosts=self._names.internal_hosts)
        except RefusedTarget as refused:
            raise OutsideFailed(refused.code) from refused
        host, port = parts.hostname or "", port_of(parts)
        address = await self._names.address_of(host, port, company=company)
        target = parts._replace(netloc=f"[{address}]:{port}" if ":" in address else f"{address}:{port}").geturl()
        headers = {
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
            "Connection": "close",
            **call.headers,
            "Host": parts.netloc,
        }
        try:
            return await self._send(call, target, headers, host, within_s)
        except httpx.TimeoutException as error:
            raise OutsideFailed("late") from error
        except httpx.ConnectError as error:
            raise OutsideFailed("tls" if _is_tls_fault(error) else "unreachable") from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise OutsideFailed("broken") from error

    async def _send(
        self, call: HttpCall, target: str, headers: dict[str, str], host: str, within_s: float
    ) -> HttpAnswer:
        timeout = httpx.Timeout(within_s, connect=min(within_s, _CONNECT_S))
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout, verify=self._tls) as client,
            client.stream(
                call.method, target, content=call.body or None, headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            body = bytearray()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > call.most_bytes:
                    raise OutsideFailed("too_large")
            return HttpAnswer(answer.status_code, answer.headers.get("content-type", ""), bytes(body))


def _is_tls_fault(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
