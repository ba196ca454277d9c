"""A canary's arms: the draft's contacts beside those that go by the rules in force.

In a canary the draft's contacts stand in queues of their own beside the real ones: the same agents serve both, and
every rule of the router holds between them. Such an **arm** has the queue's id with a minus, its classes another code.
"""

from __future__ import annotations

from zhiyin.contracts.trial_rules import Memberships, TrialRules
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import Contact
from zhiyin.domain.routing.policy import Policy
from zhiyin.domain.routing.trials import TrialStage

#: Before the code of a class by the draft's points; no code of a company's begins so.
_DRAFT = "draft:"


def with_arms(policy: Policy, memberships: Memberships, rules: TrialRules) -> tuple[Policy, Memberships]:
    """Return the rules with the canary's arms beside the queues in whose lines it runs."""
    if rules.trial.stage is not TrialStage.CANARY:
        return policy, memberships
    queues, draft = rules.trial.queues, rules.policy
    arms = {-queue: replace(draft.queue(queue), id=-queue) for queue in queues}
    classes = {_DRAFT + code: replace(one, code=_DRAFT + code) for code, one in draft.classes.items()}
    both = {
        agent: (
            *served,
            *(replace(one, queue=-one.queue) for one in rules.memberships.get(agent, ()) if one.queue in queues),
        )
        for agent, served in memberships.items()
    }
    return replace(policy, queues={**policy.queues, **arms}, classes={**policy.classes, **classes}), both


def into_arm(contact: Contact) -> Contact:
    """Return the contact as it stands in the draft's arm."""
    if contact.queue is None:
        return contact
    return replace(contact, queue=-contact.queue, class_code=_DRAFT + contact.class_code)


def out_of_arm(contact: Contact) -> Contact:
    """Return the contact by the rules in force."""
    if not is_in_arm(contact):
        return contact
    return replace(contact, queue=-(contact.queue or 0), class_code=contact.class_code.removeprefix(_DRAFT))


def is_in_arm(contact: Contact) -> bool:
    return contact.queue is not None and contact.queue < 0
