"""The engine's connection to the simulated telephone side: while it is broken calls go on and nothing is told of them;
what was missed is told as it is back, as the adapter of Asterisk does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from zhiyin.engine.adapters.simulator.legs import Was
from zhiyin.engine.ports import (
    LegAnswered,
    LegGoneFact,
    LegId,
    PlaybackEnded,
    TelephoneRegistered,
    TelephonyAway,
    TelephonyDown,
    TelephonyUp,
)

if TYPE_CHECKING:
    from zhiyin.engine.adapters.simulator.telephone_side import TelephoneSide


class Connection:
    def __init__(self, side: TelephoneSide) -> None:
        self._side = side
        self.is_away = False
        self._before: dict[LegId, Was] = {}  # as it was when the connection broke

    def check(self) -> None:
        """Raises ``TelephonyAway`` while it is broken."""
        if self.is_away:
            raise TelephonyAway("the simulated telephone side is away")

    def go_away(self) -> None:
        """The connection breaks; calls go on, what happens to them is not told."""
        if self.is_away:
            return
        self.is_away = True
        self._before = {leg.id: leg.was for leg in self._side.legs.values()}
        self._side.on_fact(TelephonyDown())

    def come_back(self, *, is_restarted: bool = False) -> None:
        """The connection is there again: what was missed is told first.

        A restarted telephone side has lost every leg, identity and trunk.
        """
        if not self.is_away:
            return
        self.is_away = False
        before, self._before = self._before, {}
        side = self._side
        side.sight.line_is_back(is_restarted=is_restarted)
        if is_restarted:
            side.lose_everything()
        else:
            nodes = {node for node in side.sight.nodes if side.sight.is_up(node)}
            self.catch_up({leg: was for leg, was in before.items() if side.home_of(leg) in nodes}, nodes=nodes)
        side.on_fact(TelephonyUp(is_restarted=is_restarted))
        for account in sorted(side.identities):
            side.on_fact(TelephoneRegistered(account, is_reachable=account in side.registered))

    def changed_unseen(self, before: Mapping[LegId, Was]) -> None:
        """What became of these legs is told as the connection is there again."""
        self._before.update(before)

    def catch_up(self, before: Mapping[LegId, Was], *, nodes: Collection[str], word: str = "hangup") -> None:
        """Tell what became of these legs meanwhile, and which are new on their nodes."""
        side = self._side
        for leg in self.rung_first(before):
            was_up, playback = before[leg]
            now = side.legs.get(leg)
            if now is None:
                came_in = leg in side.ended and bool(side.ended[leg].dialled)  # of who was rung Asterisk keeps nothing
                side.on_fact(LegGoneFact(leg, 16, word, side.ended_ago_s(leg) if came_in else 0.0))
                continue
            if now.is_up and not was_up and not now.dialled:
                side.on_fact(LegAnswered(leg))
            if playback is not None and now.playback != playback:
                side.on_fact(PlaybackEnded(playback, leg))
        for leg, seen in list(side.legs.items()):
            if leg in before or seen.node not in nodes:
                continue
            if seen.dialled:
                side.on_fact(side.arrival(seen))
            elif seen.is_up:
                side.on_fact(LegAnswered(leg))

    def rung_first(self, legs: Iterable[LegId]) -> list[LegId]:
        """Return the legs, those that came in last: a call takes the end that is told last first."""
        known = {**self._side.ended, **self._side.legs}
        return sorted(legs, key=lambda leg: (bool(known[leg].dialled), leg))
