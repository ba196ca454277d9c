"""How it is told why an agent was found for a contact: by which rule, of how many, and who would have been next.

Reads what the distribution holds and changes nothing of it. Durations in seconds; no names, no numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from zhiyin.domain.routing.contacts import Contact, slope_of
from zhiyin.domain.routing.policy import Policy
from zhiyin.domain.routing.ringing import rings_all
from zhiyin.domain.routing.router import Offer
from zhiyin.domain.routing.trials import Arm
from zhiyin.engine.company import Company
from zhiyin.engine.trial_rules import is_in_arm, out_of_arm
from zhiyin.engine.waiting_line import Waiting

#: Which way of making records those of this program follow.
RECORD_VERSION = 2


@dataclass(frozen=True, slots=True)
class Records:
    """The decision records of one offer, by what held as it was made."""

    offer: Offer
    contact: Contact
    waiting: Waiting
    company: Company
    policy: Policy  # by which the router goes
    idle_since: Mapping[int, datetime]  # of the ready
    ready: int  # how many of its queue are

    def of(self, agent: int, now: datetime) -> dict[str, object]:
        """Return the record for one of the offer's agents."""
        offer, waiting = self.offer, self.waiting
        refused = sum(other in self.idle_since for other in waiting.refused_by)
        return {
            "rule": self._rule(),
            "version": RECORD_VERSION,
            "waited_s": round((now - waiting.queued_at).total_seconds(), 3),
            "idle_s": round((now - self.idle_since[agent]).total_seconds(), 3),
            "able": offer.able,
            "unskilled": max(0, self.ready - offer.able - refused),
            "refused": refused,
            "next": [{"agent": other, "idle_s": round(_s(now) - since, 3)} for other, since in offer.others],
            **({"what_if": dict(offer.by_other_rules)} if offer.by_other_rules else {}),
            **self._rung(),
            **self._claim(now),
            **_passed_over(offer, now),
            **self._trial(),
        }

    def _rung(self) -> dict[str, object]:
        """Return how many are rung with this one, and at most: where the queue rings all."""
        offer = self.offer
        if offer.queue is None or not rings_all(self.company.policy, offer.queue):
            return {}
        bound = self.company.policy.queue(offer.queue).ring_at_most
        return {"rung": len(offer.agents), "at_most": bound, "joins": offer.joins}

    def _rule(self) -> str:
        if self.offer.queue is not None:
            return self.policy.queue(self.offer.queue).agent_choice.value
        return "only_agent" if self.waiting.only_agent is not None else "preferred_agent"

    def _claim(self, now: datetime) -> dict[str, object]:
        """Return by what the contact came first, where that is more than its arrival, and what became of its wish."""
        offer, contact = self.offer, self.contact
        found: dict[str, object] = {}
        plain = out_of_arm(contact)
        if plain.class_code:
            found["class"] = plain.class_code
        if contact.queue is None:
            return found
        if offer.queue not in (None, contact.queue):
            found["queue"] = abs(offer.queue or 0)  # whose agent it is, where a ring asked another queue's
        if plain.class_code or contact.points:
            slope = slope_of(self.policy, self.policy.queue(contact.queue), contact)
            found |= {
                "contact_rule": self.policy.contact_choice.value,
                "points": round(slope.at(_s(now) - contact.since), 1),
            }
        if contact.preferred and not set(offer.agents) & set(contact.preferred):
            waited_s = _s(now) - contact.since
            found["preferred"] = list(contact.preferred)
            found["preferred_end"] = "waited" if waited_s >= contact.preferred_for_s else "not_there"
        return found

    def _trial(self) -> dict[str, object]:
        """Return by which rules of a trial it was decided, or what its draft would have decided."""
        rules = self.company.trial
        if rules is None:
            return {}
        offer, contact, trial = self.offer, self.contact, rules.trial
        if (shadow := offer.shadow) is not None:
            answer = {"trial": trial.id, "queue": offer.queue, "agent": shadow.agent, "contact": shadow.contact}
            return {"shadow": answer | {"sooner_s": shadow.sooner_s, "later_s": shadow.later_s}}
        if is_in_arm(contact):
            return {"trial": trial.id, "rules": Arm.DRAFT.value}
        is_beside = contact.queue is not None and trial.arm_of(contact.id, contact.queue) is Arm.PRESENT
        return {"trial": trial.id, "rules": Arm.PRESENT.value} if is_beside else {}


def _passed_over(offer: Offer, now: datetime) -> dict[str, object]:
    """Return who else waited for the agent, and whom other rules between contacts would have had served."""
    passed = offer.passed
    if not passed.count:
        return {}
    return {
        "passed": passed.count,
        "passed_next": [
            {"contact": contact, "points": points, "waited_s": round(_s(now) - since, 3)}
            for contact, points, since in passed.next
        ],
        "what_if_contacts": dict(passed.by_other_rules),
    }


def _s(at: datetime) -> float:
    return at.astimezone(UTC).timestamp()
