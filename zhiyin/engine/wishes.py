"""What people and Django ask of the engine: each command, and how it is met or refused."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import EngineHealth, NodeHealth, Nudged, Problem, Reply, Request
from zhiyin.domain.agents import REASON_FORCED
from zhiyin.domain.calls import inputs
from zhiyin.engine import (
    contact_test_wishes,
    deferred_contacts,
    handovers,
    internal_calls,
    interventions,
    metrics,
    outbound,
    rehearsals,
    speech_wishes,
    supervision,
    trial_calls,
)
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.outbound import DialRefused
from zhiyin.engine.ports import Fact as TelephonyFact
from zhiyin.engine.ports import LegAnswered, LegGoneFact, Nodes, PlaybackEnded, TelephonyError
from zhiyin.engine.ports import Refused as TelephonyRefused
from zhiyin.engine.refusals import DeskRefused, Refused
from zhiyin.engine.switchboard import Switchboard
from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: How many answers are kept for repeated requests.
KEPT_REPLIES = 4096
TEST_CALL_RING_S = 20
#: ringing and the prompt together
TEST_CALL_S = TEST_CALL_RING_S + 60


_OperatorWish = c.GetHealth | c.Drain | c.DrainNode
_CompanyWish = (
    c.ListBans
    | c.LiftBan
    | c.Nudge
    | c.TryRouting
    | c.TryExternalService
    | speech_wishes.Wish
    | contact_test_wishes.Wish
)
_AgentWish = (
    c.SignIn
    | c.SignOut
    | c.SetReady
    | c.SetNotReady
    | c.WithdrawRest
    | c.TakeWrapUp
    | c.CompleteWrapUp
    | c.ExtendWrapUp
)
#: asked every few seconds, and told nobody anything
_OFTEN = c.GetHealth | c.Drain | c.DeskConnected | c.Nudge | c.TellTrialCall
_CallWish = (
    c.HangUp
    | c.Hold
    | c.Resume
    | c.SendDigits
    | c.RejectOffer
    | c.InviteSurvey
    | handovers.Wish
    | deferred_contacts.Wish
)


class Health(Protocol):
    def __call__(self, *, tenant: int | None) -> EngineHealth: ...


class Wishes:
    def __init__(self, board: Switchboard, *, health: Health, nodes: Nodes | None = None) -> None:
        self._board = board
        self._nodes = nodes
        self._health = health
        self.on_nudge: Callable[[Nudged], None] = lambda _nudge: None
        self._replies: OrderedDict[str, asyncio.Future[Reply]] = OrderedDict()
        board.on_loose_leg = self._loose_leg

    async def answer(self, request: Request) -> Reply:
        """Meet a request once; the same id again gets the first answer. Never raises."""
        known = self._replies.get(request.id)
        if known is not None:
            return await asyncio.shield(known)
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._replies[request.id] = future
        while len(self._replies) > KEPT_REPLIES:
            self._replies.popitem(last=False)
        asked_at = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**_named_in(request)):
            reply = await self._answer(request)
            took_s = time.perf_counter() - asked_at
            if not isinstance(request.command, _OFTEN):
                problem = reply.problem.code if reply.problem else None
                log.info("command", do=type(request.command).__name__, problem=problem, ms=round(took_s * 1000, 1))
        metrics.COMMANDS_S.labels(type(request.command).__name__).observe(took_s)
        if reply.problem is not None:
            metrics.REFUSALS.labels(reply.problem.code).inc()
        future.set_result(reply)
        if isinstance(request.command, speech_wishes.Wish):  # sound is large, and made again without harm
            self._replies.pop(request.id, None)
        return reply

    async def _answer(self, request: Request) -> Reply:
        try:
            if request.deadline_at is not None and request.deadline_at < self._board.clock.now():
                raise Refused("too_late")
            result = await self._meet(request)
        except Refused as refused:
            return Reply(request.id, refused.problem)
        except (DeskRefused, DialRefused) as refused:
            return Reply(request.id, Problem(refused.code, refused.facts))
        except TelephonyError as error:
            log.warning("wish_failed", do=type(request.command).__name__, why=str(error))
            return Reply(request.id, Problem("telephony_away"))
        except Exception:
            log.exception("wish_broke", do=type(request.command).__name__)
            return Reply(request.id, Problem("fault"))
        return Reply(request.id, result=msgspec.Raw(msgspec.json.encode(result)))

    async def _meet(self, request: Request) -> object:  # noqa: PLR0911 - one way a kind of command
        command = request.command
        if isinstance(command, _OperatorWish):
            return await self._operate(command, of=request.tenant or None)
        tenant = self._board.tenants.get(request.tenant)
        if tenant is None:
            raise Refused("unknown_company")
        if isinstance(command, _AgentWish):
            await self._change_agent(tenant, command, request.actor, self._board.clock.now())
            return None
        if isinstance(command, supervision.Wish):
            await supervision.meet(self._board, tenant, command, actor=request.actor)
            return None
        if isinstance(command, interventions.Wish):
            await interventions.meet(self._board, tenant, command, actor=request.actor)
            return None
        if isinstance(command, deferred_contacts.Order):
            return await deferred_contacts.order(self._board, tenant, command)
        if isinstance(command, trial_calls.Wish):
            return await trial_calls.meet(self._board, tenant, command)
        if isinstance(command, _CompanyWish):
            return await self._serve_company(tenant, command)
        if isinstance(command, _CallWish):
            return await self._lead_call(tenant, command)
        return await self._telephone(tenant, command)

    async def _operate(self, command: _OperatorWish, *, of: int | None) -> object:
        """What concerns the installation and no company; who asks for one is told of no contacts but its own."""
        if isinstance(command, c.Drain):
            self._board.is_draining = True
            return {"live_calls": self._board.live_calls}
        if isinstance(command, c.DrainNode):
            return await self._drain_node(command)
        return self._health(tenant=of)

    async def _serve_company(self, tenant: Tenant, command: _CompanyWish) -> object:
        """What Django asks on behalf of a company, and concerns no agent and no call."""
        if isinstance(command, c.Nudge):
            self.on_nudge(Nudged(tenant.id, command.users, command.topic))
            return None
        if isinstance(command, c.TryExternalService):
            outcome, cause = await self._board.outside.rehearse(tenant, command)
            return {"outcome": outcome, "cause": cause}
        if isinstance(command, speech_wishes.Wish):
            return await speech_wishes.meet(self._board, tenant, command)
        if isinstance(command, c.TryRouting):
            return await rehearsals.answer(self._board, tenant, command)
        if isinstance(command, contact_test_wishes.Wish):
            return contact_test_wishes.meet(self._board, tenant, command)
        return await self._see_to_bans(tenant, command)

    async def _see_to_bans(self, tenant: Tenant, command: c.ListBans | c.LiftBan) -> object:
        """What concerns the installation's door; a company sees the accounts that are its own."""
        guard = self._board.guard

        def is_ours(account: str) -> bool:
            return self._board.telephones.tenant_of_account(account) == tenant.id

        if isinstance(command, c.ListBans):
            return guard.rows(is_ours=is_ours) if guard else []
        if guard is None or not await guard.lift(command.ban, is_ours=is_ours):
            raise Refused("unknown_ban")
        return None

    async def _drain_node(self, command: c.DrainNode) -> NodeHealth:
        if self._nodes is None:
            raise Refused("unknown_node", node=command.node)
        try:
            await self._nodes.drain_node(command.node, is_draining=command.is_draining)
        except TelephonyRefused as error:
            raise Refused("unknown_node", node=command.node) from error
        return self._health(tenant=None).nodes[command.node]

    async def _change_agent(
        self,
        tenant: Tenant,
        command: _AgentWish,
        actor: int | None,
        now: datetime,
    ) -> None:
        desk, agent = tenant.desk, command.agent
        self._check_agent(tenant, agent)
        match command:
            case c.SignIn():
                desk.sign_in(agent, actor=actor, now=now)
            case c.SignOut():
                desk.sign_out(agent, actor=actor, now=now)
            case c.SetReady():
                desk.set_ready(agent, actor=actor, now=now)
            case c.SetNotReady(reason=reason) if reason == REASON_FORCED:  # a supervisor's, by ForceState
                raise Refused("unknown_reason", reason=reason)
            case c.SetNotReady(reason=reason):
                desk.set_not_ready(agent, reason, actor=actor, now=now)
            case c.WithdrawRest():
                desk.rests.withdraw(agent, actor=actor, now=now)
            case c.TakeWrapUp(interaction=interaction):
                desk.wrap_ups.take(agent, interaction, actor=actor, now=now)
            case c.CompleteWrapUp(then_ready=then_ready):
                desk.wrap_ups.complete(agent, then_ready=then_ready, actor=actor, now=now)
            case c.ExtendWrapUp(by_s=by_s):
                desk.wrap_ups.extend(agent, by_s=by_s, actor=actor, now=now)
        durable = self._board.settle(tenant)
        if durable is not None:
            await durable

    async def _lead_call(self, tenant: Tenant, command: _CallWish) -> object:
        if isinstance(command, c.RejectOffer):
            offered = (s for s in self._board.sessions.values() for o in s.call.offers if o.offer == command.offer)
            session = next(offered, None)
        elif isinstance(command, c.Unpark):
            session = handovers.parked_session(self._board, tenant, command)
        else:
            session = self._board.sessions.get(command.interaction)
        if session is None or session.tenant is not tenant:
            raise Refused("call_ended")
        problem = await session.ask(self._wish_of(command, session))
        if problem is not None:
            raise Refused(problem)
        return handovers.result_of(command, session)

    def _wish_of(  # noqa: PLR0911 - one arm a wish
        self,
        command: _CallWish,
        session: InteractionSession,
    ) -> inputs.Input:
        agent = command.agent
        match command:
            case c.RejectOffer(offer=offer):
                return inputs.RejectAsked(agent, offer)
            case c.HangUp():
                return inputs.HangUpAsked(agent)
            case c.Hold():
                return inputs.HoldAsked(agent)
            case c.Resume():
                return inputs.ResumeAsked(agent)
            case c.SendDigits(digits=digits):
                return inputs.DigitsAsked(agent, digits)
            case c.InviteSurvey():
                return inputs.SurveyAsked(agent)
            case c.CallBack() | c.CallLater() | c.ToVoicemail():
                return deferred_contacts.wish_of(self._board, command, session)
            case _:
                return handovers.wish_of(self._board, command, session)

    async def _telephone(self, tenant: Tenant, command: c.Command) -> object:
        telephones = self._board.telephones
        match command:
            case c.Dial():
                self._check_agent(tenant, command.agent)
                return {"interaction": await self._dial(tenant, command)}
            case c.DeskConnected(agent=agent, is_connected=is_connected):
                self._check_agent(tenant, agent)
                self._board.reachability.desk_connected(tenant, agent, is_connected=is_connected)
            case c.OpenTelephone(agent=agent, holder=holder):
                self._check_agent(tenant, agent)
                return await telephones.open_browser(tenant.id, agent, holder)
            case c.CloseTelephone(agent=agent, holder=holder):
                await telephones.close_browser(tenant.id, agent, holder or None)
            case c.OpenGuestLine(entry=entry):
                if not tenant.company.settings.is_guest_calling_on:
                    raise Refused("guest_calling_off")
                if tenant.company.flow_of(entry) is None:
                    raise Refused("unknown_number")
                identity = await telephones.open_guest(tenant.id, entry)
                if identity is None:
                    raise Refused("too_many_calls")
                return identity
            case c.TestTrunk(trunk=trunk):
                if trunk not in tenant.company.trunks:
                    raise Refused("unknown_trunk")
                state = await self._board.telephony.test_trunk(trunk)
                return {"state": state.state, "detail": state.detail, "rtt_ms": state.rtt_ms}
            case c.CallTest(agent=agent):
                await self._call_test(tenant, agent)
            case _:
                raise Refused("unknown_command")
        return None

    async def _dial(self, tenant: Tenant, command: c.Dial) -> str:
        """Begin a call, out or to a colleague; returns the contact once it stands in the log, so that who is told of
        it can read it."""
        wanted = (command.kind, command.target)
        inside = tenant.company.inside(command.number.strip()) if command.kind == "number" else wanted
        session: InteractionSession
        asked: inputs.DialAsked | inputs.ColleagueDialAsked
        if inside is not None:
            session, asked = internal_calls.dial(self._board, tenant, command.agent, *inside)
        else:
            session, asked = outbound.dial(
                self._board, tenant, command.agent, command.number, is_override=command.is_override
            )
        problem = await session.ask(asked)
        if problem is not None:
            raise Refused(problem)
        return session.id

    async def _call_test(self, tenant: Tenant, agent: int) -> None:
        """Ring the agent's own telephone; when it answers it hears the test prompt and is hung up."""
        self._check_agent(tenant, agent)
        account = self._board.telephones.account_of(tenant, agent)
        if account is None:
            raise Refused("no_telephone")
        if tenant.desk.is_occupied(agent):
            raise Refused("busy")
        leg = f"test-{tenant.id}-{agent}-{int(self._board.clock.now().timestamp() * 1000):x}"
        self._board.test_legs[leg] = tenant
        await self._board.telephony.ring(
            leg,
            to=f"account:{account}",
            caller_number="",
            caller_name=tenant.company.settings.name,
            codec="alaw",
            timeout_s=TEST_CALL_RING_S,
            headers={"X-Zhiyin-Call": leg},
        )
        self._board.timers.start(("test_call", leg), TEST_CALL_S, lambda: self._end_test(leg))

    def _end_test(self, leg: str) -> None:
        """Whatever was not heard of it: a test call is over by now. Nobody's any more, it is reaped if this fails."""
        if self._board.test_legs.pop(leg, None) is not None:
            self._board.run(self._hang_up(leg))

    def _loose_leg(self, fact: TelephonyFact) -> None:
        """A fact about a leg that belongs to no call: a test call's, or one that came too late."""
        match fact:
            case LegAnswered(leg=leg) if leg in self._board.test_legs:
                sounds = self._board.sounds(self._board.test_legs[leg], ("test_call", "test_call"))
                self._board.run(self._play_test(leg, sounds))
            case LegAnswered(leg=leg):
                self._board.run(self._hang_up(leg))
            case PlaybackEnded(leg=leg) if leg in self._board.test_legs:
                self._board.run(self._hang_up(leg))
            case LegGoneFact(leg=leg):
                self._board.test_legs.pop(leg, None)
                self._board.timers.stop(("test_call", leg))
            case _:
                pass

    async def _play_test(self, leg: str, sounds: tuple[str, ...]) -> None:
        try:
            await self._board.telephony.play(leg, sounds, playback=f"{leg}-p")
        except TelephonyError:
            await self._hang_up(leg)

    async def _hang_up(self, leg: str) -> None:
        try:
            await self._board.telephony.hang_up(leg)
        except TelephonyError as error:
            log.info("hang_up_failed", leg=leg, why=str(error))

    def _check_agent(self, tenant: Tenant, agent: int) -> None:
        if agent not in tenant.company.agents:
            raise Refused("not_an_agent")


def _named_in(request: Request) -> dict[str, str]:
    """What the log's lines name while the request is met."""
    interaction = getattr(request.command, "interaction", None)
    return {"request": request.id} | ({"interaction": interaction} if isinstance(interaction, str) else {})
