"""Help within one contact: the steps of its checklists, and what to offer its customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zhiyin.apps.assistance import queries, services
from zhiyin.apps.assistance.errors import NoCustomer, UnknownChoice
from zhiyin.apps.assistance.facts import facts_of
from zhiyin.apps.assistance.models import ChecklistTick, Recommendation, RecommendationAnswer
from zhiyin.apps.audit import services as audit
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions import services as contacts
from zhiyin.apps.interactions.errors import NotYourContact
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.rights import SUPERVISE_CALLS
from zhiyin.domain.recommendations import Condition, Operator, fits, runs_on


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: str
    words: str
    is_required: bool
    ticked_by: str = ""
    ticked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactChecklist:
    checklist: int
    name: str
    steps: tuple[Step, ...]


def read_checklists(*, actor: Actor, interaction_id: str) -> list[ContactChecklist]:
    """Return the checklists of the contact's queue with what was ticked. Raises ``NotFound``.

    Steps ticked in a list that has changed or gone since then are told as they read then.
    """
    contact, _ = contacts.get_contact(actor=actor, interaction_id=interaction_id)
    ticks = queries.ticks_of(tenant=actor.tenant, interaction_id=interaction_id)
    lists = queries.checklists_for(tenant=actor.tenant, queue_id=contact.queue or contact.last_queue)
    found = [ContactChecklist(row.pk, row.name, (*_steps(row.steps, ticks.get(row.pk, [])),)) for row in lists]
    gone = ticks.keys() - {row.pk for row in lists}
    names = queries.checklist_names(tenant=actor.tenant, checklist_ids=gone) if gone else {}
    return [*found, *(ContactChecklist(pk, names[pk], (*_steps([], ticks[pk]),)) for pk in sorted(gone))]


def _steps(steps: Iterable[dict[str, object]], ticks: Iterable[ChecklistTick]) -> Iterable[Step]:
    done = {tick.step: tick for tick in ticks}
    for step in steps:
        tick = done.pop(str(step["key"]), None)
        yield Step(
            key=str(step["key"]),
            title=str(step["title"]),
            words=str(step["words"]),
            is_required=bool(step["is_required"]),
            ticked_by=tick.user_name if tick else "",
            ticked_at=tick.at if tick else None,
        )
    for tick in done.values():
        yield Step(tick.step, tick.title, "", is_required=False, ticked_by=tick.user_name, ticked_at=tick.at)


def tick_step(
    *, actor: Actor, interaction_id: str, checklist_id: int, step: str, is_ticked: bool, now: datetime
) -> list[ContactChecklist]:
    """Say that a step was done, or was not after all. Safe to repeat; the first to tick stays named.

    Raises ``NotFound``, ``NotYourContact`` and ``UnknownChoice`` (step).
    """
    _check_part(actor, interaction_id)
    row = services.get_checklist(tenant=actor.tenant, checklist_id=checklist_id)
    titles = {str(known["key"]): str(known["title"]) for known in row.steps}
    if step not in titles:
        raise UnknownChoice("step")
    ticks = ChecklistTick.objects.of(actor.tenant)
    at = {"interaction_id": interaction_id, "checklist_id": row.pk, "step": step}
    if is_ticked:
        by = {"title": titles[step], "user_id": actor.user_id, "user_name": actor.name, "at": now}
        ticks.get_or_create(**at, defaults=by)
    else:
        ticks.filter(**at).delete()
    return read_checklists(actor=actor, interaction_id=interaction_id)


@dataclass(frozen=True, slots=True)
class Offered:
    """A recommendation in a contact; ``outcome`` "" until it was shown."""

    recommendation: Recommendation
    outcome: str
    reason: str


def read_recommendations(*, actor: Actor, interaction_id: str, now: datetime) -> list[Offered]:
    """Return what to offer the contact's customer, and what was answered in this contact. Raises ``NotFound``.

    What the customer accepted or declined in another contact is not offered again.
    """
    contacts.get_contact(actor=actor, interaction_id=interaction_id)
    customer_id = _customer_of(actor, interaction_id)
    if customer_id is None:
        return []
    answers = queries.answers_to(tenant=actor.tenant, customer_id=customer_id)
    here = {answer.recommendation_id: answer for answer in answers if answer.interaction_id == interaction_id}
    settled = {answer.recommendation_id for answer in answers if answer.outcome != "shown"} - here.keys()
    facts = facts_of(actor=actor, customer_id=customer_id)
    today = _today(actor, now)
    return [
        Offered(row, answer.outcome if answer else "", answer.reason if answer else "")
        for row in queries.list_recommendations(tenant=actor.tenant).filter(is_active=True).order_by("position", "pk")
        if row.pk not in settled
        and runs_on(today, starts_on=row.starts_on, ends_on=row.ends_on)
        and fits(conditions_of(row), facts)
        for answer in [here.get(row.pk)]
    ]


def answer_recommendation(
    *, actor: Actor, interaction_id: str, recommendation_id: int, outcome: str, reason: str, now: datetime
) -> None:
    """Write down that it was shown, or what the customer said. Safe to repeat; "shown" never takes an answer back.

    Raises ``NotFound``, ``NotYourContact`` and ``NoCustomer``.
    """
    _check_part(actor, interaction_id)
    row = services.get_recommendation(tenant=actor.tenant, recommendation_id=recommendation_id)
    customer_id = _customer_of(actor, interaction_id)
    if customer_id is None:
        raise NoCustomer
    said = {"outcome": outcome, "reason": reason, "user_id": actor.user_id, "user_name": actor.name, "at": now}
    answers = RecommendationAnswer.objects.of(actor.tenant)
    answer, is_new = answers.get_or_create(
        recommendation=row, interaction_id=interaction_id, defaults={"customer_id": customer_id, **said}
    )
    is_same = (answer.outcome, answer.reason) == (outcome, reason)
    if not is_new and not is_same and outcome != RecommendationAnswer.Outcome.SHOWN.value:
        for name, value in said.items():
            setattr(answer, name, value)
        answer.save()
    elif not is_new:
        return
    if outcome != RecommendationAnswer.Outcome.SHOWN.value:
        audit.record(
            actor=actor,
            action=f"recommendation.{outcome}",
            kind="recommendation",
            subject=row.pk,
            name=row.name,
            after={"interaction": interaction_id, "customer": customer_id, "reason": reason},
        )


def conditions_of(row: Recommendation) -> list[Condition]:
    return [
        Condition(stored["field"], Operator(stored["operator"]), tuple(stored["values"])) for stored in row.conditions
    ]


def _customer_of(actor: Actor, interaction_id: str) -> int | None:
    return interactions.customers_of(tenant=actor.tenant, interaction_ids=[interaction_id]).get(interaction_id)


def _check_part(actor: Actor, interaction_id: str) -> None:
    _, agents = contacts.get_contact(actor=actor, interaction_id=interaction_id)
    if actor.user_id not in agents and not actor.may(SUPERVISE_CALLS):
        raise NotYourContact


def _today(actor: Actor, now: datetime) -> date:
    return now.astimezone(ZoneInfo(actor.tenant.time_zone)).date()
