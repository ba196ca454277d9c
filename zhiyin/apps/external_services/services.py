"""Making, changing and trying external services."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.external_services.checks import check_settings
from zhiyin.apps.external_services.errors import BadService, NotTried, ServiceInUse
from zhiyin.apps.external_services.models import ExternalService
from zhiyin.apps.external_services.providers import NotSent, Outgoing, send
from zhiyin.apps.flows.audio import wav_from_alaw
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import published_flows_using
from zhiyin.apps.tenancy.vault import seal_secret
from zhiyin.contracts.commands import TryExternalService, TrySynthesis
from zhiyin.contracts.sealing import SERVICE_SECRET

TRY_S = 15.0
#: kind of service -> (kind of node, its field)
_USED_BY = {
    "http": ("http", "service"),
    "payment": ("payment", "service"),
    "sms": ("message", "service"),
    "mail": ("message", "service"),
}
_MOVED_BY = ("base_url", "host", "port", "username")


def create_service(*, actor: Actor, fields: Mapping[str, Any]) -> ExternalService:
    """Raises ``BadService``; a taken name violates ``external_service_name_taken``."""
    given = dict(fields)
    check_settings(given["settings"])
    sealed = seal_secret(given.pop("secret", ""), tenant=actor.tenant, purpose=SERVICE_SECRET)
    row = ExternalService(tenant=actor.tenant, kind=given["settings"]["kind"], sealed_secret=sealed, **given)
    return settings_changes.create(actor=actor, row=row)


def update_service(*, actor: Actor, service_id: int, fields: Mapping[str, Any]) -> ExternalService:
    """A secret that is left out stays, but is not told to another host. Raises ``NotFound`` and ``BadService``."""
    row = get_service(tenant=actor.tenant, service_id=service_id)
    given = dict(fields)
    settings = given.get("settings")
    if settings is not None:
        if settings["kind"] != row.kind:
            raise BadService("kind_fixed", "kind")
        check_settings(settings)
        if any(settings.get(name) != row.settings.get(name) for name in _MOVED_BY):
            given.setdefault("secret", "")
    if "secret" in given:
        given["sealed_secret"] = seal_secret(given.pop("secret"), tenant=actor.tenant, purpose=SERVICE_SECRET)
    return settings_changes.update(actor=actor, row=row, fields=given)


def remove_service(*, actor: Actor, service_id: int) -> None:
    """Raises ``NotFound``, and ``ServiceInUse`` while a flow in force asks it or a queue reminds by it."""
    row = get_service(tenant=actor.tenant, service_id=service_id)
    users = flows_using(row) + queues.queues_reminding_by(tenant=row.tenant, service_id=row.pk)
    if users:
        raise ServiceInUse(users)
    settings_changes.remove(actor=actor, row=row)


def flows_using(row: ExternalService) -> list[str]:
    """Return the names of the flows in force that ask a service."""
    asked: list[tuple[str, str, object]] = [(*_USED_BY[row.kind], row.pk)] if row.kind in _USED_BY else []
    asked += [("query", "statement", f"{row.pk}/{each['code']}") for each in row.settings.get("statements", ())]
    found: set[str] = set()
    for node_kind, setting, value in asked:
        found |= set(published_flows_using(tenant=row.tenant, node_kind=node_kind, setting=setting, value=value))
    return sorted(found)


def get_service(*, tenant: Tenant, service_id: int) -> ExternalService:
    row = ExternalService.objects.of(tenant).filter(pk=service_id).first()
    if row is None:
        raise NotFound
    return row


def try_service(
    *, actor: Actor, service_id: int, path: str, statement: str, to: str, text: str, language: str
) -> dict[str, Any]:
    """Ask a service now, as a flow would, send a message by it, or hear it. Raises ``NotFound`` and ``NotTried``."""
    row = get_service(tenant=actor.tenant, service_id=service_id)
    needed = {"payment": "", "recognition": "", "sms": to, "mail": to, "synthesis": text.strip()}
    if not needed.get(row.kind, "nothing"):
        raise NotTried
    begun = time.monotonic()
    sound = ""
    if row.kind in ("http", "database"):
        command = TryExternalService(service=row.pk, kind=row.kind, path=path, statement=statement)
        answer = ask_engine(
            command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str], timeout_s=TRY_S
        )
        outcome, cause = answer["outcome"], answer["cause"]
    elif row.kind == ExternalService.Kind.SYNTHESIS:
        outcome, cause, sound = hear(actor=actor, text=text, language=language, service_id=row.pk)
    else:
        outcome, cause = _send_test(row, to)
    note_trial(actor, row, outcome, cause)
    took_ms = round((time.monotonic() - begun) * 1000)
    return {"outcome": outcome, "cause": cause, "duration_ms": took_ms, "sound": sound}


def note_trial(actor: Actor, row: ExternalService, outcome: str, cause: str) -> None:
    """Write down that somebody tried a service, and what came of it."""
    audit.record(
        actor=actor, action="externalservice.tried", kind="externalservice", subject=row.pk, name=row.name,
        after={"outcome": outcome, "cause": cause},
    )  # fmt: skip


def hear(*, actor: Actor, text: str, language: str, service_id: int | None = None) -> tuple[str, str, str]:
    """Have a text said, by one service or as a flow would; return the outcome, why, and a WAV file in base64."""
    answer = ask_engine(
        TrySynthesis(text=text, language=language, service=service_id),
        tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str], timeout_s=TRY_S,
    )  # fmt: skip
    sound = b64encode(wav_from_alaw(b64decode(answer["sound"]))).decode() if answer["sound"] else ""
    return answer["outcome"], answer["cause"], sound


def _send_test(row: ExternalService, to: str) -> tuple[str, str]:
    words = ("测试消息", "Test message")
    try:
        send(
            row,
            Outgoing(key=f"test-{row.pk}-{time.time_ns()}", to=to, subject=" · ".join(words), text=" · ".join(words)),
        )
    except NotSent as why:
        return "failed", why.code
    return "sent", ""
