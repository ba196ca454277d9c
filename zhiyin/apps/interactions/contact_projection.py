"""The projection that writes contacts, segments, recordings and agents' states, and links customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.interactions.log import personal_values
from zhiyin.apps.interactions.models import AgentStateSpan, CustomerLink, Interaction, Recording, Segment
from zhiyin.apps.interactions.projection import CONTACT_EVENTS, AgentFold, ContactFold, LoggedEvent
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.events import RecordingDeleted, RecordingReady
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.domain.interactions import InteractionStarted

_ROW_FIELDS = tuple(
    field.attname for field in Interaction._meta.concrete_fields if field.attname not in ("id", "tenant_id")
)


_SEGMENT_FIELDS = (
    *("ended_at", "outcome", "hold_s"),
    *("estimates", "estimates_within_p50", "estimates_within_p90"),
)
_RECORDING_FIELDS = ("ended_at", "state", "cause", "agent_id")


class ContactProjection:
    """Contacts, their segments, and the agents' states."""

    name = "contacts"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        contacts = [logged for logged in events if isinstance(logged.event, CONTACT_EVENTS)]
        self._fold_contacts(contacts)
        self._fold_agents([logged for logged in events if isinstance(logged.event, AgentStateChanged)])
        for logged in events:
            if isinstance(logged.event, RecordingReady | RecordingDeleted):
                rows = Recording._base_manager.filter(pk=logged.event.recording, tenant_id=logged.tenant_id)
                rows.update(state=_state_after(logged.event).value)
        self._link_customers([logged for logged in contacts if isinstance(logged.event, InteractionStarted)])

    def _fold_contacts(self, events: Sequence[LoggedEvent]) -> None:
        folds = _load_contacts({logged.subject for logged in events})
        for logged in events:
            if logged.subject not in folds:
                folds[logged.subject] = ContactFold.begin(logged)
            folds[logged.subject].fold(logged.event, logged.at)
        if not folds:
            return
        Interaction._base_manager.bulk_create([fold.row for fold in folds.values() if fold.is_new])
        Interaction._base_manager.bulk_update([fold.row for fold in folds.values() if not fold.is_new], _ROW_FIELDS)
        segments = [segment for fold in folds.values() for segment in fold.segments]
        Segment._base_manager.bulk_update([s for s in segments if s.pk], _SEGMENT_FIELDS)
        Segment._base_manager.bulk_create([s for s in segments if not s.pk])
        recordings = [recording for fold in folds.values() for recording in fold.recordings.values()]
        Recording._base_manager.bulk_create([r for r in recordings if r._state.adding])
        Recording._base_manager.bulk_update([r for r in recordings if not r._state.adding], _RECORDING_FIELDS)

    def _fold_agents(self, events: Sequence[LoggedEvent]) -> None:
        folds: dict[tuple[int, int], AgentFold] = {}
        for key, span in _open_spans((logged.tenant_id, logged.event.agent) for logged in events).items():
            folds[key] = AgentFold.load(*key, span)
        for logged in events:
            key = logged.tenant_id, logged.event.agent
            if key not in folds:
                folds[key] = AgentFold.load(*key, None)
            folds[key].fold(logged.event, logged.at)
        closed = [span for fold in folds.values() for span in fold.closed]
        AgentStateSpan._base_manager.bulk_update([span for span in closed if span.pk], ("ended_at",))
        opened = [fold.open_span for fold in folds.values() if fold.open_span is not None]
        AgentStateSpan._base_manager.bulk_create([span for span in (*closed, *opened) if not span.pk])
        for fold in folds.values():
            for interaction_id, wrap_up_s in fold.wrap_up_s.items():
                rows = Interaction._base_manager.filter(pk=interaction_id, tenant_id=fold.tenant_id)
                rows.update(wrap_up_s=F("wrap_up_s") + wrap_up_s)

    def _link_customers(self, events: Sequence[LoggedEvent]) -> None:
        """Link a contact whose number belongs to exactly one customer; the agent decides where there are several."""
        by_tenant: dict[int, list[LoggedEvent]] = defaultdict(list)
        for logged in events:
            by_tenant[logged.tenant_id].append(logged)
        for tenant in Tenant.objects.filter(pk__in=by_tenant):
            started = by_tenant[tenant.pk]
            numbers = personal_values(tenant=tenant, refs=[logged.event.customer_ref for logged in started])
            for logged in started:
                number = numbers.get(logged.event.customer_ref or "")
                known = customers.match_number(tenant=tenant, number=number, limit=2) if number else []
                if len(known) == 1:
                    CustomerLink.objects.of(tenant).get_or_create(
                        interaction_id=logged.subject, defaults={"customer": known[0], "at": logged.at}
                    )


def _state_after(event: RecordingReady | RecordingDeleted) -> Recording.State:
    if isinstance(event, RecordingDeleted):
        return Recording.State.DELETED
    if event.empty:
        return Recording.State.EMPTY
    return Recording.State.FAILED if event.failed else Recording.State.READY


def _load_contacts(ids: set[str]) -> dict[str, ContactFold]:
    segments: dict[str, list[Segment]] = defaultdict(list)
    for segment in Segment._base_manager.filter(interaction_id__in=ids).order_by("pk"):
        segments[segment.interaction_id].append(segment)
    recordings: dict[str, list[Recording]] = defaultdict(list)
    for recording in Recording._base_manager.filter(interaction_id__in=ids):
        recordings[recording.interaction_id].append(recording)
    rows = Interaction._base_manager.filter(pk__in=ids)
    return {row.pk: ContactFold.load(row, segments[row.pk], recordings[row.pk]) for row in rows}


def _open_spans(agents: Iterable[tuple[int, int]]) -> dict[tuple[int, int], AgentStateSpan]:
    wanted = set(agents)
    rows = AgentStateSpan._base_manager.filter(agent_id__in={agent for _, agent in wanted}, ended_at__isnull=True)
    return {(row.tenant_id, row.agent_id): row for row in rows if (row.tenant_id, row.agent_id) in wanted}
