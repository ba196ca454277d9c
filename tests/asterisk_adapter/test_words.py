"""Asterisk's words and the engine's, without Asterisk: stored real messages, causes, manager answers, SIP objects."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from zhiyin.engine.adapters.asterisk import messages, translate
from zhiyin.engine.adapters.asterisk.facts import Facts
from zhiyin.engine.adapters.asterisk.identities import (
    MediaRules,
    caller_id,
    identity_objects,
    to_target,
    to_variables,
    trunk_objects,
)
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.adapters.asterisk.manager import read_answer
from zhiyin.engine.adapters.asterisk.media_watch import MediaWatch
from zhiyin.engine.adapters.asterisk.provisioning import to_trunk_state
from zhiyin.engine.ports import (
    CallArrived,
    Fact,
    LegAnswered,
    LegGoneFact,
    LegRinging,
    MediaStopped,
    SipIdentity,
    Trunk,
)

# As Asterisk 22.10.1 sent them.
ARRIVAL = """{"type": "StasisStart", "timestamp": "2026-11-21T22:11:07.653+0000",
 "args": ["inbound", "anonymous", "(alaw|ulaw)", "4008001234"], "channel": {"id": "1795299067.0",
 "name": "PJSIP/anonymous-00000000", "state": "Ring", "protocol_id": "10ef47debddd5209@test",
 "caller": {"name": "张三", "number": "13800138000"}, "connected": {"name": "", "number": ""}, "accountcode": "",
 "dialplan": {"context": "inbound", "exten": "4008001234", "priority": 1, "app_name": "Stasis",
 "app_data": "zhiyin,inbound,anonymous,(alaw|ulaw),4008001234"}, "creationtime": "2026-11-21T22:11:07.653+0000",
 "language": "en"}, "asterisk_id": "02:fc:00:00:00:01", "application": "zhiyin"}"""
RINGING = """{"type":"ChannelStateChange","timestamp":"2026-11-21T22:15:10.997+0000","channel":{"id":"leg:nb",
 "name":"PJSIP/z1001-00000005","state":"Ringing","protocol_id":"a925dcc9","caller":{"name":"unknown","number":""},
 "connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"telephone","exten":"s","priority":1,
 "app_name":"AppDial2","app_data":"(Outgoing Line)"},"creationtime":"2026-11-21T22:15:10.995+0000","language":"en"},
 "asterisk_id":"02:fc:00:00:00:01","application":"zhiyin"}"""
BUSY = """{"type":"ChannelDestroyed","timestamp":"2026-11-21T22:15:11.297+0000","cause":17,"cause_txt":"User busy",
 "tech_cause":486,"channel":{"id":"leg:nb","name":"PJSIP/z1001-00000005","state":"Ringing","protocol_id":"a925dcc9",
 "caller":{"name":"unknown","number":""},"connected":{"name":"","number":""},"accountcode":"","dialplan":
 {"context":"telephone","exten":"s","priority":1,"app_name":"AppDial2","app_data":"(Outgoing Line)"},
 "creationtime":"2026-11-21T22:15:10.995+0000","language":"en"},"asterisk_id":"02:fc:00:00:00:01",
 "application":"zhiyin"}"""


def read(text: str) -> messages.Event:
    event = msgspec.json.decode(text.encode(), type=messages.Message)
    assert not isinstance(event, messages.RESTResponse)
    return event


def test_a_stored_arrival_is_told_once() -> None:
    told: list[Fact] = []
    facts = Facts(legs=Legs(), on_fact=told.append)
    facts.take(read(ARRIVAL))
    facts.take(read(ARRIVAL))
    arrival = CallArrived("1795299067.0", "inbound", "anonymous", "alaw", "4008001234", "13800138000", "张三")
    assert told == [arrival]
    # The dialplan's "h" enters the application again when the call is over.
    facts.take(read(ARRIVAL.replace("StasisStart", "StasisEnd")))
    facts.take(read(ARRIVAL.replace('"4008001234"]', '"h"]')))
    assert told == [arrival, LegGoneFact("1795299067.0", 16, "cancelled")]


def test_a_stored_busy_telephone_rings_and_ends_once() -> None:
    told: list[Fact] = []
    legs = Legs()
    facts = Facts(legs=legs, on_fact=told.append)
    for text in (RINGING, BUSY):
        facts.take(read(text))
    assert told == [], "a leg that nobody asked for means nothing"
    legs.add(Leg("leg:nb", "z1001", is_rung=True))
    for text in (RINGING, RINGING, BUSY, BUSY):
        facts.take(read(text))
    assert told == [LegRinging("leg:nb"), LegGoneFact("leg:nb", 17, "busy")]


def test_a_leg_found_in_the_inventory_can_still_arrive() -> None:
    """The inventory may be read between Asterisk's dialplan and its event."""
    told: list[Fact] = []
    legs = Legs()
    event = read(ARRIVAL)
    assert isinstance(event, messages.StasisStart)
    legs.adopt(event.channel, is_rung=False, bridge=None)
    Facts(legs=legs, on_fact=told.append).take(event)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"cause": 16, "was_answered": True}, "hangup"),
        ({"cause": 38, "was_answered": True}, "hangup"),
        ({"cause": 0, "was_rung": False}, "cancelled"),
        ({"cause": 17}, "busy"),
        ({"cause": 19, "sip_status": 480}, "no_answer"),
        ({"cause": 19, "sip_status": 480, "has_rung": False}, "unreachable"),
        ({"cause": 21, "sip_status": 603}, "refused"),
        ({"cause": 1, "sip_status": 404}, "unknown_number"),
        ({"cause": 28, "sip_status": 484}, "unknown_number"),
        ({"cause": 34, "sip_status": 503}, "congestion"),
        ({"cause": 58, "sip_status": 488}, "refused"),
        ({"cause": 26}, "cancelled"),
        ({"cause": 127, "sip_status": 487}, "cancelled"),
        ({"cause": 102}, "unreachable"),
        ({"cause": 127}, "unreachable"),
        ({"cause": 16}, "cancelled"),
    ],
)
def test_a_legs_end_has_one_word(facts: dict[str, int | bool], word: str) -> None:
    given = {"sip_status": None, "was_answered": False, "was_rung": True, "has_rung": True, **facts}
    assert translate.to_word(**given) == word  # type: ignore[arg-type]


