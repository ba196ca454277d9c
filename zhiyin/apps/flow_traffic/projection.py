"""The projection of flows' traffic: counts go up by what a batch completed, with the move of the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any, get_args

from django.db import connection

from zhiyin.apps.flow_traffic.models import FlowFailure, Whereabouts
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.domain.interactions import InteractionEvent
from zhiyin.domain.metrics import flow_traffic as traffic

_EVENTS: tuple[type[Any], ...] = get_args(InteractionEvent)
_COUNTS = tuple(field.name for field in fields(traffic.NodeCounts))
_KEY = ("tenant_id", "flow_id", "version", "node", "kind", "quarter_at")
_UNIQUE = ("tenant_id", "quarter_at", "flow_id", "version", "node")
_WHERE = ("flow_id", "version", "node", "kind", "since", "has_begun")

#: a contact: its company and its id
Subject = tuple[int, str]


class FlowTraffic:
    """Stays at nodes, the ways out of them, and failures."""

    name = "flow_traffic"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        of_contacts = [logged for logged in events if isinstance(logged.event, _EVENTS)]
        if not of_contacts:
            return
        before = _load({(logged.tenant_id, logged.subject) for logged in of_contacts})
        now: dict[Subject, traffic.Whereabouts | None] = dict(before)
        tallies: dict[int, traffic.Tally] = {}
        failures: list[FlowFailure] = []
        for logged in of_contacts:
            subject = (logged.tenant_id, logged.subject)
            now[subject], facts = traffic.follow(now.get(subject), logged.event, logged.at)
            for fact in facts:
                tallies.setdefault(logged.tenant_id, traffic.Tally()).add(fact)
                if isinstance(fact, traffic.NodeFailure):
                    failures.append(_failure(subject, fact))
        for tenant_id, tally in tallies.items():
            _add_up(tenant_id, tally)
        FlowFailure._base_manager.bulk_create(failures)
        _keep({subject: here for subject, here in now.items() if here != before.get(subject)})


def _failure(subject: Subject, fact: traffic.NodeFailure) -> FlowFailure:
    return FlowFailure(
        tenant_id=subject[0],
        interaction_id=subject[1],
        flow_id=fact.at.flow,
        version=fact.at.version,
        node=fact.at.node,
        kind=fact.at.kind,
        failed_at=fact.failed_at,
        what=fact.what[:20],
        outcome=fact.outcome[:20],
        cause=fact.cause[:40],
        service_id=fact.service,
    )


def _add_up(tenant_id: int, tally: traffic.Tally) -> None:
    nodes = [(*_key(tenant_id, node, quarter), *astuple(counts)) for (node, quarter), counts in tally.nodes.items()]
    _raise("flow_traffic_nodetraffic", (*_KEY, *_COUNTS), _COUNTS, _UNIQUE, nodes)
    ways: dict[tuple[Any, ...], int] = {}
    for (node, quarter, end, way), times in tally.ways.items():
        key = (*_key(tenant_id, node, quarter), end.value, way[:100])
        ways[key] = ways.get(key, 0) + times
    rows = [(*key, times) for key, times in ways.items()]
    _raise("flow_traffic_waytraffic", (*_KEY, "end", "way", "times"), ("times",), (*_UNIQUE, "end", "way"), rows)


def _key(tenant_id: int, node: traffic.NodeKey, quarter: datetime) -> tuple[Any, ...]:
    return tenant_id, node.flow, node.version, node.node, node.kind, quarter


def _raise(
    table: str,
    columns: Sequence[str],
    counts: Sequence[str],
    unique: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Add rows; where one is there already, its counts go up. Names come from this module alone."""
    named = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(["%s"] * len(columns))
    keys = ", ".join(f'"{column}"' for column in unique)
    raised = ", ".join(f'"{count}" = {table}."{count}" + EXCLUDED."{count}"' for count in counts)
    statement = f"INSERT INTO {table} ({named}) VALUES ({places}) ON CONFLICT ({keys}) DO UPDATE SET {raised}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def _load(subjects: set[Subject]) -> dict[Subject, traffic.Whereabouts | None]:
    rows = Whereabouts._base_manager.filter(interaction_id__in={contact for _, contact in subjects})
    return {(row.tenant_id, row.interaction_id): _read(row) for row in rows}


def _read(row: Whereabouts) -> traffic.Whereabouts:
    node = None if row.node is None else traffic.NodeKey(row.flow_id, row.version, row.node, row.kind)
    return traffic.Whereabouts(row.flow_id, row.version, node, row.since, row.has_begun)


def _keep(changed: dict[Subject, traffic.Whereabouts | None]) -> None:
    over = [subject for subject, here in changed.items() if here is None]
    for tenant_id in {tenant for tenant, _ in over}:
        ids = [contact for tenant, contact in over if tenant == tenant_id]
        Whereabouts._base_manager.filter(tenant_id=tenant_id, interaction_id__in=ids).delete()
    Whereabouts._base_manager.bulk_create(
        [_row(subject, here) for subject, here in changed.items() if here is not None],
        update_conflicts=True,
        unique_fields=("tenant", "interaction_id"),
        update_fields=_WHERE,
    )


def _row(subject: Subject, here: traffic.Whereabouts) -> Whereabouts:
    return Whereabouts(
        tenant_id=subject[0],
        interaction_id=subject[1],
        flow_id=here.flow,
        version=here.version,
        node=here.node.node if here.node is not None else None,
        kind=here.node.kind if here.node is not None else "",
        since=here.since,
        has_begun=here.has_begun,
    )
