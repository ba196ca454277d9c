"""What must hold at every moment, and what must hold when all is quiet: the live state held against itself, against the
log and against the telephone side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from zhiyin.config.simulation.stage import Stage
from zhiyin.domain import agents, interactions
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.interactions import Interaction, InteractionEvent, Phase
from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.engine.board_keeper import BoardKeeper
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.tenant import Tenant

#: So long a customer may hear nothing between two things, where nothing is broken; who is asked for a key or a number
#: is waited for in silence.
SILENCE_S = 4.0
MENU_SILENCE_S = 12.0
#: a number has many digits, and each may take its time
TYPING_SILENCE_S = 60.0
#: Sums of seconds in another order differ by so much at most.
ROUNDING_S = 0.001


def _live(stage: Stage, tenant: Tenant) -> list[InteractionSession]:
    assert stage.engine is not None
    found = stage.engine.board.sessions.values()
    return [s for s in found if s.tenant is tenant and s.call.phase is not Phase.ENDED and s.call.started_at]


def check_now(stage: Stage) -> Iterator[str]:
    """Yield what is wrong at this moment."""
    tenant = stage.tenant
    if stage.engine is None or tenant is None:
        return
    live = _live(stage, tenant)
    talking = Counter(s.call.segment.agent for s in live if s.call.segment)
    offered = Counter(offer.agent for s in live for offer in s.call.offers)
    yield from (f"agent {agent} is in {n} conversations" for agent, n in talking.items() if n > 1)
    yield from (f"agent {agent} is offered {n} contacts" for agent, n in offered.items() if n > 1)
    yield from (f"agent {agent} talks and is offered a contact" for agent in talking.keys() & offered.keys())
    for session in live:
        segment = session.call.segment
        if segment is not None and tenant.desk.agent(segment.agent).interaction != session.id:
            state = tenant.desk.agent(segment.agent)
            yield f"agent {segment.agent} talks in {session.id}, yet is {state.state} in {state.interaction}"
    lined = [s for s in live if s.call.phase in (Phase.WAITING, Phase.OFFERED) and s.call.queued_at is not None]
    waiting = {s.id for s in lined if s.live.unseen_since is None}  # out of sight it stands in no line
    lined_up = {w.interaction for w in tenant.desk.line}
    known = {s.id for s in live}
    yield from (f"{one} waits, but stands in no line" for one in sorted(waiting - lined_up))
    yield from (f"{one} stands in a line, but does not live" for one in sorted(lined_up - known))
    for agent in tenant.desk.agents.values():
        is_held = agent.state in agents.BUSY and agent.state is not AgentState.WRAP_UP
        if is_held and agent.interaction not in stage.engine.board.sessions:
            yield f"agent {agent.id} is {agent.state} in {agent.interaction}, which is over"


def check_instants(stage: Stage) -> Iterator[str]:
    """Yield where a stream of the log goes back in time, whatever the machine's clock did."""
    for (_, stream), envelopes in stage.log.streams.items():
        for before, after in pairwise(sorted(envelopes, key=lambda e: (e.epoch, e.seq))):
            if after.at < before.at:
                yield f"{stream} goes back from {before.at} to {after.at} with {after.type}"
    told = sum(envelope.type == "ClockJumped" for envelope in stage.log.envelopes)
    if told > stage.jumps:
        yield f"{told} jumps of the clock are told of, there were {stage.jumps}"


def check_rebuilt(stage: Stage) -> Iterator[str]:
    """Yield where the log does not rebuild the live state, while nothing waits to be written."""
    tenant = stage.tenant
    if stage.engine is None or tenant is None or not stage.engine.is_written:
        return
    for session in _live(stage, tenant):
        call = Interaction(session.id)
        for envelope in stage.log.streams.get((tenant.id, f"i:{session.id}"), ()):
            event = envelope.event()
            if isinstance(event, InteractionEvent):
                call = interactions.apply(call, event, envelope.at)
        if call != session.call:
            yield f"the log rebuilds {session.id} as {call}, it is {session.call}"
    for live in tenant.desk.agents.values():
        person = _person(stage, tenant, live)
        if person is not None and (person.state, person.interaction) != (live.state, live.interaction):
            yield f"the log rebuilds agent {live.id} as {person}, it is {live}"


def _person(stage: Stage, tenant: Tenant, live: Agent) -> Agent | None:
    checkpoint = stage.log.checkpoint_of(tenant.id, live.id)
    event = checkpoint.envelope.event() if checkpoint is not None else None
    if checkpoint is None or not isinstance(event, AgentStateChanged):
        return None
    return agents.apply(Agent(live.id), event, checkpoint.envelope.at)


