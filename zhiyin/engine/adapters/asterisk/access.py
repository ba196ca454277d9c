"""Whom Asterisk refuses: addresses by its SIP access list, accounts from an address by their endpoint's own.

Both take effect at once and need no rights on the machine. What is in force stands in a global of Asterisk, beside
what enforces it: the next engine reads it there, and an Asterisk that restarted has neither.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from itertools import count

import msgspec

from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.errors import AriRefused, port_errors
from zhiyin.engine.adapters.asterisk.identities import SipObject
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.adapters.asterisk.messages import Attribute, Fields, Variable
from zhiyin.engine.ports import Denial

IN_FORCE = "ZHIYIN_DENIALS"
#: So many stand in one global, the rest in the next ones: all bans at once are larger than Asterisk's websocket takes.
PER_GLOBAL = 50
NOT_FOUND = 404
#: Asterisk makes the object but cannot show it: access lists have no words for their own fields.
MADE_BUT_NOT_SHOWN = 500


class AsteriskAccess:
    """Implements ``engine.ports.AccessControl``.

    ``renew`` makes an account's endpoint anew: what an endpoint was told to deny it never unlearns.
    """

    def __init__(self, *, ari: AriClient, manager: ManagerClient, renew: Callable[[str], Awaitable[None]]) -> None:
        self._ari = ari
        self._manager = manager
        self._renew = renew
        self._is_certain = True  # that what stands in the globals is what is refused

    async def denials(self) -> Sequence[Denial]:
        """Return what Asterisk refuses now."""
        with port_errors():
            return await self._in_force()

    async def put_denials(self, denials: Sequence[Denial]) -> None:
        """Refuse these and nobody else. Repeatable; addresses that are none are left out."""
        with port_errors():
            await self._put_all([denial for denial in denials if _mask(denial.address)])

    async def telephone_addresses(self) -> Mapping[str, frozenset[str]]:
        """Return where registered telephones really are (not what they say), with their accounts."""
        found: dict[str, set[str]] = {}
        with port_errors():
            contacts = (await self._manager.act("PJSIPShowContacts")).events("ContactList")
        for contact in contacts:
            if address := contact.get("ViaAddr"):
                found.setdefault(address.strip("[]"), set()).add(contact.get("Endpoint", ""))
        return {address: frozenset(accounts) for address, accounts in found.items()}

    async def _in_force(self) -> tuple[Denial, ...]:
        found: list[Denial] = []
        for name in _globals():
            try:
                answer = await self._ari.request("GET", "asterisk/variable", {"variable": name})
                part = msgspec.json.decode(answer.read(Variable).value or "[]", type=tuple[Denial, ...])
            except (AriRefused, msgspec.MsgspecError):
                break
            if not part:
                break
            found += part
        return tuple(found)

    async def _note(self, denials: Sequence[Denial]) -> None:
        """Let the globals say who is refused; an empty one ends the list."""
        parts = [denials[start : start + PER_GLOBAL] for start in range(0, len(denials), PER_GLOBAL)]
        for name, part in zip(_globals(), [*parts, ()], strict=False):
            value = msgspec.json.encode(part).decode() if part else ""
            (await self._ari.request("POST", "asterisk/variable", {"variable": name, "value": value})).expect()

    async def _put_all(self, wanted: Sequence[Denial]) -> None:
        """What is to be lifted is noted until it is: broken off half-way, the next time lifts it and puts all anew."""
        in_force = {_key(denial): denial for denial in await self._in_force()}
        before, after = set(in_force), set(map(_key, wanted))
        await self._note([*wanted, *(in_force[key] for key in sorted(before - after))])
        to_put = after - before if self._is_certain else after
        self._is_certain = False
        for address, account in sorted(before - after):
            if not account:
                (await self._ari.request("DELETE", _access_list(address).path)).expect(NOT_FOUND)
        for account in {account for _, account in before - after if account}:
            await self._renew(account)
        for address, account in sorted(to_put):
            if not account:
                await self._put(_access_list(address))
        for account in {account for _, account in (before - after) | to_put if account}:
            await self._deny(account, {address for address, of in after if of == account})
        if before - after:
            await self._note(wanted)
        self._is_certain = True

    async def _deny(self, account: str, addresses: Collection[str]) -> None:
        path = SipObject("endpoint", account, {}).path
        if addresses and (await self._ari.request("GET", path)).is_ok:
            await self._put(SipObject("endpoint", account, {"deny": ",".join(map(_mask, sorted(addresses)))}))

    async def _put(self, wanted: SipObject) -> None:
        body = Fields(tuple(Attribute(name, value) for name, value in wanted.fields.items()))
        (await self._ari.request("PUT", wanted.path, body=body)).expect(MADE_BUT_NOT_SHOWN)


def _globals() -> Iterator[str]:
    """Yield the names of the globals that hold the list, without end."""
    yield IN_FORCE
    yield from (f"{IN_FORCE}_{number}" for number in count(2))


def _key(denial: Denial) -> tuple[str, str]:
    return denial.address, denial.account or ""


def _access_list(address: str) -> SipObject:
    name = hashlib.sha256(address.encode()).hexdigest()[:16]  # an IPv6 address is no object's name
    return SipObject("acl", f"denied-{name}", {"deny": _mask(address)})


def _mask(address: str) -> str:
    """Return the one address as Asterisk's access lists read it; nothing for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return f"{found}/255.255.255.255" if found.version == 4 else f"{found}/128"
