"""How many new calls may enter, from how late the engine is. Pure; seconds, calls a second and calls at once.

While nothing is late the door is open. Once it is, as many are let in as were really served just then, a little fewer
the later it is, and no more calls may be going on at once than then: whoever enters costs most afterwards, above all
who waits for an agent and is played to. When nothing is late any more both grow, the rate quickly up to what was served
before and slowly beyond; the door opens again as soon as it is not used. While descriptors are used up, the reserve of
them too, nobody new enters at all: what is left of them is for the calls that are.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.domain.replacing import replace

#: Later than this is overload; not even half as late is calm. Between the two the rate stays. A process that shares its
#: cores with others is a third of a second late now and then without falling behind: that must refuse nobody.
LATE_S, CALM_S = 0.4, 0.2
#: At the limit already, later than this is too late and not even half as late is calm: those who are let in are then
#: served soon, and the fewer wait the more are served.
LIMITED_LATE_S, LIMITED_CALM_S = 0.24, 0.12
#: How much of what was served is let in, and of what goes on may go on, by how late it is.
SHARES = ((3.0, 0.6), (1.0, 0.8), (0.0, 0.92))
#: After a cut this long must pass before its effect can be judged.
JUDGE_AFTER_S = 0.5
#: Growth a second, as a share of the rate: up to what was served when it was cut, and beyond. At least in calls.
REGROWTH, GROWTH, LEAST_GROWTH = 0.4, 0.05, 0.5
#: How many may go on grows by this share a second: how long calls last is not known, nor how many there is room for.
ROOM_GROWTH = 0.4
#: A door that has not been used up for this long is open again.
OPEN_AFTER_S = 2.0
#: So many calls may go on at once, however late.
LEAST_ROOM = 20.0
#: However late, one call at each of the engine's looks (four a second) still enters.
LEAST_RATE = 4.0
#: With each cut what is known of earlier ones counts for less.
FORGETTING = 0.95


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured since the last look, at ``now_s``.

    ``delay_s``: how late the latest part is. ``served``: calls a second whose arrival was dealt with.
    ``going_on``: calls that are in progress. ``is_used_up``: as many came in as were let in. ``has_descriptors``: the
    engine could open another connection.
    """

    now_s: float
    delay_s: float
    served: float
    going_on: int
    is_used_up: bool
    has_descriptors: bool = True


@dataclass(frozen=True, slots=True)
class Admission:
    """``rate``: calls a second that may enter; None: as many as come. ``is_shut``: none, whatever the rate.

    ``room``: how many calls may be going on at once, as long as there is a rate.
    """

    rate: float | None = None
    room: float = 0.0
    calm_room: float = 0.0  # how many went on when the door was open and nothing was late last
    known: float = 0.0  # the most that was served a second lately while it was late: what can be done
    delay_s: float = 0.0
    judged_at_s: float = float("-inf")
    looked_at_s: float = 0.0
    used_up_at_s: float = 0.0
    is_shut: bool = False

    @property
    def is_open(self) -> bool:
        return self.rate is None and not self.is_shut

    def tokens(self, for_s: float, *, going_on: int, left_over: float = 0.0) -> float | None:
        """Return how many may enter within ``for_s`` seconds, and what was left over before; None: all."""
        if self.is_shut:
            return 0.0
        if self.rate is None:
            return None
        return max(LEAST_RATE * for_s, min(self.rate * for_s, self.room - going_on)) + left_over


def look(admission: Admission, load: Load) -> Admission:
    """Return the admission after what was measured."""
    return replace(_look(admission, load), is_shut=not load.has_descriptors)


def _look(admission: Admission, load: Load) -> Admission:
    passed_s = max(0.0, load.now_s - admission.looked_at_s)
    used_up_at_s = load.now_s if load.is_used_up else admission.used_up_at_s
    seen = replace(admission, looked_at_s=load.now_s, used_up_at_s=used_up_at_s)
    if load.delay_s > (LATE_S if seen.rate is None else LIMITED_LATE_S):
        return _cut(seen, load)
    seen = replace(seen, delay_s=load.delay_s)
    if seen.rate is None and load.delay_s <= CALM_S:
        return replace(seen, calm_room=float(load.going_on))
    if seen.rate is None or load.delay_s > LIMITED_CALM_S:
        return seen
    if load.now_s - max(seen.used_up_at_s, seen.judged_at_s) >= OPEN_AFTER_S:
        return replace(seen, rate=None, known=0.0)
    growth = REGROWTH if seen.rate < seen.known else GROWTH
    return replace(
        seen,
        rate=seen.rate + max(LEAST_GROWTH, growth * seen.rate) * passed_s,
        room=seen.room * (1 + ROOM_GROWTH * passed_s),
    )


def _cut(admission: Admission, load: Load) -> Admission:
    is_falling = admission.rate is not None and load.delay_s < admission.delay_s
    if admission.rate is None and not load.served and not load.is_used_up:
        return replace(admission, delay_s=load.delay_s)  # late without work: a pause, and no reason to refuse anybody
    if load.now_s - admission.judged_at_s < JUDGE_AFTER_S or is_falling:
        return replace(admission, delay_s=load.delay_s)
    known = max(load.served, FORGETTING * admission.known)
    share = next(share for later_than_s, share in SHARES if load.delay_s > later_than_s)
    rate = max(LEAST_RATE, share * known)
    # Those who came since nothing was late may be too many; an engine that just began never saw it calm.
    room = max(admission.calm_room, load.going_on / 2)
    if admission.rate is not None:
        rate = min(rate, admission.rate)
        # More go on than may: the last cut has not had its effect yet.
        room = admission.room if load.going_on > admission.room else share * load.going_on
    return replace(
        admission,
        rate=rate,
        room=max(LEAST_ROOM, room),
        known=known,
        delay_s=load.delay_s,
        judged_at_s=load.now_s,
        used_up_at_s=load.now_s,
    )
