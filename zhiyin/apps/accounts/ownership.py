"""What users own, whichever app keeps it: counted before somebody leaves, and handed over to whoever takes over.

An app names its kind of owned things from its ``AppConfig.ready`` by ``accounts.services.register_owned``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit import services as audit
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: how many things a user (by id) owns
CountOwned = Callable[[Tenant, int], int]
#: give all things of a user to another, in the caller's transaction; returns how many
HandOver = Callable[[Actor, User, User], int]


@dataclass(frozen=True, slots=True)
class OwnedKind:
    """``kind`` is the plural by which the audit and the page name it."""

    kind: str
    zh: str
    en: str
    count: CountOwned
    hand_over: HandOver


_KINDS: dict[str, OwnedKind] = {}


def register_owned(*, kind: str, zh: str, en: str, count: CountOwned, hand_over: HandOver) -> None:
    """Name a kind of things that users own; called once, as the app starts."""
    _KINDS[kind] = OwnedKind(kind, zh, en, count, hand_over)


def count_owned(*, tenant: Tenant, user_id: int) -> list[tuple[OwnedKind, int]]:
    """Return how many things of each kind a user owns, the kinds without any too."""
    return [(each, each.count(tenant, user_id)) for each in _KINDS.values()]


def hand_over_owned(*, actor: Actor, source: User, target: User) -> dict[str, int]:
    """Give everything that ``source`` owns to ``target``; return how many of each kind. Audited where it was any."""
    moved = {each.kind: each.hand_over(actor, source, target) for each in _KINDS.values()}
    if any(moved.values()):
        audit.record(
            actor=actor,
            action="user.handed_over",
            kind="user",
            subject=source.pk,
            name=source.name,
            after={"to": target.pk, "to_name": target.name, **moved},
        )
    return moved
