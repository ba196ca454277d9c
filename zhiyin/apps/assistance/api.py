"""HTTP of the desk's help: checklists, recommendations, quick replies, each user's own desk."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.assistance import conversation, queries, services
from zhiyin.apps.assistance.models import Checklist, QuickReply, Recommendation
from zhiyin.apps.assistance.schemas import (
    AnswerIn,
    ChecklistIn,
    ChecklistListIn,
    ChecklistOut,
    ChecklistPage,
    ChecklistPatchIn,
    ContactChecklistsOut,
    DeskPreferencesIO,
    OfferedListOut,
    QuickReplyIn,
    QuickReplyListIn,
    QuickReplyOut,
    QuickReplyPage,
    QuickReplyPatchIn,
    RecommendationIn,
    RecommendationOut,
    RecommendationPage,
    RecommendationPatchIn,
    TickIn,
    shape_checklists,
    shape_recommendations,
    shape_replies,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems

checklists_router = Router(tags=["assistance"], auth=Needs("admin"))
recommendations_router = Router(tags=["assistance"], auth=Needs("admin"))
replies_router = Router(tags=["assistance"], auth=Needs("desk"))
contact_router = Router(tags=["assistance"], auth=Needs("desk"))
preferences_router = Router(tags=["assistance"], auth=Needs(""))

CHECKLIST_COLUMNS = {
    "name": ("话术清单", "Checklist"),
    "queue_name": ("技能组", "Queue"),
    "step_count": ("步骤数", "Steps"),
    "is_active": ("启用", "Active"),
}
RECOMMENDATION_COLUMNS = {
    "name": ("推荐", "Recommendation"),
    "words": ("话术", "Words"),
    "starts_on": ("开始日期", "First day"),
    "ends_on": ("结束日期", "Last day"),
    "is_active": ("启用", "Active"),
    "shown": ("展示次数", "Shown"),
    "accepted": ("接受", "Accepted"),
    "declined": ("拒绝", "Declined"),
}
REPLY_COLUMNS = {
    "group": ("分组", "Group"),
    "title": ("标题", "Title"),
    "text": ("内容", "Text"),
    "is_shared": ("共享", "Shared"),
}


@checklists_router.get("", operation_id="listChecklists", response={200: ChecklistPage, **problems()})
def list_checklists(request: TenantRequest, listing: Query[ChecklistListIn]) -> Any:
    """Checklists in use."""

    def shape(rows: Sequence[Checklist]) -> list[ChecklistOut]:
        return shape_checklists(request.actor, rows)

    rows = queries.list_checklists(tenant=request.actor.tenant, search=listing.search, queue_id=listing.queue)
    sortable = {name: name for name in ("position", "name", "is_active")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="position", shape=shape, columns=CHECKLIST_COLUMNS
    )


@checklists_router.post("", operation_id="createChecklist", response={201: ChecklistOut, **problems(400, 409)})
def create_checklist(request: TenantRequest, body: ChecklistIn) -> Any:
    """Make a checklist of a queue, or of all."""
    row = services.create_checklist(actor=request.actor, fields=body.dict())
    return Status(201, shape_checklists(request.actor, [row])[0])


@checklists_router.get(
    "/{int:checklist_id}", operation_id="getChecklist", response={200: ChecklistOut, **problems(404)}
)
def get_checklist(request: TenantRequest, checklist_id: int) -> Any:
    """One checklist."""
    row = services.get_checklist(tenant=request.actor.tenant, checklist_id=checklist_id)
    return shape_checklists(request.actor, [row])[0]


@checklists_router.patch(
    "/{int:checklist_id}", operation_id="updateChecklist", response={200: ChecklistOut, **problems(400, 404, 409)}
)
def update_checklist(request: TenantRequest, checklist_id: int, body: ChecklistPatchIn) -> Any:
    """Change what is named of a checklist; ticks of earlier contacts stay."""
    fields = {
        name: value for name, value in body.dict(exclude_unset=True).items() if value is not None or name == "queue_id"
    }
    row = services.update_checklist(actor=request.actor, checklist_id=checklist_id, fields=fields)
    return shape_checklists(request.actor, [row])[0]


@checklists_router.delete("/{int:checklist_id}", operation_id="removeChecklist", response={204: None, **problems(404)})
def remove_checklist(request: TenantRequest, checklist_id: int) -> Any:
    """Take a checklist out of use."""
    services.remove_checklist(actor=request.actor, checklist_id=checklist_id, now=timezone.now())
    return Status(204, None)


@recommendations_router.get("", operation_id="listRecommendations", response={200: RecommendationPage, **problems()})
def list_recommendations(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Recommendations with how often they were shown, accepted and declined."""

    def shape(rows: Sequence[Recommendation]) -> list[RecommendationOut]:
        return shape_recommendations(request.actor, rows)

    rows = queries.list_recommendations(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("position", "name", "starts_on", "ends_on", "is_active")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="position", shape=shape, columns=RECOMMENDATION_COLUMNS
    )


