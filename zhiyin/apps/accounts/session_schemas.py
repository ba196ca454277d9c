"""What the front end learns about its session."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema

from zhiyin.apps.accounts.models import User
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


class SessionAgentOut(Schema):
    id: int
    telephone: Literal["browser", "sip"]


class SessionUserOut(Schema):
    id: int
    name: str
    username: str
    role: Literal["agent", "lead", "administrator"]
    rights: list[str]
    agent: SessionAgentOut | None
    language: Literal["zh", "en"]
    theme: Literal["light", "dark", "system"]


class SessionCompanyOut(Schema):
    code: str
    name: str
    time_zone: str


class SessionOut(Schema):
    """``user`` null: nobody is logged in. ``company`` then is the only one there is, to fill the form in."""

    user: SessionUserOut | None
    company: SessionCompanyOut | None
    is_new: bool


def describe_session(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        companies = list(Tenant.objects.order_by("pk")[:2])
        return {"user": None, "company": companies[0] if len(companies) == 1 else None, "is_new": not companies}
    user = User.objects.of(actor.tenant).get(pk=actor.user_id or 0)
    return {
        "user": {
            "id": user.pk,
            "name": user.name,
            "username": user.username,
            "role": user.role,
            "rights": sorted(actor.rights),
            "agent": {"id": user.pk, "telephone": user.telephone} if actor.may("desk") else None,
            "language": user.language,
            "theme": user.theme,
        },
        "company": actor.tenant,
        "is_new": False,
    }
