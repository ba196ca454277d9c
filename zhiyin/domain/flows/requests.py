"""What a flow asks outside of itself. Requests are data; who carries them out stands in the engine. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What comes of a request: its answer is there, there is none, nobody could be asked, or it came too late.
FOUND, MISSING, FAILED, LATE = "found", "missing", "failed", "late"


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """Who calls, by the customers' records: ``fields`` maps a name of ours to a field of the customer."""

    fields: Mapping[str, str] = field(default_factory=dict)
    kind: str = "customer"


Request = CustomerRequest
