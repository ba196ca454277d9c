"""What contacts know of customers: which matters their wrap-ups left open, and which they solved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from zhiyin.apps.customers.known import Known, KnownMatter
from zhiyin.apps.interactions.belongings import latest_wrap_ups_asked
from zhiyin.apps.interactions.models import WrapUp
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.domain.matters import Report, fold_matters

#: how many of a customer's contacts are looked at: what was left open before them is history
LOOKED_AT = 30
_IS_SOLVED = {
    WrapUp.Result.RESOLVED.value: True,
    WrapUp.Result.FOLLOW_UP.value: False,
    WrapUp.Result.ESCALATED.value: False,
}


def wrap_ups_looked_at(actor: Actor, customer_ids: Sequence[int]) -> Question[dict[int, list[WrapUp]]]:
    return latest_wrap_ups_asked(tenant=actor.tenant, customer_ids=customer_ids, limit=LOOKED_AT)


def known_by_wrap_ups(actor: Actor, customer_ids: Sequence[int]) -> Mapping[int, Known]:
    """Return the matters of each customer, from the wrap-ups of the last contacts."""
    written = answer(wrap_ups_looked_at(actor, customer_ids))
    said: dict[int, dict[str, WrapUp]] = defaultdict(dict)
    for customer, wrap_ups in written.items():
        for row in wrap_ups:
            if row.result in _IS_SOLVED:
                said[customer][row.interaction_id] = row
    if not said:
        return {}
    language = 0 if actor.language.startswith("zh") else 1
    subjects = {key: names[language] for key, names in queues.disposition_paths(tenant=actor.tenant).items()}
    return {customer: Known(matters=tuple(_matters(subjects, rows))) for customer, rows in said.items()}


def _matters(subjects: Mapping[int, str], rows: Mapping[str, WrapUp]) -> list[KnownMatter]:
    reports = [
        Report(contact, row.disposition_id, _IS_SOLVED[row.result], row.completed_at or row.changed_at)
        for contact, row in rows.items()
    ]
    return [
        KnownMatter(
            kind="contact",
            id=matter.contact,
            title=subjects.get(matter.about or 0, ""),
            note=rows[matter.contact].note,
            is_open=matter.is_open,
            at=matter.at,
            contacts=matter.contacts,
        )
        for matter in fold_matters(reports)
    ]
