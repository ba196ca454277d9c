"""``AsteriskCluster``: several Asterisk nodes behind one SIP edge, as one ``engine.ports.Telephony``.

A leg lives on the node where it came in or was rung, and all legs of a contact live on one node: bridges never span
nodes. Identities and trunks stand on every node, so that any of them can ring any telephone. A node that dies takes
only its own legs along: each is told as gone with the word "lost", as if its telephone had ended it. Of a node out of
sight nobody knows whether it died: its legs are told as unseen (decision 72), and as lost only when its Asterisk is
found to be another, when its machine says that none runs there, or after a long time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from functools import partial

import structlog

from zhiyin.engine.adapters.asterisk.adapter import AsteriskTelephony
from zhiyin.engine.adapters.asterisk.address import AsteriskAddress
from zhiyin.engine.adapters.asterisk.cluster_doors import ClusterDoors
from zhiyin.engine.adapters.asterisk.cluster_outfit import ClusterOutfit
from zhiyin.engine.adapters.asterisk.cluster_stock import ClusterStock
from zhiyin.engine.adapters.asterisk.leg_requests import LegRequests
from zhiyin.engine.adapters.asterisk.nodes import Node, NodeBook, Place
from zhiyin.engine.adapters.asterisk.registrations import Registrations
from zhiyin.engine.lease import Gate
from zhiyin.engine.ports import (
    BridgeId,
    CallArrived,
    Fact,
    Inventory,
    Lateness,
    LegGoneFact,
    LegId,
    LegsUnseen,
    NodeState,
    PlaybackId,
    Refused,
    SipIdentity,
    TelephoneRegistered,
    TelephonyDown,
    TelephonyError,
    TelephonyUp,
    Trunk,
    TrunkState,
)

log = structlog.get_logger(__name__)

#: At the start, nodes that answer later than this are taken in when they come: calls on the others cannot wait.
ALL_UP_WITHIN_S = 3.0
#: A node that cannot be reached may still carry its calls; after this it is taken for dead, so that nobody is stuck.
LOST_AFTER_S = 600.0
#: A connection that broke is mostly made anew at once: until then nothing is told of the node's legs.
UNSEEN_AFTER_S = 2.0
#: A browser registers at every node, at one a moment later than at another.
REGISTERED_WITHIN_S = 1.5
#: Q.850 "network out of order".
NETWORK_OUT_OF_ORDER = 38


class AsteriskCluster(LegRequests):
    """One ``AsteriskTelephony`` a node. ``start`` returns at once; ``TelephonyUp`` tells when it can be used."""

    def __init__(
        self,
        addresses: Mapping[str, AsteriskAddress],
        *,
        on_fact: Callable[[Fact], None],
        lost_after_s: float = LOST_AFTER_S,
        unseen_after_s: float = UNSEEN_AFTER_S,
        gate: Gate | None = None,
    ) -> None:
        self._on_fact = on_fact
        self._lost_after_s = lost_after_s
        self._unseen_after_s = unseen_after_s
        super().__init__(NodeBook())
        self._stock = ClusterStock(self._book)
        self._doors = ClusterDoors(self._book)
        self._outfit = ClusterOutfit(self._book)
        for name, address in addresses.items():
            telephony = AsteriskTelephony(
                address, on_fact=partial(self._take, name), on_dead=partial(self._dead, name), gate=gate
            )
            self._book.nodes[name] = Node(name, telephony)
        self._registrations = Registrations(on_expired=lambda account: self._tell_telephones({account: False}))
        self._is_told_up = False
        self._starting: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._starting = asyncio.get_running_loop().call_later(ALL_UP_WITHIN_S, self._start_with_some)
        for node in self._book.nodes.values():
            await node.telephony.start()

    async def stop(self) -> None:
        """Disconnect; calls go on in the nodes."""
        if self._starting is not None:
            self._starting.cancel()
        self._outfit.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(
            *self._tasks, *(n.telephony.stop() for n in self._book.nodes.values()), return_exceptions=True
        )
        for node in self._book.nodes.values():
            node.stop_timers()
            node.stop_asking()
        self._registrations.close()

    # --- the nodes: what the operator sees and does

    def node_states(self) -> dict[str, NodeState]:
        return self._book.states()

    def may_hide(self, leg: LegId) -> list[str]:
        return self._book.may_hide(leg)

    def doors(self) -> dict[str, bool]:
        return self._book.doors()

    def node_of(self, leg: LegId) -> str:
        return self._book.node_of(leg)

    async def drain_node(self, name: str, *, is_draining: bool) -> None:
        await self._doors.drain_node(name, is_draining=is_draining)

    # --- legs and what joins them

    async def ring(
        self,
        leg: LegId,
        *,
        to: str,
        caller_number: str,
        caller_name: str,
        codec: str,
        timeout_s: int,
        headers: Mapping[str, str],
        beside: LegId | None = None,
    ) -> None:
        """Ring on the node of ``beside``; without one, where the telephone is registered and room is."""
        kind, _, account = to.partition(":")
        known = self._book.places.get(leg)
        node = known.node if known else self._node_to_ring(account if kind == "account" else None, beside)
        if kind == "account":
            to = await self._target_at(node, account)
        self._book.places[leg] = Place(node, is_rung=True)
        try:
            await node.telephony.ring(
                leg,
                to=to,
                caller_number=caller_number,
                caller_name=caller_name,
                codec=codec,
                timeout_s=timeout_s,
                headers=headers,
            )
        except Refused:
            self._book.places.pop(leg, None)
            raise

    async def stop_playback(self, playback: PlaybackId) -> None:
        """Stop it on whichever node it plays: ids are ours and nobody keeps a list of what an earlier engine began."""
        await self._outfit.ask_all(lambda node: node.telephony.stop_playback(playback))

    async def bridge(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        """Join the legs, which all live on one node. Raises ``Refused`` when they do not."""
        nodes = {self._book.place(leg).node.name for leg in legs}
        if len(nodes) != 1:
            raise Refused(f"legs on several nodes cannot be joined: {', '.join(sorted(nodes))}")
        node = self._book.nodes[nodes.pop()]
        self._book.bridges[bridge] = node
        await node.telephony.bridge(bridge, legs)

    async def remove_bridge(self, bridge: BridgeId) -> None:
        node = self._book.bridges.pop(bridge, None)
        if node is not None:
            await node.telephony.remove_bridge(bridge)

    # --- stock and settings

    async def inventory(self) -> Inventory:
        return await self._stock.inventory()

    async def look(self, legs: Iterable[LegId]) -> Mapping[LegId, bool]:
        return await self._stock.look(legs)

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        return await self._stock.ended_ago(legs)

    async def put_identity(self, identity: SipIdentity) -> None:
        await self._outfit.put_identity(identity)

    async def remove_identity(self, account: str) -> None:
        self._registrations.forget(account)
        await self._outfit.remove_identity(account)

    async def put_trunk(self, trunk: Trunk) -> None:
        await self._outfit.put_trunk(trunk)

    async def remove_trunk(self, trunk: int) -> None:
        await self._outfit.remove_trunk(trunk)

    async def test_trunk(self, trunk: int) -> TrunkState:
        """Ask by one node that answers: all go out by the same edge."""
        return await self._book.choose(lambda _node: True).telephony.test_trunk(trunk)

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        await self._doors.set_globals(values, at=at)

    async def let_in(self) -> Mapping[str, int]:
        return await self._doors.let_in()

    # --- facts

    def _take(self, name: str, fact: Fact) -> None:
        node = self._book.nodes[name]
        match fact:
            case TelephonyUp():
                self._came(node, fact)
                return
            case TelephonyDown():
                self._went(node)
                return
            case TelephoneRegistered(account=account, is_reachable=is_reachable):
                self._registered(node, account, is_reachable=is_reachable)
                return
            case CallArrived(leg=leg):
                self._book.places[leg] = Place(node, is_rung=False)
            case LegGoneFact(leg=leg):
                self._book.places.pop(leg, None)
        self._on_fact(fact)

    def _came(self, node: Node, fact: TelephonyUp) -> None:
        node.is_up = node.was_seen = True
        node.is_dead = False
        node.stop_timers()
        if fact.is_restarted:
            node.is_draining = False
            self._lose_legs(node, ago_s=fact.began_ago_s)
        self._run(self._equip(node))
        if self._is_told_up:
            self._on_fact(TelephonyUp(is_restarted=False))  # what its legs did meanwhile is compared with the log
        elif self._starting is None or all(each.is_up for each in self._book.nodes.values()):
            self._tell_up()

    def _start_with_some(self) -> None:
        """What is not here by now may be out of sight, and carry calls of an engine before this one."""
        self._starting = None
        for node in self._book.nodes.values():
            if not (node.is_up or node.is_unseen or node.is_dead):
                self._await(node)
        if self._book.up():
            self._tell_up()

    def _tell_up(self) -> None:
        """The first time all nodes were waited for; later one suffices."""
        if not self._is_told_up:
            self._is_told_up = True
            self._on_fact(TelephonyUp(is_restarted=False))

    def _went(self, node: Node) -> None:
        node.is_up = False
        log.warning("node_away", node=node.name)
        if node.giving_up is None:
            self._await(node)
            node.hiding = asyncio.get_running_loop().call_later(self._unseen_after_s, self._hide, node)
        self._tell_telephones(self._registrations.node_went(node.name))
        if self._is_told_up and not self._book.up():
            self._is_told_up = False
            self._on_fact(TelephonyDown())

    def _await(self, node: Node) -> None:
        """Count from now on how long the node is out of sight."""
        loop = asyncio.get_running_loop()
        node.went_at_s = loop.time()
        node.giving_up = loop.call_later(self._lost_after_s, self._give_up, node)

    def _hide(self, node: Node) -> None:
        node.hiding = None
        legs = self._book.legs_on(node)
        log.warning("node_out_of_sight", node=node.name, legs=len(legs))
        if legs:
            self._on_fact(LegsUnseen(legs))

    def _dead(self, name: str) -> None:
        """Its machine refuses the connection: Asterisk does not run there, and its calls are gone with it."""
        node = self._book.nodes[name]
        node.is_dead = True
        if node.is_unseen:
            self._give_up(node)

    def _give_up(self, node: Node) -> None:
        node.stop_timers()
        if node.telephony.is_replaced:  # the engine that took over has its calls
            return
        log.error("node_lost", node=node.name)
        # They ended at some time while nobody saw them: the middle is told.
        half_s = (asyncio.get_running_loop().time() - node.went_at_s) / 2
        self._lose_legs(node, ago_s=half_s, within_s=half_s)
        if not node.was_seen and self._is_told_up:
            self._on_fact(TelephonyUp(is_restarted=False))  # what an engine before had there is looked for once more

    def _lose_legs(self, node: Node, *, ago_s: float = 0.0, within_s: float = 0.0) -> None:
        lost = self._book.forget_legs(node)
        for leg in lost:
            self._on_fact(LegGoneFact(leg, NETWORK_OUT_OF_ORDER, "lost", ago_s, within_s))
        if lost:
            log.warning("legs_lost", node=node.name, legs=len(lost))

    async def _equip(self, node: Node) -> None:
        try:
            await self._doors.read_drain(node)
        except TelephonyError as error:
            log.warning("node_not_equipped", node=node.name, why=str(error))
        await self._outfit.equip(node)

    # --- telephones

    def _registered(self, node: Node, account: str, *, is_reachable: bool) -> None:
        identity = self._outfit.identity(account)
        if is_reachable and identity is not None and identity.kind == "sip":
            self._run(self._learn_contact(node, account))
        self._tell_telephones(self._registrations.note(node.name, account, is_registered=is_reachable))

    async def _learn_contact(self, node: Node, account: str) -> None:
        """Know where a SIP telephone stands, so that every node can ring it by the edge."""
        try:
            uri = await node.telephony.contact_of(account)
        except TelephonyError as error:
            log.info("contact_unknown", node=node.name, account=account, why=str(error))
            return
        if uri:
            self._registrations.learn(account, uri)

    def _tell_telephones(self, changes: Mapping[str, bool]) -> None:
        for account, is_reachable in changes.items():
            self._on_fact(TelephoneRegistered(account=account, is_reachable=is_reachable))

    def _node_to_ring(self, account: str | None, beside: LegId | None) -> Node:
        if beside is not None:
            return self._book.place(beside).node
        return self._book.choose(lambda node: account is None or self._registrations.is_at(node.name, account))

    async def _target_at(self, node: Node, account: str) -> str:
        """Return what to ring at the node. Raises ``Refused`` where the telephone is not to be reached from there."""
        if not self._registrations.is_at(node.name, account):
            contact = self._registrations.contact(account)
            if contact:
                return f"contact:{account}:{contact}"
            if not await self._registrations.wait(node.name, account, within_s=REGISTERED_WITHIN_S):
                raise Refused("unreachable")
        return f"account:{account}"

    # --- underneath

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
