"""SIP identities at run time: agents' browsers, agents' SIP telephones, one-call guests, and trunks.

They live in Asterisk's memory, so all are made again when Asterisk restarts. A browser's identity belongs to the
page that opened the telephone: its name is derived from the page, its secret from the name and a key of this
installation, so that the next engine knows both again without having stored anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from zhiyin.contracts.browser_telephones import BROWSER_ACCOUNT, browser_secret
from zhiyin.contracts.frames import TelephoneIdentity
from zhiyin.contracts.snapshots import TenantSettings, TrunkSetting
from zhiyin.engine.clock import Clock, Timers
from zhiyin.engine.ports import SipIdentity, Telephony, TelephonyAway, TelephonyError, Trunk

if TYPE_CHECKING:
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

SIP_DOMAIN = "zhiyin.invalid"
GUEST_LIFE_S = 120
#: How many guests may be calling one company at a time.
MAX_GUESTS = 20
#: How many people of a company may try drafts by telephone at a time.
MAX_TRIALS = 5
#: What an answer that was lost left undone is tried again so soon.
MEND_AFTER_S = 5.0
_MENDING = "telephones are mended"


@dataclass(slots=True)
class Browser:
    """An agent's browser telephone. ``holder`` is empty for one known again by its name alone."""

    tenant: int
    agent: int
    identity: SipIdentity
    holder: str
    is_registered: bool = False


@dataclass(slots=True)
class Guest:
    """``trial``: the trial call that it is for; "": it calls the company's number ``entry``."""

    tenant: int
    identity: SipIdentity
    entry: str
    trial: str = ""
    is_used: bool = False


class OnReachable(Protocol):
    """Told when an agent's telephone came or went."""

    def __call__(self, tenant: int, agent: int, *, is_reachable: bool) -> None: ...


def _nobody_asks(tenant: int, agent: int, *, is_reachable: bool) -> None:
    """Until the switchboard listens."""


