"""Carrying plans out in the worker, as their planners and as the database role ``web``.

A run is a row that goes on from where it stands: whoever takes it up after a worker died sees by its export or import
what is done. No transaction is open while a folder or another system is waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.accounts import services as account_services
from zhiyin.apps.exchange.models import FilePlan, FileRun
from zhiyin.apps.exchange.plans import services
from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.apps.exchange.plans.sending import send_step
from zhiyin.apps.exchange.plans.taking import take_step
from zhiyin.apps.exchange.plans.turns import End, Turn
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.refusals import NotAllowed, Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.domain.file_exchange.schedules import wait_after

State, Trigger = FileRun.State, FileRun.Trigger
PAGE = "/admin/file-exchange"


def plans_with_work(*, tenant: Tenant, now: datetime) -> list[int]:
    """Return the plans that are due, and those of which a run goes on."""
    due = FilePlan.objects.of(tenant).filter(is_enabled=True, stopped_why="", next_at__lte=now)
    going = FileRun.objects.of(tenant).filter(ended_at=None)
    return sorted({*due.values_list("pk", flat=True), *going.values_list("plan_id", flat=True)})


def work(*, tenant: Tenant, plan_id: int, clock: Callable[[], datetime], is_time_over: Callable[[], bool]) -> bool:
    """Go on with the plan's run, or begin the one that is due. Returns whether there is more to do at once."""
    while True:
        with inside(tenant):
            run = _run_at_hand(tenant, plan_id, clock())
            actor = _planner(run, clock()) if run is not None else None
        if run is None or actor is None:
            return False
        turn = _step(actor, run, clock, is_time_over)
        if isinstance(turn, End):
            with inside(tenant):
                _end(run, turn, clock())
            continue
        if turn is Turn.WAIT:
            return False
        if is_time_over():
            return True


def _step(actor: Actor, run: FileRun, clock: Callable[[], datetime], is_time_over: Callable[[], bool]) -> Turn | End:
    step = send_step if run.plan.direction == FilePlan.Direction.OUT else take_step
    try:
        return step(actor, run, now=clock(), is_time_over=is_time_over)
    except PlaceFault as fault:
        return End(State.FAILED, problem=fault.code, facts=fault.facts, is_passing=not fault.is_lasting)
    except NotAllowed:
        return End(State.FAILED, problem=FilePlan.StoppedWhy.PLANNER_RIGHTS)
    except Refusal as refusal:
        return End(State.FAILED, problem=refusal.code, facts=refusal.facts)


def _run_at_hand(tenant: Tenant, plan_id: int, now: datetime) -> FileRun | None:
    """Return the run that goes on, else the one that begins because it is time."""
    going = FileRun.objects.of(tenant).select_related("plan", "tenant", "plan__tenant")
    found = going.filter(plan_id=plan_id, ended_at=None).first()
    if found is not None:
        return found
    plan = FilePlan.objects.of(tenant).select_for_update().filter(pk=plan_id, is_enabled=True, stopped_why="").first()
    if plan is None or plan.next_at is None or plan.next_at > now:
        return None
    plan.next_at = services.next_time(plan, now)
    plan.save(update_fields=["next_at"])
    services.begin(plan, Trigger.RETRY if plan.failures else Trigger.SCHEDULE, now=now)
    return going.filter(plan_id=plan_id, ended_at=None).first()


def _planner(run: FileRun, now: datetime) -> Actor | None:
    """Return as whom the run works. A planner who has left, or may not any more, stops the plan."""
    actor = account_services.actor_at_work(tenant=run.tenant, user_id=run.plan.by_id)
    if actor is None:
        _end(run, End(State.FAILED, problem=FilePlan.StoppedWhy.PLANNER_GONE), now)
        return None
    try:
        services.check_rights(actor, run.plan)
    except NotAllowed:
        _end(run, End(State.FAILED, problem=FilePlan.StoppedWhy.PLANNER_RIGHTS), now)
        return None
    return actor


def _end(run: FileRun, end: End, now: datetime) -> None:
    """Write down what came of a run, when the plan's next one is, and tell of a failure."""
    run.state, run.problem, run.facts, run.ended_at = end.state, end.problem[:60], dict(end.facts), now
    locked = FilePlan.objects.of(run.tenant).select_for_update(of=("self",)).select_related("tenant")
    plan = locked.filter(pk=run.plan_id).first()
    if plan is None:  # removed meanwhile, with its log
        return
    run.save()
    plan.failures = plan.failures + 1 if end.state == State.FAILED else 0
    if end.problem in FilePlan.StoppedWhy.values:
        plan.stopped_why = end.problem
    wanted = services.next_time(plan, now)
    wait = wait_after(plan.failures) if end.is_passing else None
    plan.next_at = min(wanted, now + wait) if wanted is not None and wait is not None else wanted
    plan.save(update_fields=["failures", "stopped_why", "next_at"])
    if end.has_more_files:
        services.begin(plan, Trigger.NEXT_FILE, now=now)
    if end.state == State.FAILED:
        _tell(plan, run)


def _tell(plan: FilePlan, run: FileRun) -> None:
    """Tell the planner and who else may mend it, once for each time that it begins to fail."""
    if plan.failures > 1 and not plan.stopped_why:
        return
    others = accounts.users_who_may(tenant=plan.tenant, right=services.RIGHT)
    notifications.notify(
        tenant=plan.tenant,
        user_ids={*others, *((plan.by_id,) if plan.by_id and plan.stopped_why != "planner_gone" else ())},
        category=notifications.Category.SYSTEM,
        code="file_plan_stopped" if plan.stopped_why else "file_run_failed",
        facts={"name": plan.name, "problem": run.problem},
        link=f"{PAGE}?open={plan.pk}" if plan.stopped_why else f"/admin/file-runs?open={run.pk}",
        key=f"file_run:{run.pk}",
    )
