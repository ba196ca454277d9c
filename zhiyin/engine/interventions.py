"""What leads ask of contacts that wait: right and reach are checked again here, then the call is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import RIGHT_FOR, is_within
from zhiyin.domain.calls import inputs
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

Wish = c.Requeue | c.ChangePriority | c.Assign | c.Pull | c.EndWaiting

LEAST_KEPT_S, MOST_KEPT_S = 10, 1800
MOST_REASON_CHARACTERS = 500


async def meet(board: Switchboard, tenant: Tenant, wish: Wish, *, actor: int | None) -> None:
    """Meet a lead's wish. Returns once it is durable. Raises ``Refused``."""
    lead = tenant.company.agents.get(wish.agent)
    if lead is None or actor != wish.agent or RIGHT_FOR[type(wish)] not in lead.rights:
        raise Refused("forbidden")
    if not _reaches(tenant, wish):
        raise Refused("forbidden")
    session = board.sessions.get(wish.interaction)
    if session is None or session.tenant is not tenant:
        raise Refused("call_ended")
    problem = await session.ask(_input_of(board, tenant, wish, session))
    if problem is not None:
        raise Refused(problem)


def _reaches(tenant: Tenant, wish: Wish) -> bool:
    """Return whether the queue in which it waits is one of the lead's: somebody within reach serves it.

    Where it goes is not asked: a contact in the wrong queue is handed to whoever is right for it.
    """
    lead, right = tenant.company.agents[wish.agent], RIGHT_FOR[type(wish)]
    teams = tenant.company.teams_of_queue.get(wish.in_queue, ())
    return any(is_within(lead.reach, right, team) for team in (*teams, None))


def _input_of(board: Switchboard, tenant: Tenant, wish: Wish, session: InteractionSession) -> inputs.Intervention:
    match wish:
        case c.Requeue(agent=agent, in_queue=in_queue, queue=queue, keeps_wait=keeps_wait):
            return inputs.RequeueAsked(agent, in_queue, queue, keeps_wait)
        case c.ChangePriority(agent=agent, in_queue=in_queue, priority=priority, class_code=class_code):
            return inputs.PriorityAsked(agent, in_queue, priority, class_code)
        case c.Assign(agent=agent, in_queue=in_queue, target=target, for_s=for_s):
            _check_can_take(tenant, agent, target)
            return inputs.AssignAsked(agent, in_queue, target, max(LEAST_KEPT_S, min(for_s, MOST_KEPT_S)))
        case c.Pull(agent=agent, in_queue=in_queue):
            if not tenant.desk.agent(agent).is_signed_in:
                raise Refused("not_signed_in")
            if board.telephones.account_of(tenant, agent) is None:
                raise Refused("no_telephone")
            return inputs.PullAsked(agent, in_queue)
        case c.EndWaiting(agent=agent, in_queue=in_queue, prompt=prompt, reason=reason):
            words = reason.strip()[:MOST_REASON_CHARACTERS]
            if not words:
                raise Refused("reason_missing")
            if prompt and prompt not in tenant.company.prompts:
                raise Refused("unknown_prompt")
            note = session.know(f"{session.id}-ended", words, kind="text")
            return inputs.EndWaitingAsked(agent, in_queue, prompt, note)


def _check_can_take(tenant: Tenant, lead: int, target: int) -> None:
    """Raise ``Refused`` unless the agent is within the lead's reach and takes contacts now."""
    setting = tenant.company.agents.get(target)
    if setting is None:
        raise Refused("not_an_agent")
    if not is_within(tenant.company.agents[lead].reach, RIGHT_FOR[c.Assign], setting.team):
        raise Refused("forbidden")
    if not tenant.desk.is_at_work(target):
        raise Refused("agent_not_at_work", name=setting.name)
