"""What happened to a contact, told from the log event by event: the way through the flow, every offer and its why."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from zhiyin.apps.flows import queries as flows
from zhiyin.apps.interactions.history_schemas import (
    HistoryEntryOut,
    HistoryOut,
    NextInLineOut,
    OfferReasonOut,
    OtherContactRuleOut,
    OtherRuleOut,
    PassedContactOut,
    ShadowAnswerOut,
)
from zhiyin.apps.interactions.log import personal_values, read_events
from zhiyin.apps.interactions.naming import Names, names_for
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.routing import queries as routing
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import published_rows
from zhiyin.contracts.attached_data import attached_data, masked_data, to_value
from zhiyin.contracts.numbers import mask_number, mask_numbers_in
from zhiyin.contracts.rights import SUPERVISE_CALLS
from zhiyin.domain.interactions import (
    Assigned,
    InteractionEvent,
    InteractionStarted,
    LanguageSet,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnded,
    MonitoringStarted,
    PriorityChanged,
    RequestEnded,
    Requeued,
    SurveyAnswered,
)

#: Who listened in is for supervisors' eyes.
SECRET_FROM_AGENTS = MonitoringStarted | MonitoringAnswered | MonitoringChanged | MonitoringEnded


#: What external services are called: told by the app that has them, which reads contacts itself.
ServiceNames = Callable[[Tenant, Set[int]], Mapping[int, str]]
_names_by: dict[str, ServiceNames] = {}


def register_service_names(names: ServiceNames) -> None:
    """Once, when the apps are ready."""
    _names_by["service"] = names


def build_history(*, actor: Actor, interaction_id: str) -> HistoryOut:
    """Return a contact's events with names in the reader's language. Raises ``NotFound``."""
    events = read_events(tenant=actor.tenant, interaction_id=interaction_id)
    if not events:
        raise NotFound
    if not actor.may(SUPERVISE_CALLS):
        events = [(at, event) for at, event in events if not isinstance(event, SECRET_FROM_AGENTS)]
    names = names_for(actor, _agents_in(event for _, event in events))
    labels = _key_labels(actor.tenant, (event for _, event in events))
    shown = _shown_values(actor, [event for _, event in events])
    has_classes = any(
        isinstance(event, PriorityChanged) or "class" in (getattr(event, "why", None) or {}) for _, event in events
    )
    classes = routing.class_names(tenant=actor.tenant) if has_classes else {}
    items = [_entry(at, event, names=names, labels=labels, shown=shown, classes=classes) for at, event in events]
    for item, (_, event) in zip(items, events, strict=True):
        if isinstance(event, InteractionStarted):
            item.entry_rule_name, item.entry_trial_name = _entry_names(actor.tenant, event)
    _name_services(actor.tenant, items, [event for _, event in events])
    return HistoryOut(items=items)


def _name_services(tenant: Tenant, items: Sequence[HistoryEntryOut], events: Sequence[InteractionEvent]) -> None:
    """Without a statement where no external service was asked; one that was removed is told by its number."""
    asked = {place: event.service for place, event in enumerate(events) if isinstance(event, RequestEnded)}
    services = {service for service in asked.values() if service is not None}
    if not services:
        return
    names = _names_by["service"](tenant, services)
    for place, service in asked.items():
        items[place].service_name = names.get(service, f"#{service}") if service is not None else ""


def _entry_names(tenant: Tenant, event: InteractionStarted) -> tuple[str, str]:
    """Return what the rules by which the contact came are called; one that was removed is told by its number."""
    ids = event.entry_rule, event.entry_trial
    if ids == (None, None):
        return "", ""
    rules = {row["id"]: str(row.get("name", "")) for row in published_rows(tenant=tenant, section="entry_rules")}
    rule, trial = ("" if one is None else rules.get(one) or f"#{one}" for one in ids)
    return rule, trial


def _shown_values(actor: Actor, events: Sequence[InteractionEvent]) -> dict[str, str]:
    """Return the personal values that the events refer to, numbers as far as the reader may see them."""

    def named(*names: str) -> set[str]:
        return {ref for event in events for name in names if (ref := getattr(event, name, None))}

    numbers, words, data = named("number_ref"), named("words_ref"), named("data_ref")
    values = personal_values(tenant=actor.tenant, refs=numbers | words | data | named("note_ref"))
    if actor.sees_numbers:
        return values
    masks: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(numbers, mask_number),
        **dict.fromkeys(words, mask_numbers_in),
        **dict.fromkeys(data, lambda value: to_value(masked_data(attached_data(["data"], {"data": value})))),
    }
    return {ref: masks.get(ref, str)(value) for ref, value in values.items()}


def _agents_in(events: Iterable[InteractionEvent]) -> set[int | None]:
    found: set[int | None] = set()
    for event in events:
        found |= {getattr(event, name, None) for name in ("agent", "by_agent", "supervisor")}
        if getattr(event, "kind", "") == "agent":
            found.add(getattr(event, "target", None))
        why: Mapping[str, Any] = getattr(event, "why", None) or {}
        found |= {other["agent"] for other in why.get("next", ())}
        found |= {*why.get("preferred", ()), *why.get("what_if", {}).values(), why.get("shadow", {}).get("agent")}
    return found


def _key_labels(tenant: Tenant, events: Iterable[InteractionEvent]) -> dict[tuple[str, str], str]:
    """What the keys mean in the version of the flow that the contact went through: (node, key) -> label."""
    started = next((event for event in events if isinstance(event, InteractionStarted)), None)
    if started is None or started.flow is None or started.flow_version is None:
        return {}
    graph = flows.graph_of(tenant=tenant, flow_id=started.flow, version=started.flow_version) or {}
    return {
        (node["id"], key): str(label)
        for node in graph.get("nodes", ())
        if node.get("kind") == "menu"
        for key, label in node.get("config", {}).get("keys", {}).items()
    }


def pressed_keys(*, tenant: Tenant, events: Sequence[InteractionEvent]) -> list[tuple[str, str]]:
    """Return the keys the customer pressed in the flow, in order, each with what it means there ("" where unnamed)."""
    pressed = [(getattr(event, "node", ""), key) for event in events if (key := getattr(event, "key", None))]
    labels = _key_labels(tenant, events) if pressed else {}
    return [(key, labels.get((node, key), "")) for node, key in pressed]


def _entry(
    at: datetime,
    event: InteractionEvent,
    *,
    names: Names,
    labels: Mapping[tuple[str, str], str],
    shown: Mapping[str, str],
    classes: Mapping[str, tuple[str, str]],
) -> HistoryEntryOut:
    fact: dict[str, Any] = {name: getattr(event, name) for name in event.__dataclass_fields__}
    agent = fact.get("agent") or fact.get("by_agent")
    key = fact.get("key") or ""
    return HistoryEntryOut(
        at=at,
        type=type(event).__name__,
        agent=agent,
        agent_name=names.agent(agent),
        queue=fact.get("queue"),
        queue_name=names.queue(fact.get("queue")),
        node_kind=fact["kind"] if "node" in fact and "kind" in fact else "",
        exit=fact.get("exit") or "",
        key=key,
        key_label=labels.get((fact.get("node", ""), key), ""),
        party=fact.get("party") or ("" if "node" in fact else fact.get("kind") or ""),
        target_name=_target(fact, names, shown),
        answered=fact.get("answered"),
        outcome=fact.get("outcome") or "",
        request=fact.get("request") or "",
        cause=fact.get("cause") or fact.get("reason") or "",
        by=fact.get("by") or "",
        supervisor_name=names.agent(fact.get("supervisor")),
        mode=fact.get("mode") or "",
        slot=fact.get("slot"),
        note=shown.get(fact.get("note_ref") or fact.get("words_ref") or "", ""),
        data=attached_data([fact["data_ref"]], shown) if "data_ref" in fact else {},
        p50_s=fact.get("p50_s"),
        p90_s=fact.get("p90_s"),
        before=fact.get("before"),
        condition=fact.get("condition") or "",
        threshold=fact.get("threshold"),
        action=fact.get("action") or "",
        within_s=fact.get("within_s"),
        **_own_facts(event, names, classes),
        why=_reason(fact.get("why"), names, classes),
    )


def _own_facts(event: InteractionEvent, names: Names, classes: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    match event:
        case Requeued(from_queue=queue, keeps_wait=keeps_wait):
            return {"from_queue_name": names.queue(queue), "keeps_wait": keeps_wait}
        case PriorityChanged(class_code=code):
            return {
                "priority": event.priority,
                "priority_before": event.priority_before,
                "class_name": classes.get(code, (code, code))[names.language] if code != event.class_before else "",
            }
        case SurveyAnswered(question=question, score=score, most=most):
            return {"question": question, "score": score, "most": most}
        case LanguageSet(language=language):
            return {"language": language}
        case Assigned(until=until):
            return {"until": until}
        case _:
            return {}


def _target(fact: Mapping[str, Any], names: Names, numbers: Mapping[str, str]) -> str:
    """Whom a call went to: an agent's or a queue's name, or a number as far as the reader may see it."""
    if "condition" in fact:  # a step of overflow leads to a queue or none
        return names.queue(fact.get("target")) if fact.get("target") is not None else fact.get("prompt") or ""
    match fact.get("kind"):
        case "agent":
            return names.agent(fact.get("target"))
        case "queue":
            return names.queue(fact.get("target"))
        case _:
            return numbers.get(fact.get("number_ref") or "", "")


def _shadow(answer: Mapping[str, Any] | None, names: Names) -> ShadowAnswerOut | None:
    if answer is None:
        return None
    agent = answer["agent"]
    told = {name: answer[name] for name in ("trial", "agent", "contact", "sooner_s", "later_s")}
    return ShadowAnswerOut(agent_name=names.agent(agent) if agent is not None else "", **told)


def _reason(
    why: Mapping[str, Any] | None, names: Names, classes: Mapping[str, tuple[str, str]]
) -> OfferReasonOut | None:
    if not why:
        return None
    code = why.get("class", "")
    return OfferReasonOut(
        rule=why.get("rule", ""),
        version=why.get("version", 0),
        waited_s=why.get("waited_s", 0.0),
        idle_s=why.get("idle_s", 0.0),
        able=why.get("able", 0),
        unskilled=why.get("unskilled", 0),
        refused=why.get("refused", 0),
        next=[NextInLineOut(agent_name=names.agent(other["agent"]), **other) for other in why.get("next", ())],
        class_name=classes.get(code, (code, code))[names.language],
        contact_rule=why.get("contact_rule", ""),
        points=why.get("points"),
        preferred_names=[names.agent(agent) for agent in why.get("preferred", ())],
        preferred_end=why.get("preferred_end", ""),
        queue_name=names.queue(why.get("queue")),
        what_if=[
            OtherRuleOut(rule=rule, agent=agent, agent_name=names.agent(agent))
            for rule, agent in why.get("what_if", {}).items()
        ],
        passed=why.get("passed", 0),
        passed_next=[PassedContactOut(**other) for other in why.get("passed_next", ())],
        what_if_contacts=[
            OtherContactRuleOut(rule=rule, contact=contact) for rule, contact in why.get("what_if_contacts", {}).items()
        ],
        rules=why.get("rules", ""),
        shadow=_shadow(why.get("shadow"), names),
        rung=why.get("rung", 0),
        at_most=why.get("at_most", 0),
        joins=why.get("joins", False),
    )
