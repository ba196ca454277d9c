"""HTTP of the first run and of the company's own settings."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts.session_schemas import SessionOut, describe_session, needs_setup_code
from zhiyin.apps.accounts.sessions import close_session, open_session
from zhiyin.apps.recordings import tasks as recordings
from zhiyin.apps.rest.access import Needs, TenantRequest, remote_address, require_csrf
from zhiyin.apps.rest.schemas import ProblemOut, problems
from zhiyin.apps.setup import queries, services
from zhiyin.apps.setup.first_caller import FirstCaller

router = Router(tags=["setup"], auth=Needs("admin"))
company_router = Router(tags=["company"], auth=Needs("admin"))

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,38}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\s/@:;<>\"]+$")
]
TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Step = Literal["company", "trunk", "number", "queue", "agents", "hours", "test_call"]


class NewCompanyIn(Schema):
    code: Code
    name: Name
    time_zone: TimeZone = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"


class NewAdministratorIn(Schema):
    username: Username
    name: Name
    password: str = Field(min_length=1, max_length=200)


class SetupIn(Schema):
    """``setup_code``: needed where the session says ``needs_setup_code``; case and spaces do not count."""

    company: NewCompanyIn
    administrator: NewAdministratorIn
    setup_code: str = Field(default="", max_length=60)


class SetupStateOut(Schema):
    steps: dict[Step, bool]
    is_dismissed: bool
    has_demo: bool


class SetupStateIn(Schema):
    """``done``: steps that somebody says are done; what can be counted counts by itself."""

    done: list[Step] | None = None
    is_dismissed: bool | None = None


class CompanyOut(Schema):
    code: str
    name: str
    time_zone: str
    language: Literal["zh", "en"]
    region: str
    is_demo: bool
    is_guest_calling_on: bool
    is_direct_sip_on: bool


class CompanyIn(Schema):
    name: Name | None = None
    time_zone: TimeZone | None = None
    language: Literal["zh", "en"] | None = None
    is_guest_calling_on: bool | None = None
    is_direct_sip_on: bool | None = None


@router.post(
    "",
    operation_id="setUp",
    auth=None,
    response={201: SessionOut, **dict.fromkeys((400, 403, 409, 422, 429), ProblemOut)},
)
def set_up(request: HttpRequest, body: SetupIn) -> Any:
    """Make the first company and log its administrator in."""
    require_csrf(request)
    user = services.set_up(
        actor=getattr(request, "actor", None),
        caller=FirstCaller(
            address=remote_address(request), setup_code=body.setup_code, needs_code=needs_setup_code(request)
        ),
        company=services.NewCompany(**body.company.dict()),
        administrator=services.NewAdministrator(**body.administrator.dict()),
        now=timezone.now(),
    )
    open_session(request, user)
    return Status(201, describe_session(request))


@router.get("/state", operation_id="getSetupState", response={200: SetupStateOut, **problems()})
def get_state(request: TenantRequest) -> Any:
    """The wizard's steps done."""
    return queries.progress_of(tenant=request.actor.tenant)


@router.put("/state", operation_id="saveSetupState", response={200: SetupStateOut, **problems()})
def save_state(request: TenantRequest, body: SetupStateIn) -> Any:
    """Remember a step, or that the wizard shall not come again."""
    services.save_state(actor=request.actor, done=body.done, is_dismissed=body.is_dismissed)
    return queries.progress_of(tenant=request.actor.tenant)


@router.delete("/demo", operation_id="removeDemo", response={204: None, **problems(409)})
def remove_demo(request: TenantRequest) -> Any:
    """Remove the demo company with everything in it; its own users are logged out by that."""
    removed = services.remove_demo()
    recordings.remove_company_files.defer(tenant_id=removed)
    if removed == request.actor.tenant.pk:
        close_session(request)
    return Status(204, None)


@company_router.get("", operation_id="getCompany", response={200: CompanyOut, **problems()})
def get_company(request: TenantRequest) -> Any:
    """The company's own settings."""
    return request.actor.tenant


@company_router.put("", operation_id="saveCompany", response={200: CompanyOut, **problems(400)})
def save_company(request: TenantRequest, body: CompanyIn) -> Any:
    """Change the company's name, time zone, language, or who may call in directly."""
    return services.save_company(actor=request.actor, fields=body.dict(exclude_none=True))
