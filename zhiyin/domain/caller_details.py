"""What an unknown caller has told already: attached data under the names that carriers, flows and shops give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NAMES = {
    "name": ("name", "customer_name", "customer-name", "caller_name", "caller-name", "姓名", "客户姓名", "客户"),
    "company": ("company", "company_name", "company-name", "organisation", "organization", "单位", "公司"),
    "address": ("address", "customer_address", "customer-address", "地址"),
}
_MAX_CHARACTERS = {"name": 100, "company": 200, "address": 300}


@dataclass(frozen=True, slots=True)
class CallerDetails:
    name: str = ""
    company: str = ""
    address: str = ""


def read_details(data: Mapping[str, str]) -> CallerDetails:
    """Return what the data say of the person; upper and lower case are one, "" where nothing is said."""
    lowered = {key.strip().lower(): value.strip() for key, value in data.items()}
    found = {
        field: next((lowered[name] for name in names if lowered.get(name)), "")[: _MAX_CHARACTERS[field]]
        for field, names in _NAMES.items()
    }
    return CallerDetails(**found)
