"""The kinds of things that can be imported."""

from __future__ import annotations

from zhiyin.apps.exchange.kinds.base import Kind
from zhiyin.apps.exchange.kinds.customers import Customers
from zhiyin.apps.exchange.kinds.users import Users
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor

KINDS: dict[str, Kind] = {kind.code: kind for kind in (Customers(), Users())}


def kinds_for(actor: Actor) -> list[Kind]:
    """Return what ``actor`` may import."""
    return [kind for kind in KINDS.values() if actor.may(kind.right)]


def kind_for(actor: Actor, code: str) -> Kind:
    """Return the kind if ``actor`` may import it. Raises ``NotFound`` (also without the right)."""
    kind = KINDS.get(code)
    if kind is None or not actor.may(kind.right):
        raise NotFound
    return kind
