"""Shapes of notices, the bulletin and the forum at HTTP. Texts are Markdown, as they were written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.announcements.models import Bulletin, ForumPost, ForumTopic, Notice
from zhiyin.apps.announcements.queries import are_meant_for
from zhiyin.apps.rest.schemas import Instant, ListIn, Page
from zhiyin.apps.tenancy.actors import Actor

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Category = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Ids = Annotated[list[int], Field(max_length=500)]
NoticeState = Literal["draft", "planned", "running", "over", "withdrawn"]


class AuthorOut(Schema):
    id: int
    name: str


class NoticeIn(Schema):
    """For everybody, or for whoever is named by person, team, department (with what is below it) or role."""

    title: Title
    text: Text
    is_urgent: bool = False
    is_for_everybody: bool = False
    user_ids: Ids = []
    team_ids: Ids = []
    department_ids: Ids = []
    role_codes: list[str] = Field(default=[], max_length=50)
    starts_at: Instant
    ends_at: Instant
    remind_every_h: int | None = Field(default=None, ge=1, le=720)


class NoticePatchIn(Schema):
    """Of a draft. Only what is named changes; ``remind_every_h`` may be set to null."""

    title: Title | None = None
    text: Text | None = None
    is_urgent: bool | None = None
    is_for_everybody: bool | None = None
    user_ids: Ids | None = None
    team_ids: Ids | None = None
    department_ids: Ids | None = None
    role_codes: list[str] | None = Field(default=None, max_length=50)
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    remind_every_h: int | None = Field(default=None, ge=1, le=720)


class NoticeOut(Schema):
    """``told``: how many were told as it began; ``acknowledged_at``: the reader's own."""

    id: int
    title: str
    text: str
    is_urgent: bool
    is_for_everybody: bool
    user_ids: list[int]
    team_ids: list[int]
    department_ids: list[int]
    role_codes: list[str]
    starts_at: datetime
    ends_at: datetime
    remind_every_h: int | None
    state: NoticeState
    author: AuthorOut | None
    told: int
    acknowledged: int
    acknowledged_at: datetime | None
    #: whether it is for the one who asks, who then may acknowledge it
    is_for_me: bool


class NoticePage(Page[NoticeOut]):
    pass


class NoticeListIn(ListIn):
    """``all``: everybody's, drafts too; for whoever may write notices."""

    state: Literal["", "draft", "planned", "running", "over", "unread"] = ""
    is_all: bool = Field(default=False, alias="all")


class UnreadNoticeOut(Schema):
    id: int
    title: str
    text: str
    is_urgent: bool
    starts_at: datetime
    author: AuthorOut | None


class UnreadNoticesOut(Schema):
    items: list[UnreadNoticeOut]


class NoticeReaderOut(Schema):
    id: int
    name: str
    team: str
    acknowledged_at: datetime | None


class NoticeReaderPage(Page[NoticeReaderOut]):
    pass


class NoticeReadersIn(ListIn):
    acknowledged: bool | None = None


class RemindedOut(Schema):
    count: int


class BulletinIn(Schema):
    title: Title
    text: Text
    category: Category = ""
    is_pinned: bool = False


class BulletinPatchIn(Schema):
    title: Title | None = None
    text: Text | None = None
    category: Category | None = None
    is_pinned: bool | None = None


class BulletinOut(Schema):
    id: int
    title: str
    text: str
    category: str
    is_pinned: bool
    author: AuthorOut | None
    published_at: datetime
    edited_at: datetime | None
    is_read: bool
    reads: int


class BulletinPage(Page[BulletinOut]):
    pass


class BulletinListIn(ListIn):
    category: str = Field(default="", max_length=40)
    unread: bool = False


class CategoriesOut(Schema):
    items: list[str]


class TopicIn(Schema):
    title: Title
    text: Text
    mentions: Ids = []


class TopicPatchIn(Schema):
    title: Title | None = None
    is_pinned: bool | None = None
    is_locked: bool | None = None


class TopicOut(Schema):
    """``posts`` are those that are there; ``is_new``: something was written since the reader's last visit."""

    id: int
    title: str
    author: AuthorOut | None
    is_pinned: bool
    is_locked: bool
    created_at: datetime
    last_post_at: datetime
    last_author: AuthorOut | None
    posts: int
    is_new: bool


class TopicPage(Page[TopicOut]):
    pass


class TopicListIn(ListIn):
    is_new: bool = Field(default=False, alias="new")
    own: bool = False


class PostIn(Schema):
    text: Text
    mentions: Ids = []


class PostPatchIn(Schema):
    text: Text


