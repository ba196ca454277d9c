"""What a flow asks outside of itself. Requests are data; who carries them out stands in the engine. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What comes of a request: its answer is there, there is none, nobody could be asked, or it came too late.
FOUND, MISSING, FAILED, LATE = "found", "missing", "failed", "late"
#: Several fit where one was looked for; a payment was made; its provider said no.
SEVERAL, PAID, REFUSED = "several", "paid", "refused"
#: With these the other side has done with the request: the next one from the same node is another.
ANSWERED = frozenset({FOUND, MISSING, SEVERAL, PAID, REFUSED})


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """A customer, by the company's records: ``fields`` maps a name of ours to a field of the customer.

    ``by``: "number" (``value`` is a telephone number; "": the caller's own) or the code of a field of the company's own
    (``value`` is what it holds).
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    by: str = "number"
    value: str = ""
    kind: str = "customer"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request to a service of the company's: ``path`` below the service's address, ``body`` as JSON ("": none).

    ``values`` maps a name of ours to the place in the answer (JSON Pointer) where its value stands.
    """

    service: int
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict)
    kind: str = "http"


@dataclass(frozen=True, slots=True)
class DatabaseRequest:
    """One row of a statement that the company keeps; ``values`` maps a name of ours to a column."""

    statement: str
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[str, str] = field(default_factory=dict)
    kind: str = "database"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Take ``amount`` from a card. Its digits stand here, in memory, and nowhere else."""

    service: int
    amount: str
    card: str = field(repr=False)
    expiry: str = field(repr=False)
    code: str = field(repr=False)
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class SynthesisRequest:
    """Make ``text`` into sound. Told is the value ``SOUND``: by what name a prompt of it is played, to this contact."""

    text: str = field(repr=False)
    language: str = "zh"
    kind: str = "synthesis"


#: What is told of a text that was made into sound.
SOUND = "sound"

Request = CustomerRequest | HttpRequest | DatabaseRequest | PaymentRequest | SynthesisRequest


def service_of(request: Request) -> int | None:
    """Return which of the company's external services is asked; ``None``: its own records, or its own voice."""
    match request:
        case HttpRequest(service=service) | PaymentRequest(service=service):
            return service
        case DatabaseRequest(statement=statement):
            source, _, _ = statement.partition("/")
            return int(source) if source.isdecimal() else None
        case _:
            return None
