"""What a trial has shown: how the draft's answers in shadow differ, and how both arms of a canary fared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from zhiyin.apps.accounts.queries import names_of
from zhiyin.apps.interactions.trial_log import ArmStay, ShadowedOffer, arm_stays, shadowed_offers
from zhiyin.apps.queues.queries import list_queues
from zhiyin.apps.routing.queries import class_names
from zhiyin.apps.surveys.queries import scores_pct
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.apps.trials.schemas import (
    ArmOut,
    CanaryReport,
    Change95,
    RuleTrialReport,
    ShadowAgent,
    ShadowExample,
    ShadowGroup,
    ShadowReport,
)
from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.routing.trials import (
    LEAST_SCORES,
    Arm,
    Difference,
    Scores,
    difference_of_means,
    difference_of_scores,
    difference_of_shares,
    percentile,
)

EXAMPLES = 20
_COUNTED = frozenset({QueueEnd.ANSWERED.value, QueueEnd.ABANDONED.value, QueueEnd.OVERFLOWED.value})


class Names:
    """Queues, classes and agents in the reader's language."""

    def __init__(self, tenant: Tenant, *, language: str) -> None:
        is_english = not language.startswith("zh")
        rows = list_queues(tenant=tenant).values_list("pk", "name", "name_en")
        self._queues = {str(pk): (name_en or name) if is_english else name for pk, name, name_en in rows}
        self._classes = {code: names[is_english] for code, names in class_names(tenant=tenant).items()}

    def queue(self, key: str) -> str:
        return self._queues.get(key, key)

    def contact_class(self, code: str) -> str:
        return self._classes.get(code, code)


def report_of(*, tenant: Tenant, row: RuleTrial, language: str, now: datetime) -> RuleTrialReport:
    """Return what the trial's newest shadow and canary have shown."""
    names = Names(tenant, language=language)
    return RuleTrialReport(
        shadow=_shadow(tenant, row, names, now) if row.shadow_began_at is not None else None,
        canary=_canary(tenant, row, now) if row.canary_began_at is not None else None,
    )


# --- shadow ---------------------------------------------------------------------------------------------------------


def _shadow(tenant: Tenant, row: RuleTrial, names: Names, now: datetime) -> ShadowReport:
    assert row.shadow_began_at is not None, "it has been in shadow"
    offers = shadowed_offers(tenant=tenant, trial=row.pk, since=row.shadow_began_at, until=now)
    other_agent = [offer for offer in offers if _has_other_agent(offer)]
    sooner = [offer.why["shadow"]["sooner_s"] for offer in offers if offer.why["shadow"]["sooner_s"] > 0]
    different = [offer for offer in offers if _differs(offer)]
    gained = Counter(offer.why["shadow"]["agent"] for offer in other_agent)
    lost = Counter(offer.agent for offer in other_agent)
    examples = different[:EXAMPLES]
    people = names_of(tenant=tenant, user_ids={*gained, *lost, *_agents_of(examples)})
    return ShadowReport(
        since=row.shadow_began_at,
        decisions=len(offers),
        different=len(different),
        other_agent=len(other_agent),
        other_contact=sum(_has_other_contact(offer) for offer in offers),
        sooner=len(sooner),
        later=sum(_is_later(offer) for offer in offers),
        mean_sooner_s=round(sum(sooner) / len(sooner), 1) if sooner else None,
        agents=[
            ShadowAgent(agent=one, agent_name=people.get(one, ""), gained=gained[one], lost=lost[one])
            for one in sorted({*gained, *lost}, key=lambda one: (lost[one] - gained[one], one))
        ],
        queues=_groups(((str(abs(one.why["shadow"]["queue"])), one) for one in offers), names.queue),
        classes=_groups(((one.why.get("class", ""), one) for one in offers), names.contact_class),
        examples=[_example(offer, people) for offer in examples],
    )


def _is_later(offer: ShadowedOffer) -> bool:
    answer = offer.why["shadow"]
    return answer["agent"] is None or answer["contact"] is None


def _has_other_contact(offer: ShadowedOffer) -> bool:
    return offer.why["shadow"]["contact"] not in (None, offer.contact)


def _has_other_agent(offer: ShadowedOffer) -> bool:
    return not _is_later(offer) and offer.why["shadow"]["agent"] != offer.agent


def _differs(offer: ShadowedOffer) -> bool:
    return (
        _is_later(offer) or _has_other_contact(offer) or _has_other_agent(offer) or offer.why["shadow"]["sooner_s"] > 0
    )