@recommendations_router.post(
    "", operation_id="createRecommendation", response={201: RecommendationOut, **problems(400, 409)}
)
def create_recommendation(request: TenantRequest, body: RecommendationIn) -> Any:
    """Make a recommendation; agents see it with the next customer whom it fits."""
    row = services.create_recommendation(actor=request.actor, fields=body.dict())
    return Status(201, shape_recommendations(request.actor, [row])[0])


@recommendations_router.get(
    "/{int:recommendation_id}", operation_id="getRecommendation", response={200: RecommendationOut, **problems(404)}
)
def get_recommendation(request: TenantRequest, recommendation_id: int) -> Any:
    """One recommendation."""
    row = services.get_recommendation(tenant=request.actor.tenant, recommendation_id=recommendation_id)
    return shape_recommendations(request.actor, [row])[0]


@recommendations_router.patch(
    "/{int:recommendation_id}",
    operation_id="updateRecommendation",
    response={200: RecommendationOut, **problems(400, 404, 409)},
)
def update_recommendation(request: TenantRequest, recommendation_id: int, body: RecommendationPatchIn) -> Any:
    """Change what is named of a recommendation."""
    fields = {
        name: value
        for name, value in body.dict(exclude_unset=True).items()
        if value is not None or name in ("starts_on", "ends_on")
    }
    row = services.update_recommendation(actor=request.actor, recommendation_id=recommendation_id, fields=fields)
    return shape_recommendations(request.actor, [row])[0]


@recommendations_router.delete(
    "/{int:recommendation_id}", operation_id="removeRecommendation", response={204: None, **problems(404)}
)
def remove_recommendation(request: TenantRequest, recommendation_id: int) -> Any:
    """Stop offering it; its figures stay in the records."""
    services.remove_recommendation(actor=request.actor, recommendation_id=recommendation_id, now=timezone.now())
    return Status(204, None)


@replies_router.get("", operation_id="listQuickReplies", response={200: QuickReplyPage, **problems()})
def list_quick_replies(request: TenantRequest, listing: Query[QuickReplyListIn]) -> Any:
    """Everybody's quick replies and one's own; found by title, pinyin initials, group or text."""
    rows = queries.list_replies(actor=request.actor, search=listing.search, scope=listing.scope)
    sortable = {name: name for name in ("group", "title", "position", "changed_at")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="group", shape=shape_replies, columns=REPLY_COLUMNS
    )


@replies_router.post("", operation_id="createQuickReply", response={201: QuickReplyOut, **problems(400, 409)})
def create_quick_reply(request: TenantRequest, body: QuickReplyIn) -> Any:
    """Make a quick reply of one's own; a shared one by administrators."""
    fields = body.dict(exclude={"is_shared"})
    row = services.create_reply(actor=request.actor, is_shared=body.is_shared, fields=fields)
    return Status(201, shape_replies([row])[0])


@replies_router.get("/{int:reply_id}", operation_id="getQuickReply", response={200: QuickReplyOut, **problems(404)})
def get_quick_reply(request: TenantRequest, reply_id: int) -> Any:
    """One quick reply."""
    row: QuickReply = services.get_reply(actor=request.actor, reply_id=reply_id)
    return shape_replies([row])[0]


