"""The projection that orders a recording's file as soon as the recording has ended, in the cursor's own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.recordings.tasks import order
from zhiyin.domain.interactions import RecordingEnded


class RecordingOrders:
    """Turns ``RecordingEnded`` into a job: neither lost nor ordered twice."""

    name = "recordings"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        for logged in events:
            if isinstance(logged.event, RecordingEnded):
                order(tenant_id=logged.tenant_id, recording_id=logged.event.recording, interaction_id=logged.subject)
