"""How it stands with identity providers, by what can be told without asking them: their certificates."""

from __future__ import annotations

from cryptography import x509
from django.utils import timezone

from zhiyin.apps.signin.models import IdentityProvider
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.interface_health import Condition, Interface


def interfaces_of(tenant: Tenant) -> list[Interface]:
    return [_interface(row) for row in IdentityProvider.objects.of(tenant)]


def _interface(row: IdentityProvider) -> Interface:
    if not row.is_enabled:
        return Interface("provider", row.pk, row.name, Condition.OFF)
    if row.certificates and not any(_is_valid(text) for text in row.certificates):
        return Interface("provider", row.pk, row.name, Condition.FAILING, reason="certificate_ended")
    return Interface("provider", row.pk, row.name, Condition.UNPROVEN)


def _is_valid(text: str) -> bool:
    pem = text if "BEGIN" in text else f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
    try:
        return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc > timezone.now()
    except ValueError:
        return False
