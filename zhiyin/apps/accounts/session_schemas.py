"""What the front end learns about its session."""

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Schema

from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.sessions import awaited_step
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts import setup_codes


class SessionAgentOut(Schema):
    id: int
    telephone: Literal["browser", "sip"]


class SessionUserOut(Schema):
    id: int
    name: str
    username: str
    role: str
    role_name: str
    team: int | None
    rights: list[str]
    #: of each right, over whose things it holds: "own", "team", "department" or "all"
    scopes: dict[str, str]
    #: of each field that is not free, what may be done: {"customer.numbers": "mask"}; others are "write"
    fields: dict[str, str]
    agent: SessionAgentOut | None
    language: Literal["zh", "en"]
    theme: Literal["light", "dark", "system"]


class SessionViewOut(Schema):
    """An administrator looks with the eyes of ``user`` or of a role; nothing can be changed."""

    by_name: str
    user_name: str
    role_name: str


class SessionCompanyOut(Schema):
    code: str
    name: str
    time_zone: str


class SessionOut(Schema):
    """``user`` null: nobody is logged in. ``company`` then is the only one there is, to fill the form in.

    ``is_new``: there is no company at all; ``needs_setup_code``: who makes it must show the code of the last start.
    ``step``: the password was right, and a code is to be given ("code"), or the second factor to be set up ("set_up").
    """

    user: SessionUserOut | None
    company: SessionCompanyOut | None
    is_new: bool
    needs_setup_code: bool = False
    viewing: SessionViewOut | None = None
    step: Literal["code", "set_up"] | None = None


def needs_setup_code(request: HttpRequest) -> bool:
    """Whether who asks would need the setup code to make the first company."""
    return setup_codes.is_needed(
        listens_on=settings.FRONT_HOST,
        opened_at=request.headers.get("Host", ""),
        is_passed_on=setup_codes.PASSED_ON_HEADER in request.headers,
    )


def describe_session(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        companies = list(Tenant.objects.order_by("pk")[:2])
        return {
            "user": None,
            "company": companies[0] if len(companies) == 1 else None,
            "is_new": not companies,
            "needs_setup_code": not companies and needs_setup_code(request),
            "step": awaited_step(request),
        }
    user = User.objects.of(actor.tenant).get(pk=actor.user_id or 0)
    has_desk = actor.may("desk") and not actor.is_viewed
    return {
        "user": {
            "id": user.pk,
            "name": user.name,
            "username": user.username,
            "role": actor.role,
            "role_name": actor.role_words,
            "team": user.team_id,
            "rights": sorted(actor.rights),
            "scopes": {right: scope.value for right, scope in actor.permissions.rights.items()},
            "fields": {".".join(name): access.value for name, access in actor.permissions.fields.items()},
            "agent": {"id": user.pk, "telephone": user.telephone} if has_desk else None,
            "language": user.language,
            "theme": user.theme,
        },
        "company": actor.tenant,
        "is_new": False,
        "viewing": {"by_name": actor.viewer_name, "user_name": user.name, "role_name": actor.role_words}
        if actor.is_viewed
        else None,
    }
