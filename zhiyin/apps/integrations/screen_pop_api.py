"""HTTP of the page of another system that the desk opens for a contact."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import StringConstraints

from zhiyin.apps.integrations import screen_pop
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.domain.screen_addresses import VARIABLES

MANAGE = NeedsPerson("integrations.manage", why="Where a company's data go is decided by its administrators.")
router = Router(tags=["screen pop"], auth=MANAGE)
contact_router = Router(tags=["screen pop"], auth=Needs("interactions.read"))

Opens = Literal["button", "tab"]


class ScreenAddressIn(Schema):
    #: "": none
    template: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
    opens: Opens = "button"
    #: whole numbers stand in the address also for users who see them masked
    tells_numbers: bool = False


class ScreenAddressOut(Schema):
    template: str
    opens: Opens
    tells_numbers: bool
    #: what may stand in braces
    variables: list[str]


class ContactScreenOut(Schema):
    #: "": none for this contact
    address: str
    opens: Opens
    #: what the address needs and is not known; ``number_hidden``: this user may not see whole numbers
    missing: str


@router.get("", operation_id="getScreenAddress", response={200: ScreenAddressOut, **problems()})
def get_screen_address(request: TenantRequest) -> Any:
    """Which page of another system the desk opens for a contact."""
    row = screen_pop.get_settings(tenant=request.actor.tenant)
    return screen_pop.shown(row) | {"variables": VARIABLES}


@router.put("", operation_id="saveScreenAddress", response={200: ScreenAddressOut, **problems(400)})
def save_screen_address(request: TenantRequest, body: ScreenAddressIn) -> Any:
    """Choose the page, how it opens, and whether numbers are told."""
    row = screen_pop.save_settings(actor=request.actor, fields=body.dict())
    return screen_pop.shown(row) | {"variables": VARIABLES}


@contact_router.get(
    "/{interaction_id}/screen", operation_id="getContactScreen", response={200: ContactScreenOut, **problems(404)}
)
def get_contact_screen(request: TenantRequest, interaction_id: str) -> Any:
    """Where this contact's page is in the other system."""
    return screen_pop.address_of(actor=request.actor, interaction_id=interaction_id)
