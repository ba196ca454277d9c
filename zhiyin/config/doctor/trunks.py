"""Trunks: is the carrier's name known, does it answer, does it take our registration, and how do we look from there."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.sip_probe import SipAnswer, probe
from zhiyin.config.supervisor import engine_link
from zhiyin.config.supervisor.options import RunOptions
from zhiyin.contracts.links import PartLink
from zhiyin.contracts.snapshots import TrunkSetting

_FORBIDDEN = (401, 403, 407)


@dataclass(frozen=True, slots=True)
class KnownTrunk:
    tenant: int
    trunk: TrunkSetting


def examine_trunks(trunks: Sequence[KnownTrunk], options: RunOptions, *, engine: PartLink | None) -> Iterator[Finding]:
    """Ask each carrier ourselves; with a running engine also how Asterisk stands with it."""
    for known in trunks:
        if not known.trunk.is_enabled:
            continue
        yield from examine_carrier(known.trunk, options)
        if engine is not None:
            yield from examine_registration(known, engine)


def examine_carrier(trunk: TrunkSetting, options: RunOptions) -> Iterator[Finding]:
    name, at = trunk.name, f"{trunk.host}:{trunk.port}/{trunk.transport}"
    try:
        answer = probe(trunk.host, trunk.port, transport=trunk.transport)
    except socket.gaierror:
        yield Finding(
            "trunk_name_unknown",
            "bad",
            f"Trunk {name}: the name {trunk.host} cannot be resolved. Check its spelling, and this machine's DNS.",
            f"中继 {name}：无法解析 {trunk.host}。请检查拼写和本机 DNS。",
        )
        return
    except OSError as error:
        yield Finding(
            "trunk_unreachable",
            "bad",
            f"Trunk {name}: {at} cannot be reached ({error}). Check port and transport, and the firewall's way out.",
            f"中继 {name}：无法连接 {at}（{error}）。请检查端口、传输方式和防火墙出站规则。",
        )
        return
    if answer is None:
        yield Finding(
            "trunk_silent",
            "bad",
            f"Trunk {name}: {at} does not answer SIP. Check host, port and transport; some carriers answer only to "
            "addresses they know, so tell them this machine's.",
            f"中继 {name}：{at} 对 SIP 没有应答。请检查主机、端口和传输方式；有些运营商只应答已登记的地址，"
            "请向其登记本机地址。",
        )
        return
    yield _reached(name, answer)
    yield from examine_path(name, answer, options)


def _reached(name: str, answer: SipAnswer) -> Finding:
    if answer.status in _FORBIDDEN:
        return Finding(
            "trunk_answers",
            "ok",
            f"Trunk {name}: answers in {answer.rtt_ms:.0f} ms ({answer.status}: it wants to know who asks)",
            f"中继 {name}：{answer.rtt_ms:.0f} 毫秒应答（{answer.status}，需要认证）",
        )
    return Finding(
        "trunk_answers",
        "ok",
        f"Trunk {name}: answers in {answer.rtt_ms:.0f} ms",
        f"中继 {name}：{answer.rtt_ms:.0f} 毫秒应答",
    )


def examine_path(name: str, answer: SipAnswer, options: RunOptions) -> Iterator[Finding]:
    """What lies between: a router that translates addresses, and one that also rewrites SIP."""
    if answer.is_rewritten:
        yield Finding(
            "sip_alg",
            "bad",
            f"Trunk {name}: something on the way rewrites SIP, as the SIP ALG of a router does; calls lose their voice "
            "or end by themselves. Switch SIP ALG off in the router, or use transport tls.",
            f"中继 {name}：途中有设备改写 SIP（路由器的 SIP ALG），会导致无声或通话中断。请在路由器中关闭 SIP ALG，"
            "或使用 tls 传输。",
        )
    seen = answer.seen_as
    if seen is None or seen == answer.local_address:
        return
    public = options.public_address
    if public is None:
        yield Finding(
            "nat_unknown",
            "bad",
            f"Trunk {name}: sees us as {seen}, we are {answer.local_address}: there is a router between. Start with "
            f"--public-address {seen} and forward UDP {options.rtp_ports[0]}-{options.rtp_ports[1]} to this "
            "machine, or "
            "callers will not be heard.",
            f"中继 {name}：对方看到的地址是 {seen}，本机是 {answer.local_address}，中间有路由器。请使用 "
            f"--public-address {seen}，"
            f"并把 UDP {options.rtp_ports[0]}-{options.rtp_ports[1]} 转发到本机，否则没有声音。",
        )
    elif public != seen and not ipaddress.ip_address(seen).is_private:
        yield Finding(
            "nat_wrong",
            "bad",
            f"Trunk {name}: sees us as {seen}, but --public-address says {public}; voices are sent to the wrong place. "
            f"Start with --public-address {seen}.",
            f"中继 {name}：对方看到的地址是 {seen}，而 --public-address 为 {public}，语音会发往错误地址。"
            f"请改为 --public-address {seen}。",
        )


def examine_registration(known: KnownTrunk, engine: PartLink) -> Iterator[Finding]:
    """Ask how the running engine stands with it; nothing where no engine answers."""
    try:
        state, detail = asyncio.run(engine_link.test_trunk(engine, tenant=known.tenant, trunk=known.trunk.id))
    except engine_link.EngineAway:
        return
    name = known.trunk.name
    if state == "refused":
        yield Finding(
            "trunk_refused",
            "bad",
            f"Trunk {name}: the carrier refuses our registration ({detail}). Check user name and password, and whether "
            "another device uses this account.",
            f"中继 {name}：运营商拒绝注册（{detail}）。请检查用户名和密码，以及该账号是否被其他设备占用。",
        )
    elif state == "unreachable":
        yield Finding(
            "trunk_away",
            "bad",
            f"Trunk {name}: Asterisk does not reach it ({detail}). The firewall may let others out, but not port "
            "--sip-port.",
            f"中继 {name}：Asterisk 无法连通（{detail}）。防火墙可能没有放行 --sip-port 的出站流量。",
        )
    elif state == "ok":
        yield Finding(
            "trunk_ok", "ok", f"Trunk {name}: Asterisk has it ({detail})", f"中继 {name}：Asterisk 已连通（{detail}）"
        )
