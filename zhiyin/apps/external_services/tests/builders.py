"""What tests of external services begin with."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.external_services import services
from zhiyin.apps.external_services.models import FlowMessage

HTTP_SERVICE: dict[str, Any] = {
    "name": "订单系统",
    "settings": {"kind": "http", "base_url": "https://orders.example/api", "headers": {}, "secret_header": "X-Key"},
    "secret": "s3cret",
    "is_enabled": True,
}


def make_messages(
    company: Company, service: dict[str, Any], *to: str, node: str = "sms", text: str = "您的订单已发货"
) -> list[FlowMessage]:
    """Have messages ordered by a service of their own, as the log's projection does.

    To "" stands for somebody who was forgotten since.
    """
    made = services.create_service(actor=company.system, fields=service)
    now = timezone.now()
    rows = []
    for address in to or ("a@example.com",):
        row = FlowMessage(
            tenant=company.tenant,
            ref=uuid.uuid4().hex,
            interaction_id=uuid.uuid4().hex,
            node=node,
            service_id=made.pk,
            ordered_at=now,
            due_at=now,
        )
        row.save()
        rows.append(row)
        if not address:
            continue
        words = {"to": address, "subject": "订单", "text": text}
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, 'message', %s)",
                [company.tenant.pk, row.ref, f"i:{row.interaction_id}", json.dumps(words)],
            )
    return rows
