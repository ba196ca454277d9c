"""One file a kind of entry. What a new app knows of customers gets a file here, and a line in ``SOURCES``."""

from __future__ import annotations

from zhiyin.apps.timeline.merging import Source
from zhiyin.apps.timeline.sources.changes import Changes
from zhiyin.apps.timeline.sources.contacts import Contacts
from zhiyin.apps.timeline.sources.follow_ups import FollowUps
from zhiyin.apps.timeline.sources.notes import Notes

SOURCES: tuple[Source, ...] = (Contacts(), Notes(), FollowUps(), Changes())