class Silence:
    """Watches that no customer hears nothing for longer than ``SILENCE_S`` while nothing is broken."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._since: dict[tuple[str, Phase], float] = {}  # by leg and where the contact stands

    def check(self, *, is_broken: bool) -> Iterator[str]:
        stage, now_s = self._stage, self._stage.loop.time()
        if is_broken or stage.engine is None:
            self._since.clear()
            return
        silent = set()
        for session in stage.engine.board.sessions.values():
            leg = stage.telephony.legs.get(session.call.customer_leg)
            if leg is None or not leg.is_up or session.call.phase in (Phase.DIALLING, Phase.MESSAGE):
                continue  # who leaves a message is meant to speak
            hears = leg.has_music or leg.has_ringback or leg.playback or stage.telephony.hears(leg.id)
            if not hears:
                where: tuple[str, Phase] = (leg.id, session.call.phase)
                silent.add(where)
                since_s = self._since.setdefault(where, now_s)
                longest_s = MENU_SILENCE_S if session.call.phase is Phase.FLOW else SILENCE_S
                if session.live.dialogue is not None:
                    longest_s = TYPING_SILENCE_S
                if now_s - since_s > longest_s:
                    self._since[where] = now_s
                    yield f"the customer of {session.id} ({session.call.phase}) hears nothing since {since_s:.1f}"
        for where in self._since.keys() - silent:
            del self._since[where]


def check_quiet(stage: Stage) -> Iterator[str]:
    """Yield what is left when every customer is gone and every timer has run out."""
    tenant = stage.tenant
    if stage.engine is None or tenant is None:
        yield "no engine serves"
        return
    for session in stage.engine.board.sessions.values():
        yield f"contact {session.id} is left: {session.call.phase}, legs {sorted(session.live.legs)}"
    yield from (f"leg {leg} is left" for leg in stage.telephony.legs)
    yield from (f"bridge {bridge} is left" for bridge in stage.telephony.bridges)
    yield from (f"{w.interaction} is left in the line" for w in tenant.desk.line)
    yield from (f"agent {a.id} is left {a.state}" for a in tenant.desk.agents.values() if a.state in agents.BUSY)
    yield from (f"stream {stream} is left open" for _, stream in stage.log.open)
    if stage.engine.health().log != "ok" or stage.disk.files:
        yield "the spool was not emptied"
    yield from _check_front(stage, tenant)
    yield from _check_figures(stage, tenant)


def _check_figures(stage: Stage, tenant: Tenant) -> Iterator[str]:
    """The day's figures, counted on by each engine from what the one before had saved, are the log's."""
    board = BoardKeeper(tenant.company, tenant.desk, number=lambda: (0, 0))
    calls: dict[str, Interaction] = {}
    people: dict[int, Agent] = {}
    began_at = tenant.company.day_began_at(stage.clock.now())
    for envelope in sorted(stage.log.envelopes, key=lambda e: e.at):
        event = envelope.event()
        if envelope.at < began_at:
            continue
        if isinstance(event, AgentStateChanged):
            agent = people.get(event.agent, Agent(event.agent))
            board.agent_event(agent, event, envelope.at)
            people[event.agent] = agents.apply(agent, event, envelope.at)
        elif isinstance(event, InteractionEvent):
            call = calls.get(envelope.stream) or Interaction(envelope.stream.removeprefix("i:"))
            board.interaction_event(call, event, envelope.at)
            calls[envelope.stream] = interactions.apply(call, event, envelope.at)
    for queue, counted in board.figures().items():
        shown = tenant.board.figures().get(queue, QueueFigures())
        for field in fields(QueueFigures):
            is_, should = getattr(shown, field.name), getattr(counted, field.name)
            if field.name != "waiting" and abs(is_ - should) > ROUNDING_S:
                yield f"{field.name} of queue {queue} is {is_}, the log says {should}"


def _check_front(stage: Stage, tenant: Tenant) -> Iterator[str]:
    """The board that ``live`` folded from updates is the engine's own."""
    board = tenant.board.board()
    for row in board.agents:
        if stage.front.agent(row.id) != row:
            yield f"the front shows agent {row.id} as {stage.front.agent(row.id)}, it is {row}"
    for interaction in board.interactions:
        yield f"the board still shows {interaction.id}"
