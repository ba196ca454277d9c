"""Tells each Asterisk what may enter by it: of all that is counted down, its own share (domain/admission_nodes.py).

One Asterisk alone is told the whole. What was told to a node that does not answer may be used up there until its beat
is stale, so the others have so much less until then; a node that is back lets in nobody until that was told to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from zhiyin.domain.admission_nodes import NodeShare, share_among
from zhiyin.engine.ports import Nodes, Telephony, TelephonyError

log = structlog.get_logger(__name__)

#: Names of the dialplan's globals; those of ``COUNTED`` are counted down by it.
LEFT, RESERVE, WAY, VIP = "ZHIYIN_LEFT", "ZHIYIN_RESERVE", "ZHIYIN_WAY_", "ZHIYIN_VIP_"
COUNTED = (LEFT, RESERVE, WAY)
#: A node that hears nothing lets callers in for as long: its beat is stale after 3 s, and came a second before at most.
HELD_FOR_S = 4.0
#: the only Asterisk
ALONE = ""


@dataclass(slots=True)
class _Door:
    """``values``: what one node was told last."""

    values: dict[str, str] = field(default_factory=dict)
    is_sure: bool = False  # that this stands there, and no more than that
    has_failed: bool = False  # it could not be told, and lets in what it was told before
    heard_at_s: float = float("-inf")


class NodeDoors:
    """``whole``: what all nodes together were told last."""

    def __init__(self, telephony: Telephony, nodes: Nodes | None) -> None:
        self._telephony = telephony
        self._nodes = nodes
        self._doors: dict[str, _Door] = {}
        self._shares: dict[str, dict[str, NodeShare]] = {}
        self.whole: dict[str, str] = {}

    def forget(self) -> None:
        """An Asterisk is a new process, or another than was told: tell them everything."""
        for door in self._doors.values():
            door.is_sure = False

    def share_of(self, node: str, name: str) -> int:
        """Return how many the node may let in by what is counted in ``name``."""
        return self._shares.get(name, {}).get(node, NodeShare()).told

    def shares_of(self, name: str) -> dict[str, int]:
        return {node: share.told for node, share in self._shares.get(name, {}).items()}

    async def tell(
        self, whole: Mapping[str, str], *, spent: Mapping[str, Mapping[str, int]], is_all: bool = False
    ) -> float:
        """Share out ``whole``, and tell each node what is new to it. Returns the seconds that the slowest took.

        ``spent``: what each node's dialplan counted down, and how often as far as that is known. ``is_all``: tell
        everything, in doubt about that.
        """
        can_be_told = self._nodes.doors() if self._nodes is not None else {ALONE: True}
        takers = self._takers(can_be_told)
        for name, said in whole.items():
            if not name.startswith(COUNTED) or not said:
                self._shares.pop(name, None)
                continue
            came = {node: counted.get(name, 0) for node, counted in spent.items()}
            room = max(0, int(said) - self._held(name, takers))
            self._shares[name] = share_among(self._shares.get(name, {}), came, takers, whole=room)
        took_s = await asyncio.gather(
            *(
                self._tell(node, self._own(node, whole), set(whole) if is_all else spent.get(node, ()))
                for node in can_be_told
            )
        )
        if any(one_s is not None for one_s in took_s):
            self.whole = dict(whole)
        return max((one_s for one_s in took_s if one_s is not None), default=0.0)

    def _takers(self, can_be_told: Mapping[str, bool]) -> list[str]:
        """Return the nodes that are given something: those that can be relied on to hear of it, if any can."""
        now_s = asyncio.get_running_loop().time()
        for node in can_be_told:
            self._doors.setdefault(node, _Door())
        for node, door in self._doors.items():
            door.has_failed = door.has_failed or node not in can_be_told
            if door.has_failed:
                door.is_sure = False
            else:
                door.heard_at_s = now_s
        let_in = [node for node, lets_in in can_be_told.items() if lets_in]
        return [node for node in let_in if not self._doors[node].has_failed] or let_in

    def _held(self, name: str, takers: list[str]) -> int:
        """Return how many may still enter by nodes that are given nothing, since they were not told so yet."""
        since_s = asyncio.get_running_loop().time() - HELD_FOR_S
        others = (door for node, door in self._doors.items() if node not in takers and door.heard_at_s > since_s)
        return sum(int(door.values.get(name) or 0) for door in others)

    def _own(self, node: str, whole: Mapping[str, str]) -> dict[str, str]:
        return dict(whole) | {name: str(self.share_of(node, name)) for name in self._shares}

    async def _tell(
        self, node: str, own: dict[str, str], spent: Mapping[str, int] | set[str] | tuple[()]
    ) -> float | None:
        """Fill up at one node; return how long it took, which says how late that Asterisk is. None: it failed."""
        door, begun_s = self._doors[node], asyncio.get_running_loop().time()
        told = door.values if door.is_sure else {}
        news = {name: said for name, said in own.items() if name in spent or told.get(name) != said}
        if not news:
            return 0.0
        door.is_sure = True  # unless somebody says otherwise meanwhile
        try:
            await self._telephony.set_globals(news, at=node)
        except TelephonyError as error:
            log.info("admission_not_told", node=node, why=str(error))
            door.is_sure, door.has_failed = False, True
            return None
        door.values, door.has_failed = own, False
        return asyncio.get_running_loop().time() - begun_s
