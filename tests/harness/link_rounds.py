"""Links between the parts' machines are cut under calls, and what must hold all the same.

Real calls by tones, two at a time: of one the caller or the agent hangs up at a random instant of the cut, the other
talks on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import has_recording
from tests.harness.machines import NODES, Installation
from tests.harness.network import links_down
from tests.harness.survival import Round
from tests.harness.waiting import until
from tests.scale.conftest import Line, agent, line, line_on, take
from zhiyin.config.reconcile.audit import Subject, audit

ENGINES = ("engine", "standby")
LEADER, ONE_NODE = "leader", "engine and one node"
#: between whom packets vanish; the callers come to the last of them where it is the only node named
LINKS = {
    "engine and database": (LEADER, "database"),
    "engine and Asterisk": (LEADER, *NODES),
    "front and engine": ("front", LEADER),
    ONE_NODE: (LEADER, "b"),
}
#: how far the record of an unheard hang-up may be from it (decision 69), besides what it says itself of an agent's own
EXACT_S = 3.0
BY_WHOM = ("customer", "agent")
#: that the edge brings none of them to one of two nodes at first is unlikely
NEW_CALLERS = 4
#: A front whose link had been down for half a minute heard nothing of its engine for as long again.
WELL_WITHIN_S = 15.0


@dataclass(frozen=True)
class Cut:
    """For ``down_s`` no packet comes through ``link``; nobody is told."""

    link: str
    down_s: float

    part = "links"

    def __str__(self) -> str:
        return f"{self.link} cut"

    @property
    def label(self) -> str:
        return f"{self} {self.down_s:g} s"


#: the shorter is over before a lease or a connection's time limit is, the longer is beyond all of them
CUTS = (
    *(Cut(link, down_s) for link in LINKS for down_s in (5.0, 30.0) if link != ONE_NODE),
    Cut(ONE_NODE, 45.0),
)


def leader(machines: Installation) -> str:
    """Return on which machine the engine runs that leads."""
    (row,) = machines.rows("SELECT holder FROM engine_lease")
    pid = int(row["holder"].split(":")[1])
    return next(name for name in ENGINES if machines.running[name].pid == pid)


def findings(machines: Installation, since: datetime) -> list[str]:
    """Return what does not add up in records, log and recordings."""
    subject = Subject(database_url=machines.database_url, recordings=machines.data / "recordings", has_figures=False)
    found = audit(subject, since=since).findings
    return [f"{each.code} {each.subject}: {each.en}" for each in found]


async def adds_up(machines: Installation, since: datetime) -> list[str]:
    """The same, once recordings are finished and records projected, which is by and by."""
    with suppress(AssertionError):
        await until(lambda: findings(machines, since) == [], what="all adds up", within_s=20)
    return findings(machines, since)


async def cut_under_calls(machines: Installation, administrator: Api, cut: Cut, *, chosen: Random) -> Round:
    """Cut the link under two conversations and heal it, then reconcile. What does not hold stands in the round."""
    since, at_s, by = datetime.now(UTC), chosen.uniform(0.1, 0.9 * cut.down_s), chosen.choice(BY_WHOM)
    found = Round(cut, at_s, 2, [], float("inf"), 0)
    try:
        found.control_back_s = await _talk_through(machines, administrator, cut, at_s, by)
        found.violations += await adds_up(machines, since)
    except (AssertionError, TimeoutError) as error:
        found.violations.append(f"{str(error) or repr(error)} (the {by} hung up)")
    start_what_ended(machines)
    return found


async def _talk_through(machines: Installation, administrator: Api, cut: Cut, at_s: float, by: str) -> float:
    """Return how long after the cut all parts were well again, in seconds. Raises ``AssertionError``."""
    leading = leader(machines)
    ends = [machines.machines[leading if end == LEADER else end] for end in LINKS[cut.link]]
    async with (
        agent(machines, administrator, "1001", "8001") as one,
        agent(machines, administrator, "1002", "8002") as other,
        _caller(machines, cut) as first,
    ):
        telephone = await take(one, first)
        async with _caller(machines, cut) as second:
            await take(other, second)
            with links_down(*ends):
                await asyncio.sleep(at_s)  # so much of the fault is over by then
                if by == "agent":
                    telephone.hang_up()
                else:
                    await first.call.hang_up()
                hung_up_at = datetime.now(UTC)
                await asyncio.sleep(cut.down_s - at_s)
                if cut.link == ONE_NODE:
                    await _come_elsewhere(machines, LINKS[cut.link][-1])
                await second.call.hears_tone(AGENT_TONE_HZ)
            healed_s = time.monotonic()
            ended = await first.contact.tells("InteractionEnded", within_s=20)
            late_s = (ended.at - hung_up_at).total_seconds()
            within_s = EXACT_S + (ended.body.get("within_s", 0.0) if by == "agent" else 0.0)
            assert abs(late_s) < within_s, f"a hang-up is dated {late_s:+.1f} s from when it was"
            await asyncio.to_thread(machines.is_healthy)
            control_back_s = time.monotonic() - healed_s
            assert control_back_s < WELL_WITHIN_S, f"all was well only {control_back_s:.1f} s after the link was"
            assert second.contact.find("InteractionEnded") is None, "a conversation was cut"
            await second.call.hears_tone(AGENT_TONE_HZ)
            await second.call.hang_up()
            await second.contact.tells("InteractionEnded", within_s=20)
        for each in (one, other):
            await each.be_ready()
    for caller, ended_by in ((first, by), (second, "customer")):
        record = await caller.contact.record(administrator, when=has_recording)
        how = (record["outcome"], record["ended_by"])
        assert how == ("answered", ended_by), f"{record['id']} is told as {how}"
    return control_back_s


@asynccontextmanager
async def _caller(machines: Installation, cut: Cut) -> AsyncIterator[Line]:
    async with line_on(machines, LINKS[cut.link][-1]) if cut.link == ONE_NODE else line(machines) as found:
        yield found


async def _come_elsewhere(machines: Installation, unseen: str) -> None:
    """New callers whom the edge brings to the node that sees no engine are taken by another one."""
    for _ in range(NEW_CALLERS):
        async with line(machines) as late:
            assert late.node != unseen, "a new caller came to a node that no engine sees"
            await late.call.hears_sound()
            await late.call.hang_up()
            await late.contact.tells("InteractionEnded")


def start_what_ended(machines: Installation) -> None:
    """A deposed engine ends; here nobody else starts it again."""
    for name in ENGINES:
        if machines.running[name].poll() is not None:
            machines.start("engine", on=name)
