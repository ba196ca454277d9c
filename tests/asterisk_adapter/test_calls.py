"""Every request of the port against a real Asterisk with real SIP telephones and real sound."""

from __future__ import annotations

import asyncio
import time
import uuid

import msgspec
import pytest

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.telephone import Call
from zhiyin.engine.ports import (
    Denial,
    KeyPressed,
    LegAnswered,
    LegGone,
    LegGoneFact,
    LegHeld,
    LegRinging,
    PlaybackEnded,
    Refused,
    SipIdentity,
    TelephoneRegistered,
)

CALLER_HZ, AGENT_HZ, LONG_HZ, MUSIC_HZ, RINGING_HZ, NEXT_HZ = 440, 1000, 700, 1500, 450, 1800
LOUD, FAINT = 3000, 300


class Watched(msgspec.Struct):
    """What an application of Asterisk's is subscribed to."""

    endpoint_ids: list[str]


def new_id(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex[:12]}"


def identity(account: str = "z1001", **changes: object) -> SipIdentity:
    return SipIdentity(**{"account": account, "secret": "s3cret", "kind": "sip", **changes})  # type: ignore[arg-type]


async def hears(call: Call, frequency_hz: float, *, for_s: float = 0.3, within_s: float = 5) -> None:
    """Return once the telephone hears the tone clearly for a while."""

    def does() -> bool:
        pcm = call.media.heard_pcm(since=time.monotonic() - for_s)
        return len(pcm) >= 16000 * for_s * 0.8 and sound.amplitude(pcm, frequency_hz) > LOUD

    await until(does, within_s=within_s)


async def ring_agent(
    exchange: Exchange, leg: str, *, account: str = "z1001", codec: str = "alaw", timeout_s: int = 10
) -> None:
    await exchange.telephony.ring(
        leg,
        to=f"account:{account}",
        caller_number="13800138000",
        caller_name="张三",
        codec=codec,
        timeout_s=timeout_s,
        headers={"X-Zhiyin-Offer": "offer-1"},
    )


async def test_a_call_arrives_with_what_the_flow_needs(exchange: Exchange) -> None:
    async with exchange.telephone(user="13800138000") as telephone:
        _, arrived = await exchange.arrive(telephone, answer=False)
        assert (arrived.context, arrived.endpoint, arrived.codec) == ("inbound", "anonymous", "alaw")
        assert (arrived.dialled, arrived.caller) == ("4008001234", "13800138000")


@pytest.mark.parametrize(("payload_types", "codec"), [((8, 0), "alaw"), ((0, 8), "ulaw"), ((0,), "ulaw")])
async def test_a_call_has_one_codec_the_callers_first(
    exchange: Exchange, payload_types: tuple[int, ...], codec: str
) -> None:
    async with exchange.telephone(payload_types=payload_types) as telephone:
        call, arrived = await exchange.arrive(telephone)
        assert arrived.codec == codec
        assert f"RTP/AVP {payload_types[0]} 101" in call.final


async def test_a_caller_who_leaves_ends_the_leg_once(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone)
        call.hang_up()
        gone = await exchange.facts.wait(LegGoneFact)
        assert (gone.leg, gone.word) == (arrived.leg, "hangup")
        with pytest.raises(LegGone):
            await exchange.telephony.play(arrived.leg, [exchange.asterisk.sound("short")], playback=new_id("p"))
        await exchange.telephony.hang_up(arrived.leg)
        await exchange.telephony.inventory()
        assert len(exchange.facts.of(LegGoneFact)) == 1


async def test_a_caller_who_leaves_before_the_answer_has_cancelled(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, _ = await exchange.arrive(telephone, answer=False)
        call.cancel()
        assert (await exchange.facts.wait(LegGoneFact)).word == "cancelled"


@pytest.mark.parametrize(
    ("word", "status"),
    [("busy", 486), ("unknown_number", 404), ("congestion", 503), ("refused", 403), ("unreachable", 480)],
)
async def test_a_refused_caller_is_told_why(exchange: Exchange, word: str, status: int) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone, answer=False)
        await exchange.telephony.hang_up(arrived.leg, word=word)
        async with asyncio.timeout(20):
            await call.ended.wait()
        assert call.status == status


async def test_sounds_play_one_after_the_other_and_end_once(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone)
        playback, short = new_id("p"), exchange.asterisk.sound("short")
        await exchange.telephony.play(arrived.leg, [short, short], playback=playback)
        await exchange.telephony.play(arrived.leg, [short, short], playback=playback)
        ended = await exchange.facts.wait(PlaybackEnded)
        assert ended == PlaybackEnded(playback=playback, leg=arrived.leg)
        heard_s = sum(sound.amplitude(sound.decode(p, k), 900) > LOUD for _, k, p in call.media.heard) * 0.02
        assert 0.9 <= heard_s <= 1.1, "two sounds of half a second, not four"


