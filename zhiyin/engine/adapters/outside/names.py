"""Finding the one address to connect to: resolved once, judged, and then connected to by that very address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from zhiyin.domain.security.egress import RefusedTarget, choose_address
from zhiyin.engine.outside_port import OutsideFailed

Resolve = Callable[[str, int], Sequence[str]]
#: A name server that hangs holds these up, and nothing else of the engine.
_THREADS = 8


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Names:
    """Resolves in threads of its own. ``internal_hosts``: those inside that the installation lets through by name."""

    def __init__(self, internal_hosts: Collection[str], *, resolve: Resolve = _resolve) -> None:
        self.internal_hosts = internal_hosts
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def address_of(self, host: str, port: int) -> str:
        """Raises ``OutsideFailed``."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, self._resolve, host, port)
            return choose_address(host, port, list(found), internal_hosts=self.internal_hosts)
        except (OSError, UnicodeError) as error:
            raise OutsideFailed("unresolved") from error
        except RefusedTarget as refused:
            raise OutsideFailed(refused.code) from refused

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
