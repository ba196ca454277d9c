"""The port: what a kind of system must do, and how it says that it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from zhiyin.apps.outgoing import Resolve

Cursor = Mapping[str, Any]


class ConnectorFault(Exception):
    """The other system did not do it; ``code`` says why, ``status`` is its answer's, if there was one."""

    def __init__(self, code: str, *, status: int | None = None) -> None:
        self.code = code
        self.status = status
        super().__init__(f"{code} ({status})" if status else code)


class Refused(ConnectorFault):
    """It does not know us, or does not let us: trying again is pointless until somebody mends that."""


class Unacceptable(ConnectorFault):
    """It does not take this one thing; another may be taken."""


class Away(ConnectorFault):
    """It does not answer, or not sensibly: later."""


class Busy(ConnectorFault):
    """It asks for time."""

    def __init__(self, *, status: int, retry_after_s: float | None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__("busy", status=status)


@dataclass(frozen=True, slots=True)
class Access:
    """Where a system is, what opens it, and the country whose national numbers it may hold.

    ``resolve``: how names are looked up, where not as the machine does.
    """

    url: str
    secret: str
    region: str = "CN"
    resolve: Resolve | None = None


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact as another system keeps it. Texts are in the company's language."""

    contact_id: str
    title: str
    text: str
    direction: Literal["inbound", "outbound"]
    #: canonical; "" where it was withheld
    number: str
    is_answered: bool
    started_at: datetime
    ended_at: datetime
    #: ids over there
    customer_id: str | None
    record_id: str | None


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """A customer over there: its id, and what a mapping reads its fields from."""

    id: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedCustomers:
    """The next customers that changed; ``cursor`` is where to go on, now if ``is_more``, else the next time."""

    items: tuple[RemoteCustomer, ...]
    cursor: Cursor
    is_more: bool


class CustomerSystem(Protocol):
    """A system of one kind, opened. Every method raises ``ConnectorFault`` and returns within some seconds."""

    def check(self) -> None:
        """Ask something small of all that is used, to see whether it works."""
        ...

    def find_customer(self, number: str) -> str | None:
        """Return the id of the customer with a canonical number (``+8613812345678``)."""
        ...

    def save_contact(self, record: ContactRecord) -> str:
        """Write down a contact, return the record's id. Repeatable: the same contact twice is one record, also when the
        answer to the first time was lost and ``record_id`` is not known.
        """
        ...

    def changed_customers(self, cursor: Cursor) -> ChangedCustomers:
        """Return the next customers changed since ``cursor``, all of them where it is empty, the oldest change first.

        None is left out that changes while pages are read; one may come twice.
        """
        ...