async def test_a_sound_that_is_missing_fails(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        _, arrived = await exchange.arrive(telephone)
        await exchange.telephony.play(arrived.leg, ["/nowhere/nothing"], playback="missing-1")
        assert (await exchange.facts.wait(PlaybackEnded)).failed


async def test_a_key_stops_the_prompt_within_200_ms(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone)
        playback = new_id("p")
        await exchange.telephony.play(arrived.leg, [exchange.asterisk.sound("long")], playback=playback)
        await hears(call, LONG_HZ)
        call.press("5")
        await until(lambda: not call.media.keys_to_send)
        pressed = await exchange.facts.wait(KeyPressed)
        assert pressed == KeyPressed(leg=arrived.leg, key="5")
        released_at = time.monotonic()
        await exchange.telephony.stop_playback(playback)
        await exchange.facts.wait(PlaybackEnded)
        await until(lambda: time.monotonic() - call.media.heard[-1][0] > 0.3 or not loud_since(call, 0.1))
        last_loud = max(at for at, kind, p in call.media.heard if sound.rms(sound.decode(p, kind)) > FAINT)
        assert last_loud - released_at < 0.2
        await exchange.telephony.stop_playback(playback)


def loud_since(call: Call, seconds: float) -> bool:
    return sound.rms(call.media.heard_pcm(since=time.monotonic() - seconds)) > FAINT


async def test_music_plays_between_announcements(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone)
        await exchange.telephony.start_music(arrived.leg)
        await exchange.telephony.start_music(arrived.leg)
        await hears(call, MUSIC_HZ)
        await exchange.telephony.play(arrived.leg, [exchange.asterisk.sound("short")], playback=new_id("p"))
        await hears(call, 900, for_s=0.2)
        await exchange.facts.wait(PlaybackEnded)
        await exchange.telephony.start_music(arrived.leg)
        await hears(call, MUSIC_HZ)
        await exchange.telephony.stop_music(arrived.leg)
        await until(lambda: not loud_since(call, 0.2))


async def test_an_answered_caller_hears_ringing(exchange: Exchange) -> None:
    async with exchange.telephone() as telephone:
        call, arrived = await exchange.arrive(telephone)
        await exchange.telephony.start_ringback(arrived.leg)
        await hears(call, RINGING_HZ)
        await exchange.telephony.stop_ringback(arrived.leg)
        await until(lambda: not loud_since(call, 0.2))


async def test_two_parties_hear_each_other_and_are_recorded_apart(exchange: Exchange) -> None:
    """The recording's left channel holds the caller, the right one the agent, equally long, also over a hold."""
    await exchange.telephony.put_identity(identity())
    async with (
        exchange.telephone(frequency_hz=CALLER_HZ) as caller,
        exchange.telephone(user="z1001", secret="s3cret", frequency_hz=AGENT_HZ) as agent,
    ):
        assert await agent.register() == 200
        call, arrived = await exchange.arrive(caller)
        leg, bridge, path = new_id("leg"), new_id("bridge"), exchange.asterisk.recordings / f"{uuid.uuid4().hex}.raw"
        await ring_agent(exchange, leg)
        await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
        agent_call = agent.incoming.get_nowait()
        assert "X-Zhiyin-Offer: offer-1" in agent_call.invite
        assert 'From: "张三" <sip:13800138000@' in agent_call.invite
        assert "RTP/AVP 8 101" in agent_call.invite
        await exchange.telephony.bridge(bridge, [arrived.leg, leg])
        await exchange.telephony.bridge(bridge, [arrived.leg, leg])
        began_at = time.monotonic()
        await exchange.telephony.start_recording(arrived.leg, recording="r1", path=str(path))
        await exchange.telephony.start_recording(arrived.leg, recording="r1", path=str(path))
        await hears(call, AGENT_HZ)
        await hears(agent_call, CALLER_HZ)

        # hold: the caller hears music, the agent nothing
        await exchange.telephony.unbridge(bridge, arrived.leg)
        await exchange.telephony.start_music(arrived.leg)
        await hears(call, MUSIC_HZ)
        await until(lambda: not loud_since(agent_call, 0.2))
        # resume
        await exchange.telephony.bridge(bridge, [arrived.leg, leg])
        await hears(call, AGENT_HZ)
        await hears(agent_call, CALLER_HZ)
        await until(lambda: sound.amplitude(call.media.heard_pcm(since=time.monotonic() - 0.3), MUSIC_HZ) < FAINT)

        await exchange.telephony.stop_recording(arrived.leg)
        await exchange.telephony.stop_recording(arrived.leg)
        recorded_s = time.monotonic() - began_at
        await until(lambda: path.stat().st_size >= (recorded_s - 0.5) * 32000)  # written a little later
        left, right = sound.channels(path.read_bytes())
        assert len(left) == len(right)
        assert len(left) / 16000 == pytest.approx(recorded_s, abs=0.5)
        for half, own, other in ((left, CALLER_HZ, AGENT_HZ), (right, AGENT_HZ, CALLER_HZ)):
            beginning = half[1600:6400]
            assert sound.amplitude(beginning, own) > LOUD
            assert sound.amplitude(beginning, other) < FAINT
        inventory = await exchange.telephony.inventory()
        assert inventory.bridges == {bridge: frozenset({arrived.leg, leg})}
        assert inventory.legs[arrived.leg].dialled == "4008001234"
        assert (inventory.legs[leg].endpoint, inventory.legs[leg].is_up) == ("z1001", True)


async def test_keys_reach_the_other_side(exchange: Exchange) -> None:
    await exchange.telephony.put_identity(identity())
    async with exchange.telephone(user="z1001", secret="s3cret") as agent:
        await agent.register()
        leg = new_id("leg")
        await ring_agent(exchange, leg)
        await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
        call = agent.incoming.get_nowait()
        await exchange.telephony.send_digits(leg, "12#")
        await until(lambda: call.media.keys_heard == ["1", "2", "#"])
        with pytest.raises(Refused):
            await exchange.telephony.send_digits(leg, "12;x")
        await call.hold(held=True)
        assert (await exchange.facts.wait(LegHeld)).is_held
        await call.hold(held=False)
        assert not (await exchange.facts.wait(LegHeld, count=2)).is_held


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("486 Busy Here", "busy"),
        ("603 Decline", "refused"),
        ("404 Not Found", "unknown_number"),
        ("503 Service Unavailable", "congestion"),
        ("480 Temporarily Unavailable", "no_answer"),
        ("488 Not Acceptable Here", "refused"),
    ],
)
async def test_a_rung_telephone_that_refuses_says_why(exchange: Exchange, status: str, word: str) -> None:
    await exchange.telephony.put_identity(identity())
    async with exchange.telephone(user="z1001", secret="s3cret", on_call=lambda call: call.refuse(status)) as agent:
        await agent.register()
        leg = new_id("leg")
        await ring_agent(exchange, leg)
        gone = await exchange.facts.wait(LegGoneFact, lambda fact: fact.leg == leg)
        assert gone.word == word
        assert len(exchange.facts.of(LegGoneFact)) == 1


