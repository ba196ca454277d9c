"""Finding the one address to connect to: resolved once, judged, and then connected to by that very address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from zhiyin.domain.security.egress import RefusedTarget, choose_address
from zhiyin.engine.outside_port import OutsideFailed

Resolve = Callable[[str, int], Sequence[str]]
#: A name server that hangs holds a thread for as long as the system's resolver tries, and a thread cannot be ended: a
#: company may hold so many, of so many in all, and the look-ups of the others go on.
AT_ONCE_OF_A_COMPANY = 4
_THREADS = 64


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Names:
    """Resolves in threads of its own. ``internal_hosts``: those inside that the installation lets through by name."""

    def __init__(self, internal_hosts: Collection[str], *, resolve: Resolve = _resolve) -> None:
        self.internal_hosts = internal_hosts
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")
        self._places: dict[int, asyncio.Semaphore] = {}

    async def address_of(self, host: str, port: int, *, company: int) -> str:
        """Raises ``OutsideFailed``."""
        try:
            found = await self._resolved(host, port, company)
            return choose_address(host, port, list(found), internal_hosts=self.internal_hosts)
        except (OSError, UnicodeError) as error:
            raise OutsideFailed("unresolved") from error
        except RefusedTarget as refused:
            raise OutsideFailed(refused.code) from refused

    async def _resolved(self, host: str, port: int, company: int) -> Sequence[str]:
        """Resolve in a thread. The company's place is free again when the thread is, not when nobody waits any more."""
        places = self._places.setdefault(company, asyncio.Semaphore(AT_ONCE_OF_A_COMPANY))
        await places.acquire()
        loop = asyncio.get_running_loop()

        def leave(_job: object) -> None:
            with suppress(RuntimeError):  # the engine has ended meanwhile
                loop.call_soon_threadsafe(places.release)

        job = self._threads.submit(self._resolve, host, port)
        job.add_done_callback(leave)
        return await asyncio.wrap_future(job)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
