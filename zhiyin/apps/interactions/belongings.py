"""What belongs to contacts and what customers' last contacts were, asked so that it can be asked together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from zhiyin.apps.interactions.models import Interaction, Recording, WrapUp
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson, json_pairs

_CONTACTS = RowsAsJson(Interaction)
_RECORDINGS = RowsAsJson(Recording)
_WRAP_UPS = RowsAsJson(WrapUp)
_OF_CONTACTS = "t.tenant_id = $1 AND t.interaction_id = ANY($2)"
_LINKS = """
SELECT json_agg(json_build_array(interaction_id, customer_id)) FROM interactions_customerlink
WHERE tenant_id = $1 AND interaction_id = ANY($2)
"""
_LINKED_NAMES = """
SELECT json_agg(json_build_array(link.customer_id, known.name))
FROM interactions_customerlink link JOIN customers_customer known ON known.id = link.customer_id
WHERE link.tenant_id = $1 AND link.interaction_id = ANY($2)
"""
_HANDLED = """
SELECT json_agg(json_build_array(interaction_id, user_name)) FROM interactions_missedhandling
WHERE tenant_id = $1 AND interaction_id = ANY($2)
"""
_COUNTS = """
SELECT json_agg(json_build_array(customer_id, times)) FROM (
    SELECT customer_id, count(*) AS times FROM interactions_customerlink
    WHERE tenant_id = $1 AND customer_id = ANY($2) GROUP BY customer_id) counted
"""
#: an index walk for each customer
_LATEST = """
unnest($2::bigint[]) AS customer(id) CROSS JOIN LATERAL (
    SELECT link.interaction_id, link.at FROM interactions_customerlink link
    WHERE link.tenant_id = $1 AND link.customer_id = customer.id ORDER BY link.at DESC LIMIT $3::bigint) AS latest
"""


def recordings_asked(*, tenant: Tenant, interaction_ids: Iterable[str]) -> Question[dict[str, list[Recording]]]:
    """Ask for each contact's recordings, the first first."""
    return Question(_recordings(), (tenant.pk, tuple(interaction_ids)), _read_recordings)


@cache
def _recordings() -> str:
    return _RECORDINGS.select(_OF_CONTACTS, order="t.started_at")


def _read_recordings(text: str | None) -> dict[str, list[Recording]]:
    found: dict[str, list[Recording]] = defaultdict(list)
    for row in _RECORDINGS.read(text):
        found[row.interaction_id].append(row)
    return found


def wrap_ups_asked(*, tenant: Tenant, interaction_ids: Iterable[str]) -> Question[dict[str, list[WrapUp]]]:
    """Ask for what agents wrote about each contact, the first first."""
    return Question(_wrap_ups(), (tenant.pk, tuple(interaction_ids)), _read_wrap_ups)


def wrap_ups_of(*, tenant: Tenant, interaction_ids: Iterable[str]) -> dict[str, list[WrapUp]]:
    return answer(wrap_ups_asked(tenant=tenant, interaction_ids=interaction_ids))


@cache
def _wrap_ups() -> str:
    return _WRAP_UPS.select(_OF_CONTACTS, order="t.id")


def _read_wrap_ups(text: str | None) -> dict[str, list[WrapUp]]:
    found: dict[str, list[WrapUp]] = defaultdict(list)
    for row in _WRAP_UPS.read(text):
        found[row.interaction_id].append(row)
    return found


def latest_wrap_ups_asked(
    *, tenant: Tenant, customer_ids: Iterable[int], limit: int
) -> Question[dict[int, list[WrapUp]]]:
    """Ask for what agents wrote about each customer's last contacts, by contact and within it the first first."""
    return Question(_latest_wrap_ups(), (tenant.pk, tuple(customer_ids), limit), _read_latest_wrap_ups)


@cache
def _latest_wrap_ups() -> str:
    return f"""
        SELECT json_agg(json_build_array(customer.id, {_WRAP_UPS.row}) ORDER BY latest.at DESC, t.id)
        FROM {_LATEST} JOIN interactions_wrapup t ON t.tenant_id = $1 AND t.interaction_id = latest.interaction_id
    """  # noqa: S608 - of our own words


def _read_latest_wrap_ups(text: str | None) -> dict[int, list[WrapUp]]:
    found: dict[int, list[WrapUp]] = defaultdict(list)
    for customer_id, row in _WRAP_UPS.read_keyed(text):
        found[customer_id].append(row)
    return found


def last_contacts_asked(
    *, tenant: Tenant, customer_ids: Iterable[int], limit: int
) -> Question[dict[int, list[Interaction]]]:
    """Ask for each customer's last contacts, the newest first, as far as they are projected."""
    return Question(_last_contacts(), (tenant.pk, tuple(customer_ids), limit), _read_last_contacts)


@cache
def _last_contacts() -> str:
    return f"""
        SELECT json_agg(json_build_array(customer.id, {_CONTACTS.row}) ORDER BY latest.at DESC)
        FROM {_LATEST} JOIN interaction t ON t.tenant_id = $1 AND t.id = latest.interaction_id
    """  # noqa: S608 - of our own words


def _read_last_contacts(text: str | None) -> dict[int, list[Interaction]]:
    found: dict[int, list[Interaction]] = defaultdict(list)
    for customer_id, row in _CONTACTS.read_keyed(text):
        found[customer_id].append(row)
    return found


def links_asked(*, tenant: Tenant, interaction_ids: Iterable[str]) -> Question[dict[str, int]]:
    """Ask for the linked customer of each contact that has one."""
    return Question(_LINKS, (tenant.pk, tuple(interaction_ids)), _read_links)


def customers_of(*, tenant: Tenant, interaction_ids: Iterable[str]) -> dict[str, int]:
    return answer(links_asked(tenant=tenant, interaction_ids=interaction_ids))


def _read_links(text: str | None) -> dict[str, int]:
    return dict(json_pairs(text))


def linked_names_asked(*, tenant: Tenant, interaction_ids: Iterable[str]) -> Question[dict[int, str]]:
    """Ask for the names of the customers to whom the contacts are linked."""
    return Question(_LINKED_NAMES, (tenant.pk, tuple(interaction_ids)), _read_linked_names)


def _read_linked_names(text: str | None) -> dict[int, str]:
    return dict(json_pairs(text))


def handled_asked(*, tenant: Tenant, interaction_ids: Iterable[str]) -> Question[dict[str, str]]:
    """Ask who dealt with each missed call that somebody dealt with."""
    return Question(_HANDLED, (tenant.pk, tuple(interaction_ids)), _read_handled)


def _read_handled(text: str | None) -> dict[str, str]:
    return dict(json_pairs(text))


def counts_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, int]]:
    """Ask how often each customer was in contact; who never was is missing."""
    return Question(_COUNTS, (tenant.pk, tuple(customer_ids)), _read_counts)


def _read_counts(text: str | None) -> dict[int, int]:
    return dict(json_pairs(text))
