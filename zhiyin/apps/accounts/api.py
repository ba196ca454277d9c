"""HTTP of the session and the users."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.accounts import ownership, queries, services
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.queries import UserFilter
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.accounts.session_schemas import SessionOut, describe_session
from zhiyin.apps.accounts.sessions import renew_session
from zhiyin.apps.accounts.user_schemas import (
    COLUMNS,
    ChangedOut,
    HandedOverOut,
    HandOverIn,
    Language,
    OwnedListOut,
    Password,
    RemoveUserIn,
    UserIn,
    UserListIn,
    UserOut,
    UserPage,
    UserPatchIn,
    UsersChangeIn,
    named_fields,
    shape_users,
)
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

session_router = Router(tags=["session"])
router = Router(tags=["users"], auth=Needs("admin"))
OWN_SESSION = NeedsPerson(why="It belongs to a person's own session.")


class PasswordChangeIn(Schema):
    old: str = Field(max_length=200)
    new: Password


class PreferencesIn(Schema):
    language: Language | None = None
    theme: Literal["light", "dark", "system"] | None = None


class NewPasswordIn(Schema):
    password: Password


class TicketOut(Schema):
    ticket: str
    expires_at: Any = Field(json_schema_extra={"type": "string", "format": "date-time"})


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


@router.get("", operation_id="listUsers", response={200: UserPage, **problems()})
def list_users(request: TenantRequest, listing: Query[UserListIn]) -> Any:
    """Users of the company."""
    wanted = UserFilter(**{field.name: getattr(listing, field.name) for field in fields(UserFilter)})
    rows = queries.find_users(tenant=request.actor.tenant, wanted=wanted)
    language = request.actor.language

    def shape(rows: Sequence[User]) -> list[UserOut]:
        return shape_users(rows, language=language)

    sortable = {name: name for name in ("username", "name", "is_active", "telephone")}
    sortable |= {"role": "role__code", "team": "team__name", "site": "site__name"}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="username", shape=shape, columns=COLUMNS)


@router.post("", operation_id="createUser", response={201: UserOut, **problems(400, 409)})
def create_user(request: TenantRequest, body: UserIn) -> Any:
    """Make a user."""
    sent = named_fields(body, without=frozenset({"password", "queues"}))
    change = UserChange(fields=body.dict(exclude={"password", "queues", "team", "site"}) | sent, queues=body.queues)
    user = services.create_user(actor=request.actor, password=body.password, change=change)
    return Status(201, shape_users([user], language=request.actor.language)[0])


@router.get("/{int:user_id}", operation_id="getUser", response={200: UserOut, **problems(404)})
def get_user(request: TenantRequest, user_id: int) -> Any:
    """One user."""
    user = services.get_user(actor=request.actor, user_id=user_id)
    return shape_users([user], language=request.actor.language)[0]


@router.patch("/{int:user_id}", operation_id="updateUser", response={200: UserOut, **problems(400, 404, 409)})
def update_user(request: TenantRequest, user_id: int, body: UserPatchIn) -> Any:
    """Change what is named of a user."""
    change = UserChange(named_fields(body, without=frozenset({"queues"})), body.queues)
    user = services.update_user(actor=request.actor, user_id=user_id, change=change)
    return shape_users([user], language=request.actor.language)[0]


@router.post("/change", operation_id="changeUsers", response={200: ChangedOut, **problems(400, 404, 409)})
def change_users(request: TenantRequest, body: UsersChangeIn) -> Any:
    """Give several users a role, team or site, or switch them on or off, all or none."""
    fields = named_fields(body, without=frozenset({"ids"}))
    return {"changed": services.change_users(actor=request.actor, user_ids=body.ids, fields=fields)}


@router.get("/{int:user_id}/owned", operation_id="getOwned", response={200: OwnedListOut, **problems(404)})
def get_owned(request: TenantRequest, user_id: int) -> Any:
    """What a user owns, to be handed over before leaving."""
    user = services.get_user(actor=request.actor, user_id=user_id)
    counted = ownership.count_owned(tenant=request.actor.tenant, user_id=user.pk)
    return {"items": [{"kind": of.kind, "zh": of.zh, "en": of.en, "count": count} for of, count in counted]}


@router.post("/{int:user_id}/hand-over", operation_id="handOver", response={200: HandedOverOut, **problems(400, 404)})
def hand_over(request: TenantRequest, user_id: int, body: HandOverIn) -> Any:
    """Give everything a user owns to another."""
    return {"moved": services.hand_over(actor=request.actor, user_id=user_id, to=body.to)}


@router.delete("/{int:user_id}", operation_id="removeUser", response={204: None, **problems(400, 404, 409)})
def remove_user(request: TenantRequest, user_id: int, wanted: Query[RemoveUserIn]) -> Any:
    """End a user's access; records keep the name. 409 ``still_owns`` where nobody takes over what the user owns."""
    services.remove_user(actor=request.actor, user_id=user_id, now=timezone.now(), **wanted.dict())
    return Status(204, None)


@router.post("/{int:user_id}/password", operation_id="setUserPassword", response={204: None, **problems(400, 404)})
def set_user_password(request: TenantRequest, user_id: int, body: NewPasswordIn) -> Any:
    """Give a user a new password; the user's sessions end."""
    services.set_password(actor=request.actor, user_id=user_id, password=body.password)
    return Status(204, None)
