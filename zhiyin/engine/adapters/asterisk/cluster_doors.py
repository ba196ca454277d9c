"""What the nodes' dialplans are told and tell: their globals, and which node lets callers in.

A node that is silent is not waited for: the beat of the others would be stale meanwhile, and their doors used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from zhiyin.engine.adapters.asterisk.nodes import Node, NodeBook
from zhiyin.engine.ports import Refused, TelephonyAway, TelephonyError

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")

#: A global of the node itself, so that the next engine knows that it is being emptied; gone when Asterisk restarts.
DRAIN, ADMIT = "ZHIYIN_DRAIN", "ZHIYIN_ADMIT"


class ClusterDoors:
    """Part of ``engine.ports.Telephony`` and ``Nodes``."""

    def __init__(self, book: NodeBook) -> None:
        self._book = book

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        """Set them on every node, or on one; a node that is being emptied admits nobody, whatever is said here.

        Raises ``TelephonyAway`` where none could be told.
        """

        async def set_on(node: Node) -> None:
            more = {ADMIT: "0"} if node.is_draining and ADMIT in values else {}
            await node.ask(node.telephony.set_globals({**values, **more}))

        nodes = [node for node in self._book.up() if at in ("", node.name)]
        failures = [one for one in await _outcomes(nodes, set_on) if isinstance(one, TelephonyError)]
        if len(failures) == len(nodes):
            raise failures[0] if failures else TelephonyAway("no Asterisk node can be reached")

    async def let_in(self) -> Mapping[str, int]:
        async def of(node: Node) -> tuple[str, int]:
            return node.name, sum((await node.ask(node.telephony.let_in())).values())

        found = await _outcomes(self._book.up(), of)
        return dict(outcome for outcome in found if not isinstance(outcome, TelephonyError))

    async def drain_node(self, name: str, *, is_draining: bool) -> None:
        node = self._book.nodes.get(name)
        if node is None:
            raise Refused(f"no such node: {name}")
        node.is_draining = is_draining
        drain, admit = ("1", "0") if is_draining else ("", "1")
        await node.telephony.set_globals({DRAIN: drain, ADMIT: admit})
        log.info("node_draining" if is_draining else "node_takes_calls", node=name)

    async def read_drain(self, node: Node) -> None:
        """Learn whether an engine before this one began to empty the node."""
        node.is_draining = node.is_draining or await node.telephony.get_global(DRAIN) == "1"


async def _outcomes(nodes: Sequence[Node], ask: Callable[[Node], Awaitable[Answer]]) -> list[Answer | TelephonyError]:
    """Ask the nodes, and return what each answered or why it did not."""

    async def outcome(node: Node) -> Answer | TelephonyError:
        try:
            return await ask(node)
        except TelephonyError as error:
            return error

    return await asyncio.gather(*map(outcome, nodes))
