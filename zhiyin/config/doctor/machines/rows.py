"""Every part that the description names or that tells of itself, and how it is: for ``status`` and ``doctor`` alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhiyin.config.doctor.machines.look import Seen, Silent
from zhiyin.contracts.links import split_address
from zhiyin.contracts.pulses import PulseHeard

#: state -> what it is called
STATES: dict[str, tuple[str, str]] = {
    "ok": ("ok", "正常"),
    "leads": ("leads", "主引擎"),
    "stands_by": ("stands by", "备用"),
    "draining": ("draining", "排空中"),
    "starting": ("starting", "启动中"),
    "out": ("gets no calls", "未接入来电"),
    "silent": ("silent", "无应答"),
    "frozen": ("frozen", "已暂停"),
    "gone": ("gone", "失去消息"),
    "untold": ("never heard of", "从无消息"),
    "unreachable": ("not reached from here", "本机无法连通"),
    "away": ("away", "不可用"),
    "unknown": ("unknown", "未知"),
}
WELL = frozenset({"ok", "leads", "stands_by"})
#: it works, or will in a moment, or nobody can tell
DOUBTFUL = frozenset({"draining", "starting", "unreachable", "unknown"})

NAMES: dict[str, tuple[str, str]] = {
    "engine": ("engine", "引擎"),
    "node": ("node", "节点"),
    "web": ("web", "Web 服务"),
    "worker": ("worker", "后台"),
    "front": ("front", "前端"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One part. ``heard`` is its last pulse, if any; ``why`` the system's words where it was asked and did not answer.

    ``connections`` are those that live on a node.
    """

    part: str
    name: str
    host: str
    state: str
    is_here: bool
    heard: PulseHeard | None = None
    why: str = ""
    connections: int | None = None

    @property
    def is_well(self) -> bool:
        return self.state in WELL

    @property
    def program(self) -> str:
        return self.heard.pulse.program if self.heard else ""

    @property
    def started_at(self) -> datetime | None:
        return self.heard.pulse.started_at if self.heard else None

    @property
    def unit(self) -> str:
        """Its systemd unit."""
        return f"zhiyin-node@{self.name}" if self.part == "node" else f"zhiyin-{self.part}"


def read_rows(seen: Seen) -> tuple[Row, ...]:
    """Return the parts in the order of the description; after them whoever tells and is not described."""
    webs = _doors(seen, "web", seen.webs, lambda at: split_address(at)[0])
    return (*_engines(seen), *_nodes(seen), *webs, *_workers(seen), *_doors(seen, "front", seen.fronts, str))


def since(row: Row, now: datetime) -> timedelta | None:
    """How long it has run. A machine's clock that is wrong does not make it negative."""
    return max(now - row.started_at, timedelta(0)) if row.started_at else None


def _heard(seen: Seen, part: str) -> Mapping[str, PulseHeard]:
    if isinstance(seen.pulses, Silent):
        return {}
    return {each.name: each for each in seen.pulses if each.part == part}


def _told(seen: Seen, heard: PulseHeard | None) -> str:
    """What the part's own pulse says; "untold" where it never beat, "unknown" where pulses cannot be read."""
    if isinstance(seen.pulses, Silent):
        return "unknown"
    if heard is None:
        return "untold"
    return heard.pulse.state if heard.is_fresh else "gone"


def _row(seen: Seen, part: str, name: str, host: str, state: str, **more: object) -> Row:
    return Row(part, name, host, state, is_here=host in seen.here, **more)  # type: ignore[arg-type]


def _engines(seen: Seen) -> Iterator[Row]:
    heard = _heard(seen, "engine")
    for at in seen.engines:
        own = heard.get(at)
        state = _told(seen, own)
        if state == "ok" and own is not None and seen.lease is not None:
            state = "leads" if seen.lease.holder == own.pulse.process else "stands_by"
        if state == "unknown" and at == seen.leads_at:
            state = "leads"
        if state == "leads" and not isinstance(seen.engine, Silent) and seen.engine.is_draining:
            state = "draining"
        yield _row(seen, "engine", at, split_address(at)[0], state, heard=own)
    yield from _others(seen, heard, "engine", seen.engines)


def _nodes(seen: Seen) -> Iterator[Row]:
    heard = _heard(seen, "node")
    for name, answer in seen.nodes.items():
        own = heard.get(name)
        known = None if isinstance(seen.engine, Silent) else seen.engine.nodes.get(name)
        state, why = _told(seen, own), ""
        if isinstance(answer, Silent):
            why = answer.why
            state = "unreachable" if state == "ok" else state if state in ("starting", "gone") else "away"
        elif state in ("untold", "gone", "unknown") and known is not None:
            state = "ok"  # it answers here and the engine: that its pulse is missing is told besides
        if state == "ok" and known is not None and known.state != "ok":
            state = known.state
        if state == "ok" and not _takes_calls(seen, name):
            state = "out"
        legs = known.legs if known else None
        yield _row(seen, "node", name, seen.node_hosts[name], state, heard=own, why=why, connections=legs)
    yield from _others(seen, heard, "node", seen.nodes)


def _takes_calls(seen: Seen, name: str) -> bool:
    """Whether the edge gives calls to the node, as far as that is known."""
    known = seen.edge_nodes
    return not isinstance(known, Mapping) or known.get(seen.node_hosts[name], "").startswith("A")


def _doors(seen: Seen, part: str, answers: Mapping[str, object], host_of: Callable[[str], str]) -> Iterator[Row]:
    """Webs and fronts: they listen, so each was asked at its address."""
    heard = _heard(seen, part)
    for at, answer in answers.items():
        own = heard.get(at)
        state, why = _told(seen, own), ""
        if isinstance(answer, Silent):
            why = answer.why
            state = "unreachable" if state == "ok" else state
        elif state == "unknown":
            state = "ok"
        yield _row(seen, part, at, host_of(at), state, heard=own, why=why)
    yield from _others(seen, heard, part, answers)


def _workers(seen: Seen) -> Iterator[Row]:
    """One, on whichever machine; one that told of itself on another before has moved."""
    heard = _heard(seen, "worker")
    fresh = [each for each in heard.values() if each.is_fresh]
    shown = fresh or sorted(heard.values(), key=lambda each: each.age_s)[:1]
    for each in shown:
        yield _row(seen, "worker", each.name, each.address, _told(seen, each), heard=each)
    if not shown:
        yield _row(seen, "worker", "", "", _told(seen, None))


def _others(seen: Seen, heard: Mapping[str, PulseHeard], part: str, described: object) -> Iterator[Row]:
    """Who tells of itself and is not described (any more)."""
    assert isinstance(described, Mapping | tuple)
    for name, each in heard.items():
        if name not in described and each.is_fresh:
            yield _row(seen, part, name, each.address, each.pulse.state, heard=each)