@replies_router.patch(
    "/{int:reply_id}", operation_id="updateQuickReply", response={200: QuickReplyOut, **problems(404, 409)}
)
def update_quick_reply(request: TenantRequest, reply_id: int, body: QuickReplyPatchIn) -> Any:
    """Change one's own; a shared one by administrators."""
    row = services.update_reply(actor=request.actor, reply_id=reply_id, fields=body.dict(exclude_none=True))
    return shape_replies([row])[0]


@replies_router.delete("/{int:reply_id}", operation_id="removeQuickReply", response={204: None, **problems(404)})
def remove_quick_reply(request: TenantRequest, reply_id: int) -> Any:
    """Remove one's own; a shared one by administrators."""
    services.remove_reply(actor=request.actor, reply_id=reply_id)
    return Status(204, None)


@contact_router.get(
    "/{interaction_id}/checklists",
    operation_id="getContactChecklists",
    response={200: ContactChecklistsOut, **problems(404)},
)
def get_contact_checklists(request: TenantRequest, interaction_id: str) -> Any:
    """The checklists of a contact's queue, with what was ticked."""
    return {"items": conversation.read_checklists(actor=request.actor, interaction_id=interaction_id)}


@contact_router.put(
    "/{interaction_id}/checklists/{int:checklist_id}/{step}",
    operation_id="tickStep",
    response={200: ContactChecklistsOut, **problems(400, 404)},
)
def tick_step(request: TenantRequest, interaction_id: str, checklist_id: int, step: str, body: TickIn) -> Any:
    """Say that a step was done, or was not after all."""
    items = conversation.tick_step(
        actor=request.actor,
        interaction_id=interaction_id,
        checklist_id=checklist_id,
        step=step,
        is_ticked=body.is_ticked,
        now=timezone.now(),
    )
    return {"items": items}


@contact_router.get(
    "/{interaction_id}/recommendations",
    operation_id="getContactRecommendations",
    response={200: OfferedListOut, **problems(404)},
)
def get_contact_recommendations(request: TenantRequest, interaction_id: str) -> Any:
    """What to offer the contact's customer; empty while nobody knows who that is."""
    return _offered(request, interaction_id)


@contact_router.put(
    "/{interaction_id}/recommendations/{int:recommendation_id}",
    operation_id="answerRecommendation",
    response={200: OfferedListOut, **problems(400, 404)},
)
def answer_recommendation(request: TenantRequest, interaction_id: str, recommendation_id: int, body: AnswerIn) -> Any:
    """Write down that it was shown, or what the customer said to it."""
    conversation.answer_recommendation(
        actor=request.actor,
        interaction_id=interaction_id,
        recommendation_id=recommendation_id,
        outcome=body.outcome,
        reason=body.reason,
        now=timezone.now(),
    )
    return _offered(request, interaction_id)


def _offered(request: TenantRequest, interaction_id: str) -> dict[str, Any]:
    found = conversation.read_recommendations(actor=request.actor, interaction_id=interaction_id, now=timezone.now())
    return {
        "items": [
            {
                "id": each.recommendation.pk,
                "name": each.recommendation.name,
                "words": each.recommendation.words,
                "ends_on": each.recommendation.ends_on,
                "outcome": each.outcome,
                "reason": each.reason,
            }
            for each in found
        ]
    }


@preferences_router.get(
    "/desk-preferences", operation_id="getDeskPreferences", response={200: DeskPreferencesIO, **problems()}
)
def get_desk_preferences(request: TenantRequest) -> Any:
    """How one's own desk is set up: shortcuts, panels, sounds."""
    return queries.desk_preferences(actor=request.actor)


@preferences_router.put(
    "/desk-preferences", operation_id="setDeskPreferences", response={200: DeskPreferencesIO, **problems(400)}
)
def set_desk_preferences(request: TenantRequest, body: DeskPreferencesIO) -> Any:
    """Set up one's own desk; it is so on every machine."""
    return services.save_desk_preferences(actor=request.actor, body=body.dict())
