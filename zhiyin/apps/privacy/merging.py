"""An erasure that waits for a second person follows its customer into whom it was merged with.

Who asked to be forgotten is then part of the customer that stays: that one is erased. One that is at work already is
over in moments, and the merge has to wait for it.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zhiyin.apps.audit import services as audit
from zhiyin.apps.privacy.errors import ErasureGoesOn
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.tenancy.actors import system
from zhiyin.apps.tenancy.models import Tenant

State = Erasure.State


def move(tenant: Tenant, source: int, target: int) -> Any:
    """Let the source's waiting erasure be the target's; return its number. Raises ``ErasureGoesOn``.

    Where the target waits for an erasure too, that one takes both: the source's own is closed.
    """
    rows = Erasure.objects.of(tenant).select_for_update().filter(customer_id__in=(source, target))
    open_ones = {row.customer_id: row for row in rows.filter(state__in=(State.WAITING, State.RUNNING))}
    if any(row.state == State.RUNNING for row in open_ones.values()):
        raise ErasureGoesOn
    waiting = open_ones.get(source)
    if waiting is None:
        return None
    if target in open_ones:
        waiting.state, waiting.moved_at = State.REFUSED, timezone.now()
    else:
        waiting.customer_id = target
    waiting.save(update_fields=["state", "moved_at", "customer_id"])
    audit.record(
        actor=system(tenant),
        action="erasure.merged",
        kind="erasure",
        subject=waiting.pk,
        before={"customer": source},
        after={"customer": target, "state": waiting.state},
    )
    return str(waiting.number)


def move_back(tenant: Tenant, source: int, target: int, number: Any) -> None:
    """Undo ``move``; an erasure that was decided about meanwhile stays what it is."""
    if number is None:
        return
    rows = Erasure.objects.of(tenant).filter(number=number)
    rows.filter(customer_id=target, state=State.WAITING).update(customer_id=source)
    rows.filter(customer_id=source, state=State.REFUSED, decided_by_name="").update(state=State.WAITING)
