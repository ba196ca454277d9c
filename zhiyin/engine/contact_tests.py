"""Contacts of the test channel: no telephone, no text, only the room that a contact of a channel takes of an agent.

They stand in the router beside the calls, and show a company's rules of capacity at work before a channel is in use.
Kept by the leading engine alone: no event tells of them, no figure counts them, and a new engine knows none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import Contact

#: So many at most in a company.
AT_MOST = 50


@dataclass(frozen=True, slots=True)
class TestContact:
    """``agent``: who has it, since ``taken_at``; None: it waits."""

    contact: Contact
    agent: int | None = None
    taken_at: datetime | None = None


class TestContacts:
    """One company's test contacts, in the order of their coming."""

    def __init__(self) -> None:
        self._contacts: dict[str, TestContact] = {}
        self._made = 0
        self._changed: set[int] = set()

    def __contains__(self, contact: str) -> bool:
        return contact in self._contacts

    def __len__(self) -> int:
        return len(self._contacts)

    def next_id(self) -> str:
        self._made += 1
        return f"test-{self._made}"

    def all(self) -> list[TestContact]:
        return list(self._contacts.values())

    def of(self, agent: int) -> list[TestContact]:
        """Return what the agent has."""
        return [one for one in self._contacts.values() if one.agent == agent]

    def count_of(self, agent: int) -> dict[str, int]:
        """Return how many the agent has, by channel."""
        return dict(Counter(one.contact.channel for one in self.of(agent)))

    def put(self, contact: Contact) -> None:
        """It waits, or waits again."""
        self._note(self._contacts.get(contact.id))
        self._contacts[contact.id] = TestContact(contact)

    def take(self, contact: str, agent: int, now: datetime) -> TestContact | None:
        """The agent has it from now on. None: somebody has it already."""
        waiting = self._contacts[contact]
        if waiting.agent is not None:
            return None
        taken = self._contacts[contact] = replace(waiting, agent=agent, taken_at=now)
        self._note(taken)
        return taken

    def end(self, contact: str) -> TestContact | None:
        ended = self._contacts.pop(contact, None)
        self._note(ended)
        return ended

    def take_changed(self) -> set[int]:
        """Return who has others than the last time."""
        changed, self._changed = self._changed, set()
        return changed

    def _note(self, contact: TestContact | None) -> None:
        if contact is not None and contact.agent is not None:
            self._changed.add(contact.agent)
