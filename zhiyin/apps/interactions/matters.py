"""What contacts know of customers: which matters their wrap-ups left open, and which they solved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from zhiyin.apps.customers.known import Known, KnownMatter
from zhiyin.apps.interactions import queries
from zhiyin.apps.interactions.models import WrapUp
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.matters import Report, fold_matters

#: how many of a customer's contacts are looked at: what was left open before them is history
LOOKED_AT = 30
_IS_SOLVED = {
    WrapUp.Result.RESOLVED.value: True,
    WrapUp.Result.FOLLOW_UP.value: False,
    WrapUp.Result.ESCALATED.value: False,
}


def known_by_wrap_ups(actor: Actor, customer_ids: Sequence[int]) -> Mapping[int, Known]:
    """Return the matters of each customer, from the wrap-ups of the last contacts."""
    contacts = queries.latest_contacts_of(tenant=actor.tenant, customer_ids=customer_ids, limit=LOOKED_AT)
    owner = {contact: customer for customer, ids in contacts.items() for contact in ids}
    written = queries.wrap_ups_of(tenant=actor.tenant, interaction_ids=list(owner))
    said: dict[int, dict[str, WrapUp]] = defaultdict(dict)
    for contact, wrap_ups in written.items():
        telling = [row for row in wrap_ups if row.result in _IS_SOLVED]
        if telling:
            said[owner[contact]][contact] = telling[-1]
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
