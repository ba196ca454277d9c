"""Puts telephones and trunks into Asterisk's memory and takes them out again; says how a trunk does."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Iterable

import msgspec

from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.errors import AriRefused
from zhiyin.engine.adapters.asterisk.identities import (
    MediaRules,
    SipObject,
    identity_ids,
    identity_objects,
    trunk_account,
    trunk_ids,
    trunk_objects,
)
from zhiyin.engine.adapters.asterisk.manager import ManagerAnswer, ManagerClient
from zhiyin.engine.adapters.asterisk.messages import Attribute, Fields, Variable
from zhiyin.engine.ports import Refused, SipIdentity, Trunk, TrunkState

NOT_FOUND = 404
#: A qualify is answered within qualify_timeout (3 s) or counts as unreachable.
TRUNK_TEST_S = 3.5
TRUNK_POLL_S = 0.2


class Provisioning:
    """Makes and removes dynamic objects. Repeating the same object changes nothing that is in use."""

    def __init__(self, *, ari: AriClient, manager: ManagerClient, media: MediaRules) -> None:
        self._ari = ari
        self._manager = manager
        self._media = media
        self._identities: dict[str, SipIdentity] = {}
        self._registrations: dict[str, SipObject] = {}

    async def put_identity(self, identity: SipIdentity) -> None:
        """Make the identity, or give it a new secret. A telephone registered by it stays registered."""
        self._identities[identity.account] = identity
        for wanted in identity_objects(identity, self._media):
            # Asterisk makes permanent contacts of the registered ones when an aor is written again.
            if wanted.kind == "aor" and (await self._ari.request("GET", wanted.path)).is_ok:
                continue
            await self._put(wanted)

    async def remove_identity(self, account: str) -> None:
        self._identities.pop(account, None)
        await self._delete(identity_ids(account))

    async def renew_endpoint(self, account: str) -> bool:
        """Make the endpoint anew; its registration is the aor's and stays. False where there is none to be made."""
        identity = self._identities.get(account)
        await self._delete((SipObject("endpoint", account, {}),))
        if identity is None:
            return False
        await self.put_identity(identity)
        return True

    async def put_trunk(self, trunk: Trunk) -> None:
        """Make the trunk anew, unless it stands already just so: a changed trunk registers again."""
        self._media.check_trunk(trunk)
        addresses = await _addresses(trunk.host) if self._media.edge else ()
        is_encrypted = self._media.is_trunk_encrypted(trunk)
        objects = trunk_objects(trunk, self._media.edge, addresses, is_encrypted=is_encrypted)
        digest, marker = hashlib.sha256(msgspec.json.encode(objects)).hexdigest(), _trunk_marker(trunk.id)
        if await self._read_global(marker) == digest:
            return
        await self._write_global(marker, "")
        await self._delete(trunk_ids(trunk.id))
        self._registrations.pop(trunk_account(trunk.id), None)
        for wanted in objects:
            await self._put(wanted)
            if wanted.kind == "registration":
                self._registrations[wanted.id] = wanted
        await self._write_global(marker, digest)
        # Else Asterisk asks at some time within half a minute, and calls wait for a trunk at which nobody is.
        await self._manager.act("PJSIPQualify", endpoint=trunk_account(trunk.id))

    async def remove_trunk(self, trunk: int) -> None:
        await self._write_global(_trunk_marker(trunk), "")
        self._registrations.pop(trunk_account(trunk), None)
        await self._delete(trunk_ids(trunk))

    async def test_trunk(self, trunk: int) -> TrunkState:
        """Ask the other side (OPTIONS) and look at our registration there. Takes at most 4 s."""
        account = trunk_account(trunk)
        before = _contact(await self._show(account))
        if not (await self._manager.act("PJSIPQualify", endpoint=account)).is_ok:
            return TrunkState(state="unknown", detail="not configured")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + TRUNK_TEST_S
        while True:
            await asyncio.sleep(TRUNK_POLL_S)
            contact, registration = _contact(await self._show(account)), await self._registration(account)
            if registration == "" and account in self._registrations:
                # Asterisk's own part hears of a deletion late, and takes the next registration's state for the last
                # one's: then it stands there and never registers.
                await self._put(self._registrations[account])
            is_asked = contact != before and contact.get("Status") in ("Reachable", "Unreachable")
            is_settled = registration in (None, "Registered", "Rejected")
            if (is_asked and is_settled) or loop.time() >= deadline:
                return to_trunk_state(contact=contact, registration=registration)

    async def contact_of(self, account: str) -> str | None:
        """Return the URI at which a registered telephone stands; None when none is registered."""
        contacts = (await self._show(account)).events("ContactStatusDetail")
        return contacts[0].get("URI") if contacts else None

    async def _show(self, account: str) -> ManagerAnswer:
        return await self._manager.act("PJSIPShowEndpoint", endpoint=account)

    async def _registration(self, account: str) -> str | None:
        shown = await self._manager.act("PJSIPShowRegistrationsOutbound")
        for event in shown.events("OutboundRegistrationDetail"):
            if event.get("ObjectName") == account:
                return event.get("Status", "")
        return None

    async def _put(self, wanted: SipObject) -> None:
        body = Fields(tuple(Attribute(name, value) for name, value in wanted.fields.items()))
        answer = await self._ari.request("PUT", wanted.path, body=body)
        if not answer.is_ok:
            raise Refused(f"{wanted.kind} {wanted.id}: {answer.why()}")

    async def _delete(self, objects: Iterable[SipObject]) -> None:
        for unwanted in objects:
            (await self._ari.request("DELETE", unwanted.path)).expect(NOT_FOUND)

    async def _read_global(self, name: str) -> str:
        try:
            return (await self._ari.request("GET", "asterisk/variable", {"variable": name})).read(Variable).value
        except AriRefused:
            return ""

    async def _write_global(self, name: str, value: str) -> None:
        (await self._ari.request("POST", "asterisk/variable", {"variable": name, "value": value})).expect()


def to_trunk_state(*, contact: dict[str, str], registration: str | None) -> TrunkState:
    """Return the state from a contact's status and our registration ("Registered", "Rejected"; None: there is none)."""
    reached = contact.get("Status")
    detail = f"contact {reached or 'unknown'}" + (f", registration {registration}" if registration is not None else "")
    microseconds = contact.get("RoundtripUsec", "")
    rtt_ms = int(microseconds) / 1000 if microseconds.isdecimal() and reached == "Reachable" else None
    if registration == "Rejected":
        return TrunkState(state="refused", detail=detail, rtt_ms=rtt_ms)
    if reached == "Unreachable":
        return TrunkState(state="unreachable", detail=detail)
    if reached == "Reachable" and registration in (None, "Registered"):
        return TrunkState(state="ok", detail=detail, rtt_ms=rtt_ms)
    return TrunkState(state="unknown", detail=detail, rtt_ms=rtt_ms)


async def _addresses(host: str) -> tuple[str, ...]:
    """Return every address of a carrier. Raises ``Refused`` when its name is not known."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except socket.gaierror as error:
        raise Refused(f"unknown host {host}") from error
    return tuple(sorted({str(address[0]) for *_, address in found}))


def _contact(shown: ManagerAnswer) -> dict[str, str]:
    contacts = shown.events("ContactStatusDetail")
    return {name: contacts[0].get(name, "") for name in ("Status", "RoundtripUsec")} if contacts else {}


def _trunk_marker(trunk: int) -> str:
    return f"ZHIYIN_TRUNK_{trunk}"
