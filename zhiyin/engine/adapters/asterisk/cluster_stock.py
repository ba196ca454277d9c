"""What the nodes of a cluster have of ours, and what is not known because a node is out of sight (decision 72)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from zhiyin.engine.adapters.asterisk.late_ends import closest
from zhiyin.engine.adapters.asterisk.nodes import NodeBook, Place
from zhiyin.engine.ports import Inventory, Lateness, LegId, TelephonyAway, TelephonyError


class ClusterStock:
    """Part of ``engine.ports.Telephony``. Learns from what it sees on which node each leg and bridge is."""

    def __init__(self, book: NodeBook) -> None:
        self._book = book

    async def inventory(self) -> Inventory:
        """Return what the nodes that are up have, and which are out of sight and may carry their legs still."""
        found: list[Inventory] = []
        for node in self._book.up():
            seen = await node.telephony.inventory()
            for leg in seen.legs.values():
                self._book.places.setdefault(leg.leg, Place(node, is_rung=not leg.dialled))
            self._book.bridges.update(dict.fromkeys(seen.bridges, node))
            found.append(seen)
        if not found:
            raise TelephonyAway("no Asterisk node can be reached")
        unseen = self._book.unseen()
        return Inventory(
            legs={leg: seen for each in found for leg, seen in each.legs.items()},
            bridges={bridge: legs for each in found for bridge, legs in each.bridges.items()},
            playbacks=frozenset().union(*(each.playbacks for each in found)),
            unseen=frozenset(node.name for node in unseen),
            hidden=frozenset().union(*(self._book.legs_on(node) for node in unseen)),
            hides_others=any(not node.was_seen for node in unseen),
        )

    async def look(self, legs: Iterable[LegId]) -> Mapping[LegId, bool]:
        """Look on each leg's node. Raises ``TelephonyAway`` where one of them may live on a node that is away."""
        found: dict[LegId, bool] = {}
        asked = tuple(legs)
        # all legs of a contact are on one node: where one of them is, none is hidden
        is_somewhere = any(leg in self._book.places for leg in asked)
        for leg in asked:
            place = self._book.places.get(leg)
            if place is None:
                if not is_somewhere and (hiding := self._book.may_hide(leg)):
                    raise TelephonyAway(f"nodes out of sight: {', '.join(hiding)}")
                found.update(await self._look_everywhere(leg))
                continue
            if not place.node.is_up:
                raise TelephonyAway(f"node {place.node.name} cannot be reached")
            found.update(await place.node.telephony.look((leg,)))
        return found

    async def _look_everywhere(self, leg: LegId) -> Mapping[LegId, bool]:
        """Look for a leg of an engine before this one, whose node was out of sight as this one began."""
        for node in self._book.up():
            if seen := await node.telephony.look((leg,)):
                self._book.places[leg] = Place(node, is_rung=not leg.startswith(f"{node.name}-"))
                return seen
        return {}

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        """Ask each leg's own node, whose name it bears: another one's beat, fresh, would say that it ended just now.

        Of a leg that bears no node's name all are asked, and what is told closest counts, if all answer. A node that
        does not answer keeps nothing of what the others know. Raises ``TelephonyAway`` when none did.
        """
        asked = tuple(legs)
        homes = {leg: self._book.nodes.get(leg.partition("-")[0]) for leg in asked}
        of_node = {
            node: own for node in self._book.up() if (own := [leg for leg in asked if homes[leg] in (None, node)])
        }
        answers = await asyncio.gather(
            *(node.telephony.ended_ago(own) for node, own in of_node.items()), return_exceptions=True
        )
        told: list[Mapping[LegId, Lateness]] = []
        failures: list[BaseException] = []
        for answer in answers:
            if isinstance(answer, BaseException):
                failures.append(answer)
            else:
                told.append(answer)
        if failures and (not told or not all(isinstance(each, TelephonyError) for each in failures)):
            raise failures[0]
        return {leg: late for leg, late in closest(told).items() if homes[leg] is not None or not failures}
