"""Contacts of the test channel at one company's routing desk: put in line, ended in time, counted beside the calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.routing.contacts import Contact
from zhiyin.domain.routing.requirements import levels_of

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk

#: What the timers of test contacts are called by.
TEST = "test:"


class ContactTestDesk:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk

    def put(self, queue: int, channel: str, lasts_s: float, now: datetime) -> str:
        """Let a contact of no channel stand in the queue's line like one of ``channel``; return its id."""
        contact = Contact(
            id=self._desk.distribution.tests.next_id(),
            since=now.timestamp(),
            queue=queue,
            channel=channel,
            requirement=levels_of(self._desk.company.queues[queue].skills),
        )
        self._desk.distribution.put_test(contact, now)
        self._desk.timer(f"{TEST}{contact.id}", 0, lasts_s)
        self._desk.matching.settle(now)
        return contact.id

    def end(self, contact: str, now: datetime) -> None:
        self._desk.timer(f"{TEST}{contact}", 0, None)
        self._desk.distribution.end_test(contact, now)
        self._desk.matching.settle(now)

    def load_of(self, agent: int) -> Mapping[str, int]:
        """Return how many contacts of each channel the agent has, as the router counts them."""
        return self._desk.distribution.load_of(agent)

    def takes(self, agent: int, channel: str) -> bool:
        """Return whether the agent may be offered one more contact of the channel now."""
        return self._desk.distribution.takes(agent, channel)
