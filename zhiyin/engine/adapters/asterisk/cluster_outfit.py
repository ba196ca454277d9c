"""What stands on every node of a cluster alike: the identities of telephones, and trunks.

Each node is told by tasks of its own, so that one that is silent, or has to look up a carrier's name, holds up nobody
else. What it could not be told it is owed, and told again while it is up; a node that comes is told everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable

import structlog

from zhiyin.engine.adapters.asterisk.nodes import Key, Node, NodeBook
from zhiyin.engine.ports import SipIdentity, TelephonyAway, TelephonyError, Trunk

log = structlog.get_logger(__name__)

#: Once one node was told, the others are waited for so long: they mostly are as quick.
OTHERS_WITHIN_S = 1.0
RETRY_S = 2.0


class ClusterOutfit:
    """Part of ``engine.ports.Telephony``."""

    def __init__(self, book: NodeBook) -> None:
        self._book = book
        self._identities: dict[str, SipIdentity] = {}
        self._trunks: dict[int, Trunk] = {}
        #: by node what it was waited for in vain: until that is done, it is not waited for again
        self._late: dict[str, set[asyncio.Task[None]]] = {}
        #: the newest task of each node and thing: what is asked of one thing is done in its order
        self._fitting: dict[tuple[str, Key], asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def identity(self, account: str) -> SipIdentity | None:
        return self._identities.get(account)

    async def put_identity(self, identity: SipIdentity) -> None:
        self._identities[identity.account] = identity
        await self._everywhere(("account", identity.account))

    async def remove_identity(self, account: str) -> None:
        self._identities.pop(account, None)
        await self._nowhere(("account", account))

    async def put_trunk(self, trunk: Trunk) -> None:
        self._trunks[trunk.id] = trunk
        await self._everywhere(("trunk", trunk.id))

    async def remove_trunk(self, trunk: int) -> None:
        self._trunks.pop(trunk, None)
        await self._nowhere(("trunk", trunk))

    async def equip(self, node: Node) -> None:
        """Give a node that came what it must have, and take away what it must not have any more."""
        accounts: Iterable[Key] = (("account", account) for account in self._identities)
        trunks: Iterable[Key] = (("trunk", trunk) for trunk in self._trunks)
        node.owed.clear()
        for key in (*node.unwanted, *accounts, *trunks):
            try:
                await self._fit(node, key)
            except TelephonyError as error:
                log.warning("node_not_equipped", node=node.name, why=str(error))

    async def ask_all(self, ask: Callable[[Node], Coroutine[object, object, None]]) -> None:
        """Ask every node that is up once; one that fails is not asked again. Raises when all failed."""
        await self._one_and_soon([(node, self._run(ask(node))) for node in self._book.up()])

    def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    async def _nowhere(self, key: Key) -> None:
        for node in self._book.nodes.values():
            node.unwanted.add(key)
        await self._everywhere(key)

    async def _everywhere(self, key: Key) -> None:
        await self._one_and_soon([(node, self._fit(node, key)) for node in self._book.up()])

    async def _one_and_soon(self, asked: list[tuple[Node, asyncio.Task[None]]]) -> None:
        """Return when one did it and the others did, failed, or were waited for. Raises when all failed."""
        waiting = {task for _, task in asked}
        while waiting and not any(_is_well(task) for _, task in asked):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        await self._wait_for_others([(node, task) for node, task in asked if task in waiting])
        failures = [(node, task.exception()) for node, task in asked if task.done() and not _is_well(task)]
        for node, why in failures:
            log.warning("node_refused", node=node.name, why=str(why))
        if len(failures) == len(asked):
            raise (failures[0][1] if failures else None) or TelephonyAway("no Asterisk node can be reached")

    async def _wait_for_others(self, asked: list[tuple[Node, asyncio.Task[None]]]) -> None:
        """Many things may be asked one after the other: a node that is late costs one wait, not one each."""
        quick = [(node, task) for node, task in asked if not self._is_late(node)]
        if not quick:
            return
        _, waiting = await asyncio.wait({task for _, task in quick}, timeout=OTHERS_WITHIN_S)
        for node, task in quick:
            if task in waiting:
                late = self._late.setdefault(node.name, set())
                late.add(task)
                task.add_done_callback(late.discard)

    def _is_late(self, node: Node) -> bool:
        return node.is_silent or bool(node.owed or self._late.get(node.name))

    def _fit(self, node: Node, key: Key) -> asyncio.Task[None]:
        """Make the thing on the node as it is to be by then, after what was asked of it before."""
        place = (node.name, key)
        task = self._run(self._make_after(self._fitting.get(place), node, key))
        self._fitting[place] = task
        return task

    async def _make_after(self, before: asyncio.Task[None] | None, node: Node, key: Key) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._make(node, key)
        except TelephonyAway:
            self._owe(node, key)
            raise
        finally:
            if self._fitting.get((node.name, key)) is asyncio.current_task():
                del self._fitting[node.name, key]

    async def _make(self, node: Node, key: Key) -> None:
        """What was taken away goes first: a predecessor of the same name would pass for its successor."""
        kind, name = key
        wanted = self._identities.get(str(name)) if kind == "account" else self._trunks.get(int(name))
        if wanted is None or key in node.unwanted:
            if kind == "account":
                await node.telephony.remove_identity(str(name))
            else:
                await node.telephony.remove_trunk(int(name))
            node.unwanted.discard(key)
        match wanted:
            case SipIdentity():
                await node.telephony.put_identity(wanted)
            case Trunk():
                await node.telephony.put_trunk(wanted)

    def _owe(self, node: Node, key: Key) -> None:
        """Tell it again in a while: its connection may hold through all of its silence, and no coming be told."""
        is_first = not node.owed
        node.owed.add(key)
        if is_first:
            self._run(self._pay(node))

    async def _pay(self, node: Node) -> None:
        while node.owed and node.is_up:
            await asyncio.sleep(RETRY_S)
            for key in tuple(node.owed):
                if node not in self._book.up():  # it is told everything as it comes
                    return
                try:
                    await self._fit(node, key)
                except TelephonyAway:
                    break
                except TelephonyError as error:
                    log.warning("node_refused", node=node.name, why=str(error))
                node.owed.discard(key)

    def _run(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen: who asked may not wait any more


def _is_well(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
