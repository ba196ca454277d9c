"""When a standby may take over from the engine that leads. Pure: instants are seconds of the standby's steady clock."""

from __future__ import annotations

from dataclasses import dataclass

#: The leader renews this often.
RENEW_EVERY_S = 0.4
#: A lease that stood still for so long is given to the standby; as long may a leader act on its last renewal.
LEASE_S = 2.0
#: So long may the lease of a leader stand still that had no processor meanwhile: it is stopped, not slow. Only seen on
#: its own machine, where its successor ends it first.
STOPPED_S = 1.0
#: A leader that cannot renew may act for so long on Asterisk's word that no newer term was announced there;
VOUCHED_S = 0.5
#: after so long nobody acts on the word from before an announcement any more, and what was sent has arrived.
ANNOUNCED_FOR_S = 0.75
#: So long may the leader's lock be free, e.g. while it connects anew.
UNLOCKED_S = 0.5
#: The same after the database itself was restarted: the leader has to find it first.
UNLOCKED_AFTER_RESTART_S = 3.0
YOUNG_SERVER_S = 10.0
#: Looks further apart than this prove nothing about what was between them.
UNBROKEN_S = 1.0


@dataclass(frozen=True, slots=True)
class LeaseSeen:
    """One look at the lease. ``mark``: its term, and after a space what changes with every renewal; empty before the
    first term.
    """

    mark: str
    is_locked: bool
    #: nobody has it: never taken, or given back
    is_free: bool
    #: the leader's process ran on this machine and is gone
    is_leader_dead: bool
    #: it runs on this machine, where it can be ended
    is_leader_here: bool
    server_up_s: float
    #: it runs on this machine, and its main thread had no processor since the look before
    is_leader_stopped: bool = False


def term_of(mark: str) -> str:
    """Return the term of a lease's mark."""
    return mark.partition(" ")[0]


class LeaseWatch:
    """Counts only what was seen without a break, so that a database that hung deposes nobody."""

    def __init__(self) -> None:
        self._mark: str | None = None
        self._same_since_s = 0.0
        self._unlocked_since_s: float | None = None
        self._ran_by_s = 0.0
        self._looked_at_s = float("-inf")

    @property
    def renewed_by_s(self) -> float:
        """By when the last renewal that was seen had been asked for."""
        return self._same_since_s

    def may_take(self, seen: LeaseSeen, *, asked_at_s: float, now_s: float) -> bool:
        """Return whether the lease may be taken, after a look that was asked for and answered at these instants."""
        is_broken = asked_at_s - self._looked_at_s > UNBROKEN_S or now_s - asked_at_s > UNBROKEN_S
        self._looked_at_s = now_s
        if is_broken or seen.mark != self._mark:
            self._mark, self._same_since_s = seen.mark, now_s
        if is_broken or not seen.is_leader_stopped:
            self._ran_by_s = now_s
        if seen.is_locked:
            self._unlocked_since_s = None
        elif is_broken or self._unlocked_since_s is None:
            self._unlocked_since_s = now_s
        if not seen.is_locked and (seen.is_free or seen.is_leader_dead):
            return True
        if self._unlocked_since_s is not None:
            grace_s = UNLOCKED_AFTER_RESTART_S if seen.server_up_s < YOUNG_SERVER_S else UNLOCKED_S
            return now_s - self._unlocked_since_s >= grace_s
        stood_s = now_s - self._same_since_s
        return stood_s >= LEASE_S or min(stood_s, now_s - self._ran_by_s) >= STOPPED_S
