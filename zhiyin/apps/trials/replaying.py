"""The last hours played again by the rules in force and by the draft: what would become of the waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from zhiyin.apps.interactions.trial_log import PastArrival, past_arrivals, past_shifts
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.apps.trials.queries import setting_of
from zhiyin.apps.trials.reports import Names
from zhiyin.apps.trials.schemas import ReplayGroup, ReplayReport
from zhiyin.contracts.routing_rules import memberships_of, policy_of
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.contracts.trial_rules import Memberships, read_trial
from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.routing.contacts import AgentProfile, Contact
from zhiyin.domain.routing.replay import Arrival, Played, Shift, replay
from zhiyin.domain.routing.requirements import levels_of
from zhiyin.domain.routing.trials import percentile


def replay_report(*, tenant: Tenant, row: RuleTrial, language: str, hours: int, now: datetime) -> ReplayReport:
    """Play the hours before ``now`` twice, and compare the waits of those who were answered in both."""
    since = now - timedelta(hours=hours)
    settings = build_settings(tenant=tenant)
    drafted = read_trial(_with_trial(settings, tenant, row, now))
    assert drafted is not None, "a draft can be read in any stage"
    past = past_arrivals(tenant=tenant, since=since, until=now)
    arrivals = [arrival for one in past if (arrival := _arrival(one)) is not None]
    shifts = [Shift(*one) for one in past_shifts(tenant=tenant, since=since, until=now)]
    present = replay(policy_of(settings), _profiles(settings, memberships_of(settings)), arrivals, shifts)
    draft = replay(drafted.policy, _profiles(settings, drafted.memberships), arrivals, shifts)
    names = Names(tenant, language=language)
    by_id = {arrival.contact.id: arrival.contact for arrival in arrivals}
    everybody = _groups(by_id, present, draft, lambda _contact: "", lambda _key: "")
    return ReplayReport(
        since=since,
        until=now,
        contacts=len(arrivals),
        left_out=len(past) - len(arrivals),
        everybody=everybody[0] if everybody else None,
        queues=_groups(by_id, present, draft, lambda contact: str(contact.queue), names.queue),
        classes=_groups(by_id, present, draft, lambda contact: contact.class_code, names.contact_class),
    )


def _with_trial(settings: TenantSettings, tenant: Tenant, row: RuleTrial, now: datetime) -> TenantSettings:
    """Return the settings as if the draft were in shadow now."""
    trial = setting_of(tenant, row, stage=RuleTrial.State.SHADOW.value, began_at=now)
    return msgspec.structs.replace(settings, trial=trial)


def _profiles(settings: TenantSettings, memberships: Memberships) -> list[AgentProfile]:
    return [AgentProfile(agent.id, agent.skills, memberships.get(agent.id, ())) for agent in settings.agents]


def _arrival(past: PastArrival) -> Arrival | None:
    """Return the contact as it came; None where it went on elsewhere, or its handling is not known."""
    entered = past.entered
    has_left = past.outcome in (QueueEnd.ABANDONED, QueueEnd.OVERFLOWED)
    if not has_left and (past.outcome != QueueEnd.ANSWERED or past.handling_s is None):
        return None
    contact = Contact(
        id=past.contact,
        since=past.at,
        queue=entered["queue"],
        class_code=entered.get("class_code", ""),
        requirement=levels_of(entered.get("skills", {})),
        points=float(entered.get("priority", 0)),
    )
    return Arrival(contact, past.handling_s or 0.0, past.wait_s if has_left else None)


def _groups(
    contacts: Mapping[str, Contact],
    present: Mapping[str, Played],
    draft: Mapping[str, Played],
    key: Callable[[Contact], str],
    name: Callable[[str], str],
) -> list[ReplayGroup]:
    waits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for contact_id, contact in contacts.items():
        before, after = present.get(contact_id), draft.get(contact_id)
        if before is not None and after is not None:
            waits[key(contact)].append((before.wait_s, after.wait_s))
    found = []
    for one, pairs in sorted(waits.items(), key=lambda item: (-len(item[1]), item[0])):
        ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
        found.append(
            ReplayGroup(
                key=one,
                name=name(one),
                contacts=len(pairs),
                present_mean_s=round(sum(ours) / len(ours), 1),
                draft_mean_s=round(sum(theirs) / len(theirs), 1),
                present_p90_s=round(percentile(ours, 0.9), 1),
                draft_p90_s=round(percentile(theirs, 0.9), 1),
            )
        )
    return found
