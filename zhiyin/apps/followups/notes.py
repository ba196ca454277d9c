"""Writing notes, and telling whom they mention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services as customer_services
from zhiyin.apps.followups.errors import NoSubject, NotTheAuthor, UnknownPerson
from zhiyin.apps.followups.models import Note, NoteRevision
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.people import are_users


@transaction.atomic
def write_note(
    *,
    actor: Actor,
    customer_id: int | None,
    interaction_id: str | None,
    text: str,
    mentions: Sequence[int],
    now: datetime,
) -> Note:
    """Write a note on a customer or a contact and tell whom it mentions.

    A contact's note stands with its customer too, where one is linked. Raises ``NotFound``, ``NoSubject`` and
    ``UnknownPerson``.
    """
    if customer_id is not None:
        customer_services.get_customer(actor=actor, customer_id=customer_id)
    elif interaction_id is not None:
        interactions.get_visible(actor=actor, interaction_id=interaction_id)
        linked = interactions.customers_of(tenant=actor.tenant, interaction_ids=[interaction_id])
        customer_id = linked.get(interaction_id)
    else:
        raise NoSubject
    mentioned = _checked_mentions(actor, mentions)
    note = Note.objects.of(actor.tenant).create(
        customer_id=customer_id,
        interaction_id=interaction_id,
        author_id=actor.user_id,
        text=text,
        mentions=mentioned,
        created_at=now,
    )
    audit.record(actor=actor, action="note.written", kind="note", subject=note.pk, after=_shown(note))
    _tell(actor, note, mentioned, now)
    return note


@transaction.atomic
def change_note(
    *,
    actor: Actor,
    note_id: int,
    text: str | None = None,
    mentions: Sequence[int] | None = None,
    is_pinned: bool | None = None,
    now: datetime,
) -> Note:
    """Change the text (its author alone; what it was is kept) or pin it (anybody). Newly mentioned users are told."""
    note = get_note(actor=actor, note_id=note_id, is_locked=True)
    before = _shown(note)
    added: list[int] = []
    if text is not None and text != note.text:
        if note.author_id != actor.user_id:
            raise NotTheAuthor
        written_at = note.edited_at or note.created_at
        NoteRevision.objects.of(actor.tenant).create(note=note, text=note.text, written_at=written_at)
        note.text, note.edited_at = text, now
    if mentions is not None and note.author_id == actor.user_id:
        wanted = _checked_mentions(actor, mentions)
        added = [user_id for user_id in wanted if user_id not in note.mentions]
        note.mentions = wanted
    if is_pinned is not None:
        note.is_pinned = is_pinned
    note.save()
    audit.record(actor=actor, action="note.changed", kind="note", subject=note.pk, before=before, after=_shown(note))
    _tell(actor, note, added, now)
    return note


@transaction.atomic
def delete_note(*, actor: Actor, note_id: int) -> None:
    """Remove a note with what it was before; its author, or an administrator."""
    note = get_note(actor=actor, note_id=note_id, is_locked=True)
    if note.author_id != actor.user_id and not actor.may("admin"):
        raise NotTheAuthor
    audit.record(actor=actor, action="note.deleted", kind="note", subject=note.pk, before=_shown(note))
    note.delete()


def get_note(*, actor: Actor, note_id: int, is_locked: bool = False) -> Note:
    """Raises ``NotFound``."""
    rows = Note.objects.of(actor.tenant).filter(pk=note_id)
    note = (rows.select_for_update() if is_locked else rows).first()
    if note is None:
        raise NotFound
    if note.customer_id is not None and not customers.sees_all(actor):
        customer_services.get_customer(actor=actor, customer_id=note.customer_id)
    return note


def list_revisions(*, actor: Actor, note_id: int) -> list[NoteRevision]:
    """Return what a note said before, newest first. Raises ``NotFound``."""
    note = get_note(actor=actor, note_id=note_id)
    return list(NoteRevision.objects.of(actor.tenant).filter(note=note).order_by("-pk"))


def _checked_mentions(actor: Actor, mentions: Sequence[int]) -> list[int]:
    wanted = list(dict.fromkeys(mentions))
    if not are_users(tenant=actor.tenant, user_ids=wanted):
        raise UnknownPerson("mentions")
    return wanted


def _tell(actor: Actor, note: Note, mentioned: Sequence[int], now: datetime) -> None:
    told = [user_id for user_id in mentioned if user_id != actor.user_id]
    if not told:
        return
    names = customers.customer_names(
        tenant=actor.tenant, customer_ids=[note.customer_id] if note.customer_id is not None else []
    )
    link = f"/customers/{note.customer_id}" if note.customer_id else f"/interactions/{note.interaction_id}"
    notify(
        tenant=actor.tenant,
        user_ids=told,
        category=Category.MENTION,
        code="mentioned",
        facts={"by": actor.name, "customer": names.get(note.customer_id or 0, "")},
        link=link,
        customer_id=note.customer_id,
        key=f"note:{note.pk}",
        now=now,
    )


def _shown(note: Note) -> dict[str, object]:
    """What the audit keeps: that it changed, not what it said; the text may be personal."""
    return {
        "customer": note.customer_id,
        "interaction": note.interaction_id,
        "edited_at": note.edited_at.isoformat() if note.edited_at else None,
        "is_pinned": note.is_pinned,
    }
