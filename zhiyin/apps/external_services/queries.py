"""Reading external services and messages, and what the engine is told of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from zhiyin.apps.external_services.models import ExternalService, FlowMessage
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.external_services import (
    DatabaseSetting,
    ExternalServices,
    HttpServiceSetting,
    MessageServiceSetting,
    PaymentServiceSetting,
    RecognitionSetting,
    StatementSetting,
    SynthesisSetting,
)


def list_services(*, tenant: Tenant, search: str = "", kind: str = "") -> QuerySet[ExternalService]:
    rows: QuerySet[ExternalService] = ExternalService.objects.of(tenant)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(name__icontains=search) if search else rows


def list_messages(
    *, tenant: Tenant, search: str = "", state: str = "", service_id: int | None = None
) -> QuerySet[FlowMessage]:
    """``search``: a contact's id."""
    rows: QuerySet[FlowMessage] = FlowMessage.objects.of(tenant)
    if state:
        rows = rows.filter(state=state)
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return rows.filter(interaction_id=search) if search else rows


def service_names(*, tenant: Tenant, service_ids: Iterable[int]) -> dict[int, str]:
    return dict(ExternalService.objects.of(tenant).filter(pk__in=set(service_ids)).values_list("pk", "name"))


def services_that_flows_ask(*, tenant: Tenant) -> QuerySet[ExternalService]:
    """Return what steps wait for an answer of, by name; messages are sent and not waited for."""
    kinds = (ExternalService.Kind.HTTP, ExternalService.Kind.DATABASE, ExternalService.Kind.PAYMENT)
    return ExternalService.objects.of(tenant).filter(kind__in=kinds).order_by("name")


def engine_section(tenant: Tenant) -> dict[str, Any]:
    """Services that are on, their secrets sealed."""
    by_kind: dict[str, list[ExternalService]] = {}
    for row in ExternalService.objects.of(tenant).filter(is_enabled=True).order_by("pk"):
        by_kind.setdefault(row.kind, []).append(row)
    databases = by_kind.get("database", [])
    return {
        "external": ExternalServices(
            http=tuple(HttpServiceSetting(**_shared(row)) for row in by_kind.get("http", ())),
            databases=tuple(DatabaseSetting(**_shared(row, "statements")) for row in databases),
            statements=tuple(
                StatementSetting(f"{row.pk}/{each['code']}", row.pk, f"{row.name}: {each['name']}", each["query"])
                for row in databases
                for each in row.settings.get("statements", ())
            ),
            payments=tuple(
                PaymentServiceSetting(
                    **_shared(row, "paid", "refused"),
                    paid=tuple(row.settings["paid"]),
                    refused=tuple(row.settings["refused"]),
                )
                for row in by_kind.get("payment", ())
            ),
            synthesis=tuple(
                SynthesisSetting(**_shared(row, "languages"), languages=tuple(row.settings["languages"]))
                for row in by_kind.get("synthesis", ())
            ),
            recognition=tuple(
                RecognitionSetting(**_shared(row, "languages"), languages=tuple(row.settings["languages"]))
                for row in by_kind.get("recognition", ())
            ),
            messages=tuple(
                MessageServiceSetting(row.pk, row.kind, row.name)
                for kind in ("sms", "mail")
                for row in by_kind.get(kind, ())
            ),
        )
    }


def _shared(row: ExternalService, *without: str) -> dict[str, Any]:
    given = {name: value for name, value in row.settings.items() if name not in ("kind", *without)}
    return {"id": row.pk, "name": row.name, "secret": row.sealed_secret, **given}