def test_every_word_of_the_port_has_a_cause() -> None:
    words = {"hangup", "busy", "no_answer", "refused", "congestion", "unreachable", "cancelled", "unknown_number"}
    assert set(translate.CAUSE_BY_WORD) == words


def test_a_managers_list_is_read_with_its_events() -> None:
    answer = read_answer(
        "Response: Success\r\nEventList: start\r\nMessage: Following\r\n\r\n"
        "Event: ContactStatusDetail\r\nURI: sip:a@127.0.0.1:5060\r\nStatus: Reachable\r\nRoundtripUsec: 812\r\n\r\n"
        "Event: EndpointDetailComplete\r\nListItems: 1\r\n\r\n"
    )
    assert answer.is_ok
    assert answer.events("ContactStatusDetail")[0]["URI"] == "sip:a@127.0.0.1:5060"
    assert not read_answer("").is_ok


@pytest.mark.parametrize(
    ("status", "registration", "state"),
    [
        ("Reachable", None, "ok"),
        ("Reachable", "Registered", "ok"),
        ("Reachable", "Rejected", "refused"),
        ("Unreachable", "Registered", "unreachable"),
        ("Reachable", "Unregistered", "unknown"),
        ("Unknown", None, "unknown"),
    ],
)
def test_a_trunks_state(status: str, registration: str | None, state: str) -> None:
    contact = {"Status": status, "RoundtripUsec": "812"}
    assert to_trunk_state(contact=contact, registration=registration).state == state


