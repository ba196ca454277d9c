"""HTTP of the session and the users."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries, services
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.accounts.session_schemas import SessionOut, describe_session
from zhiyin.apps.accounts.sessions import close_session, open_session, renew_session
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest, remote_address, require_csrf
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, ProblemOut, problems
from zhiyin.contracts.tickets import SESSION_ENDED_HEADER

session_router = Router(tags=["session"])
router = Router(tags=["users"], auth=Needs("admin"))
OWN_SESSION = NeedsPerson(why="It belongs to a person's own session.")

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\s/@:;<>\"]+$")
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Language = Literal["zh", "en"]
Role = Literal["agent", "lead", "administrator"]
Telephone = Literal["browser", "sip"]
Skills = dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Annotated[int, Field(ge=1, le=10)]]


class LoginIn(Schema):
    company: str = Field(max_length=64)
    username: str = Field(max_length=64)
    password: str = Field(max_length=200)


class PasswordChangeIn(Schema):
    old: str = Field(max_length=200)
    new: Password


class PreferencesIn(Schema):
    language: Language | None = None
    theme: Literal["light", "dark", "system"] | None = None


class TicketOut(Schema):
    ticket: str
    expires_at: Any = Field(json_schema_extra={"type": "string", "format": "date-time"})


@session_router.get("/session", operation_id="getSession", auth=None, response=SessionOut)
def get_session(request: HttpRequest) -> Any:
    """Who is logged in; also sets the CSRF cookie."""
    get_token(request)
    return describe_session(request)


@session_router.post(
    "/session",
    operation_id="logIn",
    auth=None,
    response={200: SessionOut, 401: ProblemOut, 422: ProblemOut, 429: ProblemOut},
)
def log_in(request: HttpRequest, body: LoginIn) -> Any:
    """Log in with company code, user name and password."""
    require_csrf(request)
    user = services.log_in(
        company=body.company,
        username=body.username,
        password=body.password,
        address=remote_address(request),
        now=timezone.now(),
    )
    open_session(request, user)
    return describe_session(request)


@session_router.delete("/session", operation_id="logOut", auth=OWN_SESSION, response={204: None, **problems()})
def log_out(request: TenantRequest, response: HttpResponse) -> Any:
    """Log out; the browser's telephone is taken back, and its tickets are worth nothing any more."""
    services.log_out(actor=request.actor)
    response[SESSION_ENDED_HEADER] = request.actor.session
    close_session(request)
    return Status(204, None)


@session_router.post(
    "/session/password", operation_id="changeOwnPassword", auth=OWN_SESSION, response={204: None, **problems(400)}
)
def change_own_password(request: TenantRequest, body: PasswordChangeIn) -> Any:
    """Change one's own password; other sessions of the user end."""
    user = services.change_own_password(actor=request.actor, old=body.old, new=body.new)
    renew_session(request, user)
    return Status(204, None)


@session_router.put(
    "/session/preferences", operation_id="savePreferences", auth=OWN_SESSION, response={200: SessionOut, **problems()}
)
def save_preferences(request: TenantRequest, body: PreferencesIn) -> Any:
    """Remember the user's language and theme."""
    services.save_preferences(actor=request.actor, language=body.language, theme=body.theme)
    return describe_session(request)


@session_router.get("/ticket", operation_id="getTicket", auth=OWN_SESSION, response={200: TicketOut, **problems()})
def get_ticket(request: TenantRequest) -> Any:
    """A signed ticket for the live socket, as long as the session; asking for it renews the session."""
    request.session.modified = True
    key = bytes.fromhex(settings.TICKET_KEY)
    ticket, expires_at = services.issue_ticket(actor=request.actor, key=key, now=timezone.now())
    return {"ticket": ticket, "expires_at": expires_at}


class UserOut(Schema):
    id: int
    username: str
    name: str
    role: Role
    is_active: bool
    telephone: Telephone
    language: Language
    skills: dict[str, int]
    queues: list[int]


class UserPage(Page[UserOut]):
    pass


class UserListIn(ListIn):
    role: Role | Literal[""] = ""


class UserPatchIn(Schema):
    username: Username | None = None
    name: Name | None = None
    role: Role | None = None
    is_active: bool | None = None
    telephone: Telephone | None = None
    language: Language | None = None
    skills: Skills | None = None
    queues: list[int] | None = None


class UserIn(Schema):
    username: Username
    name: Name
    password: Password
    role: Role = "agent"
    is_active: bool = True
    telephone: Telephone = "browser"
    language: Language = "zh"
    skills: Skills = {}
    queues: list[int] = []


class NewPasswordIn(Schema):
    password: Password


COLUMNS = {
    "username": ("用户名", "User name"),
    "name": ("姓名", "Name"),
    "role": ("角色", "Role"),
    "is_active": ("启用", "Active"),
    "telephone": ("话机", "Telephone"),
    "language": ("语言", "Language"),
}


def _shape(rows: Sequence[User]) -> list[UserOut]:
    memberships = queues.queues_by_user(tenant_id=rows[0].tenant_id, user_ids=[row.pk for row in rows]) if rows else {}
    names = [name for name in UserOut.model_fields if name != "queues"]
    return [UserOut(**{name: getattr(row, name) for name in names}, queues=memberships.get(row.pk, [])) for row in rows]


@router.get("", operation_id="listUsers", response={200: UserPage, **problems()})
def list_users(request: TenantRequest, listing: Query[UserListIn]) -> Any:
    """Users of the company."""
    rows = queries.list_users(tenant=request.actor.tenant, search=listing.search, role=listing.role)
    sortable = {name: name for name in ("username", "name", "role", "is_active", "telephone")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="username", shape=_shape, columns=COLUMNS
    )


@router.post("", operation_id="createUser", response={201: UserOut, **problems(400, 409)})
def create_user(request: TenantRequest, body: UserIn) -> Any:
    """Make a user."""
    change = UserChange(fields=body.dict(exclude={"password", "queues"}), queues=body.queues)
    user = services.create_user(actor=request.actor, password=body.password, change=change)
    return Status(201, _shape([user])[0])


@router.get("/{int:user_id}", operation_id="getUser", response={200: UserOut, **problems(404)})
def get_user(request: TenantRequest, user_id: int) -> Any:
    """One user."""
    return _shape([services.get_user(actor=request.actor, user_id=user_id)])[0]


@router.patch("/{int:user_id}", operation_id="updateUser", response={200: UserOut, **problems(400, 404, 409)})
def update_user(request: TenantRequest, user_id: int, body: UserPatchIn) -> Any:
    """Change what is named of a user."""
    fields = body.dict(exclude={"queues"}, exclude_none=True)
    return _shape([services.update_user(actor=request.actor, user_id=user_id, change=UserChange(fields, body.queues))])[
        0
    ]


@router.delete("/{int:user_id}", operation_id="removeUser", response={204: None, **problems(404, 409)})
def remove_user(request: TenantRequest, user_id: int) -> Any:
    """End a user's access; records keep the name."""
    services.remove_user(actor=request.actor, user_id=user_id, now=timezone.now())
    return Status(204, None)


@router.post("/{int:user_id}/password", operation_id="setUserPassword", response={204: None, **problems(400, 404)})
def set_user_password(request: TenantRequest, user_id: int, body: NewPasswordIn) -> Any:
    """Give a user a new password; the user's sessions end."""
    services.set_password(actor=request.actor, user_id=user_id, password=body.password)
    return Status(204, None)
