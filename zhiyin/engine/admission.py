"""Measures how late the engine is and tells the dialplan how many calls may still enter (see domain/admission.py).

While the door is open the dialplan counts ``ZHIYIN_LEFT`` down; an engine that comes more than a second too late to
fill it up lets fewer in by that alone. At the limit it counts each way's own share down (domain/admission_shares.py).
Of each count every node of a cluster is told a share (engine/node_doors.py).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import structlog

from zhiyin.domain.admission import Admission, Load, look
from zhiyin.domain.admission_shares import OTHERS, Shares, share_out
from zhiyin.engine import metrics
from zhiyin.engine.node_doors import ALONE, LEFT, RESERVE, VIP, WAY, NodeDoors
from zhiyin.engine.ports import Nodes, Telephony, TelephonyError

log = structlog.get_logger(__name__)

EVERY_S = 0.25
#: How many may enter while the door is open before the engine must say more: what a short stall may let pile up. At
#: least so many calls, or what is served in so many seconds.
OPEN_LEFT, OPEN_FOR_S = 40, 0.65
#: So fast they come back, in calls a second; whatever comes, what enters grows by this factor a second at most.
OPEN_RATE, OPEN_GROWTH = 160.0, 1.3
#: Asterisk under a flood is slow to be told: what may enter is for all the time since it was told last, up to this.
LONGEST_FILL_S = 1.0
#: And by the numbers of VIPs besides.
OPEN_RESERVE = 10
#: Over these times it is counted how many were served: the short one knows what a flood from idle meets, the long one
#: what was done before a hold-up in which nothing moved. While the door is open the long ones count.
COUNT_OVER_S = (0.25, 1.0, 3.0)
#: Whom Asterisk does not tell of for so long, it never will.
UNHEARD_FOR_S = 10.0
#: A caller who hung up in the dialplan took a place and never reached the engine: everything is told anew so often.
TELL_AGAIN_S = 5.0


def way_of(endpoint: str) -> str:
    """Return the way in of a call: its trunk, strangers together, everybody else with the others."""
    return endpoint if endpoint.startswith("trunk-") or endpoint == "anonymous" else OTHERS


@dataclass(slots=True)
class Entered:
    """How many came through the dialplan since the last look: by node and way, and by each node's reserve."""

    by_way: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_reserve: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.by_way.total() + self.by_reserve.total()

    @property
    def ways(self) -> Counter[str]:
        """How many came by each way, by all nodes together."""
        found: Counter[str] = Counter()
        for (_, way), came in self.by_way.items():
            found[way] += came
        return found

    @property
    def nodes(self) -> Counter[str]:
        """How many came by each node, by all ways together."""
        found: Counter[str] = Counter()
        for (node, _), came in self.by_way.items():
            found[node] += came
        return found


class Unheard:
    """The callers whom the dialplan let in and of whom the engine heard nothing yet: Asterisk tells late, too.

    Without them the door is filled up again and again for those who entered long ago, and then come all at once.
    """

    def __init__(self) -> None:
        self._let_in: dict[str, int] = {}
        self._since: deque[tuple[float, int]] = deque()

    @property
    def count(self) -> int:
        return sum(count for _, count in self._since)

    def note(self, let_in: Mapping[str, int], *, heard: int, now_s: float) -> int:
        """Take what each dialplan counted, and how many were heard of since the last time. Returns how many are left.

        Who was not heard of for long has hung up before it could be told.
        """
        before = self._let_in
        self._let_in = before | dict(let_in)  # one that does not answer now does so later
        # One that is new or began anew counts from now on.
        came = sum(max(0, count - before[name]) for name, count in let_in.items() if name in before)
        self._since.append((now_s, came))
        while self._since[0][0] < now_s - UNHEARD_FOR_S:
            self._since.popleft()
        while heard and self._since:
            at_s, count = self._since.popleft()
            if count > heard:
                self._since.appendleft((at_s, count - heard))
            heard = max(0, heard - count)
        return self.count