def _agents_of(offers: Iterable[ShadowedOffer]) -> set[int]:
    return {agent for offer in offers for agent in (offer.agent, offer.why["shadow"]["agent"]) if agent is not None}


def _groups(offers: Iterable[tuple[str, ShadowedOffer]], name: Callable[[str], str]) -> list[ShadowGroup]:
    all_, different = Counter[str](), Counter[str]()
    for key, offer in offers:
        all_[key] += 1
        different[key] += _differs(offer)
    return [
        ShadowGroup(key=key, name=name(key), decisions=count, different=different[key])
        for key, count in all_.most_common()
    ]


def _example(offer: ShadowedOffer, people: dict[int, str]) -> ShadowExample:
    answer = offer.why["shadow"]
    return ShadowExample(
        contact=offer.contact,
        at=offer.at,
        agent_name=people.get(offer.agent, ""),
        draft_agent_name=people.get(answer["agent"], "") if answer["agent"] is not None else "",
        draft_contact=answer["contact"],
        sooner_s=answer["sooner_s"],
        later_s=answer["later_s"],
    )


# --- canary ---------------------------------------------------------------------------------------------------------


def _canary(tenant: Tenant, row: RuleTrial, now: datetime) -> CanaryReport:
    assert row.canary_began_at is not None, "it has been a canary"
    found = arm_stays(tenant=tenant, trial=row.pk, since=row.canary_began_at, until=now)
    targets = dict(list_queues(tenant=tenant).values_list("pk", "service_level_s"))
    scores = scores_pct(tenant=tenant, interaction_ids=(one.contact for one in found), since=row.canary_began_at)
    draft, present = (
        _Stays([one for one in found if one.arm == arm.value and one.outcome in _COUNTED], targets, scores)
        for arm in (Arm.DRAFT, Arm.PRESENT)
    )
    sizes = len(draft.stays), len(present.stays)
    return CanaryReport(
        since=row.canary_began_at,
        share_pct=row.share_pct,
        draft=draft.shown(),
        present=present.shown(),
        service_level=_shares(draft.in_target, present.in_target, *sizes),
        asa=_change(difference_of_means(draft.answered_s, present.answered_s)),
        abandoned=_shares(draft.abandoned, present.abandoned, *sizes),
        transferred=_shares(draft.transferred, present.transferred, len(draft.answered_s), len(present.answered_s)),
        score=_change(difference_of_scores(Scores.of(draft.scores_pct), Scores.of(present.scores_pct))),
        least_scores=LEAST_SCORES,
    )


class _Stays:
    """The stays of one arm, counted."""

    def __init__(
        self, stays: Sequence[ArmStay], targets: dict[int, int], scores_pct: dict[tuple[str, int], float]
    ) -> None:
        answered = [one for one in stays if one.outcome == QueueEnd.ANSWERED]
        self.stays = stays
        self.answered_s = [one.wait_s for one in answered]
        self.in_target = sum(one.wait_s <= targets.get(one.queue, 20) for one in answered)
        self.abandoned = sum(one.outcome == QueueEnd.ABANDONED for one in stays)
        self.transferred = sum(one.is_transferred for one in answered)
        # by contact and line: whoever stood in it twice was asked once, and was served from that one
        served = {(one.contact, one.queue) for one in answered}
        self.scores_pct = [scores_pct[one] for one in sorted(served & scores_pct.keys())]

    def shown(self) -> ArmOut:
        count, answered, responded = len(self.stays), len(self.answered_s), len(self.scores_pct)
        return ArmOut(
            contacts=count,
            service_level_pct=_pct(self.in_target, count),
            asa_s=round(sum(self.answered_s) / answered, 1) if answered else None,
            wait_p90_s=round(percentile([one.wait_s for one in self.stays], 0.9), 1) if count else None,
            abandoned_pct=_pct(self.abandoned, count),
            transferred_pct=_pct(self.transferred, answered),
            responded=responded,
            score_pct=round(sum(self.scores_pct) / responded, 1) if responded else None,
        )


def _pct(count: int, of: int) -> float | None:
    return round(100 * count / of, 1) if of else None


def _shares(mine: int, theirs: int, of_mine: int, of_theirs: int) -> Change95 | None:
    return _change(difference_of_shares(mine, of_mine, theirs, of_theirs))


def _change(found: Difference | None) -> Change95 | None:
    return Change95(value=found.value, low=found.low, high=found.high) if found is not None else None