async def test_a_telephone_rings_until_the_time_is_up(exchange: Exchange) -> None:
    await exchange.telephony.put_identity(identity())
    async with exchange.telephone(user="z1001", secret="s3cret", on_call=lambda _: None) as agent:
        await agent.register()
        leg = new_id("leg")
        await ring_agent(exchange, leg, timeout_s=1)
        await ring_agent(exchange, leg, timeout_s=1)
        await exchange.facts.wait(LegRinging, lambda fact: fact.leg == leg)
        assert not (await exchange.telephony.inventory()).legs[leg].is_up
        assert (await exchange.facts.wait(LegGoneFact)).word == "no_answer"
        assert agent.incoming.qsize() == 1


async def test_a_withdrawn_offer_leaves_no_missed_call(exchange: Exchange) -> None:
    await exchange.telephony.put_identity(identity())
    async with exchange.telephone(user="z1001", secret="s3cret", on_call=lambda _: None) as agent:
        await agent.register()
        leg = new_id("leg")
        await ring_agent(exchange, leg)
        await exchange.facts.wait(LegRinging)
        await exchange.telephony.hang_up(leg, word="cancelled")
        assert (await exchange.facts.wait(LegGoneFact)).word == "cancelled"
        await until(lambda: any(request.startswith("CANCEL") for request in agent.requests))
        assert "cause=26" in next(request for request in agent.requests if request.startswith("CANCEL"))


async def test_an_identity_can_be_renewed_and_taken_away(exchange: Exchange) -> None:
    await exchange.telephony.put_identity(identity("z1002"))
    async with exchange.telephone(user="z1002", secret="s3cret", on_call=lambda _: None) as agent:
        with pytest.raises(Refused, match="unreachable"):
            await exchange.telephony.ring(
                "early", to="account:z1002", caller_number="1", caller_name="", codec="alaw", timeout_s=5, headers={}
            )
        assert await agent.register() == 200
        registered = TelephoneRegistered(account="z1002", is_reachable=True)
        await exchange.facts.wait(TelephoneRegistered, lambda fact: fact == registered)
        await exchange.telephony.put_identity(identity("z1002", secret="n3w"))
        agent.secret = "s3cret"
        assert await agent.register() == 401
        agent.secret = "n3w"
        assert await agent.register() == 200
        contacts = exchange.asterisk.console("pjsip show contacts")
        assert contacts.count("z1002/") == 1, "a renewed identity keeps one contact and makes none permanent"
        assert await agent.register(expires_s=0) == 200
        unregistered = TelephoneRegistered(account="z1002", is_reachable=False)
        await exchange.facts.wait(TelephoneRegistered, lambda fact: fact == unregistered, count=2)
        await exchange.telephony.remove_identity("z1002")
        await exchange.telephony.remove_identity("z1002")
        assert await agent.register() != 200
    with pytest.raises(Refused):
        await exchange.telephony.ring(
            "late", to="account:z1002", caller_number="1", caller_name="", codec="alaw", timeout_s=5, headers={}
        )
    assert not exchange.facts.of(LegGoneFact), "a leg that never was does not end"


