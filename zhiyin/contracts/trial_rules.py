"""A draft of a company's rules as the router takes it: the settings with what the draft names changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from zhiyin.contracts import routing_rules
from zhiyin.contracts.snapshots import ContactClassSetting, QueueSetting, TenantSettings, TrialSetting
from zhiyin.domain.routing.policy import Membership, Policy
from zhiyin.domain.routing.trials import Bounds, Trial, TrialStage

Memberships = Mapping[int, tuple[Membership, ...]]


@dataclass(frozen=True, slots=True)
class TrialRules:
    """A trial with the company's rules as the draft would have them."""

    trial: Trial
    policy: Policy
    memberships: Memberships


def read_trial(settings: TenantSettings) -> TrialRules | None:
    """Return the company's trial, if it has one in a stage that this program knows."""
    setting = settings.trial
    if setting is None or setting.stage not in frozenset(TrialStage):
        return None
    drafted = _with_draft(settings, setting)
    known = {queue.id: queue for queue in drafted.queues}
    trial = Trial(
        id=setting.id,
        stage=TrialStage(setting.stage),
        queues=frozenset(setting.queues) & known.keys(),
        share_pct=setting.share_pct,
        preferences={
            queue.id: routing_rules.preference_of(known[queue.id])
            for queue in setting.draft_queues
            if queue.preference is not None and queue.id in known
        },
        bounds=Bounds(setting.least_contacts, setting.drop_pct, setting.wait_p90_s, setting.score_drop_pct),
    )
    return TrialRules(trial, routing_rules.policy_of(drafted), routing_rules.memberships_of(drafted))


def _with_draft(settings: TenantSettings, setting: TrialSetting) -> TenantSettings:
    """Return the settings as they would be if the draft were adopted."""
    queues = {draft.id: _named(draft, but_for="id") for draft in setting.draft_queues}
    classes = {draft.code: _named(draft, but_for="code") for draft in setting.draft_classes}
    routing = msgspec.structs.replace(
        settings.routing,
        contact_choice=setting.contact_choice or settings.routing.contact_choice,
        classes=tuple(_changed(one, classes.get(one.code, {})) for one in settings.routing.classes),
    )
    changed = tuple(_changed_queue(queue, queues.get(queue.id, {})) for queue in settings.queues)
    return msgspec.structs.replace(settings, queues=changed, routing=routing)


def _named(draft: msgspec.Struct, *, but_for: str) -> dict[str, object]:
    """Return what a draft says."""
    said = msgspec.structs.asdict(draft)
    return {name: value for name, value in said.items() if name != but_for and value is not None}


def _changed(one: ContactClassSetting, fields: Mapping[str, object]) -> ContactClassSetting:
    return msgspec.structs.replace(one, **fields)


def _changed_queue(queue: QueueSetting, fields: Mapping[str, object]) -> QueueSetting:
    return msgspec.structs.replace(queue, **fields)
