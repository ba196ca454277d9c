"""Bans, as the engine keeps them; lifting one is audited."""

from __future__ import annotations

import msgspec
from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.engine_client import EngineRefused, ask_engine
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.commands import LiftBan, ListBans
from zhiyin.contracts.frames import BanRow


def list_bans(*, actor: Actor) -> list[dict[str, object]]:
    """Raises ``EngineAway``."""
    rows = ask_engine(ListBans(), tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=list[BanRow])
    return [msgspec.structs.asdict(row) for row in rows]


@transaction.atomic
def lift_ban(*, actor: Actor, ban_id: str) -> None:
    """Raises ``NotFound`` and ``EngineAway``; then nothing is audited."""
    try:
        ask_engine(LiftBan(ban_id), tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=type(None))
    except EngineRefused as refused:
        if refused.code == "unknown_ban":
            raise NotFound from refused
        raise
    audit.record(actor=actor, action="ban.lifted", kind="ban", subject=ban_id[:64], name=ban_id)
