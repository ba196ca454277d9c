"""Refuses whoever attacks: counts what was refused, bans its source, lets it go when its time is over.

The rules are ``domain.security.bans``; here is whom they may not hit: this machine, the carriers, and every address
where a telephone of ours is registered. The bans in force stand in Asterisk beside what enforces them, so that the
next engine knows them too.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress

import msgspec
import structlog

from zhiyin.contracts.frames import BanRow
from zhiyin.domain.security.bans import Ban, BanBook, BanRule, Offence, Suspect
from zhiyin.engine.clock import Clock, Timers
from zhiyin.engine.ports import AccessControl, Denial, TelephonyError

log = structlog.get_logger(__name__)

RESOLVE_WITHIN_S = 2.0
_EXPIRY = "bans expire"


class Guard:
    """``trunk_hosts``: the carriers' addresses and names; ``run`` runs what waits, for as long as the engine lives."""

    def __init__(
        self,
        access: AccessControl,
        clock: Clock,
        timers: Timers,
        *,
        trunk_hosts: Callable[[], Iterable[str]],
        run: Callable[[Coroutine[object, object, None]], object],
        rule: BanRule | None = None,
    ) -> None:
        self._access = access
        self._clock = clock
        self._timers = timers
        self._trunk_hosts = trunk_hosts
        self._run = run
        self._book = BanBook(rule)
        self._judged: set[Suspect] = set()
        self._changing = asyncio.Lock()

    async def restore(self) -> None:
        """Take up the bans that an earlier engine left in Asterisk."""
        with suppress(TelephonyError):
            for denial in await self._access.denials():
                with suppress(msgspec.MsgspecError):
                    self._book.restore(msgspec.json.decode(denial.note, type=Ban))
        self._expire()

    def put_again(self) -> None:
        """Asterisk is a new process and refuses nobody."""
        self._run(self._put())

    def note(self, offence: Offence, address: str, account: str | None = None) -> None:
        """Count a refused request; whoever goes too far is banned at once."""
        for suspect in self._book.note(address, account, now=self._clock.now()):
            if suspect not in self._judged:
                self._judged.add(suspect)
                self._run(self._judge(suspect, offence))

    async def _judge(self, suspect: Suspect, offence: Offence) -> None:
        try:
            if await self._is_spared(suspect):
                log.warning("attack_from_where_we_work", source=suspect.address, offence=offence.value)
                return
            ban = self._book.ban(suspect, offence, now=self._clock.now())
            if ban is None:
                return
            log.warning("banned", source=suspect.address, offence=offence.value, times=ban.times)
            for oldest in self._book.surplus():
                self._book.lift(oldest.suspect.id)
            await self._put()
        finally:
            self._judged.discard(suspect)

    async def _is_spared(self, suspect: Suspect) -> bool:
        """An address of ours is never banned; there, one account may be, unless that is where it works."""
        with suppress(ValueError):
            if ipaddress.ip_address(suspect.address) in _OURSELVES:
                return True
        if suspect.address in await _resolve(self._trunk_hosts()):
            return True
        try:
            working = (await self._access.telephone_addresses()).get(suspect.address, frozenset())
        except TelephonyError:
            return True  # who works there cannot be known: Asterisk is away and serves the attacker neither
        if suspect.account is None:
            return bool(working)
        return not working or suspect.account in working

    async def _put(self) -> None:
        async with self._changing:
            denials = [
                Denial(ban.suspect.address, ban.suspect.account, msgspec.json.encode(ban).decode())
                for ban in self._book.bans
            ]
            try:
                await self._access.put_denials(denials)
            except TelephonyError as error:
                log.warning("bans_not_put", why=str(error))  # put again when Asterisk comes back
        self._wait_for_the_next_end()

    def _wait_for_the_next_end(self) -> None:
        ends = [ban.ends_at for ban in self._book.bans]
        if ends:
            after_s = (min(ends) - self._clock.now()).total_seconds()
            self._timers.start(_EXPIRY, max(0.0, after_s), self._expire)

    def _expire(self) -> None:
        if self._book.expire(now=self._clock.now()):
            self._run(self._put())
        else:
            self._wait_for_the_next_end()

    # --- what an administrator sees and does

    def rows(self, *, is_ours: Callable[[str], bool]) -> list[BanRow]:
        """Return the bans in force, newest first: of addresses, and of the accounts that are the asker's."""
        return [
            BanRow(
                id=ban.suspect.id,
                address=ban.suspect.address,
                account=ban.suspect.account,
                offence=ban.offence.value,
                began_at=ban.began_at,
                ends_at=ban.ends_at,
                times=ban.times,
            )
            for ban in reversed(self._book.bans)
            if not ban.suspect.account or is_ours(ban.suspect.account)
        ]

    async def lift(self, ban_id: str, *, is_ours: Callable[[str], bool]) -> bool:
        """End a ban now; return whether there was one that the asker sees."""
        if all(row.id != ban_id for row in self.rows(is_ours=is_ours)):
            return False
        ban = self._book.lift(ban_id)
        if ban is None:
            return False
        log.info("ban_lifted", source=ban.suspect.address)
        await self._put()
        return True


#: ``live`` connects from here for every browser.
_OURSELVES = frozenset({ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")})


async def _resolve(hosts: Iterable[str]) -> set[str]:
    """Return the hosts' addresses; a name that cannot be resolved now stands for none."""
    found: set[str] = set()
    loop = asyncio.get_running_loop()
    for host in set(hosts):
        try:
            found.add(str(ipaddress.ip_address(host.strip("[]"))))
            continue
        except ValueError:
            pass
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(RESOLVE_WITHIN_S):
                answers = await loop.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
            found.update(str(answer[4][0]) for answer in answers)
    return found
