"""The generated configuration on a real Asterisk: who is let in, held, refused; and its lines behind a router."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.instance import AsteriskInstance
from tests.asterisk_adapter.telephone import Call, Telephone
from tests.harness.places import parts_folder
from tests.harness.waiting import until
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskSettings,
    provision_asterisk,
    write_configuration,
)
from zhiyin.config.supervisor.asterisk.sip import pjsip_conf
from zhiyin.config.supervisor.networks import LocalAddress

LAN = LocalAddress(interface="eth0", address="192.168.1.5", network="192.168.1.0/24")
LOOPBACK = LocalAddress(interface="lo", address="127.0.0.1", network="127.0.0.0/8")


def settings(**changes: object) -> AsteriskSettings:
    given: dict[str, object] = {
        "host": "0.0.0.0",
        "sip_port": 5060,
        "rtp_ports": (20000, 20999),
        "http_port": 61001,
        "manager_port": 61002,
        "ari_user": "zhiyin",
        "ari_password": "secret",
        "ami_user": "zhiyin",
        "ami_password": "secret",
        "music": Path("/tmp/music"),
        "local_addresses": (LOOPBACK, LAN),
        **changes,
    }
    return AsteriskSettings(**given)  # type: ignore[arg-type]


def written(folder: Path, given: AsteriskSettings) -> Path:
    target = AsteriskFolder(path=folder / "asterisk", run=folder / "run")
    write_configuration(install=provision_asterisk(parts_folder()), folder=target, settings=given)
    return folder / "asterisk" / "conf"


def test_behind_a_router_the_public_address_is_told_to_the_outside_only(tmp_path: Path) -> None:
    conf = written(tmp_path, settings(public_address="203.0.113.7"))
    pjsip = (conf / "pjsip.conf").read_text()
    assert pjsip.count("external_media_address = 203.0.113.7") == 2  # udp and tcp
    assert "local_net = 192.168.1.0/24" in pjsip
    assert "192.168.1.5 => 203.0.113.7,include_local_address" in (conf / "rtp.conf").read_text()
    assert "127.0.0.1 =>" not in (conf / "rtp.conf").read_text()


def test_without_a_router_nothing_is_rewritten(tmp_path: Path) -> None:
    conf = written(tmp_path, settings())
    assert "external_" not in (conf / "pjsip.conf").read_text()
    assert "ice_host_candidates" not in (conf / "rtp.conf").read_text()


def test_tls_is_the_port_after_and_only_with_a_certificate(tmp_path: Path) -> None:
    assert "transport-tls" not in pjsip_conf(settings())
    with_tls = pjsip_conf(settings(tls_cert=tmp_path / "c.pem", tls_key=tmp_path / "k.pem"))
    assert "bind = 0.0.0.0:5061" in with_tls


@pytest.mark.parametrize(("given", "audio", "fax"), [((20000, 20999), (20000, 20937), (20938, 20999)),
    ((30000, 30019), (30000, 30017), (30018, 30019))], ids=["usual", "smallest"])  # fmt: skip
def test_fax_lies_inside_the_voice_ports(given: tuple[int, int], audio: tuple[int, int], fax: tuple[int, int]) -> None:
    assert settings(rtp_ports=given).audio_ports == audio
    assert settings(rtp_ports=given).fax_ports == fax


def test_secrets_are_for_the_owner_alone_and_stale_files_go(tmp_path: Path) -> None:
    conf = written(tmp_path, settings())
    (conf / "queues.conf").write_text("[general]\n")
    conf = written(tmp_path, settings())
    assert not (conf / "queues.conf").exists()
    assert {path.stat().st_mode & 0o777 for path in conf.iterdir()} == {0o600}


@pytest.fixture(scope="module")
def asterisk() -> Iterator[AsteriskInstance]:
    folder = Path(tempfile.mkdtemp(prefix="zy-conf-"))
    instance = AsteriskInstance(folder)
    instance.write()
    instance.start()
    yield instance
    instance.kill()
    shutil.rmtree(folder, ignore_errors=True)


def set_globals(asterisk: AsteriskInstance, *, beat: int, admit: str = "1") -> None:
    for name, value in (("ZHIYIN_BEAT", beat), ("ZHIYIN_ADMIT", admit)):
        asterisk.console(f"dialplan set global {name} {value}")


def came_in(call: Call) -> bool | None:
    """Whether the call was let in, which no engine serves here: it rings. None: not known yet."""
    if call.status is not None:
        return call.status != 503
    return True if call.rang.is_set() else None


@pytest.mark.parametrize("number", ["4008001234", "+8657188886666", "demo"])
async def test_without_a_live_engine_it_rings_at_the_caller(asterisk: AsteriskInstance, number: str) -> None:
    set_globals(asterisk, beat=0)
    async with Telephone(asterisk.sip_port) as telephone:
        call = await telephone.call(number)
        await until(call.rang.is_set, what="it rings")
        assert call.status is None
        call.cancel()


async def test_without_a_live_engine_the_caller_hears_music_in_the_end(asterisk: AsteriskInstance) -> None:
    set_globals(asterisk, beat=0)
    async with Telephone(asterisk.sip_port) as telephone:
        call = await telephone.call("4008001234")
        await until(lambda: sound.amplitude(call.media.heard_pcm()[-16000:], 1500) > 3000, what="music is heard")
        assert call.status == 200
        call.hang_up()


async def test_while_nobody_is_admitted_the_carrier_gets_503(asterisk: AsteriskInstance) -> None:
    set_globals(asterisk, beat=int(time.time()) + 1000, admit="0")
    async with Telephone(asterisk.sip_port) as telephone:
        call = await telephone.call("4008001234")
        await until(lambda: call.status is not None, what="a final answer")
        assert call.status == 503


async def test_only_so_many_enter_until_the_engine_lets_more_in(asterisk: AsteriskInstance) -> None:
    """The engine filled up to two: a third caller is refused at once, with what a carrier understands."""
    set_globals(asterisk, beat=int(time.time()) + 1000)
    asterisk.console("dialplan set global ZHIYIN_LEFT 2")
    async with Telephone(asterisk.sip_port) as telephone:
        calls = []
        for _ in range(3):
            calls.append(await telephone.call("4008001234"))
            await until(lambda: came_in(calls[-1]) is not None, what="a final answer")
        assert [came_in(call) for call in calls] == [True, True, False]
        for call in calls[:2]:
            call.cancel()
    asterisk.console("dialplan set global ZHIYIN_LEFT 100")


async def test_at_the_limit_each_way_has_its_share_and_vip_numbers_a_reserve(asterisk: AsteriskInstance) -> None:
    """A trunk without a share enters with the others; who has one neither takes of theirs nor gets any."""
    set_globals(asterisk, beat=int(time.time()) + 1000)
    limit = {"LEFT": 0, "WAY_others": 1, "WAY_trunk-7": 5, "RESERVE": 1, "VIP_08005555": 1}

    async def who_comes_in(*numbers: str) -> list[bool | None]:
        for name, left in limit.items():
            asterisk.console(f"dialplan set global ZHIYIN_{name} {left}")
        async with Telephone(asterisk.sip_port) as telephone:
            calls = []
            for number in numbers:
                calls.append(await telephone.call(number))
                await until(lambda: came_in(calls[-1]) is not None, what="an answer")
            come_in = [came_in(call) for call in calls]
            for call in calls:
                call.cancel()
            return come_in

    assert await who_comes_in("4008001234", "4008001234", "4008005555", "4008005555") == [True, False, True, False]
    limit["WAY_anonymous"] = 2
    assert await who_comes_in("4008001234", "+864008005555", "4008001234", "4008005555") == [True, True, True, False]
    assert "ZHIYIN_WAY_others=1" in asterisk.console("dialplan show globals")
    assert "ZHIYIN_WAY_trunk-7=5" in asterisk.console("dialplan show globals")
    asterisk.console("dialplan set global ZHIYIN_LEFT 100")


async def test_a_live_beat_without_its_application_holds_the_caller_too(asterisk: AsteriskInstance) -> None:
    set_globals(asterisk, beat=int(time.time()) + 1000)
    async with Telephone(asterisk.sip_port) as telephone:
        call = await telephone.call("4008001234")
        await until(lambda: sound.amplitude(call.media.heard_pcm()[-16000:], 1500) > 3000, what="music is heard")
        call.hang_up()


def test_nothing_is_loaded_that_is_not_used(asterisk: AsteriskInstance) -> None:
    assert "0 modules" in asterisk.console("module show like app_queue")
    assert "0 modules" in asterisk.console("module show like app_system")
    failed = [line for line in asterisk.console("module show").splitlines() if "Not Running" in line]
    assert failed == []
