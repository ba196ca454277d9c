"""./dev bench routing: what one decision of the router costs, beside the same rules said by looking at everybody.

A floor under load: every agent is on a contact, ``--waiting`` contacts wait. Step after step an agent becomes free and
is given the contact with the largest claim, a new contact comes, and now and then a waiting one gives up. The policy
is whole: agents with five skills of forty and levels, in five queues with order and tier; contacts of four classes
with ageing of their own, that ask for one to three skills, with two rings of relaxation; capacity by channel.

Decisions a second are of CPU time and count everything that goes with one: the agent who becomes free, the choice, the
contact that leaves the line and the one that joins it. p50 and p99 are of the clock on the wall.

    ./dev bench routing [--json] [--decisions 40000] [--agents 10000] [--waiting 20000] [--queues 200] [--rounds 3]
                        [--growth] [--objectives]

``--growth`` adds 1,000 and 100,000 agents, with twice as many waiting. ``--objectives`` measures nothing but this: the
company goes by service objectives with a share, and the share reached by one queue, or by one class, passes a step, so
that all of it are weighed anew: CPU time of the router and of the line, while which no call is decided.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Slope, Standing, slope_of
from zhiyin.domain.routing.naive import NaiveRouter
from zhiyin.domain.routing.policy import AgentChoice, ContactChoice, ContactClass, Membership, Policy, QueuePolicy, Ring
from zhiyin.domain.routing.requirements import levels_of
from zhiyin.domain.routing.router import Router
from zhiyin.engine.waiting_line import WaitingLine

SKILLS = [f"skill-{number}" for number in range(40)]
CLASSES = {
    "": ContactClass("", points=0, per_minute=1, at_most=60),
    "silver": ContactClass("silver", points=5, per_minute=1, at_most=60),
    "gold": ContactClass("gold", points=10, per_minute=2, at_most=80),
    "vip": ContactClass("vip", points=50, per_minute=4, at_most=200),
}
#: One contact in so many gives up before it is given to anybody.
GIVES_UP = 10
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
#: Between two decisions, in seconds: a floor of 10,000 agents and calls of 200 s.
STEP_S = 0.02


@dataclass
class Run:
    side: str
    agents: int
    queues: int
    waiting: int
    decisions: int
    cpu_s: float
    p50_us: float
    p99_us: float
    megabytes: float

    @property
    def per_s(self) -> float:
        return self.decisions / self.cpu_s


class Floor:
    """The same agents, contacts and choices for both sides, by the seed."""

    def __init__(self, *, agents: int, queues: int, waiting: int, seed: int = 7) -> None:
        self.agents, self.queues, self.waiting = agents, queues, waiting
        self._rng = Random(seed)
        self.policy = Policy(
            queues={
                queue: QueuePolicy(
                    queue,
                    agent_choice=AgentChoice.LONGEST_IDLE,
                    requirement=levels_of({SKILLS[queue % len(SKILLS)]: 1}),
                    rings=(Ring(30, lower_by=2), Ring(90, drop=frozenset({SKILLS[(queue + 1) % len(SKILLS)]}))),
                    weight=float(queue % 3),
                )
                for queue in range(queues)
            },
            classes=CLASSES,
        )
        self.profiles = [self._profile(agent) for agent in range(1, agents + 1)]
        # what contacts of a queue ask for is written in its flows: a few wishes each, not one a caller
        self._wishes = [[self._wish(queue) for _ in range(3)] for queue in range(queues)]
        self._made = 0

    def _profile(self, agent: int) -> AgentProfile:
        rng = self._rng
        queues = rng.sample(range(self.queues), 5)
        skills = {SKILLS[queue % len(SKILLS)]: rng.randint(3, 10) for queue in queues}
        skills |= {SKILLS[(queue + 1) % len(SKILLS)]: rng.randint(1, 10) for queue in queues[:2]}
        memberships = (
            Membership(queue, order=1 + place // 2, tier=rng.randint(1, 3)) for place, queue in enumerate(queues)
        )
        return AgentProfile(agent, skills, tuple(memberships))

    def _wish(self, queue: int) -> Any:
        rng = self._rng
        wanted = {SKILLS[queue % len(SKILLS)]: rng.randint(1, 6)}
        if rng.random() < 0.3:
            wanted[SKILLS[(queue + 1) % len(SKILLS)]] = rng.randint(1, 4)
        return levels_of(wanted)

    def contact(self, now: float) -> Contact:
        rng = self._rng
        self._made += 1
        queue = rng.randrange(self.queues)
        chosen = rng.choices(("", "silver", "gold", "vip"), (70, 15, 10, 5))[0]
        wish = rng.choice(self._wishes[queue])
        return Contact(f"c{self._made:08}", now, queue, class_code=chosen, requirement=wish)


def run(side: str, floor: Floor, decisions: int) -> Run:
    """Fill the floor, then have ``decisions`` agents become free, one after another."""
    before = _megabytes()
    rng = Random(11)
    router: Router | NaiveRouter = Router(floor.policy) if side == "router" else NaiveRouter(floor.policy)
    now = 120.0
    contacts = [floor.contact(now * place / floor.waiting) for place in range(floor.waiting)]
    line = [contact.id for contact in contacts]
    router.take_over(floor.profiles, contacts, now)
    coming = [floor.contact(0.0) for _ in range(decisions + 1)]
    freed = [rng.choice(floor.profiles).id for _ in range(decisions)]
    for agent in sorted(set(freed)):
        router.occupy(agent, "voice", now)
        router.open(agent, Standing(), now)
    took: list[float] = []
    made = 0
    gc.collect()
    gc.freeze()
    cpu_s, clock = time.process_time(), time.perf_counter
    for agent in freed:
        now += STEP_S
        contact = replace(coming[made], since=now)
        began = clock()
        for offer in router.release(agent, "voice", now):
            router.leave(offer.contact, now)
            made += 1
        router.arrive(contact, now)
        if made % GIVES_UP == 0:
            router.leave(line[(made * 7919) % len(line)], now)
        took.append(clock() - began)
    cpu_s = time.process_time() - cpu_s
    gc.unfreeze()
    took.sort()
    return Run(
        side=side,
        agents=floor.agents,
        queues=floor.queues,
        waiting=floor.waiting,
        decisions=made,
        cpu_s=cpu_s,
        p50_us=took[len(took) // 2] * 1e6,
        p99_us=took[int(len(took) * 0.99)] * 1e6,
        megabytes=_megabytes() - before,
    )


@dataclass
class Step:
    """A share that passed a step. ``of``: of a queue, or of a class."""

    of: str
    waiting: int
    router_ms: float
    line_ms: float


def pass_steps(floor: Floor, steps: int = 20) -> list[Step]:
    """Let the shares of queues and of a class pass steps one after another, with everybody waiting."""
    aims = {queue: replace(one, target_pct=80.0) for queue, one in floor.policy.queues.items()}
    classes = {**floor.policy.classes, "vip": replace(floor.policy.classes["vip"], target_s=10, target_pct=90.0)}
    reached: dict[int | str, float] = {**dict.fromkeys(aims, 0.8), "vip": 0.9}
    policy = replace(floor.policy, contact_choice=ContactChoice.SERVICE_OBJECTIVE, queues=aims, classes=classes)
    router, line, now = Router(replace(policy, reached=reached)), WaitingLine(), 120.0
    contacts = [floor.contact(now * place / floor.waiting) for place in range(floor.waiting)]
    router.take_over(floor.profiles, contacts, now)
    for contact in contacts:
        wish = JoinLine(contact.queue, class_code=contact.class_code)
        line.join(contact.id, wish, _BEGAN + timedelta(seconds=contact.since), _slope(router, contact))
    by_id = {contact.id: contact for contact in contacts}
    found = []
    gc.collect()
    gc.freeze()
    for number in range(steps):
        one: int | str = "vip" if number % 2 else number % floor.queues
        reached = {**reached, one: 0.5 + 0.05 * (number % 5)}
        began = time.process_time()
        router.know_reached(reached, now)
        weighed = time.process_time()
        line.weigh_anew(lambda waiting: _slope(router, by_id[waiting.interaction]), of={one})
        router_ms, line_ms = (weighed - began) * 1000, (time.process_time() - weighed) * 1000
        found.append(Step("class" if number % 2 else "queue", floor.waiting, router_ms, line_ms))
    gc.unfreeze()
    return found


def _slope(router: Router, contact: Contact) -> Slope:
    return slope_of(router.policy, router.policy.queue(contact.queue or 0), contact)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_steps(steps: list[Step], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps([asdict(one) for one in steps]))
        return
    for of in ("queue", "class"):
        mine = [one for one in steps if one.of == of]
        router_ms = statistics.median(one.router_ms for one in mine)
        line_ms = statistics.median(one.line_ms for one in mine)
        most_ms = max(one.router_ms + one.line_ms for one in mine)
        print(f"{of}: router {router_ms:.1f} ms  line {line_ms:.1f} ms  both at most {most_ms:.1f} ms")


def main() -> None:
    asked = argparse.ArgumentParser(prog="./dev bench routing")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--decisions", type=int, default=40_000)
    asked.add_argument("--agents", type=int, default=10_000)
    asked.add_argument("--waiting", type=int, default=20_000)
    asked.add_argument("--queues", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--growth", action="store_true")
    asked.add_argument("--objectives", action="store_true")
    options = asked.parse_args()
    if options.objectives:
        show_steps(pass_steps(Floor(agents=options.agents, queues=options.queues, waiting=options.waiting)), options)
        return
    runs: list[Run] = []
    for _ in range(options.rounds):
        size = {"agents": options.agents, "queues": options.queues, "waiting": options.waiting}
        runs.append(run("router", Floor(**size), options.decisions))
        runs.append(run("naive", Floor(**size), 10))
    if options.growth:
        for agents in (1_000, 100_000):
            size = {"agents": agents, "queues": options.queues, "waiting": 2 * agents}
            runs += [run("router", Floor(**size), options.decisions) for _ in range(options.rounds)]
    if options.json:
        print(json.dumps([asdict(one) | {"per_s": one.per_s} for one in runs]))
        return
    for one in runs:
        print(
            f"{one.side:8} {one.agents:>7} agents {one.waiting:>7} waiting {one.decisions:>7} decisions "
            f"{one.per_s:>10,.0f}/s  p50 {one.p50_us:8.1f} us  p99 {one.p99_us:8.1f} us  {one.megabytes:6.0f} MB"
        )
    ours = statistics.median(one.per_s for one in runs if one.side == "router" and one.agents == options.agents)
    naive = statistics.median(one.per_s for one in runs if one.side == "naive")
    print(f"ratio to the naive reference: {ours / naive:,.0f}")


if __name__ == "__main__":
    main()