class Arrivals:
    """The calls that came and were not dealt with yet, oldest first, and when the last ones were."""

    def __init__(self) -> None:
        #: what each node's dialplan may still let in by the reserve, as far as is known
        self.reserve_left: dict[str, int] = {}
        self._entered = Entered()
        self._waiting: dict[str, float] = {}
        self._served: deque[float] = deque()

    def entered(self, endpoint: str, *, is_vip: bool, node: str = ALONE) -> None:
        """A call came through the node's door, whatever becomes of it."""
        if is_vip and self.reserve_left.get(node, 0) > 0:
            self.reserve_left[node] -= 1
            self._entered.by_reserve[node] += 1
        else:
            self._entered.by_way[node, way_of(endpoint)] += 1

    def take_entered(self) -> Entered:
        """Return who entered since this was asked last."""
        entered, self._entered = self._entered, Entered()
        return entered

    def came(self, interaction: str) -> None:
        """A contact begins."""
        self._waiting[interaction] = _now_s()

    def dealt_with(self, interaction: str) -> None:
        """The first turn is durable and carried out, or the call is over."""
        if self._waiting.pop(interaction, None) is not None:
            self._served.append(_now_s())

    def oldest_s(self) -> float:
        """Return how long the oldest has been waiting."""
        first = next(iter(self._waiting.values()), None)
        return 0.0 if first is None else _now_s() - first

    def served(self, *, at_least_over_s: float = 0.0) -> float:
        """Return how many were dealt with a second, lately, over whichever time it is most."""
        now_s = _now_s()
        while self._served and self._served[0] < now_s - max(COUNT_OVER_S):
            self._served.popleft()
        return max(
            sum(at_s >= now_s - over_s for at_s in self._served) / over_s
            for over_s in COUNT_OVER_S
            if over_s >= at_least_over_s
        )


