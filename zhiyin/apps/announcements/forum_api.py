"""HTTP of the forum."""

from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.announcements import forum, queries
from zhiyin.apps.announcements.schemas import (
    PostIn,
    PostOut,
    PostPage,
    PostPatchIn,
    TopicIn,
    TopicListIn,
    TopicOut,
    TopicPage,
    TopicPatchIn,
    shape_posts,
    shape_topics,
)
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems

router = Router(tags=["forum"], auth=Needs("announcements.read"))
WRITE = "forum.write"
TOPIC_COLUMNS = {
    "title": ("主题", "Topic"),
    "author.name": ("作者", "Author"),
    "posts": ("帖数", "Posts"),
    "created_at": ("发起时间", "Begun at"),
    "last_post_at": ("最后回复", "Last post"),
}
POST_COLUMNS = {
    "created_at": ("时间", "At"),
    "author.name": ("作者", "Author"),
    "text": ("内容", "Text"),
}


@router.get("/topics", operation_id="listTopics", response={200: TopicPage, **problems()})
def list_topics(request: TenantRequest, listing: Query[TopicListIn]) -> Any:
    """The topics, pinned ones first, then the latest; found by their titles and by what was written in them."""
    actor = request.actor
    rows = queries.list_topics(actor=actor, search=listing.search, is_new=listing.is_new, own=listing.own)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("stands_at", "last_post_at", "created_at", "title")},
        default_sort="-stands_at",
        shape=lambda page: shape_topics(actor, page),
        columns=TOPIC_COLUMNS,
    )


@router.post("/topics", operation_id="beginTopic", auth=Needs(WRITE), response={201: TopicOut, **problems(400)})
def begin_topic(request: TenantRequest, body: TopicIn) -> Any:
    """Begin a topic with its first post; who is mentioned is told."""
    row = forum.begin_topic(actor=request.actor, now=timezone.now(), **body.dict())
    return Status(201, shape_topics(request.actor, [forum.get_topic(actor=request.actor, topic_id=row.pk)])[0])


@router.get("/topics/{int:topic_id}", operation_id="getTopic", response={200: TopicOut, **problems(404)})
def get_topic(request: TenantRequest, topic_id: int) -> Any:
    """One of them."""
    return shape_topics(request.actor, [forum.get_topic(actor=request.actor, topic_id=topic_id)])[0]


@router.patch(
    "/topics/{int:topic_id}",
    operation_id="changeTopic",
    auth=Needs(WRITE),
    response={200: TopicOut, **problems(400, 404)},
)
def change_topic(request: TenantRequest, topic_id: int, body: TopicPatchIn) -> Any:
    """Pin, lock or rename it: moderators; its author may rename it."""
    fields = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    forum.change_topic(actor=request.actor, topic_id=topic_id, fields=fields)
    return shape_topics(request.actor, [forum.get_topic(actor=request.actor, topic_id=topic_id)])[0]


@router.delete(
    "/topics/{int:topic_id}",
    operation_id="removeTopic",
    auth=Needs(forum.MODERATE),
    response={204: None, **problems(404)},
)
def remove_topic(request: TenantRequest, topic_id: int) -> Any:
    """Show it to nobody any more."""
    forum.remove_topic(actor=request.actor, topic_id=topic_id, now=timezone.now())
    return Status(204, None)


@router.post(
    "/topics/{int:topic_id}/visit",
    operation_id="visitTopic",
    auth=NeedsPerson("announcements.read", why="It remembers how far a person has read."),
    response={204: None, **problems(404)},
)
def visit(request: TenantRequest, topic_id: int) -> Any:
    """Remember that one has read all that is there."""
    forum.visit(actor=request.actor, topic_id=topic_id, now=timezone.now())
    return Status(204, None)


@router.get("/topics/{int:topic_id}/posts", operation_id="listPosts", response={200: PostPage, **problems(404)})
def list_posts(request: TenantRequest, topic_id: int, listing: Query[ListIn]) -> Any:
    """What was written, from the beginning on."""
    actor = request.actor
    forum.get_topic(actor=actor, topic_id=topic_id)
    return answer_list(
        request,
        queries.list_posts(actor=actor, topic_id=topic_id),
        listing,
        sortable={"created_at": "created_at"},
        default_sort="created_at",
        shape=lambda page: shape_posts(actor, page),
        columns=POST_COLUMNS,
    )


@router.post(
    "/topics/{int:topic_id}/posts",
    operation_id="replyToTopic",
    auth=Needs(WRITE),
    response={201: PostOut, **problems(400, 404, 409)},
)
def reply(request: TenantRequest, topic_id: int, body: PostIn) -> Any:
    """Write a post; the topic's author and who is mentioned are told."""
    row = forum.reply(actor=request.actor, topic_id=topic_id, now=timezone.now(), **body.dict())
    return Status(201, shape_posts(request.actor, [row])[0])


@router.patch(
    "/posts/{int:post_id}",
    operation_id="changePost",
    auth=Needs(WRITE),
    response={200: PostOut, **problems(400, 404, 409)},
)
def change_post(request: TenantRequest, post_id: int, body: PostPatchIn) -> Any:
    """Change one's own post."""
    row = forum.change_post(actor=request.actor, post_id=post_id, text=body.text, now=timezone.now())
    return shape_posts(request.actor, [row])[0]


@router.delete(
    "/posts/{int:post_id}", operation_id="removePost", auth=Needs(WRITE), response={204: None, **problems(404)}
)
def remove_post(request: TenantRequest, post_id: int) -> Any:
    """Remove one's own post; moderators any."""
    forum.remove_post(actor=request.actor, post_id=post_id, now=timezone.now())
    return Status(204, None)