class Telephones:
    def __init__(self, telephony: Telephony, clock: Clock, timers: Timers, *, key: bytes) -> None:
        self._key = key
        self._telephony = telephony
        self._clock = clock
        self._timers = timers
        self._browsers: dict[tuple[int, int], Browser] = {}
        self._guests: dict[str, Guest] = {}
        self._sip: dict[str, tuple[int, int | None]] = {}  # account -> (tenant, agent)
        self._sip_identities: dict[str, SipIdentity] = {}
        self._sip_registered: set[str] = set()
        self._trunks: dict[int, tuple[int, Trunk]] = {}
        #: accounts and trunks of which Asterisk was told in vain
        self._unmade: set[str | int] = set()
        self._unremoved: set[str | int] = set()
        self._is_line_up = True
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_reachable: OnReachable = _nobody_asks

    # --- looking up -------------------------------------------------------------------------------------------------

    def account_of(self, tenant: Tenant, agent: int) -> str | None:
        """Return the SIP account that rings for this agent, if a telephone is registered there."""
        setting = tenant.company.agents.get(agent)
        if setting is None:
            return None
        if setting.telephone == "sip":
            return setting.sip_account if setting.sip_account in self._sip_registered else None
        browser = self._browsers.get((tenant.id, agent))
        return browser.identity.account if browser and browser.is_registered else None

    def agent_by_account(self, account: str) -> tuple[int, int] | None:
        """Return (tenant, agent) of an agent's telephone."""
        tenant, agent = self._sip.get(account, (0, None))
        if agent is not None:
            return tenant, agent
        for browser in self._browsers.values():
            if browser.identity.account == account:
                return browser.tenant, browser.agent
        return None

    def tenant_of_account(self, account: str) -> int | None:
        return self._sip[account][0] if account in self._sip else None

    def tenant_of_trunk(self, endpoint: str) -> int | None:
        known = self._trunks.get(_trunk_number(endpoint))
        return known[0] if known else None

    def trunk_hosts(self) -> list[str]:
        """Return the addresses and names of every company's carriers."""
        return [trunk.host for _, trunk in self._trunks.values()]

    def guest(self, account: str) -> Guest | None:
        return self._guests.get(account)

    # --- agents' browsers -------------------------------------------------------------------------------------------

    async def open_browser(self, tenant: int, agent: int, holder: str) -> TelephoneIdentity:
        """Make the identity of the page ``holder``; the same page asking again gets the same one."""
        before = self._browsers.get((tenant, agent))
        if before is None or before.holder != holder:
            page = hashlib.sha256(holder.encode()).hexdigest()[:12]
            identity = self._browser_identity(f"b{tenant}-{agent}-{page}")
            await self._telephony.put_identity(identity)
            self._browsers[tenant, agent] = Browser(tenant, agent, identity, holder)
            if before is not None and before.identity.account == identity.account:
                self._browsers[tenant, agent].is_registered = before.is_registered
            elif before is not None:
                self.on_reachable(tenant, agent, is_reachable=False)
                self._forget(before.identity.account)
        mine = self._browsers[tenant, agent]
        return TelephoneIdentity(mine.identity.account, mine.identity.secret, SIP_DOMAIN)

    def _browser_identity(self, account: str) -> SipIdentity:
        return SipIdentity(account, browser_secret(self._key, account), "browser")

    def _adopt_browser(self, account: str) -> Browser | None:
        """A browser's telephone of an earlier engine is still registered: know it again."""
        match = BROWSER_ACCOUNT.fullmatch(account)
        if match is None:
            return None
        tenant, agent = int(match[1]), int(match[2])
        if (tenant, agent) in self._browsers:
            return None
        browser = Browser(tenant, agent, self._browser_identity(account), holder="")
        self._browsers[tenant, agent] = browser
        return browser

    async def close_browser(self, tenant: int, agent: int, holder: str | None = None) -> None:
        """Take the identity away, if ``holder`` still owns it (None: whoever does)."""
        browser = self._browsers.get((tenant, agent))
        if browser is None or (holder is not None and browser.holder not in ("", holder)):
            return
        del self._browsers[tenant, agent]
        self.on_reachable(tenant, agent, is_reachable=False)
        await self._telephony.remove_identity(browser.identity.account)

    # --- guests -----------------------------------------------------------------------------------------------------

    async def open_guest(self, tenant: int, entry: str, *, trial: str = "") -> TelephoneIdentity | None:
        """Make a one-call identity that can reach only ``entry``, or this trial; None when too many are there."""
        alike = [one for one in self._guests.values() if one.tenant == tenant and bool(one.trial) == bool(trial)]
        if len(alike) >= (MAX_TRIALS if trial else MAX_GUESTS):
            return None
        account = f"{'t' if trial else 'g'}{tenant}-{secrets.token_hex(8)}"
        identity = SipIdentity(account, secrets.token_urlsafe(18), "guest")
        await self._telephony.put_identity(identity)
        self._guests[account] = Guest(tenant, identity, entry, trial)
        self._timers.start(("guest", account), GUEST_LIFE_S, lambda: self._expire_guest(account))
        expires_at: datetime = self._clock.now() + timedelta(seconds=GUEST_LIFE_S)
        return TelephoneIdentity(account, identity.secret, SIP_DOMAIN, call=entry, expires_at=expires_at)

    def adopt_guest(self, tenant: int, account: str, *, trial: str) -> None:
        """Know again the telephone of a call that an earlier engine began."""
        identity = SipIdentity(account, "", "guest")  # it makes no other call: its secret is asked no more
        self._guests[account] = Guest(tenant, identity, "", trial, is_used=True)

    def use_guest(self, account: str) -> bool:
        """Return whether the guest may call now: each identity makes one call."""
        guest = self._guests.get(account)
        if guest is None or guest.is_used:
            return False
        guest.is_used = True
        return True

    def guest_call_over(self, account: str) -> None:
        self._timers.stop(("guest", account))
        if self._guests.pop(account, None) is not None:
            self._forget(account)

    def _expire_guest(self, account: str) -> None:
        guest = self._guests.get(account)
        if guest is not None and not guest.is_used:
            self.guest_call_over(account)

    # --- settings ---------------------------------------------------------------------------------------------------

    async def apply_settings(self, settings: TenantSettings) -> None:
        """Make, change and remove SIP telephones and trunks as the company's settings say."""
        await self._apply_sip_accounts(settings)
        wanted = {trunk.id: _trunk(trunk) for trunk in settings.trunks if trunk.is_enabled}
        for number, (tenant, trunk) in list(self._trunks.items()):
            if tenant == settings.tenant and wanted.get(number) != trunk:
                del self._trunks[number]
                await self._remove(number)
        for number, trunk in wanted.items():
            if number not in self._trunks:
                self._trunks[number] = (settings.tenant, trunk)
                await self._make(trunk)

    async def _apply_sip_accounts(self, settings: TenantSettings) -> None:
        wanted = {sip.name: SipIdentity(sip.name, sip.secret, "sip") for sip in settings.sip_accounts}
        for account, (tenant, agent) in list(self._sip.items()):
            if tenant == settings.tenant and wanted.get(account) != self._sip_identities[account]:
                del self._sip[account], self._sip_identities[account]
                self._sip_registered.discard(account)
                if agent is not None:
                    self.on_reachable(tenant, agent, is_reachable=False)
                await self._remove(account)
        for sip in settings.sip_accounts:
            is_new = sip.name not in self._sip
            self._sip[sip.name] = (settings.tenant, sip.agent)
            self._sip_identities[sip.name] = wanted[sip.name]
            if is_new:
                await self._make(wanted[sip.name])
            elif sip.agent is not None and sip.name in self._sip_registered:
                self.on_reachable(settings.tenant, sip.agent, is_reachable=True)

    async def make_again(self) -> None:
        """Asterisk is a new process: give it every identity and trunk again; telephones will register anew."""
        self._is_line_up = True
        for browser in self._browsers.values():
            browser.is_registered = False
            self.on_reachable(browser.tenant, browser.agent, is_reachable=False)
        for account in list(self._guests):
            self.guest_call_over(account)
        for account in self._sip_registered:
            tenant, agent = self._sip[account]
            if agent is not None:
                self.on_reachable(tenant, agent, is_reachable=False)
        self._sip_registered.clear()
        self._unmade.clear()
        self._unremoved.clear()
        for wanted in self._wanted().values():
            await self._make(wanted)

    def line_lost(self) -> None:
        """Asterisk is away: what it could not be told waits for ``mend`` or ``make_again``."""
        self._is_line_up = False
        self._timers.stop(_MENDING)

    async def mend(self) -> None:
        """Asterisk is in reach again: make and remove what could not be. Who was removed could go on registering."""
        self._is_line_up = True
        wanted = self._wanted()
        for name in tuple(self._unremoved):
            await self._remove(name)
            if name in wanted:
                self._unmade.add(name)
        for name in tuple(self._unmade):
            self._unmade.discard(name)
            if name in wanted:
                await self._make(wanted[name])

    def _wanted(self) -> dict[str | int, SipIdentity | Trunk]:
        identities = (*(browser.identity for browser in self._browsers.values()), *self._sip_identities.values())
        wanted: dict[str | int, SipIdentity | Trunk] = {identity.account: identity for identity in identities}
        return wanted | {number: trunk for number, (_, trunk) in self._trunks.items()}

    async def _make(self, wanted: SipIdentity | Trunk) -> None:
        """Make it, after its predecessor of the same name is gone: that one's telephone would pass for its own."""
        name = wanted.id if isinstance(wanted, Trunk) else wanted.account
        if name in self._unremoved:
            await self._remove(name)
        if name in self._unremoved:
            self._unmade.add(name)
        elif isinstance(wanted, Trunk):
            await self._quietly(self._telephony.put_trunk(wanted), self._unmade, name)
        else:
            await self._quietly(self._telephony.put_identity(wanted), self._unmade, name)

    async def _remove(self, name: str | int) -> None:
        self._unmade.discard(name)
        telephony = self._telephony
        request = telephony.remove_identity(name) if isinstance(name, str) else telephony.remove_trunk(name)
        await self._quietly(request, self._unremoved, name)

    # --- facts ------------------------------------------------------------------------------------------------------

    def registered(self, account: str, *, is_reachable: bool) -> tuple[int, int] | None:
        """A telephone came or went; returns (tenant, agent) where it is an agent's."""
        for browser in self._browsers.values():
            if browser.identity.account == account:
                browser.is_registered = is_reachable
                self.on_reachable(browser.tenant, browser.agent, is_reachable=is_reachable)
                return browser.tenant, browser.agent
        adopted = self._adopt_browser(account) if is_reachable else None
        if adopted is not None:
            adopted.is_registered = True
            self.on_reachable(adopted.tenant, adopted.agent, is_reachable=True)
            return adopted.tenant, adopted.agent
        if account not in self._sip:
            return None
        (self._sip_registered.add if is_reachable else self._sip_registered.discard)(account)
        tenant, agent = self._sip[account]
        if agent is None:
            return None
        self.on_reachable(tenant, agent, is_reachable=is_reachable)
        return tenant, agent

    def accounts(self) -> Iterable[str]:
        """Return every account that should exist now."""
        return (*(b.identity.account for b in self._browsers.values()), *self._guests, *self._sip)

    def _forget(self, account: str) -> None:
        """Remove an identity in the background; its calls, if any, go on."""
        self._run(self._remove(account))

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, request: Awaitable[object], undone: set[str | int], name: str | int) -> None:
        """Await a request; one that fails is ``undone`` until ``mend``."""
        try:
            await request
        except TelephonyError as error:
            undone.add(name)
            log.warning("identity_change_failed", why=str(error))
            if isinstance(error, TelephonyAway) and self._is_line_up:  # an answer was lost, and no coming back follows
                self._timers.start(_MENDING, MEND_AFTER_S, lambda: self._run(self.mend()))
        else:
            undone.discard(name)


def _trunk(setting: TrunkSetting) -> Trunk:
    return Trunk(
        id=setting.id,
        host=setting.host,
        port=setting.port,
        transport=setting.transport,
        username=setting.username,
        secret=setting.secret,
        does_register=setting.does_register,
        is_encrypted=setting.is_encrypted,
    )


def _trunk_number(endpoint: str) -> int:
    number = endpoint.removeprefix("trunk-")
    return int(number) if number != endpoint and number.isdecimal() else 0