class Doorkeeper:
    """Looks every ``EVERY_S`` seconds; one for each engine.

    ``vip_keys``: the VIP entry numbers' ``vip_key`` now. ``ways``: the names of all trunks. ``going_on``: how many
    calls are. ``nodes``: none where there is one Asterisk only. ``has_descriptors``: whether there are any left.
    """

    def __init__(
        self,
        telephony: Telephony,
        arrivals: Arrivals,
        *,
        vip_keys: Callable[[], frozenset[str]],
        ways: Callable[[], Iterable[str]],
        going_on: Callable[[], int],
        nodes: Nodes | None = None,
        has_descriptors: Callable[[], bool] = lambda: True,
    ) -> None:
        self._has_descriptors = has_descriptors
        self._telephony = telephony
        self._arrivals = arrivals
        self._vip_keys = vip_keys
        self._ways = ways
        self._going_on = going_on
        self.admission = Admission()
        self._shares: Shares | None = None  # none while the door is open
        self._doors = NodeDoors(telephony, nodes)
        self._ever_told: set[str] = set()
        self._told_all_at_s = 0.0
        self._request_s = 0.0
        self._filled_at_s = 0.0
        self._unheard = Unheard()

    async def run(self) -> None:
        while True:
            begun_s = _now_s()
            await asyncio.sleep(EVERY_S)
            try:
                await self._look(loop_lag_s=_now_s() - begun_s - EVERY_S)
            except Exception:  # were the door never filled up again, every caller would be refused
                log.exception("admission_broke")

    def forget(self) -> None:
        """Asterisk is a new process, or another than was told: tell it everything."""
        self._doors.forget()

    async def _look(self, *, loop_lag_s: float) -> None:
        entered = self._by_known_way(self._arrivals.take_entered())
        load = Load(
            now_s=_now_s(),
            delay_s=max(loop_lag_s, self._request_s, self._arrivals.oldest_s()),
            served=self._arrivals.served(),
            going_on=self._going_on() + await self._count_unheard(entered),
            is_used_up=self._is_used_up(entered),
            has_descriptors=self._has_descriptors(),
        )
        before, self.admission = self.admission, look(self.admission, load)
        if before.is_open != self.admission.is_open:
            word = "admission_open" if self.admission.is_open else "admission_limited"
            log.warning(word, delay_s=load.delay_s, has_descriptors=load.has_descriptors)
        door, spent = self._door(load, entered), self._spent(entered, is_open=before.is_open)
        self._ever_told |= set(door)
        if is_all := _now_s() - self._told_all_at_s >= TELL_AGAIN_S:
            self._told_all_at_s = _now_s()
        self._request_s = await self._doors.tell(door, spent=spent, is_all=is_all)
        is_limited = self._shares is not None
        self._arrivals.reserve_left = self._doors.shares_of(RESERVE) if is_limited else {}

    async def _count_unheard(self, entered: Entered) -> int:
        """Return how many were let in of whom nothing was heard yet."""
        let_in: Mapping[str, int] = {}
        try:
            if self._shares is None and not entered.count:
                return self._unheard.count  # nothing happens; the next count holds all since the last
            let_in = await self._telephony.let_in()
        except TelephonyError as error:
            log.info("let_in_not_known", why=str(error))
        return self._unheard.note(let_in, heard=entered.count, now_s=_now_s())

    def _by_known_way(self, entered: Entered) -> Entered:
        """A trunk that has no share yet came in with the others; from now on it has one."""
        if self._shares is None:
            return entered
        by_way: Counter[tuple[str, str]] = Counter()
        known = self._shares.ways
        for (node, way), came in entered.by_way.items():
            by_way[node, way if way in known else OTHERS] += came
            self._shares = self._shares.with_way(way)
        return Entered(by_way, entered.by_reserve)

    def _is_used_up(self, entered: Entered) -> bool:
        """Return whether as many came in, by any way and node, as were let in."""
        share_of = self._doors.share_of
        if self._shares is None:
            total = entered.by_way.total()
            is_all_used = total >= int(self._doors.whole.get(LEFT, "1000000"))
            return is_all_used or any(came >= share_of(node, LEFT) for node, came in entered.nodes.items() if total)
        if not any(self._shares.told().values()):
            return True  # nobody can come in, however many want to
        return any(came >= share_of(node, f"{WAY}{way}") for (node, way), came in entered.by_way.items())

    def _door(self, load: Load, entered: Entered) -> dict[str, str]:
        """Return what the dialplan is to be told, what lets least in last."""
        for_s = min(max(EVERY_S, load.now_s - self._filled_at_s), LONGEST_FILL_S)
        self._filled_at_s = load.now_s
        tokens = self.admission.tokens(for_s, going_on=load.going_on)
        metrics.ADMISSION.set(tokens / for_s if tokens is not None else float("inf"))
        known = self._ever_told | {f"{WAY}{way}" for way in self._ways()}
        door = dict.fromkeys((name for name in known if name.startswith((WAY, VIP))), "")
        door |= {f"{VIP}{key}": "1" for key in self._vip_keys()}
        if tokens is None:
            self._shares = None
            left = max(0, int(self._doors.whole.get(LEFT, "0")) - entered.by_way.total())
            served = self._arrivals.served(at_least_over_s=1.0)
            back = for_s * max(OPEN_RATE, OPEN_GROWTH * served)
            most = max(OPEN_LEFT, OPEN_FOR_S * served)
            return door | {RESERVE: str(OPEN_RESERVE), LEFT: str(int(min(most, left + back)))}
        self._shares = share_out(
            self._shares or Shares.of(entered.ways),
            entered.ways,
            tokens=tokens,
            by_reserve=entered.by_reserve.total(),
        )
        shares = {f"{WAY}{way}": str(left) for way, left in self._shares.told().items()}
        return door | shares | {RESERVE: str(self._shares.told_reserve), LEFT: "0"}

    def _spent(self, entered: Entered, *, is_open: bool) -> dict[str, dict[str, int]]:
        """Return what each node's dialplan counted down, and how often.

        The reserve is used with the door open too, once that is used up: how often is not known.
        """
        found: dict[str, dict[str, int]] = {}
        if is_open:
            for node, came in entered.nodes.items():
                found[node] = {LEFT: came} | ({RESERVE: 0} if self._vip_keys() else {})
            return found
        for (node, way), came in entered.by_way.items():
            found.setdefault(node, {})[f"{WAY}{way}"] = came
        for node, came in entered.by_reserve.items():
            found.setdefault(node, {})[RESERVE] = came
        return found


def _now_s() -> float:
    return asyncio.get_running_loop().time()
