"""Several simulated Asterisks, each of which may be out of sight for a while: its calls go on, and nothing is told of
them. As ``AsteriskCluster`` sees its nodes; with one node, always in sight, nothing of this shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhiyin.engine.adapters.simulator.legs import NODE, Was
from zhiyin.engine.ports import (
    LegGone,
    LegGoneFact,
    LegId,
    LegsUnseen,
    NodeState,
    Refused,
    TelephonyAway,
    TelephonyUp,
)

if TYPE_CHECKING:
    from zhiyin.engine.adapters.simulator.telephone_side import TelephoneSide

#: As in ``AsteriskCluster``.
UNSEEN_AFTER_S = 2.0
LOST_AFTER_S = 600.0


@dataclass(slots=True)
class _Absence:
    """A node out of sight."""

    began_s: float
    before: dict[LegId, Was]  # what the engine knows of its legs
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    is_known: bool = True  # to the engine that serves: it has seen the node
    is_given_up: bool = False


class Sight:
    def __init__(self, side: TelephoneSide) -> None:
        self._side = side
        self.nodes: tuple[str, ...] = (NODE,)
        self.lost_after_s = LOST_AFTER_S
        self._globals: dict[str, dict[str, str]] = {}
        self._absent: dict[str, _Absence] = {}

    # --- what is done to nodes --------------------------------------------------------------------------------------

    def lose(self, node: str) -> None:
        """Nothing is heard of the node any more, and no request reaches it."""
        if node in self._absent or self._side.connection.is_away:
            return
        loop = asyncio.get_running_loop()
        before = {leg.id: leg.was for leg in self._side.legs.values() if leg.node == node}
        absence = self._absent[node] = _Absence(loop.time(), before)
        absence.timers = [
            loop.call_later(UNSEEN_AFTER_S, self._tell_unseen, node),
            loop.call_later(self.lost_after_s, self._give_up, node),
        ]

    def find(self, node: str, *, is_restarted: bool = False) -> None:
        """The node is in sight again, the same or (restarted) another without any leg."""
        absence = self._absent.pop(node, None)
        if absence is None:
            return
        for timer in absence.timers:
            timer.cancel()
        side = self._side
        if is_restarted:
            self._end_all(node)
        if side.connection.is_away:
            side.connection.changed_unseen(absence.before)
            return
        if absence.is_known and not absence.is_given_up:
            side.connection.catch_up(absence.before, nodes={node}, word="lost" if is_restarted else "hangup")
        side.on_fact(TelephonyUp(is_restarted=False))

    def line_is_back(self, *, is_restarted: bool) -> None:
        """The connection to all nodes was broken, or (restarted) all are other ones now."""
        if is_restarted:
            for absence in self._absent.values():
                for timer in absence.timers:
                    timer.cancel()
            self._absent.clear()
        for node in self._absent:
            self._tell_unseen(node)

    def begin_anew(self) -> None:
        """Another engine connects: it has not seen what is out of sight now, and waits as long as any."""
        loop = asyncio.get_running_loop()
        for node, absence in self._absent.items():
            for timer in absence.timers:
                timer.cancel()
            absence.is_known = absence.is_given_up = False
            absence.timers = [loop.call_later(self.lost_after_s, self._give_up, node)]

    # --- as their operator sees them: implements ``Nodes`` --------------------------------------------------------

    def node_states(self) -> dict[str, NodeState]:
        now_s = asyncio.get_running_loop().time()
        homes = [leg.node for leg in self._side.legs.values()]
        return {node: self._state(node, homes.count(node), now_s) for node in self.nodes}

    def _state(self, node: str, legs: int, now_s: float) -> NodeState:
        absence = self._absent.get(node)
        if absence is None or absence.is_given_up:
            return NodeState(is_up=absence is None, is_draining=False, legs=legs if absence is None else 0)
        for_s = now_s - absence.began_s
        left_s = absence.timers[-1].when() - now_s
        return NodeState(is_up=False, is_draining=False, legs=legs, unseen_for_s=for_s, lost_in_s=left_s)

    def may_hide(self, leg: LegId) -> list[str]:
        known = self._side.known(leg)
        absence = self._absent.get(known.node) if known is not None else None
        return [known.node] if known is not None and absence is not None and not absence.is_given_up else []

    def doors(self) -> dict[str, bool]:
        return {node: True for node in self.nodes if self.is_up(node)}

    def node_of(self, leg: LegId) -> str:
        known = self._side.legs.get(leg)
        return known.node if known is not None else ""

    async def drain_node(self, name: str, *, is_draining: bool) -> None:
        del is_draining
        raise Refused(f"the simulated node {name} cannot be drained")

    # --- what is asked of them --------------------------------------------------------------------------------------

    def is_up(self, node: str) -> bool:
        return node not in self._absent

    def globals_at(self, node: str) -> list[dict[str, str]]:
        """Return the globals of the node, or ("") of all in sight; what all were told stands in the side's too.

        Raises ``TelephonyAway`` where the node is out of sight.
        """
        if len(self.nodes) == 1:
            return [self._side.globals]
        if not node:
            own = [self._globals.setdefault(name, {}) for name in self.nodes if self.is_up(name)]
            return [self._side.globals, *own]
        if not self.is_up(node):
            raise TelephonyAway("the node cannot be reached")
        return [self._globals.setdefault(node, {})]

    def is_on_a_node(self, leg: LegId) -> bool:
        """Whether requests to the leg reach a node. Raises ``TelephonyAway`` where it may live out of sight."""
        known = self._side.known(leg)
        absence = self._absent.get(known.node) if known is not None else None
        if absence is None:
            return True
        if absence.is_known and not absence.is_given_up:
            raise TelephonyAway("the node cannot be reached")
        return False

    def looked_for(self, legs: Iterable[LegId]) -> list[LegId]:
        """Return those that live. Raises ``TelephonyAway`` where one of them may live out of sight."""
        asked = [self._side.known(leg) for leg in legs]
        known = [leg for leg in asked if leg is not None]
        if not any(self.is_up(leg.node) for leg in known) and any(
            (absence := self._absent.get(leg.node)) is not None and not absence.is_given_up for leg in known
        ):
            raise TelephonyAway("nodes out of sight")
        return [leg.id for leg in known if self.is_up(leg.node) and leg.id in self._side.legs]

    def node_to_call(self, count: int) -> str:
        """Return where the ``count``-th caller comes in: the edge sees which nodes are there."""
        up = [node for node in self.nodes if self.is_up(node)]
        return up[count % len(up)] if up else NODE

    def node_to_ring(self, beside: LegId | None) -> str:
        """Return the node of the leg beside which another is rung. Raises ``TelephonyAway`` and ``LegGone``."""
        if beside is None:
            return self.node_to_call(0)
        if not self.is_on_a_node(beside) or beside not in self._side.legs:
            if len(self.nodes) > 1:
                raise LegGone(beside)
            return NODE
        return self._side.legs[beside].node

    def unknown(self) -> tuple[frozenset[str], frozenset[LegId], bool]:
        """Return of the inventory what it does not show: nodes, their legs, and whether more than those."""
        unseen = {node: absence for node, absence in self._absent.items() if not absence.is_given_up}
        hidden = (leg for absence in unseen.values() if absence.is_known for leg in absence.before)
        return frozenset(unseen), frozenset(hidden), any(not absence.is_known for absence in unseen.values())

    # --- underneath -------------------------------------------------------------------------------------------------

    def _tell_unseen(self, node: str) -> None:
        absence, side = self._absent[node], self._side
        if absence.is_known and not absence.is_given_up and absence.before and not side.connection.is_away:
            side.on_fact(LegsUnseen(frozenset(absence.before)))

    def _give_up(self, node: str) -> None:
        absence, side = self._absent[node], self._side
        absence.is_given_up = True
        if side.connection.is_away:
            return
        if not absence.is_known:
            side.on_fact(TelephonyUp(is_restarted=False))
            return
        half_s = (asyncio.get_running_loop().time() - absence.began_s) / 2
        for leg in side.connection.rung_first(absence.before):
            side.on_fact(LegGoneFact(leg, 38, "lost", half_s, half_s))

    def _end_all(self, node: str) -> None:
        for leg in [leg.id for leg in self._side.legs.values() if leg.node == node]:
            self._side.vanish(leg)
