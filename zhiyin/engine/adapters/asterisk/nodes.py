"""The book of a cluster's nodes: which are up, and on which of them each leg and bridge lives. Sends no requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from zhiyin.engine.adapters.asterisk.adapter import AsteriskTelephony
from zhiyin.engine.ports import BridgeId, LegGone, LegId, NodeState, TelephonyAway

Answer = TypeVar("Answer")
#: an account, or a trunk's number
Key = tuple[Literal["account", "trunk"], str | int]
#: Asterisk tells and is told of its globals within milliseconds, also under a flood (decision 77).
SILENT_AFTER_S = 1.0


@dataclass(slots=True, eq=False)
class Node:
    """One Asterisk of the cluster."""

    name: str
    telephony: AsteriskTelephony
    is_up: bool = False
    is_draining: bool = False
    #: what is to be taken away, and was not yet: the node is away, or went while it was asked
    unwanted: set[Key] = field(default_factory=set)
    #: what it could not be told although it is up: it is silent
    owed: set[Key] = field(default_factory=set)
    #: whether this engine has ever been connected to it
    was_seen: bool = False
    #: its machine says that no Asterisk runs there
    is_dead: bool = False
    #: by the loop's clock
    went_at_s: float = 0.0
    #: requests that have waited for long
    unanswered: set[asyncio.Future[Any]] = field(default_factory=set)
    #: runs while the node is away; then its legs count as lost
    giving_up: asyncio.TimerHandle | None = None
    #: runs for a moment first: a connection that only broke is soon made anew
    hiding: asyncio.TimerHandle | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether it is out of sight and may live: its legs are not known."""
        return not self.is_up and self.giving_up is not None

    async def ask(self, request: Coroutine[object, object, Answer]) -> Answer:
        """Wait for the answer, yet not for long: a node that is silent must not keep what the others are told.

        The request goes on. Raises ``TelephonyAway`` after ``SILENT_AFTER_S``, and at once while the node is silent.
        """
        if self.is_silent:
            request.close()
            raise TelephonyAway(f"node {self.name} does not answer")
        asking = asyncio.ensure_future(request)
        try:
            done, _ = await asyncio.wait({asking}, timeout=SILENT_AFTER_S)
        except asyncio.CancelledError:
            asking.cancel()
            raise
        if done:
            return asking.result()
        self.unanswered.add(asking)
        asking.add_done_callback(self._answered)
        raise TelephonyAway(f"node {self.name} does not answer")

    def _answered(self, asking: asyncio.Future[Any]) -> None:
        self.unanswered.discard(asking)
        if not asking.cancelled():
            asking.exception()  # seen: the asker has gone

    @property
    def is_silent(self) -> bool:
        """Whether it has owed an answer for long: it is out of sight, and its connection has not noticed yet."""
        return bool(self.unanswered)

    def stop_asking(self) -> None:
        for asking in tuple(self.unanswered):
            asking.cancel()

    def stop_timers(self) -> None:
        for timer in (self.giving_up, self.hiding):
            if timer is not None:
                timer.cancel()
        self.giving_up = self.hiding = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leg lives. ``is_rung``: we called it."""

    node: Node
    is_rung: bool


class NodeBook:
    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.places: dict[LegId, Place] = {}
        self.bridges: dict[BridgeId, Node] = {}

    def up(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.is_up]

    def unseen(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.is_unseen]

    def doors(self) -> dict[str, bool]:
        """Return the nodes that answer, and whether each lets callers in."""
        return {node.name: not node.is_draining for node in self.up() if not node.is_silent}

    def legs_on(self, node: Node) -> frozenset[LegId]:
        return frozenset(leg for leg, place in self.places.items() if place.node is node)

    def may_hide(self, leg: LegId) -> list[str]:
        """Return the names of the nodes out of sight where the leg may live."""
        place = self.places.get(leg)
        if place is not None:
            return [place.node.name] if place.node.is_unseen else []
        home = self.nodes.get(leg.partition("-")[0])  # of one that came in; one that we rang may be anywhere
        return [node.name for node in self.unseen() if not node.was_seen and home in (None, node)]

    def place(self, leg: LegId) -> Place:
        """Raises ``LegGone`` for a leg that is on no node."""
        place = self.places.get(leg)
        if place is None:
            raise LegGone(leg)
        return place

    def node_of(self, leg: LegId) -> str:
        """Return the name of the node where the leg lives; empty for one that is on none."""
        place = self.places.get(leg)
        return place.node.name if place is not None else ""

    def at(self, leg: LegId) -> AsteriskTelephony:
        return self.place(leg).node.telephony

    def choose(self, is_near: Callable[[Node], bool]) -> Node:
        """Return the node for a new contact: not a silent one nor one that is being emptied, a near one, with few legs.

        Raises ``TelephonyAway`` when none is up.
        """
        up = self.up()
        if not up:
            raise TelephonyAway("no Asterisk node can be reached")
        homes = [place.node for place in self.places.values()]
        return min(up, key=lambda node: (node.is_silent, node.is_draining, not is_near(node), homes.count(node)))

    def forget_legs(self, node: Node) -> list[LegId]:
        """Forget all that lived on a node; return its legs, rung ones first.

        A session takes the end that was told last first: so that is its caller's, and nobody is sought for it any more.
        """
        lost = sorted((not place.is_rung, leg) for leg, place in self.places.items() if place.node is node)
        for _, leg in lost:
            del self.places[leg]
        self.bridges = {bridge: home for bridge, home in self.bridges.items() if home is not node}
        return [leg for _, leg in lost]

    def states(self) -> dict[str, NodeState]:
        now_s = asyncio.get_running_loop().time()
        homes = [place.node for place in self.places.values()]
        return {
            name: NodeState(
                is_up=node.is_up,
                is_draining=node.is_draining,
                legs=homes.count(node),
                unseen_for_s=now_s - node.went_at_s if node.is_unseen else None,
                lost_in_s=node.giving_up.when() - now_s if node.is_unseen and node.giving_up else None,
            )
            for name, node in self.nodes.items()
        }