@pytest.mark.parametrize("how", ["taken away and made again", "made anew after a ban was lifted"])
async def test_a_telephone_made_again_is_heard_of_as_before(exchange: Exchange, how: str) -> None:
    """Each telephone is watched for itself, and its successor of the same name is another to Asterisk."""
    account = "z1003" if how.startswith("taken") else "z1004"
    await exchange.telephony.put_identity(identity(account))
    async with exchange.telephone(user=account, secret="s3cret", on_call=lambda _: None) as agent:
        for round_number in range(1, 3):
            assert await agent.register() == 200
            here = TelephoneRegistered(account=account, is_reachable=True)
            await exchange.facts.wait(TelephoneRegistered, lambda fact, here=here: fact == here, count=round_number)
            if how.startswith("taken"):
                await exchange.telephony.remove_identity(account)
                await exchange.telephony.put_identity(identity(account))
            else:
                await exchange.telephony.access.put_denials([Denial("192.0.2.66", account)])
                await exchange.telephony.access.put_denials([])
                assert await agent.register(expires_s=0) == 200
                gone = TelephoneRegistered(account=account, is_reachable=False)
                await exchange.facts.wait(
                    TelephoneRegistered, lambda fact, gone=gone: fact == gone, count=round_number + 1
                )
    await exchange.telephony.remove_identity(account)


async def test_callers_are_no_news_of_telephones(exchange: Exchange) -> None:
    """With all endpoints watched at once a flood of refused callers filled Asterisk's queue, and it took no request."""
    await exchange.telephony.put_identity(identity())
    (listed,) = await exchange.telephony._ari.lists("applications/zhiyin-telephones")
    watched = listed.read(Watched).endpoint_ids
    assert "PJSIP/z1001" in watched
    assert "PJSIP" not in watched
    assert "PJSIP/anonymous" not in watched


@pytest.mark.parametrize("by_way_of", ["a hand-over", "a conference"])
async def test_a_recording_has_the_next_party_whatever_its_rtp_counts_from(exchange: Exchange, by_way_of: str) -> None:
    """Asterisk's translator of a recorded leg takes a lower sequence number for a late packet and drops it."""
    high, low = 50_000, 10_000
    async with (
        exchange.telephone(frequency_hz=CALLER_HZ) as caller,
        exchange.telephone(user="z1001", secret="s3cret", frequency_hz=AGENT_HZ, first_sequence=high) as agent,
        exchange.telephone(user="z1002", secret="s3cret", frequency_hz=NEXT_HZ, first_sequence=low) as following,
    ):
        call, arrived = await exchange.arrive(caller)
        bridge, path = new_id("bridge"), exchange.asterisk.recordings / f"{uuid.uuid4().hex}.raw"
        legs = []
        for account, telephone in (("z1001", agent), ("z1002", following)):
            await exchange.telephony.put_identity(identity(account))
            assert await telephone.register() == 200
            legs.append(new_id("leg"))
            await ring_agent(exchange, legs[-1], account=account)
            await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == legs[-1])
        await exchange.telephony.bridge(bridge, [arrived.leg, legs[0]])
        await exchange.telephony.start_recording(arrived.leg, recording="r1", path=str(path))
        await hears(call, AGENT_HZ)
        if by_way_of == "a conference":
            await exchange.telephony.bridge(bridge, [arrived.leg, *legs])
            await hears(call, NEXT_HZ)
        await exchange.telephony.hang_up(legs[0])
        await exchange.telephony.bridge(bridge, [arrived.leg, legs[1]])
        await hears(call, NEXT_HZ)

        def is_recorded() -> bool:
            left, right = sound.channels(path.read_bytes()[-4 * 4000 :])
            heard = sound.amplitude(left, CALLER_HZ), sound.amplitude(right, NEXT_HZ), sound.amplitude(right, AGENT_HZ)
            return heard[0] > LOUD and heard[1] > LOUD and heard[2] < FAINT

        await until(is_recorded, within_s=20)
