"""``AsteriskTelephony``: the engine's telephony on one Asterisk 22.

Tells facts through ``on_fact``, in Asterisk's order, from the event loop; the receiver must return at once. After a
broken connection it first tells what was missed, then ``TelephonyUp``, then what comes. Asterisk restarted:
``TelephonyUp(is_restarted=True)`` stands for the end of every leg.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import structlog

from zhiyin.contracts.dialplan import LET_IN
from zhiyin.engine.adapters.asterisk import messages, translate
from zhiyin.engine.adapters.asterisk.access import AsteriskAccess
from zhiyin.engine.adapters.asterisk.address import AsteriskAddress
from zhiyin.engine.adapters.asterisk.bridges import Bridges
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.ears import Ears
from zhiyin.engine.adapters.asterisk.errors import port_errors
from zhiyin.engine.adapters.asterisk.facts import CALL_EVENTS, TELEPHONE_EVENTS, Facts
from zhiyin.engine.adapters.asterisk.identities import (
    TELEPHONE_VARIABLES,
    MediaRules,
    caller_id,
    to_target,
    to_variables,
    trunk_of,
)
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.adapters.asterisk.media_watch import MediaWatch
from zhiyin.engine.adapters.asterisk.provisioning import Provisioning
from zhiyin.engine.adapters.asterisk.recorder import Recorder
from zhiyin.engine.adapters.asterisk.rest import CONFLICT, NOT_FOUND, Rest
from zhiyin.engine.adapters.asterisk.security_watch import SecurityWatch
from zhiyin.engine.adapters.asterisk.sounds import Sounds
from zhiyin.engine.adapters.asterisk.stock import Stock
from zhiyin.engine.adapters.asterisk.taps import Taps, tap_bridge
from zhiyin.engine.adapters.asterisk.telephone_watch import TelephoneWatch
from zhiyin.engine.adapters.asterisk.trunk_watch import TrunkWatch
from zhiyin.engine.lease import Gate
from zhiyin.engine.ports import (
    BridgeId,
    Fact,
    Inventory,
    Lateness,
    LegId,
    PlaybackId,
    Refused,
    SipIdentity,
    TelephonyDown,
    TelephonyUp,
    TransferOutcome,
    Trunk,
    TrunkState,
)

log = structlog.get_logger(__name__)

#: A global that a new Asterisk process does not have.
SEEN = "ZHIYIN_SEEN"

#: What may stand in a name between the brackets of a dialplan function and mean nothing there.
_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")
_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")


class AsteriskTelephony:
    """Implements ``engine.ports.Telephony``. ``start`` returns at once; ``TelephonyUp`` tells when it can be used."""

    def __init__(
        self,
        address: AsteriskAddress,
        *,
        on_fact: Callable[[Fact], None],
        on_dead: Callable[[], None] = lambda: None,
        watch_media_every_s: float = 5.0,
        gate: Gate | None = None,
    ) -> None:
        """``on_dead`` is called when the machine answers that no Asterisk listens there, at each try.

        What is asked of Asterisk waits at ``gate``.
        """
        self._application = address.application
        telephones = f"{address.application}-telephones"
        self._on_fact = on_fact
        self._legs = Legs()
        self._facts = Facts(
            legs=self._legs,
            on_fact=on_fact,
            lateness=lambda dated: self._ari.event_clock.lateness(dated, now_s=time.perf_counter()),
        )
        self._browsers: set[str] = set()
        self._was_connected = False
        self._ari = AriClient(
            address.ari,
            # Two applications on one socket: a subscription to a telephone would double every event of its calls.
            filters={self._application: CALL_EVENTS, telephones: TELEPHONE_EVENTS},
            on_event=self._facts.take,
            on_connected=self._take_stock,
            on_lost=lambda: on_fact(TelephonyDown()),
            on_refused=on_dead,
            gate=gate,
        )
        self._manager = ManagerClient(
            url=address.url,
            user=address.manager_user,
            password=address.manager_password,
            tls=address.tls,
            gate=gate,
        )
        self._rest = Rest(self._ari)
        self._telephones = TelephoneWatch(
            ari=self._ari,
            application=telephones,
            on_states=self._facts.note_telephones,
            is_known=self._facts.knows_telephone,
        )
        self._taps = Taps(ari=self._ari, application=self._application)
        self._ears = Ears(ari=self._ari, address=address.ari, application=self._application)
        self._facts.on_tap = self._channel_entered
        self._stock = Stock(ari=self._ari, application=self._application, legs=self._legs)
        self._provisioning = Provisioning(
            ari=self._ari, manager=self._manager, media=MediaRules(address.sip_host, address.edge, address.encryption)
        )
        #: whose requests are refused; behind an edge every request has its address, and the edge itself refuses
        self.access = AsteriskAccess(ari=self._ari, manager=self._manager, renew=self._renew_endpoint)
        self._security_watch = SecurityWatch(url=address.url, password=address.manager_password, on_refused=on_fact)
        self._has_edge = bool(address.edge)
        self._recorder = Recorder(legs=self._legs, manager=self._manager, rest=self._rest)
        self._sounds = Sounds(rest=self._rest, manager=self._manager, legs=self._legs)
        self._bridges = Bridges(rest=self._rest, legs=self._legs, sounds=self._sounds, recorder=self._recorder)
        self._media_watch = MediaWatch(
            legs=self._legs_to_watch,
            count_packets=self._rest.packets_heard,
            on_stopped=on_fact,
            every_s=watch_media_every_s,
            silent_after_s=2 * watch_media_every_s,
        )
        self._trunk_watch = TrunkWatch(is_silent=self._is_silent, ask=self.test_trunk, give_up=self._give_up)

    async def start(self) -> None:
        await self._ari.start()
        self._media_watch.start()
        if not self._has_edge:
            self._security_watch.start()

    async def stop(self) -> None:
        """Disconnect; calls go on in Asterisk."""
        await self._media_watch.stop()
        await self._trunk_watch.stop()
        await self._security_watch.stop()
        await self._ari.stop()
        await self._manager.close()

    @property
    def is_replaced(self) -> bool:
        """Whether another engine took Asterisk over; then this one hears nothing of it any more."""
        return self._ari.is_replaced

    async def _take_stock(self) -> None:
        """Run after each connect, before any event is delivered."""
        seen = (await self._ari.request("GET", "asterisk/variable", {"variable": SEEN})).read(messages.Variable)
        is_restarted = not seen.value
        endpoints = await self._telephones.start()
        self._bridges.forget()
        began_ago_s = 0.0
        if is_restarted:
            self._legs.clear()
            began_ago_s = await self._stock.late_ends.began_ago_s()
        elif self._was_connected:
            silent_s = asyncio.get_running_loop().time() - self._ari.last_word_at_s
            await self._stock.catch_up(facts=self._facts, on_fact=self._on_fact, silent_s=silent_s)
        await self.set_globals({SEEN: "1"})
        log.info("asterisk_connected", is_restarted=is_restarted, telephones=len(endpoints))
        self._was_connected = True
        self._facts.forget_telephones()
        self._on_fact(TelephonyUp(is_restarted=is_restarted, began_ago_s=began_ago_s))
        self._facts.note_telephones(endpoints)

    # --- legs

    async def answer(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "POST", "answer")

    async def ring(
        self,
        leg: LegId,
        *,
        to: str,
        caller_number: str,
        caller_name: str,
        codec: str,
        timeout_s: int,
        headers: Mapping[str, str],
        beside: LegId | None = None,  # noqa: ARG002 - there is one Asterisk, and every leg is on it
    ) -> None:
        if leg in self._legs:
            return
        account, target = to_target(to)
        self._legs.add(Leg(leg, account, is_rung=True))
        query: dict[str, str | int] = {
            "endpoint": target,
            "app": self._application,
            "appArgs": translate.RUNG,
            "channelId": leg,
            "formats": codec,
            "timeout": timeout_s,
            "callerId": caller_id(number=caller_number, name=caller_name),
        }
        variables = to_variables(headers) | (TELEPHONE_VARIABLES if to.startswith("account:") else {})
        answer = await self._rest.ask("POST", "channels", query, body=messages.Variables(variables))
        if answer.is_ok:
            if (trunk := trunk_of(to)) is not None:
                self._trunk_watch.watch(leg, trunk=trunk)
            return
        # Asterisk says 409 both for a leg that lives and for an identity that does not exist.
        if answer.status == CONFLICT and (await self._rest.ask("GET", f"channels/{leg}")).is_ok:
            return
        self._legs.drop(leg)
        raise Refused("unreachable" if answer.status in (CONFLICT, 500) else answer.why())

    async def hang_up(self, leg: LegId, *, word: str = "hangup") -> None:
        if known := self._legs.get(leg):
            known.is_ending = True
        answer = await self._rest.ask("DELETE", f"channels/{leg}", {"reason_code": translate.CAUSE_BY_WORD[word]})
        self._rest.expect(answer, NOT_FOUND)

    async def send_digits(self, leg: LegId, digits: str) -> None:
        if not _DIGITS.fullmatch(digits):
            raise Refused(f"not digits of a keypad: {len(digits)} characters")
        await self._rest.of_leg(leg, "POST", "dtmf", {"dtmf": digits})

    async def report_transfer(self, leg: LegId, outcome: TransferOutcome) -> None:
        await self._rest.of_leg(leg, "POST", "transfer_progress", {"states": translate.TRANSFER_STATES[outcome]})

    async def read_headers(self, leg: LegId, *, prefix: str, at_most: int) -> Mapping[str, str]:
        named = (await self._rest.variable(leg, f"PJSIP_HEADERS({prefix})")).split(",")
        names = [name for name in dict.fromkeys(named) if _HEADER_NAME.fullmatch(name)][:at_most]
        values = await asyncio.gather(*(self._rest.variable(leg, f"PJSIP_HEADER(read,{name})") for name in names))
        return {name[len(prefix) :]: value for name, value in zip(names, values, strict=True)}

    # --- sounds

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        await self._sounds.play(leg, sounds, playback=playback)

    async def stop_playback(self, playback: PlaybackId) -> None:
        await self._sounds.stop(playback)

    async def start_music(self, leg: LegId) -> None:
        await self._sounds.start_music(leg)

    async def stop_music(self, leg: LegId) -> None:
        await self._sounds.stop_music(leg)

    async def start_ringback(self, leg: LegId) -> None:
        await self._sounds.start_ringback(leg)

    async def stop_ringback(self, leg: LegId) -> None:
        await self._sounds.stop_ringback(leg)

    # --- bridges

    async def bridge(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        await self._bridges.join(bridge, legs)

    async def unbridge(self, bridge: BridgeId, leg: LegId) -> None:
        await self._bridges.part(bridge, leg)

    async def remove_bridge(self, bridge: BridgeId) -> None:
        await self._bridges.remove(bridge)

    # --- listening in

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        with port_errors():
            await self._taps.tap(leg, of=of, is_heard=is_heard)
        if known := self._legs.get(leg):
            known.bridge = tap_bridge(leg)

    async def remove_tap(self, leg: LegId) -> None:
        with port_errors():
            await self._taps.remove(leg)
        if (known := self._legs.get(leg)) and known.bridge == tap_bridge(leg):
            known.bridge = None

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        with port_errors():
            await self._ears.hear(leg, ear=ear, on_sound=on_sound)

    def _channel_entered(self, channel: str) -> None:
        self._taps.entered(channel)
        self._ears.entered(channel)

    # --- recording

    async def start_recording(self, leg: LegId, *, recording: str, path: str) -> None:
        with port_errors():
            await self._recorder.start(leg, recording=recording, path=path)

    async def stop_recording(self, leg: LegId) -> None:
        """Stop; a leg that is gone or not recorded is no error."""
        with port_errors():
            await self._recorder.stop(leg)

    async def watch_speech(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "POST", "variable", {"variable": "TALK_DETECT(set)", "value": ""})

    # --- stock and settings

    async def inventory(self) -> Inventory:
        with port_errors():
            return await self._stock.inventory()

    async def look(self, legs: Iterable[LegId]) -> Mapping[LegId, bool]:
        with port_errors():
            return await self._stock.look(legs)

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        with port_errors():
            return await self._stock.late_ends.of(legs)

    async def put_identity(self, identity: SipIdentity) -> None:
        with port_errors():
            await self._provisioning.put_identity(identity)
            await self._telephones.add(identity.account)
        if identity.kind in ("browser", "guest"):
            self._browsers.add(identity.account)
        else:
            self._browsers.discard(identity.account)

    async def remove_identity(self, account: str) -> None:
        self._browsers.discard(account)
        with port_errors():
            await self._telephones.remove(account)
            await self._provisioning.remove_identity(account)
        self._facts.forget_telephone(account)

    async def _renew_endpoint(self, account: str) -> None:
        await self._telephones.remove(account)
        self._facts.forget_telephone(account)
        if await self._provisioning.renew_endpoint(account):
            await self._telephones.add(account)

    async def put_trunk(self, trunk: Trunk) -> None:
        with port_errors():
            await self._provisioning.put_trunk(trunk)

    async def remove_trunk(self, trunk: int) -> None:
        with port_errors():
            await self._provisioning.remove_trunk(trunk)

    async def test_trunk(self, trunk: int) -> TrunkState:
        with port_errors():
            return await self._provisioning.test_trunk(trunk)

    async def contact_of(self, account: str) -> str | None:
        """Return the URI at which a registered telephone stands; None when none is registered."""
        with port_errors():
            return await self._provisioning.contact_of(account)

    async def get_global(self, name: str) -> str:
        """Return the value of a global; empty when it was never set."""
        with port_errors():
            answer = await self._ari.request("GET", "asterisk/variable", {"variable": name})
            return answer.read(messages.Variable).value

    async def let_in(self) -> Mapping[str, int]:
        with port_errors():
            answer = await self._ari.aside("GET", f"asterisk/variable?variable={LET_IN}", is_door=True)
            return {"": int(answer.read(messages.Variable).value or 0)}

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        del at  # it is the only one
        with port_errors():
            await self._ari.set_globals(values)

    # --- underneath

    def _legs_to_watch(self) -> list[LegId]:
        return [leg.id for leg in self._legs.all() if leg.is_up and leg.endpoint in self._browsers]

    def _is_silent(self, leg: LegId) -> bool:
        known = self._legs.get(leg)
        return known is not None and not (known.is_ringing or known.is_up or known.is_ending)

    async def _give_up(self, leg: LegId) -> None:
        if known := self._legs.get(leg):
            known.is_unreachable = True
        await self.hang_up(leg, word="unreachable")
