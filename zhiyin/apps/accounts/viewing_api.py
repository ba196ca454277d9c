"""HTTP of looking at the product with other eyes (view as)."""

from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import StringConstraints, model_validator

from zhiyin.apps.accounts import viewing
from zhiyin.apps.accounts.session_schemas import SessionOut, describe_session
from zhiyin.apps.accounts.sessions import resume_own
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["session"])
ADMINISTRATOR = NeedsPerson("admin", why="It belongs to the session of an administrator.")
OWN = NeedsPerson(why="It belongs to the session of an administrator.")


class ViewAsIn(Schema):
    """One of a user's id and a role's code."""

    user: int | None = None
    role: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "ViewAsIn":
        if (self.user is None) == (self.role is None):
            raise ValueError("one of user and role")
        return self


@router.put("/session/view", operation_id="beginView", auth=ADMINISTRATOR, response={200: SessionOut, **problems(404)})
def begin_view(request: TenantRequest, body: ViewAsIn) -> Any:
    """See the product as a user or a role sees it; nothing can be changed until it is ended."""
    request.actor = viewing.begin_view(actor=request.actor, session=request.session, user_id=body.user, role=body.role)
    return describe_session(request)


@router.delete("/session/view", operation_id="endView", auth=OWN, response={200: SessionOut, **problems()})
def end_view(request: TenantRequest) -> Any:
    """See the product with the own eyes again."""
    own = resume_own(request)
    viewing.end_view(administrator=own or request.actor, session=request.session)
    request.actor = own or request.actor
    return describe_session(request)
