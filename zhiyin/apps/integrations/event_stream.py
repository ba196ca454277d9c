"""Reading events one after another, from where a reader stopped.

A place in the stream is the pair (transaction, row): what a transaction that is still open will add is not passed by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from zhiyin.apps.integrations.event_types import CATALOGUE
from zhiyin.apps.integrations.models import Event
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.actors import Actor

_FORM = re.compile(r"([0-9]{1,18})\.([0-9]{1,19})")
_BEYOND = 2**63 - 1
_OLDEST_OPEN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class BadPlace(Invalid):
    code = "bad_cursor"
    title = "This is no place in the stream. Use one that the stream gave, or none to begin now."


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a reader stands: after this row of this transaction."""

    txid: int
    row: int

    def __str__(self) -> str:
        return f"{self.txid}.{self.row}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises ``BadPlace``."""
        found = _FORM.fullmatch(text)
        if found is None or int(found[2]) > _BEYOND:
            raise BadPlace(fields={"after": "bad_cursor"})
        return cls(int(found[1]), int(found[2]))


def read_events(*, actor: Actor, after: str, types: frozenset[str], limit: int) -> tuple[list[Event], Place]:
    """Return the next events that the actor may hear of, and where to go on; without ``after`` none, from now on.

    Raises ``BadPlace``.
    """
    oldest_open = _oldest_open_transaction()
    if not after:
        return [], Place(oldest_open - 1, _BEYOND)
    place = Place.parse(after)
    heard = {code for code, each in CATALOGUE.items() if actor.may(each.right)}
    rows = Event.objects.of(actor.tenant).filter(
        Q(txid__gt=place.txid) | Q(txid=place.txid, pk__gt=place.row),
        txid__gte=place.txid,
        txid__lt=oldest_open,
        type__in=heard & types if types else heard,
    )
    found = list(rows.order_by("txid", "pk")[:limit])
    if len(found) == limit:
        return found, Place(found[-1].txid, found[-1].pk)
    return found, max(place, Place(oldest_open - 1, _BEYOND))


def _oldest_open_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_OPEN)
        return int(cursor.fetchone()[0])