class PostOut(Schema):
    """``text`` is empty where the post was removed."""

    id: int
    author: AuthorOut | None
    text: str
    mentions: list[AuthorOut]
    created_at: datetime
    edited_at: datetime | None
    is_removed: bool


class PostPage(Page[PostOut]):
    pass


def shape_notices(actor: Actor, rows: Sequence[Notice], *, now: datetime) -> list[NoticeOut]:
    """Only writers learn how many acknowledged, and whom else it is for."""
    people = accounts.names_of(tenant=actor.tenant, user_ids=[row.author_id for row in rows])
    is_writer = actor.may("notices.write")
    mine = are_meant_for(actor, rows) if is_writer else {row.pk for row in rows}
    return [
        NoticeOut(
            id=row.pk,
            title=row.title,
            text=row.text,
            is_urgent=row.is_urgent,
            is_for_everybody=row.is_for_everybody,
            user_ids=row.user_ids if is_writer else [],
            team_ids=row.team_ids if is_writer else [],
            department_ids=row.department_ids if is_writer else [],
            role_codes=row.role_codes if is_writer else [],
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            remind_every_h=row.remind_every_h,
            state=_state(row, now),
            author=_author(people, row.author_id),
            told=row.told if is_writer else 0,
            acknowledged=annotated(row, "acknowledged", 0) if is_writer else 0,
            acknowledged_at=annotated(row, "acknowledged_at", None),
            is_for_me=row.pk in mine,
        )
        for row in rows
    ]


def _state(row: Notice, now: datetime) -> NoticeState:
    if row.published_at is None:
        return "draft"
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.ends_at <= now:
        return "over"
    return "planned" if row.starts_at > now else "running"


def shape_unread(actor: Actor, rows: Sequence[Notice]) -> list[UnreadNoticeOut]:
    people = accounts.names_of(tenant=actor.tenant, user_ids=[row.author_id for row in rows])
    return [
        UnreadNoticeOut(
            id=row.pk,
            title=row.title,
            text=row.text,
            is_urgent=row.is_urgent,
            starts_at=row.starts_at,
            author=_author(people, row.author_id),
        )
        for row in rows
    ]


def shape_bulletins(actor: Actor, rows: Sequence[Bulletin]) -> list[BulletinOut]:
    people = accounts.names_of(tenant=actor.tenant, user_ids=[row.author_id for row in rows])
    return [
        BulletinOut(
            id=row.pk,
            title=row.title,
            text=row.text,
            category=row.category,
            is_pinned=row.is_pinned,
            author=_author(people, row.author_id),
            published_at=row.published_at,
            edited_at=row.edited_at,
            is_read=annotated(row, "is_read", False),  # noqa: FBT003 - the value
            reads=annotated(row, "reads", 0),
        )
        for row in rows
    ]


def shape_topics(actor: Actor, rows: Sequence[ForumTopic]) -> list[TopicOut]:
    last = [annotated(row, "last_author", None) for row in rows]
    people = accounts.names_of(tenant=actor.tenant, user_ids=[*(row.author_id for row in rows), *last])
    return [
        TopicOut(
            id=row.pk,
            title=row.title,
            author=_author(people, row.author_id),
            is_pinned=row.is_pinned,
            is_locked=row.is_locked,
            created_at=row.created_at,
            last_post_at=row.last_post_at,
            last_author=_author(people, wrote_last),
            posts=annotated(row, "posts_there", 0),
            is_new=not annotated(row, "is_seen", False),  # noqa: FBT003 - the value
        )
        for row, wrote_last in zip(rows, last, strict=True)
    ]


def shape_posts(actor: Actor, rows: Sequence[ForumPost]) -> list[PostOut]:
    people = accounts.names_of(
        tenant=actor.tenant, user_ids=[*(row.author_id for row in rows), *(one for row in rows for one in row.mentions)]
    )
    return [
        PostOut(
            id=row.pk,
            author=_author(people, row.author_id),
            text="" if row.removed_at else row.text,
            mentions=[AuthorOut(id=one, name=people[one]) for one in row.mentions if one in people],
            created_at=row.created_at,
            edited_at=row.edited_at,
            is_removed=row.removed_at is not None,
        )
        for row in rows
    ]


def annotated(row: object, name: str, otherwise: Any) -> Any:
    """Return what the query added to a row; one just made has nothing yet."""
    return cast(Any, getattr(row, name, otherwise))


def _author(people: dict[int, str], user_id: int | None) -> AuthorOut | None:
    return AuthorOut(id=user_id, name=people[user_id]) if user_id is not None and user_id in people else None
