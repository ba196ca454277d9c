"""Keeps every company's chain up with its entries; a thread of the worker."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from zhiyin.apps.audit.chain import chain_key, seal_entries
from zhiyin.apps.audit.heads import read_heads, write_heads
from zhiyin.apps.tenancy.models import Tenant

log = structlog.get_logger(__name__)

EVERY_S = 2.0


class Sealer:
    """Seals until told to stop; a database that goes away is waited for."""

    def __init__(self) -> None:
        self._stop = Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        try:
            while not self._stop.wait(EVERY_S):
                try:
                    seal_all()
                except (OperationalError, InterfaceError, OSError) as error:
                    log.warning("sealer_waits", error=type(error).__name__)
                    close_old_connections()
        finally:
            connection.close()


def seal_all() -> None:
    """Seal what every company wrote since the last time, and remember the new ends of the chains."""
    key, now = chain_key(bytes.fromhex(settings.VAULT_KEY)), timezone.now()
    added = {
        tenant.pk: head
        for tenant in Tenant.objects.order_by("pk")
        if (head := seal_entries(tenant=tenant, key=key, now=now)) is not None
    }
    if added:
        data = Path(settings.DATA_DIR)
        write_heads(data, read_heads(data) | added)
