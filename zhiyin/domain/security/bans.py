"""When an address is refused, and for how long. Pure: instants are arguments, addresses are words.

An address that fails too often within a minute is banned. Behind one address may stand an office: where telephones
are registered, only the pair of account and address is banned, so that nobody's work ends because of a neighbour.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: An attack from very many addresses must not fill the memory: the longest unseen are forgotten first.
MAX_SUSPECTS = 20_000
MAX_BANS = 500


class Offence(StrEnum):
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a word for it
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_NUMBER = "unknown_number"


@dataclass(frozen=True, slots=True)
class BanRule:
    """``attempts`` within ``within_s`` seconds: banned for ``ban_s``, twice as long each time, ``longest_s`` at most.

    A telephone with a mistyped secret tries once in half a minute or more: it never comes so far.
    """

    attempts: int = 10
    within_s: int = 60
    ban_s: int = 600
    longest_s: int = 86_400


@dataclass(frozen=True, slots=True)
class Suspect:
    """An address, or one account tried from it."""

    address: str
    account: str | None = None

    @property
    def id(self) -> str:
        return f"{self.account}@{self.address}" if self.account else self.address


@dataclass(frozen=True, slots=True)
class Ban:
    """``times``: how often this suspect was banned lately, this time included."""

    suspect: Suspect
    offence: Offence
    began_at: datetime
    ends_at: datetime
    times: int = 1


class BanBook:
    """Counts attempts and keeps the bans in force. One owner calls it; nothing here waits."""

    def __init__(self, rule: BanRule | None = None) -> None:
        self.rule = rule or BanRule()
        self._attempts: OrderedDict[Suspect, deque[datetime]] = OrderedDict()
        self._times: OrderedDict[Suspect, tuple[int, datetime]] = OrderedDict()
        self._bans: OrderedDict[Suspect, Ban] = OrderedDict()

    def note(self, address: str, account: str | None, *, now: datetime) -> list[Suspect]:
        """Count an attempt; return who just went too far: the address, the account tried from it, or both.

        Whoever is told here starts from nothing again, so that a suspect who is spared is told again later.
        """
        suspects = [Suspect(address)] + ([Suspect(address, account)] if account else [])
        return [suspect for suspect in suspects if self._count(suspect, now)]

    def _count(self, suspect: Suspect, now: datetime) -> bool:
        attempts = self._attempts.setdefault(suspect, deque(maxlen=self.rule.attempts))
        self._attempts.move_to_end(suspect)
        attempts.append(now)
        if len(self._attempts) > MAX_SUSPECTS:
            self._attempts.popitem(last=False)
        if len(attempts) < self.rule.attempts or now - attempts[0] > timedelta(seconds=self.rule.within_s):
            return False
        del self._attempts[suspect]
        return True

    def ban(self, suspect: Suspect, offence: Offence, *, now: datetime) -> Ban | None:
        """Ban the suspect; None where it is banned already. The oldest ban makes room for the newest."""
        if suspect in self._bans:
            return None
        before, until = self._times.get(suspect, (0, now))
        times = before + 1 if now <= until else 1
        length = timedelta(seconds=min(self.rule.ban_s * 2 ** min(times - 1, 20), self.rule.longest_s))
        ban = Ban(suspect, offence, now, now + length, times)
        self._bans[suspect] = ban
        self._times[suspect] = (times, ban.ends_at + timedelta(seconds=self.rule.longest_s))
        self._times.move_to_end(suspect)
        if len(self._times) > MAX_SUSPECTS:
            self._times.popitem(last=False)
        return ban

    def restore(self, ban: Ban) -> None:
        """Take up a ban that an earlier engine made."""
        self._bans[ban.suspect] = ban
        self._times[ban.suspect] = (ban.times, ban.ends_at + timedelta(seconds=self.rule.longest_s))

    def surplus(self) -> list[Ban]:
        """Return the oldest bans beyond the most that are kept; the caller lifts them."""
        return list(self._bans.values())[: max(0, len(self._bans) - MAX_BANS)]

    def lift(self, suspect_id: str) -> Ban | None:
        """End a ban by its suspect's id; its attempts are forgotten, too."""
        suspect = next((suspect for suspect in self._bans if suspect.id == suspect_id), None)
        if suspect is None:
            return None
        self._times.pop(suspect, None)
        self._attempts.pop(suspect, None)
        return self._bans.pop(suspect)

    def expire(self, *, now: datetime) -> list[Ban]:
        """End and return the bans whose time is over."""
        over = [ban for ban in self._bans.values() if ban.ends_at <= now]
        for ban in over:
            del self._bans[ban.suspect]
        return over

    @property
    def bans(self) -> list[Ban]:
        return list(self._bans.values())

    def accounts_denied_at(self, account: str) -> list[str]:
        """Return the addresses from which this account is refused."""
        return sorted(suspect.address for suspect in self._bans if suspect.account == account)
