"""The forum: topics and posts, written by everybody, kept in order by moderators. What is removed is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.announcements.errors import NotYourPost, TopicLocked, UnknownMention
from zhiyin.apps.announcements.models import ForumPost, ForumTopic, ForumVisit
from zhiyin.apps.announcements.queries import list_topics
from zhiyin.apps.audit import services as audit
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.people import are_users

MODERATE = "forum.moderate"


@transaction.atomic
def begin_topic(*, actor: Actor, title: str, text: str, mentions: Sequence[int], now: datetime) -> ForumTopic:
    """Begin a topic with its first post; who is mentioned is told. Raises ``UnknownMention``."""
    row = ForumTopic(tenant=actor.tenant, title=title, author_id=actor.user_id, created_at=now, last_post_at=now)
    row.save(force_insert=True)
    _write(actor, row, text, mentions, now)
    audit.record(
        actor=actor, action="topic.begun", kind="topic", subject=row.pk, name=row.title, after={"title": title}
    )
    return row


@transaction.atomic
def reply(*, actor: Actor, topic_id: int, text: str, mentions: Sequence[int], now: datetime) -> ForumPost:
    """Write a post; the topic's author and who is mentioned are told.

    Raises ``NotFound``, ``TopicLocked`` (moderators may) and ``UnknownMention``.
    """
    topic = _locked(actor, topic_id)
    if topic.is_locked and not actor.may(MODERATE):
        raise TopicLocked
    topic.last_post_at = now
    topic.save(update_fields=["last_post_at"])
    post = _write(actor, topic, text, mentions, now)
    if topic.author_id is not None and topic.author_id not in (actor.user_id, *mentions):
        _tell(actor, post, [topic.author_id], category=Category.NOTICE, code="topic_replied", now=now)
    return post


@transaction.atomic
def change_topic(*, actor: Actor, topic_id: int, fields: Mapping[str, Any]) -> ForumTopic:
    """Pin, lock or rename a topic: moderators; its author may rename it. Raises ``NotFound`` and ``NotYourPost``."""
    row = _locked(actor, topic_id)
    is_mine = row.author_id == actor.user_id and actor.user_id is not None
    if not actor.may(MODERATE) and not (is_mine and fields.keys() <= {"title"}):
        raise NotYourPost
    before = audit.fields_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        actor=actor,
        action="topic.changed",
        kind="topic",
        subject=row.pk,
        name=row.title,
        before=before,
        after=audit.fields_of(row),
    )
    return row


@transaction.atomic
def remove_topic(*, actor: Actor, topic_id: int, now: datetime) -> None:
    """Show it to nobody any more: moderators. Raises ``NotFound``."""
    row = _locked(actor, topic_id)
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    audit.record(
        actor=actor, action="topic.removed", kind="topic", subject=row.pk, name=row.title, before={"title": row.title}
    )


@transaction.atomic
def change_post(*, actor: Actor, post_id: int, text: str, now: datetime) -> ForumPost:
    """Change one's own post. Raises ``NotFound``, ``NotYourPost`` and ``TopicLocked``."""
    post = _locked_post(actor, post_id)
    if post.author_id != actor.user_id or actor.user_id is None:
        raise NotYourPost
    if post.topic.is_locked and not actor.may(MODERATE):
        raise TopicLocked
    if post.text == text:
        return post
    before = {"text": post.text}
    post.text, post.edited_at = text, now
    post.save()
    _record_post(actor, "post.changed", post, before, {"text": text})
    return post


@transaction.atomic
def remove_post(*, actor: Actor, post_id: int, now: datetime) -> None:
    """Take a post's text away, its place stays: its author, or a moderator. Raises ``NotFound`` and ``NotYourPost``."""
    post = _locked_post(actor, post_id)
    if not actor.may(MODERATE) and (post.author_id != actor.user_id or actor.user_id is None):
        raise NotYourPost
    post.removed_at = now
    post.save(update_fields=["removed_at"])
    _record_post(actor, "post.removed", post, {"text": post.text, "author": post.author_id}, None)


def get_topic(*, actor: Actor, topic_id: int) -> ForumTopic:
    """Raises ``NotFound``."""
    row = list_topics(actor=actor).filter(pk=topic_id).first()
    if row is None:
        raise NotFound
    return row


def visit(*, actor: Actor, topic_id: int, now: datetime) -> None:
    """Remember that the actor has read all that is there. Raises ``NotFound``."""
    get_topic(actor=actor, topic_id=topic_id)
    if actor.user_id is None:
        return
    ForumVisit.objects.of(actor.tenant).update_or_create(
        topic_id=topic_id,
        user_id=actor.user_id,
        defaults={"at": now},
        create_defaults={"at": now, "tenant": actor.tenant},
    )


def _write(actor: Actor, topic: ForumTopic, text: str, mentions: Sequence[int], now: datetime) -> ForumPost:
    mentioned = list(dict.fromkeys(mentions))
    if not are_users(tenant=actor.tenant, user_ids=mentioned):
        raise UnknownMention
    post = ForumPost.objects.of(actor.tenant).create(
        topic=topic, author_id=actor.user_id, text=text, mentions=mentioned, created_at=now
    )
    visit(actor=actor, topic_id=topic.pk, now=now)
    told = [one for one in mentioned if one != actor.user_id]
    if told:
        _tell(actor, post, told, category=Category.MENTION, code="topic_mentioned", now=now)
    return post


def _tell(actor: Actor, post: ForumPost, users: Sequence[int], *, category: Category, code: str, now: datetime) -> None:
    notify(
        tenant=actor.tenant,
        user_ids=users,
        category=category,
        code=code,
        facts={"by": actor.name, "title": post.topic.title},
        link=f"/announcements?tab=forum&open={post.topic_id}",
        key=f"post:{post.pk}",
        now=now,
    )


def _locked(actor: Actor, topic_id: int) -> ForumTopic:
    rows = ForumTopic.objects.of(actor.tenant).select_for_update(of=("self",)).filter(removed_at__isnull=True)
    row = rows.filter(pk=topic_id).first()
    if row is None:
        raise NotFound
    return row


def _locked_post(actor: Actor, post_id: int) -> ForumPost:
    rows = ForumPost.objects.of(actor.tenant).select_for_update(of=("self",)).select_related("topic")
    row = rows.filter(pk=post_id, removed_at__isnull=True, topic__removed_at__isnull=True).first()
    if row is None:
        raise NotFound
    return row


def _record_post(
    actor: Actor, action: str, post: ForumPost, before: Mapping[str, Any], after: Mapping[str, Any] | None
) -> None:
    audit.record(
        actor=actor, action=action, kind="post", subject=post.pk, name=post.topic.title, before=before, after=after
    )