@pytest.mark.parametrize(
    ("host", "media"),
    [
        ("127.0.0.1", {"media_address": "127.0.0.1", "bind_rtp_to_media_address": "yes"}),
        ("192.168.1.5", {"media_address": "192.168.1.5", "bind_rtp_to_media_address": "yes"}),
        ("0.0.0.0", {}),
        ("::", {}),
        ("desk.example", {}),
    ],
)
def test_a_browsers_media_stays_where_the_product_listens(host: str, media: dict[str, str]) -> None:
    identity = SipIdentity(account="b1", secret="s", kind="browser")
    endpoint = next(made for made in identity_objects(identity, MediaRules(host)) if made.kind == "endpoint")
    assert endpoint.fields["webrtc"] == "yes"
    assert {key: value for key, value in endpoint.fields.items() if "media_address" in key} == media


def test_a_guest_reaches_only_the_public_context() -> None:
    def context(kind: str) -> str:
        return identity_objects(SipIdentity("a", "s", kind), MediaRules())[-1].fields["context"]

    assert [context(kind) for kind in ("guest", "browser", "sip")] == ["inbound", "telephone", "telephone"]


def test_a_trunk_over_tls_says_so_everywhere() -> None:
    made = {
        one.kind: one.fields
        for one in trunk_objects(
            Trunk(id=3, host="2001:db8::1", port=5061, transport="tls", username="u", secret="p", does_register=True)
        )
    }
    assert made["aor"]["contact"] == "sip:[2001:db8::1]:5061;transport=tls"
    assert made["endpoint"]["transport"] == made["registration"]["transport"] == "transport-tls"
    assert made["registration"]["client_uri"] == "sip:u@[2001:db8::1]:5061"
    assert made["identify"]["match"] == "2001:db8::1"


def test_a_callers_name_cannot_break_out_of_its_quotes() -> None:
    assert caller_id(number="1", name='x" <sip:evil>\r\nRoute: y') == '"x sip:evilRoute: y" <1>'
    with pytest.raises(ValueError, match="X-Zhiyin-Offer"):
        to_variables({"X-Zhiyin-Offer": "a\r\nRoute: b"})
    assert to_target("trunk:3:+8613900000001") == ("trunk-3", "PJSIP/+8613900000001@trunk-3")


async def test_silence_is_told_once_and_again_after_sound() -> None:
    """Counts stand still, then move, then stand still: two silences."""
    counts, told = {"leg": 5}, asyncio.Queue[MediaStopped]()

    async def count_packets(leg: str) -> int | None:
        return counts.get(leg)

    watch = MediaWatch(
        legs=lambda: ["leg", "gone"],
        count_packets=count_packets,
        on_stopped=told.put_nowait,
        every_s=0.01,
        silent_after_s=0.05,
    )
    watch.start()
    async with asyncio.timeout(20):
        first = await told.get()
        assert first.leg == "leg"
        assert first.for_s >= 0.05
        counts["leg"] = 6
        await told.get()
    assert told.empty()
    await watch.stop()


def test_an_answered_leg_that_was_rung_is_told() -> None:
    told: list[Fact] = []
    legs = Legs()
    legs.add(Leg("leg:nb", "z1001", is_rung=True))
    start = RINGING.replace("ChannelStateChange", "StasisStart").replace('"channel"', '"args":["rung"],"channel"', 1)
    facts = Facts(legs=legs, on_fact=told.append)
    facts.take(read(start))
    facts.take(read(start))
    facts.take(read(BUSY))
    assert told == [LegAnswered("leg:nb"), LegGoneFact("leg:nb", 17, "hangup")]


def test_a_leg_that_ended_is_not_found_again() -> None:
    """Asterisk lists a channel for a moment after it left us; adopting it would tell its end twice."""
    legs = Legs()
    legs.add(Leg("leg:nb", "z1001", is_rung=True, is_up=True))
    told: list[Fact] = []
    facts = Facts(legs=legs, on_fact=told.append)
    facts.take(read(BUSY.replace("ChannelDestroyed", "StasisEnd")))
    assert legs.has_ended("leg:nb")
    facts.take(read(BUSY))
    assert told == [LegGoneFact("leg:nb", 16, "hangup")]
    legs.add(Leg("leg:nb", "z1001", is_rung=True))
    assert not legs.has_ended("leg:nb"), "rung anew under the same id"
