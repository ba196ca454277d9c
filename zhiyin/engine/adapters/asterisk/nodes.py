"""The book of a cluster's nodes: which are up, and on which of them each leg and bridge lives. Sends no requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from zhiyin.engine.adapters.asterisk.adapter import AsteriskTelephony
from zhiyin.engine.ports import BridgeId, LegGone, LegId, NodeState, SipIdentity, TelephonyAway


@dataclass(slots=True, eq=False)
class Node:
    """One Asterisk of the cluster."""

    name: str
    telephony: AsteriskTelephony
    is_up: bool = False
    is_draining: bool = False
    #: accounts that are to be taken away, and were not yet: the node is away, or went while it was asked
    unwanted: set[str] = field(default_factory=set)
    #: whether this engine has ever been connected to it
    was_seen: bool = False
    #: its machine says that no Asterisk runs there
    is_dead: bool = False
    #: by the loop's clock
    went_at_s: float = 0.0
    #: runs while the node is away; then its legs count as lost
    giving_up: asyncio.TimerHandle | None = None
    #: runs for a moment first: a connection that only broke is soon made anew
    hiding: asyncio.TimerHandle | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether it is out of sight and may live: its legs are not known."""
        return not self.is_up and self.giving_up is not None

    async def remove_identity(self, account: str) -> None:
        """Take it away; where that fails it stays unwanted."""
        self.unwanted.add(account)
        await self.telephony.remove_identity(account)
        self.unwanted.discard(account)

    async def put_identity(self, identity: SipIdentity) -> None:
        """Make it, after its predecessor of the same name is gone: that one's telephone would pass for its own."""
        if identity.account in self.unwanted:
            await self.remove_identity(identity.account)
        await self.telephony.put_identity(identity)

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

    def at(self, leg: LegId) -> AsteriskTelephony:
        return self.place(leg).node.telephony

    def choose(self, is_near: Callable[[Node], bool]) -> Node:
        """Return the node for a new contact: not one that is being emptied, a near one, the one with fewest legs.

        Raises ``TelephonyAway`` when none is up.
        """
        up = self.up()
        if not up:
            raise TelephonyAway("no Asterisk node can be reached")
        homes = [place.node for place in self.places.values()]
        return min(up, key=lambda node: (node.is_draining, not is_near(node), homes.count(node)))

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
