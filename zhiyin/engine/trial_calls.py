"""Real calls of drafts (试拨电话): who may make one, which telephone makes it, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import structlog

from zhiyin.contracts import commands as c
from zhiyin.contracts.events import UnknownEvent
from zhiyin.contracts.frames import Nudged
from zhiyin.contracts.trial_calls import TOPIC, TrialCallOpened, TrialCallTold, TrialTrace, TrialTurn
from zhiyin.domain import interactions
from zhiyin.domain.calls.inputs import Arrived, Resumed
from zhiyin.domain.flow_scripts.call_story import Step, given_of, rest_of, turns_of
from zhiyin.domain.flow_scripts.caller import Trace
from zhiyin.domain.flows.graph import BadFlow, read_flow
from zhiyin.domain.interactions import Direction, Interaction, Phase
from zhiyin.engine.ports import CallArrived, Inventory
from zhiyin.engine.refusals import Refused
from zhiyin.engine.telephones import GUEST_LIFE_S, Guest
from zhiyin.engine.trial_call_shelf import KeptTrial, KeptTurn, TrialCallShelf, from_pairs
from zhiyin.engine.trial_session import TrialCall, TrialSession

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: So long a trial call may last, and so long it can be looked at after its end.
LASTS_S, TOLD_FOR_S = 900, 900
#: What the telephone dials: nobody's number. Whose telephone it is says what is called.
DIALLED = "0000"
#: What names a queue by its id.
_OF_QUEUES = frozenset({"queue", "voicemail", "callback", "booking", "unstaffed"})

Wish = c.OpenTrialCall | c.TellTrialCall


async def meet(board: Switchboard, tenant: Tenant, command: Wish) -> TrialCallOpened | TrialCallTold:
    """Raises ``Refused``."""
    if isinstance(command, c.OpenTrialCall):
        return await board.trial_calls.open(tenant, command)
    return board.trial_calls.tell(tenant, command)


class TrialCalls:
    """Owns the trial calls. ``sessions``: those under way, beside the contacts' and never among them."""

    def __init__(self, board: Switchboard) -> None:
        self.sessions: dict[str, TrialSession] = {}
        self.on_nudge: Callable[[Nudged], None] = lambda _nudge: None
        self.shelf: TrialCallShelf | None = None
        self._board = board
        self._calls: dict[str, TrialCall] = {}

    async def open(self, tenant: Tenant, command: c.OpenTrialCall) -> TrialCallOpened:
        """Make the telephone for one call. Raises ``Refused``."""
        try:
            graph = msgspec.json.decode(command.graph)
            flow = read_flow(graph)
        except (BadFlow, msgspec.MsgspecError, AttributeError) as error:
            raise Refused("unreadable_flow") from error
        for earlier in [one for one in self._calls.values() if one.tenant is tenant and one.user == command.user]:
            self._forget(earlier)
        trial = TrialCall(
            id=self._board.new_id(),
            tenant=tenant,
            user=command.user,
            flow_id=command.flow,
            flow=flow,
            graph=msgspec.Raw(msgspec.json.encode(graph)),  # on one line, as the shelf keeps it
            number=command.number,
            is_vip=command.is_vip,
            may_change=command.may_change,
        )
        identity = await self._board.telephones.open_guest(tenant.id, DIALLED, trial=trial.id)
        if identity is None:
            raise Refused("too_many_calls")
        trial.account = identity.username
        self._calls[trial.id] = trial
        self._board.timers.start(("trial_call", trial.id), GUEST_LIFE_S, lambda: self._forget(trial))
        return TrialCallOpened(trial.id, identity)

    def take(self, fact: CallArrived, guest: Guest) -> bool:
        """Begin the call; False where its time is over, or it was made already."""
        trial, board = self._calls.get(guest.trial), self._board
        if trial is None or trial.session is not None or not board.telephones.use_guest(fact.endpoint):
            return False
        session = self._new_session(trial, board.new_id(), fact.leg)
        if self.shelf is not None:
            self.shelf.begin(_kept(trial, session))
        session.start()
        caller_ref = session.know(board.new_id(), trial.number) if trial.number else None
        numbers = trial.tenant.company.settings.numbers
        entry = next((one.number for one in numbers if one.flow == trial.flow_id), "")
        session.post(
            Arrived(
                fact.leg, caller_ref, entry, "trial", fact.codec, trial.flow_id, flow_version=0, is_vip=trial.is_vip
            )
        )
        log.info("trial_call_began", trial=trial.id, interaction=session.id, flow=trial.flow_id)
        return True

    def _new_session(self, trial: TrialCall, interaction: str, leg: str) -> TrialSession:
        board = self._board
        call = Interaction(id=interaction, direction=Direction.INBOUND, customer_leg=leg)
        session = TrialSession(call, tenant=trial.tenant, switchboard=board, trial=trial)
        trial.session = self.sessions[session.id] = session
        board.own_leg(leg, session.id)
        board.guest_legs[leg] = trial.account
        board.timers.start(("trial_call", trial.id), LASTS_S, lambda: self._hang_up(leg))
        return session

    def came(self, trial: TrialCall, turn: KeptTurn, *, is_news: bool) -> None:
        """A turn of the call is decided: keep it, and let who tries hear of it."""
        if self.shelf is not None:
            self.shelf.add(trial.id, turn)
        if is_news:
            self.on_nudge(Nudged(trial.tenant.id, (trial.user,), TOPIC))

    def over(self, interaction: str) -> None:
        """The call's telephone has hung up. What came of it can be looked at for a while."""
        session = self.sessions.pop(interaction, None)
        if session is None:
            return
        trial = session.trial
        if self.shelf is not None:
            self.shelf.forget(trial.id)
        if trial.id in self._calls:
            self._board.timers.start(("trial_call", trial.id), TOLD_FOR_S, lambda: self._forget(trial))
        self.on_nudge(Nudged(trial.tenant.id, (trial.user,), TOPIC))

    def _forget(self, trial: TrialCall) -> None:
        self._calls.pop(trial.id, None)
        self._board.timers.stop(("trial_call", trial.id))
        if trial.session is None:
            self._board.telephones.guest_call_over(trial.account)
        else:
            for leg in trial.session.live.legs:
                self._hang_up(leg)

    def _hang_up(self, leg: str) -> None:
        self._board.run(self._board.hang_up_quietly(leg))

    def adopt(self, inventory: Inventory) -> None:
        """Go on with the calls of an earlier engine whose telephones are still there."""
        if self.shelf is None:
            return
        for kept, turns in list(self.shelf.all()):
            tenant, leg = self._board.tenants.get(kept.tenant), inventory.legs.get(kept.leg)
            if tenant is None or leg is None or not self._resume(tenant, kept, turns, is_up=leg.is_up):
                self.shelf.forget(kept.trial)

    def _resume(self, tenant: Tenant, kept: KeptTrial, turns: list[KeptTurn], *, is_up: bool) -> bool:
        call, personal = Interaction(id=kept.interaction, customer_leg=kept.leg), dict[str, str]()
        try:
            flow = read_flow(msgspec.json.decode(kept.graph))
            for turn in turns:
                personal |= turn.personal
                for event in from_pairs(turn.events):
                    call = interactions.apply(call, event, turn.at)
        except (BadFlow, UnknownEvent, msgspec.MsgspecError):
            return False
        if call.phase is Phase.ENDED or not turns:
            return False
        told = {name: getattr(kept, name) for name in ("user", "number", "is_vip", "may_change", "account")}
        trial = TrialCall(id=kept.trial, tenant=tenant, flow_id=kept.flow, flow=flow, graph=kept.graph, **told)
        trial.entries = [turn.entry for turn in turns if turn.entry is not None]
        trial.began_at, trial.at = turns[0].at, turns[-1].at
        for turn in turns:
            trial.shares |= turn.shares
        self._calls[trial.id] = trial
        session = self._new_session(trial, kept.interaction, kept.leg)
        session.restore(call, personal, began=f"{turns[0].at:%Y-%m}-01", told_at=turns[-1].at)
        self._board.telephones.adopt_guest(tenant.id, kept.account, trial=trial.id)
        session.start()
        session.post(Resumed(frozenset({kept.leg}), frozenset({kept.leg} if is_up else ())))
        return True

    def tell(self, tenant: Tenant, command: c.TellTrialCall) -> TrialCallTold:
        """Return what came of it so far. Raises ``Refused``."""
        trial = self._calls.get(command.trial)
        if trial is None or trial.tenant is not tenant or trial.user != command.user:
            raise Refused("unknown_trial_call")
        session = trial.session
        if session is None or trial.began_at is None or trial.at is None:
            return TrialCallTold(flow=trial.flow_id, state=trial.state)
        names = {str(queue.id): queue.name for queue in tenant.company.settings.queues}
        local = trial.began_at.astimezone(tenant.company.zone)
        given = given_of(
            trial.entries, at=f"{local:%Y-%m-%d %H:%M}", number=trial.number, is_vip=trial.is_vip, shares=trial.shares
        )
        memory, known = session.live.memory, session.call.caller
        return TrialCallTold(
            flow=trial.flow_id,
            state=trial.state,
            turns=tuple(
                TrialTurn(turn.act, tuple(_trace(trace, names) for trace in turn.traces))
                for turn in turns_of(trial.entries)
            ),
            rest=rest_of(session.call, trial.entries).value,
            node=session.call.node or "",
            values=session.values(),
            secrets=tuple(sorted(memory.secrets)) if memory is not None else (),
            lasted_s=round((trial.at - trial.began_at).total_seconds(), 1),
            given=tuple(_named(step, names) for step in given),
            customer_classes=tuple(known.customer_classes) if known is not None else (),
        )


def _kept(trial: TrialCall, session: TrialSession) -> KeptTrial:
    return KeptTrial(
        trial=trial.id,
        tenant=trial.tenant.id,
        user=trial.user,
        flow=trial.flow_id,
        graph=trial.graph,
        number=trial.number,
        is_vip=trial.is_vip,
        may_change=trial.may_change,
        interaction=session.id,
        leg=session.call.customer_leg,
        account=trial.account,
    )


def _trace(trace: Trace, names: dict[str, str]) -> TrialTrace:
    name = names.get(trace.name, trace.name) if trace.what in _OF_QUEUES else trace.name
    return TrialTrace(trace.at_s, trace.what, name, trace.through)


def _named(step: Step, names: dict[str, str]) -> Step:
    return (step[0], *(names.get(one, one) for one in step[1:])) if step[0] in _OF_QUEUES else step
