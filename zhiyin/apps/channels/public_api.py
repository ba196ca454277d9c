"""HTTP of the "call us" page: open to everybody, limited by address."""

from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from zhiyin.apps.channels import guests, queries
from zhiyin.apps.rest.access import remote_address
from zhiyin.apps.rest.schemas import ProblemOut, TelephoneIdentityOut

router = Router(tags=["public"], auth=None)


class EntryOut(Schema):
    number: str
    name: str


class PublicCompanyOut(Schema):
    code: str
    name: str
    language: str
    is_guest_calling_on: bool
    entries: list[EntryOut]


class GuestCallIn(Schema):
    entry: str


@router.get("/{company}", operation_id="getPublicCompany", response={200: PublicCompanyOut, 404: ProblemOut})
def get_company(request: HttpRequest, company: str) -> Any:
    """What a company can be called on."""
    tenant = guests.find_company(company)
    entries = [{"number": number, "name": name or number} for number, name in queries.entries(tenant=tenant)]
    return {
        "code": tenant.code,
        "name": tenant.name,
        "language": tenant.language,
        "is_guest_calling_on": tenant.is_guest_calling_on,
        "entries": entries if tenant.is_guest_calling_on else [],
    }


@router.post(
    "/{company}/call",
    operation_id="openGuestLine",
    response={200: TelephoneIdentityOut, **dict.fromkeys((404, 409, 422, 429, 503), ProblemOut)},
)
def open_line(request: HttpRequest, company: str, body: GuestCallIn) -> Any:
    """A telephone for one call; it dies after the call or 120 s."""
    tenant = guests.find_company(company)
    identity = guests.open_line(tenant=tenant, entry=body.entry, address=remote_address(request), now=timezone.now())
    return msgspec.structs.asdict(identity)
