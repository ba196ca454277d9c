"""Saving, sharing, arranging and removing views of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.views.errors import MayNotShare, NoTeam, NotYourView, TooManyViews
from zhiyin.apps.views.models import SavedView, ViewPreference
from zhiyin.apps.views.queries import teams_of, user_of, visible_views

MAX_VIEWS = 50
#: shares views with the whole company, and looks after those that are
SHARE = "views.share"


@transaction.atomic
def create_view(*, actor: Actor, list_code: str, name: str, query: str, sharing: str) -> SavedView:
    """Save a list as it stands. Raises ``TooManyViews``, ``MayNotShare`` and ``NoTeam``.

    A name that the user gave already violates ``view_name_taken``.
    """
    mine = SavedView.objects.of(actor.tenant).filter(owner_id=user_of(actor), list_code=list_code)
    if mine.count() >= MAX_VIEWS:
        raise TooManyViews(MAX_VIEWS)
    view = SavedView(
        tenant=actor.tenant,
        owner_id=user_of(actor),
        list_code=list_code,
        name=name,
        query=query,
        sharing=sharing,
        team_id=_team_of(actor, sharing),
    )
    view.save(force_insert=True)
    _record(actor, view, "view.created", after=audit.fields_of(view))
    return view


@transaction.atomic
def update_view(*, actor: Actor, view_id: int, fields: Mapping[str, Any]) -> SavedView:
    """Rename a view, take over what the list shows now, or share it otherwise.

    Raises ``NotFound``, ``NotYourView``, ``MayNotShare`` and ``NoTeam``.
    """
    view = _changeable(actor, view_id)
    before = audit.fields_of(view)
    for name, value in fields.items():
        setattr(view, name, value)
    if fields.get("sharing", before["sharing"]) != before["sharing"]:
        view.team_id = _team_of(actor, view.sharing)
    view.save()
    _record(actor, view, "view.changed", before=before, after=audit.fields_of(view))
    return view


@transaction.atomic
def remove_view(*, actor: Actor, view_id: int) -> None:
    """Raises ``NotFound`` and ``NotYourView``."""
    view = _changeable(actor, view_id)
    key, before = view.pk, audit.fields_of(view)
    view.delete()
    audit.record(actor=actor, action="view.removed", kind="view", subject=key, name=view.name, before=before)


@transaction.atomic
def order_views(*, actor: Actor, list_code: str, ids: Sequence[int]) -> None:
    """Keep the views of a list in this order, for this user alone."""
    _preference(actor, list_code, order=list(dict.fromkeys(ids)))


@transaction.atomic
def choose_default(*, actor: Actor, list_code: str, view_id: int | None) -> None:
    """Let a list open with a view, for this user alone; ``None``: with everything. Raises ``NotFound``."""
    if view_id is not None:
        _get_view(actor, view_id)
    _preference(actor, list_code, default_id=view_id)


def _preference(actor: Actor, list_code: str, **fields: object) -> None:
    ViewPreference.objects.of(actor.tenant).update_or_create(
        user_id=user_of(actor), list_code=list_code, defaults=fields, create_defaults={**fields, "tenant": actor.tenant}
    )


def _get_view(actor: Actor, view_id: int) -> SavedView:
    view = visible_views(actor=actor).filter(pk=view_id).first()
    if view is None:
        raise NotFound
    return view


def _changeable(actor: Actor, view_id: int) -> SavedView:
    view = _get_view(actor, view_id)
    may_look_after = view.sharing == SavedView.Sharing.ALL and actor.may(SHARE)
    if view.owner_id != actor.user_id and not may_look_after:
        raise NotYourView
    return view


def _team_of(actor: Actor, sharing: str) -> int | None:
    if sharing == SavedView.Sharing.ALL and not actor.may(SHARE):
        raise MayNotShare
    if sharing != SavedView.Sharing.TEAM:
        return None
    team = min(teams_of(actor), default=None)
    if team is None:
        raise NoTeam
    return team


def _record(
    actor: Actor,
    view: SavedView,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
) -> None:
    audit.record(actor=actor, action=action, kind="view", subject=view.pk, name=view.name, before=before, after=after)
