"""Any wish that a desk can send, made from the command's own fields: a command added tomorrow is tried tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, get_args

import msgspec

from zhiyin.config.simulation.company import HOTLINE, QUEUES
from zhiyin.contracts import commands as c
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode
from zhiyin.domain.rests import RestRefusal

#: Wishes that end or only read the engine, change nothing in it, or that the world itself sends as it must.
_NOT_TRIED = (c.Drain, c.DrainNode, c.Subscribe, c.GetHealth, c.DeskConnected, c.OpenTelephone, c.Nudge)
#: Wishes that a history holds more often than the others, for the sake of full lines.
_OFTEN = {"SetReady": 5, "CompleteWrapUp": 2, "Dial": 2, "Transfer": 3, "SignOut": 0.5, "SetNotReady": 0.5}

TRIED: tuple[type[Any], ...] = tuple(kind for kind in get_args(c.Command) if kind not in _NOT_TRIED)
_WEIGHTS = tuple(_OFTEN.get(kind.__name__, 1) for kind in TRIED)


class UnknownField(Exception):
    """A command has a field that the simulation cannot fill: add it to ``FIELDS``."""


class Moment(msgspec.Struct):
    """What a wish can be about now."""

    agent: int
    agents: int
    #: the contact that occupies the agent, if any, and all live ones
    own: str | None
    live: tuple[str, ...]
    offers: tuple[str, ...]


def _interaction(moment: Moment, dice: Random) -> str:
    if moment.own is not None and dice.random() < 0.9:
        return moment.own
    return dice.choice((*moment.live, "no-such-contact"))


def _target(moment: Moment, dice: Random) -> int | None:
    targets: tuple[int | None, ...] = (*QUEUES, *range(1, moment.agents + 1), None)
    return dice.choice(targets)


def _number(_moment: Moment, dice: Random) -> str:
    return dice.choice(("13900139000", "057188880000", "110", "bad", "+14155550100", "13700137000"))


_DRAFT = msgspec.json.encode(
    {
        "format": 1,
        "start": "start",
        "nodes": [{"id": "start", "kind": "start"}, {"id": "bye", "kind": "hang_up"}],
        "edges": [{"from": "start", "exit": "next", "to": "bye"}],
    }
)

FIELDS: Mapping[str, Callable[[Moment, Random], object]] = {
    "agent": lambda moment, _dice: moment.agent,
    "interaction": _interaction,
    "offer": lambda moment, dice: dice.choice((*moment.offers, "no-such-offer")),
    "kind": lambda _moment, dice: dice.choice(("agent", "queue", "number")),
    "target": _target,
    "number": _number,
    "service": lambda _moment, dice: dice.choice((1, 9)),
    "sound": lambda _moment, dice: dice.choice(("", "AAAA", "no sound")),
    "phrases": lambda _moment, _dice: ("售后",),
    "text": lambda _moment, dice: dice.choice(("您好", "")),
    "language": lambda _moment, dice: dice.choice(("zh", "en")),
    "path": lambda _moment, _dice: "/orders/1",
    "statement": lambda _moment, dice: dice.choice(("", "orders")),
    "reason": lambda _moment, dice: dice.choice(("rest", "meeting", "no-such-reason")),
    "digits": lambda _moment, dice: dice.choice(("1", "12#", "x")),
    "then_ready": lambda _moment, dice: dice.random() < 0.8,
    "by_s": lambda _moment, dice: dice.choice((30, 60, 600)),
    "holder": lambda _moment, dice: f"tab{dice.randrange(3)}",
    "entry": lambda _moment, dice: dice.choice((HOTLINE, "4000000000")),
    "remote": lambda _moment, _dice: "192.0.2.7",
    "trunk": lambda _moment, dice: dice.choice((1, 2, 9)),
    "note": lambda _moment, dice: dice.choice(("", "请回电", None)),
    "data": lambda _moment, dice: dice.choice(({}, {"order": "42"})),
    "mode": lambda _moment, dice: dice.choice(tuple(MonitoringMode)),
    "state": lambda _moment, dice: dice.choice((AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT)),
    "ban": lambda _moment, _dice: "no-such-ban",
    "request": lambda _moment, dice: f"{dice.getrandbits(64):016x}",
    "queue": lambda _moment, dice: dice.choice((*QUEUES, 9)),
    "asked_by": lambda _moment, _dice: "page",
    "actor": lambda moment, _dice: moment.agent,
    "due_at": lambda _moment, _dice: None,
    "until": lambda _moment, _dice: None,
    "refusal": lambda _moment, dice: dice.choice((None, *RestRefusal)),
    "in_queue": lambda _moment, dice: dice.choice(QUEUES),
    "keeps_wait": lambda _moment, dice: dice.random() < 0.5,
    "priority": lambda _moment, dice: dice.choice((-5, 0, 20, 1000)),
    "for_s": lambda _moment, dice: dice.choice((10, 120)),
    "prompt": lambda _moment, dice: dice.choice(("", "closed", "no-such-prompt")),
    "channel": lambda _moment, dice: dice.choice(("chat", "mail", "voice")),
    "count": lambda _moment, dice: dice.choice((1, 3)),
    "lasts_s": lambda _moment, dice: dice.choice((10, 60)),
    "contact": lambda _moment, dice: dice.choice((None, "test-1", "test-2")),
    "user": lambda moment, _dice: moment.agent,
    "flow": lambda _moment, _dice: 1,
    "graph": lambda _moment, dice: msgspec.Raw(dice.choice((_DRAFT, b"{}"))),
    "is_vip": lambda _moment, dice: dice.random() < 0.5,
    "trial": lambda _moment, _dice: "no-such-trial",
    "slot": lambda _moment, dice: dice.choice((701, 702, None)),
}


def make_wish(moment: Moment, dice: Random) -> c.Command:
    """Return a wish of this agent, of any kind, sensible or not."""
    (kind,) = dice.choices(TRIED, _WEIGHTS)
    return fill(kind, moment, dice)


def fill(kind: type[Any], moment: Moment, dice: Random) -> c.Command:
    """Return the command with its fields filled. Raises ``UnknownField``."""
    filled: dict[str, object] = {}
    for field in msgspec.structs.fields(kind):
        choose = FIELDS.get(field.name)
        if choose is None and field.required:
            raise UnknownField(f"{kind.__name__}.{field.name}")
        if choose is not None:
            filled[field.name] = choose(moment, dice)
    wish: c.Command = kind(**filled)
    return wish
